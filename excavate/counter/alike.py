"""Is it there already? What is like a picture, in the catalog and among a plan's members.

Three kinds of evidence, told apart: the same bytes; nearly the same picture by its shapes, in any
of eight positions; and what lies nearest through the site's newest encoder, which says that two
are alike, not that they are the same. What could not be compared is said: it is no empty answer.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from excavate.counter.alike_seen import nearest_to
from excavate.counter.alike_shapes import (
    PIXELS,
    TOO_PLAIN,
    Shapes,
    near_items,
    near_members,
    shapes_at,
    shapes_of,
)
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
MOST_SAME = 50
SAME = """
SELECT sha256, item_id FROM item WHERE sha256 IN (SELECT unnest($hashes)) ORDER BY item_id
"""
ITEMS = """
SELECT item_id, dataset_id, ordinal, sha256, least(width, height) FROM item
WHERE item_id IN (SELECT unnest($ids))
"""

__all__ = ["Alike", "Like", "alike", "items_alike"]


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
    near, nearest = _by_shapes(site, workshop, held, seen, _own_shapes(seen)), Looked()
    exact = _exact(held, seen, _same_files(site, seen.hashes))
    if site and seen.picture and k:
        nearest = nearest_to(site, workshop, seen.item_id or seen.picture, held, k + 2)
    same = [one for one in nearest.found if one.likeness >= SAME_VECTOR]
    kept = _others([*near.found, *same], exact)
    rest = _others(nearest.found, [*exact, *kept])[:k]
    unlooked = [] if site else [(NO_CATALOG, "")]
    return Alike(
        tuple(exact), tuple(kept), tuple(rest), (*unlooked, *near.unlooked, *nearest.unlooked)
    )


def items_alike(
    site: Site, workshop: Workshop, item_ids: Sequence[str], plan_id: str
) -> dict[str, Alike]:
    """Which of some catalog items are likely there already: as `alike` with k = 0, all at once.

    Their shapes are those that the site keeps; no picture is read. Items that are gone are left
    out.
    """
    held = members(workshop, plan_id)
    with site.cursor() as cursor:
        rows = cursor.execute(ITEMS, {"ids": list(item_ids)}).fetchall()
    same = _same_files(site, tuple({row[3] for row in rows if row[3]}))
    found = {}
    for item_id, dataset, ordinal, sha256, side in rows:
        seen = _Asked((sha256,) if sha256 else (), None, item_id)
        own = shapes_at(site, dataset, ordinal) if (side or 0) >= PIXELS else None
        near = _by_shapes(site, workshop, held, seen, own)
        exact = _exact(held, seen, same)
        found[item_id] = Alike(
            tuple(exact), tuple(_others(near.found, exact)), (), tuple(near.unlooked)
        )
    return found


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
        sha256 = cursor.execute(ITEMS, {"ids": [item_id]}).fetchone()[3]
    return _Asked((sha256,) if sha256 else (), Image.open(io.BytesIO(found[0])), item_id)


def _own_shapes(seen: _Asked) -> Shapes | None:
    return shapes_of(seen.picture) if seen.picture else None


def _same_files(site: Site | None, hashes: Sequence[str]) -> dict[str, list[str]]:
    """{hash: the catalog items of these bytes}."""
    found: dict[str, list[str]] = {}
    if site is not None and hashes:
        with site.cursor() as cursor:
            for sha256, item_id in cursor.execute(SAME, {"hashes": list(hashes)}).fetchall():
                found.setdefault(sha256, []).append(item_id)
    return found


def _exact(held: Sequence[Member], seen: _Asked, same: Mapping[str, Sequence[str]]) -> list[Like]:
    """Members of the same bytes or the same item; then other items of the same bytes."""
    hashes = set(seen.hashes)
    found = [
        Like(one.item_id, one.member_id, 1.0)
        for one in held
        if hashes & {one.sha256, one.item_sha256} or (seen.item_id and one.item_id == seen.item_id)
    ]
    there = {seen.item_id, *(one.item_id for one in found)}
    items = dict.fromkeys(item for one in seen.hashes for item in same.get(one, ()))
    return found + [Like(one, "", 1.0) for one in items if one not in there][:MOST_SAME]


def _by_shapes(
    site: Site | None, workshop: Workshop, held: Sequence[Member], seen: _Asked,
    own: Shapes | None,
) -> Looked:  # fmt: skip
    """What is nearly the same picture, the most alike first."""
    if own is None:
        blank = seen.picture is None and not seen.item_id
        return Looked(unlooked=[(NO_PIXELS if blank else TOO_PLAIN, "")])
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
