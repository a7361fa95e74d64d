"""Columns: emptiness, remainders, quiet times and cliffs; by hand, and by chance alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.gaps.columns import Rule, columns
from excavate.gaps.creators import creators_of
from excavate.gaps.emptiness import residual_words
from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.shares import goodman, share_bounds, wilson
from excavate.gaps.worded import worded
from excavate.gaps.years import is_dated, silent_years, year_of

Said = dict[str, list[str | None]]


def asked(said: Said, **rule: Any) -> Measured:
    count = len(next(iter(said.values())))
    outcome = columns(said, [f"d/all/{n}" for n in range(count)], Rule(**rule))
    assert isinstance(outcome, Measured)
    return outcome


def rows(said: Said, check: str, **rule: Any) -> list[dict[str, Any]]:
    return [row for row in asked(said, **rule).rows.to_pylist() if row["check"] == check]


def numbers(values: np.ndarray) -> list[str | None]:
    return [str(v) for v in values.tolist()]


def test_wilson_by_hand_and_as_statsmodels() -> None:
    # 10 of 100: (0.1 + 1.92073/100 +- 1.95996 sqrt(0.09/100 + 0.9604/10000)) / 1.0384146
    low, high = wilson(10, 100)
    assert (float(low), float(high)) == (pytest.approx(0.05522914), pytest.approx(0.17436566))
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for count, of in ((0, 7), (7, 7), (3, 1000), (1, 2)):
        want = proportion.proportion_confint(count, of, method="wilson")
        assert [float(b) for b in wilson(count, of)] == pytest.approx(want, abs=1e-12)
        assert share_bounds(count, of) == pytest.approx(want, abs=1e-12)
    assert share_bounds(0, 0) == (0, 1)


def test_goodman_is_statsmodels() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    counts = np.array([56, 72, 73, 59, 62, 87, 58])
    want = proportion.multinomial_proportions_confint(counts, method="goodman")
    assert np.stack(goodman(counts), axis=1) == pytest.approx(want)


@given(st.integers(0, 50), st.integers(1, 50))
def test_bounds_hold_the_share(count: int, more: int) -> None:
    low, high = wilson(count, count + more)
    assert 0 <= low <= count / (count + more) <= high <= 1


def test_empty_cells_are_counted_and_shown() -> None:
    [one, other] = rows({"a": ["x", None, " ", ""] * 5, "b": ["y"] * 20, "c": [None] * 20}, "empty")
    assert (one["column"], one["count"], one["of"], one["low"]) == (
        "c",
        20,
        20,
        pytest.approx(0.8389, abs=1e-4),
    )
    assert (other["column"], other["count"], other["share"]) == ("a", 15, 0.75)
    assert other["items"][:3] == ["d/all/1", "d/all/2", "d/all/3"]


def test_a_group_that_lost_its_words_is_told_and_chance_is_not() -> None:
    draws = np.random.default_rng(0)
    gender = draws.choice(["F", "M"], 2000, p=[0.2, 0.8])
    lost = draws.random(2000) < np.where(gender == "F", 0.3, 0.05)
    name: list[str | None] = [None if gone else f"n{n}" for n, gone in enumerate(lost)]
    noise: list[str | None] = [None if r < 0.1 else "y" for r in draws.random(2000)]
    [found] = rows({"gender": [*gender], "name": name, "noise": noise}, "empty-in-group")
    assert (found["column"], found["group_column"], found["group"]) == ("name", "gender", "F")
    assert found["count"] == int((lost & (gender == "F")).sum())
    assert found["expected"] == pytest.approx(lost.mean())
    assert all(gender[int(item.rpartition("/")[2])] == "F" for item in found["items"])


def test_remainders_are_found_by_their_names_alone() -> None:
    kind: list[str | None] = (
        ["cat"] * 50 + ["기타"] * 20 + [" Others "] * 5 + ["mother"] * 5 + [None] * 20
    )
    found = rows({"kind": kind}, "residual")
    assert [(r["value"], r["count"], r["of"]) for r in found] == [
        ("기타", 20, 80),
        (" Others ", 5, 80),
    ]
    assert found[1]["items"][0] == "d/all/70"
    titles: list[str | None] = (
        [f"title {n}" for n in range(1500)] + ["Rest", "Unknown"] + ["Untitled"] * 9
    )
    assert rows({"title": titles}, "residual") == []  # a title is a name of its own
    assert [r["value"] for r in rows({"by": [*titles, *["Unknown"] * 12]}, "residual")] == [
        "Unknown"
    ]
    assert {"other", "기타", "그 외", "n/a", "unknown"} <= residual_words()
    assert "na" not in residual_words()  # Namibia


def test_years_are_read_where_they_are_sure() -> None:
    for said, year in (
        ("1987", 1987), (" 2001-05 ", 2001), ("2012:03:04 12:00:00", 2012),
        ("1999-12-31T23:00Z", 1999), ("c. 1850", None), ("87", None), ("12345", None),
        ("1850-60", None), ("", None), (None, None),
    ):  # fmt: skip
        assert year_of(said) == year, said
    assert is_dated("attribute:year", worded(["1987", "1990", None]))
    assert is_dated("taken", worded(["1987-01-02", None]))
    assert not is_dated("width", worded(["1024", "2048"]))  # a number like a year is none
    assert not is_dated("year", worded(["1987", "old", "new"]))
    assert not is_dated("year", worded([None, ""]))
    assert silent_years(worded(["1990", "1995", "1995", None, "x"])) == (4, 6)


def test_a_silent_run_is_held_against_the_years_beside_it() -> None:
    years = [y for y in range(1900, 2000) if not 1940 <= y <= 1945 for _ in range(5)]
    [found] = rows({"year": [str(y) for y in years]}, "silent-years")
    assert (found["value"], found["count"], found["of"]) == ("1940–1945", 0, 60)
    assert found["expected"] == pytest.approx(1 / 3)
    assert found["q"] == pytest.approx((2 / 3) ** 60 * 108)  # of 100 years and 8 decades
    shown = {years[int(item.rpartition("/")[2])] for item in found["items"]}
    assert shown <= {1937, 1938, 1939, 1946, 1947, 1948}
    assert asked({"year": [str(y) for y in years]}).figures["silent_years"].value == 6


def test_few_items_over_many_years_are_no_silence() -> None:
    years = np.random.default_rng(3).integers(1800, 2000, 60)
    assert rows({"year": numbers(years)}, "silent-years") == []
    assert rows({"year": numbers(years)}, "thin-decade") == []
    assert asked({"year": numbers(years)}).figures["silent_years"].value > 100


def test_a_run_that_was_looked_for_among_all_years_is_seldom_told_by_chance() -> None:
    draws, told = np.random.default_rng(0), 0
    for _ in range(100):
        years = draws.integers(1900, 2000, 500)
        told += bool(rows({"attribute:year": numbers(years)}, "silent-years"))
    assert told <= 5
    assert asked({"attribute:year": numbers(np.arange(1900, 1990))}).tested == 2 + 90 + 7


def test_a_creators_year_counts_once_however_many_their_works() -> None:
    """Thirty people of 1939, 1941 and 1942 with 20 works each: no one was born in 1940."""
    people = np.repeat(np.arange(30), 20)
    born = np.array([1939, 1941, 1942] * 10)[people]
    said: Said = {"attribute:artist.born": numbers(born), "attribute:title": numbers(born * 0 + 1)}
    named: Said = said | {"attribute:artist.id": numbers(people)}
    [works] = rows(said, "silent-years", years=["attribute:artist.born"])
    assert (works["value"], works["of"], works["group_column"]) == ("1940", 400, None)
    [once] = rows(named, "silent-years", years=["attribute:artist.born"])
    assert (once["of"], once["group_column"]) == (20, "attribute:artist.id")
    assert once["q"] == pytest.approx((1 / 3) ** 0 * (2 / 3) ** 20 * 4)


def test_whose_date_it_is() -> None:
    people = np.repeat(np.arange(40), 5)
    born, made = 1900 + people % 20, 1950 + np.arange(200) % 7
    said = {
        "attribute:artist.id": people, "attribute:artist.date": people // 2, "item:creator": people,
        "attribute:artist.born": born, "attribute:made": made, "attribute:number": np.arange(200),
    }  # fmt: skip
    columns = {name: worded(numbers(values)) for name, values in said.items()}
    assert creators_of("attribute:artist.born", columns) == "attribute:artist.id"
    assert creators_of("attribute:made", columns) is None  # each work has its own
    del columns["attribute:artist.id"], columns["attribute:artist.date"]
    assert creators_of("attribute:artist.born", columns) == "item:creator"


def test_a_thin_decade() -> None:
    years = np.repeat(np.arange(1900, 1990), 10)
    years = years[~((years >= 1950) & (years < 1960)) | (np.arange(len(years)) % 10 == 0)]
    [found] = rows({"year": numbers(years)}, "thin-decade")
    assert (found["value"], found["count"], found["of"]) == ("1950–1959", 10, 210)


def test_a_size_filter_leaves_a_cliff() -> None:
    draws = np.random.default_rng(7)
    width = draws.normal(400, 120, 6000).astype(int)
    assert rows({"width": numbers(width)}, "cliff") == []
    [found] = rows({"width": numbers(width[width >= 256])}, "cliff")
    assert (found["value"], found["count"]) == ("< 256", 0)
    assert found["q"] < 1e-4
    shown = [int(item.rpartition("/")[2]) for item in found["items"]]
    assert set(width[width >= 256][shown]) <= set(range(256, 262))
    [found] = rows({"width": numbers(width[width <= 500])}, "cliff")
    assert (found["value"], found["count"]) == ("> 500", 0)


@pytest.mark.parametrize(
    "shape", ["normal", "exponential", "lognormal", "uniform-at-zero", "heaps"]
)
def test_smooth_columns_and_habits_of_rounding_have_no_cliff(shape: str) -> None:
    for seed in range(5):
        draws = np.random.default_rng(seed)
        values = {
            "normal": draws.normal(50, 9, 3000),
            "exponential": draws.exponential(10, 3000),
            "lognormal": draws.lognormal(3, 0.6, 3000),
            "uniform-at-zero": draws.uniform(0, 1, 3000) ** 2,
            "heaps": np.where(draws.random(3000) < 0.8, 640, draws.integers(200, 900, 3000)),
        }[shape]
        assert rows({"amount": numbers(values)}, "cliff") == []


def test_numbers_of_items_and_short_columns_have_no_cliff() -> None:
    serial = numbers(np.arange(1000, 4000))
    assert rows({"serial": serial}, "cliff") == []
    ids = numbers(np.repeat(np.arange(1000, 2000), 3))
    assert rows({"artist.id": ids}, "cliff") == []
    assert len(rows({"weight": ids}, "cliff")) == 2
    assert rows({"stars": numbers(np.random.default_rng(0).integers(1, 6, 3000))}, "cliff") == []
    assert rows({"broken": ["nan", "inf", "1"] * 100}, "cliff") == []


def test_checks_take_turns_and_the_strongest_comes_first() -> None:
    said: Said = {
        "a": [None] * 60 + ["x"] * 40, "b": [None] * 30 + ["other"] * 10 + ["x"] * 60,
        "c": ["misc"] * 5 + ["x"] * 95,
    }  # fmt: skip
    found = [(r["check"], r["column"]) for r in asked(said).rows.to_pylist()]
    assert [one for one in found if one[0] != "empty-in-group"] == [
        ("empty", "a"), ("residual", "b"), ("empty", "b"), ("residual", "c"),
    ]  # fmt: skip


def test_chance_alone_is_seldom_told() -> None:
    draws = np.random.default_rng(11)
    said: Said = {
        f"c{n}": [v if v != "e" else None for v in draws.choice(list("abcde"), 800)]
        for n in range(20)
    }
    assert len(rows(said, "empty-in-group")) <= 2
    assert asked(said).tested == 2 * 20 + 20 * 19 * 4


CELLS = st.sampled_from([None, "", "other", "a", "b", "1990", "1999"])


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=40), st.randoms())
def test_the_order_of_items_changes_no_number(
    table: list[tuple[str | None, str | None]], shuffled: Any
) -> None:
    def told(pairs: list[tuple[str | None, str | None]]) -> list[dict[str, Any]]:
        said = {name: [pair[n] for pair in pairs] for n, name in enumerate(("year", "kind"))}
        return asked(said, years=["year"]).rows.drop_columns("items").to_pylist()

    mixed = list(table)
    shuffled.shuffle(mixed)
    assert told(mixed) == told(table)
    empty = {row["column"]: row["count"] for row in told(table) if row["check"] == "empty"}
    for n, name in enumerate(("year", "kind")):
        assert empty.get(name, 0) == sum(not pair[n] for pair in table)


def test_what_cannot_be_measured_says_why() -> None:
    for said, items, why in (
        ({}, ["d/all/1"], "nothing is said once of each item"),
        ({"a": []}, [], "there are no items"),
    ):
        outcome = columns(said, items)
        assert isinstance(outcome, NotMeasured)
        assert str(outcome) == why
    assert asked({"a": ["x"] * 10}).rows.num_rows == 0  # all identical: nothing found
    wide: list[str | None] = [str(n) for n in range(100_000)]
    assert asked({"id": wide}).rows.num_rows == 0
