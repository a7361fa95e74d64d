"""Association: by hand, against scipy, pandas and statsmodels, and where nothing can be said."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.gaps.association import Rule, association
from excavate.gaps.cooccurrence import Stated, counted, memberships
from excavate.gaps.finding import Measured, NotMeasured, Outcome
from excavate.gaps.initials import indexes
from excavate.gaps.pair_statistics import FEW, adjusted, exact_p, interval, npmi, weaker

Said = list[tuple[int, str | None]]
SAID = st.lists(st.tuples(st.integers(0, 14), st.sampled_from(["a", "b", "다", None])), max_size=40)


def stated(pairs: Said) -> Stated:
    return Stated(np.array([n for n, _ in pairs], np.int64), [value for _, value in pairs])


def of_items(values: list[str | None]) -> Stated:
    return stated(list(enumerate(values)))


def ids(count: int) -> list[str]:
    return [f"d/all/{n}" for n in range(count)]


def asked(fields: dict[str, Stated], count: int, **rule: object) -> Measured:
    outcome = association(fields, ids(count), Rule(**{"least": 1, **rule}))  # type: ignore[arg-type]
    assert isinstance(outcome, Measured)
    return outcome


def why_not(outcome: Outcome) -> str:
    assert isinstance(outcome, NotMeasured)
    return str(outcome)


def four(*counts: int) -> list[np.ndarray]:
    return [np.array([n]) for n in counts]


def test_npmi_by_hand() -> None:
    # 8 items, x on 4, y on 4, both on 1: p = 1/8, 1/2, 1/2; log(1/2) / log 8 = -1/3.
    assert npmi(*four(1, 4, 4, 8)) == pytest.approx(-1 / 3)
    assert npmi(*four(2, 4, 4, 8)) == pytest.approx(0)  # independent
    assert npmi(*four(4, 4, 4, 8)) == pytest.approx(1)  # always together
    assert npmi(*four(0, 4, 4, 8)) == -1
    # 12 items, 6 and 4, 3 together: log(3 * 12 / 24) / log 4. By log p(x), p(y) it were another.
    assert npmi(*four(3, 6, 4, 12)) == pytest.approx(math.log(1.5) / math.log(4))


def test_know_your_datas_own_example() -> None:
    """Baseball park and girl: 11 seen, 112 expected. Garwood's bounds lie above ten seen."""
    low, high = interval(*four(11, 1_000, 11_200, 100_000))
    # var = 1/11 - 1/1000 - 1/11200 + (2 * 11/112 - 1) / 100000
    spread = math.exp(1.959964 * math.sqrt(0.0909090909 - 0.001 - 0.0000892857 - 0.0000080357))
    assert (low[0], high[0]) == (pytest.approx(11 / 112 / spread), pytest.approx(11 / 112 * spread))
    assert weaker(low, high) == high
    low, high = interval(*four(0, 100, 500, 10_000))
    assert (low[0], high[0]) == (0, pytest.approx(3.688879454 / 5))  # -log(0.025) = 3.6889
    assert weaker(np.array([0.5, 1.2, 0.9]), np.array([0.8, 3, 1.1])).tolist() == [0.8, 1.2, 1]


def test_the_interval_is_what_drawing_the_sample_again_gives() -> None:
    """The delta method against 20,000 multinomial samples, thin, independent and thick."""
    draws = np.random.default_rng(1)
    for both, x, y, n in (
        (200, 3000, 2000, 10_000),
        (600, 3000, 2000, 10_000),
        (90, 100, 120, 5000),
    ):
        cells = np.array([both, x - both, y - both, n - x - y + both]) / n
        a, b, c, _ = draws.multinomial(n, cells, 20_000).T
        low, high = np.quantile(a * n / ((a + b) * (a + c)), (0.025, 0.975))
        ours = interval(*four(both, x, y, n))
        assert (ours[0][0], ours[1][0]) == (
            pytest.approx(low, rel=0.03),
            pytest.approx(high, rel=0.03),
        )


@settings(deadline=None)
@given(st.integers(1, 400), st.data())
def test_p_is_twice_scipys_tail(total: int, data: st.DataObject) -> None:
    from scipy.stats import hypergeom

    x, y = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    both = data.draw(st.integers(max(0, x + y - total), min(x, y)))
    tails = hypergeom.cdf(both, total, x, y), hypergeom.sf(both - 1, total, x, y)
    assert exact_p(*four(both, x, y, total))[0] == pytest.approx(min(1, 2 * min(tails)), rel=1e-8)


