"""CIFAR-10 through ResNet-56, as the house embeds it; embedded once for all who need it."""

from __future__ import annotations

import tempfile
from functools import lru_cache

import numpy as np

from benchmarks.real import SHARED, cifar10

__all__ = ["SHARED", "given_labels", "seen"]
WEIGHTS = SHARED / "weights/resnet-cifar10/resnet56-4bfd9763.onnx"


@lru_cache(maxsize=2)
def seen(split: str) -> np.ndarray:
    """The vectors (n, 64) of a split, in its order."""
    from excavate import dig, open_site

    with tempfile.TemporaryDirectory() as folder:
        for only in ("catalogue", "embed"):
            dig(cifar10(), folder, split=split, encoder=f"onnx:{WEIGHTS}", only=only)
        site = open_site(folder)
        vectors = np.array(site.embedding().vectors)
        site.close()
    return vectors


def given_labels(split: str) -> np.ndarray:
    """The labels of a split as numbers (n,), in its order."""
    import pyarrow.parquet as pq

    table = pq.read_table(SHARED / f"cifar10/{split}-00000-of-00001.parquet", columns=["label"])
    return np.asarray(table["label"].to_numpy())
