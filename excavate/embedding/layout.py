"""Layouts: two coordinates for every item, kept with parameters, seed and trustworthiness.

A layout names its datasets and revisions; another dataset means another layout. Where a
dataset only grew, the earlier layout is extended: what was laid out stays to the bit, and new
items are placed by their neighbours and marked `placed`. Coordinates are for looking; nothing
is measured in them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import excavate
from excavate.catalog.computed import Computed, all_computed, computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding.arranging import Parameters, arrange
from excavate.embedding.neighbours import compute_neighbours, origin_of, stacked
from excavate.embedding.placing import placed
from excavate.embedding.reading import load_layout, load_neighbours, load_rows
from excavate.embedding.trust import trustworthiness
from excavate.errors import EncoderError
from excavate.model import Progress, silent

__all__ = ["Parameters", "compute_layout"]


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier layout that can be extended: which rows it knows, and where they are."""

    layout: Computed
    known: np.ndarray  # bool (n,)
    placed: np.ndarray  # bool (n,): placed by an earlier extension
    points: np.ndarray  # float32 (n, 2), 0 where not known


def compute_layout(
    folder: SiteFolder,
    vectors: Sequence[Computed],
    neighbours: Computed,
    asked: Parameters | None = None,
    fresh: bool = False,
    progress: Progress = silent,
) -> Computed:
    """The layout of these vectors with these parameters; computed or extended if it is not there.

    `neighbours` are those of the same vectors; where they are fewer than `asked` wants, more are
    computed. `fresh` lays everything out anew, even where an
    earlier layout could be extended. Raises EncoderError where neighbours and vectors differ.
    """
    asked = asked or Parameters()
    origin = {**_origin(vectors, neighbours), "parameters": _as_dict(asked)}
    there = _finished(folder, origin, fresh)
    if there is not None:
        return there
    rows = _rows(vectors)
    base = None if fresh else _base(folder, origin, rows)
    extends = {"extends": base.layout.id} if base else {}
    target = computed(folder, "layouts", {**origin, **extends})
    progress("layout", 0, None)
    return _computed(target, vectors, neighbours, rows, base, asked, progress)


def _computed(
    target: Computed,
    vectors: Sequence[Computed],
    neighbours: Computed,
    rows: pa.Table,
    base: Base | None,
    asked: Parameters,
    progress: Progress,
) -> Computed:
    started = time.monotonic()
    matrix = stacked(vectors)
    if base is None:
        needed = min(asked.n_neighbors, len(matrix)) - 1
        if neighbours.result["k"] < needed:
            neighbours = compute_neighbours(SiteFolder(target.folder), vectors, needed, progress)
        made = arrange(matrix, *load_neighbours(neighbours), asked)
        points, marks = made.points, np.zeros(len(matrix), bool)
        how: dict[str, Any] = {
            "method": made.method,
            "start": made.start,
            "n_neighbors": made.n_neighbors,
        }
    else:
        points = placed(matrix, base.known, base.points, asked.n_neighbors)
        marks = base.placed | ~base.known
        kept = ("method", "start", "n_neighbors")
        how = {name: base.layout.result[name] for name in kept}
    _save(target, rows, points, marks)
    trust = trustworthiness(matrix, points, asked.n_neighbors, asked.seed)
    progress("layout", len(matrix), len(matrix))
    result = {
        "rows": len(matrix),
        "placed": int(marks.sum()),
        **how,
        **trust.as_result(),
        "spec": vectors[0].result["spec"],
        "trained_on": vectors[0].result["trained_on"],
        "neighbours": neighbours.id,
        "seconds": round(time.monotonic() - started, 3),
        "code_version": excavate.__version__,
    }
    return target.finish(result)


def _origin(vectors: Sequence[Computed], neighbours: Computed) -> dict[str, Any]:
    origin = origin_of(vectors)
    if list(neighbours.provenance["vectors"]) != origin["vectors"]:
        todo = "Compute the neighbours of these vectors first"
        raise EncoderError("these are the neighbours of other vectors", neighbours.id, todo)
    return origin


def _as_dict(asked: Parameters) -> dict[str, Any]:
    named = {"n_neighbors": asked.n_neighbors, "min_dist": asked.min_dist, "seed": asked.seed}
    return {"method": "umap", **named}


def _finished(folder: SiteFolder, origin: dict[str, Any], fresh: bool) -> Computed | None:
    """The newest finished layout of this origin; with `fresh`, one that extends none."""
    found = [
        c
        for c in all_computed(folder, "layouts")
        if {k: v for k, v in c.provenance.items() if k != "extends"} == origin
        and not (fresh and "extends" in c.provenance)
    ]
    return found[-1] if found else None


def _base(folder: SiteFolder, origin: dict[str, Any], rows: pa.Table) -> Base | None:
    """The earlier layout all of whose items are still there: the largest, then the newest."""
    datasets = [name for name, _ in origin["datasets"]]
    alike = [
        earlier
        for earlier in all_computed(folder, "layouts")
        if all(earlier.provenance[key] == origin[key] for key in ("encoder", "parameters"))
        and [name for name, _ in earlier.provenance["datasets"]] == datasets
    ]
    largest_first = sorted(alike, key=lambda c: (c.result["rows"], c.made_at), reverse=True)
    return next((base for c in largest_first if (base := _matched(c, rows))), None)


def _matched(earlier: Computed, rows: pa.Table) -> Base | None:
    before = load_layout(earlier)
    if not 0 < before.num_rows <= rows.num_rows:
        return None
    now = {key: row for row, key in enumerate(_keys(rows))}
    found = [now.get(key, -1) for key in _keys(before)]
    if -1 in found:
        return None
    known = np.zeros(rows.num_rows, bool)
    marks, points = np.zeros(rows.num_rows, bool), np.zeros((rows.num_rows, 2), np.float32)
    known[found] = True
    marks[found] = before["placed"].to_numpy()
    points[found] = np.stack([before["x"].to_numpy(), before["y"].to_numpy()], axis=1)
    return Base(earlier, known, marks, points)


def _keys(rows: pa.Table) -> list[tuple[str, str | None]]:
    return list(zip(rows["item_id"].to_pylist(), rows["sha256"].to_pylist(), strict=True))


def _rows(vectors: Sequence[Computed]) -> pa.Table:
    tables = []
    for one in vectors:
        rows = load_rows(one)
        names = pa.array([one.provenance["dataset"]] * rows.num_rows, pa.string())
        tables.append(
            rows.select(["ordinal", "item_id", "sha256"]).add_column(0, "dataset_id", names)
        )
    return pa.concat_tables(tables)


def _save(target: Computed, rows: pa.Table, points: np.ndarray, marks: np.ndarray) -> None:
    columns = {
        "dataset_id": rows["dataset_id"],
        "ordinal": rows["ordinal"],
        "item_id": rows["item_id"],
        "x": pa.array(points[:, 0], pa.float32()),
        "y": pa.array(points[:, 1], pa.float32()),
        "placed": pa.array(marks, pa.bool_()),
        "sha256": rows["sha256"],
    }
    file = target.file("parquet")
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    pq.write_table(pa.table(columns), aside, compression="zstd")
    aside.replace(file)
