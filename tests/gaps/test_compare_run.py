"""Two datasets of a site side by side; two findings; what cannot be asked is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from excavate.digging import dig, embed_again
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.question import Prepared
from excavate.gaps.records import record, sentence, speaking
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.runs import intersections
from excavate.gaps.stored import findings
from excavate.site import Site
from tests.made import class_folder, encoded, picture

SOME = {"of": ["intersections"]}


def site_of(root: Path, **classes: tuple[str, ...]) -> Site:
    for name, labels in classes.items():
        class_folder(root / name, labels, 30)
        dig(f"folder:{root / name}", root / "site", dataset=name, only="catalogue")
    return Site(root / "site")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("compared")
    return site_of(root, ours=("cat", "dog", "sea"), theirs=("cat", "hill"))


def test_what_one_has_and_the_other_lacks(site: Site) -> None:
    finding = ask(site, Question("compare", "ours", "theirs", parameters=SOME))
    rows = {
        (row["kind"], row["key"]): row for row in finding.first_rows(99) if row["part"] == "count"
    }
    assert {key for (_, key), row in rows.items() if not row["in_b"]} == {"dog", "sea"}
    assert {key for (_, key), row in rows.items() if not row["in_a"]} == {"hill"}
    shown = [f"ours/all/sea/{n}.png" for n in (0, 1, 10, 11, 12, 13)]
    assert rows["label:folder", "sea"]["items"] == shown
    cat = rows["label:folder", "cat"]
    assert (cat["value_a"], cat["value_b"]) == pytest.approx((1 / 3, 1 / 2))
    assert finding.reference.name == "theirs"
    with speaking("en"):
        said = sentence(finding)
        assert (
            "2 values of ours have no item in theirs, first of all folder = dog, folder = sea."
            in said
        )
        assert "1 value of theirs has no item in ours: folder = hill." in said
        words = saying_of("compare")
        lines = [words.row(finding, row) for row in finding.first_rows(99)]
    assert "label:folder = dog: 0.3333 against none" in lines
    with speaking("ko"):
        assert "hill" in sentence(finding)


def test_its_own_measures_are_findings_too_and_asking_again_is_the_same(site: Site) -> None:
    finding = ask(site, Question("compare", "ours", "theirs", parameters=SOME))
    ids = finding.made.provenance["inputs"]["findings"]["intersections"]
    assert set(ids) <= {one.id for one in findings(site.folder)}
    assert ask(site, finding.question).id == finding.id
    assert variants(site, finding) == []  # the other way round it says the same
    back = ask(site, Question("compare", "theirs", "ours", parameters=SOME))
    assert back.figures["only_a"] == finding.figures["only_b"]


def test_every_measure_is_asked_and_what_was_not_measured_says_so(site: Site) -> None:
    finding = ask(site, Question("compare", "ours", "theirs"))
    assert finding.parameters["of"] == [name for name in REGISTRY if name != "compare"]
    why = {row["kind"]: row for row in finding.first_rows(9999) if row["why"]}
    assert why["concepts"]["why"] == "it has no embedding"
    assert (why["concepts"]["in_a"], why["concepts"]["value_a"]) == (None, None)


def described(root: Path, name: str, column: str) -> None:
    """30 pictures of two classes with one attribute, dug as `name`."""
    class_folder(root / name, ("cat", "dog"), 15)
    rows = [(f"{kind}/{n}.png", ("x", "y")[n % 2]) for kind in ("cat", "dog") for n in range(15)]
    with open(root / name / "metadata.csv", "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("file_name", column), *rows])
    dig(f"folder:{root / name}", root / "site", dataset=name, only="catalogue")


def test_each_side_settles_by_itself_what_nobody_gave(tmp_path: Path) -> None:
    """The columns of one need not be there in the other."""
    for name, column in (("ours", "place"), ("theirs", "season")):
        described(tmp_path, name, column)
    site = Site(tmp_path / "site")
    of = {"of": ["intersections", "columns", "association", "taxonomy", "diversity"]}
    finding = ask(site, Question("compare", "ours", "theirs", parameters=of))
    why = {row["kind"]: row["why"] for row in finding.first_rows(9999) if row["why"]}
    assert "intersections" not in why
    assert "columns" not in why
    asked = json.loads(finding.parameters["asked"])["intersections"]
    assert "attribute:place" in asked["a"]["parameters"]["columns"]
    assert "attribute:season" in asked["b"]["parameters"]["columns"]
    assert ask(site, finding.question).id == finding.id


def test_what_a_person_gave_is_asked_of_both_and_each_keeps_its_own_state(tmp_path: Path) -> None:
    for name, column in (("ours", "place"), ("theirs", "season")):
        described(tmp_path, name, column)
    site = Site(tmp_path / "site")
    given = {"intersections": {"parameters": {"columns": ["attribute:place"]}}}
    of = {**SOME, "asked": json.dumps(given)}
    finding = ask(site, Question("compare", "ours", "theirs", parameters=of))
    [row] = [row for row in finding.first_rows(999) if row["why"]]
    assert (row["kind"], row["in_a"], row["in_b"]) == ("intersections", True, None)
    assert "attribute:place" in row["why"]
    assert str(tmp_path) not in json.dumps(record(finding)["rows"])
    assert ask(site, finding.question).id == finding.id


def test_both_are_seen_through_one_encoder_or_not_compared(tmp_path: Path) -> None:
    site = site_of(tmp_path, ours=("cat", "dog"), theirs=("cat", "dog"))
    for name, encoders in (("ours", ("pixels:2", "pixels:4")), ("theirs", ("pixels:2",))):
        for encoder in encoders:
            embed_again(tmp_path / "site", dataset=name, encoder=encoder)
    of = {"of": ["coverage", "diversity"]}
    finding = ask(site, Question("compare", "ours", "theirs", parameters=of))
    against = json.loads(finding.parameters["asked"])["coverage"]
    assert (against["a"]["reference"], against["b"]["reference"]) == ("theirs", "ours")
    asked = json.loads(finding.parameters["asked"])["diversity"]
    assert asked["a"]["encoder"] == asked["b"]["encoder"] == site.embedding("pixels:2").identity
    site_of(tmp_path, far=("cat", "dog"))
    embed_again(tmp_path / "site", dataset="far", encoder="pixels:3")
    apart = ask(site, Question("compare", "ours", "far", parameters={"of": ["diversity"]}))
    [why] = [row["why"] for row in apart.first_rows(99) if row["why"]]
    assert why == "no encoder has seen both ours and far"
    assert ask(site, apart.question).id == apart.id


def test_what_broke_is_no_result_and_is_not_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(site: Site, question: Question) -> Prepared:
        return Prepared(question, {}, {"broken": 1}, lambda progress: 1 / 0)

    monkeypatch.setattr(intersections, "prepare", broken)
    kept = {one.id for one in findings(site.folder, measures=["compare"])}
    with pytest.raises(ZeroDivisionError):
        ask(site, Question("compare", "ours", "theirs", parameters=SOME))
    assert {one.id for one in findings(site.folder, measures=["compare"])} == kept


def test_two_findings_of_one_measure(site: Site) -> None:
    few, many = (
        ask(site, Question("intersections", "ours", parameters={"tau": tau})) for tau in (25, 31)
    )
    finding = ask(site, Question("compare", "ours", parameters={"a": few.id, "b": many.id}))
    assert (finding.figures["only_a"].value, finding.figures["only_b"].value) == (0, 3)
    assert finding.reference.kind == "finding"
    assert finding.reference.name == many.id
    assert ask(site, finding.question).id == finding.id
    with speaking("en"):
        assert sentence(finding).startswith(f"Beside the finding {many.id} (intersections, ours @")


def test_what_cannot_be_compared(site: Site) -> None:
    one = ask(site, Question("intersections", "ours"))
    other = ask(site, Question("compare", "ours", "theirs", parameters={"of": "counts"}))
    for question, error, told in (
        (Question("compare", "ours", "ours"), ExcavateError, "the dataset itself"),
        (Question("compare", "ours", "nowhere"), NotFoundError, "no such dataset"),
        (Question("compare", "ours", "theirs", parameters={"of": "x"}), NotFoundError, "no such m"),
        (Question("compare", "ours", parameters={"a": one.id}), ExcavateError, "one finding alone"),
        (Question("compare", "ours", parameters={"a": one.id, "b": other.id}), ExcavateError, "of"),
        (Question("compare", "ours", parameters={"a": "f" * 16, "b": one.id}), NotFoundError, "no"),
        (Question("compare", "ours", "theirs", parameters={"asked": "{"}), ExcavateError, "asked="),
    ):
        with pytest.raises(error, match=told):
            ask(site, question)


def test_unasked_only_splits_are_laid_side_by_side(site: Site, tmp_path: Path) -> None:
    """Of two datasets nobody knows whether they have anything to do with each other."""
    assert [q.reference for q in questions(site, "ours", ["compare"])] == [None]
    for split, each in (("test", 3), ("train", 9), ("validation", 4)):
        class_folder(tmp_path / "in" / split, ("a", "b"), each)
    dig(f"folder:{tmp_path / 'in'}", tmp_path / "site", only="catalogue")
    asked = questions(Site(tmp_path / "site"), "in", ["compare"])
    assert [(q.dataset, q.reference) for q in asked] == [
        ("in/train", "in/validation"), ("in/train", "in/test"),
    ]  # fmt: skip
    assert not asked[0].parameters


def test_a_dataset_alone_and_its_two_versions(tmp_path: Path) -> None:
    site = site_of(tmp_path, ours=("cat", "dog"))
    [alone] = questions(site, "ours", ["compare"])
    assert ask(site, alone).why_not[0] == "no other dataset was named to compare it with"
    old = ask(site, Question("intersections", "ours", parameters={"tau": 31}))
    for n in range(5):
        (tmp_path / "ours" / "cat" / f"new{n}.png").write_bytes(encoded(picture(900 + n)))
    dig(f"folder:{tmp_path / 'ours'}", tmp_path / "site", dataset="ours", only="catalogue")
    new = ask(site, Question("intersections", "ours", parameters={"tau": 31}))
    [versions] = questions(site, "ours", ["compare"])
    assert versions.parameters == {"a": old.id, "b": new.id}
    finding = ask(site, versions)
    [gone] = [row for row in finding.first_rows(9) if row["part"] == "row" and not row["in_b"]]
    assert gone["key"] == "label:folder=cat"
