"""What the tests of counter-datasets stand on; `made_site`: the small dug site of the app's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from excavate.workshop.store import Workshop
from tests.app.conftest import made_site as made_site


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """An empty workshop of a site of its own."""
    opened = Workshop(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def shared_room(tmp_path: Path) -> Iterator[Workshop]:
    """A room that is open to others: every write asks for its author's role."""
    opened = Workshop(tmp_path, shared=True)
    yield opened
    opened.close()
