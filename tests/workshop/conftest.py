"""What the tests of the workshop stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from excavate.workshop.store import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """An empty workshop of a site of its own."""
    opened = Workshop(tmp_path)
    yield opened
    opened.close()
