"""Intersections through a real site: asked, kept, asked again; yes or no of a label."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from excavate.digging import dig
from excavate.errors import NotFoundError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.registry import saying_of
from excavate.gaps.runs import intersections as run
from excavate.i18n import speak
from excavate.site import Site

WIDE = [f"attribute:c{n}" for n in range(12)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """240 items: nobody old at sea; cats and dogs among the objects, never by the sea."""
    folder = tmp_path_factory.mktemp("intersections")
    with open(folder / "people.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "age", "place", "objects"])
        for n in range(240):
            sea = n % 2
            age = "young" if sea or n % 4 else "old"
            objects = "boat;net" if sea else ("cat;dog" if n % 6 == 0 else "dog")
            writer.writerow([n, age, "sea" if sea else "city", objects])
    given = {"labels": "objects", "multiple": "objects:;"}
    dig(f"csv:{folder / 'people.csv'}", folder / "site", only="catalogue", options=given)
    return Site(folder / "site")


def patterns(found: object) -> list[dict[str, str]]:
    return [dict(row["pattern"]) for row in found.first_rows(9)]  # type: ignore[attr-defined]


def test_the_gap_is_found_with_its_pictures(site: Site) -> None:
    [question] = questions(site, measures=["intersections"])
    found = ask(site, question)
    assert patterns(found) == [{"attribute:age": "old", "attribute:place": "sea"}]
    assert ask(site, found.question).id == found.id
    [row] = found.first_rows(9)
    assert row["items"][:2] == ["people/all/1", "people/all/0"]
    assert found.parameters["tau"] == 25
    assert [q.parameters["tau"] for q in variants(site, found)] == [12, 50]


def test_a_label_of_several_is_crossed_as_yes_or_no(site: Site) -> None:
    asked = {"columns": "attribute:place,label:objects=cat,label:objects=dog", "tau": 5}
    found = ask(site, Question("intersections", "people", parameters=asked))
    assert {frozenset(pattern.values()) for pattern in patterns(found)} == {
        frozenset(pair) for pair in (("sea", "yes"), ("city", "no"), ("yes", "no"))
    }  # no cat and no dog at sea, only dogs in the city, no cat without a dog
    assert len(patterns(found)) == 4
    assert ask(site, found.question).id == found.id


def test_what_no_item_has_is_told(site: Site) -> None:
    for column in ("label:objects=unicorn", "label:objects", "attribute:gone=x"):
        asked = {"columns": f"attribute:place,{column}"}
        with pytest.raises(NotFoundError, match=column):
            ask(site, Question("intersections", "people", parameters=asked))


def test_words_in_both_languages(site: Site) -> None:
    found = ask(site, Question("intersections", "people"))
    said = saying_of("intersections")
    speak("en")
    want = (
        "1 combination has fewer than 25 items; the widest of them is age = old · place = sea (0). "
        "1 column is left out: label:objects (several values an item)."
    )
    assert said.sentence(found) == want
    speak("ko")
    assert said.sentence(found) != want
    speak("en")


def test_a_row_can_be_read_without_its_columns(site: Site) -> None:
    found, said = ask(site, Question("intersections", "people")), saying_of("intersections")
    for pattern, words in (
        (
            {"label:gender": "Female", "label:service_test": "False"},
            "Female · service_test = False",
        ),
        ({"label:digit": "3", "attribute:sex": "f"}, "digit = 3 · sex = f"),
        ({"label:objects=cat": "yes", "label:objects=dog": "no"}, "cat · not dog"),
        ({"attribute:place=sea": "no"}, "not place = sea"),
        ({}, "all items"),
    ):
        assert said.row(found, {"pattern": pattern, "count": 11}) == f"{words} (11)"


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Three datasets: a class of 60 values; objects, several an item; both. 12 yes or no."""
    folder = tmp_path_factory.mktemp("poor")
    columns = {
        "classes": (["kind"], "kind"),
        "objects": (["objects"], "objects"),
        "both": (["kind", "objects"], "kind,objects"),
        "wide": ([f"c{n}" for n in range(12)], None),
    }
    for name, (heads, labels) in columns.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["id", *heads])
            writer.writeheader()
            for n in range(300):
                said = {"kind": f"k{n % 60}", "objects": "cat;dog" if n % 3 else "dog"}
                said |= {f"c{j}": str(n * (j + 7) % 11 < 4) for j in range(12)}
                writer.writerow({"id": n} | {head: said[head] for head in heads})
        given = {"labels": labels} if labels else {}
        given |= {"multiple": "objects:;"} if "objects" in heads else {}
        dig(f"csv:{folder / name}.csv", folder / "site", only="catalogue", options=given)
    return Site(folder / "site")


