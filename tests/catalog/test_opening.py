"""Readers while a new generation is published; a site that is broken says so."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.opening import CurrentCatalog
from excavate.errors import NotFoundError, SiteError
from excavate.settings import Settings
from excavate.site import Site


def dig(site: Path, count: int) -> None:
    catalogue(DigRequest(f"made:{count}", site, dataset="made"), Settings(workers=1))


def test_readers_see_one_whole_generation_while_new_ones_come(tmp_path: Path) -> None:
    dig(tmp_path, 10)
    site = Site(tmp_path)
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                with site.cursor() as cursor:
                    stated = cursor.execute("SELECT items FROM dataset").fetchone()[0]
                    counted = cursor.execute("SELECT count(*) FROM item").fetchone()[0]
                if stated != counted:
                    wrong.append((stated, counted))
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for count in range(11, 21):
        dig(tmp_path, count)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert len(site.items()) == 20
    assert site.generation == "catalog-000011"
    assert [f.stem for f in site.folder.generations()] == ["catalog-000010", "catalog-000011"]


def test_an_old_generation_closes_after_its_last_reader(tmp_path: Path) -> None:
    dig(tmp_path, 10)
    catalog = CurrentCatalog(Site(tmp_path).folder)
    with catalog.cursor() as old:
        dig(tmp_path, 12)
        with catalog.cursor() as new:
            assert new.execute("SELECT count(*) FROM item").fetchone()[0] == 12
        assert old.execute("SELECT count(*) FROM item").fetchone()[0] == 10
    with pytest.raises(Exception, match=r"[Cc]losed"):
        old.execute("SELECT 1")


def test_a_site_that_is_not_there_or_empty_or_broken(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no such site"):
        Site(tmp_path / "gone")
    with pytest.raises(SiteError, match="nothing has been dug here yet"):
        Site(tmp_path).items()
    (tmp_path / "CURRENT").write_text("../../etc/passwd\n")
    with pytest.raises(SiteError, match="CURRENT names no catalog here"):
        Site(tmp_path).items()
    (tmp_path / "CURRENT").write_text("catalog-000001.duckdb\n")
    (tmp_path / "catalog-000001.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(SiteError, match="the catalog cannot be opened"):
        Site(tmp_path).items()


def test_pictures_are_served_for_the_revision_that_named_them(tmp_path: Path) -> None:
    dig(tmp_path, 10)
    site = Site(tmp_path)
    revision = site.revisions()["made"]
    shown = site.thumbnail("made", revision, 0)
    assert shown is not None
    assert shown[0][:4] == b"RIFF"
    assert site.thumbnail("made", "another", 0) is None
    assert site.thumbnail("made", revision, 4) is None  # an item without pixels
    assert site.original("made/test/4") is None
    with pytest.raises(NotFoundError, match="made/test/11: no such item"):
        site.original("made/test/11")


def test_a_browser_that_is_looking_keeps_looking(tmp_path: Path) -> None:
    dig(tmp_path, 10)
    site = Site(tmp_path)
    before = site.revisions()["made"]
    shown = site.thumbnail("made", before, 8)
    dig(tmp_path, 8)
    assert site.thumbnail("made", before, 8) == shown is not None
    assert site.thumbnail("made", site.revisions()["made"], 8) is None
    dig(tmp_path, 7)
    assert site.thumbnail("made", before, 8) is None  # two digs ago is too long ago
    site.close()
