"""Absences planted in real data, which the measures must find blind."""

from __future__ import annotations

from importlib import import_module
from typing import Any

PLANTED = ("intersections", "taxonomy", "coverage", "concepts", "labels", "duplicates")


def measure() -> list[dict[str, Any]]:
    """The rows of every module here, one measure each."""
    return [
        row for name in PLANTED for row in import_module(f"benchmarks.planted.{name}").measure()
    ]
