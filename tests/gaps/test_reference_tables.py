"""A column against a table of shares: shipped, or one's own; by hand, with every fault told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import NotFoundError, SourceError
from excavate.gaps.columns import against_table
from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.reference_tables import SHIPPED, ReferenceTable, folded, read_reference

WORLD = "table:population_by_country_2024"


def own(folder: Path, text: str) -> str:
    (folder / "own.csv").write_text(text, "utf-8")
    return str(folder / "own.csv")


def ids(count: int) -> list[str]:
    return [f"d/all/{n}" for n in range(count)]


def shares_of(**shares: float) -> ReferenceTable:
    number = {folded(name): n for n, name in enumerate(shares)}
    return ReferenceTable("t", "", "", list(shares), list(shares.values()), number)


def against(values: list[str | None], said: str, **columns: Any) -> dict[str, dict[str, Any]]:
    table = read_reference(said, **columns)
    outcome = against_table("c", values, ids(len(values)), table)
    assert isinstance(outcome, Measured)
    found = {row["value"]: row for row in outcome.rows.to_pylist()}
    return found | {"": {name: figure.value for name, figure in outcome.figures.items()}}


def test_shares_by_hand(tmp_path: Path) -> None:
    table = own(tmp_path, "place,share\ncity,50\nsea,40\nhill,10\nmoon,0\n")
    values: list[str | None] = ["city"] * 90 + [" SEA "] * 5 + ["Atlantis"] * 5 + [None] * 3
    found = against(values, table)
    assert {name: row["check"] for name, row in found.items() if name} == {
        "city": "thick", "sea": "thin", "hill": "absent", "Atlantis": "unmatched",
    }  # fmt: skip
    sea, hill = found["sea"], found["hill"]
    assert (sea["count"], sea["of"], sea["expected"]) == (5, 95, 0.4)
    assert sea["ratio"] == pytest.approx(5 / 95 / 0.4)
    assert (hill["count"], hill["items"], hill["low"]) == (0, [], 0)
    assert hill["high"] < 0.1
    assert sea["items"] == [f"d/all/{n}" for n in range(90, 95)]
    assert (found["Atlantis"]["count"], found["Atlantis"]["of"]) == (5, 100)
    figures = found[""]
    assert (figures["keys"], figures["absent"], figures["thin"], figures["thick"]) == (4, 1, 1, 1)
    assert figures["reached"] == pytest.approx(0.9)
    assert figures["distance"] == pytest.approx((90 / 95 - 0.5 + 0.4 - 5 / 95 + 0.1) / 2)
    assert figures["unmatched"] == 0.05


def test_few_items_say_little(tmp_path: Path) -> None:
    table = own(tmp_path, "place,share\ncity,50\nsea,45\nhill,5\n")
    found = against(["city", "sea"], table)
    assert found["hill"]["check"] == "too-few"  # told, with an upper bound far above its share
    assert found["hill"]["high"] > 0.5
    assert set(found) == {"hill", ""}
    assert (found[""]["absent"], found[""]["thin"], found[""]["too_few"]) == (0, 0, 1)
    outcome = against_table("c", ["A"] * 12 + ["B"], ids(13), shares_of(A=0.9, B=0.09, C=0.01))
    assert isinstance(outcome, Measured)
    assert (outcome.figures["absent"].value, outcome.figures["too_few"].value) == (0, 1)


def test_the_shipped_table_finds_countries_by_every_key() -> None:
    table = read_reference(WORLD)
    assert (len(table.names), "2024" in table.note, "World Bank" in table.note) == (215, True, True)
    korea = table.names.index("Republic of Korea")
    for said in ("KR", "KOR", " republic of  korea ", "South Korea", "대한민국"):
        assert table.find(said) == korea, said
    assert table.names[table.find("usa", any_case=True) or 0] == "United States of America"
    assert table.find("NA") == table.names.index("Namibia")
    assert table.find("Korea") is None  # which one is not guessed
    assert table.weights[korea] == pytest.approx(51.7e6, rel=0.01)


def test_codes_in_small_letters_are_words_unless_the_column_says_countries() -> None:
    table = read_reference(WORLD)
    myanmar = table.names.index("Myanmar")
    assert (table.find("MM"), table.find("mm"), table.find("and")) == (myanmar, None, None)
    assert table.find("mm", any_case=True) == myanmar
    for name, about in (
        ("attribute:country", True), ("label:artist.Nationality", True), ("attribute:국가", True),
        ("attribute:birthCountry", True), ("attribute:출생국가", True), ("attribute:units", False),
        ("attribute:subcountry", False), ("attribute:country_code", False),
    ):  # fmt: skip
        assert table.is_about(name) == about, name
    units = against_table("attribute:units", ["mm"] * 90, ids(90), table)
    assert isinstance(units, NotMeasured)
    outcome = against_table("attribute:country", ["mm"] * 90, ids(90), table)
    assert isinstance(outcome, Measured)


def test_most_values_without_a_key_are_not_measured() -> None:
    table = shares_of(A=0.5, B=0.5)
    said = ["A"] * 4 + ["other"] * 6 + [None] * 10
    outcome = against_table("c", said, ids(20), table, least=0.5)
    assert isinstance(outcome, NotMeasured)
    assert str(outcome) == "only 40.0 % of what c says are keys of the table t"
    assert isinstance(against_table("c", said, ids(20), table, least=0.4), Measured)


def test_every_alias_names_a_key_of_the_table() -> None:
    for header in SHIPPED.glob("population*.toml"):
        told = tomllib.loads(header.read_text("utf-8"))
        table = read_reference(f"table:{header.stem}")
        for alias, key in told["aliases"].items():
            assert table.find(alias) == table.number[folded(key)], alias


def test_against_the_worlds_population() -> None:
    values: list[str | None] = ["US"] * 500 + ["GB"] * 200 + ["India"] * 20 + ["Wakanda"] * 7
    found = against(values, WORLD)
    assert found["India"]["check"] == "thin"
    assert found["China"]["check"] == "absent"
    assert found["United States of America"]["check"] == "thick"
    assert found["Wakanda"]["check"] == "unmatched"
    assert found[""]["absent"] + found[""]["too_few"] == 212
    first = next(iter(found))
    assert first == "China"  # the largest share that is surely missing


def test_a_table_of_ones_own_by_its_columns(tmp_path: Path) -> None:
    table = own(tmp_path, '\ufeffid,name,n,year\n1,가,"1,000",2020\n2,나,3000,2020\n')
    found = against(["가"] * 50 + ["나"] * 50, table, key=["name"], value="n")
    assert found["가"]["expected"] == 0.25
    one, other = (read_reference(table, ["name"], v).revision for v in ("n", "year"))
    assert one != other


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the table is empty"),
        ("key,n\n", "the table is empty"),
        ("key,n\na,0\n", "no row has a number above zero"),
        ("key,n\na,1\nA ,2\n,3\nb,-1\nc,nan\nd,\n", "nothing under key"),
        ('key,n\n"a,1\n', "no CSV"),
    ],
)
def test_faults_of_a_table_are_told_together(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        read_reference(own(tmp_path, text))
    if "-1" in text:
        said = str(caught.value)
        for fault in (
            "line 3: 'a' stands in line 2",
            "line 5: '-1'",
            "line 6: 'nan'",
            "line 7: ''",
        ):
            assert fault in said


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="table:population_by_country_2024"):
        read_reference("table:gone")
    with pytest.raises(NotFoundError, match=r"gone\.csv"):
        read_reference(str(tmp_path / "gone.csv"))
    with pytest.raises(SourceError, match="no such column: people"):
        read_reference(own(tmp_path, "a,b\nx,1\n"), value="people")
    (tmp_path / "own.csv").write_bytes(b"a,b\n\xff,1\n")
    with pytest.raises(SourceError, match="no CSV"):
        read_reference(str(tmp_path / "own.csv"))


def test_no_key_at_all_is_not_measured() -> None:
    table = read_reference(WORLD)
    outcome = against_table("c", ["cat", None], ["a", "b"], table)
    assert isinstance(outcome, NotMeasured)
    assert "no value of c is a key of the table" in str(outcome)
    empty = against_table("c", [], [], table)
    assert isinstance(empty, NotMeasured)