def test_p_is_fishers_and_stands_at_a_million() -> None:
    from scipy.stats import fisher_exact, hypergeom

    table = [[3, 17], [40, 60]]
    less = fisher_exact(table, "less").pvalue
    assert exact_p(*four(3, 20, 43, 120))[0] == pytest.approx(2 * less)
    far = exact_p(*four(20_000, 200_000, 150_000, 1_000_000))[0]
    assert far == 0 or far < 1e-300
    near = 2 * hypergeom.cdf(29_700, 1_000_000, 200_000, 150_000)
    assert exact_p(*four(29_700, 200_000, 150_000, 1_000_000))[0] == pytest.approx(near, rel=1e-6)


@settings(deadline=None)
@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=30))
def test_q_is_statsmodels(p: list[float]) -> None:
    tests = pytest.importorskip("statsmodels.stats.multitest")
    for ours, theirs in (("bh", "fdr_bh"), ("by", "fdr_by")):
        want = tests.multipletests(p, method=theirs)[1]
        assert adjusted(np.array(p), ours) == pytest.approx(want)


@settings(deadline=None)
@given(SAID, SAID)
def test_counts_are_those_of_a_loop(one: Said, other: Said) -> None:
    fields = {"label:a": stated(one), "label:b": stated(other)}
    members = memberships(fields, 15, 1)
    pairs = counted(members)
    got = {
        (members[f].field, members[f].names[x], members[g].field, members[g].names[y]): (o, a, b, n)
        for f, g, x, y, n, a, b, o in zip(
            *(getattr(pairs, name).tolist() for name in type(pairs).__slots__), strict=True
        )
    }
    assert got == by_loop({"label:a": one, "label:b": other})


def by_loop(fields: dict[str, Said]) -> dict[tuple[str, str, str, str], tuple[int, ...]]:
    have = {
        f: {n: {v for m, v in said if m == n and v} for n, v0 in said if v0}
        for f, said in fields.items()
    }
    several = {
        f for f, of in have.items() if 2 * sum(len(v) > 1 for v in of.values()) >= max(1, len(of))
    }
    found = {}
    for f, g in [(f, f) for f in several] + list(combinations(fields, 2)):
        common = have[f].keys() & have[g].keys()
        for x in sorted({v for n in common for v in have[f][n]}):
            for y in sorted({v for n in common for v in have[g][n]}):
                with_x, with_y = (
                    {n for n in common if v in have[h][n]} for h, v in ((f, x), (g, y))
                )
                if len(common) in (len(with_x), len(with_y)) or (f == g and x >= y):
                    continue
                both = len(with_x & with_y)
                found[f, x, g, y] = (both, len(with_x), len(with_y), len(common))
    return found


def test_rows_are_pandas_crosstab_and_gaps_come_first() -> None:
    draws = np.random.default_rng(0)
    place = draws.choice(["city", "sea", "hill"], 3000, p=[0.5, 0.3, 0.2])
    kind = np.where(
        (place == "sea") & (draws.random(3000) < 0.9), "boat", draws.choice(["cat", "dog"], 3000)
    )
    kind = np.where((place == "hill") & (kind == "cat"), "dog", kind)
    outcome = asked(
        {"label:kind": of_items(list(kind)), "attribute:place": of_items(list(place))}, 3000
    )
    table = pd.crosstab(kind, place)
    rows = outcome.rows.to_pylist()
    for row in rows:
        assert row["kind"] == "label-attribute"
        assert row["observed"] == table.loc[row["x"], row["y"]]
        want = table.loc[row["x"]].sum() * table[row["y"]].sum() / 3000
        assert row["expected"] == pytest.approx(want)
        assert row["low"] <= row["ratio"] <= row["high"]
        assert len(row["items"]) == 24
        shown = [int(item.rpartition("/")[2]) for item in row["items"]]
        having = [(kind[n] == row["x"], place[n] == row["y"]) for n in shown]
        alone = {(True, False), (False, True)}
        assert set(having) == ({(True, True)} if row["observed"] else alone)
    thin = [row for row in rows if row["weaker"] < 1]
    assert thin == rows[: len(thin)] == sorted(thin, key=lambda row: row["weaker"])
    assert {(r["x"], r["y"]) for r in thin if r["observed"] == 0} == {
        ("boat", "city"), ("boat", "hill"), ("cat", "hill"),
    }  # fmt: skip
    thick = rows[len(thin) :]
    assert thick == sorted(thick, key=lambda row: -row["weaker"])
    assert outcome.tested == 9
    assert outcome.figures["never"].value == 3


