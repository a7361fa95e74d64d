"""Association through a real site: asked, kept, asked again; words in both languages."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from excavate.digging import dig
from excavate.errors import ExcavateError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.gathering import fields_of, items_of, part_of
from excavate.gaps.records import speaking
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.runs.association import stated_of
from excavate.i18n import speak
from excavate.site import Site
from tests.made import class_folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """120 items: by the sea no cat is ever named; `objects` says two things of each."""
    folder = tmp_path_factory.mktemp("association")
    with open(folder / "animals.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "objects", "place", "note"])
        for n in range(120):
            sea = n % 2
            objects = "boat;gull" if sea else ("cat;door", "gull;door")[n % 3 == 0]
            writer.writerow([n, objects, "sea" if sea else "city", f"seen on day {n}"])
    given = {"labels": "objects", "multiple": "objects:;"}
    dig(f"csv:{folder / 'animals.csv'}", folder / "site", only="catalogue", options=given)
    return Site(folder / "site")


def test_the_gap_is_found_kept_and_the_same_when_asked_again(site: Site) -> None:
    [question] = questions(site, measures=["association"])
    found = ask(site, question)
    rows = found.rows.to_pylist()
    assert found.is_measured
    assert {(r["x"], r["y"]) for r in rows if r["observed"] == 0} == {
        ("boat", "cat"), ("boat", "door"), ("boat", "city"), ("cat", "gull"), ("cat", "sea"),
        ("door", "sea"),
    }  # fmt: skip
    assert found.parameters["fields"] == ["label:objects", "attribute:place"]
    assert ask(site, found.question).id == found.id
    assert (found.figures["items"].value, found.reference.kind) == (120, "independence")
    known = set(site.items()["item_id"])
    assert all(set(row["items"]) <= known and row["items"] for row in rows)
    key = REGISTRY["association"].key
    assert len({tuple(row[k] for k in key) for row in rows}) == len(rows)


def test_in_other_settings_the_gap_holds(site: Site) -> None:
    found = ask(site, Question("association", "animals"))
    others = [ask(site, question) for question in variants(site, found)]
    assert len({one.id for one in [found, *others]}) == 5
    first = found.first_rows(1)[0]
    for other in others:
        assert (first["x"], first["y"]) in {(r["x"], r["y"]) for r in other.rows.to_pylist()}


def test_words_in_both_languages(site: Site) -> None:
    found = ask(site, Question("association", "animals"))
    said = saying_of("association")
    speak("en")
    assert said.sentence(found).startswith("8 pairs of values are together less often")
    assert said.row(found, found.first_rows(1)[0]) == "boat and door: 0 seen, 30 expected"
    sea = next(r for r in found.rows.to_pylist() if (r["x"], r["y"]) == ("cat", "sea"))
    assert said.row(found, sea) == "cat and place = sea: 0 seen, 20 expected"
    speak("ko")
    assert "적게 함께 나옵니다" in said.sentence(found)
    pair = next(r for r in found.rows.to_pylist() if r["observed"] and r["kind"] == "label-label")
    assert (
        said.judge(found, pair) == f"사진에 다음 두 가지가 모두 있습니까: {pair['x']}, {pair['y']}?"
    )
    for code in ("41", "2004-01", "n02119789", "/m/01g317", "woman"):
        assert said.judge(found, {**pair, "x": code}) is None  # nobody can look for it
    for name in [*found.rows.column_names, *found.figures]:
        assert said.column(name) not in (name, "")


def test_initials_are_left_out_and_named_unless_somebody_asks(tmp_path: Path) -> None:
    makers = ["Turner", "Tapies", "Blake", "Ernst", "Braque", "Eliasson"]
    lines = [
        f"{n},{'poster' if n % 6 < 2 else 'bowl'},{makers[n % 6]},{makers[n % 6][0]}"
        for n in range(240)
    ]
    (tmp_path / "art.csv").write_text("id,kind,maker,letter\n" + "\n".join(lines), "utf-8")
    dig(f"csv:{tmp_path / 'art.csv'}", tmp_path / "site", only="catalogue")
    site = Site(tmp_path / "site")
    found = ask(site, Question("association", "art"))
    said = {row[side] for row in found.rows.to_pylist() for side in ("x_field", "y_field")}
    assert said == {"attribute:kind", "attribute:maker"}
    assert found.figures["initials"].value == 1
    assert ask(site, found.question).id == found.id
    with speaking("en"):
        told = saying_of("association").sentence(found)
    assert told.endswith("Left out as initials of another attribute: letter (maker).")
    asked = ask(site, Question("association", "art", parameters={"fields": "attribute:letter,"
                                                                 "attribute:kind"}))  # fmt: skip
    assert {row["x_field"] for row in asked.rows.to_pylist()} == {"attribute:letter"}


def test_of_a_split_only_its_own_items_speak(tmp_path: Path) -> None:
    for split, kinds in (("train", ("a", "b")), ("test", ("b", "c"))):
        class_folder(tmp_path / "in" / split, kinds, 12)
    dig(f"folder:{tmp_path / 'in'}", tmp_path / "site", only="catalogue")
    site = Site(tmp_path / "site")
    part = part_of(site, "in/test")
    items = items_of(site, part)
    [(name, said)] = stated_of(site, part, items).items()
    kept = site.labels("in")
    want = kept[kept["ordinal"].isin(items["ordinal"])]["value"].tolist()
    assert (name, said.values.to_pylist()) == ("label:folder", want)
    assert said.items.tolist() == list(range(len(items)))
    assert fields_of(site, part) == {"label:folder": (24, 2)}


def test_nothing_is_read_before_the_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long begins after the warning; a finding that is there needs none of it."""
    found = ask(site, Question("association", "animals"))
    for name in ("items", "labels", "attributes"):
        monkeypatch.setattr(site, name, None)
    assert ask(site, Question("association", "animals")).id == found.id


def test_what_is_not_there_is_told(site: Site) -> None:
    wanted = {"fields": "label:gone,attribute:lost,label:objects"}
    with pytest.raises(ExcavateError, match="label:gone, attribute:lost"):
        ask(site, Question("association", "animals", parameters=wanted))
    with pytest.raises(ExcavateError, match="least: 0 is below 1; alpha"):
        ask(site, Question("association", "animals", parameters={"least": 0, "alpha": 2}))
    kept = ask(site, Question("association", "animals", parameters={"fields": "attribute:note"}))
    assert (kept.is_measured, kept.rows.num_rows) == (False, 0)


def test_one_class_and_no_attribute_is_not_measured(tmp_path: Path) -> None:
    dig(f"folder:{class_folder(tmp_path / 'in')}", tmp_path / "site", only="catalogue")
    site = Site(tmp_path / "site")
    found = ask(site, Question("association", "in"))
    assert not found.is_measured
    assert json.dumps(found.why_not)
