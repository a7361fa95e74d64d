"""Fixtures for all tests: the real data folder, which must be there when CI says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("EXCAVATE_SHARED", PROJECT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real data folder; without it the test skips visibly, and fails where CI=true."""
    if not SHARED.is_dir():
        reason = f"no real data at {SHARED} (set EXCAVATE_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED
