"""Embedding a dataset: one L2-normalised float32 vector for each picture, kept in a file.

`vectors/ID.npy` has one row for each readable picture, in the source's order, and
`vectors/ID.rows.parquet` says which (ordinal, item_id, sha256). Only pictures that lack a vector
are embedded: one that an earlier revision of the dataset had, under the same encoder, keeps
its vector, and pictures of equal bytes are embedded once.

Zero stays zero: an all-black picture under pixels:N has no direction, and is similar to nothing.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import excavate
from excavate.catalog.computed import Computed, all_computed, computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding.encoder import Encoder
from excavate.embedding.prefetch import Readable, prepared_batches
from excavate.embedding.shards import Growing
from excavate.errors import EncoderError
from excavate.model import Progress, silent


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for each row: take it from an earlier file, embed it, or copy a twin."""

    reused: list[tuple[Computed, np.ndarray, np.ndarray]]  # earlier file, its rows, our rows
    lacking: np.ndarray  # our rows to embed, ascending
    twins: np.ndarray  # (n, 2): row without a vector of its own, the row of equal bytes

    @property
    def name(self) -> str:
        """A hash: equal plans mean the same work in the same order."""
        digest = hashlib.sha256(self.lacking.tobytes() + self.twins.tobytes())
        for earlier, theirs, ours in self.reused:
            digest.update(earlier.id.encode() + theirs.tobytes() + ours.tobytes())
        return digest.hexdigest()


def embed(
    folder: SiteFolder,
    pictures: Readable,
    encoder: Encoder,
    progress: Progress = silent,
    workers: int | None = None,
) -> Computed:
    """The vectors of one dataset at one revision under one encoder; computed if they are not.

    Batches end at multiples of `encoder.batch_size` of what lacks a vector, so a run that was
    killed and resumed ends like an uninterrupted one. Raises EncoderError where the encoder
    gives another shape than it says, or numbers that are not finite, and names the item.
    """
    target = computed(folder, "vectors", provenance_of(pictures, encoder))
    if target.exists():
        return target
    started = time.monotonic()
    plan = _plan(folder, target, pictures.rows)
    name = f"{plan.name} {encoder.batch_size}"
    growing = Growing(target, len(pictures), encoder.dimension, name)
    resumed = growing.done
    _take_over(plan, growing.matrix)
    thumbnails = _embed_lacking(plan, growing, pictures, encoder, progress, workers)
    if len(plan.twins):
        growing.matrix[plan.twins[:, 0]] = growing.matrix[plan.twins[:, 1]]
    growing.close()
    _write_rows(target, pictures.rows)
    result = {
        "rows": len(pictures),
        "dimension": encoder.dimension,
        "dtype": "float32",
        "spec": encoder.spec,
        "trained_on": encoder.trained_on,
        "is_clip": encoder.is_clip,
        "has_text": encoder.has_text,
        "embedded": len(plan.lacking),
        "reused": int(sum(len(ours) for _, _, ours in plan.reused)),
        "copied": len(plan.twins),
        "zero_vectors": _zero_rows(growing.matrix),
        "from_thumbnails": thumbnails,
        "resumed_at": resumed,
        "seconds": round(time.monotonic() - started, 3),
        "code_version": excavate.__version__,
    }
    finished = target.finish(result)
    growing.forget_marker()
    return finished


def provenance_of(pictures: Readable, encoder: Encoder) -> dict[str, Any]:
    """What vectors are made from; their ID is its hash."""
    return {
        "dataset": pictures.dataset_id,
        "revision": pictures.revision,
        "encoder": encoder.identity,
        "trained_on": encoder.trained_on,
    }


def normalised(vectors: np.ndarray) -> np.ndarray:
    """Each row over its length (in float64), as float32. A zero row stays zero."""
    exact = np.asarray(vectors, dtype=np.float64)
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    unit = np.divide(exact, lengths, out=np.zeros_like(exact), where=lengths > 0)
    return np.asarray(unit, dtype=np.float32)


def _plan(folder: SiteFolder, target: Computed, rows: pa.Table) -> Plan:
    """Rows grouped by where their vectors come from. Rows without a sha256 are each their own."""
    hashes = rows["sha256"].to_pylist()
    vectorless = set(range(len(hashes)))
    reused = []
    for earlier in _earlier(folder, target):
        known = {h: row for row, h in enumerate(_hashes_of(earlier)) if h is not None}
        ours = [row for row in sorted(vectorless) if hashes[row] in known]
        vectorless.difference_update(ours)
        theirs = np.array([known[hashes[row]] for row in ours], dtype=np.int64)
        if ours:
            reused.append((earlier, theirs, np.array(ours, dtype=np.int64)))
    first: dict[Any, int] = {}
    twins = []
    for row in sorted(vectorless):
        key = row if hashes[row] is None else hashes[row]
        if first.setdefault(key, row) != row:
            twins.append((row, first[key]))
    lacking = np.array(sorted(first.values()), dtype=np.int64)
    return Plan(reused, lacking, np.array(twins, dtype=np.int64).reshape(-1, 2))


def _earlier(folder: SiteFolder, target: Computed) -> list[Computed]:
    """Vectors of the same encoder and dataset, newest first; none made from lossy thumbnails."""
    wanted = (target.provenance["encoder"], target.provenance["dataset"])
    found = [
        c
        for c in all_computed(folder, "vectors")
        if (c.provenance["encoder"], c.provenance["dataset"]) == wanted
        and not c.result["from_thumbnails"]
    ]
    return found[::-1]


def _hashes_of(vectors: Computed) -> list[str | None]:
    rows = pq.read_table(vectors.file("rows.parquet"), columns=["sha256"])
    return list(rows["sha256"].to_pylist())


def _take_over(plan: Plan, matrix: np.ndarray, run: int = 8192) -> None:
    for earlier, theirs, ours in plan.reused:
        known = np.load(earlier.file("npy"), mmap_mode="r", allow_pickle=False)
        for start in range(0, len(ours), run):
            part = slice(start, start + run)
            matrix[ours[part]] = known[theirs[part]]


def _embed_lacking(
    plan: Plan,
    growing: Growing,
    pictures: Readable,
    encoder: Encoder,
    progress: Progress,
    workers: int | None,
) -> int:
    """Fill the lacking rows, batch by batch. Returns how many came from lossy thumbnails.

    After a resumed run that number may count a few pictures twice: those read ahead of the kill.
    """
    before, total, size = pictures.from_thumbnails, len(plan.lacking), encoder.batch_size
    counted, done = growing.counted, growing.done
    batches = [plan.lacking[i : i + size] for i in range(done, total, size)]
    progress("embed", done, total)
    prepared = prepared_batches(pictures, encoder, batches, workers or os.cpu_count() or 1)
    for batch, arrays in zip(batches, prepared, strict=True):
        vectors = encoder.encode(arrays)
        _check(vectors, batch, pictures, encoder)
        growing.matrix[batch] = normalised(vectors)
        done += len(batch)
        growing.advance(done, counted + pictures.from_thumbnails - before)
        progress("embed", done, total)
    return min(counted + pictures.from_thumbnails - before, total)


def _check(vectors: np.ndarray, batch: np.ndarray, pictures: Readable, encoder: Encoder) -> None:
    wanted = (len(batch), encoder.dimension)
    if vectors.shape != wanted:
        raise EncoderError(f"gives {vectors.shape} instead of {wanted}", encoder.spec)
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        first = int(batch[np.flatnonzero(~finite)[0]])
        item = pictures.rows["item_id"][first].as_py()
        what = f"gives numbers that are not finite for {item} ({int((~finite).sum())} in its batch)"
        raise EncoderError(what, encoder.spec, "Check the weights, mean and std")


def _write_rows(target: Computed, rows: pa.Table) -> None:
    file = target.file("rows.parquet")
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    pq.write_table(rows, aside, compression="zstd")
    aside.replace(file)


def _zero_rows(matrix: np.ndarray, run: int = 65536) -> int:
    starts = range(0, len(matrix), run)
    return int(sum((~matrix[s : s + run].any(axis=1)).sum() for s in starts))
