"""What a note points at, drawn large enough for a wall: pictures, sentences, sources in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.catalog import browsing
from excavate.components.addresses import under
from excavate.components.board_about import Ground, ground_of, said_of
from excavate.components.facts import worded
from excavate.components.finding_card import finding_href
from excavate.components.finding_words import FOUND, lens_line, lenses, state_of
from excavate.components.gallery import figure, item_href, large
from excavate.components.hidden_names import hidden_in
from excavate.components.outside import outward
from excavate.components.row_items import items_of_row
from excavate.components.veiled_finding import veiled
from excavate.embedding.spec import short_name
from excavate.errors import NotFoundError
from excavate.gaps.records import held_against, sentence, why_not
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import shelf
from excavate.i18n import _, spoken
from excavate.workshop.absence_types import word
from excavate.workshop.finds import Find, finds
from excavate.workshop.seeing import one_absence

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site
    from excavate.workshop.absence_record import Absence
    from excavate.workshop.notebooks import Note
    from excavate.workshop.store import Workshop

PICTURES = 6  # of a finding
LOOKED_THROUGH = 12  # rows of it, for those that name items


@dataclass(frozen=True)
class Around:
    """What the notes of one page point at, as it stands now; what is gone is not in it."""

    site: Site | None
    items: Mapping[str, dict[str, Any]]
    findings: Mapping[str, Finding]
    absences: Mapping[str, Absence]
    finds: Mapping[str, Find]
    ground: Ground


def around(
    site: Site | None, workshop: Workshop, notes: Sequence[Note], viewer: str | None = None
) -> Around:
    """Read what these notes point at. `viewer`: as who; None sees what the whole room may see."""
    absences = {one: _absence(workshop, one, viewer) for one in _named(notes, "absence")}
    there = {one: found for one, found in absences.items() if found is not None}
    brought = {one.find_id: one for one in finds(workshop)} if _named(notes, "find") else {}
    ground = ground_of(site, [one.about for one in there.values()])
    if site is None or not site.generation:
        return Around(None, {}, {}, there, brought, ground)
    return Around(
        site, _items(site, _named(notes, "item")), _findings(site, _named(notes, "finding")),
        there, brought, ground,
    )  # fmt: skip


def noted_html(note: Note, held: Around) -> str:
    """One note: what it points at, with its source, and the words beside it."""
    draw = DRAWN.get(note.kind)
    drawn = draw(note, held) if draw else ""
    own = _words(note)
    return (
        f'<section class="exc-noted exc-noted-{escape(note.kind)}" id="n-{escape(note.note_id)}">'
        f"{drawn}{own}</section>"
    )


def _words(note: Note) -> str:
    """The owner's own words, a paragraph for each."""
    parts = [part.strip() for part in note.text.split("\n\n") if part.strip()]
    said = "".join(
        f"<p>{worded(part, note.language).replace(chr(10), '<br>')}</p>" for part in parts
    )
    return f'<div class="exc-noted-words">{said}</div>' if said else ""


def _item(note: Note, held: Around) -> str:
    item = held.items.get(note.points_at)
    if item is None:
        return _gone(_("This item is not in this site any more: {name}"), note.points_at)
    asked = escape(item_href(item["item_id"]))
    said = ", ".join(dict.fromkeys(str(row["value"]) for row in item["labels"]))
    label = (
        f"{escape(_('Source labels'))}: {escape(said)}" if said else escape(_("no source label"))
    )
    unstated = _("not stated")
    rights = _("Creator: {creator} · Licence: {licence}").format(
        creator=item["creator"] or unstated,
        licence=item["licence"] or item["dataset_licence"] or unstated,
    )
    changed = ""
    if note.value.get("sha256") not in (None, item["sha256"]):
        words = escape(_("The picture has changed since it was saved."))
        changed = f'<p class="exc-dashed">{words}</p>'
    return (
        f'<figure class="exc-noted-picture">{large(item, None)}<figcaption>'
        f'<a href="{asked}" data-page target="_self">{escape(item["title"])} · '
        f'<span class="exc-mono">{escape(item["key"])}</span></a><br>{label}<br>'
        f"<small>{escape(rights)}</small></figcaption></figure>{changed}"
    )


def _finding(note: Note, held: Around) -> str:
    finding = held.findings.get(note.points_at)
    if finding is None:
        return _gone(_("This finding is not in this site any more: {name}"), note.points_at)
    asked = escape(finding_href(finding.id))
    seen = "".join(
        f"<br>{escape(lens_line(trained_on))} "
        f'<span class="exc-mono">{escape(short_name(spec))}</span>'
        for spec, trained_on in (lenses(held.site.folder, finding) if held.site else ())
    )
    if not finding.is_measured:
        said = _("Not measured: {why}.").format(why=why_not(finding))
        against = escape(_("This says neither that there is a gap nor that there is none."))
    else:
        said = sentence(finding)
        against = escape(_("Held against: {reference}").format(reference=held_against(finding)))
        against += seen
    name = escape(f"{saying_of(finding.measure).title()} · {finding.dataset}")
    hatched = "" if finding.is_measured else " exc-hatched"
    return (
        f'<p class="exc-noted-of">{name}</p><blockquote class="exc-noted-sentence{hatched}">'
        f'<a href="{asked}" data-page target="_self">{escape(said)}</a></blockquote>'
        f'{_pictures(held, finding)}<p class="exc-noted-source">{against}</p>'
    )


