"""A finding run again from its provenance alone: same, different, or why it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from excavate.cli import app
from excavate.digging import dig, embed_again
from excavate.errors import ExcavateError, NotFoundError, SourceError
from excavate.gaps import registry
from excavate.gaps.asking import Question, ask
from excavate.gaps.differences import Result, differences
from excavate.gaps.reproducing import CANNOT, DIFFERENT, SAME, Verdict, reproduce
from excavate.gaps.stored import Finding
from excavate.site import Site
from tests.made import class_folder, encoded, picture

TAU = {"tau": 15}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reproduced")
    class_folder(root / "pets", ("cat", "dog", "sea"), 10)
    dig(f"folder:{root / 'pets'}", root / "site", dataset="pets", only="catalogue")
    ask(Site(root / "site"), Question("intersections", "pets", parameters=TAU))
    return root


@pytest.fixture
def kept(base: Path, tmp_path: Path) -> tuple[Site, Finding]:
    """A site of this test's own with one finding in it."""
    for name in ("site", "pets"):
        shutil.copytree(base / name, tmp_path / name)
    site = Site(tmp_path / "site")
    return site, ask(site, Question("intersections", "pets", parameters=TAU))


def tampered(finding: Finding, change: Callable[[dict[str, Any]], None], to: Path | None = None):
    file = finding.made.file("json")
    record = json.loads(file.read_text("utf-8"))
    change(record)
    (to or file).write_text(json.dumps(record), "utf-8")
    return to or file


def verdict(kept: tuple[Site, Finding]) -> Verdict:
    return reproduce(kept[0], kept[1].made.file("json"))


def test_what_is_whole_is_the_same(kept: tuple[Site, Finding]) -> None:
    found = verdict(kept)
    assert (found.verdict, found.lines, found.rows_held) == (SAME, (), 3)
    assert found.finding == kept[1].id


def test_the_stored_rows_are_not_the_answer(kept: tuple[Site, Finding]) -> None:
    """A row taken out of the kept ones is a row that is new when it is measured again."""
    rows = kept[1].made.file("rows.parquet")
    pq.write_table(pq.read_table(rows).slice(1), rows)
    found = verdict(kept)
    assert found.verdict == DIFFERENT
    assert any(line.startswith("rows: ") for line in found.lines)


def test_a_figure_that_was_changed_says_by_how_much(kept: tuple[Site, Finding]) -> None:
    tampered(kept[1], lambda record: record["result"]["figures"].update(patterns=[7, 6, 8]))
    found = verdict(kept)
    assert found.verdict == DIFFERENT
    assert found.lines == ("figure patterns: 7 (6 to 8), now 3",)


def test_a_number_within_the_tolerance_is_the_same_and_is_told(kept: tuple[Site, Finding]) -> None:
    tampered(kept[1], lambda record: record["result"]["figures"]["items"].__setitem__(0, 30.000001))
    found = verdict(kept)
    assert found.verdict == SAME
    assert found.largest == pytest.approx(1e-6 / 30, rel=0.01)


def test_a_provenance_that_was_changed_is_not_run(kept: tuple[Site, Finding]) -> None:
    tampered(kept[1], lambda record: record["provenance"]["parameters"].update(tau=2))
    found = verdict(kept)
    assert found.verdict == CANNOT
    assert found.lines[0].startswith(f"its provenance was changed: it is named {kept[1].id}")


def test_parameters_that_nobody_knows(kept: tuple[Site, Finding], tmp_path: Path) -> None:
    file = tampered(
        kept[1],
        lambda record: record["provenance"]["parameters"].update(alpha=2),
        tmp_path / "anywhere.json",
    )
    found = reproduce(kept[0], file)
    assert found.verdict == CANNOT
    assert "unknown: alpha" in found.lines[0]


