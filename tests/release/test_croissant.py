"""croissant.json: mlcroissant finds no fault and reads its records; our own source digs it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from excavate.digging import dig
from excavate.errors import SiteError
from excavate.model import SourceOptions
from excavate.release.croissant import as_croissant, citation, write
from excavate.release.croissant_words import missing, responsible
from excavate.release.record import Contents
from excavate.sources.croissant import open_source
from tests.release.given import (
    LEFT,
    MARKUP,
    PLAN,
    PLATES,
    an_id,
    contents,
    drawn_contents,
    folder_of,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with its Croissant file."""
    made = tmp_path_factory.mktemp("croissant")
    write(contents(), folder_of(contents(), made))
    return made


@contextmanager
def read(folder: Path) -> Iterator[Any]:
    import mlcroissant

    yield mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


def test_mlcroissant_finds_nothing_wrong(folder: Path) -> None:
    with read(folder) as dataset:
        issues = dataset.metadata.issues
        assert (issues.errors, issues.warnings) == (set(), set())
        assert dataset.metadata.name == "whose-hand"
        assert str(dataset.metadata.version) == "1.0.0"


def test_mlcroissant_reads_every_record_and_the_pictures(folder: Path) -> None:
    with read(folder) as dataset:
        records = list(dataset.records("items"))
    assert [one["items/number"] for one in records] == [1, 2, 3, 4, 5, 6]
    sizes = [one["items/image"].size if one["items/image"] else None for one in records]
    assert sizes == [(16, 12), (16, 12), None, (16, 12), (16, 12), None]
    assert records[1]["items/reason"].decode() == PLATES[1].member.reason
    assert records[3]["items/licence"] == b"KOGL-1"


def test_files_are_named_with_their_checksums(folder: Path) -> None:
    document = json.loads((folder / "croissant.json").read_text("utf-8"))
    (table,) = document["distribution"]
    content = (folder / "items.parquet").read_bytes()
    assert table["sha256"] == hashlib.sha256(content).hexdigest()
    assert table["contentUrl"] == "items.parquet"
    assert table["contentSize"] == f"{len(content)} B"


def test_what_is_missing_is_said_in_the_words_of_who_said_it(folder: Path) -> None:
    with read(folder) as dataset:
        said = dataset.metadata.data_collection_missing_data
    assert f"“{LEFT.statement}” (미래)" in said
    assert "“Hands that shake” (Not named / 이름을 밝히지 않음)" in said
    assert "떨리는 손이 쓴 숫자가 올 자리" in said
    assert "Its maker asked for it" in said
    assert "얼굴은 넣지 않는다." in said
    assert "rights are not stated: 1" in said


def test_nothing_said_to_be_missing_is_not_nothing_missing() -> None:
    given = replace(PLAN.given, excluded_en="", excluded_ko="")
    bare = contents(plan=replace(PLAN, given=given), plates=PLATES[:1], absences=(), left_out=())
    assert missing(bare).startswith("Nobody said what is missing")


def test_what_was_measured_and_what_was_not_stand_apart(folder: Path) -> None:
    with read(folder) as dataset:
        biases, limits = dataset.metadata.data_biases, dataset.metadata.data_limitations
    biases = [biases] if isinstance(biases, str) else biases
    assert any("No difference can be told." in one for one in biases)
    assert not any("robe" in one for one in biases)
    assert any("Linear probe: Not measured: fewer than 10 members" in one for one in limits)


def test_what_is_counted_was_seen_through_nothing() -> None:
    counted = {**contents().measured[0], "measure": "counts", "encoder": ""}
    (said,) = responsible(replace(contents(), measured=(counted,)))["rai:dataBiases"]
    assert said.startswith("Measured again (Counts against ")
    assert "seen through" not in said
    assert "로 봄" not in said
    (said,) = responsible(replace(contents(), measured=contents().measured[:1]))["rai:dataBiases"]
    assert "seen through" in said


def test_where_items_carry_several_licences_their_page_is_named(folder: Path) -> None:
    document = json.loads((folder / "croissant.json").read_text("utf-8"))
    assert document["license"] == f"{document['url']}RIGHTS.md"


def test_our_own_source_digs_it(folder: Path) -> None:
    source = open_source(str(folder / "croissant.json"), SourceOptions())
    batches = list(source.batches(100))
    items = [row for batch in batches for row in batch.items.to_pylist()]
    assert [one["key"] for one in items] == [plate.member.member_id for plate in PLATES]
    assert [one["creator"] for one in items][:2] == ["E. Alpaydin, C. Kaynak", "Mirae"]
    assert [one["licence"] for one in items][3] == "KOGL-1"
    labels = [row for batch in batches for row in batch.labels.to_pylist()]
    assert [(one["row"], one["value"]) for one in labels if one["value"]] == [(0, "4"), (1, "8")]


def test_without_the_table_that_it_describes_it_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="not written yet"):
        write(contents(), tmp_path)
    assert not (tmp_path / "croissant.json").exists()


def test_a_title_with_braces_keeps_the_citation_whole() -> None:
    given = replace(PLAN.given, title_en="{a} \\b{", title_ko="")
    said = citation(contents(plan=replace(PLAN, given=given)))
    assert "title = {a b}" in said
    assert said.count("{") == said.count("}")


@settings(max_examples=10, deadline=None)
@given(made=drawn_contents())
def test_whatever_was_written_it_stays_without_fault(made: Contents) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = folder_of(made, Path(name))
        write(made, folder)
        with read(folder) as dataset:
            assert dataset.metadata.issues.errors == set()
        text = as_croissant(made, folder)["rai:dataCollectionMissingData"]
    for plate in made.plates:
        assert not plate.is_empty or plate.member.reason in text


def test_words_that_look_like_markup_or_braces_are_words(tmp_path: Path) -> None:
    given = replace(PLAN.given, decides="{counts} " + MARKUP)
    made = contents(plan=replace(PLAN, given=given))
    said = as_croissant(made, folder_of(made, tmp_path))["rai:dataReleaseMaintenancePlan"]
    assert "{counts} " + MARKUP in said
    assert an_id("out") not in json.dumps(said)


def test_dug_again_an_empty_place_is_an_item_without_pixels_and_no_fault(
    folder: Path, tmp_path: Path
) -> None:
    report = dig(f"croissant:{folder / 'croissant.json'}", tmp_path / "site", only="catalogue")
    assert (report.catalog.items, report.catalog.faults) == (6, {})
    source = open_source(str(folder / "croissant.json"), SourceOptions())
    items = [row for batch in source.batches(4) for row in batch.items.to_pylist()]
    assert [one["part"] is None for one in items] == [False, False, True, False, False, True]
