"""Groups of copies as rows: those that cross a split or dataset first, the surest, the largest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from excavate.gaps.grouping import Evidence, components, crowded
from excavate.gaps.hashing import TURNS

MOST_ROWS = 10_000
SHOWN = 24
ROWS = pa.schema(
    [
        pa.field("group", pa.string(), nullable=False),  # its first item
        pa.field("kind", pa.string(), nullable=False),  # the surest method that holds it together
        pa.field("size", pa.int64(), nullable=False),
        pa.field("crossing", pa.bool_(), nullable=False),
        pa.field("splits", pa.list_(pa.string()), nullable=False),
        pa.field("bits", pa.int32()),  # of its nearest pair by hash: how many differ
        pa.field("turn", pa.string()),  # of that pair, where one has to be turned
        pa.field("cosine", pa.float64()),  # of its nearest pair by embedding
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)


def rows_of(
    item_ids: Sequence[str],
    sides: Sequence[str],
    own: np.ndarray,
    evidence: Sequence[Evidence],
    groups: np.ndarray,
) -> tuple[pa.Table, int]:
    """(the strongest groups of two and more as ROWS, how many there are in all).

    Where not every item is `own`, a group has to hold own and other items.
    """
    sizes = np.bincount(groups)
    _, side = np.unique(np.array(sides, dtype=object), return_inverse=True)
    ends = np.where(own, side, side + len(side))  # own items lead; a reference is no split
    crossing = _mixed(groups, ends, len(sizes))
    told = (sizes > 1) if own.all() else _mixed(groups, own.astype(np.int64), len(sizes))
    rank = _ranks(evidence, groups)
    chosen = np.flatnonzero(told)
    order = np.lexsort((chosen, -sizes[chosen], rank[chosen], ~crossing[chosen]))
    kept = chosen[order][:MOST_ROWS]
    nearest = _nearest(evidence, groups, len(sizes))
    members = _members(groups, sizes)
    rows = [
        {
            "group": item_ids[members[g][0]],
            "kind": evidence[rank[g]].method,
            "size": int(sizes[g]),
            "crossing": bool(crossing[g]),
            "splits": sorted({sides[i] for i in members[g]}),
            **{name: values.get(g) for name, values in nearest.items()},
            "items": [item_ids[i] for i in _alternating(members[g], ends)],
        }
        for g in kept.tolist()
    ]
    return pa.Table.from_pylist(rows, schema=ROWS), len(chosen)


def _mixed(groups: np.ndarray, side: np.ndarray, count: int) -> np.ndarray:
    """bool (groups,): whether it holds items of several sides."""
    least = np.full(count, np.iinfo(np.int64).max)
    most = np.full(count, -1)
    np.minimum.at(least, groups, side)
    np.maximum.at(most, groups, side)
    return least < most


def _ranks(evidence: Sequence[Evidence], groups: np.ndarray) -> np.ndarray:
    """int (groups,): how many more methods than the first are needed to hold it together."""
    rank = np.zeros(int(groups.max(initial=-1)) + 1, np.int64)
    for count in range(1, len(evidence)):
        parts = components(len(groups), evidence[:count])
        _, first = np.unique(parts, return_index=True)
        rank += np.bincount(groups[first], minlength=len(rank)) > 1
    return rank


def _members(groups: np.ndarray, sizes: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.cumsum(sizes)[:-1])


def _alternating(members: np.ndarray, side: np.ndarray) -> list[int]:
    """The first of each side, the second of each, …: so that a leak shows both its ends."""
    sides = side[members]
    order = np.argsort(sides, kind="stable")
    place = np.empty(len(members), np.int64)
    starts = np.searchsorted(sides[order], sides[order])
    place[order] = np.arange(len(members)) - starts
    chosen: list[int] = members[np.lexsort((sides, place))][:SHOWN].tolist()
    return chosen


def _nearest(
    evidence: Sequence[Evidence], groups: np.ndarray, count: int
) -> dict[str, dict[int, object]]:
    """{column: {group: value}} of each group's nearest pair by hash and by embedding."""
    found: dict[str, dict[int, object]] = {"bits": {}, "turn": {}, "cosine": {}}
    for said in evidence:
        group_of = _group_of_class(said, groups)
        if said.method == "embedding":
            at, of = _first_of_each(group_of[said.first], -said.value)
            found["cosine"] = dict(zip(of, said.value[at].astype(float).tolist(), strict=True))
        elif said.method == "hash":
            at, of = _first_of_each(group_of[said.first], said.value)
            turns = [TURNS[t] if t else None for t in said.turn[at].tolist()]
            equal = group_of[crowded(said)].tolist()
            found["bits"] = dict(zip(of, said.value[at].tolist(), strict=True))
            found["bits"] |= dict.fromkeys(equal, 0)
            found["turn"] = dict(zip(of, turns, strict=True)) | dict.fromkeys(equal)
    return found


def _group_of_class(said: Evidence, groups: np.ndarray) -> np.ndarray:
    group_of = np.zeros(said.count, np.int64)
    there = said.classes >= 0
    group_of[said.classes[there]] = groups[there]
    return group_of


def _first_of_each(group: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """(where each group's smallest value stands, the groups)."""
    order = np.argsort(value, kind="stable")
    of, first = np.unique(group[order], return_index=True)
    return order[first], of.tolist()
