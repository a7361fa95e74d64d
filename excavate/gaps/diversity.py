"""Diversity: how much is repetition, and how many categories may never have been drawn.

`repetition` is the Vendi score (vendi.py) of a dataset's vectors, over n, and of the items of each
label. It grows with n, so labels are compared by samples of one size; told are those that are
less diverse than half of the labels, with 95 % of the draws. It sees what the encoder sees.

`undrawn` is Chao's lower bound and Good and Turing's coverage (unseen.py) of the categories of
each field of labels. That this is asked of a dataset at all is our extension.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.unseen import chao, covered
from excavate.gaps.vendi import of_draws, vendi
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "diversity"
MOST_LABELS, MOST_ROWS, SHOWN = 2_000, 10_000, 24
FEWEST = 10  # items of a label that is compared
REPEATED = pa.schema(
    [
        pa.field("field", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("n", pa.int64(), nullable=False),
        pa.field("vendi", pa.float64(), nullable=False),
        pa.field("vendi_per_item", pa.float64(), nullable=False),
        pa.field("rarefied", pa.float64(), nullable=False),  # mean of the draws
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)
UNDRAWN = pa.schema(
    [
        pa.field("field", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),  # "": the row is of the whole field
        pa.field("items_labelled", pa.int64(), nullable=False),
        pa.field("seen", pa.int64(), nullable=False),
        pa.field("once", pa.int64(), nullable=False),
        pa.field("twice", pa.int64(), nullable=False),
        pa.field("estimated", pa.float64(), nullable=False),
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
        pa.field("coverage", pa.float64(), nullable=False),
        pa.field("items", pa.list_(pa.string()), nullable=False),  # of categories seen once
    ]
)
Groups = Mapping[tuple[str, str], np.ndarray]  # (field, label) -> places of its items


@dataclass(frozen=True, slots=True)
class Drawing:
    """How labels are compared. `size`: items of a sample; 0: half the smallest label's."""

    size: int = 0
    draws: int = 50
    seed: int = 0
    every: bool = False  # tell all labels, not only the less diverse ones


def repetition(
    vectors: np.ndarray,
    item_ids: Sequence[str],
    groups: Groups,
    drawing: Drawing,
    progress: Progress = silent,
) -> Outcome:
    """Vendi scores of vectors (n, d), of length 1, and of the labels' items (>= FEWEST)."""
    given = {name: getattr(drawing, name) for name in Drawing.__slots__}
    why, details = _refusal(vectors)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    chosen = _compared(groups)
    size = drawing.size or max(2, min((len(at) for at in chosen.values()), default=4) // 2)
    rows = []
    for done, (name, at) in enumerate(chosen.items()):
        progress("labels", done, len(chosen))
        if len(at) > size:
            rows.append(_repeated(name, vectors[at], at, item_ids, size, drawing))
    table = _table(_less_diverse(rows, drawing), REPEATED)
    told = _figures(vectors, min(size, len(vectors)), drawing)
    told |= {"labels": Figure(len(rows)), "labels_left_out": Figure(len(groups) - len(rows))}
    given["size"] = size
    return Measured(MEASURE, given, Reference("itself"), table, told, len(rows))


def _refusal(vectors: np.ndarray) -> tuple[str, dict[str, int]]:
    if len(vectors) < 2:
        return N_("fewer than two items have a vector"), {}
    lengths = np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64)
    strange = int((~(np.abs(lengths - 1) < 0.01)).sum())
    if strange:
        return N_("{count} vectors are not finite numbers of length 1"), {"count": strange}
    return "", {}


def _figures(vectors: np.ndarray, size: int, drawing: Drawing) -> dict[str, Figure]:
    score = vendi(vectors)
    scores = of_draws(vectors, size, drawing.draws, np.random.default_rng(drawing.seed))
    low, high = np.quantile(scores, [0.025, 0.975])
    return {
        "n": Figure(len(vectors)),
        "vendi": Figure(score),
        "vendi_per_item": Figure(score / len(vectors)),
        "rarefied": Figure(float(scores.mean()), float(low), float(high)),
    }


def _compared(groups: Groups) -> dict[tuple[str, str], np.ndarray]:
    enough = {name: at for name, at in groups.items() if len(at) >= FEWEST}
    largest = sorted(enough, key=lambda name: (-len(enough[name]), name))[:MOST_LABELS]
    return {name: enough[name] for name in sorted(largest)}


def _repeated(
    name: tuple[str, str],
    vectors: np.ndarray,
    at: np.ndarray,
    item_ids: Sequence[str],
    size: int,
    drawing: Drawing,
) -> dict[str, Any]:
    random = np.random.default_rng([drawing.seed, crc32("\0".join(name).encode())])
    scores = of_draws(vectors, size, drawing.draws, random)
    score = vendi(vectors)
    low, high = np.quantile(scores, [0.025, 0.975])
    alike = np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")[:SHOWN]
    return {
        "field": name[0], "label": name[1], "n": len(at), "vendi": score,
        "vendi_per_item": score / len(at), "rarefied": float(scores.mean()),
        "low": float(low), "high": float(high), "items": [item_ids[n] for n in at[alike]],
    }  # fmt: skip


def _less_diverse(rows: list[dict[str, Any]], drawing: Drawing) -> list[dict[str, Any]]:
    """Those of which 95 % of the draws lie below the median of the labels; the least first."""
    half = float(np.median([row["rarefied"] for row in rows])) if rows else 0.0
    told = [row for row in rows if drawing.every or row["high"] < half]
    return sorted(told, key=lambda row: (row["rarefied"], row["field"], row["label"]))


def undrawn(
    labels: Mapping[str, tuple[np.ndarray, np.ndarray]], item_ids: Sequence[str]
) -> Outcome:
    """Categories that may not have been drawn, by field: `labels` has (items, codes) of each,
    one pair for each distinct label, codes from 0 without gaps."""
    said = {name: pair for name, pair in labels.items() if len(pair[0])}
    if not said:
        return NotMeasured(MEASURE, {}, N_("no item has a label"))
    many = {n: len(np.unique(codes)) for n, (_, codes) in said.items()}
    if max(many.values()) < 2:
        return NotMeasured(MEASURE, {}, N_("one category alone says nothing of others"))
    figures: dict[str, Figure] = {}
    rows = []
    for name, (items, codes) in sorted(said.items()):
        row, told = _field(name, items, codes, item_ids)
        figures |= told
        if row["estimated"] - row["seen"] >= 0.5:
            rows.append(row)
    rows.sort(key=lambda row: (row["seen"] / row["estimated"], row["field"]))
    return Measured(MEASURE, {}, Reference("itself"), _table(rows, UNDRAWN), figures, len(said))


def _field(
    name: str, items: np.ndarray, codes: np.ndarray, item_ids: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Figure]]:
    counts = np.bincount(codes)
    labelled = len(np.unique(items))
    estimated, coverage = chao(counts, labelled), covered(counts)
    once = items[counts[codes] == 1][:SHOWN]
    row = {
        "field": name, "label": "", "items_labelled": labelled, "seen": int((counts > 0).sum()),
        "once": int((counts == 1).sum()), "twice": int((counts == 2).sum()),
        "estimated": estimated.value, "low": estimated.low, "high": estimated.high,
        "coverage": coverage.value, "items": [item_ids[n] for n in once.tolist()],
    }  # fmt: skip
    return row, {f"estimated:{name}": estimated, f"coverage:{name}": coverage}


def _table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    columns = {name: [row[name] for row in rows[:MOST_ROWS]] for name in schema.names}
    return pa.table(columns, schema)
