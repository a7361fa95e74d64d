"""Labels in doubt: against cleanlab, scikit-learn and examples worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from excavate.gaps.confident import against, doubted, error_share
from excavate.gaps.finding import Measured, NotMeasured, Outcome
from excavate.gaps.label_evidence import Setting, Told, without
from excavate.gaps.labels import labels
from excavate.gaps.neighbourhoods import apart, nameless_regions, nearest_rows, torn_labels
from excavate.gaps.probing import probe, sampled
from excavate.gaps.residual_names import is_residual
from excavate.gaps.voices import PRIOR, Votes, log_pool, shares
from tests.embedding.fakes import unit


def blobs(
    each: int = 40, kinds: int = 3, seed: int = 0, spread: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around orthogonal directions, and which: easily told apart."""
    draw = np.random.default_rng(seed)
    codes = np.repeat(np.arange(kinds), each)
    return unit(np.eye(8)[codes] + spread * draw.standard_normal((len(codes), 8))), codes


def ids(count: int) -> list[str]:
    return [f"d/all/{n}" for n in range(count)]


def measured(outcome: Outcome) -> Measured:
    assert isinstance(outcome, Measured), str(outcome)
    return outcome


def of_kind(outcome: Outcome, kind: str) -> list[dict[str, Any]]:
    return [row for row in measured(outcome).rows.to_pylist() if row["kind"] == kind]


def test_the_probe_is_what_cross_val_predict_says() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    vectors, codes = blobs(spread=0.8)
    theirs = cross_val_predict(
        make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000)),
        vectors.astype(np.float64), codes, method="predict_proba",
        cv=StratifiedKFold(5, shuffle=True, random_state=3),
    )  # fmt: skip
    np.testing.assert_allclose(probe(vectors, codes, 5, seed=3), theirs, atol=1e-4)


def test_an_item_never_taught_the_probe_its_own_label() -> None:
    vectors, codes = blobs()
    swapped = codes.copy()
    swapped[0] = 2
    assert probe(vectors, swapped)[0].argmax() == 0
    hidden = np.where(np.arange(len(codes)) < 5, -1, codes)
    said = probe(vectors, hidden)
    assert said[:5].argmax(axis=1).tolist() == [0] * 5
    np.testing.assert_allclose(said.sum(axis=1), 1)


def test_a_probe_of_many_items_learns_from_a_sample_that_keeps_each_label() -> None:
    codes = np.array([0] * 900 + [1] * 90 + [2] * 2)
    rows = np.flatnonzero(np.arange(992) % 3 > 0)
    taken = sampled(codes, rows, 50, seed=4)
    assert (len(taken), set(codes[taken])) == (50, {0, 1, 2})
    assert set(taken) <= set(rows)
    assert (taken == sampled(codes, rows, 50, seed=4)).all()
    assert len(set(taken) ^ set(sampled(codes, rows, 50, seed=5))) > 0
    assert sampled(codes, rows, 1, seed=0).size == 3
    assert sampled(codes, rows, len(rows), seed=0) is rows
    vectors, kinds = blobs(each=100)
    assert (probe(vectors, kinds, most=30).argmax(axis=1) == kinds).mean() > 0.9


TABLES = st.integers(2, 5).flatmap(
    lambda kinds: st.tuples(
        st.lists(st.integers(0, kinds - 1), min_size=8, max_size=60),
        st.just(kinds),
        st.integers(0, 2**32 - 1),
    )
)


@settings(deadline=None, max_examples=60)
@given(TABLES)
def test_the_share_counts_what_cleanlab_finds(table: tuple[list[int], int, int]) -> None:
    said, kinds, seed = table
    codes = np.unique(said, return_inverse=True)[1]
    if codes.max() < 1:
        return
    draw = np.random.default_rng(seed)
    probabilities = draw.dirichlet(np.full(int(codes.max()) + 1, 0.6), len(codes))
    found = doubted(probabilities, codes)
    share = error_share(probabilities, codes)
    assert share.value == pytest.approx(found.mean())
    assert 0 <= (share.low or 0) <= share.value <= (share.high or 0) <= 1