def test_why_nothing_was_crossed(poor: Site) -> None:
    for dataset, why in (
        ("classes", "each column has more than 50 values: label:kind (60); "
         "name those to cross in `columns`"),
        ("objects", "items have several values of label:objects; "
         "cross single ones, as label:objects=VALUE"),
        ("both", "no column can be crossed by itself: more than 50 values have label:kind (60); "
         "items have several values of label:objects: cross single ones, as label:objects=VALUE"),
    ):  # fmt: skip
        found = ask(poor, Question("intersections", dataset))
        reason, details = found.why_not
        assert reason.format(**details) == why
    with pytest.raises(NotFoundError, match="as FIELD=VALUE, for yes or no: label:objects"):
        ask(poor, Question("intersections", "both", parameters={"columns": "label:objects"}))
    asked = {"columns": "label:kind,label:objects=cat", "tau": 2}
    found = ask(poor, Question("intersections", "both", parameters=asked))
    assert found.parameters["left_out"] == {}
    assert found.figures["columns"].value == 2


def test_what_was_not_looked_at_is_said(poor: Site) -> None:
    asked = Question("intersections", "wide", parameters={"effort": 0.01})
    found, said = ask(poor, asked), saying_of("intersections")
    speak("en")
    assert found.figures["level"].value == 2
    assert "Looked at are combinations of up to 2 of 12 columns." in said.sentence(found)
    assert ask(poor, found.question).id == found.id
    whole = ask(poor, Question("intersections", "wide", parameters={"columns": WIDE}))
    assert whole.figures["level"].value == 12
    assert "Looked at" not in said.sentence(whole)
    assert {"level", "left_out"} <= set(found.figures)


def test_how_long_it_takes_is_known_before(poor: Site) -> None:
    prepared = run.prepare(poor, Question("intersections", "wide", parameters={"effort": 50}))
    few = run.prepare(poor, Question("intersections", "wide", parameters={"level": 2}))
    assert 0 < (few.seconds or 0) < (prepared.seconds or 0) < 50


@pytest.mark.shared_data
def test_fairface_has_every_cell_but_few_of_some(shared: Path, tmp_path: Path) -> None:
    source = f"csv:{shared / 'fairface-labels' / 'fairface_label_*.csv'}"
    given = {"labels": "age,gender,race"}
    dig(source, tmp_path / "site", only="catalogue", dataset="faces", options=given)
    asked = {"columns": "label:age,label:gender,label:race", "tau": 1}
    found = ask(Site(tmp_path / "site"), Question("intersections", "faces", parameters=asked))
    assert (found.rows.num_rows, found.figures["items"].value) == (0, 97_698)
    asked["tau"] = 60
    found = ask(Site(tmp_path / "site"), Question("intersections", "faces", parameters=asked))
    cells = Counter(
        (row["age"], row["gender"], row["race"])
        for file in sorted((shared / "fairface-labels").glob("*.csv"))
        for row in csv.DictReader(file.open(encoding="utf-8"))
    )
    thin = {frozenset(cell): count for cell, count in cells.items() if count < 60}
    said = {frozenset(dict(r["pattern"]).values()): r["count"] for r in found.rows.to_pylist()}
    assert said == thin
    assert len(thin) > 3
