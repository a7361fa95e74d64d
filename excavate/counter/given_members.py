"""What is given of a member, checked: every fault of it at once, and the picture made of it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from excavate.counter.records import KINDS, WAYS, GivenMember
from excavate.errors import InputFault, SourceError
from excavate.i18n import N_
from excavate.settings import Settings
from excavate.workshop import checking, media
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import is_id
from excavate.workshop.pinning import pinned_items

if TYPE_CHECKING:
    from excavate.site import Site

MOST_FOUND_BY = 20_000  # characters of JSON: the outline of a lasso, the words of a search
PICTURE = N_("Picture")
PLACES = {
    "kind": N_("What is put in"), "reason": N_("Why it is in"), "item": N_("Item"),
    "label": N_("What it is called"), "alt": N_("Described in words"),
    "found_by": N_("How it was found"), "strokes": N_("The drawing"),
}  # fmt: skip
USUAL_WAY = {"chosen": "item", "drawn": "drawing", "uploaded": "file", "empty": "place"}


@dataclass(frozen=True, slots=True)
class Made:
    """The picture of a drawn or uploaded member, and what of its file's record was taken out."""

    picture: media.Picture
    removed: tuple[str, ...] = ()


def tidied(given: GivenMember) -> GivenMember:
    """Without the blanks around its words; the usual way of its kind where it names none."""
    found_by = dict(given.found_by) or {"way": USUAL_WAY.get(given.kind, "")}
    return replace(
        given, reason=tidy(given.reason), label=tidy(given.label), alt_ko=tidy(given.alt_ko),
        alt_en=tidy(given.alt_en), found_by=found_by,
    )  # fmt: skip


def member_faults(given: GivenMember) -> Iterator[InputFault]:
    """Everything that is wrong with the form of a new member."""
    if given.kind not in KINDS:
        yield InputFault(PLACES["kind"], f"one of: {', '.join(KINDS)}")
    if not is_id(given.member_id):
        yield InputFault(PLACES["kind"], "not an id of ours")
    yield from mending_faults(given)
    for key, kind, there in (
        ("item", "chosen", bool(given.item_id)),
        ("strokes", "drawn", bool(given.strokes)),
        (PICTURE, "uploaded", given.picture is not None),
    ):
        place = PLACES.get(key, key)
        if given.kind == kind and not there:
            yield InputFault(place, "nothing is given here yet")
        if given.kind != kind and there:
            yield InputFault(place, f"only of what is {kind}")
    yield from _found_by_faults(given)


def mending_faults(given: GivenMember) -> Iterator[InputFault]:
    """What is wrong with its words. A drawing may go in before its reason is written."""
    needed = given.kind != "drawn"
    yield from text_faults(PLACES["reason"], given.reason, checking.TEXT, needed=needed)
    yield from text_faults(PLACES["label"], given.label, checking.NAME, needed=False)
    for said in (given.alt_ko, given.alt_en):
        yield from text_faults(PLACES["alt"], said, checking.TEXT, needed=False)


def catalog_states(
    site: Site | None, given: Sequence[GivenMember], faults: list[InputFault]
) -> dict[str, dict[str, Any]]:
    """{item_id: it with its hash and revision as the catalog has them now}, of the chosen ones."""
    chosen = [one for one in given if one.kind == "chosen" and one.item_id]
    if not chosen:
        return {}
    if site is None:
        faults.append(InputFault(PLACES["item"], "there is no catalog to choose from"))
        return {}
    there = pinned_items(site, [one.item_id for one in chosen])
    for one in chosen:
        if one.item_id not in there:
            faults.append(InputFault(PLACES["item"], "no such item", one.member_id))
    return {
        item_id: {"item_id": item_id, "item_sha256": at["sha256"], "item_revision": at["revision"]}
        for item_id, at in there.items()
    }


def made_picture(given: GivenMember, settings: Settings, faults: list[InputFault]) -> Made | None:
    """What is kept of a drawing or of a file; a fault where it cannot be."""
    if given.kind == "drawn" and given.strokes:
        return _drawn(given.strokes, faults)
    if given.kind == "uploaded" and given.picture is not None:
        from excavate.counter.taking_pictures import taken

        try:
            found = taken(given.picture, settings.max_pixels)
            return Made(found.picture, found.removed)
        except SourceError as error:
            faults.append(InputFault(PICTURE, error.what))
    return None


def _drawn(strokes: str, faults: list[InputFault]) -> Made | None:
    from excavate.counter.strokes import drawn, strokes_faults

    wrong = strokes_faults(strokes)
    faults += wrong
    if wrong:
        return None
    out, picture = io.BytesIO(), drawn(strokes)
    picture.save(out, "PNG")
    content = out.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    return Made(media.Picture(content, digest, "image/png", picture.width, picture.height))


def _found_by_faults(given: GivenMember) -> Iterator[InputFault]:
    if given.found_by.get("way") not in WAYS:
        yield InputFault(PLACES["found_by"], f"one of: {', '.join(WAYS)}")
    try:
        said = json.dumps(dict(given.found_by), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        yield InputFault(PLACES["found_by"], "it cannot be written down")
        return
    if len(said) > MOST_FOUND_BY or any("\ud800" <= sign <= "\udfff" for sign in said):
        yield InputFault(PLACES["found_by"], f"at most {MOST_FOUND_BY} characters are kept")
