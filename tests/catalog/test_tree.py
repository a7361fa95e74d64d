"""Taxonomies as graphs, and holding categories against them, by brute force and by hand."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.catalog.holding import hold, match_categories, standing_alone
from excavate.catalog.tree import (
    below,
    circles,
    cut_out,
    levels,
    measures,
    sums_below,
    tree_of,
)

Edges = list[tuple[int, int]]
SIZE = 9


@st.composite
def dags(draw: st.DrawFn) -> tuple[int, Edges]:
    """A few nodes with edges from a later one to an earlier one, under shuffled numbers."""
    count = draw(st.integers(0, SIZE))
    pairs = [(child, parent) for child in range(count) for parent in range(child)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    number = draw(st.permutations(range(count)))
    return count, [(number[child], number[parent]) for child, parent in edges]


def reached(count: int, edges: Edges) -> list[set[int]]:
    """Each node with all below it, by going on until nothing is new."""
    found = [{node} for node in range(count)]
    while True:
        before = [set(one) for one in found]
        for child, parent in edges:
            found[parent] |= found[child]
        if found == before:
            return found


@given(dags(), st.lists(st.integers(0, 5), min_size=SIZE, max_size=SIZE))
def test_every_node_below_counts_once(graph: tuple[int, Edges], weights: list[int]) -> None:
    count, edges = graph
    tree = tree_of(count, edges)
    expected = [sum(weights[node] for node in one) for one in reached(count, edges)]
    assert sums_below(tree, weights[:count]) == expected


@given(st.integers(0).map(Random), st.integers(10, 60), st.sampled_from([9, 2**62]))
def test_every_node_below_counts_once_in_larger_tangles(
    chance: Random, count: int, heaviest: int
) -> None:
    edges = [(c, p) for c in range(1, count) for p in {chance.randrange(c), chance.randrange(c)}]
    weights = [chance.randint(0, heaviest) for _ in range(count)]
    expected = [sum(weights[node] for node in one) for one in reached(count, edges)]
    assert sums_below(tree_of(count, edges), weights) == expected


def test_a_ladder_whose_every_rung_has_two_parents() -> None:
    rungs = 2_000
    edges = [(2 * n + a, 2 * n - b) for n in range(1, rungs) for a in (0, 1) for b in (1, 2)]
    sums = sums_below(tree_of(2 * rungs, edges), [1] * 2 * rungs)
    assert sums == [1 + 2 * (rungs - 1 - node // 2) for node in range(2 * rungs)]


@given(dags())
def test_what_lies_below_a_node(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    tree = tree_of(count, edges)
    for node, expected in enumerate(reached(count, edges)):
        assert below(tree, node) == sorted(expected)
        part = cut_out(tree, sorted(expected))
        assert len(part) == len(expected)
        kept = [(child, parent) for child, parent in edges if {child, parent} <= expected]
        assert sum(map(len, part.parents)) == len(kept)


def longest(node: int, edges: Edges) -> int:
    return max((1 + longest(parent, edges) for child, parent in edges if child == node), default=0)


@given(dags())
def test_depth_is_the_longest_way_down(graph: tuple[int, Edges]) -> None:
    count, edges = graph
    assert levels(tree_of(count, edges)) == [longest(node, edges) for node in range(count)]


@given(dags(), st.sets(st.integers(0, SIZE - 1)))
def test_empty_branches_are_whole_and_disjoint_from_what_is_kept(
    graph: tuple[int, Edges], chosen: set[int]
) -> None:
    count, edges = graph
    kept = {node for node in chosen if node < count}
    held = hold(tree_of(count, edges), kept)
    under = reached(count, edges)
    assert held.kept == [len(one & kept) for one in under]
    assert held.sizes == [len(one) for one in under]
    empty = {node for node in range(count) if not under[node] & kept}
    tops = {
        node
        for node in empty
        if not any(child == node and parent in empty for child, parent in edges)
    }
    assert set(held.empty) == tops
    assert set().union(*(under[node] for node in tops)) == empty
    assert [held.sizes[node] for node in held.empty] == sorted(
        (held.sizes[node] for node in tops), reverse=True
    )


ANY = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), unique=True)


@given(ANY)
def test_circles_are_found_where_there_are_any_and_are_real(edges: Edges) -> None:
    found = circles(6, edges)
    strictly = [set().union(*(reached(6, edges)[c] for c, p in edges if p == n)) for n in range(6)]
    assert bool(found) == any(node in strictly[node] for node in range(6))
    for circle in found:
        assert len(set(circle)) == len(circle)
        for child, parent in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert (child, parent) in edges
    if found:
        with pytest.raises(ValueError, match="below itself"):
            tree_of(6, edges)


def test_separate_circles_are_told_apart() -> None:
    edges = [(0, 1), (1, 0), (2, 0), (3, 3), (4, 5), (5, 4), (4, 3)]
    assert circles(6, edges) == [[0, 1], [3], [4, 5]]


def test_measures_by_hand() -> None:
    #   0      4     5        (1 and 2 are kinds of 0; 3 of 1 and of 2; 5 of nothing)
    tree = tree_of(6, [(1, 0), (2, 0), (3, 1), (3, 2), (3, 4)])
    assert measures(tree) == {
        "nodes": 6, "edges": 5, "roots": 3, "alone": 1, "leaves": 1, "several_parents": 1,
        "depth": 2,
    }  # fmt: skip
    assert sums_below(tree, [1] * 6) == [4, 2, 2, 1, 2, 1]
    assert measures(tree_of(0, []))["depth"] == 0


def test_a_long_chain_needs_no_deep_stack() -> None:
    tree = tree_of(50_000, [(n, n - 1) for n in range(1, 50_000)])
    assert sums_below(tree, [1] * 50_000)[:2] == [50_000, 49_999]
    assert measures(tree)["depth"] == 49_999


IDS = ["n1", "n2", "n3", "n4"]
NAMES = ["cat", "tiger cat, cat", "dog", "mouse, computer mouse"]
MORE = {1: ["tiger cat", "cat"], 3: ["mouse", "computer mouse"]}


def test_how_categories_are_matched() -> None:
    asked = [
        ("n1", "n1"), ("n2", "Tiger"), ("7", "dog"), ("8", "mouse"), ("9", "cat"),
        ("10", "Dog"), ("dog", "unheard of"),
    ]  # fmt: skip
    found = match_categories(IDS, NAMES, MORE, asked)
    assert found.nodes == {0: "id", 1: "id", 2: "name", 3: "one of its names"}
    assert found.counts == {"id": 2, "name": 1, "one of its names": 1}
    assert found.renamed == [("n2", "Tiger", "tiger cat, cat")]
    assert found.ambiguous == {"cat": [0, 1]}  # whole of one, and a name of another
    assert found.unmatched == [("10", "Dog"), ("dog", "unheard of")]


def test_a_name_of_digits_alone_is_no_name() -> None:
    ids, names = ["n1", "n2", "7"], ["4", "dog", "seven"]
    found = match_categories(ids, names, {1: ["9"]}, [("4", "4"), ("9", "9")])
    assert found.nodes == {}
    assert found.unmatched == [("4", "4"), ("9", "9")]
    assert found.only_numbers
    by_id = match_categories(ids, names, {}, [("7", "7")])  # its id is a node's own
    assert by_id.nodes == {2: "id"}
    assert not by_id.only_numbers
    assert not match_categories(ids, names, {}, [("4", "4"), ("x", "cat")]).only_numbers


def test_a_node_that_stands_alone_is_found_by_its_id_only() -> None:
    tree = tree_of(4, [(1, 0)])
    alone = standing_alone(tree)
    assert alone == {2, 3}
    assert standing_alone(tree_of(3, [])) == set()  # a plain list of names stands in no tree
    ids, names = ["a", "b", "c", "d"], ["whole", "part", "Male", "other"]
    asked = [("1", "Male"), ("2", "part"), ("d", "d"), ("3", "Malé")]
    found = match_categories(ids, names, {2: ["Malé"]}, asked, alone)
    assert found.nodes == {1: "name", 3: "id"}
    assert found.unmatched == [("1", "Male"), ("3", "Malé")]
    assert match_categories(ids, names, {}, asked[:1]).nodes == {2: "name"}
