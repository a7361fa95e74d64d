"""For all tests: the real data folder, which must be there when CI says so; no timed examples."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from excavate.i18n import speak

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("EXCAVATE_SHARED", PROJECT.parent / "shared" / "data"))

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def _english() -> None:
    """Every test begins in one language, whichever the one before it ended in."""
    speak("en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real data folder; without it the test skips visibly, and fails where CI=true."""
    if not SHARED.is_dir():
        reason = f"no real data at {SHARED} (set EXCAVATE_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED
