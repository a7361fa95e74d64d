"""Two datasets of a site side by side; two findings; what cannot be asked is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.digging import dig
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.records import sentence, speaking
from excavate.gaps.registry import REGISTRY, saying_of
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
        assert "2 values of ours have no item in theirs, first of all dog, sea." in said
        assert "1 value of theirs has no item in ours: hill." in said
        words = saying_of("compare")
        lines = [words.row(finding, row) for row in finding.first_rows(99)]
    assert "label:folder: dog: 0.3333 against none" in lines
    with speaking("ko"):
        assert "hill" in sentence(finding)


def test_its_own_measures_are_findings_too_and_asking_again_is_the_same(site: Site) -> None:
    finding = ask(site, Question("compare", "ours", "theirs", parameters=SOME))
    ids = finding.made.provenance["inputs"]["findings"]["intersections"]
    assert set(ids) <= {one.id for one in findings(site.folder)}
    assert ask(site, finding.question).id == finding.id
    [other] = variants(site, finding)
    back = ask(site, other)
    assert back.dataset == "theirs"
    assert back.figures["only_a"] == finding.figures["only_b"]


def test_every_measure_is_asked_and_what_was_not_measured_says_so(site: Site) -> None:
    [asked] = questions(site, "ours", ["compare"])
    finding = ask(site, asked)
    assert finding.parameters["of"] == [name for name in REGISTRY if name != "compare"]
    why = {row["kind"]: row for row in finding.first_rows(9999) if row["why"]}
    assert why["concepts"]["why"] == "it has no embedding"
    assert (why["concepts"]["in_a"], why["concepts"]["value_a"]) == (None, None)


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
