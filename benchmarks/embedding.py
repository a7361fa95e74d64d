"""Embedding against the bare forward passes of the same network on the same batches.

Ours reads, decodes and prepares the pictures, normalises and writes the vectors; the bare loop
has its batches prepared in memory and keeps nothing. They take turns.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image

from benchmarks.real import SHARED
from excavate.catalog.folder import SiteFolder
from excavate.embedding.encoder import Encoder
from excavate.embedding.encoders import open_encoder
from excavate.embedding.vectors import embed
from excavate.settings import Settings

PHOTOGRAPHS = 128
SMALL = 10_000
ROUNDS = 3


class Files:
    """Pictures as encoded bytes in memory: what is measured is the work, not the disk."""

    dataset_id, revision, from_thumbnails = "bench", "1", 0

    def __init__(self, contents: list[bytes]) -> None:
        self.contents = contents
        hashes = [hashlib.sha256(c + str(i).encode()).hexdigest() for i, c in enumerate(contents)]
        numbers = range(len(contents))
        names = [f"bench/all/{n}" for n in numbers]
        self.rows = pa.table({"ordinal": list(numbers), "item_id": names, "sha256": hashes})

    def __len__(self) -> int:
        return len(self.contents)

    def open(self, index: int) -> Image.Image:
        picture = Image.open(io.BytesIO(self.contents[index]))
        return picture if picture.mode in ("L", "RGB", "RGBA") else picture.convert("RGB")


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to the bare passes' speed."""
    with tempfile.TemporaryDirectory() as folder:
        clip = open_encoder(f"clip:ViT-B-32/{seeded_weights(Path(folder))}", Settings())
    rows = [_row("ViT-B-32, photographs (wanted: >= 0.95)", clip, photographs(PHOTOGRAPHS))]
    for name in ("resnet56-4bfd9763", "resnet20-12fca82f"):
        file = SHARED / "weights" / "resnet-cifar10" / f"{name}.onnx"
        rows.append(
            _row(f"{name}, CIFAR-10 test", open_encoder(f"onnx:{file}", Settings()), cifar())
        )
    return rows


def seeded_weights(folder: Path) -> Path:
    """ViT-B-32 with random weights of a fixed seed: as fast as the real ones."""
    import open_clip
    import torch

    torch.manual_seed(0)
    network = open_clip.create_model("ViT-B-32", load_weights=False)
    torch.save(network.state_dict(), folder / "seeded.pt")
    return folder / "seeded.pt"


def photographs(count: int) -> list[bytes]:
    """JPEGs of about 300 x 200, spread over Caltech-101."""
    files = sorted((SHARED / "caltech101").rglob("*.jpg"))
    return [f.read_bytes() for f in files[:: len(files) // count][:count]]


def cifar() -> list[bytes]:
    """The encoded 32 x 32 pictures of CIFAR-10's test split."""
    import pyarrow.parquet as pq

    table = pq.read_table(SHARED / "cifar10" / "test-00000-of-00001.parquet", columns=["img"])
    return [row["bytes"] for row in table["img"].to_pylist()[:SMALL]]


def _row(name: str, encoder: Encoder, contents: list[bytes]) -> dict[str, Any]:
    pictures = Files(contents)
    size = encoder.batch_size
    prepared = [encoder.prepare(pictures.open(i)) for i in range(len(pictures))]
    batches = [np.stack(prepared[i : i + size]) for i in range(0, len(prepared), size)]
    encoder.encode(batches[0])
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_timed(lambda: [encoder.encode(batch) for batch in batches]))
        with tempfile.TemporaryDirectory() as folder:
            ours.append(_timed(lambda f=folder: embed(SiteFolder(f), pictures, encoder)))
    note = f"{len(contents) / min(ours):.0f} pictures a second; best of {ROUNDS}"
    return {
        "name": name,
        "ours_s": min(ours),
        "theirs_s": min(bare),
        "ratio": min(bare) / min(ours),
        "note": note,
    }


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
