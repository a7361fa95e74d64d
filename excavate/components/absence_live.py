"""What grows on an absence's page while others write: fetched anew without a rerun of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.absence_html import (
    evidence_html,
    held_html,
    stances_html,
    stated_html,
    translation_html,
    types_html,
)
from excavate.components.addresses import under
from excavate.components.board_about import ground_of, items_of, said_of
from excavate.components.moments import viewer_zone
from excavate.components.outside import outward
from excavate.components.threads import threads_html
from excavate.i18n import _, spoken
from excavate.workshop.about import about_query
from excavate.workshop.holding import held

if TYPE_CHECKING:
    from excavate.components.board_about import Ground
    from excavate.site import Site
    from excavate.workshop.about import About
    from excavate.workshop.absence_record import Absence

PAGES_OF = {"finding": ("finding", "finding_id"), "item": ("item", "item_id"),
            "dossier": ("dossier", "dossier_id"), "lasso": ("map", "layout_id")}  # fmt: skip


def stances_part(absence: Absence, _site: Site | None, _writes: bool) -> str:
    """Where people stand."""
    return stances_html(absence)


def types_part(absence: Absence, _site: Site | None, _writes: bool) -> str:
    """What kind people sorted it as."""
    return types_html(absence)


def talk_part(absence: Absence, site: Site | None, writes: bool) -> str:
    """Translations, what it rests on, the conversation."""
    ground = ground_of(site, [one.about for one in absence.evidence if one.about.kind != "link"])
    shown = [(one, _evidence(one.about, absence, site, ground)) for one in absence.evidence]
    head = f'<h2 class="exc-part" id="answers">{escape(_("Conversation"))}</h2>'
    translated = "".join(translation_html(one) for one in absence.translations)
    said = threads_html(absence.absence_id, absence.replies, writes)
    return f"{translated}{stated_html(absence)}{evidence_html(shown)}{head}{said}"


def _evidence(about: About, absence: Absence, site: Site | None, ground: Ground) -> str:
    """What it shows, and whether it holds; a lasso that is spoken of itself is shown already."""
    if about_query(about) == about_query(absence.about):
        return f"<p>{escape(_('The place itself, held against the neighbours'))}</p>"
    return pointed_at(about, ground) + held_html(held(site, ground.archive, about))


PARTS: Mapping[str, Callable[[Absence, Site | None, bool], str]] = {
    "stances": stances_part, "types": types_part, "talk": talk_part,
}  # fmt: skip


def live_html(part: str, absence: Absence, site: Site | None, writes: bool, me: str) -> str:
    """A part in the element that is fetched anew by itself when the board's topics have grown."""
    query = {"id": absence.absence_id, "part": part, "lang": spoken(), "me": me,
             "tz": viewer_zone()}  # fmt: skip
    target = escape(under(f"/workshop/absence?{urlencode(query)}"))
    inner = PARTS[part](absence, site, writes)
    return f'<div class="exc" data-live="board round room" data-href="{target}">{inner}</div>'


def pointed_at(about: About, ground: Ground) -> str:
    """What a piece of evidence points at: pictures where there are some, and the way to it."""
    if about.kind == "link":
        address = str(about.value.get("link", ""))
        return f'<p class="exc-mono">{outward(address, address)}</p>'
    frames = _framed([ground.pictures.get(one, "") for one in items_of(about)])
    return f"<p>{frames}{_way(about, said_of(about, ground))}</p>"


def _framed(frames: Sequence[str]) -> str:
    there = "".join(one for one in frames if one)
    return f'<span class="exc-evidence-pictures">{there}</span>' if there else ""


def _way(about: About, words: str) -> str:
    if about.kind not in PAGES_OF:
        return escape(words)
    page, name = PAGES_OF[about.kind]
    key = "layout" if page == "map" else "id"
    query = {key: str(about.value[name]), "lang": spoken()}
    target = escape(under(f"/{page}?{urlencode(query)}"))
    return f'<a href="{target}" data-page target="_self">{escape(words)}</a>'
