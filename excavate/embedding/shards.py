"""A matrix of vectors while it is being made: written in place, resumable after a kill.

`vectors/ID.npy` is written from the start; the sidecar `ID.json` alone makes it whole. Beside
it `.ID.progress.json` says how many items of the plan are on disk, and is only ever written
after those rows are flushed, so what it promises is there.
"""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from excavate.catalog.computed import Computed
from excavate.catalog.folder import replace_text
from excavate.errors import SiteError

SECONDS_BETWEEN = 2.0


class Growing:
    """Rows of one vector file. `plan` names what is being computed; another plan starts anew."""

    def __init__(self, target: Computed, rows: int, dimension: int, plan: str) -> None:
        self.file = target.file("npy")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._marker = self.file.with_name(f".{target.id}.progress.json")
        self._plan = plan
        marker = self._read_marker()
        kept = _kept(self.file, (rows, dimension)) if marker else None
        self.matrix = _made(self.file, (rows, dimension)) if kept is None else kept
        self.done = int(marker["done"]) if marker and kept is not None else 0
        self.counted = int(marker["counted"]) if marker and kept is not None else 0
        self._marked = time.monotonic()

    def advance(self, done: int, counted: int) -> None:
        """`done` items of the plan are in `matrix`; puts them on disk every few seconds."""
        if time.monotonic() - self._marked >= SECONDS_BETWEEN:
            self.mark(done, counted)

    def mark(self, done: int, counted: int) -> None:
        """Flush the rows, then promise them."""
        self._flush()
        marker = {"plan": self._plan, "done": done, "counted": counted}
        replace_text(self._marker, json.dumps(marker))
        self.done, self.counted, self._marked = done, counted, time.monotonic()

    def close(self) -> None:
        """All rows are there: flush them, and let go of the marker once the sidecar stands."""
        self._flush()

    def forget_marker(self) -> None:
        """The file set is whole; nothing is left to resume."""
        self._marker.unlink(missing_ok=True)

    def _flush(self) -> None:
        if isinstance(self.matrix, np.memmap):
            self.matrix.flush()

    def _read_marker(self) -> dict[str, Any] | None:
        try:
            marker: dict[str, Any] = json.loads(self._marker.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return marker if marker.get("plan") == self._plan else None


def _kept(file: Path, shape: tuple[int, int]) -> np.ndarray | None:
    """The file as a matrix to write on in, if it is one of this shape."""
    try:
        size = file.stat().st_size  # before mapping, which would fill up a short file
        matrix = open_memmap(file, mode="r+")
    except (OSError, ValueError):
        return None
    whole = size == matrix.offset + matrix.nbytes
    fits = matrix.shape == shape and matrix.dtype == np.float32
    return matrix if whole and fits else None


def _made(file: Path, shape: tuple[int, int]) -> np.ndarray:
    if shape[0] == 0:  # nothing to map
        np.save(file, np.empty(shape, np.float32), allow_pickle=False)
        return np.empty(shape, np.float32)
    _reserve(file, 4 * shape[0] * shape[1] + 4096)
    return open_memmap(file, mode="w+", dtype=np.float32, shape=shape)


def _reserve(file: Path, size: int) -> None:
    """A full disk is found out now, as an error, and not later as a bus error."""
    free = shutil.disk_usage(file.parent).free + (file.stat().st_size if file.exists() else 0)
    if free < size:
        what = f"no room for the vectors ({size / 1e6:.0f} MB needed, {free / 1e6:.0f} MB free)"
        raise SiteError(what, str(file.parent), "Make room, then run it again")
