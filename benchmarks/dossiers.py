"""The whole folder of dossiers in a fresh process, against tomli alone on the same files."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from excavate.settings import PROJECT

ARCHIVES = PROJECT / "archives"
ROUNDS = 5
WANTED_S = 0.150
# Both in a process of their own, each file read from the disk; imports are measured apart.
LOADING = """
import json, sys, time
from pathlib import Path
folder, who = Path(sys.argv[1]), sys.argv[2]
start = time.perf_counter()
import tomli
if who == "ours":
    import excavate.dossiers.schema, excavate.dossiers.wording
    from excavate.dossiers.reading import read_archive
imported = time.perf_counter()
if who == "ours":
    archive = read_archive(folder)
    count = len(archive.dossiers) + len({f.place.partition(":")[0] for f in archive.faults})
else:
    count = len([tomli.loads(p.read_text("utf-8")) for p in sorted(folder.glob("*.toml"))])
done = time.perf_counter()
print(json.dumps({"seconds": done - imported, "imports": imported - start, "count": count}))
"""


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to tomli's in time."""
    runs = [(_run("ours"), _run("bare")) for _ in range(ROUNDS)]
    assert all(ours["count"] == bare["count"] for ours, bare in runs), runs
    ours, theirs = (min(run[n]["seconds"] for run in runs) for n in (0, 1))
    imports = min(run[0]["imports"] for run in runs)
    size = sum(path.stat().st_size for path in ARCHIVES.glob("*.toml"))
    return [
        {
            "name": f"{runs[0][0]['count']} dossiers read (wanted: < {WANTED_S * 1000:.0f} ms)",
            "ours_s": ours,
            "theirs_s": theirs,
            "ratio": ours / theirs,
            "note": f"tomli alone; {size / 1000:.0f} KB; imports {imports * 1000:.0f} ms apart",
        }
    ]


def _run(who: str) -> dict[str, float]:
    command = [sys.executable, "-c", LOADING, str(ARCHIVES), who]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT)
    found: dict[str, float] = json.loads(done.stdout)
    return found
