"""FairFace's 126 cells, each removed in turn: `intersections` has to name it, and nothing else."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from benchmarks.real import SHARED
from excavate.gaps.finding import Measured
from excavate.gaps.intersections import intersections

COLUMNS = ("age", "gender", "race")
Cell = tuple[str, ...]


def fairface() -> pa.Table:
    """Both splits: 97,698 rows."""
    files = sorted((SHARED / "fairface-labels").glob("*.csv"))
    return pa.concat_tables([csv.read_csv(file) for file in files]).select(COLUMNS)


def removed_in_turn(table: pa.Table) -> tuple[list[Cell], list[Cell]]:
    """(every cell, those that were the one row when they were gone), tau derived."""
    rows = list(zip(*(table[name].to_pylist() for name in COLUMNS), strict=True))
    cells = sorted(Counter(rows))
    number = {cell: n for n, cell in enumerate(cells)}
    at = np.array([number[row] for row in rows])
    coded = {name: table[name].combine_chunks().dictionary_encode() for name in COLUMNS}
    return cells, [cell for n, cell in enumerate(cells) if patterns(coded, at != n) == [cell]]


def patterns(columns: dict[str, pa.Array], kept: np.ndarray) -> list[Cell]:
    """The combinations that the measure tells of these items."""
    found = intersections({name: c.filter(pa.array(kept)) for name, c in columns.items()})
    assert isinstance(found, Measured), found
    return [tuple(dict(row).values()) for row in found.rows["pattern"].to_pylist()]


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, ratio, note}]: the share of removed cells that were told, alone."""
    table = fairface()
    begun = time.perf_counter()
    cells, told = removed_in_turn(table)
    seconds = time.perf_counter() - begun
    coded = {name: table[name].combine_chunks().dictionary_encode() for name in COLUMNS}
    alarms = patterns(coded, np.ones(len(table), bool))
    return [
        {
            "name": f"intersections: FairFace's {len(cells)} cells removed in turn",
            "ours_s": seconds,
            "ratio": len(told) / len(cells),
            "note": f"{len(told)} told and nothing else; nothing removed: {len(alarms)} told",
        }
    ]
