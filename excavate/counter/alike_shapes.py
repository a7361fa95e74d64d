"""Pictures that are nearly the same by their shapes: the perceptual hash of gaps/hashing.py."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

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
    looked = Looked()
    chosen = {one.item_id: one.member_id for one in held if one.item_id}
    for dataset in site.revisions():
        kept = _kept(site, dataset)
        if kept is None:
            looked.unlooked.append((TOO_MANY, dataset))
            continue
        for item_id, like, turn in _near_in(site, dataset, own, kept):
            looked.found.append(Like(item_id, chosen.get(item_id, ""), like, turn))
    return looked


def shapes_at(site: Site, dataset: str, ordinal: int) -> Shapes | None:
    """The shapes of a catalog item as they are kept; None where it cannot be told by them."""
    kept = _kept(site, dataset)
    rows = np.flatnonzero(kept.ordinals == ordinal) if kept else np.zeros(0, int)
    return Shapes(kept.hashes[rows], kept.waves[rows]) if kept and len(rows) else None


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """The shapes of all items of a dataset that can be told by them, in the source's order."""

    ordinals: np.ndarray
    hashes: np.ndarray
    waves: np.ndarray


def _kept(site: Site, dataset: str) -> _Kept | None:
    """None where they are not computed yet and nobody would wait for them."""
    from excavate.gaps.hashed import hashed, hashes_made, seconds_to_hash

    if seconds_to_hash(site, dataset) > MOST_SECONDS:
        return None
    made = hashes_made(site, dataset)
    if not made.exists():
        hashed(site, dataset)
    return _read(made.file("parquet"))


@lru_cache(maxsize=8)
def _read(file: Path) -> _Kept:
    """A file that is named by what it was made from: it never changes."""
    import pyarrow.parquet as pq

    from excavate.gaps.hashed import waves_in

    table = pq.read_table(file)
    sure = np.flatnonzero(table["certain"].to_numpy() >= CERTAIN)
    columns = (table["ordinal"].to_numpy(), table["hash"].to_numpy(), waves_in(table))
    return _Kept(*(one[sure] for one in columns))


def _near_in(
    site: Site, dataset: str, own: Shapes, kept: _Kept
) -> Iterator[tuple[str, float, str]]:
    matched = list(_matches(own, kept.hashes, kept.waves))
    if not matched:
        return
    ordinals = kept.ordinals[[row for row, *_rest in matched]].tolist()
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
