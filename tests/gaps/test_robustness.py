"""Other settings of a finding: asked, kept as findings, counted; what cannot be measured, apart."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.digging import dig, embed_again
from excavate.errors import ExcavateError
from excavate.gaps import asking
from excavate.gaps.asked import asked_of
from excavate.gaps.asking import ask
from excavate.gaps.question import Question
from excavate.gaps.records import speaking
from excavate.gaps.robustness import Robustness, Setting, frozen, robustness, robustness_of
from excavate.gaps.runs import intersections as run
from excavate.gaps.saying.robustness import changed, sentence
from excavate.gaps.stored import finding
from excavate.site import Site
from tests.gaps.sites import alike, whole


def people(folder: Path, old: int = 16) -> Site:
    """200 items of age and place; of the old ones `old` live by the sea."""
    rows = [("old", "sea")] * old + [("old", "city")] * 60 + [("young", "sea")] * 60
    rows += [("young", "city")] * (200 - len(rows))
    random.Random(0).shuffle(rows)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "people.csv", "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "age", "place"), *((n, *r) for n, r in enumerate(rows))])
    dig(f"csv:{folder / 'people.csv'}", folder / "site", only="catalogue", options={"key": "id"})
    return Site(folder / "site")


def asked(site: Site, tau: int) -> Question:
    return Question("intersections", "people", parameters={"tau": tau})


def test_a_combination_is_looked_for_by_its_map_in_every_setting(tmp_path: Path) -> None:
    site = people(tmp_path)
    found = ask(site, asked(site, 20))
    robust = robustness(site, found)
    half, twice = robust.settings
    assert robust.keys == [{"pattern": {"attribute:age": "old", "attribute:place": "sea"}}]
    assert (half.changes, twice.changes) == ({"tau": [20, 10]}, {"tau": [20, 40]})
    assert (list(half.ranks), list(twice.ranks)) == ([None], [1])  # 16 is no fewer than 10
    assert (robust.held, robust.shares, robust.first_holds) == ([1], [0.5], 1)
    assert robust.ranges["patterns"] == (0, 1)
    assert robust.ranges["items"] == (200, 200)
    with speaking("en"):
        assert sentence(robust) == "Its first row holds in 1 of 2 other settings."
        assert changed(half) == "tau 20 → 10"


def test_each_setting_is_a_finding_and_counts(tmp_path: Path) -> None:
    site = people(tmp_path)
    found = ask(site, asked(site, 20))
    assert robustness_of(site.folder, found.id) is None
    robust = robustness(site, found)
    assert asked_of(site.folder).findings == 3
    assert {finding(site.folder, one.finding or "").id for one in robust.settings}
    again = robustness(site, found)
    assert (again.made.id, again.made.made_at) == (robust.made.id, robust.made.made_at)
    kept = robustness_of(site.folder, found.id)
    assert kept is not None
    assert kept.settings == robust.settings
    assert kept.made.provenance["settings"] == [one.finding for one in robust.settings]


def test_nothing_found_holds_where_nothing_is_found(tmp_path: Path) -> None:
    site = people(tmp_path)
    robust = robustness(site, ask(site, asked(site, 10)))
    assert (robust.keys, robust.held, robust.first_holds) == ([], [], 1)
    assert [one.rows for one in robust.settings] == [0, 1]  # under 5 none, under 20 one
    with speaking("en"):
        assert sentence(robust) == "Nothing is found in 1 of 2 other settings either."


def test_what_cannot_be_measured_is_neither_yes_nor_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = people(tmp_path)
    found = ask(site, asked(site, 20))
    known = run.variants

    def more(site: Site, question: Question) -> Sequence[Question]:
        nothing = replace(question, parameters={**question.parameters, "columns": []})
        wrong = replace(question, parameters={**question.parameters, "tau": "many"})
        return [*known(site, question), nothing, wrong, question]

    monkeypatch.setattr(run, "variants", more)
    assert len(asking.variants(site, found)) >= 4
    robust = robustness(site, found)
    _, _, empty, failed = robust.settings  # its own setting is not another
    assert not empty.measured
    assert empty.finding is not None
    assert empty.why
    assert not failed.measured
    assert failed.finding is None
    assert "many" in failed.why
    assert (len(robust.measured), robust.shares) == (2, [0.5])
    with speaking("en"):
        assert sentence(robust).endswith("other settings. 2 more could not be measured.")


def test_pictures_hold_through_another_encoder(tmp_path: Path) -> None:
    site = whole(tmp_path)
    embed_again(tmp_path / "site", dataset="all", encoder="pixels:8")
    found = ask(site, Question("labels", "all", encoder="pixels:8"))
    robust = robustness(site, found)
    lenses = [one.changes["encoder"] for one in robust.settings if "encoder" in one.changes]
    assert [other.partition(" ")[0] for _, other in lenses] == ["pixels"]
    assert all(one.measured for one in robust.settings)


def test_what_was_not_measured_or_is_of_an_older_revision_is_refused(tmp_path: Path) -> None:
    poor = alike(tmp_path / "poor")
    with pytest.raises(ExcavateError, match="what was not measured cannot hold"):
        robustness(poor, ask(poor, Question("labels", "alike")))
    site = people(tmp_path / "one")
    found = ask(site, asked(site, 20))
    people(tmp_path / "one", old=4)
    with pytest.raises(ExcavateError, match="older revision"):
        robustness(Site(tmp_path / "one" / "site"), found)


def test_settings_that_cannot_move_a_row_are_not_asked_and_hold_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty column is empty whatever chance findings are put up with."""
    site = people(tmp_path)
    found = ask(site, Question("columns", "people"))
    assert {row["check"] for row in found.first_rows(99)} == {"empty"}
    with pytest.raises(ExcavateError, match="no other setting could move what it found"):
        robustness(site, found)
    settings = [Setting({}, "x", True, 3, [1, None], [False, True])] * 2
    made = replace(found.made, result={"keys": [{}, {}], "settings": list(map(asdict, settings))})
    robust = Robustness(made)
    assert (robust.held, robust.tried, robust.shares) == ([0, 0], [0, 2], [None, 0.0])
    with speaking("en"):
        assert sentence(robust) == "No other setting could move its first row."


def test_keys_are_held_against_each_other_whatever_their_shape() -> None:
    assert frozen({"a": 1, "b": [2, {"c": 3}]}) == frozen({"b": (2, {"c": 3}), "a": 1})
    assert frozen({"a": None}) != frozen({"a": 0})
    assert hash(frozen({"p": {"x": ["y"]}}))


def test_the_command_tells_it(tmp_path: Path) -> None:
    site = people(tmp_path)
    found = ask(site, asked(site, 20))
    given = ["findings", "robust", found.id[:8], "--site", str(tmp_path / "site")]
    told = CliRunner().invoke(app, given)
    assert told.exit_code == 0, told.output
    assert "Its first row holds in 1 of 2 other settings." in told.output
    assert "tau 20 → 10" in told.output
    said = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    assert (said["measured"], said["not_measured"], said["first_holds"]) == (2, 0, 1)
    assert said["rows"][0]["share"] == 0.5
    assert "2가지 가운데 1가지" in said["said"]["ko"]
    nowhere = ["findings", "robust", "ffff", "--site", str(tmp_path / "site")]
    assert CliRunner().invoke(app, nowhere).exit_code == 1
