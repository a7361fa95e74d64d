"""`tate:DIR`: an archive of art without pictures, as Tate published its collection.

DIR holds `artworks/` and `artists/`, one JSON each, or the same in lines (see tate_records). The
key is the accession number. Items have no pixels: `url`, the artwork's page, is their source;
`thumbnailUrl` stays an attribute and is not opened. Every field of an artwork is an attribute,
verbatim, null where it is null; what is said of its artists stands beside it as `artist.…`, one
row an artist in their order, so that nobody takes the artist's gender for the artwork's. Subjects
are labels `subject` whose categories are the tree of subjects, movements labels `movement`.

The licence is the metadata's, and no item's: the pictures are not part of it.

Order: as in the files. Memory: the subjects, the artists and the keys; what was read waits on
disk (see read_once).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions
from excavate.sources.collecting import collector_paused
from excavate.sources.files_below import counted
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.read_once import CHUNK, IN_MEMORY, ReadOnce, part_of
from excavate.sources.splits import chosen
from excavate.sources.tate_reading import IDS, TOO_DEEP, Reading, is_too_deep
from excavate.sources.tate_records import (
    ARTWORKS,
    Found,
    Record,
    found_in,
    licence_of,
    records,
)
from excavate.sources.tate_tree import Node, check_rings, tree_of
from excavate.sources.tate_works import Artists, batch_of_works

NAMED = 10


class Kept(ReadOnce):
    """Batches that are made already: IN_MEMORY of them at hand, the others on disk."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        self._held: list[Batch] = []
        self._bytes = 0
        super().__init__(batches, lambda batch, rows: self._keep(batch))

    def _keep(self, batch: Batch) -> None:
        self._bytes += sum(table.nbytes for table in (batch.items, batch.labels, batch.attributes))
        if self._bytes > IN_MEMORY:
            super()._keep(batch)
        else:
            self._held.append(batch)
            self.count += len(batch)

    def _from(self, start: int) -> Iterator[Batch]:
        for batch in self._held:
            if start < len(batch):
                yield part_of(batch, start, len(batch)) if start else batch
            start = max(0, start - len(batch))
        yield from super()._from(start)


class _Opened(NamedTuple):
    found: Found
    nodes: dict[str, Node]
    artists: Artists
    kept: Kept
    reading: Reading


class Tate:
    """Tate's collection. Reads all of it at the first question, once."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self.root = path, existing(path, "folder")
        chosen([NO_SPLIT], options.split, f"tate:{path}")

    def describe(self) -> Description:
        """Licence and count. Raises SourceError with every fault of every record."""
        found, _, _, kept, _ = self._opened
        places = (found.artworks, found.artists, found.tree, found.licence)
        stamps = (
            text for place in places if place for seen in place.stamps.items() for text in seen
        )
        return Description(
            dataset_id=dataset_name(self.root.name),
            title="The Tate Collection",
            key_rule="accession number (acno)",
            fingerprint=fingerprint_of(stamps),
            licence=licence_of(found.licence),
            homepage="https://github.com/tategallery/collection",
            count=kept.count,
            left_out=tuple(_left_out(self._opened)),
        )

    def categories(self) -> Sequence[Category]:
        """The tree of subjects: as its file lists it, else as the artworks nest it."""
        return [Category(key, node.name, node.parents) for key, node in self._opened.nodes.items()]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Artworks in the order of their files or lines."""
        return self._opened.kept.batches(size, start)

    @cached_property
    def _opened(self) -> _Opened:
        faults = FaultList()
        found = found_in(self.root, faults)
        if found is None:
            faults.raise_if_any("the collection cannot be dug", self._path, "Correct these")
            raise SourceError("no artworks", self._path, f"It holds {' or '.join(ARTWORKS)}")
        with collector_paused():
            artists = Artists(_artists(found, faults))
            nodes = tree_of(found.tree.path, faults) if found.tree else {}
        reading = Reading(nodes, closed=found.tree is not None, faults=faults)
        said_in = (found.artworks.name, found.artists.name if found.artists else "")
        kept = Kept(_batches(reading, records(found.artworks, faults), artists, said_in))
        if not found.tree:
            check_rings(nodes, found.artworks.name, faults)
        faults.raise_if_any("the collection cannot be dug", self._path, "Correct these")
        if not kept.count:
            raise SourceError("no artworks in it", str(found.artworks.path))
        return _Opened(found, nodes, artists, kept, reading)


def _artists(found: Found, faults: FaultList) -> Iterator[Record]:
    for place, record in records(found.artists, faults) if found.artists else ():
        if type(record.get("id")) not in IDS:
            faults.add(place, "no id that is text or a whole number")
        elif is_too_deep(record):
            faults.add(place, TOO_DEEP)
        else:
            yield record


def _batches(
    reading: Reading,
    found: Iterable[tuple[str, Record]],
    artists: Artists,
    said_in: tuple[str, str],
) -> Iterator[Batch]:
    works = reading.works(found)
    while run := list(islice(works, CHUNK)):
        if not reading.faults.count:  # else they are read for their faults alone
            try:
                yield batch_of_works(run, reading.subjects, artists, said_in)
                continue
            except (KeyError, RecursionError):
                pass
        reading.check(run)


def _left_out(opened: _Opened) -> Iterator[str]:
    artists, reading = opened.artists, opened.reading
    yield from opened.found.not_read
    if reading.renamed:
        what = f"{counted(len(reading.renamed), 'subject')} with other names in other artworks"
        yield f"{what}: kept there in the attribute subjects ({_named(reading.renamed)})"
    if reading.told_more:
        what = f"{counted(reading.told_more, 'artwork')} whose subjects say more than id and name"
        yield f"{what}: not in the labels, kept in the attribute subjects"
    if artists.without_works:
        yield f"{counted(artists.without_works, 'artist')} without an artwork here: not read"
    if artists.unknown:
        artworks = counted(artists.unnamed, "artwork")
        what = f"{counted(len(artists.unknown), 'artist')} of {artworks} without a record"
        yield f"{what}: only id and role are known ({_named(artists.unknown)})"


def _named(keys: Iterable[str]) -> str:
    first = sorted(keys)
    return ", ".join(first[:NAMED]) + (", …" if len(first) > NAMED else "")


def open_source(rest: str, options: SourceOptions) -> Tate:
    """The collection in the folder that `rest` names. Raises SourceError where it is none."""
    return Tate(rest, options)