def test_few_doubts_have_bounds_above_zero_and_no_doubt_has_one_above() -> None:
    codes = np.arange(1800) % 2
    probabilities = np.where(codes[:, None] == np.arange(2), 0.9, 0.1)
    none = error_share(probabilities, codes)
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(proportion_confint(0, 1800, method="wilson")[1])
    probabilities[:3] = probabilities[:3, ::-1]
    share = error_share(probabilities, codes)
    low, high = proportion_confint(3, 1800, method="wilson")
    assert share.value == pytest.approx(3 / 1800)
    assert 0.3 * low < (share.low or 0) <= low + 1e-9  # never narrower than Wilson's
    assert high - 1e-9 <= (share.high or 0) < 1.5 * high


def test_items_of_some_labels_stay_out_and_nobody_votes_for_them() -> None:
    votes = Votes(np.array([[1, 2], [3, 4], [5, 6]]), ["man", "vase"], ["a survey"])
    told = Told(["vase", "man", None], ids(3), np.eye(3), votes=votes)
    kept = without(told, {"man"})
    assert (list(kept.given), list(kept.items)) == (["vase", None], ["d/all/0", "d/all/2"])
    assert kept.votes is not None
    assert (kept.votes.counts.tolist(), list(kept.votes.names)) == ([[2], [6]], ["vase"])
    assert without(told, set()) is told


def test_a_margin_by_hand_is_cleanlabs() -> None:
    from cleanlab.rank import get_label_quality_scores

    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.4, 0.4, 0.2]])
    margin, other = against(probabilities, np.array([0, 1, 2]))
    np.testing.assert_allclose(margin, [-0.5, 0.3, 0.2])
    assert other.tolist() == [1, 2, 0]
    theirs = get_label_quality_scores(
        np.array([0, 1, 2]), probabilities, method="normalized_margin"
    )
    np.testing.assert_allclose(theirs, (1 - margin) / 2)


def test_planted_errors_lead_and_say_whose_opinion_that_is() -> None:
    vectors, codes = blobs()
    wrong = codes.copy()
    wrong[[3, 50, 90]] = [1, 2, 0]
    names = np.array(["고양이", "dog", "ship"])
    outcome = labels(Told(names[wrong].tolist(), ids(120), vectors))
    rows = of_kind(outcome, "likely error")
    assert {row["item"] for row in rows[:3]} == {"d/all/3", "d/all/50", "d/all/90"}
    assert all(row["suggested"] == names[codes[int(row["item"][6:])]] for row in rows[:3])
    assert {row["opinion"] for row in rows} == {"probe"}
    assert all(row["votes"] is None and row["items"] == [row["item"]] for row in rows)
    assert all(
        0 < len(row["nearest"]) <= 6 and row["item"] not in row["nearest"] for row in rows[:3]
    )
    share = measured(outcome).figures["error_share"]
    assert (share.low or 0) <= 3 / 120 <= (share.high or 0)
    assert labels(Told(names[wrong].tolist(), ids(120), vectors)) == outcome


def test_people_outvote_a_label_that_the_probe_believes() -> None:
    vectors, codes = blobs()
    names = ["a", "b", "c"]
    counts = np.zeros((120, 4), int)
    counts[np.arange(120), codes] = 9
    counts[7] = [1, 0, 0, 8]  # of another name than any label
    votes = Votes(counts, [*names, "kestrel"], ["a survey"])
    outcome = measured(labels(Told([names[c] for c in codes], ids(120), vectors, votes=votes)))
    [row] = of_kind(outcome, "likely error")
    assert (row["item"], row["given"], row["suggested"]) == ("d/all/7", "a", "kestrel")
    assert (row["for_given"], row["votes"]) == (1, 9)
    assert row["opinion"] == "people"  # the probe still holds with the label
    assert row["score"] < 0
    assert outcome.figures["outvoted"].value == 1
    assert (outcome.reference.kind, outcome.reference.note) == ("itself", "a survey")
    alone = labels(Told([names[c] for c in codes], ids(120), votes=votes))
    [row] = of_kind(alone, "likely error")
    assert (row["item"], row["opinion"], row["nearest"]) == ("d/all/7", "people", [])


