"""Near-duplicates among 1,000,000 hashes, in a process of its own for its peak memory.

Random hashes with planted copies. Held against comparing all with all: a bare numpy popcount on
a sample of the rows, and faiss's binary index, both extrapolated to all rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import numpy as np

COUNT, COPIES, RADIUS = 1_000_000, 10_000, 6
SAMPLE = 200  # rows that the peers compare with all
CHILD = "from benchmarks.gaps.duplicates import child; child({turns})"


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: wanted are under 60 s and under 2 GB."""
    hashes = made()
    bare, indexed = _bare(hashes), _faiss(hashes)
    rows = []
    for turns, peer in ((False, "as they are"), (True, "in eight positions")):
        ours = _in_child(turns)
        theirs = bare * (8 if turns else 1)
        rows.append(
            {
                "name": f"{COUNT:,} hashes, {RADIUS} bits, {peer}, against bare popcount",
                "ours_s": ours["seconds"],
                "theirs_s": theirs,
                "ratio": theirs / ours["seconds"],
                "note": f"{ours['pairs']:,} pairs, {ours['planted']:,} of {COPIES:,} planted; "
                f"peak {ours['peak_gb']:.2f} GB; {ours['cpu']:.0f} s of processor; faiss "
                f"IndexBinaryFlat {indexed * (8 if turns else 1):.0f} s; theirs extrapolated",
            }
        )
    return rows


def made() -> np.ndarray:
    """Seeded distinct hashes; the last COPIES differ from the first in three bits."""
    draw = np.random.default_rng(0)
    hashes = draw.integers(0, 2**63, COUNT, dtype=np.uint64) * np.uint64(2)
    bits = np.left_shift(np.uint64(1), draw.integers(1, 64, (3, COPIES)).astype(np.uint64))
    hashes[-COPIES:] = hashes[:COPIES] ^ bits[0] ^ bits[1] ^ bits[2]
    return hashes


def child(turns: bool) -> None:
    """Find the pairs and print what it took, as JSON."""
    import resource

    from excavate.gaps.hash_pairs import near_pairs

    hashes = made()
    begun, cpu = time.perf_counter(), time.process_time()
    found = near_pairs(hashes, RADIUS, turns)
    seconds = time.perf_counter() - begun
    planted = (found.second - found.first == COUNT - COPIES).sum()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    said = {"seconds": seconds, "cpu": time.process_time() - cpu, "pairs": len(found.first)}
    print(json.dumps({**said, "planted": int(planted), "peak_gb": peak}))


def _in_child(turns: bool) -> dict[str, Any]:
    command = [sys.executable, "-c", CHILD.format(turns=turns)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _bare(hashes: np.ndarray) -> float:
    """Seconds for each pair once, by the popcount of a row against all."""
    begun = time.perf_counter()
    for row in hashes[:SAMPLE]:
        np.flatnonzero(np.bitwise_count(hashes ^ row) <= RADIUS)
    return (time.perf_counter() - begun) / SAMPLE * COUNT / 2


def _faiss(hashes: np.ndarray) -> float:
    """The same by faiss's exhaustive binary index."""
    import faiss

    index = faiss.IndexBinaryFlat(64)
    codes = hashes.view(np.uint8).reshape(-1, 8)
    index.add(codes)
    begun = time.perf_counter()
    index.range_search(codes[: 5 * SAMPLE], RADIUS + 1)
    return (time.perf_counter() - begun) / (5 * SAMPLE) * COUNT / 2
