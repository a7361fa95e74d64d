"""What the tests of releases stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.release.rooms import Room, dug_site


@pytest.fixture(scope="session")
def dug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that is dug once and never written to."""
    return dug_site(tmp_path_factory.mktemp("release"))


@pytest.fixture
def room(dug: Path, tmp_path: Path) -> Iterator[Room]:
    """An empty workshop beside the site that is dug."""
    workshop = Workshop(tmp_path)
    yield Room(Site(dug), workshop)
    workshop.close()
