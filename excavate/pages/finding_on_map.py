"""A row of a finding on the map: its items marked, and what their places do not say."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from excavate.components.row_items import named_items, ringed_note
from excavate.errors import NotFoundError
from excavate.gaps.records import sentence
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import shelf
from excavate.gaps.stored import Finding
from excavate.i18n import _, _n
from excavate.pages.parts import href
from excavate.pages.veiling import as_shown
from excavate.site import Site

ASKED = ("finding", "row")  # of the URL
RINGED = 200  # at most so many are ringed on the map


@dataclass(frozen=True)
class Marked:
    """A finding's row on a layout: where its items are among the layout's rows."""

    finding: Finding
    row: dict[str, Any]
    at: np.ndarray
    named: int  # items that the row names, laid out or not


def marked_by_link(site: Site, rows: Any) -> Marked | None:
    """What the URL marks; None where it marks nothing, or nothing that is there."""
    asked, number = (st.query_params.get(name, "") for name in ASKED)
    if not asked or not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    try:
        finding = as_shown(site, shelf(site.folder).one(asked))
    except NotFoundError:
        return None
    if not 1 <= int(number) <= finding.rows.num_rows:
        return None
    chosen = finding.rows.slice(int(number) - 1, 1).to_pylist(maps_as_pydicts="strict")[0]
    ids = named_items(chosen)
    return Marked(finding, chosen, np.flatnonzero(rows["item_id"].isin(ids)), len(ids))


def unmark() -> None:
    """Take the finding out of the URL."""
    for name in ASKED:
        st.query_params.pop(name, None)


def show_marked(marked: Marked) -> None:
    """Which row is marked, how many of its items lie here, and that a place is no evidence."""
    row = saying_of(marked.finding.measure).row(marked.finding, marked.row)
    count = _n("{n} item is ringed.", "{n} items are ringed.", len(marked.at))
    text = count.format(n=f"{len(marked.at):,}")
    if marked.named > len(marked.at):
        text += " " + _("{n} more are not on this map.").format(n=marked.named - len(marked.at))
    note = ringed_note(marked.finding.measure, marked.row)
    text = f"{text} {note}".strip()
    warning = _("Where they lie here is no evidence: the gap was measured in counts or in "
                "embedding space, never on this map.")  # fmt: skip
    link = escape(href("finding", id=marked.finding.id))
    st.html(
        f'<div class="exc exc-notice exc-marked" role="status"><strong>{escape(row)}</strong>'
        f'<p><a href="{link}" data-page target="_self">{escape(sentence(marked.finding))}</a></p>'
        f"<p>{escape(text)}</p><p>{escape(warning)}</p></div>"
    )
