"""Catalogs of older versions: brought up on the way of any change, never lost, never half."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from excavate.catalog import upgrading
from excavate.catalog.amending import upgrade_site
from excavate.catalog.attributes import add_attributes
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.opening import CurrentCatalog, connect, schema, schema_of
from excavate.catalog.upgrading import SCHEMA_VERSION, STEPS
from excavate.errors import NotFoundError, SiteError
from excavate.settings import Settings
from excavate.site import Site
from tests.catalog.old_schema import VERSION_1

SHAPE = """
SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
WHERE NOT internal AND schema_name = 'main' ORDER BY table_name, column_index
"""
VIEWS = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
# What version 1 knew of a dataset; the rest of its tables are as they were.
OLD_COLUMNS = """dataset_id, source, options, title, key_rule, fingerprint, source_revision,
    revision, root, licence, homepage, citation, items, code_version, dug_at"""
TABLES = ("item", "thumbnail", "category", "category_parent", "label", "region", "attribute")


@pytest.fixture(scope="module")
def old_once() -> list[Path]:
    return []


@pytest.fixture
def old(tmp_path: Path, old_once: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site as version 1 left it: its own schema, filled by a dig, attributes joined."""
    if not old_once:
        site = tmp_path_factory.mktemp("old") / "site"
        catalogue(DigRequest("made:20", site), Settings(workers=1))
        (site / "t.csv").write_text("id,v\n1,kept\n")
        add_attributes(
            site, site / "t.csv", dataset="made", key="id", said_by="self", source="a letter"
        )
        as_version_1(site)
        old_once.append(site)
    return Path(shutil.copytree(old_once[0], tmp_path / "site"))


def as_version_1(site: Path) -> None:
    newer = site / "catalog-000002.duckdb"
    made = connect(site / "old.duckdb", read_only=False)
    made.execute(VERSION_1)
    made.execute(f"ATTACH '{newer}' AS newer (READ_ONLY)")
    made.execute(f"INSERT INTO dataset SELECT {OLD_COLUMNS} FROM newer.dataset")
    for table in (*TABLES, "fault"):
        made.execute(f"INSERT INTO {table} SELECT * FROM newer.{table}")
    made.execute("DETACH newer")
    made.close()
    for file in site.glob("catalog-*"):
        file.unlink()
    (site / "old.duckdb").rename(site / "catalog-000001.duckdb")
    (site / "CURRENT").write_text("catalog-000001.duckdb\n")


def everything(file: Path) -> dict[str, list[Any]]:
    connection = connect(file, read_only=True)
    asked = {t: f"SELECT * FROM {t} ORDER BY ALL" for t in (*TABLES, "fault")}
    asked["dataset"] = f"SELECT {OLD_COLUMNS} FROM dataset"
    found = {table: connection.execute(sql).fetchall() for table, sql in asked.items()}
    connection.close()
    return found


def shape(connection: Any) -> tuple[list[Any], list[Any]]:
    return connection.execute(SHAPE).fetchall(), connection.execute(VIEWS).fetchall()


def test_an_upgraded_catalog_has_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    upgrade_site(old)
    fresh = connect(tmp_path / "fresh.duckdb", read_only=False)
    fresh.execute(schema())
    brought = connect(old / "catalog-000002.duckdb", read_only=True)
    assert shape(brought) == shape(fresh)
    for connection in (brought, fresh):
        assert connection.execute(upgrading.VERSION).fetchall() == [(SCHEMA_VERSION,)]
        connection.close()


def test_the_steps_are_in_order_and_named_apart() -> None:
    assert [step.version for step in STEPS] == list(range(2, SCHEMA_VERSION + 1))
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_an_upgrade_keeps_every_row_and_the_old_file(old: Path) -> None:
    before = everything(old / "catalog-000001.duckdb")
    done = upgrade_site(old)
    assert (done.before, done.now, done.generation) == (1, SCHEMA_VERSION, "catalog-000002")
    assert done.steps == tuple(step.name for step in STEPS)
    assert everything(old / "catalog-000002.duckdb") == before
    assert len(before["item"]) == 20
    assert schema_of(old / "catalog-000001.duckdb") == 1
    assert sorted(p.name for p in old.iterdir()) == [
        ".dig.lock", "CURRENT", "catalog-000001.duckdb", "catalog-000002.duckdb", "t.csv",
    ]  # fmt: skip
    again = upgrade_site(old)
    assert (again.steps, again.generation) == ((), "catalog-000002")


def test_reading_an_old_catalog_says_what_to_run(old: Path) -> None:
    with pytest.raises(SiteError) as caught:
        Site(old).items()
    assert str(caught.value) == (
        f"{old}/catalog-000001.duckdb: catalog schema 1, this version reads {SCHEMA_VERSION}."
        f" Run: excavate upgrade --site {old}"
    )


def test_the_same_dig_brings_an_old_site_up_and_reads_nothing(old: Path) -> None:
    dug = catalogue(DigRequest("made:20", old), Settings(workers=1))
    assert (dug.unchanged, dug.generation) == (True, "catalog-000002")
    assert len(Site(old).items()) == 20
    assert list(Site(old).attributes().query("added")["value"]) == ["kept"]


def test_another_dig_carries_what_an_old_site_held(old: Path) -> None:
    before = Site(old).folder.current()
    assert before is not None
    held = everything(before)
    catalogue(DigRequest("made:5", old, dataset="other"), Settings(workers=1))
    site = Site(old)
    assert list(site.datasets()["dataset_id"]) == ["made", "other"]
    assert len(site.items("made")) == 20
    assert len(site.labels("made")) == len(held["label"])
    assert list(site.attributes("made").query("added")["value"]) == ["kept"]


def test_joining_attributes_brings_an_old_site_up(old: Path) -> None:
    add_attributes(
        old, old / "t.csv", dataset="made", key="id", said_by="self", source="a call"
    )  # fmt: skip
    assert Site(old).generation == "catalog-000002"
    assert list(Site(old).attributes().query("added")["source"]) == ["a call", "a letter"]


def test_a_browser_asks_for_a_picture_of_a_schema_gone_by(old: Path) -> None:
    upgrade_site(old)
    site = Site(old)
    assert site.thumbnail("made", "a revision gone by", 0) is None
    with CurrentCatalog(site.folder).older_cursor() as older:
        assert older is None
    assert site.thumbnail("made", site.revisions()["made"], 0) is not None


def test_a_step_that_fails_leaves_the_site_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(p.name for p in old.iterdir())
    broken = upgrading.Step(SCHEMA_VERSION + 1, "broken", "ALTER TABLE gone ADD COLUMN x INT")
    monkeypatch.setattr(upgrading, "STEPS", (*STEPS, broken))
    with pytest.raises(SiteError, match="nothing was changed"):
        upgrade_site(old)
    assert sorted(p.name for p in old.iterdir()) == sorted({*files, ".dig.lock"})
    assert schema_of(old / "catalog-000001.duckdb") == 1


def test_a_catalog_of_a_later_version_is_left_alone(old: Path) -> None:
    upgrade_site(old)
    connection = connect(old / "catalog-000002.duckdb", read_only=False)
    connection.execute("UPDATE catalog_version SET schema_version = 99")
    connection.close()
    said = f"catalog schema 99, this version reads {SCHEMA_VERSION}. Use a newer version"
    for attempt in (
        lambda: Site(old).items(),
        lambda: upgrade_site(old),
        lambda: catalogue(DigRequest("made:20", old), Settings(workers=1)),
    ):
        with pytest.raises(SiteError, match=said):
            attempt()
    assert Site(old).generation == "catalog-000002"


def test_there_must_be_something_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing has been dug here yet"):
        upgrade_site(tmp_path)
    with pytest.raises(SiteError, match="no such site"):
        upgrade_site(tmp_path / "gone")