def test_what_people_confirm_is_no_longer_doubted() -> None:
    said = np.array([[0.7, 0.3], [0.3, 0.7]] * 20)
    said[1] = [0.75, 0.25]  # a probe takes it for the other
    given = ["a", "b"] * 20
    told = Told(given, ids(40), probabilities=said, names=["a", "b"])
    assert [row["item"] for row in of_kind(labels(told), "likely error")] == ["d/all/1"]
    votes = Votes(np.array([[9, 0], [0, 9]] * 20), ["a", "b"])
    assert of_kind(labels(replace(told, votes=votes)), "likely error") == []


def test_votes_weigh_what_they_foretell() -> None:
    draw = np.random.default_rng(1)
    codes = draw.integers(0, 3, 600)
    knowing = np.eye(3)[codes] * 5 + draw.multinomial(2, [1 / 3] * 3, 600)
    noise = draw.multinomial(7, [1 / 3] * 3, 600)
    good = np.full((600, 3), 0.1) + 0.7 * np.eye(3)[codes]
    blind = np.full((600, 3), 1 / 3)
    assert log_pool(blind, knowing, codes).people > 0.5
    pool = log_pool(good, noise, codes)
    assert pool.people < 0.2 < pool.probe
    np.testing.assert_allclose(pool.probabilities.sum(axis=1), 1)


def test_the_weights_are_the_most_likely_ones() -> None:
    """Against a grid: no pair of weights foretells the labels better."""
    draw = np.random.default_rng(2)
    codes = draw.integers(0, 3, 200)
    opinion = draw.dirichlet([1, 1, 1], 200) * 0.5 + 0.5 * np.eye(3)[codes]
    votes = np.array([draw.multinomial(3, 0.6 * np.eye(3)[c] + 0.4 / 3) for c in codes])

    def likelihood(a: float, b: float) -> float:
        logits = a * np.log(opinion) + b * np.log(shares(votes, PRIOR))
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return float(logits[np.arange(200), codes].mean())

    pool = log_pool(opinion, votes, codes)
    best = max(likelihood(a, b) for a in np.linspace(0, 4, 41) for b in np.linspace(0, 4, 41))
    assert likelihood(pool.probe, pool.people) >= best - 1e-6


def test_shares_of_votes_by_hand() -> None:
    np.testing.assert_allclose(shares(np.array([[3, 0]])), [[3.5 / 4, 0.5 / 4]])


def test_where_nobody_voted_the_probe_stands_as_it_is() -> None:
    said = np.array([[0.9, 0.1], [0.3, 0.7], [0.2, 0.8]])
    pool = log_pool(said, np.array([[0, 0], [0, 0], [5, 0]]), np.array([0, 1, 1]))
    np.testing.assert_allclose(pool.probabilities[:2], said[:2])
    assert (pool.probe, pool.people) == (1, 1)  # three items are too few to fit them


def test_of_a_name_that_no_item_has_the_probe_has_no_opinion() -> None:
    said = np.array([[0.5, 0.5, 0.0]] * 4)
    votes = np.array([[0, 0, 9], [9, 0, 0], [0, 9, 0], [0, 0, 0]])
    pool = log_pool(said, votes, np.array([0, 0, 1, 1]))  # both weigh 1
    unsure, people = np.log([1 / 2, 1 / 2, 1 / 3]), np.log([0.5, 0.5, 9.5])
    expected = np.exp(unsure + people) / np.exp(unsure + people).sum()
    np.testing.assert_allclose(pool.probabilities[0], expected)
    assert pool.probabilities[3].tolist() == [0.5, 0.5, 0]


