"""Maximal uncovered patterns: equal to brute force, and nothing said where nothing can be."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.gaps.cube import Cube, DistinctRows, counts_of
from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.intersections import intersections
from excavate.gaps.patterns import derived_tau

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
    assert (outcome.parameters["tau"], outcome.parameters["derived"]) == (25, True)


def test_many_values_are_no_many_combinations() -> None:
    many = [str(n) for n in range(200_000)]
    outcome = intersections({"id": many, "kind": ["a", "b"] * 100_000}, 2)
    assert isinstance(outcome, Measured)
    assert outcome.figures["patterns"].value == 200_000  # each id alone; none is combined
    assert (outcome.rows.num_rows, outcome.tested) == (10_000, 200_003)
    clash = {"a": many[:30_000] * 2, "b": many[30_000:60_000] * 2}
    refused = intersections(clash, 2)
    assert isinstance(refused, NotMeasured)
    assert refused.details["combinations"].startswith("900,000,000 combinations")


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


@settings(deadline=None)
@given(TABLES, st.integers(1, 8))
def test_a_cube_and_distinct_rows_count_alike(rows: list[tuple[str | None, ...]], tau: int) -> None:
    names = {v: n for n, v in enumerate("ab다")} | {None: -1}
    codes = [np.array([names[row[j]] for row in rows]) for j in range(len(rows[0]))]
    kept = [np.flatnonzero(np.bincount(c[c >= 0], minlength=3) >= min(tau, 2)) for c in codes]
    cube = counts_of(codes, kept, [3] * len(codes))
    assert isinstance(cube, Cube)
    numbered = [
        np.array([{v: n for n, v in enumerate(k)}.get(x, len(k)) for x in c])
        for c, k in zip(codes, kept, strict=True)
    ]
    distinct = DistinctRows(numbered, tuple(len(k) + 1 for k in kept))
    for size in range(1, len(codes) + 1):
        for attributes in itertools.combinations(range(len(codes)), size):
            table = cube.table(attributes)
            assert (table == distinct.table(attributes)).all()
            want = Counter(zip(*(codes[j] for j in attributes), strict=True))
            for place in np.ndindex(table.shape):
                assert (
                    table[place]
                    == want[tuple(kept[j][at] for j, at in zip(attributes, place, strict=True))]
                )


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
