"""Measured again in a site: the same yardstick, planted holes, and what is not measured says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from excavate.cli import app
from excavate.counter.holding import gathered
from excavate.counter.leaving_out import leave_out
from excavate.counter.measured_again import MEASURES, measure_again, measured_of, stands
from excavate.counter.measuring_asked import asked_of
from excavate.counter.measuring_made import MADE
from excavate.counter.plans import one_plan
from excavate.counter.records import GivenMember
from excavate.digging import dig
from excavate.errors import NotFoundError, RefusedError
from excavate.gaps.asking import measure
from excavate.progress import silent
from excavate.site import Site
from excavate.workshop.about import About
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.erasing import erase
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.counter.planned import given_empty, given_uploaded, planned, put
from tests.made import encoded
from tests.workshop.given import author
from tests.workshop.rooms import holding

SIDES = {"left": np.s_[:, :8], "top": np.s_[:8], "right": np.s_[:, 8:]}


def lit(side: str, seed: int) -> Image.Image:
    """A dark picture with one side lit, and some noise."""
    pixels = np.random.default_rng(seed).integers(0, 60, (16, 16))
    pixels[SIDES[side]] += 170
    return Image.fromarray(pixels.astype("uint8"), "L")


def write(root: Path, sides: dict[str, int], seed: int) -> Path:
    for side, count in sides.items():
        (root / side).mkdir(parents=True)
        for number in range(count):
            lit(side, seed + 1000 * len(side) + number).save(root / side / f"{number}.png")
    return root


@pytest.fixture(scope="module")
def dug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ours` knows two sides of the light, `theirs` three; both through one encoder."""
    root = tmp_path_factory.mktemp("again")
    ours = write(root / "ours", {"left": 24, "top": 24}, 0)
    theirs = write(root / "theirs", {"left": 24, "top": 24, "right": 24}, 500)
    for folder in (ours, theirs):
        for stage in ("catalogue", "embed"):
            dig(f"folder:{folder}", root / "site", encoder="pixels:8", only=stage)
    return root / "site"


@pytest.fixture
def site(dug: Path):
    opened = Site(dug)
    yield opened
    opened.close()


def lights(plan_id: str, side: str, count: int, label: str = "", seed: int = 90_000):
    return [
        given_uploaded(plan_id, picture=encoded(lit(side, seed + n)), label=label)
        for n in range(count)
    ]


def by_measure(records):
    return {record["measure"]: record for record in records}


def test_members_that_fill_the_hole_raise_coverage_and_it_says_so(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "right", 14), given_empty(plan_id))
    found = by_measure(measure_again(site, workshop, plan_id))["coverage"]
    assert (found["dataset"], found["reference"], found["members"]) == ("ours", "theirs", 14)
    before, after = (found[when]["coverage"]["value"] for when in ("before", "after"))
    assert before < 0.75 < after, "a third of theirs was out of reach"
    assert found["difference"]["coverage"]["low"] > 0
    assert found["not_measured"] is None
    assert "no difference" not in found["said"]["en"]
    assert "차이는" in found["said"]["ko"]


def test_members_that_are_there_already_make_no_difference_and_it_says_so(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 6, "left"))
    ids = list(site.items("ours")["item_id"][:3])
    chosen = [GivenMember(new_id(), plan_id, "chosen", "again", item_id=one) for one in ids]
    put(workshop, who, *chosen, site=site)
    found = by_measure(measure_again(site, workshop, plan_id))
    for name in ("coverage", "diversity", "probe"):
        assert "no difference that can be told" in found[name]["said"]["en"], name
        assert "차이가 있다고 말할 수 없습니다" in found[name]["said"]["ko"], name
    assert found["coverage"]["members"] == 6, "what was chosen from it is in it"
    assert "add nothing to it: 3" in found["coverage"]["said"]["en"]
    assert found["counts"]["difference"]["left"]["value"] == 6
    assert found["counts"]["before"]["left"] == {"value": 24, "low": None, "high": None}
    assert found["concentration"]["before"]["gini"]["value"] == 0
    assert {name for name, one in found.items() if one["encoder"]} == {
        "coverage", "diversity", "probe",
    }, "no encoder has a part in what is counted"  # fmt: skip
    assert found["concentration"]["after"]["gini"]["value"] == pytest.approx(3 / 54)


