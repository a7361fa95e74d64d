"""`intersections` beside what counts every combination and then looks for nothing: DuckDB's CUBE.

The peer counts all 256 groupings; ours counts them and searches the patterns. FairFace's three
columns beside a bare pandas groupby of each grouping.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from benchmarks.neighbours import timed
from benchmarks.real import SHARED
from excavate.gaps.finding import Measured, Outcome
from excavate.gaps.intersections import intersections

ROWS, WIDTH, VALUES = 1_000_000, 8, "abcde"
CUBE = "SELECT count(*) FROM (SELECT {columns}, count(*) FROM items GROUP BY CUBE ({columns}))"


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time."""
    return [*_million(), _fairface()]


def _million() -> list[dict[str, Any]]:
    draws = np.random.default_rng(0)
    codes = draws.integers(0, len(VALUES), (WIDTH, ROWS), dtype=np.int8)
    names = pa.array(list(VALUES))
    arrow = {
        f"c{n}": pa.DictionaryArray.from_arrays(pa.array(c), names) for n, c in enumerate(codes)
    }
    listed = {name: column.to_pylist() for name, column in arrow.items()}
    theirs, cells = timed(lambda: _cube(arrow), rounds=2)
    rows = []
    for kind, columns in (("lists of text", listed), ("Arrow dictionaries", arrow)):
        ours, found = timed(lambda c=columns: intersections(c), rounds=2)
        name = f"{ROWS:,} x {WIDTH} attributes of {len(VALUES)} values, {kind} (wanted: < 10 s)"
        note = f"{_patterns(found):,} patterns; DuckDB's CUBE counts {cells:,} cells"
        rows.append(_row(name, ours, theirs, note))
    return rows


def _cube(columns: dict[str, pa.Array]) -> int:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads=2")
    connection.execute("SET enable_progress_bar=false")
    connection.register("items", pa.table(columns))
    found = connection.execute(CUBE.format(columns=", ".join(columns))).fetchone()
    connection.close()
    return int(found[0])


def _fairface() -> dict[str, Any]:
    files = sorted((SHARED / "fairface-labels").glob("*.csv"))
    table = pa.concat_tables([csv.read_csv(file) for file in files])
    columns = {name: table[name].to_pylist() for name in ("age", "gender", "race")}
    frame = table.select(list(columns)).to_pandas()
    subsets = [s for n in (1, 2, 3) for s in itertools.combinations(columns, n)]
    theirs, _ = timed(lambda: [frame.groupby(list(s)).size() for s in subsets])
    ours, found = timed(lambda: intersections(columns))
    name = f"FairFace's {len(frame):,} x 3, lists of text (wanted: < 0.3 s)"
    return _row(name, ours, theirs, f"{_patterns(found)} patterns; pandas groupby of 7 groupings")


def _patterns(found: Outcome) -> int:
    assert isinstance(found, Measured), found
    return int(found.figures["patterns"].value)


def _row(name: str, ours: float, theirs: float, note: str) -> dict[str, Any]:
    return {
        "name": name, "ours_s": ours, "theirs_s": theirs, "ratio": ours / theirs, "note": note,
    }  # fmt: skip
