"""Artworks of Tate's collection as rows: a run of records at a time, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from excavate.model import (
    ATTRIBUTE_COLUMNS,
    ITEM_COLUMNS,
    LABEL_COLUMNS,
    NO_SPLIT,
    REGION_COLUMNS,
    Batch,
    as_text,
)
from excavate.sources.tate_records import Node, Record

KEY, CREATOR, PAGE = "acno", "all_artists", "url"
CARRIED = {KEY, "subject_ids", "artist_ids", "subjects"}  # by key, labels and artists
PREFIX = "artist."  # what is said of the artist, not of the artwork
NONE = REGION_COLUMNS.empty_table()


class Artist(NamedTuple):
    """Who made an artwork, in which role, and what its own record says of them."""

    key: Any  # their id, as text or a number
    role: str | None
    said: Record


class Work(NamedTuple):
    """An artwork: its record, its subjects' ids, its artists, the names of its movements."""

    place: str
    record: Record
    subjects: Sequence[Any]
    artists: Sequence[Artist]
    movements: Sequence[str]


class Artists:
    """What is said of each artist, ready to be set beside their artworks."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Records with an `id`; where two have the same, both are kept."""
        by_id: dict[str, list[Record]] = {}
        for record in records:
            by_id.setdefault(str(record["id"]), []).append(record)
        said = [list(chain.from_iterable(r.items() for r in group)) for group in by_id.values()]
        pairs = list(chain.from_iterable(said))
        prefixed = {name: PREFIX + name for name, _ in pairs}
        self._number = _numbered(by_id)
        self._counts = np.fromiter(map(len, said), np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._names = pa.array([prefixed[name] for name, _ in pairs], pa.string())
        self._values = pa.array([as_text(value) for _, value in pairs], pa.string())
        self._shown: set[int] = set()
        self.unknown: set[str] = set()
        self.unnamed = 0  # artworks that name one of these

    @property
    def without_works(self) -> int:
        """How many have no artwork among those that were read."""
        return len(self._counts) - len(self._shown)

    def beside(self, works: Sequence[Work]) -> tuple[Any, pa.Array, pa.Array]:
        """(row, name, value) of all that is said of the artists of these works."""
        rows, numbers = [], []
        for row, work in enumerate(works):
            nameless = False
            for artist in work.artists:
                number = self._number.get(artist.key)
                if number is not None:
                    rows.append(row)
                    numbers.append(number)
                elif len(artist.said) < 2:
                    nameless = True
                    self.unknown.add(str(artist.key))
            self.unnamed += nameless
        self._shown.update(numbers)
        chosen_artists = np.array(numbers, np.int64)
        counts = self._counts[chosen_artists]
        places = np.repeat(self._first[chosen_artists] - np.cumsum(counts) + counts, counts)
        chosen = pa.array(places + np.arange(counts.sum()))
        whose = np.repeat(np.array(rows, np.int32), counts)
        return whose, self._names.take(chosen), self._values.take(chosen)

    def told(self, works: Sequence[Work]) -> tuple[Any, pa.Array, pa.Array]:
        """(row, name, value) of artists that have no record but in their artworks'."""
        said = [
            (row, PREFIX + name, as_text(value))
            for row, work in enumerate(works)
            for artist in work.artists
            if artist.key not in self._number
            for name, value in artist.said.items()
        ]
        rows, names, values = zip(*said, strict=True) if said else ((), (), ())
        return np.array(rows, np.int32), pa.array(names, pa.string()), pa.array(values, pa.string())


class Subjects:
    """The subjects, numbered, ready to be set beside the artworks they were seen in."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._number = _numbered(nodes)
        self._ids = pa.array(list(nodes), pa.string())
        self._names = pa.array([node.name for node in nodes.values()], pa.string())

    def __len__(self) -> int:
        return len(self._ids)

    def unknown(self, keys: Iterable[Any]) -> list[Any]:
        """The ids, as text or numbers, that are no subject's."""
        return [key for key in keys if key not in self._number]

    def labels(self, works: Sequence[Work]) -> pa.Table:
        """Labels `subject`, then `movement`, of each work. KeyError where a subject is unknown."""
        keys = chain.from_iterable(work.subjects for work in works)
        numbers = np.fromiter(map(self._number.__getitem__, keys), np.int64)
        movements = [name for work in works for name in work.movements]
        chosen = pa.array(numbers)
        rows = np.concatenate([_rows(len(w.subjects) for w in works),
                               _rows(len(w.movements) for w in works)])  # fmt: skip
        order = pa.array(np.argsort(rows, kind="stable"))
        fields = [_same("subject", len(numbers)), _same("movement", len(movements))]
        values = [self._names.take(chosen), pa.array(movements, pa.string())]
        ids = [self._ids.take(chosen), pa.nulls(len(movements), pa.string())]
        columns = [
            pa.array(rows, pa.int32()),
            *(pa.concat_arrays(pieces) for pieces in (fields, values, ids)),
            _same("source", len(rows)),
        ]
        return pa.Table.from_arrays(columns, schema=LABEL_COLUMNS).take(order)


def batch_of_works(
    works: Sequence[Work], subjects: Subjects, artists: Artists, said_in: tuple[str, str]
) -> Batch:
    """Artworks as a Batch; `said_in` names where the artworks and the artists are described."""
    records = [work.record for work in works]
    attributes = _attributes(works, records, artists, said_in)
    return Batch(_items(records), subjects.labels(works), NONE, attributes)


def _items(records: Sequence[Record]) -> pa.Table:
    found = {
        "key": pa.array([r[KEY] for r in records], pa.string()),
        "split": _same(NO_SPLIT, len(records)),
        "creator": pa.array([as_text(r.get(CREATOR)) for r in records], pa.string()),
        "source_url": pa.array([as_text(r.get(PAGE)) for r in records], pa.string()),
    }
    nulls = {f.name: pa.nulls(len(records), f.type) for f in ITEM_COLUMNS if f.name not in found}
    return pa.Table.from_arrays(
        [(found | nulls)[n] for n in ITEM_COLUMNS.names], schema=ITEM_COLUMNS
    )


def _attributes(
    works: Sequence[Work], records: Sequence[Record], artists: Artists, said_in: tuple[str, str]
) -> pa.Table:
    pieces = [*_fields(records), _roles(works), artists.told(works)]
    beside = artists.beside(works)
    own = sum(len(rows) for rows, *_ in pieces)
    pieces.append(beside)
    rows = np.concatenate([rows for rows, *_ in pieces])
    order = pa.array(np.argsort(rows, kind="stable"))
    columns = [
        pa.array(rows, pa.int32()),
        pa.concat_arrays([names for _, names, _ in pieces]),
        pa.concat_arrays([values for *_, values in pieces]),
        _same("metadata", len(rows)),
        pa.concat_arrays([_same(said_in[0], own), _same(said_in[1], len(rows) - own)]),
    ]
    return pa.Table.from_arrays(columns, schema=ATTRIBUTE_COLUMNS).take(order)


def _fields(records: Sequence[Record]) -> Iterator[tuple[Any, pa.Array, pa.Array]]:
    """Each field of the artworks' own, from the records that have it."""
    every = np.arange(len(records), dtype=np.int32)
    names = list(records[0])
    if all(list(record) == names for record in records):
        columns = zip(
            names, zip(*(record.values() for record in records), strict=True), strict=True
        )
        yield from (_column(n, every, values) for n, values in columns if n not in CARRIED)
        return
    for name in dict.fromkeys(chain.from_iterable(records)):
        if name not in CARRIED:
            there = [name in record for record in records]
            yield _column(name, every[there], [r[name] for r in records if name in r])


def _column(name: str, rows: Any, values: Sequence[Any]) -> tuple[Any, pa.Array, pa.Array]:
    if not set(map(type, values)) <= {str, type(None)}:
        values = [as_text(value) for value in values]
    return rows, _same(name, len(values)), pa.array(values, pa.string())


def _roles(works: Sequence[Work]) -> tuple[Any, pa.Array, pa.Array]:
    rows = _rows(len(work.artists) for work in works)
    roles = [artist.role for work in works for artist in work.artists]
    return rows, _same(f"{PREFIX}role", len(roles)), pa.array(roles, pa.string())


def _rows(lengths: Iterable[int]) -> Any:
    counts = np.fromiter(lengths, np.int64)
    return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def _numbered(keys: Iterable[str]) -> dict[Any, int]:
    """Each key's place, to be asked for as text or, where it is one, as a number."""
    found: dict[Any, int] = {key: number for number, key in enumerate(keys)}
    numerals = [key for key in found if key.isdecimal()]
    found.update(zip(map(int, numerals), map(found.__getitem__, numerals), strict=True))
    return found


def _same(word: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.string()), count)
