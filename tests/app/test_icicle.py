"""The icicle is whole: cells fill their parent, and every node is drawn or in a merged cell."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.components.icicle import HEIGHT, LEAST, LEVELS, Cell, Grower, shared_out

TOP = -1


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[int, list[int]], list[int]]:
    """Children by node (TOP is above all), and its weights; some have two parents."""
    count = draw(st.integers(1, 120))
    children: dict[int, list[int]] = {node: [] for node in range(-1, count)}
    for node in range(count):
        above = draw(st.sets(st.integers(-1, node - 1), min_size=1, max_size=2))
        for parent in above:
            children[parent].append(node)
    weights = draw(st.lists(st.integers(0, 10_000), min_size=count, max_size=count))
    return children, weights


def cells(cell: Cell) -> list[Cell]:
    return [cell, *(inner for child in cell.children for inner in cells(child))]


def grown(tree: tuple[dict[int, list[int]], list[int]], alone: frozenset[int]) -> Cell:
    children, weights = tree
    return Grower(children.__getitem__, weights.__getitem__, alone).grow(TOP)


@settings(deadline=None)
@given(trees())
def test_cells_fill_their_parent_and_none_is_too_narrow_to_touch(tree):
    for cell in cells(grown(tree, frozenset())):
        if cell.children:
            assert math.isclose(sum(child.extent for child in cell.children), cell.extent)
            assert min(child.extent for child in cell.children) >= min(LEAST, cell.extent) - 1e-6


@settings(deadline=None)
@given(trees(), st.booleans())
def test_every_child_of_what_is_drawn_is_there_once(tree, apart):
    children = tree[0]
    alone = frozenset(n for n in children[TOP] if not children[n]) if apart else frozenset()
    for cell in cells(grown(tree, alone)):
        if cell.children:
            named = [n for child in cell.children for n in child.merged or (child.node,)]
            assert sorted(named) == sorted(children[cell.node])
            assert all(set(c.merged) <= alone for c in cell.children if c.alone)


@settings(deadline=None)
@given(trees())
def test_every_node_is_reached_by_going_down(tree):
    """From any drawn or merged node one can go on, so walking reaches the whole tree."""
    children, weights = tree
    grower = Grower(children.__getitem__, weights.__getitem__)
    waiting, seen = [TOP], set()
    while waiting:
        for cell in cells(grower.grow(waiting.pop())):
            for node in cell.merged or (cell.node,):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
    assert seen == set(children)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=16), st.floats(1, 2000))
def test_shares_sum_to_the_whole_and_keep_their_order(weights, extent):
    shares = shared_out(weights, extent)
    assert not weights or math.isclose(sum(shares), extent, rel_tol=1e-6)
    for (one, a), (other, b) in zip(
        zip(weights, shares, strict=True), list(zip(weights, shares, strict=True))[1:],
        strict=False,
    ):  # fmt: skip
        assert one <= other or a >= b - 1e-6


def test_a_wide_row_by_hand():
    """Forty children of one weight in 704 px: fifteen fit, and a cell that holds 25."""
    children = {TOP: list(range(40)), **{n: [] for n in range(40)}}
    top = Grower(children.__getitem__, lambda node: 1).grow(TOP)
    assert [len(c.merged) for c in top.children] == [0] * 15 + [25]
    assert [c.extent for c in top.children] == [LEAST] * 16
    assert math.isclose(sum(c.extent for c in top.children), HEIGHT)


def test_many_that_are_all_narrow_are_not_hidden_together():
    """184 alike in 704 px are 3.8 px each: the first fifteen are shown all the same."""
    children = {TOP: list(range(184)), **{n: [] for n in range(184)}}
    top = Grower(children.__getitem__, lambda node: 1).grow(TOP)
    assert [len(c.merged) for c in top.children] == [0] * 15 + [169]


def test_what_is_far_narrower_than_its_siblings_shares_a_cell():
    """One branch of 74,000 nodes and eleven of three: these would be drawn a thousandfold."""
    children = {TOP: list(range(12)), **{n: [] for n in range(12)}}
    top = Grower(children.__getitem__, lambda node: 74_000 if node == 0 else 3).grow(TOP)
    assert [len(c.merged) for c in top.children] == [0, 11]
    assert math.isclose(top.children[0].extent, HEIGHT - LEAST)


def test_levels_are_as_many_as_asked():
    chain = {n: [n + 1] for n in range(-1, 20)} | {20: []}
    depth, cell = 0, Grower(chain.__getitem__, lambda node: 1).grow(TOP)
    while cell.children:
        depth, cell = depth + 1, cell.children[0]
    assert depth == LEVELS
