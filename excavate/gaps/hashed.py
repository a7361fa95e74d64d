"""The perceptual hashes of a dataset, from its thumbnails: computed once and kept, `hashes/`."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from excavate.catalog.computed import Computed, computed, versions
from excavate.gaps.hashing import KEPT, NAME, hashes_of, scaled, small_grey, waves_of
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.site import Site

KIND = "hashes"
THUMBNAILS = """
SELECT ordinal, webp FROM thumbnail
WHERE dataset_id = ? AND ordinal BETWEEN ? AND ? ORDER BY ordinal
"""
LAST = "SELECT max(ordinal), count(*) FROM thumbnail WHERE dataset_id = ?"
BLOCK = 1024  # ordinals whose thumbnails are held at a time
THREADS = 2
SECONDS_EACH = 0.0005


def hashes_made(site: Site, dataset: str) -> Computed:
    """Where the hashes of a dataset at its current revision stand, or will stand."""
    provenance = {"dataset": dataset, "revision": site.revisions()[dataset], "hash": NAME}
    return computed(site.folder, KIND, provenance)


def hashed(site: Site, dataset: str, progress: Progress = silent) -> pa.Table:
    """A row for each item with pixels: ordinal int64, hash uint64, certain int16 (bits of 63),
    waves (64 float16 as bytes: see `waves_in`)."""
    place = hashes_made(site, dataset)
    file = place.file("parquet")
    if not place.exists():
        table = pa.concat_tables([_EMPTY, *_blocks(site, dataset, progress)])
        file.parent.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        pq.write_table(table, aside, compression="zstd")
        aside.replace(file)
        place.finish({"rows": table.num_rows, "versions": versions(KIND)})
    return pq.read_table(file)


def waves_in(table: pa.Table) -> np.ndarray:
    """Float16 (n, 64): the scaled waves of a table of `hashed`."""
    content = b"".join(table["waves"].to_pylist())
    return np.frombuffer(content, np.float16).reshape(-1, KEPT * KEPT)


def seconds_to_hash(site: Site, dataset: str) -> float:
    """About how long `hashed` will take."""
    if hashes_made(site, dataset).exists():
        return 0.0
    with site.cursor() as cursor:
        return float(cursor.execute(LAST, [dataset]).fetchone()[1] * SECONDS_EACH)


_EMPTY = pa.table(
    {"ordinal": pa.array([], "int64"), "hash": pa.array([], "uint64"),
     "certain": pa.array([], "int16"), "waves": pa.array([], pa.binary(2 * KEPT * KEPT))}
)  # fmt: skip


def _blocks(site: Site, dataset: str, progress: Progress) -> Iterator[pa.Table]:
    with ThreadPoolExecutor(THREADS) as pool, site.cursor() as cursor:
        last, count = cursor.execute(LAST, [dataset]).fetchone()
        done = 0
        for start in range(0, -1 if last is None else last + 1, BLOCK):
            bounds = [dataset, start, start + BLOCK - 1]
            found = cursor.execute(THUMBNAILS, bounds).fetchall()
            if found:
                yield _hashed_block(pool, found)
            done += len(found)
            progress("pictures", done, count)


def _hashed_block(pool: ThreadPoolExecutor, found: list[tuple[int, bytes]]) -> pa.Table:
    grey = np.stack(list(pool.map(_grey, [content for _, content in found])))
    waves = waves_of(grey)
    hashes, certain = hashes_of(waves)
    columns: dict[str, Any] = {
        "ordinal": pa.array([ordinal for ordinal, _ in found], pa.int64()),
        "hash": hashes,
        "certain": certain.astype(np.int16),
        "waves": pa.array([row.tobytes() for row in scaled(waves)], pa.binary(2 * KEPT * KEPT)),
    }
    return pa.table(columns)


def _grey(content: bytes) -> np.ndarray:
    from PIL import Image

    return small_grey(Image.open(io.BytesIO(content)))
