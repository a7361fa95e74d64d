"""Essays: what was found, written out, its figures computed from this site while it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from excavate.components.absent_link import absent_link
from excavate.counter.exercises import exercise_dataset
from excavate.errors import SiteError
from excavate.essays.computing import reckon
from excavate.essays.form import BOTH, Essay
from excavate.essays.reading import FOLDER, names, read_essay
from excavate.essays.reckoned import UNASKED, Reckoned
from excavate.essays.rendering import article, bound, ground_of, style
from excavate.gaps.question import Question
from excavate.i18n import _, _n, spoken
from excavate.pages.dig_here import host_asks
from excavate.pages.ground import head
from excavate.pages.measure_here import show_ended, show_progress
from excavate.pages.measure_job import running, start_each
from excavate.pages.parts import link, notice, tick, told
from excavate.routes import served_site
from excavate.site import Site
from excavate.workshop.about import NOTHING, About

KEPT = ("findings", "robustness", "vectors")  # folders that a figure may come out of
Drawn = tuple[Mapping[str, Reckoned], str]


def show() -> None:
    """The whole page: the list of essays, or the one that the link names."""
    asked = st.query_params.get("name", "")
    if not asked:
        show_list()
        return
    st.html(f'<p class="exc exc-ways">{link("essay", _("All essays"))}</p>')
    if asked not in names():
        body = _("It may have been called something else. The list has all there are.")
        notice(_("There is no such essay"), body)
        return
    essay = read_essay(asked)
    st.set_page_config(page_title=f"{essay.title.of(spoken())} · Excavate")
    show_essay(essay, site_or_none())


def show_list() -> None:
    """Every essay with its title in both languages and what it is about."""
    head(_("Essays"), _(
        "What was found, written out in Korean and English. The numbers in them are computed from "
        "this site while you read; what could not be measured here says so in its place."
    ))  # fmt: skip
    if not names():
        notice(_("No essay yet"), _("Essays lie in the folder essays/, one Markdown file each."))
    st.html(f"<style>{style()}</style>")
    inner = "".join(f'<li class="exc-essay">{entry(essay)}</li>' for essay in readable())
    st.html(f'<ul class="exc exc-essays">{inner}</ul>')


def readable() -> list[Essay]:
    """The essays in their order; one that is broken is told, and hides no other."""
    found = []
    for name in names():
        with told():
            found.append(read_essay(name))
    return sorted(found, key=lambda essay: (essay.order, essay.name))


def entry(essay: Essay) -> str:
    """One essay of the list."""
    other = "en" if spoken() == "ko" else "ko"
    return (
        f"<h2>{link('essay', essay.title.of(spoken()), name=essay.name)}</h2>"
        f'<p class="exc-quiet" lang="{other}">{escape(essay.title.of(other))}</p>'
        f"<p>{escape(essay.lead.of(spoken()))}</p>"
    )


def site_or_none() -> Site | None:
    """The served site; None where nothing was dug: an essay can be read all the same."""
    try:
        site = served_site()
    except SiteError:
        return None
    return site if site.generation else None


def show_essay(essay: Essay, site: Site | None) -> None:
    """The essay, what can be done with it, and the figures that were not measured yet."""
    one = tick(_("In this language alone"), "alone")
    language = spoken() if one else BOTH
    figures, body = drawn_of(essay, site, language)
    st.html(f"<style>{style()}</style>")
    if site is not None:
        show_measuring(essay, figures, site)
    st.html(body)
    st.download_button(
        _("Take it with you as one HTML file"), lambda: bound(essay, body, language),
        file_name=f"{essay.name}.html", mime="text/html", key="essay-file", on_click="ignore",
    )  # fmt: skip
    show_ways_on(figures)


def show_ways_on(figures: Mapping[str, Reckoned]) -> None:
    """What a reader can do now: say what is absent; draw, where it tells of drawing's dataset."""
    told_of = {dataset for one in figures.values() for dataset, _revision in one.rests}
    about = About("dataset", {"dataset": told_of.pop()}) if len(told_of) == 1 else NOTHING
    ways = [absent_link(about, _("Say what is absent")), link("map", _("To the map"))]
    if about.dataset and exercise_dataset([about.dataset]):
        ways.append(link("draw", _("Draw")))
    st.html(f'<p class="exc exc-ways">{" ".join(ways)}</p>')


def drawn_of(essay: Essay, site: Site | None, language: str) -> Drawn:
    """Its figures and its HTML, made again only where something they come out of has changed."""
    if site is None:
        figures = reckon(essay, ground_of(None))
        return figures, article(essay, figures, ground_of(None), language)
    stamps = [_stamp(site.folder.path / name) for name in KEPT]
    stamps += [_stamp(file) for file in sorted(site.settings.archives.glob("*.toml"))]
    stamps.append(_stamp(FOLDER / f"{essay.name}.md"))
    return _drawn(essay.name, site, site.generation, tuple(stamps), language)


@lru_cache(maxsize=16)
def _drawn(
    name: str, site: Site, _generation: str, _stamps: tuple[int, ...], language: str
) -> Drawn:  # fmt: skip
    essay, ground = read_essay(name), ground_of(site)
    figures = reckon(essay, ground)
    return figures, article(essay, figures, ground, language)


def _stamp(place: Path) -> int:
    return place.stat().st_mtime_ns if place.exists() else 0


def show_measuring(essay: Essay, figures: Mapping[str, Reckoned], site: Site) -> None:
    """The figures that nobody asked of this site yet: a button for the host, else the command."""
    if running():
        show_progress()
        return
    show_ended(site)
    lacking = [one for one in figures.values() if one.state == UNASKED]
    if not lacking:
        return
    words = _n(
        "{n} figure was not measured in this site yet",
        "{n} figures were not measured in this site yet", len(lacking),
    ).format(n=len(lacking))  # fmt: skip
    body = _("They are hatched below. Measuring keeps them as findings.")
    questions = [one.question for one in lacking if one.question]
    command = f"excavate essay {essay.name} --site {site.folder.path.name} --to {essay.name}.html"
    if host_asks() and questions:
        notice(words, body)
        show_button(questions)
    else:
        notice(words, f"{body} {_('The host measures them with this command:')}", command)


def show_button(questions: Sequence[Question]) -> None:
    """Measure them, for the host alone."""
    st.button(
        _("Measure them now"), key="essay-measure", type="primary", on_click=start_each,
        args=(questions,),
    )  # fmt: skip


show()