def _pictures(held: Around, finding: Finding) -> str:
    """The pictures of its strongest rows."""
    if held.site is None or state_of(finding) != FOUND:
        return ""
    rows = [row for row in finding.first_rows(LOOKED_THROUGH) if items_of_row(row)]
    wanted = list(dict.fromkeys(one for row in rows[:1] for one in items_of_row(row)))
    if len(wanted) < 3:
        wanted = list(dict.fromkeys(items_of_row(row)[0] for row in rows))
    shown = _captioned(held.site, held.site.generation, tuple(wanted[:PICTURES]))
    cells = "".join(figure(row) for row in shown if row["pixels"] == "read")
    return f'<div class="exc-grid exc-noted-grid">{cells}</div>' if cells else ""


@lru_cache(maxsize=256)
def _captioned(site: Site, _generation: str, ids: tuple[str, ...]) -> list[dict[Any, Any]]:
    """Items as figures show them, contested names veiled; kept while the catalog is."""
    with site.cursor() as cursor:
        found = browsing.items_named(cursor, ids)
    there = hidden_in(site, sorted(set(found["dataset_id"]))).captions(found)
    rows: list[dict[Any, Any]] = there.to_dict("records")
    return rows


def _said_absent(note: Note, held: Around) -> str:
    absence = held.absences.get(note.points_at)
    if absence is None:
        return _gone(_("This absence was taken back, or is not for the whole room to see."), "")
    names = ", ".join(word("types", code) for code in absence.types)
    of = _("Said of: {what}").format(what=said_of(absence.about, held.ground))
    by = f"<br><bdi>{escape(absence.shown_name)}</bdi>" if absence.shown_name else ""
    kinds = f"<br>{escape(names)}" if names else ""
    pictures = "".join(held.ground.pictures.get(str(absence.about.value.get("item_id")), ""))
    shown = f'<div class="exc-noted-small">{pictures}</div>' if pictures else ""
    asked = escape(under(f"/absence?id={absence.absence_id}&lang={spoken()}"))
    return (
        f'{shown}<blockquote class="exc-noted-claim"><a href="{asked}" data-page target="_self">'
        f"{worded(absence.statement, absence.language)}</a></blockquote>"
        f'<p class="exc-noted-source">{escape(of)}{kinds}{by}</p>'
    )


def _find(note: Note, held: Around) -> str:
    find = held.finds.get(note.points_at)
    if find is None:
        return _gone(_("This find was taken back."), "")
    asked = escape(under(f"/find?id={find.find_id}&lang={spoken()}"))
    shot = under(f"/brought/{find.sha256}")
    alt = escape(_("Screenshot brought with {name}").format(name=find.name))
    picture = f'<img src="{shot}" alt="{alt}" loading="lazy">' if find.sha256 else ""
    where = f"<br>{outward(find.link, find.link)}" if find.link else ""
    by = _("brought by {name} on {date}, unverified").format(
        name=find.shown_name, date=f"{find.written_at:%Y-%m-%d}"
    )
    return (
        f'<figure class="exc-noted-shot">{picture}<figcaption><a href="{asked}" data-page '
        f'target="_self"><bdi lang="{escape(find.language)}">{escape(find.name)}</bdi></a><br>'
        f"<small><bdi>{escape(by)}</bdi>{where}</small></figcaption></figure>"
        f'<p class="exc-noted-why">{worded(find.why, find.language)}</p>'
    )


def _gone(words: str, name: str) -> str:
    return f'<p class="exc-dashed">{escape(words.format(name=name))}</p>'


DRAWN: Mapping[str, Callable[[Note, Around], str]] = {
    "item": _item, "finding": _finding, "absence": _said_absent, "find": _find,
}  # fmt: skip


def _named(notes: Sequence[Note], kind: str) -> list[str]:
    return list(dict.fromkeys(note.points_at for note in notes if note.kind == kind))


def _items(site: Site, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The items that are there, by their ids."""
    found = {one: _item_of(site, site.generation, one) for one in ids}
    return {one: item for one, item in found.items() if item is not None}


@lru_cache(maxsize=1024)
def _item_of(site: Site, _generation: str, item_id: str) -> dict[str, Any] | None:
    """An item with all that is said of it, contested names veiled; kept while the catalog is."""
    with site.cursor() as cursor:
        item = browsing.one_item(cursor, item_id)
    if item is None:
        return None
    hidden = hidden_in(site, [item["dataset_id"]])
    labels = [{**row, "value": hidden.of(row["value"])} for row in item["labels"]]
    return {**item, "labels": labels}


def _findings(site: Site, ids: Sequence[str]) -> dict[str, Finding]:
    held = shelf(site.folder).by_id
    return {one: veiled(site, held[one]) for one in ids if one in held}


def _absence(workshop: Workshop, absence_id: str, viewer: str | None) -> Absence | None:
    try:
        return one_absence(workshop, absence_id, viewer, role="viewer")
    except NotFoundError:
        return None