def test_items_show_the_pair_or_each_alone_in_turn() -> None:
    first: Said = [(n, "x") for n in range(30)] + [(n, "z") for n in range(30, 60)]
    other: Said = [(n, "y") for n in range(30, 60)] + [(n, "w") for n in range(30)]
    outcome = asked({"label:a": stated(first), "label:b": stated(other)}, 60)
    by_pair = {(row["x"], row["y"]): row["items"] for row in outcome.rows.to_pylist()}
    assert by_pair["x", "w"] == ids(24)
    assert by_pair["x", "y"][:4] == ["d/all/0", "d/all/30", "d/all/1", "d/all/31"]


def test_a_field_of_several_values_is_held_against_itself() -> None:
    said: Said = [
        (n, v) for n in range(100) for v in (("cup", "table") if n % 2 else ("dog", "lawn"))
    ]
    [apart, *_] = list(asked({"label:o": stated(said)}, 100).rows.to_pylist())
    assert (apart["x"], apart["y"], apart["observed"], apart["expected"]) == ("cup", "dog", 0, 25)
    mostly_one: Said = [(n, "ab"[n % 2]) for n in range(100)] + [(0, "b")]
    refused = association({"label:o": stated(mostly_one)}, ids(100), Rule(least=1))
    assert why_not(refused) == "no two values have 1 items each and could be apart"


def test_drawing_again_agrees_with_the_analytic_bounds() -> None:
    draws = np.random.default_rng(5)
    said: Said = [(n, v) for n in range(4000) for v in "abcd" if draws.random() < 0.3]
    said += [(n, "e") for n in range(0, 4000, 3) if (n, "a") not in set(said)]
    plain, drawn = (asked({"label:o": stated(said)}, 4000, bootstrap=b).rows for b in (0, 400))
    assert plain["weaker"].to_pylist() != drawn["weaker"].to_pylist()
    for name in ("low", "high"):
        near = dict(
            zip(
                zip(plain["x"].to_pylist(), plain["y"].to_pylist(), strict=True),
                plain[name].to_pylist(),
                strict=True,
            )
        )
        for row in drawn.to_pylist():
            if row["observed"] >= FEW:
                assert row[name] == pytest.approx(near[row["x"], row["y"]], rel=0.12)
    again = asked({"label:o": stated(said)}, 4000, bootstrap=400).rows
    assert again.equals(drawn)


@settings(deadline=None)
@given(SAID, SAID)
def test_either_field_may_stand_first(one: Said, other: Said) -> None:
    found = []
    for names in (("label:a", "label:b"), ("label:b", "label:a")):
        fields = {n: stated(one if n == "label:a" else other) for n in names}
        outcome = association(fields, ids(15), Rule(least=1, alpha=1))
        rows = outcome.rows.to_pylist() if isinstance(outcome, Measured) else []
        numbers = ("observed", "expected", "ratio", "low", "high", "npmi", "p", "q")
        found.append(
            {
                frozenset(((r["x_field"], r["x"]), (r["y_field"], r["y"]))): pytest.approx(
                    [r[n] for n in numbers]
                )
                for r in rows
            }
        )
    assert found[0].keys() == found[1].keys()
    for pair, numbers in found[0].items():
        assert numbers.expected == found[1][pair]


def test_chance_alone_is_seldom_told() -> None:
    """40 independent fields of 5 values: 19,500 pairs, of which q <= 0.05 should hold for few."""
    draws = np.random.default_rng(2)
    fields = {
        f"attribute:{n}": of_items(list(draws.choice(list("abcde"), 2000))) for n in range(40)
    }
    outcome = asked(fields, 2000)
    assert outcome.tested == 780 * 25
    assert outcome.rows.num_rows <= 3


def test_pairs_never_seen_are_held_to_the_correction_too() -> None:
    """8 independent fields of 20 values: 5 items are expected of each pair, often none is there."""
    draws = np.random.default_rng(0)
    values = [f"v{n}" for n in range(20)]
    fields = {f"attribute:{n}": of_items(list(draws.choice(values, 2000))) for n in range(8)}
    outcome = asked(fields, 2000)
    assert (outcome.figures["fewer"].value, outcome.figures["never"].value) == (0, 0)
    assert all(row["q"] <= 0.05 for row in outcome.rows.to_pylist())


