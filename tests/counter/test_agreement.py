"""Agreement: held against published examples, another library, and what must not matter."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from excavate.counter import agreement as counted
from excavate.counter.agreement import agreement, alpha_change, change, spreads

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", reliability data of D.
RELIABILITY = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
# Fleiss (1971), table 1: 30 patients, each diagnosed by 6 psychiatrists as one of five.
DIAGNOSES = (
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 "
    "144444 224445 333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 "
    "111155 224444 133333 555555"
)


def frame(rows: list[tuple[object, object, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["item", "annotator", "label"])


def published() -> pd.DataFrame:
    said = {who: line.split() for who, line in RELIABILITY.items()}
    return frame(
        [(n, who, v) for who, all_ in said.items() for n, v in enumerate(all_) if v != "."]
    )


ANSWERS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 5)), st.sampled_from("abc"), min_size=1
).map(lambda said: frame([(item, who, label) for (item, who), label in said.items()]))


def test_alpha_is_that_of_the_published_example_with_missing_values():
    found = agreement(published())
    assert found.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert (found.items, found.annotators, found.answers) == (11, 4, 41)
    assert found.alpha.low < found.alpha.value < found.alpha.high
    assert found.kappa.value is None
    assert found.kappa.why == counted.UNEVEN


def test_kappa_is_that_of_the_published_example():
    rows = []
    for item, said in enumerate(DIAGNOSES.split()):
        rows += [(item, who, label) for who, label in enumerate(said)]
    found = agreement(frame(rows))
    assert found.kappa.value == pytest.approx(0.430, abs=5e-4)
    assert found.pairs == 30 * 15


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(2, 6), st.randoms(use_true_random=False))
def test_kappa_is_that_of_statsmodels(items, raters, random):
    table = np.array([[random.choice("abcd") for _ in range(raters)] for _ in range(items)])
    rows = [(i, w, str(table[i, w])) for i in range(items) for w in range(raters)]
    ours, theirs = agreement(frame(rows), draws=20).kappa, None
    if len(np.unique(table)) > 1:
        theirs = fleiss_kappa(aggregate_raters(table)[0])
    assert ours.value == (pytest.approx(theirs) if theirs is not None else None)


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_alpha_is_one_less_the_quotient_of_all_pairs(said):
    """The definition, pair by pair: within items over all pairable answers, each item's share."""
    kept = [list(of["label"]) for _item, of in said.groupby("item") if len(of) > 1]
    every = [label for of in kept for label in of]
    n, found = len(every), agreement(said, draws=20)
    within = sum(
        sum(a != b for a in of for b in of) / (len(of) - 1) for of in kept
    ) / n if n else 0  # fmt: skip
    chance = sum(a != b for a in every for b in every) / (n * (n - 1)) if n else 0
    if not kept:
        assert found.alpha.why == counted.NO_PAIRS
    elif not chance:
        assert found.alpha.why == counted.NO_SPREAD
    else:
        assert found.alpha.value == pytest.approx(1 - within / chance)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_names_matter(said, random):
    order = list(range(len(said)))
    random.shuffle(order)
    other = said.iloc[order].assign(annotator=said["annotator"].map(lambda who: f"p{9 - who}"))
    ours, theirs = agreement(said, draws=1), agreement(other, draws=1)
    for name in ("alpha", "observed", "kappa"):
        one, two = getattr(ours, name), getattr(theirs, name)
        assert one.why == two.why
        assert one.value == (None if two.value is None else pytest.approx(two.value))
    assert {s.item: (s.counts, s.disagreement) for s in spreads(said)} == {
        s.item: (s.counts, s.disagreement) for s in spreads(other)
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=12), st.integers(2, 5))
def test_where_all_say_the_same_of_each_item_it_is_one(truth, people):
    said = frame([(n, who, label) for n, label in enumerate(truth) for who in range(people)])
    found = agreement(said, draws=50)
    assert found.observed.value == 1
    for one in (found.alpha, found.kappa):
        assert one.value == (pytest.approx(1) if len(set(truth)) > 1 else None)
        assert one.low is None, "items that all came out alike give no interval of no width"


