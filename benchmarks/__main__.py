"""Run the benchmarks (`make bench`), print a table, write benchmarks/results.json.

Each is a ratio measured in one run: ours against a bare loop or a peer on the same input.
`python -m benchmarks NAME …` runs some of them and keeps the other results.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
BENCHMARKS = (
    "cataloguing", "embedding", "neighbours", "layout", "search", "digits", "resnet", "app",
    "sources", "dossiers", "gaps", "planted", "board", "load", "release", "exhibition",
)  # fmt: skip


def main(chosen: list[str]) -> None:
    """Run the chosen benchmarks (all if none is named), keep their results, print the table."""
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    kept = {n: rows for n, rows in results.get("benchmarks", {}).items() if n in BENCHMARKS}
    for name in chosen or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        kept[name] = {
            "rows": import_module(f"benchmarks.{name}").measure(),
            "measured": datetime.now(UTC).isoformat(timespec="seconds"),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        }
        record = {"benchmarks": {n: kept[n] for n in BENCHMARKS if n in kept}}
        RESULTS.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name in BENCHMARKS:
        for row in kept.get(name, {}).get("rows", []):
            print_row(name, row)


def print_row(name: str, row: dict[str, Any]) -> None:
    shown = [f"{name:<12}", f"{row['name']:<58}"]
    for key, unit in (("ours_s", " s"), ("theirs_s", " s"), ("ratio", "")):
        value = row.get(key)
        shown.append(f"{key.removesuffix('_s')} {value:.3g}{unit}".ljust(16) if value else " " * 16)
    print(" ".join(shown), row.get("note", ""))


if __name__ == "__main__":
    main(sys.argv[1:])
