"""Where the real pictures lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("EXCAVATE_SHARED", PROJECT.parent / "shared" / "data"))


def cifar10() -> str:
    """The source string of CIFAR-10's 60,000 pictures; stops where they are missing."""
    folder = SHARED / "cifar10"
    if not folder.is_dir():
        sys.exit(f"no CIFAR-10 at {folder} (set EXCAVATE_SHARED)")
    return f"parquet:{folder}/*.parquet"
