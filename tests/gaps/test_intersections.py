"""Maximal uncovered patterns: equal to brute force, and nothing said where nothing can be."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.intersections import intersections
from excavate.gaps.pattern_lattice import Limits
from excavate.gaps.patterns import derived_tau, estimated_seconds

Pattern = tuple[str | None, ...]
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.tuples(*[st.sampled_from(["a", "b", "다", None])] * width), min_size=1, max_size=30
    )
)


def brute_force(rows: list[tuple[str | None, ...]], tau: int) -> dict[Pattern, int]:
    """Every pattern over the values that occur, by counting each; the maximal uncovered ones."""
    values = [sorted({row[j] for row in rows} - {None}) for j in range(len(rows[0]))]

    def count(pattern: Pattern) -> int:
        return sum(
            all(p is None or p == v for p, v in zip(pattern, row, strict=True)) for row in rows
        )

    counts = {p: count(p) for p in itertools.product(*[[None, *column] for column in values])}
    return {
        p: n
        for p, n in counts.items()
        if n < tau and all(counts[(*p[:j], None, *p[j + 1 :])] >= tau for j, v in enumerate(p) if v)
    }


def measured(rows: list[tuple[str | None, ...]], tau: int) -> dict[Pattern, int]:
    names = [f"c{j}" for j in range(len(rows[0]))]
    columns = {name: [row[j] for row in rows] for j, name in enumerate(names)}
    outcome = intersections(columns, tau)
    assert isinstance(outcome, Measured)
    said = outcome.rows.to_pylist()
    return {tuple(dict(r["pattern"]).get(n) for n in names): r["count"] for r in said}


@settings(deadline=None)
@given(TABLES, st.integers(1, 8))
def test_it_is_what_brute_force_says(rows: list[tuple[str | None, ...]], tau: int) -> None:
    if any(all(row[j] is None for row in rows) for j in range(len(rows[0]))):
        return
    assert measured(rows, tau) == brute_force(rows, tau)


def test_counts_of_parents_and_what_independence_expects() -> None:
    columns = {"age": ["old"] * 40 + ["young"] * 60, "place": ["city"] * 98 + ["sea"] * 2}
    outcome = intersections(columns, 10)
    assert isinstance(outcome, Measured)
    [sea] = outcome.rows.to_pylist()  # old x sea is not told: sea alone is uncovered
    assert (sea["pattern"], sea["count"]) == ([("place", "sea")], 2)
    assert (sea["parents"], sea["expected"]) == ([("place", 100)], 2.0)
    columns["place"] = ["city"] * 40 + ["sea"] * 15 + ["city"] * 45
    [pair] = intersections(columns, 10).rows.to_pylist()
    assert (dict(pair["pattern"]), pair["count"]) == ({"age": "old", "place": "sea"}, 0)
    assert (dict(pair["parents"]), pair["expected"]) == ({"age": 15, "place": 40}, 6.0)


def test_what_cannot_be_measured_says_why() -> None:
    for columns, tau, why in (
        ({}, 1, "no attribute or label was chosen"),
        ({"a": []}, 1, "there are no items"),
        ({"a": ["x"], "b": ["y", "z"]}, 1, "the columns are of different lengths"),
        ({"a": [None, None], "b": ["x", "y"]}, 1, "nothing is stated in a"),
        ({"a": ["x"]}, 0, "tau has to be 1 or more"),
    ):
        outcome = intersections(columns, tau)
        assert isinstance(outcome, NotMeasured)
        assert str(outcome) == why


def test_fewer_items_than_tau_leave_one_pattern_that_fixes_nothing() -> None:
    [whole] = intersections({"a": ["x"] * 3}, 5).rows.to_pylist()
    assert (whole["pattern"], whole["count"]) == ([], 3)


def test_tau_is_derived_from_how_well_a_share_has_to_be_known() -> None:
    assert derived_tau() == 25  # 1.96^2 / 4 / 0.2^2 = 24.01
    outcome = intersections({"a": ["x"] * 30})
    assert outcome.parameters["tau"] == 25


def test_many_values_are_no_many_combinations() -> None:
    many = [str(n) for n in range(200_000)]
    outcome = intersections({"id": many, "kind": ["a", "b"] * 100_000}, 2)
    assert isinstance(outcome, Measured)
    assert outcome.figures["patterns"].value == 200_000  # each id alone; none is combined
    assert (outcome.rows.num_rows, outcome.tested) == (10_000, 200_003)
    clash = {"a": many[:30_000] * 2, "b": many[30_000:60_000] * 2}
    refused = intersections(clash, 2)
    assert isinstance(refused, NotMeasured)
    assert refused.details == {"combinations": "900,000,000", "level": "2"}


def in_two(column: pa.Array) -> pa.ChunkedArray:
    return pa.chunked_array([column.slice(0, 7), column.slice(7)])


def test_arrow_columns_are_taken_as_they_are() -> None:
    said: dict[str, list[str | None]] = {"a": ["x", "y", None, "x"] * 9, "b": ["u", "v"] * 18}
    plain = intersections(said, 5)
    text = {name: pa.array(values) for name, values in said.items()}
    for kind in (
        text,
        {name: column.dictionary_encode() for name, column in text.items()},
        {name: in_two(column).dictionary_encode() for name, column in text.items()},
    ):  # fmt: skip
        assert intersections(kind, 5).rows.equals(plain.rows)
    unused = pa.DictionaryArray.from_arrays([1, 1, None], ["never", "x"])
    assert intersections({"a": unused}, 1).rows.num_rows == 0


def yes_or_no(items: int, width: int) -> dict[str, list[str | None]]:
    draws = np.random.default_rng(0).random((width, items)) < 0.35
    return {f"c{n}": np.where(row, "y", "n").tolist() for n, row in enumerate(draws)}


def test_each_level_is_what_brute_force_says_of_it() -> None:
    """By bits and by rows alike: 9 columns, some of three values, 1,500 rows, a tenth unstated."""
    draws = np.random.default_rng(1)
    columns: dict[str, list[str | None]] = yes_or_no(1500, 7)
    columns |= {f"t{n}": draws.choice(list("abc"), 1500, p=[0.6, 0.3, 0.1]).tolist() for n in "12"}
    for column in columns.values():
        for at in draws.integers(0, 1500, 150):
            column[at] = None
    rows = list(zip(*columns.values(), strict=True))
    for level in (1, 2, 3):
        want = {}
        for names in itertools.combinations(range(9), level):
            thin = brute_force([tuple(row[j] for j in names) for row in rows], 120)
            want |= {(names, pattern): n for pattern, n in thin.items() if None not in pattern}
        outcome = intersections(columns, 120, limits=Limits(level=level))
        assert isinstance(outcome, Measured)
        said = outcome.rows.filter(pc.equal(outcome.rows["attributes"], level)).to_pylist()
        place = list(columns)
        found = {
            (tuple(place.index(n) for n, _ in r["pattern"]), tuple(v for _, v in r["pattern"])):
            r["count"] for r in said
        }  # fmt: skip
        assert found == want
        assert outcome.figures["level"].value == level
        assert max(outcome.rows["attributes"].to_pylist(), default=0) <= level


def test_many_values_are_counted_by_rows_as_brute_force_says() -> None:
    """3 columns of 7 values, a tenth unstated: all three are cheaper by rows than by bits."""
    draws = np.random.default_rng(2)
    said = np.array([*"abcdefg", None], object)
    shares = [0.3, 0.2, 0.1, 0.1, 0.1, 0.07, 0.03, 0.1]
    rows = [tuple(said[draws.choice(8, 3, p=shares)].tolist()) for _ in range(1500)]
    found = measured(rows, 3)
    assert found == brute_force(rows, 3)
    assert {sum(v is not None for v in pattern) for pattern in found} == {2, 3}


def test_many_attributes_end_where_the_effort_does_and_say_so() -> None:
    """2 to the 60 sets of attributes: as deep as the effort goes, the same in each run."""
    columns = yes_or_no(3000, 60)
    told: list[tuple[str, int, int | None]] = []
    limits = Limits(effort=0.3)
    outcome = intersections(columns, 25, None, limits, lambda *said: told.append(said))
    assert isinstance(outcome, Measured)
    figures = {name: figure.value for name, figure in outcome.figures.items()}
    assert (figures["columns"], figures["level"]) == (60, 2)
    assert intersections(columns, 25, limits=limits).figures == outcome.figures
    assert ("combinations", 0, 60) in told
    assert ("combinations", 1600, 60 * 59 // 2) in told
    demanded = intersections(columns, 25, limits=Limits(level=3, effort=0.3))
    assert isinstance(demanded, NotMeasured)
    assert demanded.details["level"] == "3"
    assert estimated_seconds(3000, [2] * 60, limits) == 0.3
    assert 0 < estimated_seconds(3000, [2] * 60, Limits(level=2)) < 1


def test_a_search_that_ends_by_itself_has_looked_at_all() -> None:
    unique = {
        f"c{n}": [str(v) for v in np.random.default_rng(n).permutation(90)] for n in range(40)
    }
    outcome = intersections(unique, 2)
    assert isinstance(outcome, Measured)
    assert (outcome.figures["level"].value, outcome.figures["patterns"].value) == (40, 40 * 90)
    same = {f"c{n}": ["x"] * 50 for n in range(40)} | {"d": ["a"] * 30 + ["b"] * 20}
    assert intersections(same, 25).tested == 1 + 40 + 2  # one value for all divides nothing


def test_of_too_many_patterns_the_strongest_of_each_level_are_kept() -> None:
    draws = np.random.default_rng(0)
    columns = {n: [str(v) for v in draws.integers(0, 240, 60_000)] for n in "ab"}
    outcome = intersections(columns, 2)
    assert isinstance(outcome, Measured)
    counts = Counter(zip(*columns.values(), strict=True))
    thin = sum(counts[a, b] < 2 for a in set(columns["a"]) for b in set(columns["b"]))
    assert outcome.figures["patterns"].value == thin > 10_000 == outcome.rows.num_rows
    away = [
        counts[a, b] - columns["a"].count(a) * columns["b"].count(b) / 60_000
        for a in ("0", "17") for b in set(columns["b"]) if counts[a, b] < 2
    ]  # fmt: skip
    kept = np.subtract(outcome.rows["count"].to_numpy(), outcome.rows["expected"].to_numpy())
    assert (np.diff(kept) >= 0).all()
    assert kept[0] <= min(away)


def test_a_blank_is_nothing_stated() -> None:
    outcome = intersections({"a": ["", "x", "x", " "] * 50, "b": ["p", "q"] * 100}, 5)
    said = intersections({"a": [None, "x", "x", None] * 50, "b": ["p", "q"] * 100}, 5)
    assert isinstance(outcome, Measured)
    assert outcome.rows.equals(said.rows)
    nothing = intersections({"a": [" ", ""]}, 1)
    assert isinstance(nothing, NotMeasured)
    assert str(nothing) == "nothing is stated in a"


def test_the_pictures_are_those_that_lack_one_value_alone() -> None:
    age = ["old"] * 40 + ["young"] * 60
    place = ["city"] * 40 + ["sea"] * 30 + ["city"] * 30
    ids = [f"d/all/{n}" for n in range(100)]
    [row] = intersections({"age": age, "place": place}, 10, ids).rows.to_pylist()
    assert dict(row["pattern"]) == {"age": "old", "place": "sea"}
    assert row["items"][:4] == ["d/all/40", "d/all/0", "d/all/41", "d/all/1"]
    assert len(row["items"]) == 24
    place[5] = "sea"
    [row] = intersections({"age": age, "place": place}, 10, ids).rows.to_pylist()
    assert row["items"][0] == "d/all/5"  # the one that is there comes first


def test_looked_at_is_every_pattern_whose_parents_are_covered() -> None:
    columns = {"a": ["x"] * 20 + ["y"] * 20, "b": ["u"] * 39 + ["v"]}
    outcome = intersections(columns, 5)
    assert outcome.tested == 1 + 2 + 2 + 2  # nothing fixed; x, y; u, v; v is too thin to cross


@pytest.mark.shared_data
def test_a_cell_removed_from_fairface_is_found(shared: Path) -> None:
    table = csv.read_csv(shared / "fairface-labels" / "fairface_label_train.csv")
    columns = {n: table[n].to_pylist() for n in ("age", "gender", "race")}
    cells = Counter(zip(*columns.values(), strict=True))
    assert (len(cells), min(cells.values())) == (126, 22)
    everyone = intersections(columns, 20)
    assert everyone.rows.num_rows == 0
    for gone in list(cells)[::25]:
        kept = [row for row in zip(*columns.values(), strict=True) if row != gone]
        fewer = dict(zip(columns, map(list, zip(*kept, strict=True)), strict=True))
        [found] = intersections(fewer, 20).rows.to_pylist()
        assert tuple(dict(found["pattern"]).values()) == gone
        assert found["count"] == 0
