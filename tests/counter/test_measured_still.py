"""Measured again when things move: embedded later, dug again, members that no encoder can see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import excavate.counter.holding as holding
import excavate.counter.measured_again as measured_again
from excavate.counter.before_after import tells, varied
from excavate.counter.measured_again import measure_again, measured_of, stands
from excavate.counter.measuring_made import MADE
from excavate.digging import dig
from excavate.errors import EncoderError, MissingPartError
from excavate.gaps.asking import measure
from excavate.site import Site
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.counter.planned import given_uploaded, planned, put
from tests.counter.test_before_after import A, directions
from tests.counter.test_measured_again import by_measure, lights, write
from tests.made import encoded
from tests.workshop.given import author

SEEING = ("coverage", "diversity", "probe")


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    """`ours` alone and not embedded yet; three of its pictures are black and have no direction."""
    ours = write(tmp_path / "ours", {"left": 24, "top": 24}, 0)
    for number in range(3):
        Image.new("L", (16, 16), 0).save(ours / "left" / f"black{number}.png")
    dig(f"folder:{ours}", tmp_path / "site", encoder="pixels:8", only="catalogue")
    return tmp_path


def embedded(root: Path, name: str = "ours") -> Site:
    for stage in ("catalogue", "embed"):
        dig(f"folder:{root / name}", root / "site", encoder="pixels:8", only=stage)
    return Site(root / "site")


def test_what_was_not_measured_gives_way_to_what_is(workshop, moving):
    """Embedded later: one record a question stands, and no count is blamed on an encoder."""
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 6, "left"))
    site = Site(moving / "site")
    first = by_measure(measure_again(site, workshop, plan_id))
    assert {name for name, one in first.items() if one["not_measured"]} == set(SEEING)
    for name in ("counts", "concentration"):
        assert "vector" not in first[name]["said"]["en"], name
        assert "벡터" not in first[name]["said"]["ko"], name
    site.close()
    site = embedded(moving)
    assert not any(stands(site, workshop, first[name]) for name in SEEING)
    made = measure_again(site, workshop, plan_id)
    told = measured_of(site, plan_id, workshop)
    assert sorted(one["measure"] for one in told) == sorted(measured_again.MEASURES)
    assert all(stands(site, workshop, one) for one in told)
    assert by_measure(told)["coverage"] == by_measure(made)["coverage"]
    half = by_measure(made)["coverage"]
    assert half["not_measured"] is None
    assert half["reference"] == "ours (½)"
    assert "a half of ours itself, held out" in half["said"]["en"]
    assert "절반을 따로 떼어" in half["said"]["ko"]
    site.close()


def test_members_that_come_and_go_back_leave_what_stands(workshop, moving):
    """The older record is of the members as they are again: it is told, not the newer one."""
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 5, "left"))
    site = Site(moving / "site")
    first = measure_again(site, workshop, plan_id, measures=["counts"])
    (sixth,) = put(workshop, who, *lights(plan_id, "top", 1, "top"))
    assert measure_again(site, workshop, plan_id, measures=["counts"]) != first
    hide(workshop, who, new_id(), "member", sixth)
    assert measured_of(site, plan_id, workshop) == first
    site.close()


def test_vectors_without_a_direction_are_left_out_as_the_finding_leaves_them_out(workshop, moving):
    write(moving / "theirs", {"left": 24, "top": 24, "right": 24}, 500)
    embedded(moving, "theirs").close()
    site = embedded(moving)
    who = author()
    plan_id = planned(workshop, who, against="ours")
    black = encoded(Image.new("L", (20, 20), 0))  # its bytes are no item's
    put(workshop, who, *lights(plan_id, "left", 6, "left"))
    put(workshop, who, given_uploaded(plan_id, picture=black, label="left"))
    finding = measure(site, "coverage", "ours", reference="theirs")
    assert finding.figures["left_out"].value == 3
    found = by_measure(measure_again(site, workshop, plan_id, finding.id))
    for name in ("coverage", "density", "recall", "precision"):
        before = found["coverage"]["before"][name]["value"]
        assert before == pytest.approx(finding.figures[name].value), name
    assert "leaves them out: 3" in found["coverage"]["said"]["en"]
    assert (
        "usable vector through this encoder, not in these numbers: 1"
        in (found["coverage"]["said"]["en"])
    )
    repetition = measure(site, "diversity", "ours")
    assert not repetition.is_measured
    again = by_measure(measure_again(site, workshop, plan_id, repetition.id))["diversity"]
    assert "not finite numbers of length 1: 3" in again["not_measured"]
    site.close()


def test_what_breaks_off_is_not_kept_and_counts_go_on(workshop, moving, monkeypatch):
    site = embedded(moving)
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 6, "left"))

    def unseen(*_given: object) -> None:
        raise EncoderError("there is no such file", "weights.onnx", "Embed again")

    with monkeypatch.context() as patched:
        patched.setattr(holding, "embed_member", unseen)
        broken = by_measure(measure_again(site, workshop, plan_id))
    assert broken["counts"]["difference"]["left"]["value"] == 6
    for name in ("coverage", "probe"):
        assert "weights.onnx: there is no such file. Embed again" in broken[name]["said"]["en"]
        assert broken[name]["said"]["ko"].startswith("재지 못함(오류로 멈춤): weights.onnx: ")
        assert "there is no such file" not in broken[name]["said"]["ko"], "it has its Korean"
        assert broken[name]["failed"]["todo"] == "Embed again"
    kept = {one["measure"] for one in measured_of(site, plan_id)}
    assert not kept & {"coverage", "probe"}

    def gone(*_given: object) -> None:
        raise MissingPartError("scikit-learn is not installed", "sklearn")

    with monkeypatch.context() as patched:
        patched.setitem(MADE, "probe", gone)
        assert measure_again(site, workshop, plan_id, measures=["probe"])[0]["failed"]
    again = measure_again(site, workshop, plan_id, measures=["probe"])[0]
    assert again["not_measured"] is None
    assert not again.get("failed")
    site.close()


def test_an_older_finding_and_a_chosen_reference_are_said_and_the_choice_is_kept(workshop, moving):
    write(moving / "theirs", {"left": 24, "top": 24, "right": 24}, 500)
    embedded(moving, "theirs").close()
    site = embedded(moving)
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "right", 6))
    finding = measure(site, "coverage", "ours", reference="theirs")
    fresh = measure_again(site, workshop, plan_id, finding.id, ["coverage"])[0]
    assert "older revision" not in fresh["said"]["en"]
    assert "Nobody named a reference" not in fresh["said"]["en"]
    chosen = measure_again(site, workshop, plan_id, measures=["coverage"])[0]
    assert chosen["chosen"]
    assert "Nobody named a reference: theirs is the first" in chosen["said"]["en"]
    site.close()
    write(moving / "first", {"left": 24, "top": 24}, 7000)  # before `theirs` by its name
    embedded(moving, "first").close()
    Image.fromarray(np.full((16, 16), 90, np.uint8)).save(moving / "ours" / "left" / "new.png")
    site = embedded(moving)
    again = measure_again(site, workshop, plan_id, measures=["coverage"])[0]
    assert again["reference"] == "theirs"
    other = planned(workshop, who, name="another", against="ours")
    put(workshop, who, *lights(other, "right", 6, seed=5))
    assert measure_again(site, workshop, other, measures=["coverage"])[0]["reference"] == "first"
    older = measure_again(site, workshop, plan_id, finding.id, ["coverage"])[0]
    assert "measured an older revision of ours." in older["said"]["en"]
    assert "ours의 이전 개정을 잰 것" in older["said"]["ko"]
    site.close()


def test_pairs_of_samples_tell_a_new_kind_and_do_not_tell_copies():
    strangers = np.concatenate([directions(9, 30, axis) for axis in (4, 5)])
    found = varied(A, strangers, 20, 200).difference["rarefied"]
    assert tells(found)
    assert found.value > 0
    assert not tells(varied(A, A[:15], 20, 200).difference["rarefied"])
    lone = varied(np.tile(A, (5, 1)), directions(9, 1, 4), 20, 200)
    assert lone.difference["rarefied"].low == 0, "most pairs hold none of it: the same sample twice"
    assert lone.difference["rarefied"].value > 0


def test_the_app_s_job_tells_what_broke_off_after_what_could_be_kept(workshop, moving, monkeypatch):
    from excavate.commands.made_job import DO
    from excavate.errors import ExcavateError

    site = embedded(moving)
    who = author()
    plan_id = planned(workshop, who, against="ours")
    put(workshop, who, *lights(plan_id, "left", 6, "left"))

    def gone(*_given: object) -> None:
        raise MissingPartError("scikit-learn is not installed", "sklearn", "Install it")

    monkeypatch.setitem(MADE, "coverage", gone)
    with pytest.raises(ExcavateError, match="scikit-learn is not installed"):
        DO["measure"](site, workshop, {"plan_id": plan_id}, lambda *_given: None)
    assert "counts" in {one["measure"] for one in measured_of(site, plan_id)}
    site.close()
