"""Survey: the terrain of all datasets on record here, to be read together on a shared screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from excavate.components.dossier_words import FACETS, facet_value
from excavate.components.drawing import draw
from excavate.components.facets import facet_bars, forms_legend, unverified_note
from excavate.components.live import follow
from excavate.components.marks import facet_colours
from excavate.components.survey_sentence import sentence
from excavate.components.terrain import (
    Place,
    facet_counts,
    matches,
    terrain,
    unverified_counts,
)
from excavate.components.terrain_chart import chart
from excavate.components.terrain_list import View
from excavate.i18n import _, spoken
from excavate.pages.ground import (
    archive_or_notice,
    dug_rows,
    finds_of,
    head,
    page_href,
    show_none,
    show_unread,
    workshop_or_notice,
)
from excavate.pages.parts import choose, link, notice
from excavate.pages.spoken import show_absent_way
from excavate.pages.survey_table import show_beside, show_table
from excavate.workshop.about import About


def show() -> None:
    """The whole page."""
    lead = _("Which datasets there are: when they were made, how large, out of what, by whom.")
    head(_("Survey"), lead)
    archive, workshop = archive_or_notice(), workshop_or_notice()
    dossiers = archive.dossiers if archive else {}
    found_here = finds_of(workshop)
    places = terrain(dossiers, found_here, dug_rows())
    if archive:
        show_unread(archive)
        show_none(archive)
    facet = ask()
    if places:
        show_terrain(places, facet)
        show_beside(places, dossiers, {find.find_id: find for find in found_here})
        show_table(places, found(places))
    else:
        notice(_("No dataset is on record here"), _("Write a dossier, or bring a find."))
    if workshop:
        follow(workshop, "finds")


def ask() -> str:
    """What paints the marks; the words to search; the way to bring a find."""
    with st.container(key="survey-asked", horizontal=True, vertical_alignment="bottom"):
        facet = choose(_("Paint by"), "paint", list(FACETS), lambda v: _(FACETS[v or ""][0]))
        search()
        bring = link("find", _("Bring a find"))
        st.html(f'<p class="exc exc-ways exc-act">{bring}</p>', width="content")
    return facet or "images_from"


def search() -> None:
    """A field of words that lives in the link."""
    st.session_state["survey-words"] = st.query_params.get("q", "")

    def write() -> None:
        words = st.session_state["survey-words"].strip()
        if words:
            st.query_params["q"] = words
        else:
            st.query_params.pop("q", None)

    st.text_input(_("Search the dossiers"), key="survey-words", max_chars=200, on_change=write)


def wanted() -> dict[str, str]:
    """The filter of the link: facet -> value, '-' for what is not known."""
    return {facet: st.query_params[facet] for facet in FACETS if st.query_params.get(facet)}


def found(places: Sequence[Place]) -> list[Place]:
    """The places that the link's filter and words leave."""
    words = st.query_params.get("q", "")
    return [place for place in places if matches(place, wanted(), words)]


def show_terrain(places: Sequence[Place], facet: str) -> None:
    """The chart, what its colours and forms mean, and the bars to filter by."""
    colours = facet_colours(list(facet_counts(places, facet)))
    kept = found(places)
    view = View(facet, colours, frozenset(place.id for place in kept), page_href)
    parts = colour_legend(places, facet, colours) + chart(places, view, sentence(places))
    draw(f'<div class="exc-ground">{parts}{forms_legend(places)}</div>', "terrain")
    st.html(facet_bars(places, kept, facet, colours, toggled))
    show_filter(len(kept), len(places))


def colour_legend(places: Sequence[Place], facet: str, colours: Mapping[str, str]) -> str:
    """Colour, value and count; what is not known is grey."""
    entries, doubted = [], unverified_counts(places, facet)
    for value, count in facet_counts(places, facet).items():
        kind = " exc-ring" if value is None else ""
        style = "" if value is None else f' style="background:{colours[value]}"'
        swatch = f'<span class="exc-swatch{kind}"{style}></span>'
        note = unverified_note(doubted.get(value, 0))
        words = escape(facet_value(facet, value))
        entries.append(f"<li>{swatch}{words}<b>{count}</b>{note}</li>")
    title = escape(_(FACETS[facet][0]))
    return f'<ul class="exc exc-legend" aria-label="{title}">{"".join(entries)}</ul>'


def toggled(facet: str, value: str) -> tuple[str, bool]:
    """The link that filters by a value, or lets go of it where it is chosen."""
    here = {k: v for k, v in st.query_params.to_dict().items() if k != "lang"}
    chosen = here.get(facet) == value
    if chosen:
        here.pop(facet)
    else:
        here[facet] = value
    return f"/survey?{urlencode(here | {'lang': spoken()})}", chosen


def show_filter(kept: int, whole: int) -> None:
    """What the filter leaves, and the way out of it."""
    asked, words = wanted(), st.query_params.get("q", "")
    if not asked and not words:
        return
    said = [
        f"{_(FACETS[f][0])}: {facet_value(f, None if v == '-' else v)}" for f, v in asked.items()
    ]
    said += [f"“{words}”"] if words else []
    count = _("{kept} of {whole} datasets").format(kept=kept, whole=whole)
    free = link("survey", _("Show all"), **{k: st.query_params.get(k) for k in ("paint", "beside")})
    line = f"{escape(count)} · {escape(' · '.join(said))}"
    st.html(f'<p class="exc exc-ways" role="status"><span>{line}</span>{free}</p>')
    if not kept:
        sought = About("search", {"words": words or " · ".join(said)})
        show_absent_way(sought, _("Record as absent: what was looked for"))


show()
