"""Taxonomy through real sites: folders as categories, a taxonomy of the site, broken sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from excavate.catalog.amending import amended
from excavate.catalog.taxonomies import add_taxonomy
from excavate.digging import dig
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.asking import ask, questions, variants
from excavate.gaps.question import Question
from excavate.gaps.records import sentence, speaking, why_not
from excavate.gaps.registry import saying_of
from excavate.gaps.stored import Finding
from excavate.site import Site
from tests.made import class_folder

TREE = """id,name,parent,kind
life,life,,
cat,cat,beast,
dog,hound,beast,
cow,cow,beast,
beast,beast,life,
tree,tree,life,
elm,elm,tree,
oak,oak,tree,
linden,lime,tree,
fruit,fruit,life,
citrus,lime,fruit,
paw,paw,cat,part
port,harbour,,
"""
Made = Callable[..., Site]


@pytest.fixture
def site(tmp_path: Path) -> Made:
    """A site of folders, with TREE beside them."""

    def made(**datasets: dict[str, int]) -> Site:
        for name, counts in datasets.items():
            for kind, each in counts.items():
                class_folder(tmp_path / name, (kind,), each)
            dig(f"folder:{tmp_path / name}", tmp_path / "site", dataset=name, only="catalogue")
        (tmp_path / "tree.csv").write_text(TREE, "utf-8")
        add_taxonomy(tmp_path / "site", str(tmp_path / "tree.csv"))
        return Site(tmp_path / "site")

    return made


def asked(site: Site, dataset: str, reference: str | None = None, **given: Any) -> Finding:
    return ask(site, Question("taxonomy", dataset, reference, parameters=given))


def first(finding: Finding) -> tuple[str, int]:
    row = finding.first_rows(1)[0]
    return row["node_id"], row["count"]


def test_a_site_taxonomy_and_how_its_names_were_matched(site: Made) -> None:
    mine = site(mine={"cat": 6, "dog": 3, "lime": 2, "sofa": 2})
    found = asked(mine, "mine", "taxonomy:tree")
    assert first(found) == ("tree", 0)
    told = {n: f.value for n, f in found.figures.items()}
    assert (told["renamed"], told["ambiguous"], told["unmatched"]) == (0, 1, 1)
    assert (told["items"], told["items_unplaced"], told["labels_unplaced"]) == (9, 4, 4)
    assert "renamed" not in found.parameters  # the folder dog has an id, and no other name
    assert found.parameters["ambiguous"] == ["lime"]
    assert found.parameters["unmatched"] == ["sofa"]
    assert found.reference is not None
    assert (found.reference.kind, found.reference.name) == ("taxonomy", "tree")
    assert all(one.startswith("mine/all/") for one in found.first_rows(1)[0]["items"])
    assert ask(mine, found.question).id == found.id


def test_its_own_folders_evenly_or_to_a_floor(site: Made) -> None:
    mine = site(mine={"cat": 9, "dog": 9, "cow": 3})
    assert first(asked(mine, "mine")) == ("cow", 3)
    assert first(asked(mine, "mine", "floor:4")) == ("cow", 3)
    assert asked(mine, "mine", "floor:3").first_rows(1) == []
    assert asked(mine, "mine", thin=0.25).first_rows(1) == []


def test_another_dataset_with_labels_of_its_own(site: Made) -> None:
    both = site(mine={"cat": 18, "dog": 2}, theirs={"cat": 4, "dog": 8, "cow": 12})
    on_tree = asked(both, "mine", "theirs", taxonomy="tree")
    assert first(on_tree) == ("cow", 0)
    assert on_tree.first_rows(1)[0]["q"] < 0.05
    own = asked(both, "mine", "theirs")  # the reference's cow is no category of mine
    assert own.figures["reference_unmatched"].value == 1
    assert first(own) == ("dog", 2)
    revisions = own.made.provenance["revisions"]
    assert set(revisions) == {"mine", "theirs"}
    assert ask(both, own.question).id == own.id
    assert 0.01 in [one.parameters["alpha"] for one in variants(both, own)]


def test_a_difference_that_chance_may_make_is_said_to_be_none(site: Made) -> None:
    both = site(mine={"cat": 9, "dog": 2}, theirs={"cat": 6, "dog": 5, "cow": 1})
    found = asked(both, "mine", "theirs", taxonomy="tree")
    assert found.first_rows(1) == []
    assert found.figures["by_chance"].value == 2
    with speaking("en"):
        words = sentence(found)
    assert "no category is empty or thin beyond chance." in words
    assert words.endswith("Of 2 empty branches and thin categories, 0 are beyond chance.")
    assert asked(both, "mine", "theirs", taxonomy="tree", alpha=1).rows.num_rows == 2


def test_a_failed_match_is_not_measured_and_no_emptiness(site: Made) -> None:
    mine = site(mine={"cat": 3, "sofa": 4, "harbour": 3}, theirs={"cat": 9, "dog": 9})
    few = asked(mine, "mine", "taxonomy:tree")  # a harbour stands alone: its name does not do
    assert not few.is_measured
    with speaking("en"):
        words = sentence(few)
    assert "of 10 labelled items of mine only 3 have a place in the taxonomy" in words
    assert [one.reference for one in questions(mine, "mine", ["taxonomy"])] == ["uniform"]
    assert not asked(mine, "theirs", "mine", taxonomy="tree").is_measured
    taken = asked(mine, "mine", "taxonomy:tree", placed=0.3)
    with speaking("en"):
        assert "7 of 10 labelled items are under none of these categories" in sentence(taken)
    alone = asked(mine, "mine", "taxonomy:tree", alone=True)
    assert alone.figures["items"].value == 6
    assert ask(mine, alone.question).id == alone.id


def test_nobody_is_asked_what_a_person_is(site: Made) -> None:
    mine = site(mine={"woman": 1, "dog": 9, "cow": 9, "elm": 1})
    saying = saying_of("taxonomy")
    found = asked(mine, "mine")
    rows = {row["name"]: row for row in found.first_rows(9)}
    assert set(rows) == {"woman", "elm"}
    assert saying.judge(found, rows["woman"]) is None
    assert saying.judge(found, rows["elm"]) is not None
    assert saying.judge(found, {**rows["elm"], "path": ["People by age", "elm"]}) is None


def test_questions_and_variants_are_asked_and_their_rows_compared(site: Made) -> None:
    mine = site(mine={"cat": 9, "dog": 9, "cow": 3})
    every = questions(mine, "mine", ["taxonomy"])
    assert [one.reference for one in every] == ["uniform", "taxonomy:tree"]
    others = variants(mine, ask(mine, every[0]))
    assert [one.parameters["thin"] for one in others] == [0.25, 0.8, 0.5]
    assert len({ask(mine, one).id for one in others}) == 3
    assert [one.reference for one in variants(mine, asked(mine, "mine", "floor:4"))[:2]] == [
        "floor:2", "floor:8",
    ]  # fmt: skip


def test_other_references_are_other_settings(site: Made) -> None:
    """Datasets that name the same; of a dataset an even spread, too; never what names others."""
    both = site(mine={"cat": 30, "dog": 30, "cow": 2}, theirs={"cat": 9, "dog": 9, "cow": 9})
    even = variants(both, asked(both, "mine"))
    assert [one.reference for one in even] == ["theirs"] + ["uniform"] * 3
    tree = variants(both, asked(both, "mine", "taxonomy:tree"))
    assert {(one.reference, one.parameters["taxonomy"]) for one in tree} == {
        ("theirs", "tree"), ("taxonomy:tree", "tree"),
    }  # fmt: skip
    against = variants(both, asked(both, "mine", "theirs"))
    assert "uniform" in {one.reference for one in against}
    for other in [*even, *tree, *against]:
        assert ask(both, other).is_measured


def test_parts_hang_below_their_wholes_where_they_are_asked_for(site: Made) -> None:
    mine = site(mine={"cat": 2, "dog": 2})
    kinds = asked(mine, "mine", "taxonomy:tree")
    with_parts = asked(mine, "mine", "taxonomy:tree", parts=True)
    rows = {one.id: {r["node_id"] for r in one.first_rows(9)} for one in (kinds, with_parts)}
    assert "paw" in rows[kinds.id]  # stands alone
    assert "paw" in rows[with_parts.id]
    path = next(r["path"] for r in with_parts.first_rows(9) if r["node_id"] == "paw")
    assert path == ["life", "beast", "cat", "paw"]


@pytest.mark.parametrize(
    ("reference", "given", "what"),
    [
        ("taxonomy:gone", {}, "no such taxonomy"),
        ("gone", {}, "no such dataset"),
        ("floor:some", {}, "no floor"),
        ("floor:0", {}, "no floor"),
        ("uniform", {"fields": "gone"}, "no labels under gone"),
        ("taxonomy:tree", {"taxonomy": "other"}, "two taxonomies"),
        ("uniform", {"thin": "2"}, "above 1"),
    ],
)
def test_what_is_not_there_is_told(
    site: Made, reference: str, given: dict[str, Any], what: str
) -> None:
    with pytest.raises((NotFoundError, ExcavateError), match=what):
        asked(site(mine={"cat": 1}), "mine", reference, **given)


def test_a_source_whose_categories_go_round_or_hang_from_nothing(site: Made) -> None:
    mine = site(mine={"cat": 2, "dog": 2})
    with amended(mine.folder.path) as amendment:
        amendment.connection.execute(
            "INSERT INTO category_parent VALUES ('mine', 'cat', 'dog'), ('mine', 'dog', 'cat'),"
            " ('mine', 'cat', 'nobody')"
        )
    found = asked(Site(mine.folder.path), "mine")
    assert not found.is_measured
    with speaking("en"):
        said = sentence(found)
    assert "no such parent: cat > nobody; below itself: cat > dog" in said


def test_what_is_said_and_asked_of_people(site: Made) -> None:
    mine = site(mine={"cat": 9, "dog": 9, "cow": 1})
    thin, empty = asked(mine, "mine"), asked(mine, "mine", "taxonomy:tree")
    saying = saying_of("taxonomy")
    with speaking("en"):
        assert sentence(thin).startswith("No category is empty. Held against the same number")
        assert "the largest empty branch is “tree” (4 categories)" in sentence(empty)
        assert saying.judge(thin, thin.first_rows(1)[0]) == "Is “cow” in this picture?"
        question = saying.judge(empty, empty.first_rows(1)[0])
        assert question == "Can it be said that “tree” is nowhere in this picture?"
        assert saying.row(thin, thin.first_rows(1)[0]) == "cow: 1 where 6.3 would be"


def test_labels_that_are_numbers_are_not_measured_by_a_tree_that_names_numbers(
    tmp_path: Path, site: Made
) -> None:
    (tmp_path / "numbers.csv").write_text("id,name,parent\nn,number,\nf,4,n\nx,7,n\n", "utf-8")
    site(digits={"4": 2, "7": 3}).close()
    add_taxonomy(tmp_path / "site", str(tmp_path / "numbers.csv"))
    opened = Site(tmp_path / "site")
    for name in ("numbers", "tree"):
        found = ask(opened, Question("taxonomy", "digits", f"taxonomy:{name}"))
        assert not found.is_measured
        with speaking("en"):
            assert why_not(found) == "the labels of digits are numbers without names"
