"""Columns through a real site: asked, kept, asked again; Tate's known truth."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from excavate.digging import dig
from excavate.errors import NotFoundError, SourceError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.i18n import speak
from excavate.site import Site
from tests.made import class_folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """200 items: no licence, a third without a maker, and hardly anything from Asia."""
    folder = tmp_path_factory.mktemp("columns")
    countries = ["US"] * 150 + ["gb"] * 40 + ["대한민국"] * 5 + ["Atlantis"] * 5
    with open(folder / "things.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "country", "creator", "kind", "year", "tags"])
        for n, country in enumerate(countries):
            kind = "기타" if n % 10 == 0 else "bowl"
            tags = ("old;worn", "old;old", "")[n % 3]
            year = 1950 + n % 8 if n % 2 else 1970 + n % 9
            writer.writerow([n, country, "" if n % 3 else f"m{n}", kind, year, tags])
    given = {"multiple": "tags:;"}
    dig(f"csv:{folder / 'things.csv'}", folder / "site", only="catalogue", options=given)
    return Site(folder / "site")


def test_what_the_columns_lack(site: Site) -> None:
    own, population = questions(site, measures=["columns"])
    found = ask(site, own)
    assert ask(site, found.question).id == found.id
    assert found.parameters["years"] == ["attribute:year"]
    rows = found.rows.to_pylist()
    empty = {row["column"]: row["count"] for row in rows if row["check"] == "empty"}
    assert empty == {
        "item:licence": 200, "item:creator": 133, "attribute:creator": 133, "attribute:tags": 66,
    }  # fmt: skip
    [other] = [row for row in rows if row["check"] == "residual"]
    assert (other["column"], other["value"], other["count"]) == ("attribute:kind", "기타", 20)
    groups = {(r["column"], r["group_column"], r["group"], r["count"]) for r in rows if r["group"]}
    assert ("item:creator", "attribute:tags", "old", 67) in groups  # said twice of an item
    assert "1958–1969" in {row["value"] for row in rows if row["check"] == "silent-years"}
    assert {item for row in rows for item in row["items"]} <= set(site.items()["item_id"])
    assert population.reference == "table:population_by_country_2024"


def test_countries_against_the_population(site: Site) -> None:
    _, population = questions(site, measures=["columns"])
    found = ask(site, population)
    assert ask(site, found.question).id == found.id
    assert found.parameters["column"] == "attribute:country"
    by_value = {row["value"]: row for row in found.rows.to_pylist()}
    assert by_value["India"]["check"] == "absent"
    assert (by_value["Atlantis"]["check"], by_value["Atlantis"]["count"]) == ("unmatched", 5)
    assert found.figures["matched"].value == 195
    assert "World Bank" in found.reference.note
    assert found.reference.revision == found.made.provenance["inputs"]["table"]


def test_a_table_of_ones_own_is_part_of_the_provenance(site: Site, tmp_path: Path) -> None:
    table = tmp_path / "kinds.csv"
    table.write_text("kind,share\nbowl,0.5\njug,0.4\n기타,0.1\n", "utf-8")
    asked = Question("columns", "things", reference=str(table))
    found = ask(site, asked)
    assert found.parameters["column"] == "attribute:kind"  # called like the table's key
    assert ask(site, found.question).id == found.id
    assert found.first_rows(1)[0]["value"] == "jug"
    table.write_text("kind,share\nbowl,0.8\njug,0.1\n기타,0.1\n", "utf-8")
    assert ask(site, asked).id != found.id
    table.write_text("kind,share\nspoon,1\n", "utf-8")
    with pytest.raises(NotFoundError, match="no column is named after it and has mostly its keys"):
        ask(site, asked)
    chosen = Question("columns", "things", str(table), parameters={"column": "attribute:kind"})
    assert not ask(site, chosen).is_measured
    table.write_text("kind,share\nspoon,many\n", "utf-8")
    with pytest.raises(SourceError, match="'many' is no number"):
        ask(site, asked)


def test_no_column_is_taken_that_does_not_say_what_the_table_is_about(tmp_path: Path) -> None:
    """Measures in mm are no works from Myanmar, and one word alone is no column of countries."""
    lines = [f"{n},{('mm', 'cm')[n % 50 == 0]},KR,{('bowl', 'US')[n % 2]}" for n in range(100)]
    text = "id,units,country,made\n" + "\n".join(lines)
    (tmp_path / "tate.csv").write_text(text, "utf-8")
    dig(f"csv:{tmp_path / 'tate.csv'}", tmp_path / "site", only="catalogue")
    site = Site(tmp_path / "site")
    assert len(questions(site, measures=["columns"])) == 1
    asked = Question("columns", "tate", "table:population_by_country_2024")
    with pytest.raises(NotFoundError, match="--set column=NAME"):
        ask(site, asked)
    units = replace(asked, parameters={"column": "attribute:units"})
    assert not ask(site, units).is_measured
    made = replace(asked, parameters={"column": "attribute:made", "least": 0.6})
    assert "only 50.0 %" in ask(site, made).made.result["why"].format(
        **ask(site, made).made.result["details"]
    )


def test_nothing_is_read_before_the_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [ask(site, question) for question in questions(site, measures=["columns"])]
    for name in ("items", "labels", "attributes"):
        monkeypatch.setattr(site, name, None)
    assert [ask(site, q) for q in questions(site, measures=["columns"])] == found


def test_in_other_settings(site: Site) -> None:
    for question in questions(site, measures=["columns"]):
        found = ask(site, question)
        others = variants(site, found)
        assert len({ask(site, other).id for other in others} | {found.id}) == len(others) + 1
        key = REGISTRY["columns"].key
        rows = found.rows.to_pylist()
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)


def test_words_in_both_languages(site: Site) -> None:
    own, population = (ask(site, question) for question in questions(site, measures=["columns"]))
    said = saying_of("columns")
    speak("en")
    assert said.sentence(own).startswith("licence is empty for 200 of 200 (100.0 %); ")
    told = said.sentence(population)
    assert told.startswith("country: of 200 items 195 (97.5 %) have a key of ")
    absent, few = (int(population.figures[name].value) for name in ("absent", "too_few"))
    assert (absent + few, 0 < absent < 10) == (212, True)
    assert f"Of the 215 keys {absent} are absent among these" in told
    assert f"too few items to tell of {few} more" in told
    assert "India: none of 195, 17." in said.sentence(population)
    english = {said.row(own, row) for row in own.rows.to_pylist()}
    speak("ko")
    assert "비어 있" in said.sentence(own)
    korean = {said.row(own, row) for row in own.rows.to_pylist()}
    assert not english & korean
    for found in (own, population):
        for name in [*found.rows.column_names, *found.figures]:
            assert said.column(name) != name


def test_a_silence_of_creators_is_told_by_them(tmp_path: Path) -> None:
    """Ninety-six makers with five works each, none of them born in 1940 to 1943."""
    born = [year for year in range(1932, 1952) if not 1940 <= year <= 1943 for _ in range(6)]
    lines = [
        f"{maker * 5 + n},p{maker},{year}" for maker, year in enumerate(born) for n in range(5)
    ]
    text = "id,maker.name,maker.birthYear\n" + "\n".join(lines)
    (tmp_path / "works.csv").write_text(text, "utf-8")
    dig(f"csv:{tmp_path / 'works.csv'}", tmp_path / "site", only="catalogue")
    found = ask(Site(tmp_path / "site"), Question("columns", "works"))
    [silent] = [row for row in found.rows.to_pylist() if row["check"] == "silent-years"]
    speak("en")
    assert saying_of("columns").row(found, silent) == (
        "maker.birthYear: nothing from 1940–1943, beside years with 48 values of maker.name"
    )
    speak("ko")
    assert "maker.name 값이 48개" in saying_of("columns").row(found, silent)


def test_columns_that_are_not_there(site: Site) -> None:
    for asked in ({"columns": "attribute:gone"}, {"years": "attribute:gone"}):
        with pytest.raises(NotFoundError, match="attribute:gone"):
            ask(site, Question("columns", "things", parameters=asked))


def test_pictures_have_sizes_and_nothing_else(tmp_path: Path) -> None:
    dig(f"folder:{class_folder(tmp_path / 'in')}", tmp_path / "site", only="catalogue")
    site = Site(tmp_path / "site")
    [question] = questions(site, measures=["columns"])
    found = ask(site, question)
    assert {"item:width", "item:height", "item:licence"} <= set(found.parameters["columns"])
    checks = [(row["check"], row["column"]) for row in found.rows.to_pylist()]
    assert ("empty", "item:licence") in checks
    assert ("empty", "item:width") not in checks


def test_what_stands_after_a_sign_may_be_matched_alone(site: Site, tmp_path: Path) -> None:
    table = tmp_path / "makers.csv"
    table.write_text("maker,share\n0,1\n3,1\n6,2\n", "utf-8")
    asked = {"column": "attribute:creator", "after": "m", "least": 0}
    found = ask(site, Question("columns", "things", str(table), parameters=asked))
    assert found.figures["matched"].value == 3  # m0, m3 and m6
    assert ask(site, found.question).id == found.id


@pytest.mark.shared_data
def test_tates_artists(shared: Path, tmp_path: Path) -> None:
    """Of 3,532 artists 116 have no gender stated; 521 are women, and die less often here."""
    source = f"csv:{shared / 'tate' / 'artist_data.csv'}"
    dig(source, tmp_path / "site", only="catalogue", dataset="artists")
    rows = ask(Site(tmp_path / "site"), Question("columns", "artists")).rows.to_pylist()
    empty = {row["column"]: row["count"] for row in rows if row["check"] == "empty"}
    assert empty["attribute:gender"] == 116
    assert empty["item:licence"] == 3532
    [women] = [
        row for row in rows
        if row["check"] == "empty-in-group" and row["column"] == "attribute:yearOfDeath"
    ]  # fmt: skip
    assert (women["group"], women["count"], women["of"]) == ("Female", 297, 521)


@pytest.mark.shared_data
def test_where_tates_artists_were_born(shared: Path, tmp_path: Path) -> None:
    """The column ends in a country, often as it calls itself; some are no countries any more."""
    source = f"csv:{shared / 'tate' / 'artist_data.csv'}"
    dig(source, tmp_path / "site", only="catalogue", dataset="artists")
    asked = {"column": "attribute:placeOfBirth", "after": ","}
    reference = "table:population_by_country_2024"
    found = ask(Site(tmp_path / "site"), Question("columns", "artists", reference, None, asked))
    rows = {row["value"]: row for row in found.rows.to_pylist()}
    ends = Counter(
        row["placeOfBirth"].rpartition(",")[2].strip()
        for row in csv.DictReader((shared / "tate/artist_data.csv").open(encoding="utf-8"))
        if row["placeOfBirth"].strip()
    )
    britain = rows["United Kingdom of Great Britain and Northern Ireland"]
    assert (britain["check"], britain["count"]) == ("thick", ends["United Kingdom"])
    assert rows["United States of America"]["count"] == ends["United States"]
    assert rows["India"]["count"] == ends["India"] + ends["Bharat"] > 20
    assert (rows["India"]["check"], rows["Indonesia"]["check"]) == ("thin", "thin")
    gone = rows["Jugoslavija"]
    assert (gone["check"], gone["count"]) == ("unmatched", ends["Jugoslavija"])
    unmatched = sum(r["count"] for r in found.rows.to_pylist() if r["check"] == "unmatched")
    assert found.figures["matched"].value + unmatched == sum(ends.values())
    speak("en")
    assert "other names" in saying_of("columns").sentence(found)
