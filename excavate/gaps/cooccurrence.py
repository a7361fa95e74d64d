"""Which items have which values, as sparse matrices, and how many have two of them. Exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.progress import Progress, silent

MOST_PAIRS = 2_000_000  # pairs of values looked at together; about 300 MB
SEVERAL = 0.5  # of a field's items say several values: then it is held against itself


@dataclass(frozen=True, slots=True)
class Stated:
    """What one field says of items: `items` int64 (m,), `values` m strings, null: nothing said.

    An item may come several times (several values), or not at all (nothing said of it).
    """

    items: np.ndarray
    values: Sequence[str | None] | pa.Array


@dataclass(frozen=True, slots=True)
class Membership:
    """The values of a field that enough items have, in order of the alphabet.

    `matrix`: sparse (items, values), 1 where the item has the value. `stated`: bool (items,).
    `left_out`: values that too few items have. `several`: whether most items say several values;
    where most say one, that one alone keeps the others away, and nothing is to be learned.
    """

    field: str
    names: Sequence[str]
    matrix: Any
    stated: np.ndarray
    left_out: int
    several: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of values, each column (pairs,): two fields and a value of each, by number.

    Of the `total` items of which both fields say something `with_x` have x, `with_y` have y,
    `both` have the two.
    """

    x_field: np.ndarray
    y_field: np.ndarray
    x: np.ndarray
    y: np.ndarray
    total: np.ndarray
    with_x: np.ndarray
    with_y: np.ndarray
    both: np.ndarray

    @property
    def counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """both, with_x, with_y, total: as pair_statistics takes them."""
        return self.both, self.with_x, self.with_y, self.total

    def take(self, at: np.ndarray) -> Pairs:
        """Some of them, in this order."""
        return Pairs(*(getattr(self, name)[at] for name in Pairs.__slots__))


def membership(field: str, said: Stated, count: int, least: int) -> Membership:
    """Values that at least `least` of `count` items have. O(m); memory O(m)."""
    every, texts = _every_value(said, count)
    support = np.bincount(every.indices, minlength=len(texts))
    kept = np.flatnonzero(support >= least)
    kept = kept[np.argsort(texts[kept], kind="stable")]
    said_of = np.diff(every.indptr)
    several = int((said_of > 1).sum()) >= SEVERAL * max(1, int((said_of > 0).sum()))
    left_out = int((support > 0).sum()) - len(kept)
    matrix = every[:, kept]
    return Membership(field, list(texts[kept]), matrix, said_of > 0, left_out, several)


def _every_value(said: Stated, count: int) -> tuple[Any, np.ndarray]:
    """(1 where an item has a value, the values' texts). Blank is not stated."""
    from scipy.sparse import csr_array

    coded = pa.array(said.values, pa.string()).dictionary_encode()
    texts = coded.dictionary.to_numpy(zero_copy_only=False)
    codes = pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)
    blank = np.array([not text.strip() for text in texts] + [True])  # the last: nothing said
    there = ~blank[codes]
    at = (said.items[there], codes[there])
    every = csr_array((np.ones(len(at[0]), np.int64), at), shape=(count, len(texts)))
    every.sum_duplicates()
    every.data[:] = 1
    return every, texts


def fitting(members: Sequence[Membership], most: int = MOST_PAIRS) -> list[Membership]:
    """The fields, each cut to so many of its values (the most frequent) that the pairs fit."""
    sizes = [len(m.names) for m in members]
    low, high = 0, max(sizes, default=0)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _pairs(members, [min(s, middle) for s in sizes]) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return [_cut(m, low) for m in members]


def pairs_of(members: Sequence[Membership]) -> list[tuple[int, int]]:
    """Numbers of the fields to hold against each other; with itself one that says several."""
    itself = [(n, n) for n, m in enumerate(members) if m.several]
    return itself + list(combinations(range(len(members)), 2))


def counted(members: Sequence[Membership], progress: Progress = silent) -> Pairs:
    """Every pair of values; those with a value that none or all of the items have are left out."""
    held = pairs_of(members)
    found = [_none()]
    for done, (one, other) in enumerate(held):
        progress("count pairs", done, len(held))
        found.append(_counted(one, other, members[one], members[other]))
    columns = ([getattr(p, name) for p in found] for name in Pairs.__slots__)
    return Pairs(*map(np.concatenate, columns))


def _none() -> Pairs:
    return Pairs(*(np.zeros(0, np.int64) for _ in Pairs.__slots__))


def _counted(one: int, other: int, x: Membership, y: Membership) -> Pairs:
    said = x.stated & y.stated
    total = int(said.sum())
    left, right = (m.matrix if said.all() else m.matrix[said] for m in (x, y))
    with_x, with_y = (np.asarray(m.sum(axis=0)).ravel() for m in (left, right))
    telling = np.outer((with_x > 0) & (with_x < total), (with_y > 0) & (with_y < total))
    i, j = np.nonzero(np.triu(telling, 1) if one == other else telling)
    both = (left.T @ right).toarray()[i, j]
    each = np.full(len(i), one), np.full(len(i), other)
    margins = np.full(len(i), total), with_x[i], with_y[j]
    return Pairs(*each, i, j, *margins, both)


def _pairs(members: Sequence[Membership], sizes: Sequence[int]) -> int:
    return sum(
        sizes[a] * (sizes[a] - 1) // 2 if a == b else sizes[a] * sizes[b]
        for a, b in pairs_of(members)
    )


def _cut(member: Membership, most: int) -> Membership:
    if len(member.names) <= most:
        return member
    support = np.asarray(member.matrix.sum(axis=0)).ravel()
    kept = np.sort(np.argsort(-support, kind="stable")[:most])
    return Membership(
        member.field, [member.names[n] for n in kept], member.matrix[:, kept], member.stated,
        member.left_out + len(member.names) - most, member.several,
    )  # fmt: skip


def memberships(
    fields: Mapping[str, Stated], count: int, least: int, most: int = MOST_PAIRS
) -> list[Membership]:
    """All fields, cut to what fits; one of which too few items say the same has no names."""
    return fitting([membership(n, said, count, least) for n, said in fields.items()], most)
