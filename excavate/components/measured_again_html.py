"""A gap measured again, as HTML: without and with the members on one scale, or why it was not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from excavate.i18n import _, spoken
from excavate.release.exhibition.measured_drawn import drawn, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from excavate.release.exhibition.measured_drawn import Estimate, Mark, Row
    from excavate.release.exhibition.words import Both

UNLIKE = ("concentration",)  # its numbers are of two kinds: no scale holds both
MOST = 24  # rows that are drawn; of more, those that differ most come first


def again_html(record: Mapping[str, Any], *, stands: bool) -> str:
    """One measure: its sentence, a row for each number, what it rests on.

    stands: whether members and datasets are still those that were measured.
    """
    shown = drawn(record)
    older = "" if stands else f'<p class="exc-dashed">{escape(_older())}</p>'
    scaled = record["measure"] not in UNLIKE
    body = _rows(shown.rows, scaled) if shown.why_not is None else ""
    hatched = "" if shown.why_not is None else " exc-hatched exc-again-unmeasured"
    said = f'<p class="exc-again-said{hatched}"><b>{escape(_word(shown.said))}</b></p>'
    name = f"<h3>{escape(_word(shown.name))} <small>{escape(record['dataset'])}</small></h3>"
    rests = f'<p class="exc-quiet">{escape(_word(shown.provenance))}</p>'
    return f'<article class="exc-again">{name}{older}{said}{body}{rests}</article>'


def _older() -> str:
    return _("The members or the dataset have changed since: measure it again.")


def _rows(rows: tuple[Row, ...], scaled: bool) -> str:
    """A table whose numbers are drawn besides: hollow without the members, filled with them."""
    first = sorted(rows, key=_changes, reverse=True)[:MOST]
    kept = [one for one in rows if one in first]
    heads = ("", _("without"), _("with the members"), _("difference"))
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(_row(one, scaled) for one in kept)
    more = len(rows) - len(kept)
    rest = _("and {n} more").format(n=f"{more:,}") if more else ""
    return (
        f'<div class="exc-rows" tabindex="0" role="region" aria-label="{escape(heads[3])}">'
        f'<table class="exc-said"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        f"</div><p>{escape(rest)}</p>"
    )


def _changes(row: Row) -> float:
    return abs(row.difference.value) if row.difference else 0.0


def _row(row: Row, scaled: bool) -> str:
    marks = _mark(row.before_mark, "before") + _mark(row.after_mark, "after")
    line = f'<div class="exc-again-scale" aria-hidden="true">{marks}</div>' if scaled else ""
    name = f'<th scope="row">{escape(_word(row.name))}{line}</th>'
    return f"<tr>{name}{_cell(row.before)}{_cell(row.after)}{_cell(row.difference, True)}</tr>"


def _mark(mark: Mark | None, kind: str) -> str:
    if mark is None:
        return ""
    wide = f'<i class="{kind}" style="left:{mark.low}%;width:{mark.high - mark.low:.2f}%"></i>'
    return f'{wide}<b class="{kind}" style="left:{mark.at}%"></b>'


def _cell(one: Estimate | None, signed: bool = False) -> str:
    if one is None:
        return f'<td class="exc-hatched">{escape(_("not measured"))}</td>'
    sign = "+" if signed and one.value > 0 else ""
    bounds = "" if one.low is None else _word(one.said).partition(" (")[2].removesuffix(")")
    small = f"<small>{escape(bounds)}</small>" if bounds else ""
    return f"<td>{sign}{escape(number(one.value))}{small}</td>"


def _word(both: Both) -> str:
    first, other = (both.ko, both.en) if spoken() == "ko" else (both.en, both.ko)
    return first or other
