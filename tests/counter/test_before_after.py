"""Before and after, against the same numbers done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.counter.before_after import (
    Again,
    counted,
    evenness,
    exceeds_chance,
    held_by,
    paired,
    paired_shares,
    reached,
    tells,
    varied,
)
from excavate.counter.probing_again import Taught, Teaching, probed
from excavate.counter.saying_again import numbers_of
from excavate.gaps.finding import Figure
from excavate.gaps.prdc import by_chance
from excavate.gaps.shares import share_bounds

K = 3


def directions(seed: int, count: int, centre: int, width: int = 8, spread: float = 0.15):
    """Unit vectors around one axis."""
    random = np.random.default_rng(seed)
    found = spread * random.normal(size=(count, width))
    found[:, centre] += 1
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


A, B = directions(1, 40, 0), directions(2, 40, 1)
REFERENCE = np.concatenate([directions(3, 40, 0), directions(4, 40, 1)])


def by_hand(reference: np.ndarray, dataset: np.ndarray, k: int) -> dict[str, float]:
    """Density, coverage, recall, precision as Naeem and Kynkäänniemi write them, by distances."""

    def radius(own):
        far = np.sqrt(((own[:, None] - own[None]) ** 2).sum(-1))
        return np.sort(far, axis=1)[:, k]  # the item itself stands first

    across = np.sqrt(((reference[:, None] - dataset[None]) ** 2).sum(-1))
    in_reference = across < radius(reference)[:, None]
    in_dataset = across < radius(dataset)[None]
    return {
        "coverage": in_reference.any(1).mean(), "density": in_reference.sum() / (k * len(dataset)),
        "recall": in_dataset.any(1).mean(), "precision": in_reference.any(0).mean(),
    }  # fmt: skip


@pytest.mark.parametrize("members", [B[:12], directions(7, 5, 3), A[:6]])
def test_reached_is_what_the_papers_say(members):
    again = reached(A, members, REFERENCE, K)
    before = by_hand(REFERENCE.astype(float), A.astype(float), K)
    after = by_hand(REFERENCE.astype(float), np.concatenate([A, members]).astype(float), K)
    for name in ("coverage", "density", "precision"):
        assert again.before[name].value == pytest.approx(before[name]), name
        assert again.after[name].value == pytest.approx(after[name]), name
    for name, figure in again.difference.items():
        between = again.after[name].value - again.before[name].value
        assert figure.value == pytest.approx(between), name
        if name != "coverage_by_chance":  # it is reckoned
            assert figure.low <= figure.value <= figure.high


def test_members_that_fill_a_hole_raise_coverage_and_lower_nothing():
    again = reached(A, directions(5, 30, 1), REFERENCE, K)
    assert again.before["coverage"].value < 0.6
    assert again.after["coverage"].value > 0.8
    assert tells(again.difference["coverage"])
    assert again.difference["coverage"].low > 0
    assert all(not tells(f) or f.value > 0 for f in again.difference.values())


def test_members_that_are_there_already_make_no_difference():
    again = reached(A, A[:15], REFERENCE, K)
    assert again.difference["coverage"].value == 0
    assert not tells(again.difference["coverage"])
    assert not tells(varied(A, A[:15], 10).difference["rarefied"])


def test_one_that_reaches_one_is_no_difference_that_can_be_told():
    alone = REFERENCE[-1:]
    again = reached(A, alone, REFERENCE, K)
    assert 0 < again.difference["coverage"].value < 0.1
    assert not tells(again.difference["coverage"])


def test_the_bounds_of_pairs_by_hand():
    differences = np.array([1.0, 0, 0, 0, -1, 1, 0, 0])
    found = paired(differences)
    wide = 1.959964 * math.sqrt(((differences - 0.125) ** 2).mean()) / math.sqrt(8)
    assert (found.value, found.low, found.high) == (
        0.125, pytest.approx(0.125 - wide), pytest.approx(0.125 + wide),
    )  # fmt: skip
    halved = paired(differences, 2.0)
    assert halved.high - halved.value == pytest.approx(wide * math.sqrt(2))


def test_a_change_of_shares_by_hand():
    """Bonett and Price 2012: one more of each is counted, over two more items."""
    before = np.array([True, True, False, False, False, False, False, False])
    after = np.array([True, False, True, True, True, False, False, False])
    gained, lost = 4 / 10, 2 / 10
    wide = 1.959964 * math.sqrt((gained + lost - 0.2**2) / 10)
    found = paired_shares(before, after)
    assert found.value == pytest.approx(2 / 8)
    assert (found.low, found.high) == (pytest.approx(0.2 - wide), pytest.approx(0.2 + wide))
    nothing = paired_shares(before, before)
    assert nothing.low < nothing.value == 0 < nothing.high, "that nothing changed is no certainty"
    assert paired_shares(before, before, 2.0).high > nothing.high


@pytest.mark.parametrize(
    ("count", "gained", "lost"), [(12, 0.1, 0.0), (40, 0.05, 0.05), (200, 0.1, 0.02)]
)
def test_the_bounds_hold_what_they_say(count, gained, lost):
    random = np.random.default_rng(count)
    held, trials = 0, 2000
    for _ in range(trials):
        drawn = random.random(count)
        before = (drawn < lost) | (drawn > 0.7)
        after = ((drawn >= lost) & (drawn < lost + gained)) | (drawn > 0.7)
        found = paired_shares(before, after)
        held += found.low <= gained - lost <= found.high
    assert held / trials > 0.93


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50), min_size=1),
       st.lists(st.sampled_from("abcdefxyz"), max_size=30))  # fmt: skip
@settings(max_examples=50, deadline=None)
def test_counts_add_up(counts, labels):
    again = counted(counts, labels)
    assert set(again.before) == set(again.after) == set(counts), "no category of its own making"
    added = sum(f.value for f in again.difference.values())
    assert added == sum(label in counts for label in labels)
    for name in counts:
        assert again.after[name].value == counts[name] + labels.count(name)
        assert again.after[name].low is None, "a count has no interval"


@pytest.mark.parametrize(
    ("before", "after"), [([5, 5, 0], [5, 5, 5]), ([9, 1], [9, 9]), ([3, 3], [7, 3])]
)
def test_evenness_by_hand(before, after):
    again = evenness(np.array(before), np.array(after))
    for figures, counts in ((again.before, before), (again.after, after)):
        shares = np.array(counts) / sum(counts)
        entropy = -sum(s * math.log(s) for s in shares if s)
        assert figures["effective_number"].value == pytest.approx(math.exp(entropy))
        gaps = sum(abs(x - y) for x in counts for y in counts)
        assert figures["gini"].value == pytest.approx(gaps / (2 * len(counts) * sum(counts)))
    assert again.difference["gini"].value == pytest.approx(
        again.after["gini"].value - again.before["gini"].value
    )


def test_more_of_the_same_is_no_more_than_its_number():
    """R, D and M drawn alike: coverage rises, by what the number alone has it rise."""
    random = np.random.default_rng(4)
    reference, dataset, members = (
        (one / np.linalg.norm(one, axis=1, keepdims=True)).astype(np.float32)
        for one in (random.normal(size=(count, 16)) for count in (900, 900, 300))
    )
    again = reached(dataset, members, reference, 5)
    assert tells(again.difference["coverage"])
    assert not exceeds_chance(again)
    for part, count in ((again.before, 900), (again.after, 1200)):
        usual = by_chance(900, count, 0, 5)["coverage_by_chance"]
        assert part["coverage_by_chance"] == usual
    filled = reached(A, directions(5, 30, 1), REFERENCE, K)
    assert exceeds_chance(filled)


def test_members_that_are_the_reference_s_own_are_told_apart():
    own, others = REFERENCE[60:], directions(5, 4, 1)
    again = reached(A, np.concatenate([others, own]), REFERENCE, K)
    alone = reached(A, others, REFERENCE, K)
    for one in ("before", "after", "difference"):
        without = getattr(again, one)["coverage_without_own"]
        assert without == getattr(alone, one)["coverage"], one
    assert again.difference["coverage"].value > again.difference["coverage_without_own"].value
    assert "coverage_without_own" not in alone.after
    assert held_by(np.concatenate([others, own]), REFERENCE).tolist() == [False] * 4 + [True] * 20


def test_no_share_changes_by_more_than_all_of_it():
    never, always = np.zeros(12, bool), np.ones(12, bool)
    for overlap in (1.0, 2.0):
        assert paired_shares(never, always, overlap).high == 1
        assert paired_shares(always, never, overlap).low == -1


def test_new_directions_make_samples_more_diverse():
    again = varied(A, np.concatenate([directions(9, 40, axis) for axis in (3, 4, 5)]), 20)
    assert again.difference["rarefied"].low > 0
    assert again.before["rarefied"].low <= again.before["rarefied"].value


def two_classes(seed: int, count: int, axis: int) -> Taught:
    """Two categories that are told apart along one axis of four."""
    random = np.random.default_rng(seed)
    codes = np.arange(count) % 2
    vectors = random.normal(0, 0.35, (count, 4))
    vectors[:, axis] += np.where(codes, 1.0, -1.0)
    return Taught(vectors.astype(np.float32), codes)


def test_a_probe_learns_other_hands_from_members_alone():
    """The dataset tells its categories along one axis, the members along another."""
    dataset, members = two_classes(1, 120, 0), two_classes(2, 60, 2)
    again = probed(dataset, members, ["a", "b"], Teaching(seed=3))
    own = "accuracy_of_members"
    assert again.before[own].value < 0.7, "no better than a coin"
    assert again.after[own].value > 0.9
    assert tells(again.difference[own])
    right = again.before["accuracy"].value
    low, high = share_bounds(round(right * 120), 120)
    assert (again.before["accuracy"].low, again.before["accuracy"].high) == pytest.approx(
        (low, high)
    )
    sizes = [again.before[f"category:{name}"].value for name in "ab"]
    assert sum(sizes) / 2 == pytest.approx(right), "two categories of one size"


def test_a_probe_taught_by_more_of_the_same_makes_no_difference_to_tell():
    again = probed(two_classes(1, 120, 0), two_classes(5, 8, 0), ["a", "b"])
    assert not tells(again.difference["accuracy"])
    assert again.before["accuracy"].value > 0.9
    same = probed(two_classes(1, 120, 0), two_classes(5, 8, 0), ["a", "b"])
    assert same == again, "the same seed, the same answer"


def test_a_probe_never_judges_what_taught_it():
    """Labels at random: nothing can be learned, and what is taught by itself would be right."""
    random = np.random.default_rng(0)
    wide = random.normal(size=(100, 60)).astype(np.float32)
    noise = Taught(wide, random.permutation(np.arange(100) % 2))
    extra = Taught(random.normal(size=(30, 60)).astype(np.float32), np.arange(30) % 2)
    again = probed(noise, extra, ["a", "b"])
    for name in ("accuracy", "accuracy_of_members"):
        assert again.after[name].value < 0.8, name
        assert again.before[name].value < 0.8, name


def test_copies_of_what_is_judged_teach_nobody_who_judges_it():
    """Labels at random: a near copy of an item is all that could tell what it is called."""
    random = np.random.default_rng(0)
    wide = random.normal(size=(100, 60))
    wide = (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float32)
    noise = Taught(wide, random.permutation(np.arange(100) % 2))
    near = wide + random.normal(0, 0.002, wide.shape).astype(np.float32)
    for copies in (wide, near / np.linalg.norm(near, axis=1, keepdims=True)):
        again = probed(noise, Taught(copies.astype(np.float32), noise.codes), ["a", "b"])
        assert not tells(again.difference["accuracy"])


def test_near_copies_among_the_members_teach_nobody_who_judges_them():
    dataset = two_classes(1, 120, 0)
    random = np.random.default_rng(2)
    one = np.array([-1.0, 0.2, 0.1, 0.0]) + random.normal(0, 0.001, (10, 4))
    copies = Taught(one.astype(np.float32), np.ones(10, int))  # of the other side, by their place
    again = probed(dataset, copies, ["a", "b"])
    assert again.before["accuracy_of_members"].value == 0
    assert again.after["accuracy_of_members"].value == 0, "no other than copies taught them"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0004, "+0.04"), (-0.0004, "-0.04"), (0.00001, "+0.001"), (0.0, "0.0"), (0.012, "+1.2"),
     (1e-17, "0.0")],
)  # fmt: skip
def test_a_bound_that_is_not_zero_is_not_printed_as_zero(value, said):
    known = Figure(value, value, value)
    again = Again({"accuracy": known}, {"accuracy": known}, {"accuracy": known})
    assert numbers_of(again, "accuracy", share=True)["low"] == said