def test_the_dataset_s_own_pictures_uploaded_add_nothing(workshop, site):
    """By their bytes to every measure, by their vector to those that see."""
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 6, "left", seed=4000))  # the very files
    for record in measure_again(site, workshop, plan_id):
        assert record["not_measured"] == "no member adds anything to ours yet"
    other = planned(workshop, who, against="ours", name="other")
    copies = [encoded(lit("left", 4000 + number).convert("RGB")) for number in range(6)]
    put(workshop, who, *(given_uploaded(other, picture=one, label="left") for one in copies))
    found = by_measure(measure_again(site, workshop, other))
    assert found["counts"]["difference"]["left"]["value"] == 6, "no encoder has a part in it"
    for name in ("coverage", "diversity", "probe"):
        assert "cannot tell 6 members from items of ours" in found[name]["not_measured"]
    put(workshop, who, *lights(other, "right", 5, "left"))
    found = by_measure(measure_again(site, workshop, other))
    for name in ("coverage", "diversity", "probe"):
        assert found[name]["members"] == 5, name
        assert "counted as there already: 6." in found[name]["said"]["en"], name
        assert "6개는 이 인코더가" in found[name]["said"]["ko"], name
    assert "by 5 members" in found["probe"]["said"]["en"]


def test_members_that_are_items_of_the_reference_are_told(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours")
    theirs = [one for one in site.items("theirs")["item_id"] if "right" in one][:20]
    chosen = [GivenMember(new_id(), plan_id, "chosen", "there", item_id=one) for one in theirs]
    put(workshop, who, *chosen, site=site)
    (found,) = measure_again(site, workshop, plan_id, measures=["coverage"])
    assert "items of theirs itself, and reach themselves: 20. Without them" in found["said"]["en"]
    assert "구성 항목 20개는 기준 theirs 자신의 항목" in found["said"]["ko"]
    assert "Of sets of these sizes drawn alike:" in found["said"]["en"]
    without = found["difference"]["coverage_without_own"]
    assert without["value"] == 0 < found["difference"]["coverage"]["value"]


def test_what_is_drawn_is_said_and_every_parameter_is_kept(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours", name="drawn")
    put(workshop, who, *lights(plan_id, "left", 6, "left"))
    plan = one_plan(workshop, plan_id)
    (asked,) = asked_of(site, plan, [], None)
    asked = replace(asked, parameters=dict(asked.parameters) | {"most": 30, "learns_from": 20})
    _, told = MADE["probe"](site, gathered(site, workshop, plan, asked), asked, silent)
    assert (told["items"], told["drawn"]) == (30, 48)
    (found,) = measure_again(site, workshop, plan_id, measures=["probe"])
    assert found["parameters"]["learns_from"] == 5000
    assert found["parameters"]["strength"] == 0.1
    assert "drawn from" not in found["said"]["en"]


def test_the_finding_s_own_yardstick_is_used(workshop, site):
    """Reference, encoder and parameters of the finding: before is what the finding says."""
    who = author()
    finding = measure(site, "coverage", "ours", reference="theirs", k=3)
    absence_id = new_id()
    about = About("finding", {"finding_id": finding.id})
    say(workshop, who, GivenAbsence(absence_id, "Nobody lights from the right", about), site=site)
    plan_id = planned(workshop, who, answers=(absence_id,))
    put(workshop, who, *lights(plan_id, "right", 5))
    found = by_measure(measure_again(site, workshop, plan_id))["coverage"]
    assert (found["finding"], found["parameters"]["k"]) == (finding.id, 3)
    assert found["encoder"] == finding.question.encoder
    assert found["revisions"] == dict(finding.made.provenance["revisions"])
    for name in ("coverage", "density", "recall", "precision"):
        assert found["before"][name]["value"] == pytest.approx(finding.figures[name].value), name
    other = measure(site, "regions", "ours")
    told = by_measure(measure_again(site, workshop, plan_id, other.id))
    assert "not made again" in told["regions"]["not_measured"], "of another measure it is told"
    tree = measure(site, "taxonomy", "ours")
    told = by_measure(measure_again(site, workshop, plan_id, tree.id))
    assert "against its own reference" in told["taxonomy"]["not_measured"]
    alike = measure(site, "diversity", "ours")
    told = by_measure(measure_again(site, workshop, plan_id, alike.id))["diversity"]
    assert told["not_measured"] is None, told["said"]
    assert told["before"]["rarefied"]["value"] == pytest.approx(alike.figures["rarefied"].value)
    assert set(told["parameters"]) == {"size", "draws", "seed", "members_seed"}
    undrawn = measure(site, "diversity", "ours", of="undrawn")
    told = by_measure(measure_again(site, workshop, plan_id, undrawn.id))
    assert told["undrawn"]["not_measured"]
    assert told["diversity"]["not_measured"] is None, "as usual, where the finding names no size"
    with pytest.raises(NotFoundError, match="no such finding"):
        measure_again(site, workshop, plan_id, "0" * 16)


def test_what_is_too_little_is_not_measured_and_never_zero(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, given_empty(plan_id))
    for record in measure_again(site, workshop, plan_id):
        assert record["not_measured"] == "no member adds anything to ours yet"
        assert record["before"] == record["after"] == record["difference"] == {}
        assert record["said"]["ko"].startswith("재지 못함")
    put(workshop, who, *lights(plan_id, "left", 4, "left"), *lights(plan_id, "right", 2, seed=1))
    found = by_measure(measure_again(site, workshop, plan_id))
    assert found["probe"]["not_measured"] == "members called by a word of ours: 4, 5 are needed"
    assert found["coverage"]["not_measured"] is None
    unlabelled = planned(workshop, who, name="unlabelled", against="ours")
    put(workshop, who, *lights(unlabelled, "left", 5, "links"))
    found = by_measure(measure_again(site, workshop, unlabelled))
    for name in ("counts", "concentration", "probe"):
        assert found[name]["not_measured"] == "no member is called by a word of ours"


def test_only_what_is_asked_is_measured_and_what_cannot_be_asked_is_refused(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="theirs", name="alone")
    put(workshop, who, *lights(plan_id, "right", 3))
    finding = measure(site, "coverage", "theirs", reference="ours")
    only = measure_again(site, workshop, plan_id, finding.id, ["coverage"])
    assert [one["measure"] for one in only] == ["coverage"]
    with pytest.raises(RefusedError, match="no such measure"):
        measure_again(site, workshop, plan_id, measures=["bias"])
    nowhere = planned(workshop, who, name="nowhere")
    with pytest.raises(NotFoundError, match="no dataset to measure against"):
        measure_again(site, workshop, nowhere)


def test_asked_twice_it_is_computed_once_and_known_to_be_old(workshop, site):
    who = author()
    plan_id = planned(workshop, who, against="ours")
    first, *_ = put(workshop, who, *lights(plan_id, "right", 3))
    made = measure_again(site, workshop, plan_id)
    assert measure_again(site, workshop, plan_id) == made
    assert [one["measure"] for one in measured_of(site, plan_id)] == list(MEASURES)
    assert measured_of(site, plan_id) == made
    assert all(stands(site, workshop, one) for one in made)
    leave_out(workshop, who, new_id(), first, "blurred")
    assert not any(stands(site, workshop, one) for one in made)
    again = measure_again(site, workshop, plan_id)
    assert {one["members"] for one in again} == {2}
    assert measured_of(site, plan_id) == again, "the newest of each"
    assert json.loads(json.dumps(again)) == again


def test_no_word_of_anybody_s_is_in_what_is_kept(workshop, site, dug, tmp_path):
    who = author()
    plan_id = planned(workshop, who, against="ours", name="secret")
    (member_id,) = put(workshop, who, *lights(plan_id, "right", 1, "unfindable word"))
    measure_again(site, workshop, plan_id)
    assert holding(dug / "measured_again", member_id), "or this test sees nothing"
    assert holding(dug / "measured_again", "unfindable") == []
    erase(workshop, who, new_id(), "member", member_id)


def test_by_command(site, dug):
    workshop, who = Workshop(dug), author()
    plan_id = planned(workshop, who, name="lights", against="ours")
    put(workshop, who, *lights(plan_id, "right", 6, "left"))
    workshop.close()
    asked = ["measure-again", "--site", str(dug), "--counter", "lights"]
    told = CliRunner().invoke(app, [*asked, "--language", "en"])
    assert told.exit_code == 0, told.output
    assert "lay within reach of ours" in told.stdout
    record = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert [one["measure"] for one in record["measured"]] == list(MEASURES)
    assert record["read"] == "workshop.duckdb"
    none = CliRunner().invoke(app, [*asked[:-1], "shadows"])
    assert none.exit_code == 1
