"""Each source on 100,000 generated annotations, against the bare parser of its format.

A case is a module of this folder: `make(folder, count)` writes the input and returns its source
string, `bare(folder)` runs the bare parser over the same files and returns how many annotations
it saw, `PARSER` names it, OPTIONS are the source's own. Both count the same. The peak is that of
a fresh process which reads all, and of one which reads a tenth.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

CASES = (
    "voc", "yolo", "labelme", "openimages", "webdataset", "webdataset_packed", "video", "csv",
    "tate", "aihub", "iiif", "croissant",
)  # fmt: skip
ROUNDS = 3
WHOLE, TENTH = 100_000, 10_000


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: wanted is a ratio of 0.5 or more."""
    return [_row(case) for case in CASES]


def _row(case: str) -> dict[str, Any]:
    module = import_module(f"benchmarks.sources.{case}")
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as tenth:
        source = module.make(Path(whole), WHOLE)
        fewer = module.make(Path(tenth), TENTH)
        runs = [(_run(case, "ours", source), _run(case, "bare", whole)) for _ in range(ROUNDS)]
        small = _run(case, "ours", fewer)
    assert all(ours["count"] == bare["count"] for ours, bare in runs), runs
    ours, theirs = (min(run[n]["seconds"] for run in runs) for n in (0, 1))
    peak = max(run[0]["peak_mb"] for run in runs)
    note = f"{module.PARSER}; peak {peak:.0f} MB, {small['peak_mb']:.0f} MB for a tenth"
    name = f"{case}: {runs[0][0]['count']:,} annotations (wanted: >= 0.5)"
    return {"name": name, "ours_s": ours, "theirs_s": theirs, "ratio": theirs / ours, "note": note}


def _run(case: str, who: str, given: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.sources", case, who, given]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(case: str, who: str, given: str) -> None:
    """Read once in this process and print seconds, annotations and the peak."""
    import pyarrow as pa

    from excavate.model import SourceOptions
    from excavate.sources import open_source

    pa.array([0])  # loads pandas, which is no part of reading
    module = import_module(f"benchmarks.sources.{case}")
    options = SourceOptions(given=getattr(module, "OPTIONS", {}))
    begun = time.perf_counter()
    if who == "bare":
        count = module.bare(Path(given))
    else:
        source = open_source(given, options)
        source.describe()
        counted = getattr(module, "COUNTED", ("labels", "regions"))
        count = sum(getattr(b, n).num_rows for b in source.batches(256) for n in counted)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "count": count, "peak_mb": peak}))