def test_another_version_of_the_measure(
    kept: tuple[Site, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = registry.REGISTRY["intersections"]
    entry = replace(ours, version=ours.version + 1)
    monkeypatch.setitem(registry.REGISTRY, "intersections", entry)
    assert verdict(kept).lines == (
        f"it was measured by version {ours.version} of intersections; "
        f"this is version {ours.version + 1}",
    )
    order = dict(registry.REGISTRY)  # put back whole: a name put back alone would come last
    try:
        del registry.REGISTRY["intersections"]
        assert verdict(kept).lines == ("this version knows no measure intersections",)
    finally:
        registry.REGISTRY.clear()
        registry.REGISTRY.update(order | {"intersections": ours})


def test_a_dataset_that_changed_or_is_not_there(kept: tuple[Site, Finding], tmp_path: Path) -> None:
    (tmp_path / "pets" / "cat" / "new.png").write_bytes(encoded(picture(99)))
    dig(f"folder:{tmp_path / 'pets'}", tmp_path / "site", dataset="pets", only="catalogue")
    found = verdict(kept)
    assert found.verdict == CANNOT
    assert found.lines[0].startswith("the dataset pets stands at revision ")
    dig(f"folder:{tmp_path / 'pets'}", tmp_path / "other", dataset="else", only="catalogue")
    found = reproduce(Site(tmp_path / "other"), kept[1].made.file("json"))
    assert found.lines == ("the dataset pets is not in this site",)


def test_vectors_that_are_gone_and_a_vocabulary_that_changed(
    kept: tuple[Site, Finding], tmp_path: Path
) -> None:
    site, words = kept[0], tmp_path / "words.csv"
    words.write_text("id,group,ko,en\nsea,g,바다,sea\n", "utf-8")
    embed_again(site.folder.path, dataset="pets", encoder="pixels:4")
    finding = ask(site, Question("concepts", "pets", parameters={"vocabulary": str(words)}))
    file = finding.made.file("json")
    assert reproduce(site, file).verdict == SAME
    words.write_text("id,group,ko,en\nsea,g,바다,the sea\n", "utf-8")
    found = reproduce(site, file)
    assert found.verdict == CANNOT
    assert found.lines[0].startswith("its input vocabulary is another here: ")
    shutil.rmtree(site.folder.path / "vectors")
    assert "no embedding of pets by this encoder" in reproduce(site, file).lines[0]


def test_an_export_is_held_against_as_many_rows_as_it_has(
    kept: tuple[Site, Finding], tmp_path: Path
) -> None:
    runner, site = CliRunner(), str(kept[0].folder.path)
    shown = runner.invoke(
        app, ["findings", "show", kept[1].id, "--site", site, "--json", "--rows", "2"]
    )
    (tmp_path / "export.json").write_text(shown.stdout, "utf-8")
    command = ["findings", "reproduce", str(tmp_path / "export.json"), "--site", site]
    done = runner.invoke(app, command)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0, f"intersections of pets [{kept[1].id}]: same",
    )  # fmt: skip
    assert "2 rows held against the new ones" in done.stdout
    record = json.loads((tmp_path / "export.json").read_text("utf-8"))
    record["rows"][0]["count"] = 77
    (tmp_path / "export.json").write_text(json.dumps(record), "utf-8")
    done = runner.invoke(app, [*command, "--json"])
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert (said["verdict"], said["lines"]) == (DIFFERENT, ["1 rows say otherwise: count in 1"])


def test_the_site_is_the_one_that_the_file_lies_in(
    kept: tuple[Site, Finding], tmp_path: Path
) -> None:
    runner, file = CliRunner(), kept[1].made.file("json")
    assert runner.invoke(app, ["findings", "reproduce", str(file)]).exit_code == 0
    shutil.copy(file, tmp_path / "alone.json")
    failed = runner.invoke(app, ["findings", "reproduce", str(tmp_path / "alone.json")])
    assert isinstance(failed.exception, NotFoundError)


def test_a_finding_without_its_rows_is_held_against_their_number(
    kept: tuple[Site, Finding],
) -> None:
    kept[1].made.file("rows.parquet").unlink()
    assert (verdict(kept).verdict, verdict(kept).rows_held) == (SAME, 0)
    tampered(kept[1], lambda record: record["result"].update(rows=9))
    assert verdict(kept).lines == ("9 rows, now 3",)


def test_a_comparison_is_made_of_parts_that_are_measured_again(
    kept: tuple[Site, Finding], tmp_path: Path
) -> None:
    site = kept[0]
    class_folder(tmp_path / "more", ("cat", "fox"), 10)
    dig(f"folder:{tmp_path / 'more'}", site.folder.path, dataset="more", only="catalogue")
    both = ask(site, Question("compare", "pets", "more", parameters={"of": ["intersections"]}))
    file, before = both.made.file("json"), sorted((site.folder.path / "findings").iterdir())
    assert reproduce(site, file).verdict == SAME
    for one in both.made.provenance["inputs"]["findings"]["intersections"]:
        part = json.loads((site.folder.path / "findings" / f"{one}.json").read_text("utf-8"))
        part["result"]["figures"]["items"] = [77, None, None]
        (site.folder.path / "findings" / f"{one}.json").write_text(json.dumps(part), "utf-8")
    again = reproduce(site, file)
    assert (again.verdict, again.lines) == (SAME, ())  # what is kept of the parts was not asked
    assert sorted((site.folder.path / "findings").iterdir()) == before
    for named in both.made.provenance["inputs"]["findings"]["intersections"]:
        for part_file in (site.folder.path / "findings").glob(f"{named}.*"):
            part_file.unlink()
    assert reproduce(site, file).verdict == SAME
    assert not list((site.folder.path / "findings").glob(f"{named}.*"))  # nothing is written


def test_a_comparison_tampered_with_through_its_parts_is_different(
    kept: tuple[Site, Finding], tmp_path: Path
) -> None:
    """A false part that was there first gives a false comparison: measured anew it is not."""
    site = kept[0]
    class_folder(tmp_path / "more", ("cat", "fox"), 10)
    dig(f"folder:{tmp_path / 'more'}", site.folder.path, dataset="more", only="catalogue")
    asked = Question("compare", "pets", "more", parameters={"of": ["intersections"]})
    both = ask(site, asked)
    first = both.made.provenance["inputs"]["findings"]["intersections"][0]
    file = site.folder.path / "findings" / f"{first}.json"
    part = json.loads(file.read_text("utf-8"))
    part["result"]["figures"]["items"] = [77, None, None]
    file.write_text(json.dumps(part), "utf-8")
    both.made.file("json").unlink()
    false = ask(site, asked)
    found = reproduce(site, false.made.file("json"))
    assert found.verdict == DIFFERENT


def test_a_comparison_of_named_findings_says_what_it_rests_on(
    kept: tuple[Site, Finding],
) -> None:
    site, few = kept
    many = ask(site, Question("intersections", "pets", parameters={"tau": 12}))
    both = ask(site, Question("compare", "pets", parameters={"a": few.id, "b": many.id}))
    found = reproduce(site, both.made.file("json"))
    assert (found.verdict, found.rests_on) == (SAME, (f"{few.id}: same", f"{many.id}: same"))
    tampered(few, lambda record: record["result"]["figures"].update(patterns=[7, 6, 8]))
    found = reproduce(site, both.made.file("json"))
    assert found.verdict == DIFFERENT
    assert f"the finding {few.id} it rests on is different" in found.lines
    assert found.rests_on[0].startswith(f"{few.id}: different: figure patterns: 7")
    few.made.file("json").unlink()
    assert reproduce(site, both.made.file("json")).verdict == CANNOT


def test_what_is_no_finding_says_all_that_it_lacks(kept: tuple[Site, Finding], tmp_path: Path):
    file = tmp_path / "x.json"
    for text, error, told in (
        ("{", ExcavateError, "this is no JSON"),
        ("[]", SourceError, "provenance: is lacking"),
        ('{"provenance": {"measure": 3}}', SourceError, "result.status: is neither"),
    ):
        file.write_text(text, "utf-8")
        with pytest.raises(error, match=told):
            reproduce(kept[0], file)
    with pytest.raises(NotFoundError, match="this cannot be read"):
        reproduce(kept[0], tmp_path / "nowhere.json")
    file = tampered(kept[1], lambda record: record["provenance"].pop("inputs"))
    with pytest.raises(SourceError, match=r"provenance\.inputs: is lacking, or no dict"):
        reproduce(kept[0], file)


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
ROWS = st.lists(st.fixed_dictionaries({"k": st.sampled_from("abcdef"), "n": NUMBERS}), max_size=8)


def result(rows: list[dict[str, Any]]) -> Result:
    return Result("measured", "", {}, None, {}, 0, len(rows), rows)


@given(ROWS)
def test_every_result_is_the_same_as_itself(rows: list[dict[str, Any]]) -> None:
    assert differences(result(rows), result([dict(row) for row in rows]), ["k"]).lines == []


@given(ROWS, st.data())
def test_one_row_less_is_one_gone_and_one_more_is_new(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    distinct = list({row["k"]: row for row in rows}.values())
    if not distinct:
        return
    without = list(distinct)
    without.pop(data.draw(st.integers(0, len(distinct) - 1)))
    found = differences(result(distinct), result(without), ["k"])
    assert (found.gone, found.new, found.changed) == (1, 0, 0)
    back = differences(result(without), result(distinct[: len(without)]), ["k"])
    assert (back.gone, back.new) in {(0, 0), (1, 1)}


def test_rows_that_change_places_are_moved_and_twins_are_matched_in_order() -> None:
    rows = [{"k": "a", "n": 1.0}, {"k": "b", "n": 2.0}, {"k": "a", "n": 3.0}]
    found = differences(result(rows), result([rows[1], rows[0], rows[2]]), ["k"])
    assert found.lines == ["rows: 0 gone, 0 new, 2 at another place"]
    assert (found.moved, found.changed) == (2, 0)
