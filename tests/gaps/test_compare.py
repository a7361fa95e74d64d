"""Compare: what one has and the other lacks, by hand; never a number against "not measured"."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.gaps.compare import Said, Side, Told, compare
from excavate.gaps.finding import Figure, Measured, NotMeasured, Reference

OTHER = Reference("dataset", "b", "r")
COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50))


def measured(a: Side, b: Side, *told: Told) -> tuple[list[dict[str, object]], dict[str, Figure]]:
    outcome = compare(a, b, told, OTHER, {})
    assert isinstance(outcome, Measured), outcome
    return outcome.rows.to_pylist(), dict(outcome.figures)


def side(items: int, **counts: dict[str, int]) -> Side:
    return Side("x", items, {f"label:{kind}": values for kind, values in counts.items()})


def said(rows: list[dict[str, object]], **figures: Figure) -> Said:
    return Said(pa.Table.from_pylist(rows), figures)


def test_labels_that_only_one_has_come_first_then_what_is_clearly_apart() -> None:
    a = side(100, kind={"cat": 50, "dog": 30, "sea": 20})
    b = side(200, kind={"cat": 100, "dog": 95, "hill": 5})
    rows, figures = measured(a, b)
    assert [(r["key"], r["in_a"], r["in_b"]) for r in rows] == [
        ("sea", True, False), ("hill", False, True), ("dog", True, True),
    ]  # fmt: skip
    assert rows[2]["difference"] == pytest.approx(0.30 - 0.475)
    assert rows[2]["apart"] is True  # Wilson: 0.219 to 0.396 against 0.407 to 0.544
    assert (figures["only_a"].value, figures["only_b"].value) == (1, 1)
    assert figures["in_both"].value == 2


def test_apart_is_when_wilsons_intervals_exclude_each_other() -> None:
    from statsmodels.stats.proportion import proportion_confint

    for n, m in ((30, 41), (30, 50), (30, 60), (1, 9), (0, 40)):
        [row] = measured(side(100, k={"x": n}), side(100, k={"x": m}))[0]
        _, high = proportion_confint(n, 100, method="wilson")
        low, _ = proportion_confint(m, 100, method="wilson")
        assert row["apart"] == (high < low), (n, m)


@given(COUNTS, COUNTS)
def test_the_other_way_round_it_is_turned_round(a: dict[str, int], b: dict[str, int]) -> None:
    there, back = measured(side(50, k=a), side(50, k=b)), measured(side(50, k=b), side(50, k=a))
    turned = {r["key"]: (r["in_b"], r["in_a"], -r["difference"], r["apart"]) for r in back[0]}
    straight = {r["key"]: (r["in_a"], r["in_b"], r["difference"], r["apart"]) for r in there[0]}
    assert straight == turned
    assert set(straight) == {v for v in {*a, *b} if a.get(v) != b.get(v)}


def test_rows_of_a_measure_are_joined_by_their_key() -> None:
    ours = [
        {"pattern": "x", "count": 3, "score": 0.5, "low": 0.4, "high": 0.6, "items": ["a/all/1"]},
        {"pattern": "y", "count": 7, "score": 0.1, "low": 0.0, "high": 0.2, "items": []},
    ]
    theirs = [{**ours[0], "score": 0.9, "low": 0.8, "high": 1.0}, {**ours[1], "pattern": "z"}]
    told = Told("m", ("pattern",), said(ours, n=Figure(2, 1, 3)), said(theirs, n=Figure(9, 8, 10)))
    rows, figures = measured(side(0), side(0), told)
    found = {(r["part"], r["key"], r["column"]): r for r in rows}
    assert set(found) == {
        ("row", "y", "count"), ("row", "z", "count"), ("row", "x", "score"), ("figure", "n", "n"),
    }  # fmt: skip
    assert found["row", "x", "score"]["apart"] is True
    assert found["row", "x", "score"]["difference"] == pytest.approx(-0.4)
    assert found["row", "x", "score"]["items"] == ["a/all/1"]
    assert (found["row", "y", "count"]["in_b"], found["row", "y", "count"]["value_b"]) == (
        False,
        None,
    )
    assert found["figure", "n", "n"]["apart"] is True
    assert (figures["only_a"].value, figures["only_b"].value, figures["apart"].value) == (1, 1, 2)


def test_not_measured_is_never_compared_with_a_number() -> None:
    told = Told("m", ("k",), said([{"k": "x", "n": 1}], n=Figure(1)), Said(why="no embedding"))
    [row] = measured(side(0), side(0), told)[0]
    assert (row["why"], row["in_a"], row["in_b"]) == ("no embedding", True, None)
    assert (row["value_a"], row["value_b"], row["difference"]) == (None, None, None)


def test_what_only_one_measure_has_and_what_has_no_numbers() -> None:
    bare = [{"k": {"b": "2", "a": "1"}, "name": "x"}]
    told = Told("m", ("k",), said(bare, only=Figure(3)), said([]))
    rows, _ = measured(side(0), side(0), told)
    assert {(r["part"], r["key"], r["value_a"]) for r in rows} == {
        ("row", "a=1, b=2", None), ("figure", "only", 3.0),
    }  # fmt: skip


def test_names_by_the_hundred_thousand_are_not_laid_side_by_side() -> None:
    many = {f"id{n}": 1 for n in range(60_000)}
    a, b = side(60_000, id=many, kind={"x": 9}), side(10, kind={"x": 9})
    rows, _ = measured(a, b)
    assert [(r["kind"], r["why"] is None) for r in rows] == [
        ("label:kind", True), ("label:id", False),
    ]  # fmt: skip


def test_what_names_items_is_told_as_left_out() -> None:
    """A number for each item, and files that are called alike in each class."""
    numbers = {f"n{n}": 1 for n in range(30)}
    files = {f"{n:04}.jpg": 10 for n in range(3)}
    a = side(30, number=numbers, file=files, kind={"x": 30})
    b = side(20, number={f"m{n}": 1 for n in range(20)}, file={"0007.jpg": 20}, kind={"y": 20})
    rows, figures = measured(a, b)
    assert [(r["kind"], r["why"]) for r in rows if r["why"]] == [
        ("label:file", "these are names of files, or addresses"),
        ("label:number", "nearly every item has a value of its own"),
    ]
    assert {r["key"] for r in rows if not r["why"]} == {"x", "y"}
    assert (figures["only_a"].value, figures["not_compared"].value) == (1, 2)
    few, _ = measured(side(3, kind={"x": 1, "y": 1, "z": 1}), side(2, kind={"x": 1, "w": 1}))
    assert {r["key"] for r in few if r["why"] is None} >= {"y", "z", "w"}  # too few to say so


def test_without_items_nothing_is_compared() -> None:
    outcome = compare(side(0), side(5, k={"x": 1}), [], OTHER, {})
    assert isinstance(outcome, NotMeasured)
    assert str(outcome) == "one of the two has no items"
