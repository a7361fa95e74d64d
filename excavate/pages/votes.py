"""Labels from elsewhere, on the Item page: who said what, and how many; all the voices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from excavate.i18n import _, _n
from excavate.pages.parts import table


def votes(said: Sequence[dict[str, Any]], said_by: Callable[[str], str]) -> str:
    """A table for each set of labels from elsewhere; nothing where there is none.

    `said`: rows as browsing.one_item gives them; `said_by` words a speaker, as HTML.
    """
    sets: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in said:
        sets.setdefault((row["source"], row["said_by"]), []).append(row)
    if not sets:
        return ""
    parts = [_one_set(source, said_by(who), rows) for (source, who), rows in sets.items()]
    return f"<h3>{escape(_('Labels from elsewhere'))}</h3>{''.join(parts)}"


def _one_set(source: str, who: str, rows: Sequence[dict[str, Any]]) -> str:
    labels: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        labels.setdefault(row["value"], []).append(row)
    counts = {value: sum(row["count"] for row in given) for value, given in labels.items()}
    most_first = sorted(labels, key=lambda value: -counts[value])
    rows_said = [_row(labels[value], counts[value]) for value in most_first if counts[value]]
    heads = [_("value"), _("said by"), _("count")]
    if not any(row["annotator"] is not None for row in rows):  # only counts are known
        heads.remove(_("said by"))
        rows_said = [[label, count] for label, _named, count in rows_said]
    total = sum(counts.values())
    judged = _n("{n} judgement", "{n} judgements", total).format(n=f"{total:,}")
    under = f"<small>{who} · {escape(judged)}</small>"
    head = f'<p class="exc-set">{escape(source)}<br>{under}</p>'
    nobody = [_label(labels[value][0]) for value in labels if not counts[value]]
    return head + table(heads, rows_said) + _nobody(nobody)


def _row(said: Sequence[dict[str, Any]], count: int) -> list[str]:
    named = ", ".join(escape(one["annotator"]) for one in said if one["annotator"] is not None)
    return [_label(said[0]), named, f"{count:,}"]


def _label(row: dict[str, Any]) -> str:
    """The category's name where the label is one's number or id; what was said is kept beside."""
    value = escape(row["value"])
    if row["category"] in (None, row["value"]):
        return value
    return f"{escape(row['category'])} <small>{value}</small>"


def _nobody(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    said = escape(_("Chosen by nobody: {labels}")).replace("{labels}", ", ".join(labels))
    return f'<p class="exc-notice exc-quiet">{said}</p>'
