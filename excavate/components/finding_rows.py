"""All rows of a finding as a table: headed in words, lists kept short, intervals together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.gaps.numbers import is_share, said
from excavate.gaps.registry import saying_of
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

PAGE = 25
FEW = 4  # of a list
UNSHOWN = ("items", "members", "nearest")  # they are shown as pictures and on the map


def rows_table(finding: Finding, rows: Sequence[Row], links: Sequence[str], before: int = 0) -> str:
    """One page of rows. links: HTML that leads to each on the map; before: rows before these."""
    heading = saying_of(finding.measure).column
    names = [n for n in finding.rows.column_names if n not in UNSHOWN]
    pictured = any(links)
    heads = [("", ""), *([(_("Map"), "")] if pictured else [])]  # not cut off on narrow screens
    heads += [(heading(n), _head_look(finding, n)) for n in names]
    head = "".join(f'<th scope="col"{look}>{escape(words)}</th>' for words, look in heads)
    body = "".join(
        f'<tr><td class="exc-quiet">{before + at:,}</td>'
        f"{f'<td>{link}</td>' if pictured else ''}{_cells(finding.measure, row, names)}</tr>"
        for at, (row, link) in enumerate(zip(rows, links, strict=True), 1)
    )
    label = escape(_("All rows"))
    return (
        f'<div class="exc-rows" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="exc-said"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cells(measure: str, row: Mapping[str, Any], names: Sequence[str]) -> str:
    return "".join(
        f"<td{_align(row[name])}>{cell(worded(measure, name, row[name]), is_share(measure, name))}"
        "</td>"
        for name in names
    )


def worded(measure: str, column: str, value: Any) -> Any:
    """A code of our own in words; whatever a source said stays as it is."""
    codes: Mapping[str, str] = getattr(saying_of(measure), "CODES", {}).get(column, {})
    return _(codes[value]) if isinstance(value, str) and value in codes else value


def _head_look(finding: Finding, name: str) -> str:
    kind = finding.rows.schema.field(name).type
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    return ' class="exc-numeric"' if numeric else ""


def _align(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return ' class="exc-numeric"' if number else ""


def cell(value: Any, share: bool = False) -> str:
    """A value as safe HTML. What is not there is drawn, never left blank."""
    if value is None or value != value:
        return f'<span class="exc-quiet" title="{escape(_("none"))}">–</span>'
    if isinstance(value, bool):
        return escape(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return said(float(value), share)
    if isinstance(value, Mapping):
        pairs = (f"<small>{escape(str(n))}</small> {cell(v, share)}" for n, v in value.items())
        return "<br>".join(pairs)
    if isinstance(value, list | tuple):
        more = f" +{len(value) - FEW:,}" if len(value) > FEW else ""
        return ", ".join(cell(one, share) for one in value[:FEW]) + more
    return escape(str(value))
