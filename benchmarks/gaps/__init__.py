"""The measures' own cost: each on a large generated input, against a bare loop or a peer.

A case is a module of this folder whose `measure()` returns rows of the table.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

CASES = ("intersections", "association", "taxonomy", "coverage", "duplicates")


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}] of all cases."""
    return [row for case in CASES for row in import_module(f"benchmarks.gaps.{case}").measure()]
