"""Pictures that are nearly the same by their shapes: the perceptual hash of gaps/hashing.py."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.counter.likeness import Like, Looked
from excavate.counter.members import picture_of
from excavate.counter.records import Member
from excavate.gaps.hashing import TURNS, hashes_of, likeness, scaled, small_grey, turned, waves_of
from excavate.i18n import N_
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from PIL.Image import Image

    from excavate.site import Site

RADIUS, ALIKE, CERTAIN, PIXELS = 6, 0.9, 32, 16  # as Limits of gaps/duplicates.py
MOST_SECONDS = 10.0  # that hashing a dataset may take while somebody waits
TOO_PLAIN = N_("it is too small, or too plain, to be told by its shapes")
TOO_MANY = N_("{what} has not been looked through for copies yet: measure its duplicates")
AT = """
SELECT ordinal, item_id FROM item WHERE dataset_id = $dataset
AND ordinal IN (SELECT unnest($ordinals)) AND least(width, height) >= $pixels
"""
_of_files: dict[str, Shapes | None] = {}  # by the hash of the file: it never changes


@dataclass(frozen=True, slots=True)
class Shapes:
    """The perceptual hash of one picture, uint64 (1,), and its scaled waves (1, 64)."""

    hash: np.ndarray
    waves: np.ndarray


def shapes_of(picture: Image) -> Shapes | None:
    """The shapes of a picture; None where it is too small or too plain to be told by them."""
    waves = waves_of(small_grey(picture)[None])
    hashes, certain = hashes_of(waves)
    told = min(picture.size) >= PIXELS and int(certain[0]) >= CERTAIN
    return Shapes(hashes, scaled(waves)) if told else None


def near_items(site: Site, own: Shapes, held: Sequence[Member]) -> Looked:
    """Catalog items that are nearly the same picture, in any of eight positions."""
    from excavate.gaps.hashed import hashed, seconds_to_hash

    looked = Looked()
    chosen = {one.item_id: one.member_id for one in held if one.item_id}
    for dataset in site.revisions():
        if seconds_to_hash(site, dataset) > MOST_SECONDS:
            looked.unlooked.append((TOO_MANY, dataset))
            continue
        for item_id, like, turn in _near_in(site, dataset, own, hashed(site, dataset)):
            looked.found.append(Like(item_id, chosen.get(item_id, ""), like, turn))
    return looked


def near_members(workshop: Workshop, own: Shapes, held: Sequence[Member]) -> list[Like]:
    """Drawn and uploaded members that are nearly the same picture."""
    found = []
    for one in held:
        shapes = _of_member(workshop, one)
        if shapes is not None:
            matched = _matches(own, shapes.hash, shapes.waves)
            found += [Like("", one.member_id, like, turn) for _row, like, turn in matched]
    return found


def _of_member(workshop: Workshop, member: Member) -> Shapes | None:
    from PIL import Image

    if member.sha256 and member.sha256 not in _of_files:
        content = picture_of(workshop, member)
        read = Image.open(io.BytesIO(content)) if content else None
        _of_files[member.sha256] = shapes_of(read) if read else None
    return _of_files.get(member.sha256)


def _near_in(site: Site, dataset: str, own: Shapes, table: Any) -> Iterator[tuple[str, float, str]]:
    from excavate.gaps.hashed import waves_in

    sure = np.flatnonzero(table["certain"].to_numpy() >= CERTAIN)
    matched = list(_matches(own, table["hash"].to_numpy()[sure], waves_in(table)[sure]))
    if not matched:
        return
    ordinals = table["ordinal"].to_numpy()[sure[[row for row, *_rest in matched]]].tolist()
    asked = {"dataset": dataset, "ordinals": ordinals, "pixels": PIXELS}
    with site.cursor() as cursor:
        named = dict(cursor.execute(AT, asked).fetchall())
    for ordinal, (_row, like, turn) in zip(ordinals, matched, strict=True):
        if ordinal in named:
            yield named[ordinal], like, turn


def _matches(
    own: Shapes, hashes: np.ndarray, waves: np.ndarray
) -> Iterator[tuple[int, float, str]]:
    """(row, correlation, turn) of each that is nearly the same, in the turn it is nearest in."""
    best: dict[int, tuple[float, str]] = {}
    for turn, name in enumerate(TURNS):
        differ = np.bitwise_count(turned(hashes, turn) ^ own.hash)
        rows = np.flatnonzero(differ <= RADIUS)
        mine = np.repeat(own.waves, len(rows), axis=0)
        like = likeness(mine, waves[rows], np.full(len(rows), turn))
        for row, value in zip(rows.tolist(), like.tolist(), strict=True):
            if value >= ALIKE and value > best.get(row, (0.0, ""))[0] + 1e-6:
                best[row] = (value, name if turn else "")
    yield from ((row, like, turn) for row, (like, turn) in sorted(best.items()))