def test_what_drawing_again_takes_back_is_neither_told_nor_counted() -> None:
    """Bounds close to 1: where the drawn ones hold it, the pair is gone from rows and figures."""
    draws, back = np.random.default_rng(1), 0
    for _ in range(120):
        x = draws.random(400) < 0.3
        y = draws.random(400) < np.where(x, 0.2, 0.3)
        fields = {
            f"attribute:{name}": of_items([f"{name}{int(n)}" for n in column])
            for name, column in (("a", x), ("b", y))
        }
        plain, drawn = (asked(fields, 400, bootstrap=b) for b in (0, 60))
        rows = drawn.rows.to_pylist()
        back += plain.rows.num_rows - len(rows)
        assert all((row["weaker"] < 1) == (row["ratio"] < 1) != (row["weaker"] > 1) for row in rows)
        assert drawn.figures["fewer"].value == sum(row["ratio"] < 1 for row in rows)
        assert drawn.figures["more"].value == sum(row["ratio"] > 1 for row in rows)
    assert back > 0


def test_a_letter_that_names_begin_with_is_an_index_and_a_kind_is_none() -> None:
    names = ["Turner, J.", "Tàpies", "Blake", "Étienne", "Ernst", "Braque"] * 20
    fields = {
        "attribute:name": of_items([*names]),
        "attribute:letter": of_items([n[0].replace("É", "E") for n in names]),
        "attribute:sex": of_items(["mf"[n % 2] for n in range(120)]),
        "attribute:grade": of_items(["abc"[n % 3] for n in range(120)]),
    }
    assert indexes(list(fields), fields) == {"attribute:letter": "attribute:name"}
    short = {"attribute:a": of_items(["m", "f"] * 9), "attribute:b": of_items(["male", "f."] * 9)}
    assert indexes(list(short), short) == {}  # two ways to write the same


def test_nothing_told_is_nothing_drawn_again() -> None:
    fields = {"label:a": of_items(["x", "y"] * 50), "label:b": of_items(["u", "u", "v", "v"] * 25)}
    assert asked(fields, 100, bootstrap=20).rows.num_rows == 0


def test_a_million_values_are_left_out_and_counted() -> None:
    count = 200_000
    fields = {
        "label:id": of_items([str(n) for n in range(count)]),
        "attribute:a": of_items(["x", "y"] * (count // 2)),
        "attribute:b": of_items(["u", "u", "v", "v"] * (count // 4)),
    }
    outcome = asked(fields, count, least=2)
    assert outcome.figures["left_out"].value == count
    assert (outcome.tested, outcome.figures["values"].value) == (4, 4)


def test_the_rarest_values_go_first_where_there_are_too_many_pairs() -> None:
    many = [f"v{n % 50}" if n % 3 else "common" for n in range(3000)]
    fields = {"label:a": of_items(many), "label:b": of_items(many[::-1])}
    outcome = asked(fields, 3000, most_pairs=100)
    assert outcome.tested <= 100
    assert outcome.figures["left_out"].value == 82
    assert "common" in {*outcome.rows["x"].to_pylist(), *outcome.rows["y"].to_pylist()}


def test_what_cannot_be_measured_says_why() -> None:
    one = {"label:a": of_items(["x"] * 50), "label:b": of_items(["y"] * 50)}
    none = "no two values have 10 items each and could be apart"
    assert why_not(association({}, ids(3))) == "no attribute or label was chosen"
    assert why_not(association(one, [])) == "there are no items"
    assert why_not(association(one, ids(50))) == none  # all identical
    assert why_not(association({"label:a": stated([])}, ids(50))) == none
    blank = {"label:a": of_items([None, " "] * 25), "label:b": of_items(["u", "v"] * 25)}
    assert why_not(association(blank, ids(50))) == none
    apart = {"label:a": of_items(["x", "z"] * 25), "label:b": stated([(n, "y") for n in (50, 51)])}
    assert why_not(association(apart, ids(52), Rule(least=1))) == none.replace("10", "1")


def test_arrow_columns_are_taken_too() -> None:
    text = pa.array(["x", "y"] * 50)
    for values in (text, text.dictionary_encode()):
        said = Stated(np.arange(100), values)
        assert asked({"label:a": said, "label:b": said}, 100).tested == 4
