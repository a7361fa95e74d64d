"""The made source, registered."""

from __future__ import annotations

import pytest

from excavate import sources


@pytest.fixture(autouse=True)
def _made_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources.REGISTRY, "made", sources.Entry("tests.catalog.made_source", "N"))