def test_neighbours_apart_by_hand() -> None:
    codes = np.array([0, 0, 0, 1, 1, -1, 2])
    rows = np.array([[1, 2, 3], [0, 5, 3], [3, 4, 5], [4, 0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2]])
    found = apart(rows, codes)
    #  two of two possible; one of two; none; its one companion; none; no label; alone
    np.testing.assert_allclose(found, [0, 0.5, 1, 0, 1, np.nan, np.nan])


def test_a_torn_label_is_told_with_what_lies_around_it() -> None:
    vectors, codes = blobs(each=60)
    shuffled = np.where(np.arange(180) % 5 == 0, 3, codes)  # a label strewn over all places
    names = ["a", "b", "c", "strewn"]
    outcome = labels(Told([names[c] for c in shuffled], ids(180), vectors))
    [row] = of_kind(outcome, "disagreeing label")
    assert (row["given"], row["count"], row["item"]) == ("strewn", 36, None)
    assert (row["low"] or 0) > 0.5
    assert row["score"] > 0.5
    assert len(row["items"]) == 24
    rows, _ = nearest_rows(vectors, 10)
    far = apart(rows, shuffled)
    assert far[int(row["items"][0][6:])] == far[shuffled == 3].max()
    assert torn_labels(rows, shuffled, far, 1.0) == []


def test_what_lies_around_a_torn_label_is_another() -> None:
    codes = np.array([0] * 12 + [1] * 2 + [2] * 3)
    near = np.zeros((17, 8), int)
    near[:12] = [[1, 2, 3, 4, 14, 15, 16, 12]] * 12  # four of its own, three of c, one of b
    [torn] = torn_labels(near, codes, np.where(codes == 0, 0.9, np.nan), 0.5)
    assert (torn.label, torn.instead) == (0, 2)
    assert torn.items.tolist() == list(range(12))


def test_a_dense_place_without_a_name_is_found() -> None:
    vectors, codes = blobs(each=40, kinds=4, spread=0.15)
    names: list[str | None] = ["a", "b", "기타", None]
    outcome = measured(labels(Told([names[c] for c in codes], ids(160), vectors)))
    found = of_kind(outcome, "nameless region")
    assert {row["given"] for row in found} == {"기타", None}
    assert all({int(i[6:]) // 40 for i in row["items"]} <= {2, 3} for row in found)
    assert all(row["score"] > 0.8 and row["item"] == row["items"][0] for row in found)
    assert outcome.figures["nameless"].value == 80


def test_all_nameless_or_all_named_is_no_region() -> None:
    vectors, codes = blobs()
    rows, similar = nearest_rows(vectors, 5)
    for said, left_over in ((codes, False), (np.full(120, -1), False), (codes, True)):
        residual = np.full(120, left_over)
        assert nameless_regions(rows, similar, said, residual, 5) == []


def test_residual_names_are_whole_words() -> None:
    assert all(map(is_residual, ("Other", "기타", "그 외", "unknown", "n/a")))
    assert not any(map(is_residual, ("mother", "otter", "other_vehicle", "기타리스트", "cat")))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Told([], []), "there are no items"),
        (Told(["a"], ["x", "y"]), "items, labels and opinions are of different lengths"),
        (
            Told(["a", "b"], ids(2)),
            "there is no embedding and nobody voted: no opinion but the source's own",
        ),
        (Told([None] * 9, ids(9), np.eye(9)), "no item has a label"),
        (Told(["a"] * 9, ids(9), np.eye(9)), "all items have the same label (a)"),
        (Told(["a", "b"] * 9, ids(18), np.ones((18, 3))), "all items look the same to the encoder"),
        (
            Told(["a", "b"], ids(2), np.full((2, 3), np.nan)),
            "no item has a vector of finite numbers",
        ),
        (
            Told(["a"] * 9 + ["b"], ids(10), np.eye(10)),
            "fewer than two labels have 5 items or more (2 labels)",
        ),
    ],
)
def test_what_cannot_be_measured_says_why(told: Told, why: str) -> None:
    outcome = labels(told)
    assert isinstance(outcome, NotMeasured)
    assert str(outcome) == why


