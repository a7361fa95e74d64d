"""`excavate dig digits` in a fresh process, every import and compilation included.

Against the same process doing nothing but plain `umap.UMAP().fit` on the same vectors.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.real import PROJECT

PLAIN = """
import umap
from sklearn.datasets import load_digits
umap.UMAP(random_state=42).fit(load_digits().data)
"""


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: whole processes, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _timed("-m", "excavate", "dig", "digits", "--site", f"{folder}/site")
        again = _timed("-m", "excavate", "dig", "digits", "--site", f"{folder}/site")
        theirs = _timed("-c", PLAIN)
    return [
        {
            "name": "dig digits in a fresh process (wanted: < 30 s)",
            "ours_s": ours,
            "theirs_s": theirs,
            "ratio": ours / theirs,
            "note": f"theirs: plain umap alone; the second dig {again:.1f} s",
        }
    ]


def _timed(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=PROJECT, check=True, capture_output=True)
    return time.perf_counter() - begun
