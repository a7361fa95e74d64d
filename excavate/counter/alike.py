"""Is it there already? What is like a picture, in the catalog and among a plan's members.

Three kinds of evidence, told apart: the same bytes; nearly the same picture by its shapes, in any
of eight positions; and what lies nearest through the site's newest encoder, which says that two
are alike, not that they are the same. What could not be compared is said: it is no empty answer.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from excavate.counter.alike_seen import nearest_to
from excavate.counter.alike_shapes import TOO_PLAIN, near_items, near_members, shapes_of
from excavate.counter.likeness import Alike, Like, Looked
from excavate.counter.members import members
from excavate.counter.records import Member
from excavate.counter.taking_pictures import Taken
from excavate.i18n import N_
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from PIL.Image import Image

    from excavate.site import Site

SAME_VECTOR = 0.99999  # a cosine of one, to rounding
NEAREST = 6
NO_PIXELS = N_("it has no pixels to be compared")
NO_CATALOG = N_("nothing was dug here to compare it with")
SAME = """
SELECT item_id FROM item WHERE sha256 IN (SELECT unnest($hashes)) AND item_id <> $own
ORDER BY item_id LIMIT 50
"""
ITEM = "SELECT sha256 FROM item WHERE item_id = $1"

__all__ = ["Alike", "Like", "alike"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for: the hashes it is known by, its picture, its id in the catalog."""

    hashes: tuple[str, ...]
    picture: Image | None
    item_id: str = ""


def alike(
    site: Site | None, workshop: Workshop, asked: Taken | str, plan_id: str, *, k: int = NEAREST
) -> Alike:
    """What is like an upload (as it was taken), or like a catalog item (by its id).

    Held against the catalog of `site` and the members of the plan; with k = 0 only what is likely
    the same is looked for. Raises NotFoundError where the item is not there.
    """
    held = members(workshop, plan_id)
    seen = _item(site, asked) if isinstance(asked, str) else _file(asked)
    exact = _exact(site, held, seen)
    near, nearest = _by_shapes(site, workshop, held, seen), Looked()
    if site and seen.picture and k:
        nearest = nearest_to(site, workshop, seen.item_id or seen.picture, held, k + 2)
    same = [one for one in nearest.found if one.likeness >= SAME_VECTOR]
    kept = _others([*near.found, *same], exact)
    rest = _others(nearest.found, [*exact, *kept])[:k]
    unlooked = [] if site else [(NO_CATALOG, "")]
    return Alike(
        tuple(exact), tuple(kept), tuple(rest), (*unlooked, *near.unlooked, *nearest.unlooked)
    )


def _file(asked: Taken) -> _Asked:
    from PIL import Image

    picture = Image.open(io.BytesIO(asked.picture.content))
    return _Asked((asked.came_as, asked.picture.sha256), picture)


def _item(site: Site | None, item_id: str) -> _Asked:
    from PIL import Image

    found = site.original(item_id) if site else None
    if site is None or found is None:
        return _Asked((), None, item_id)
    with site.cursor() as cursor:
        sha256 = cursor.execute(ITEM, [item_id]).fetchone()[0]
    return _Asked((sha256,) if sha256 else (), Image.open(io.BytesIO(found[0])), item_id)


def _exact(site: Site | None, held: Sequence[Member], seen: _Asked) -> list[Like]:
    same = set(seen.hashes)
    found = [
        Like(one.item_id, one.member_id, 1.0)
        for one in held
        if same & {one.sha256, one.item_sha256} or (seen.item_id and one.item_id == seen.item_id)
    ]
    if site is None or not same:
        return found
    with site.cursor() as cursor:
        asked = {"hashes": list(seen.hashes), "own": seen.item_id}
        items = [item_id for (item_id,) in cursor.execute(SAME, asked).fetchall()]
    there = {one.item_id for one in found}
    return found + [Like(item_id, "", 1.0) for item_id in items if item_id not in there]


def _by_shapes(
    site: Site | None, workshop: Workshop, held: Sequence[Member], seen: _Asked
) -> Looked:
    """What is nearly the same picture, the most alike first."""
    if seen.picture is None:
        return Looked(unlooked=[(NO_PIXELS, "")])
    own = shapes_of(seen.picture)
    if own is None:
        return Looked(unlooked=[(TOO_PLAIN, "")])
    looked = near_items(site, own, held) if site else Looked()
    looked.found += near_members(workshop, own, held)
    others = [one for one in looked.found if not seen.item_id or one.item_id != seen.item_id]
    return replace(looked, found=sorted(others, key=lambda one: -one.likeness))


def _others(found: Iterable[Like], told: Iterable[Like]) -> list[Like]:
    """Those that were not told yet, each once."""
    known = {(one.item_id, one.member_id) for one in told}
    kept: dict[tuple[str, str], Like] = {}
    for one in found:
        if (one.item_id, one.member_id) not in known:
            kept.setdefault((one.item_id, one.member_id), one)
    return list(kept.values())
