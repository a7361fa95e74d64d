"""What a site holds of vectors, neighbours and layouts, for whoever shows or measures it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from excavate.catalog.computed import Computed, all_computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding.neighbours import stacked
from excavate.errors import NotFoundError


def vectors_of(
    folder: SiteFolder, dataset_id: str, revision: str | None = None, encoder: str | None = None
) -> list[Computed]:
    """Finished vectors of a dataset, oldest first (so `[-1]` is the newest).

    `revision` None is any; `encoder` is a spec or an identity, None any.
    """
    return [
        c
        for c in all_computed(folder, "vectors")
        if c.provenance["dataset"] == dataset_id
        and revision in (None, c.provenance["revision"])
        and encoder in (None, c.provenance["encoder"], c.result["spec"])
    ]


def newest_vectors(
    folder: SiteFolder, dataset_id: str, revision: str, encoder: str | None = None
) -> Computed:
    """The newest vectors of a dataset at a revision. Raises NotFoundError where there are none."""
    found = vectors_of(folder, dataset_id, revision, encoder)
    if not found:
        by = f" by {encoder}" if encoder else ""
        raise NotFoundError(f"no embedding of {dataset_id}{by}", str(folder.path), _todo(folder))
    return found[-1]


def neighbours_of(folder: SiteFolder, vectors: Computed) -> list[Computed]:
    """Finished neighbourhoods of exactly these vectors, oldest first."""
    wanted = [vectors.id]
    found = all_computed(folder, "neighbours")
    return [c for c in found if list(c.provenance["vectors"]) == wanted]


def layouts_of(
    folder: SiteFolder, revisions: Mapping[str, str], encoder: str | None = None
) -> list[Computed]:
    """Finished layouts all of whose datasets stand at these revisions, oldest first.

    `revisions` is dataset_id -> current revision; `encoder` is a spec or an identity.
    """
    return [
        c
        for c in all_computed(folder, "layouts")
        if all(revisions.get(name) == revision for name, revision in c.provenance["datasets"])
        and encoder in (None, c.provenance["encoder"], c.result["spec"])
    ]


def load_vectors(vectors: Computed) -> np.ndarray:
    """Float32 (n, d), memory-mapped, read-only."""
    return stacked([vectors])


def load_rows(vectors: Computed) -> pa.Table:
    """ordinal int64, item_id string, sha256 string: one row for each vector, in its order."""
    return pq.read_table(vectors.file("rows.parquet"))


def load_neighbours(neighbours: Computed) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers int32 (n, k) and cosine similarities float32 (n, k), memory-mapped."""
    mode: Literal["r"] | None = (
        "r" if neighbours.result["rows"] and neighbours.result["k"] else None
    )
    files = (neighbours.file(f"{name}.npy") for name in ("rows", "similarities"))
    rows, similar = (np.load(file, mmap_mode=mode, allow_pickle=False) for file in files)
    return rows, similar


def load_layout(layout: Computed) -> pa.Table:
    """dataset_id, ordinal, item_id, x and y float32, placed bool, sha256: one row an item."""
    return pq.read_table(layout.file("parquet"))


def _todo(folder: SiteFolder) -> str:
    specs = {str(c.result["spec"]) for c in all_computed(folder, "vectors")}
    there = f"There is: {', '.join(sorted(specs))}. " if specs else ""
    return f"{there}Run: excavate embed --site {folder.path}"
