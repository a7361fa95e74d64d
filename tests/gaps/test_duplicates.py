"""Groups of copies, what they repeat, where they leak: by hand, and by invariants."""

from __future__ import annotations

from collections.abc import Sequence
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
from excavate.gaps.near_law import near_law
from excavate.gaps.near_vectors import centred, near_vectors

ITSELF = Reference("itself")


def copies(
    sha256: Sequence[str | None],
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
    assert np.mean(counts) <= 5


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


def around(dimension: int, n: int) -> np.ndarray:
    """Distances to 20 neighbours of uniform points on a torus: the law is exact."""
    from scipy.spatial import cKDTree

    points = np.random.default_rng(dimension).random((n, dimension))
    away, _ = cKDTree(points, boxsize=1.0).query(points, k=21)
    return np.asarray(away[:, 1:])


def test_the_dimension_comes_out_and_chance_is_held_where_all_have_one() -> None:
    for dimension in (2, 5):
        away = around(dimension, 20_000)
        law = near_law(1000 * away, 400 / 20_000)
        assert law is not None
        assert law.dimension == pytest.approx(dimension, rel=0.05)
        assert 200 < (1000 * away[:, 0] <= law.reach).sum() < 440  # a bound, and no loose one


@pytest.mark.parametrize("thin", [100, 1000, 5000])
def test_chance_is_held_where_items_live_in_different_dimensions(thin: int) -> None:
    """Were one dimension taken for all, hundreds of those in two would look like copies."""
    away = np.vstack([around(8, 10_000), around(2, 10_000)[:thin]])
    law = near_law(away, 10 / len(away))
    assert law is not None
    assert (away[:, 0] <= law.reach).sum() <= 2 * 10


@pytest.mark.parametrize("size", [2, 4, 6, 8, 10, 30])
def test_groups_up_to_twice_k_are_found_and_larger_ones_are_told(size: int) -> None:
    draw = np.random.default_rng(size)
    vectors = draw.standard_normal((1500, 24)).astype(np.float32)
    vectors[:size] = vectors[0] + 0.02 * draw.standard_normal((size, 24))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    outcome = measured(duplicates(with_vectors(vectors), Limits(k=5), ITSELF))
    found = [row["items"] for row in outcome.rows.to_pylist()]
    if size <= 10:
        assert sorted(f"d/s/{i}" for i in range(size)) in map(sorted, found)
    assert outcome.figures["full"].value == (size if size >= 10 else 0)


def against(vectors: np.ndarray, own: list[bool], sides: list[str]) -> Copies:
    return replace(with_vectors(vectors), own=np.array(own), sides=sides)


def test_against_a_reference_no_leak_is_told_between_own_splits() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.standard_normal((90, 8)).astype(np.float32)
    vectors[30] = vectors[0]  # a copy on both own sides
    vectors[60] = vectors[1]  # and one in the reference
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own = [n < 60 for n in range(90)]
    sides = ["train"] * 30 + ["test"] * 30 + ["r"] * 30
    other = Reference("dataset", "r", "1")
    outcome = measured(duplicates(against(vectors, own, sides), Limits(), other))
    leaks = {n: f.value for n, f in outcome.figures.items() if n.startswith("leak|embedding")}
    assert leaks == {
        "leak|embedding|train|r": 1 / 30, "leak|embedding|test|r": 0,
        "leak|embedding|r|train": 1 / 30, "leak|embedding|r|test": 0,
    }  # fmt: skip
    many = [f"s{n % 9}" if n < 60 else "r" for n in range(90)]
    outcome = measured(duplicates(against(vectors, own, many), Limits(), other))
    leaks = {n: f.value for n, f in outcome.figures.items() if n.startswith("leak|embedding")}
    assert leaks == {"leak|embedding|*|r": 1 / 60, "leak|embedding|r|*": 1 / 30}
    assert outcome.tested == 60  # the items that were compared


def test_a_split_of_the_references_name_is_not_the_reference() -> None:
    own = [True, True, False]
    said = copies(["x", "y", "x"], "aba", own=own)
    outcome = measured(duplicates(said, Limits(), Reference("dataset", "a", "1")))
    assert outcome.figures["leak|exact|a|a"].value == 1
    assert outcome.rows["crossing"].to_pylist() == [True]


def test_leaks_by_embedding_are_looked_for_from_both_sides() -> None:
    """Thirty items of the reference are near one own item: more than it has neighbours."""
    draw = np.random.default_rng(4)
    vectors = draw.standard_normal((400, 16)).astype(np.float32)
    vectors[200:230] = vectors[0] + 0.01 * draw.standard_normal((30, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    said = against(vectors, [n < 200 for n in range(400)], ["a"] * 200 + ["r"] * 200)
    for limits in (Limits(cosine=0.99), Limits()):
        outcome = measured(duplicates(said, limits, Reference("dataset", "r", "1")))
        assert outcome.figures["leak|embedding|r|a"].value >= 30 / 200


def test_pictures_too_small_for_a_hash_are_left_out_and_told() -> None:
    said = copies([None] * 4, hashes=[2, 2, 2, 2])
    some = replace(said, pixels=np.array([8, 8, 16, 200]))
    outcome = measured(duplicates(some, Limits(), ITSELF))
    assert outcome.figures["tiny"].value == 2
    assert outcome.rows["items"].to_pylist() == [["d/s/2", "d/s/3"]]
    none = duplicates(replace(said, pixels=np.full(4, 8)), Limits(), ITSELF)
    assert str(none) == "no item has a picture, bytes or a vector"
    bytes_too = copies(["x", "x"], hashes=[2, 2])
    outcome = measured(duplicates(replace(bytes_too, pixels=np.full(2, 8)), Limits(), ITSELF))
    assert "too small" in outcome.parameters["not_measured"]["hash"]


def test_centring_leaves_zero_where_nothing_is_left_and_near_none_of_few() -> None:
    assert (centred(np.ones((3, 4), np.float32)) == 0).all()
    lone = np.ones((1, 4), np.float32)
    assert near_vectors(lone, np.array([True]), 0.5, 1.0, 10) is None
