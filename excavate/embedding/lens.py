"""A site's pictures seen through one encoder: vectors with their rows, and what is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.catalog.computed import Computed
from excavate.embedding.neighbours import search, similarities
from excavate.embedding.reading import load_rows, load_vectors
from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from pandas import DataFrame

FOUND = ("item_id", "dataset_id", "ordinal", "similarity")


@dataclass(frozen=True)
class Part:
    """One dataset's vectors (n, d), memory-mapped, and who they are of."""

    made: Computed
    vectors: np.ndarray
    table: pa.Table  # ordinal, item_id, sha256

    @property
    def dataset_id(self) -> str:
        """The dataset these vectors are of."""
        return str(self.made.provenance["dataset"])

    def index(self, item_id: str) -> int:
        """The row of an item; -1 where it has no vector."""
        return int(pc.index(self.table["item_id"], item_id).as_py())


@dataclass(frozen=True)
class Embedding:
    """The vectors of one or several datasets under one encoder identity."""

    parts: tuple[Part, ...]

    @property
    def spec(self) -> str:
        """The encoder as a person names it."""
        return str(self.parts[0].made.result["spec"])

    @property
    def identity(self) -> str:
        """Architecture, weights and preprocessing of the encoder on one line."""
        return str(self.parts[0].made.provenance["encoder"])

    @property
    def trained_on(self) -> str:
        """The data behind the lens."""
        return str(self.parts[0].made.result["trained_on"])

    @property
    def has_text(self) -> bool:
        """Whether words can be looked for through this lens."""
        return bool(self.parts[0].made.result["has_text"])

    @property
    def is_clip(self) -> bool:
        """Whether pictures and words share this space."""
        return bool(self.parts[0].made.result["is_clip"])

    @property
    def vectors(self) -> np.ndarray:
        """Float32 (n, d), L2-normalised: memory-mapped for one dataset, copied for several."""
        mapped = [part.vectors for part in self.parts]
        return mapped[0] if len(mapped) == 1 else np.concatenate(mapped)

    @property
    def rows(self) -> DataFrame:
        """dataset_id, ordinal, item_id, sha256: one row a vector, in their order."""
        import pandas as pd

        frames = []
        for part in self.parts:
            frame = part.table.to_pandas()
            frame.insert(0, "dataset_id", part.dataset_id)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def vector_of(self, item_id: str) -> np.ndarray:
        """The vector of one item. Raises NotFoundError where it has none."""
        for part in self.parts:
            row = part.index(item_id)
            if row >= 0:
                return np.asarray(part.vectors[row])
        raise NotFoundError(f"no vector by {self.spec}", item_id, "It may have no pixels")

    def nearest(self, query: np.ndarray, k: int, without: str | None = None) -> DataFrame:
        """The k most similar items over all parts, most similar first; exact.

        Columns FOUND; `without` leaves one item out. O(n d), memory flat.
        """
        import pandas as pd

        found = []
        for number, part in enumerate(self.parts):
            indices, values = search(part.vectors, query, k + (without is not None))
            found += [
                (-float(value), number, int(index))
                for index, value in zip(indices, values, strict=True)
            ]
        rows = [self._row(number, index, -value) for value, number, index in sorted(found)]
        kept = [row for row in rows if row[0] != without][:k]
        return pd.DataFrame(kept, columns=list(FOUND))

    def _row(self, number: int, index: int, similarity: float) -> tuple[str, str, int, float]:
        part = self.parts[number]
        row = part.table.slice(index, 1).to_pylist()[0]
        return row["item_id"], part.dataset_id, row["ordinal"], similarity

    def similarities(self, query: np.ndarray) -> np.ndarray:
        """Cosine similarity of every vector to one query: float32 (n,)."""
        return np.concatenate([similarities(part.vectors, query) for part in self.parts])


def embedding_of(vectors: Sequence[Computed]) -> Embedding:
    """Open vectors of one encoder identity. Rows are read once; vectors are mapped."""
    return Embedding(tuple(Part(v, load_vectors(v), load_rows(v)) for v in vectors))
