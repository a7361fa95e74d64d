"""The neighbourhood of every item, kept: `neighbours/ID.rows.npy` and `ID.similarities.npy`.

Both are (n, k); row i belongs to row i of the vectors, several datasets' vectors standing one
after another in the order given. Rows are int32 row numbers, similarities float32 cosines.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

import excavate
from excavate.catalog.computed import Computed, computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding.indexed import indexed_nearest
from excavate.embedding.nearest import nearest, nearest_to, search, similarities
from excavate.errors import EncoderError
from excavate.model import Progress, silent

__all__ = [
    "EXACT_UP_TO",
    "compute_neighbours",
    "nearest",
    "nearest_to",
    "search",
    "similarities",
    "stacked",
]

# Where comparing all with all stops being faster than building an index and asking it:
# benchmarks/neighbours.py measures both sides of it.
EXACT_UP_TO = 20_000
EXACT_UP_TO_ON_CUDA = 200_000
K = 30


def compute_neighbours(
    folder: SiteFolder,
    vectors: Sequence[Computed],
    k: int = K,
    progress: Progress = silent,
    device: str = "auto",
) -> Computed:
    """The k nearest of every item under one encoder; computed if they are not yet.

    `vectors` are finished vector files of one or several datasets under one encoder.
    Raises EncoderError where they are of different encoders.
    """
    target = computed(folder, "neighbours", {**origin_of(vectors), "k": k})
    if target.exists():
        return target
    started = time.monotonic()
    matrix = stacked(vectors)
    if len(matrix) <= (EXACT_UP_TO_ON_CUDA if _has_cuda(device, matrix) else EXACT_UP_TO):
        rows, similar = nearest(matrix, k, device, progress)
        how: dict[str, Any] = {"method": "exact", "recall": 1.0, "recall_sample": None}
    else:
        found = indexed_nearest(matrix, k, device, progress)
        rows, similar = found.rows, found.similarities
        how = {"method": "faiss IVFFlat", "recall": found.recall, "recall_sample": found.sample}
        how |= {"cells": found.cells, "probed": found.probed}
    save_array(target, "rows", rows)
    save_array(target, "similarities", similar)
    result = {"rows": len(rows), "k": int(rows.shape[1]), **how}
    result |= {
        "seconds": round(time.monotonic() - started, 3),
        "code_version": excavate.__version__,
    }
    return target.finish(result)


def origin_of(vectors: Sequence[Computed]) -> dict[str, Any]:
    """The part of the provenance that says whose vectors: encoder, datasets, revisions, files."""
    encoders = sorted({str(v.provenance["encoder"]) for v in vectors})
    if len(encoders) != 1:
        todo = "Embed all datasets with the same encoder first"
        raise EncoderError("vectors of one encoder are needed", "; ".join(encoders), todo)
    return {
        "encoder": encoders[0],
        "datasets": [[v.provenance["dataset"], v.provenance["revision"]] for v in vectors],
        "vectors": [v.id for v in vectors],
    }


def stacked(vectors: Sequence[Computed]) -> np.ndarray:
    """All vectors (n, d): memory-mapped where there is one file, one after another otherwise."""
    matrices = [_mapped(v) for v in vectors]
    return matrices[0] if len(matrices) == 1 else np.concatenate(matrices)


def _mapped(vectors: Computed) -> np.ndarray:
    kept: np.ndarray = np.load(
        vectors.file("npy"), mmap_mode="r" if vectors.result["rows"] else None, allow_pickle=False
    )
    return kept


def save_array(target: Computed, name: str, array: np.ndarray) -> None:
    """Write `ID.name.npy` so that a reader never sees half of it."""
    file = target.file(f"{name}.npy")
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with open(aside, "wb") as out:
        np.save(out, array, allow_pickle=False)
    aside.replace(file)


def _has_cuda(device: str, matrix: np.ndarray) -> bool:
    if device not in ("auto", "cuda") or len(matrix) <= EXACT_UP_TO:
        return False
    import torch

    return bool(torch.cuda.is_available())
