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
from excavate.i18n import speak
from excavate.site import Site


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
    want = "1 combination has fewer than 25 items; the widest of them is old · sea (0)."
    assert said.sentence(found) == want
    speak("ko")
    assert said.sentence(found) != want


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