def test_a_million_values_are_refused_at_once() -> None:
    many = [str(n) for n in range(1_000_000)]
    outcome = labels(Told(many, many, np.broadcast_to(np.eye(2)[0], (1_000_000, 2))))
    assert isinstance(outcome, NotMeasured)
    assert str(outcome) == "fewer than two labels have 5 items or more (1,000,000 labels)"


def test_rare_labels_and_broken_vectors_are_left_aside_and_counted() -> None:
    vectors, codes = blobs()
    vectors[4] = np.nan
    names = [("a", "b", "c")[c] for c in codes]
    names[60:62] = ["rare", "rare"]
    outcome = measured(labels(Told(names, ids(120), vectors)))
    assert (outcome.figures["left_out"].value, outcome.figures["judged"].value) == (1, 117)
    assert "rare" not in {row["given"] for row in outcome.rows.to_pylist()}


def test_given_probabilities_stand_in_for_the_probe() -> None:
    names = ["a", "b"]
    said = np.array([[0.9, 0.1]] * 10 + [[0.2, 0.8]] * 10)
    said[3] = [0.05, 0.95]
    told = Told(["a"] * 10 + ["b"] * 10, ids(20), probabilities=said, names=names)
    [row] = of_kind(labels(told, Setting()), "likely error")
    assert (row["item"], row["score"]) == ("d/all/3", pytest.approx(0.9))


@pytest.mark.shared_data
def test_of_the_judged_labels_of_cifar_10_those_people_found_wrong_come_first(
    shared: Path,
) -> None:
    """54 of 275 are wrong; the weights are fitted on the given labels alone. At least 0.65."""
    import pyarrow.parquet as pq
    from sklearn.metrics import average_precision_score

    verdicts = json.loads((shared / "label-errors/mturk/cifar10_mturk.json").read_text())
    said = np.load(
        shared / "label-errors/cross_validated_predicted_probabilities/cifar10_test_set_pyx.npy"
    )
    counts = np.load(shared / "cifar10/cifar10h/data/cifar10h-counts.npy")
    codes = pq.read_table(shared / "cifar10/test-00000-of-00001.parquet")["label"].to_numpy()
    margin, _ = against(log_pool(said, counts, codes).probabilities, codes)
    judged = np.array([one["id"] for one in verdicts])
    wrong = np.array([one["mturk"]["given"] < 3 for one in verdicts])
    assert (len(wrong), wrong.sum()) == (275, 54)
    alone, _ = against(said, codes)
    assert average_precision_score(wrong, alone[judged]) == pytest.approx(0.285, abs=0.005)
    assert average_precision_score(wrong, margin[judged]) > 0.69


@pytest.mark.shared_data
@pytest.mark.slow
def test_it_holds_through_an_encoder_of_our_own(shared: Path) -> None:
    """The same 54 of 275 by a linear probe on ResNet-56, as the house embeds: at least 0.65."""
    from benchmarks.planted.cifar import seen
    from benchmarks.planted.labels import judged

    rows = {row["name"]: row for row in judged(seen("test"))}
    pooled = rows["ResNet-56 probe, the pool of the measure: within the judged"]
    assert pooled["average_precision"] >= 0.65
    assert pooled["low"] < pooled["average_precision"] < pooled["high"]
    every = rows["ResNet-56 probe, the pool of the measure: over all"]
    assert "verification-biased" in every["note"]
    assert (
        every["average_precision"] > rows["CIFAR-10H's votes alone: over all"]["average_precision"]
    )
