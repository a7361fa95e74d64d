"""Groups of copies, what they repeat, where they leak: by hand, and by invariants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from excavate.gaps.duplicates import Copies, Limits, duplicates
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.grouping import (
    Evidence,
    components,
    effective_number,
    elsewhere,
    reached,
)
from excavate.gaps.hashing import scaled, turned
from excavate.gaps.near_vectors import centred, derived_ratio, near_vectors

ITSELF = Reference("itself")


def copies(
    sha256: list[str | None],
    sides: str | None = None,
    hashes: list[int] | None = None,
    certain: list[int] | None = None,
    own: list[bool] | None = None,
) -> Copies:
    n = len(sha256)
    return Copies(
        [f"d/s/{i}" for i in range(n)],
        list(sides or "a" * n),
        np.array([True] * n if own is None else own),
        sha256,
        None if hashes is None else np.array(hashes, np.uint64),
        None if hashes is None else np.array(certain or [63] * n, np.int16),
    )


def measured(outcome: object) -> Measured:
    assert isinstance(outcome, Measured)
    return outcome


def test_a_hand_example_of_bytes() -> None:
    outcome = measured(duplicates(copies(["x", "y", "x", "z", "x", "y"]), Limits(), ITSELF))
    first, second = outcome.rows.to_pylist()
    assert (first["group"], first["size"], first["kind"]) == ("d/s/0", 3, "exact")
    assert first["items"] == ["d/s/0", "d/s/2", "d/s/4"]
    assert (second["items"], second["crossing"]) == (["d/s/1", "d/s/5"], False)
    values = {name: figure.value for name, figure in outcome.figures.items()}
    assert values["distinct"] == 3
    assert values["distinct_share"] == 0.5
    # exp(-(1/2 ln 1/2 + 1/3 ln 1/3 + 1/6 ln 1/6)) of 6
    assert values["effective_share"] == pytest.approx(2.749459 / 6, abs=1e-6)
    assert values["matched by exact"] == 5
    assert outcome.parameters["not_measured"] == {
        "hash": "no item has a picture",
        "embedding": "there are no embeddings",
    }


def test_a_leak_is_told_before_a_larger_group_and_shows_both_its_ends() -> None:
    said = copies(["x"] * 5 + ["y", "y", "z"], "aaaaa" + "ab" + "b")
    outcome = measured(duplicates(said, Limits(), ITSELF))
    first, second = outcome.rows.to_pylist()
    assert (first["crossing"], first["splits"]) == (True, ["a", "b"])
    assert first["items"] == ["d/s/5", "d/s/6"]
    assert second["size"] == 5
    leak = outcome.figures["leak|exact|b|a"]
    assert leak.value == 0.5
    assert (leak.low, leak.high) == pytest.approx(
        proportion_confint(1, 2, method="wilson"), abs=1e-9
    )
    assert outcome.figures["leak|exact|a|b"].value == pytest.approx(1 / 6)


def test_many_splits_are_held_against_any_other() -> None:
    n = 50_000  # as many splits as videos: no table of items by splits is made
    sides = [f"video{i}" for i in range(n)]
    said = replace(copies(["x", "x", *(str(i) for i in range(n - 2))]), sides=sides)
    outcome = measured(duplicates(said, Limits(), ITSELF))
    leaks = {name: f.value for name, f in outcome.figures.items() if name.startswith("leak")}
    assert leaks == {"leak|exact|*|*": 2 / n}


def test_near_hashes_chain_into_one_group_with_the_nearest_pair_told() -> None:
    far = 0x0F0F0F0F0F0F0F00
    turn = int(turned(np.array([far], np.uint64), 1)[0])
    said = copies([None] * 5, hashes=[0b10, 0b1110, 0b1111110, far, turn])
    outcome = measured(duplicates(said, Limits(radius=3), ITSELF))
    chain, mirrored = outcome.rows.to_pylist()
    assert (chain["size"], chain["kind"], chain["bits"], chain["turn"]) == (3, "hash", 2, None)
    assert (mirrored["size"], mirrored["bits"], mirrored["turn"]) == (2, 0, "mirrored")
    plain = measured(duplicates(said, Limits(radius=3, turns=False), ITSELF))
    assert plain.rows["size"].to_pylist() == [3]


def test_flat_pictures_are_not_taken_for_copies_and_this_is_told() -> None:
    said = copies(["a", "b", "c", "d"], hashes=[0, 0, 0, 2], certain=[0, 0, 63, -1])
    outcome = measured(duplicates(said, Limits(), ITSELF))
    assert outcome.rows.num_rows == 0
    assert outcome.figures["flat"].value == 2
    assert outcome.figures["compared by hash"].value == 1
    blank = measured(
        duplicates(copies(["a", "b"], hashes=[0, 0], certain=[0, 5]), Limits(), ITSELF)
    )
    why = blank.parameters["not_measured"]["hash"]
    assert why == "every picture is of one colour or nearly"
    assert "matched by hash" not in blank.figures  # not measured, and not zero


def test_equal_signs_of_other_shapes_are_not_copies() -> None:
    draw = np.random.default_rng(0)
    small, large = np.abs(draw.standard_normal((2, 64))) ** 3
    waves = np.stack([small, large, small, large, large, draw.standard_normal(64)])
    said = copies([None] * 6, hashes=[2, 2, 2, 2, 6, 6])
    said = replace(said, waves=scaled(waves))
    outcome = measured(duplicates(said, Limits(), ITSELF))
    assert outcome.rows["items"].to_pylist() == [
        ["d/s/1", "d/s/3", "d/s/4"], ["d/s/0", "d/s/2"],
    ]  # fmt: skip
    signs = measured(duplicates(said, Limits(alike=-1), ITSELF))
    assert signs.rows["size"].to_pylist() == [6]


def test_against_a_reference_only_what_both_hold_is_told() -> None:
    own = [True, True, True, False, False]
    said = copies(["x", "x", "y", "y", "z"], "aaarr", own=own)
    outcome = measured(duplicates(said, Limits(), Reference("dataset", "other", "r1")))
    [row] = outcome.rows.to_pylist()
    assert row["items"] == ["d/s/2", "d/s/3"]
    assert outcome.figures["matched by exact"].value == 1
    assert outcome.figures["leak|exact|a|r"].value == pytest.approx(1 / 3)
    assert "distinct" not in outcome.figures


def test_the_kind_is_the_surest_that_holds_the_whole_group_together() -> None:
    said = copies(["x", "x", "y"], hashes=[0b10, 0b10, 0b110])
    [row] = measured(duplicates(said, Limits(), ITSELF)).rows.to_pylist()
    assert (row["size"], row["kind"]) == (3, "hash")
    [row] = measured(duplicates(said, Limits(methods=["exact"]), ITSELF)).rows.to_pylist()
    assert (row["size"], row["kind"]) == (2, "exact")


def with_vectors(vectors: np.ndarray) -> Copies:
    n = len(vectors)
    said = copies([None] * n)
    return Copies(
        said.item_ids, said.sides, said.own, said.sha256, vectors=vectors, of=np.arange(n)
    )


def test_planted_copies_are_found_by_embedding_with_a_derived_threshold() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.standard_normal((2000, 32)).astype(np.float32) + 3
    vectors[-20:] = vectors[:20] + 0.02 * draw.standard_normal((20, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    outcome = measured(duplicates(with_vectors(vectors), Limits(), ITSELF))
    found = {tuple(row["items"]) for row in outcome.rows.to_pylist()}
    assert {(f"d/s/{i}", f"d/s/{1980 + i}") for i in range(20)} <= found
    assert len(found) <= 25  # about one item by chance
    assert 0.3 < outcome.parameters["ratio"] < 0.8
    assert 10 < outcome.figures["dimension"].value < 32


def test_chance_is_held_where_there_are_no_copies() -> None:
    counts = []
    for seed in range(5):
        vectors = np.random.default_rng(seed).standard_normal((1500, 24)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        outcome = measured(duplicates(with_vectors(vectors), Limits(chance=5), ITSELF))
        counts.append(outcome.figures["matched by embedding"].value)
    assert 1 <= np.mean(counts) <= 15


def test_vectors_that_are_no_numbers_are_left_out_and_told() -> None:
    vectors = np.random.default_rng(1).standard_normal((50, 8)).astype(np.float32)
    vectors[3] = np.nan
    vectors[4] = np.inf
    outcome = measured(duplicates(with_vectors(vectors), Limits(cosine=0.999), ITSELF))
    assert outcome.figures["not_finite"].value == 2
    assert outcome.figures["compared by embedding"].value == 48


def test_identical_vectors_give_no_threshold_but_a_given_one_is_used() -> None:
    same = np.tile(np.array([[1.0, 0, 0]], np.float32), (20, 1))
    outcome = duplicates(with_vectors(same), Limits(), ITSELF)
    assert isinstance(outcome, NotMeasured)
    pairs = np.repeat(np.eye(10, dtype=np.float32), 2, axis=0)
    given_one = measured(duplicates(with_vectors(pairs), Limits(cosine=0.9), ITSELF))
    assert given_one.rows["size"].to_pylist() == [2] * 10
    equal = measured(duplicates(with_vectors(pairs), Limits(), ITSELF))
    assert equal.rows["size"].to_pylist() == [2] * 10  # equal vectors need no threshold


def test_what_cannot_be_measured_says_why() -> None:
    few = duplicates(copies(["x"]), Limits(), ITSELF)
    assert str(few) == "there is nothing to compare with: fewer than two items"
    none = duplicates(copies([None, None]), Limits(), ITSELF)
    assert str(none) == "no item has a picture, bytes or a vector"
    empty = duplicates(copies(["x", "y"]), Limits(), Reference("dataset", "other"))
    assert isinstance(empty, NotMeasured)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("pqrst"), st.sampled_from("ab")), min_size=2, max_size=40),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=5),
)
def test_leaks_and_groups_are_what_comparing_all_with_all_says(
    items: list[tuple[str, str]], links: list[tuple[int, int]]
) -> None:
    names, classes = np.unique([name for name, _ in items], return_inverse=True)
    links = [(a, b) for a, b in links if a < b < len(names)]
    first, second = (np.array([link[i] for link in links], np.int64) for i in (0, 1))
    said = Evidence("hash", classes.astype(np.int64), first, second, first, first)
    side = np.array(["ab".index(s) for _, s in items])
    met, away = reached(said, side, 2), elsewhere(said, side)
    alike = {(a, b) for a, b in links} | {(b, a) for a, b in links} | {(c, c) for c in range(5)}
    for i, (c, s) in enumerate(zip(classes, side, strict=True)):
        others = [d for d, t in zip(classes, side, strict=True) if t != s]
        assert met[i, 1 - s] == any((c, d) in alike for d in others)
        assert away[i] == met[i, 1 - s]
    groups = components(len(items), [said])
    for a, b in alike:
        members = groups[np.isin(classes, [a, b])]
        assert len(np.unique(members)) <= 1 or not {a, b} <= set(classes.tolist())
    assert groups[0] == 0
    assert 1 <= effective_number(groups) <= len(items) + 1e-9


@pytest.mark.parametrize("dimension", [2, 5])
def test_the_dimension_comes_out_and_chance_is_what_it_says(dimension: int) -> None:
    """Uniform points in a cube: distances by scipy's tree, of which the law is exact."""
    from scipy.spatial import cKDTree

    points = np.random.default_rng(dimension).random((40_000, dimension))
    away, _ = cKDTree(points, boxsize=1.0).query(points, k=6)
    found = derived_ratio(1000 * away[:, 1], 1000 * away[:, 5], 5, 400.0)
    assert found is not None
    ratio, told = found
    assert told == pytest.approx(dimension, rel=0.03)
    assert (away[:, 1] <= ratio * away[:, 5]).sum() == pytest.approx(400, rel=0.25)


def test_centring_leaves_zero_where_nothing_is_left_and_near_none_of_few() -> None:
    assert (centred(np.ones((3, 4), np.float32)) == 0).all()
    lone = np.ones((1, 4), np.float32)
    assert near_vectors(lone, np.array([True]), 0.5, 1.0, 10) is None
