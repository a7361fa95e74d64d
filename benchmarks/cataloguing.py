"""Digging CIFAR-10's 60,000 pictures into a finished catalog, against a bare loop.

The bare loop decodes, hashes and encodes the same thumbnails with Pillow in two processes and
keeps nothing. A second one decodes with simplejpeg as we do: what is left is what the catalog
costs. All run as fresh processes, in turn; the peak is the largest resident size of any one
process, and of the digging process at a sixth of the items, to show that it is flat.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.real import PROJECT, SHARED, cifar10

ROUNDS = 3


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to the bare loop's speed."""
    source = cifar10()
    bare, swift, dug = [], [], []
    for _ in range(ROUNDS):
        bare.append(_run("bare"))
        dug.append(_run("dig", source))
        swift.append(_run("swift"))
    sixth = _run("dig", source, "10000")
    ours, theirs, best = (min(run["seconds"] for run in runs) for runs in (dug, bare, swift))
    peak, workers = (max(run[key] for run in dug) for key in ("peak_mb", "worker_mb"))
    return [
        {
            "name": "dig 60,000 pictures (wanted: >= 0.8 of the bare loop)",
            "ours_s": ours,
            "theirs_s": theirs,
            "ratio": theirs / ours,
            "note": f"best of {ROUNDS}; peak {peak:.0f} MB + {workers:.0f} MB a reader, "
            f"{sixth['peak_mb']:.0f} MB for 10,000",
        },
        {
            "name": "the same against a bare loop with our decoder",
            "ours_s": ours,
            "theirs_s": best,
            "ratio": best / ours,
            "note": "told, not wanted",
        },
    ]


def _run(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.cataloguing", *arguments]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _bare(pictures: list[bytes]) -> int:
    import hashlib
    import io

    from PIL import Image

    from excavate.catalog.thumbnails import LOSSLESS

    for content in pictures:
        picture = Image.open(io.BytesIO(content))
        picture.load()
        out = io.BytesIO()
        picture.save(out, "WEBP", **LOSSLESS)
        hashlib.sha256(content).hexdigest()
    return len(pictures)


def _swift(pictures: list[bytes]) -> int:
    import hashlib
    import io

    from excavate.catalog.jpeg import small_jpeg
    from excavate.catalog.thumbnails import LOSSLESS

    for content in pictures:
        out = io.BytesIO()
        picture = small_jpeg(content, 256)
        assert picture is not None
        picture.save(out, "WEBP", **LOSSLESS)
        hashlib.sha256(content).hexdigest()
    return len(pictures)


def _run_bare(loop: Callable[[list[bytes]], int]) -> None:
    from multiprocessing import get_context

    import pyarrow.parquet as pq

    chunks = (
        batch["img"].field("bytes").to_pylist()
        for file in sorted((SHARED / "cifar10").glob("*.parquet"))
        for batch in pq.ParquetFile(file).iter_batches(256)
    )
    with get_context("spawn").Pool(2) as pool:
        assert sum(pool.imap(loop, chunks)) == 60_000


def _run_dig(source: str, limit: int | None) -> None:
    from excavate.catalog.cataloguing import DigRequest, catalogue
    from excavate.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        request = DigRequest(source, Path(folder), limit=limit)
        assert catalogue(request, Settings(workers=2)).items == (limit or 60_000)


def _main(kind: str, *rest: str) -> None:
    begun = time.perf_counter()
    if kind in ("bare", "swift"):
        _run_bare(_bare if kind == "bare" else _swift)
    else:
        _run_dig(rest[0], int(rest[1]) if len(rest) > 1 else None)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "worker_mb": worker}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
