"""Items rolled up a DAG: equal to going over every item and every node, whichever way is taken."""

from __future__ import annotations

from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.catalog.tree import Tree, below, tree_of
from excavate.gaps import rollup
from excavate.gaps.ancestors import ancestors
from excavate.gaps.bitrows import count_by_bits
from excavate.gaps.rollup import Rolling, distinct_labels, roll_up

Edges = list[tuple[int, int]]
Pairs = list[tuple[int, int]]


@st.composite
def labelled(draw: st.DrawFn) -> tuple[int, Edges, Pairs]:
    """A DAG under shuffled numbers, and (item, node) pairs in any order, some of them twice."""
    count = draw(st.integers(1, 12))
    pairs = [(child, parent) for child in range(count) for parent in range(child)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    number = draw(st.permutations(range(count)))
    items = st.sampled_from([-7, 0, 1, 2, 3, 5, 2**40])
    said = draw(st.lists(st.tuples(items, st.integers(0, count - 1)), max_size=25))
    return count, [(number[child], number[parent]) for child, parent in edges], said


def by_hand(count: int, edges: Edges, said: Pairs) -> list[int]:
    """The items at and below each node, by going up from each label until nothing is new."""
    found: list[set[int]] = [set() for _ in range(count)]
    for item, node in said:
        reached, fresh = set(), {node}
        while fresh:
            reached |= fresh
            fresh = {parent for child, parent in edges if child in fresh} - reached
        for one in reached:
            found[one].add(item)
    return [len(items) for items in found]


def arrays(said: Pairs) -> tuple[np.ndarray, np.ndarray]:
    items, nodes = zip(*said, strict=True) if said else ((), ())
    return np.array(items, np.int64), np.array(nodes, np.int64)


@settings(deadline=None)
@given(labelled())
def test_an_item_counts_once_at_each_node_above_its_labels(
    given_: tuple[int, Edges, Pairs],
) -> None:
    count, edges, said = given_
    tree = tree_of(count, edges)
    expected = by_hand(count, edges, said)
    assert roll_up(tree, arrays(said)).tolist() == expected
    rolling = Rolling(tree)
    assert rolling.items(arrays(said)).tolist() == expected
    heavy = [(100 * node + n, node) for node in range(count) for n in range(node)]
    assert rolling.weights(np.arange(count)).tolist() == by_hand(count, edges, heavy)
    once = distinct_labels(count, arrays(said))
    assert list(zip(*map(np.ndarray.tolist, once), strict=True)) == sorted(set(said))


@settings(deadline=None)
@given(labelled())
def test_the_lowest_labels_are_those_above_no_other_of_their_item(
    given_: tuple[int, Edges, Pairs],
) -> None:
    count, edges, said = given_
    tree = tree_of(count, edges)
    found = Rolling(tree).lowest(distinct_labels(count, arrays(said)))
    under = [set(below(tree, node)) - {node} for node in range(count)]
    held = {(item, node) for item, node in said}
    lowest = {(i, n) for i, n in held if not any((i, one) in held for one in under[n])}
    assert set(zip(*map(np.ndarray.tolist, found), strict=True)) == lowest


@settings(deadline=None)
@given(labelled())
def test_bits_count_the_same(given_: tuple[int, Edges, Pairs]) -> None:
    count, edges, said = given_
    tree = tree_of(count, edges)
    assert by_bits(tree, said).tolist() == by_hand(count, edges, said)


def by_bits(tree: Tree, said: Pairs) -> np.ndarray:
    own, several = rollup._grouped(*arrays(said), len(tree))
    return count_by_bits(tree, *rollup._together(own, several))


@pytest.mark.parametrize("chunk", [1 << 24, 50])
def test_larger_graphs_in_chunks(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(rollup._chunks, "__defaults__", (chunk,))
    chance = Random(4)
    count = 300
    edges = [(c, p) for c in range(1, count) for p in {chance.randrange(c), chance.randrange(c)}]
    said = [(chance.randrange(400), chance.randrange(count)) for _ in range(1_000)]
    tree, expected = tree_of(count, edges), by_hand(count, edges, said)
    assert roll_up(tree, arrays(said)).tolist() == expected
    weighted = said + [(1_000 + n, 7) for n in range(37)]  # kinds that stand for many items
    assert by_bits(tree, weighted).tolist() == by_hand(count, edges, weighted)


def test_a_diamond_counts_its_item_once() -> None:
    diamond = tree_of(4, [(3, 1), (3, 2), (1, 0), (2, 0)])
    assert roll_up(diamond, arrays([(9, 3), (9, 1), (4, 2)])).tolist() == [2, 1, 2, 1]


def test_graphs_with_too_many_ancestors_to_list_are_counted_all_the_same() -> None:
    deep = 2_000
    chain = tree_of(deep, [(n, n - 1) for n in range(1, deep)])
    assert ancestors(chain, np.ones(deep, bool)) is None
    labels = (np.repeat(np.arange(deep), 2), np.repeat(np.arange(deep), 2))
    assert roll_up(chain, labels).tolist() == list(range(deep, 0, -1))
    bush = tree_of(3, [(1, 0), (2, 0)])
    assert ancestors(bush, np.ones(3, bool), most=4) is None
    listed = ancestors(bush, np.array([False, True, False]), most=3)
    assert listed is not None
    assert listed.nodes.tolist() == [0, 1]  # nobody asked for the third


def test_nothing_labelled_and_no_nodes() -> None:
    none = arrays([])
    assert roll_up(tree_of(3, [(1, 0)]), none).tolist() == [0, 0, 0]
    assert roll_up(tree_of(0, []), none).tolist() == []


def test_labels_that_fit_no_tree_are_refused() -> None:
    tree = tree_of(2, [(1, 0)])
    for said in ([(0, 2)], [(0, -1)]):
        with pytest.raises(ValueError, match="beyond the 2"):
            roll_up(tree, arrays(said))
    with pytest.raises(ValueError, match="2 items for 1"):
        roll_up(tree, (np.zeros(2, np.int64), np.zeros(1, np.int64)))


@pytest.mark.parametrize(("each", "other"), [(2, "_reached_again"), (60, "_two_by_two")])
def test_few_labels_are_held_two_by_two_and_many_by_what_they_reach(
    each: int, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Random(each)
    tree = tree_of(80, [(n, draw.randrange(n)) for n in range(1, 80)])
    said = sorted({(item, draw.randrange(80)) for item in range(30) for _ in range(each)})
    under = [set(below(tree, node)) - {node} for node in range(80)]
    held = set(said)
    lowest = [(i, n) for i, n in said if not any((i, one) in held for one in under[n])]
    monkeypatch.setattr(rollup, other, None)
    monkeypatch.setattr(rollup, "_chunks", partial(rollup._chunks, most=50))
    found = Rolling(tree).lowest(arrays(said))
    assert list(zip(*map(np.ndarray.tolist, found), strict=True)) == lowest
    assert len(lowest) < len(said)
