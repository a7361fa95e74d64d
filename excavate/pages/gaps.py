"""Gaps: what was measured in this site, as cards that a workshop can read aloud."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from excavate.components.finding_words import (
    FOUND,
    NOTHING,
    STATES,
    UNMEASURED,
    asked_line,
    base_of,
    state_of,
    types_of,
)
from excavate.components.veiled_finding import hidden_of
from excavate.gaps.absence_types import absence_types, named
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.shelf import Shelf, shelf
from excavate.gaps.stored import Finding
from excavate.i18n import _, _n
from excavate.pages.cards import cards_html
from excavate.pages.ground import head
from excavate.pages.measure_here import show_measuring
from excavate.pages.paging import asked_page, show_turns
from excavate.pages.parts import choose, notice, site_or_notice
from excavate.pages.veiling import show_veil_of
from excavate.site import Site

CARDS = 12
ORDER = (FOUND, NOTHING, UNMEASURED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for; None asks nothing."""

    dataset: str | None
    measure: str | None
    kind: str | None
    state: str | None

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is one of them."""
        return (
            self.dataset in (None, finding.dataset, base_of(finding))
            and self.measure in (None, finding.measure)
            and (self.kind is None or self.kind in types_of(finding))
            and self.state in (None, state_of(finding))
        )


def show() -> None:
    """The whole page."""
    head(_("Gaps"), _(
        "What the datasets of this site lack, measured. A gap is thinness against something that "
        "is named: it is not yet an absence, and says nothing of the world."
    ))  # fmt: skip
    site = site_or_notice()
    if site is None:
        return
    held = shelf(site.folder)
    if held.by_id:
        st.html(f'<p class="exc exc-quiet" role="status">{escape(asked_line(held.asked))}</p>')
        wanted = ask(site, held)
    show_measuring(site, opened=not held.by_id)
    if not held.by_id:
        show_none(site)
        return
    found = [f for f in held.by_id.values() if wanted.fits(f)]
    show_cards(site, in_order(found, site.revisions(), held.settings))


def ask(site: Site, held: Shelf) -> Wanted:
    """The filter of the URL, with menus to change it; each offers what there is."""
    found = list(held.by_id.values())
    datasets = sorted({name for f in found for name in (base_of(f), f.dataset)})
    measures = [name for name in REGISTRY if any(f.measure == name for f in found)]
    kinds = [code for code in absence_types() if any(code in types_of(f) for f in found)]
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        return Wanted(
            choose(_("Dataset"), "dataset", [None, *datasets],
                   lambda name: name or _("all datasets"), ("page",)),
            choose(_("Measure"), "measure", [None, *measures],
                   lambda name: saying_of(name).title() if name else _("any"), ("page",)),
            choose(_("A proxy of"), "type", [None, *kinds],
                   lambda code: named(code) if code else _("any type"), ("page",)),
            choose(_("Result"), "result", [None, *STATES],
                   lambda state: _(STATES[state]) if state else _("any"), ("page",)),
        )  # fmt: skip


def in_order(
    found: Sequence[Finding], revisions: Mapping[str, str], settings: Collection[str]
) -> list[Finding]:
    """What was found first, what was not measured last, the newest of each first.

    After all of those come findings that were asked as another setting of one, and then those of
    older revisions.
    """
    newest = sorted(found, key=lambda f: (f.made.made_at, f.id), reverse=True)
    return sorted(
        newest,
        key=lambda f: (not f.stands(revisions), f.id in settings, ORDER.index(state_of(f))),
    )


def show_cards(site: Site, found: Sequence[Finding]) -> None:
    """One page of cards, in one piece."""
    if not found:
        notice(_("No finding matches"), _("Loosen a filter above; nothing was removed."))
        return
    page = asked_page(len(found), CARDS)
    here = found[page * CARDS : (page + 1) * CARDS]
    show_veil_of(hidden_of(site, one) for one in here)
    total = _n("{n} finding", "{n} findings", len(found)).format(n=f"{len(found):,}")
    where = f" · {page * CARDS + 1:,}–{page * CARDS + len(here):,}" if len(found) > CARDS else ""
    st.html(
        f'<p class="exc-quiet" role="status">{escape(total + where)}</p>'
        f'<div class="exc-findings">{cards_html(site, here)}</div>'
    )
    show_turns(len(found), CARDS, page)


def show_none(site: Site) -> None:
    """Nothing was asked of this site yet: how to begin."""
    body = _("Nobody has measured anything here: that is no finding of its own. "
             "Measure above, or ask everything at once with:")  # fmt: skip
    notice(_("No finding yet"), body, f"excavate gaps --site {site.folder.path.name}")


show()
