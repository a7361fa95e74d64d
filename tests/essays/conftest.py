"""The digits, dug and embedded whole: what essays are computed from."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.site import Site


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of all digits with vectors and neighbours; nothing was measured in it."""
    from excavate.digging import dig

    site = tmp_path_factory.mktemp("essays") / "a-site"
    for stage in ("catalogue", "embed", "neighbours"):
        dig("digits", site, only=stage)
    return site


@pytest.fixture
def unasked(digits: Path, tmp_path: Path) -> Site:
    """The same, of which nothing was ever asked."""
    import shutil

    fresh = tmp_path / "fresh"
    shutil.copytree(digits, fresh, ignore=shutil.ignore_patterns("findings", "robustness"))
    return Site(fresh)
