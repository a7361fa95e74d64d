"""The bytes of a shard's members, asked for sample by sample.

A packed tar can only be read onward, and going back means to unpack it from its beginning. So its
members are read in the order in which they lie; text that lies far from its sample is read before,
in a pass of its own, and held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from excavate.sources.tar_members import TarError, TarFile
from excavate.sources.webdataset_shards import Place, Shard, anchor, is_picture, picture_of


class Contents:
    """The members of one shard, from sample number `start` on."""

    def __init__(self, shard: Shard, start: int) -> None:
        self._far = _read_before(shard, start) if shard.packed else {}
        self._tar = TarFile(shard.path)

    def of(self, place: Place) -> bytes | None:
        """The bytes of a member of the sample that it is the turn of; None where unreadable."""
        _, offset, size = place
        return self._far[offset] if offset in self._far else _content(self._tar, offset, size)

    def close(self) -> None:
        """Let go of the file."""
        self._tar.close()


def _read_before(shard: Shard, start: int) -> dict[int, bytes | None]:
    """Offset -> bytes of the text that lies far away, from one pass; none where none does."""
    far = sorted((offset, size) for _, offset, size in _far(shard, start))
    if not far:
        return {}
    tar = TarFile(shard.path)
    try:
        return {offset: _content(tar, offset, size) for offset, size in far}
    finally:
        tar.close()


def _far(shard: Shard, start: int) -> Iterator[Place]:
    """Text that lies before what is read at its sample's turn, or after the next one's picture."""
    at = 0
    samples = (shard.sample(number) for number in range(start, len(shard.keys)))
    for places, after in pairwise(chain(samples, [None])):
        end = anchor(after) if after else None
        for place in _read_of(places or ()):
            if at <= place[1] and (is_picture(place[0]) or end is None or place[1] < end):
                at = place[1] + place[2]
            else:
                yield place


def _read_of(places: Sequence[Place]) -> Iterator[Place]:
    picture = picture_of(places)
    return (place for place in places if place == picture or not is_picture(place[0]))


def _content(tar: TarFile, offset: int, size: int) -> bytes | None:
    try:
        return tar.content(offset, size)
    except TarError:
        return None
