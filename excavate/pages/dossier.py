"""Dossier: how one dataset came to be and what became of it, and what the catalog shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from excavate.components.absent_link import absent_link
from excavate.components.dossier_words import FACETS, facet_value
from excavate.components.facts import Shown, of_dossier
from excavate.components.on_record import read_from, read_html, topics_on_record
from excavate.components.score_strip import score_strip
from excavate.components.strata import strata
from excavate.components.terrain import dug_from
from excavate.components.unverified import marked, unverified_values
from excavate.dossiers.reading import Archive, read_dossier
from excavate.dossiers.scoring import score
from excavate.i18n import _, spoken
from excavate.pages.dossier_dug import show_dig, show_dug
from excavate.pages.ground import archive_or_notice, dug_rows
from excavate.pages.parts import facts, link, notice
from excavate.pages.spoken import may_speak, show_absent_way
from excavate.workshop.about import About

if TYPE_CHECKING:
    from excavate.dossiers.schema import Descent, Dossier


def show() -> None:
    """The whole page."""
    dossier_id = st.query_params.get("id")
    archive = archive_or_notice()
    if archive is None:
        return
    if not dossier_id:
        notice(_("No dossier is named in the link"), _("Choose one on the Survey."))
        st.html(f'<p class="exc exc-ways">{link("survey", _("Survey"))}</p>')
        return
    dossier = archive.dossiers.get(dossier_id) or read_dossier(archive.folder, dossier_id)
    rows = dug_rows()
    here = [row for row in rows if row["dataset_id"] in dug_from(dossier, rows)]
    st.html(title(dossier))
    show_absent_way(About("dossier", {"dossier_id": dossier.id}))
    with st.container(key="dossier-sides"):
        told, beside = st.columns([3, 2], gap="large")
    with told:
        known, others = known_elsewhere(archive, dossier.id)
        st.html(strata(spoken_facts(dossier), read(archive, dossier), known, others))
    with beside:
        show_beside(archive, dossier, here)


def spoken_facts(dossier: Dossier) -> list[Shown]:
    """Its facts, each with the way to say that something is absent from it."""
    if not may_speak():
        return of_dossier(dossier)
    return [
        replace(fact, way=absent_link(About(
            "dossier", {"dossier_id": dossier.id, "fact_id": fact.id}
        )))
        for fact in of_dossier(dossier)
    ]  # fmt: skip


def show_beside(archive: Archive, dossier: Dossier, here: list[dict[str, Any]]) -> None:
    """What stands beside the strata: the catalog's own counts, the way to dig, the score."""
    pairs = [*short(dossier), *family(archive, dossier)]
    st.html(f'<div class="exc">{heading(_("In short"))}{facts(pairs)}</div>')
    for row in here:
        show_dug(dossier, row)
    show_dig(dossier, dug=bool(here))
    st.html(f'<div class="exc">{heading(_("How well it is documented"))}</div>')
    st.html(score_strip(score(dossier, archive)))


def heading(text: str) -> str:
    """A title of a part."""
    return f'<h2 class="exc-part">{escape(text)}</h2>'


def title(dossier: Dossier) -> str:
    """Its name in the language of the run, the other one below, and what became of it."""
    korean, english = dossier.name.ko, dossier.name.en
    inward = spoken() == "ko" or not english
    first, second = (korean, english) if korean and inward else (english, korean)
    language = "ko" if first == korean else "en"
    doubted = " exc-unsure" if "status" in unverified_values(dossier) else ""
    gone = dossier.status and dossier.status.state == "withdrawn"
    struck = f' class="exc-struck{doubted}"' if gone else ""
    other = "en" if language == "ko" else "ko"
    below = f'<p class="exc-quiet" lang="{other}">{escape(second)}</p>' if second else ""
    ours = ""
    if korean and dossier.name.ko_is == "ours" and language == "ko":
        ours = f"<small>{escape(_('a Korean name of this archive'))}</small>"
    draft = (
        f'<p class="exc-dashed">{escape(_("A draft by a machine; nobody has read it yet."))}</p>'
    )
    return (
        f'<div class="exc exc-wall exc-dossier-title"><h1 lang="{language}"><span{struck}>'
        f"{escape(str(first))}</span></h1>{below}{ours}{draft if dossier.draft else ''}"
        f"{became(dossier)}</div>"
    )


def became(dossier: Dossier) -> str:
    """What became of it and when; that nobody says where none does. The strata hold why."""
    if dossier.status is None:
        return f'<p class="exc-dashed">{escape(_("What became of it is not on record."))}</p>'
    state = facet_value("status", dossier.status.state)
    when = f" · {dossier.status.date}" if dossier.status.date else ""
    said = marked(f"<b>{escape(state)}</b>{escape(when)}", "status" in unverified_values(dossier))
    return f'<p class="exc-state">{said}</p>'


def short(dossier: Dossier) -> list[tuple[str, str]]:
    """Where it lies on the Survey, in a few lines; the unknown and the unverified said so."""
    ground, doubted = dossier.terrain, unverified_values(dossier)
    unknown = f'<span class="exc-empty">{escape(_("not known"))}</span>'
    named: dict[str, list[str]] = {
        "images_from": list(ground.images_from), "labour": list(ground.labour),
        "licence": [ground.licence] if ground.licence else [], "countries": list(ground.countries),
    }  # fmt: skip
    pairs = [
        (_("Published"), marked(str(ground.year or ""), "year" in doubted) or unknown),
        (_("Pictures"), marked(f"{ground.items:,}" if ground.items else "", "items" in doubted)
         or unknown),
    ]  # fmt: skip
    for facet, values in named.items():
        words = escape(", ".join(facet_value(facet, value) for value in values))
        pairs.append((_(FACETS[facet][0]), marked(words, facet in doubted) or unknown))
    return pairs


def family(archive: Archive, dossier: Dossier) -> list[tuple[str, str]]:
    """What it was made from and what was made from it, linked where there is a dossier."""
    pairs = []
    for words, descents in (
        (_("Made from"), dossier.ancestor), (_("What was made from it"), dossier.descendant),
    ):  # fmt: skip
        if descents:
            pairs.append((words, ", ".join(_relative(archive, one) for one in descents)))
    return pairs


def _relative(archive: Archive, descent: Descent) -> str:
    known = archive.dossiers.get(descent.dossier or "")
    if known is None:
        return escape(descent.name)
    name = known.name.ko if spoken() == "ko" and known.name.ko else known.name.plain
    return link("dossier", str(name), id=known.id)


def read(archive: Archive, dossier: Dossier) -> dict[str, str]:
    """{topic: HTML} of what is known without a fact of that topic."""
    found = {topic: read_html(dossier, *known) for topic, known in read_from(dossier).items()}
    for topic, descents in (("ancestors", dossier.ancestor), ("descendants", dossier.descendant)):
        if descents:
            links = ", ".join(_relative(archive, one) for one in descents)
            found[topic] = f'<div class="exc-fact"><p>{links}</p></div>'
    return found


def known_elsewhere(archive: Archive, but: str) -> tuple[Mapping[str, int], int]:
    """({topic: how many other dossiers know of it}, how many others there are)."""
    others = [dossier for dossier in archive.dossiers.values() if dossier.id != but]
    counted: Counter[str] = Counter(
        topic for dossier in others for topic in topics_on_record(dossier)
    )
    return counted, len(others)


show()