@pytest.mark.parametrize(("people", "chance"), [(3, 0.85), (5, 0.5), (12, 0.85)])
def test_the_interval_holds_what_it_says_it_holds(people, chance):
    """Of 400 samples of 20 items, 93 % or more of the intervals hold the long run's alpha."""
    rng = np.random.default_rng(5)

    def drawn(items: int) -> np.ndarray:
        truth = rng.integers(2, size=(items, 1))
        sure = rng.random((items, people)) < rng.beta(4 * chance, 4 - 4 * chance, (items, 1))
        said = np.where(sure, truth, rng.integers(2, size=(items, people))).sum(axis=1)
        return np.stack([said, people - said], axis=1)

    long_run = float(counted._alpha(np.ones((1, 50_000)), drawn(50_000))[0])
    again = counted._drawn_again(20, 500, 0)
    found = [counted._estimated("", counted._alpha, drawn(20), again) for _n in range(400)]
    told = [one for one in found if one.low is not None]
    held = sum(one.low <= long_run <= one.high for one in told)
    assert len(told) > 380
    assert 0.93 * len(told) <= held < len(told)


def test_what_cannot_be_said_is_not_zero():
    one = agreement(frame([("x", "a", "1"), ("y", "b", "2")]))
    assert (one.items, one.pairs, one.answers) == (0, 0, 2)
    assert one.alpha.value is None
    assert one.alpha.why == counted.NO_PAIRS
    few = agreement(frame([(n, w, v) for n in range(3) for w, v in zip("ab", "12", strict=True)]))
    assert few.alpha.value is not None
    assert few.alpha.low is None
    assert few.alpha.why_no_interval == counted.FEW_ITEMS
    assert agreement(frame([])).alpha.why == counted.NO_PAIRS


def test_one_answer_an_item_and_person():
    with pytest.raises(ValueError, match="one row"):
        agreement(frame([("x", "a", "1"), ("x", "a", "2")]))


def test_what_people_disagree_on_most_comes_first():
    said = [("same", w, "1") for w in "abcd"] + [("alone", "a", "1")]
    said += [("split", w, "1" if w in "ab" else "2") for w in "abcd"]
    said += [("torn", w, v) for w, v in zip("abcd", "1234", strict=True)]
    found = spreads(frame(said))
    assert [one.item for one in found] == ["torn", "split", "same", "alone"]
    assert [one.disagreement for one in found] == [1, pytest.approx(2 / 3), 0, None]
    assert [one.entropy for one in found] == [2, 1, 0, 0]
    assert found[1].counts == {"1": 2, "2": 2}
    assert math.copysign(1, found[2].entropy) == 1


def test_what_changed_counts_those_who_answered_both_times():
    before = frame([("x", "a", "1"), ("x", "b", "1"), ("y", "a", "2")])
    after = frame([("x", "a", "2"), ("x", "b", "1"), ("y", "c", "2")])
    assert change(before, after) == (1, 2)


def test_a_change_of_alpha_has_an_interval_of_its_own():
    """The same items before and after: what they share does not blur the change."""
    rng = np.random.default_rng(3)
    easy = rng.random(20) < 0.5  # on some items nobody differs, either time

    def drawn(chance: float) -> pd.DataFrame:
        return frame([
            (i, who, "abc"[i % 3 if easy[i] or rng.random() < chance else rng.integers(3)])
            for i in range(20) for who in range(8)
        ])  # fmt: skip

    before, after = drawn(0.1), drawn(0.7)
    found = alpha_change(before, after)
    first, second = agreement(before).alpha, agreement(after).alpha
    assert found.value == pytest.approx(second.value - first.value)
    assert found.low < found.value < found.high
    apart = math.hypot(first.high - first.low, second.high - second.low)
    assert found.high - found.low < apart
    back = alpha_change(after, before)
    assert back.value == pytest.approx(-found.value)
    assert (back.low, back.high) == (pytest.approx(-found.high), pytest.approx(-found.low))


def test_a_change_is_of_the_items_of_both_times():
    before = frame([(n, who, "ab"[(n + who) % 2]) for n in range(6) for who in range(3)])
    after = frame([(n, who, "ab"[n % 2]) for n in range(3, 9) for who in range(3)])
    kept = before[before["item"] >= 3]
    same = after[after["item"] < 6]
    assert alpha_change(before, after).value == pytest.approx(
        agreement(same).alpha.value - agreement(kept).alpha.value
    )
    assert alpha_change(before, frame([])).why == counted.NO_PAIRS
    once = frame([(n, "a", "a") for n in range(6)])
    assert alpha_change(before, once).why == counted.NO_PAIRS


def test_a_change_lines_up_items_that_come_in_another_order():
    before = frame([(n, who, "ab"[(n + who) % 2]) for n in range(6) for who in range(3)])
    after = frame([(n, who, "ab"[n % 2]) for n in range(6) for who in range(3)])
    shuffled = after.iloc[::-1]
    assert alpha_change(before, after) == alpha_change(before, shuffled)
