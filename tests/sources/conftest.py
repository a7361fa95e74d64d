"""An HTTPS host of our own for the sources that read the web, emptied for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.https_server import Host, https_host


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with https_host(tmp_path_factory.mktemp("https")) as host:
        yield host


@pytest.fixture
def host(served: Host) -> Host:
    served.answers.clear()
    served.asked.clear()
    served.slept.clear()
    return served
