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
from excavate.sources.json_text import spelled
from excavate.sources.tate_records import Record
from excavate.sources.tate_tree import Node

KEY, CREATOR, PAGE = "acno", "all_artists", "url"
CARRIED = {KEY, "subject_ids", "artist_ids"}  # by key, labels and artists
PREFIX = "artist."  # what is said of the artist, not of the artwork
PLAIN, NESTED = {str, type(None)}, {dict, list}
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


class Said(NamedTuple):
    """Attributes: which work's, the number of the name, the value; arrays of one length."""

    rows: Any
    names: Any
    values: pa.Array


class Words:
    """Words by their numbers: a column that repeats a few of them is quick to make."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def number(self, word: str) -> int:
        """Its number, a new one where it was not met before."""
        return self._number.setdefault(word, len(self._number))

    def column(self, numbers: Any) -> pa.Array:
        """The words of these numbers."""
        return pa.array(list(self._number), pa.string()).take(pa.array(numbers))


class Artists:
    """What is said of each artist, ready to be set beside their artworks."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Records with an `id`; where two have the same, both are kept."""
        by_id: dict[str, list[Record]] = {}
        for record in records:
            by_id.setdefault(str(record["id"]), []).append(record)
        said = [list(chain.from_iterable(r.items() for r in group)) for group in by_id.values()]
        pairs = list(chain.from_iterable(said))
        self.words = Words()  # the names of all attributes
        numbers = {name: self.words.number(PREFIX + name) for name, _ in pairs}
        self._number = _numbered(by_id)
        self._counts = np.fromiter(map(len, said), np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._names = np.fromiter((numbers[name] for name, _ in pairs), np.int32)
        self._values = _texts([value for _, value in pairs])
        self._shown: set[int] = set()
        self.unknown: set[str] = set()
        self.unnamed = 0  # artworks that name one of these

    @property
    def without_works(self) -> int:
        """How many have no artwork among those that were read."""
        return len(self._counts) - len(self._shown)

    def beside(self, works: Sequence[Work]) -> Said:
        """All that is said of the artists of these works."""
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
        chosen = places + np.arange(counts.sum())
        whose = np.repeat(np.array(rows, np.int32), counts)
        return Said(whose, self._names[chosen], self._values.take(pa.array(chosen)))

    def told(self, works: Sequence[Work]) -> Said:
        """What is said of artists that have no record but in their artworks'."""
        said = [
            (row, self.words.number(PREFIX + name), value)
            for row, work in enumerate(works)
            for artist in work.artists
            if artist.key not in self._number
            for name, value in artist.said.items()
        ]
        rows, names, values = zip(*said, strict=True) if said else ((), (), ())
        return Said(np.array(rows, np.int32), np.array(names, np.int32), _texts(values))


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
        keys = chain.from_iterable([work.subjects for work in works])
        numbers = np.array(list(map(self._number.__getitem__, keys)), np.int32)
        movements = [name for work in works for name in work.movements]
        chosen = pa.array(numbers)
        rows = np.concatenate([_rows(len(w.subjects) for w in works),
                               _rows(len(w.movements) for w in works)])  # fmt: skip
        fields = [_same("subject", len(numbers)), _same("movement", len(movements))]
        values = [self._names.take(chosen), pa.array(movements, pa.string())]
        ids = [self._ids.take(chosen), pa.nulls(len(movements), pa.string())]
        columns = [
            pa.array(rows, pa.int32()),
            *(pa.concat_arrays(pieces) for pieces in (fields, values, ids)),
            _same("source", len(rows)),
        ]
        table = pa.Table.from_arrays(columns, schema=LABEL_COLUMNS)
        return table.take(pa.array(np.argsort(rows, kind="stable"))) if movements else table


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
        "creator": _texts([record.get(CREATOR) for record in records]),
        "source_url": _texts([record.get(PAGE) for record in records]),
    }
    nulls = {f.name: pa.nulls(len(records), f.type) for f in ITEM_COLUMNS if f.name not in found}
    return pa.Table.from_arrays(
        [(found | nulls)[n] for n in ITEM_COLUMNS.names], schema=ITEM_COLUMNS
    )


def _attributes(
    works: Sequence[Work], records: Sequence[Record], artists: Artists, said_in: tuple[str, str]
) -> pa.Table:
    words, beside = artists.words, artists.beside(works)
    pieces = [*_fields(records, words), _roles(works, words), artists.told(works), beside]
    rows = np.concatenate([piece.rows for piece in pieces])
    order = np.argsort(rows, kind="stable")
    of_artists = order >= len(rows) - len(beside.rows)
    columns = [
        pa.array(rows[order]),
        words.column(np.concatenate([piece.names for piece in pieces])[order]),
        pa.concat_arrays([piece.values for piece in pieces]).take(pa.array(order)),
        _same("metadata", len(rows)),
        pa.array(said_in, pa.string()).take(pa.array(of_artists.view(np.int8))),
    ]
    return pa.Table.from_arrays(columns, schema=ATTRIBUTE_COLUMNS)


def _fields(records: Sequence[Record], words: Words) -> Iterator[Said]:
    """Each field of the artworks' own, from the records that have it."""
    every = np.arange(len(records), dtype=np.int32)
    if len(set(map(tuple, records))) == 1:  # all have the same, in the same order
        columns = zip(*map(dict.values, records), strict=True)
        for name, values in zip(records[0], columns, strict=True):
            if name not in CARRIED:
                yield _said(every, words.number(name), values)
        return
    for name in dict.fromkeys(chain.from_iterable(records)):
        if name not in CARRIED:
            there = [name in record for record in records]
            found = [record[name] for record in records if name in record]
            yield _said(every[there], words.number(name), found)


def _roles(works: Sequence[Work], words: Words) -> Said:
    rows = _rows(len(work.artists) for work in works)
    roles = [artist.role for work in works for artist in work.artists]
    return _said(rows, words.number(f"{PREFIX}role"), roles)


def _said(rows: Any, name: int, values: Sequence[Any]) -> Said:
    return Said(rows, np.full(len(rows), name, np.int32), _texts(values))


def _texts(values: Sequence[Any]) -> pa.Array:
    """What as_text makes of each."""
    types = set(map(type, values))
    if types == {int}:
        return pa.array(map(str, values), pa.string())
    if types <= PLAIN:
        return pa.array(values, pa.string())
    texts = [spelled(v) if type(v) in NESTED else as_text(v) for v in values]
    return pa.array(texts, pa.string())


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
