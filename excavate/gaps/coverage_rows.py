"""The rows of `coverage`: regions of R that no item of D lies in, the largest first.

A group of picked items is a region where the balls around them hold clearly less than half of
what is usual: the upper 95 % bound of its density (a Poisson count's, by its score; balls overlap,
so it is a rough one) is below THIN. That is no test of its own: the items were picked for how few
of D lie around them, and new ones from the same place would find more. It keeps out groups that
were picked though D lies among them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from excavate.gaps.naming import named
from excavate.gaps.prdc import NORMAL, Balls
from excavate.gaps.voids import central, grouped

if TYPE_CHECKING:
    from excavate.gaps.coverage import Alone, Side

SHOWN = 24  # pictures of a row
THIN = 0.5  # of the usual density, which is 1 where D is drawn as R is
MEMBERS = 200  # items of a row that are kept with their scores
_TEXTS, _NUMBERS = pa.list_(pa.string()), pa.list_(pa.float64())
ROWS = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),  # labels or an item; no other's
        pa.field("group", pa.int32(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),  # of R's items
        pa.field("score", pa.float64(), nullable=False),
        pa.field("labels", _TEXTS, nullable=False),
        pa.field("label_shares", _NUMBERS, nullable=False),
        pa.field("density", pa.float64(), nullable=False),  # as the figure, of these balls alone
        pa.field("density_high", pa.float64(), nullable=False),
        pa.field("covered", pa.float64(), nullable=False),  # share of these balls that D reaches
        pa.field("items", _TEXTS, nullable=False),
        pa.field("nearest", _TEXTS, nullable=False),  # of D, nearest to the region
        pa.field("members", _TEXTS, nullable=False),
        pa.field("scores", _NUMBERS, nullable=False),
    ]
)


def regions(alone: Alone | None, dataset: Side, found: Balls, seed: int) -> pa.Table:
    """A row a group of the picked items; without rows where nothing was told apart."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if alone is None or not len(alone.ranked.picked):
        return ROWS.empty_table()
    with threadpool_limits(1):  # sums of k-means go by the number of threads
        return pa.Table.from_pylist(_rows(alone, dataset, found, seed), schema=ROWS)


def _rows(alone: Alone, dataset: Side, found: Balls, seed: int) -> list[dict[str, Any]]:
    picked = alone.ranked.picked
    groups = grouped(alone.side.vectors[picked], seed)
    every = [picked[groups == number] for number in range(groups.max() + 1)]
    parts = [part for part in every if _density(found, alone.rows[part])[1] < THIN]
    rows = [_row(alone, dataset, found, part) for part in parts]
    taken: set[str] = set()
    for number, (row, labels) in enumerate(zip(rows, _labels(alone, parts), strict=True), 1):
        name = unlike(labels["labels"] or row["items"][:1], taken)
        row |= {"group": number, "name": name, **labels}
        taken.add(name)
    return rows


def unlike(labels: Sequence[str], taken: Collection[str]) -> str:
    """A name that is not taken: the first label, or as many as it needs, or all with a number.

    The largest region of a label thus keeps the label alone, whatever else is found beside it.
    """
    names = [", ".join(labels[:count]) for count in range(1, len(labels) + 1)]
    numbered = (f"{names[-1]} ({number})" for number in itertools.count(2))
    return next(name for name in itertools.chain(names, numbered) if name not in taken)


def _labels(alone: Alone, parts: Sequence[np.ndarray]) -> list[dict[str, Any]]:
    labels = alone.side.labels
    if not labels:
        return [{"labels": [], "label_shares": []} for _ in parts]
    rest = np.ones(len(alone.side), bool)
    for part in parts:
        rest[part] = False
    said = [[labels[row] for row in part] for part in [*parts, np.flatnonzero(rest)]]
    return [
        {"labels": list(name.labels), "label_shares": list(name.shares)}
        for name in named(said[:-1], said[-1])
    ]


def _row(alone: Alone, dataset: Side, found: Balls, part: np.ndarray) -> dict[str, Any]:
    vectors, ids = alone.side.vectors[part], alone.side.item_ids[part]
    held = found.held[alone.rows[part]]
    scores = alone.ranked.reference[part]
    density, high = _density(found, alone.rows[part])
    return {
        "size": len(part),
        "share": len(part) / len(found.held),
        "score": float(scores.mean()),
        "density": density,
        "density_high": high,
        "covered": float((held > 0).mean()),
        "items": ids[central(vectors)[:SHOWN]].tolist(),
        "nearest": dataset.item_ids[_towards(dataset.vectors, vectors)].tolist(),
        "members": ids[:MEMBERS].tolist(),
        "scores": scores[:MEMBERS].tolist(),
    }


def _density(found: Balls, rows: np.ndarray) -> tuple[float, float]:
    """What these balls hold of D, in units of what is usual, and its upper bound."""
    held = float(found.held[rows].sum())
    usual = len(rows) * found.k * len(found.found) / len(found.held)
    high = held + NORMAL**2 / 2 + NORMAL * math.sqrt(held + NORMAL**2 / 4)
    return held / usual, high / usual


def _towards(dataset: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.argsort(-(dataset @ vectors.mean(axis=0)), kind="stable")[:SHOWN]
