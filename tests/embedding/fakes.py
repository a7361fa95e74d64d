"""Seeded pictures and encoders for the tests: real objects of the protocols, tiny."""

from __future__ import annotations

import hashlib
import threading

import numpy as np
import pyarrow as pa
from PIL import Image

from excavate.embedding.encoder import PicturesOnly


def table(hashes: list[str | None], dataset_id: str = "toy") -> pa.Table:
    numbers = list(range(len(hashes)))
    return pa.table(
        {
            "ordinal": pa.array(numbers, pa.int64()),
            "item_id": pa.array([f"{dataset_id}/all/{n}" for n in numbers], pa.string()),
            "sha256": pa.array(hashes, pa.string()),
        }
    )


class ToyPictures:
    """4 x 4 grey pictures made from seeds; equal seeds are equal pictures."""

    def __init__(self, seeds: list[int], dataset_id: str = "toy", revision: str = "r1") -> None:
        self.dataset_id, self.revision, self.seeds = dataset_id, revision, seeds
        self.rows = table([hashlib.sha256(str(s).encode()).hexdigest() for s in seeds], dataset_id)
        self.from_thumbnails = 0
        self.opened: list[int] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.seeds)

    def open(self, index: int) -> Image.Image:
        with self._lock:
            self.opened.append(index)
        return picture(self.seeds[index])


def picture(seed: int) -> Image.Image:
    greys = np.random.default_rng(seed).integers(0, 256, (4, 4), dtype=np.uint8)
    return Image.fromarray(greys)


class ToyEncoder(PicturesOnly):
    """A seeded linear map of the 16 greys to 5 numbers."""

    spec = "toy"
    trained_on = "seeds"
    dimension = 5

    def __init__(self, batch_size: int = 4, identity: str = "toy v1") -> None:
        self.batch_size, self.identity = batch_size, identity
        self.weights = np.random.default_rng(0).standard_normal((16, 5)).astype(np.float32)
        self.batches: list[int] = []

    def prepare(self, picture: Image.Image) -> np.ndarray:
        return np.asarray(picture, dtype=np.float32).ravel() / 255

    def encode(self, batch: np.ndarray) -> np.ndarray:
        self.batches.append(len(batch))
        return batch @ self.weights


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def random_unit(n: int, d: int, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).standard_normal((n, d)))
