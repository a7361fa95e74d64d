"""What a dataset has on a tree, against counting by hand and by brute force; ways up; colours."""

from __future__ import annotations

from itertools import pairwise

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.catalog.contested import contested
from excavate.catalog.own_tree import own_taxonomy
from excavate.catalog.taxonomy_reading import Taxonomy
from excavate.catalog.tree import tree_of
from excavate.catalog.ways import count_ways, ways_up
from excavate.charts import quantity_colours
from excavate.components.branch_panel import near_misses
from excavate.components.held_tree import TOP, branches_of, kept_on
from excavate.components.icicle_drawn import ink_on, shade_of, slate
from excavate.components.veil import veil_of
from excavate.errors import ExcavateError, NotFoundError

COLOURS = [*quantity_colours(), *(slate(part / 100) for part in range(101))]


def taxonomy(count: int, edges: list[tuple[int, int]], ids: list[str] | None = None) -> Taxonomy:
    names = [f"node {n}" for n in range(count)]
    tree = tree_of(count, edges)
    return Taxonomy("t", "", "r", ids or [f"n{n}" for n in range(count)], names, {}, tree, 0, False)


@st.composite
def held(draw: st.DrawFn) -> tuple[Taxonomy, list[tuple[int, int]]]:
    """A DAG and labels: (item, node), some of nodes that are not there (numbers from count on)."""
    count = draw(st.integers(1, 30))
    edges = [
        (child, parent)
        for child in range(1, count)
        for parent in draw(st.sets(st.integers(0, child - 1), max_size=2))
    ]
    pairs = st.tuples(st.integers(0, 20), st.integers(0, count + 2))
    return taxonomy(count, edges), draw(st.lists(pairs, max_size=60))


def at_or_above(found: Taxonomy, node: int) -> set[int]:
    above = {node}
    for parent in found.tree.parents[node]:
        above |= at_or_above(found, parent)
    return above


@settings(deadline=None)
@given(held())
def test_items_count_once_at_each_node_above_any_of_their_labels(case):
    found, labels = case
    count = len(found.ids)
    said = [("f", f"n{n}", None, 1) for n in range(count + 3)]
    kept = kept_on(branches_of(found), said, np.array(labels, np.int64).reshape(-1, 2), [])
    for node in range(count):
        items = {i for i, n in labels if n < count and node in at_or_above(found, n)}
        assert kept.items[node] == len(items)
        assert kept.own[node] == len({i for i, n in labels if n == node})
        assert kept.under(branches_of(found).below(node)).tolist() == sorted(items)
    assert kept.labelled == len({i for i, n in labels if n < count})
    assert kept.labelled + kept.unmatched_items == len({i for i, _n in labels})
    assert set(kept.matches.unmatched) == {(f"n{count + k}",) * 2 for k in range(3)}


@settings(deadline=None)
@given(held())
def test_empty_nodes_are_counted_and_their_tops_hold_them_all(case):
    found, labels = case
    said = [("f", f"node {n}", None, 1) for n in range(len(found.ids) + 3)]
    branches = branches_of(found)
    kept = kept_on(branches, said, np.array(labels, np.int64).reshape(-1, 2), [])
    empty = set(np.flatnonzero(kept.items == 0).tolist())
    for node in range(len(found.ids)):
        assert kept.empty[node] == len(empty & set(branches.below(node)))
    assert set().union(*(branches.below(top) for top in kept.tops)) == empty


def test_targets_by_hand():
    """A root with two leaves: three labels, so one and a half for each; all three for the root."""
    said = [("f", "node 1", None, 3)]
    kept = kept_on(branches_of(taxonomy(3, [(1, 0), (2, 0)])), said,
                   np.array([[0, 0], [1, 0], [2, 0]]), [])  # fmt: skip
    assert kept.targets.tolist() == [3, 1.5, 1.5]


@settings(deadline=None)
@given(held())
def test_every_way_up_is_a_way_and_all_are_counted(case):
    found, _labels = case
    for node in range(len(found.ids)):
        ways = ways_up(found.tree, node, 10_000)
        assert len({tuple(way) for way in ways}) == len(ways) == count_ways(found.tree, node)
        for way in ways:
            assert way[-1] == node
            assert not found.tree.parents[way[0]]
            assert all(a in found.tree.parents[b] for a, b in pairwise(way))


def test_ways_are_counted_where_they_cannot_be_listed():
    """A ladder of sixty rungs has 2 ** 60 ways; a few are listed, all are counted."""
    sides = [(0, 0), (0, 1), (1, 0), (1, 1)]
    edges = [(n + a, n - 2 + b) for n in range(2, 122, 2) for a, b in sides]
    ladder = taxonomy(122, edges).tree
    assert count_ways(ladder, 121) == 2**60
    assert len(ways_up(ladder, 121, 6)) == 6


def test_only_what_lies_below_a_contested_node_is_veiled():
    found = taxonomy(4, [(1, 0), (2, 1), (3, 0)], ["a", "n00007846", "b", "c"])
    veil = veil_of(branches_of(found))
    assert veil.nodes == {2}
    assert veil.contested == (1,)
    assert "node 2" not in veil.name(found, 2)
    assert all(entry["ko"] and entry["en"] for entry in contested().values())


def test_what_differs_in_capitals_alone_is_told_and_not_matched():
    found = taxonomy(2, [(1, 0)])
    said = [("f", "Node 1", None, 1), ("f", "other", None, 1)]
    branches = branches_of(found)
    kept = kept_on(branches, said, np.array([[0, 0], [1, 1]]), [])
    assert kept.labelled == 0
    names = [name for _id, name in kept.matches.unmatched]
    assert near_misses(branches, names) == [("Node 1", 1)]


def test_roots_alone_are_apart_only_where_others_have_branches():
    assert branches_of(taxonomy(3, [(1, 0)])).alone == {2}
    flat = branches_of(taxonomy(3, []))
    assert flat.alone == set()
    assert list(flat.children(TOP)) == [0, 1, 2]


def luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colour", COLOURS)
def test_words_can_be_read_on_every_colour(colour):
    ink = {"#000": 0.0, "#fff": 1.0}[ink_on(colour)]
    low, high = sorted((luminance(colour), ink))
    assert (high + 0.05) / (low + 0.05) >= 4.5


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_items_are_never_darker(items, most):
    assert 0 <= shade_of(items, most) <= shade_of(items + 1, max(most, items + 1)) + 1 <= 101


def made(categories: list[str], parents: list[tuple[str, str]]) -> duckdb.DuckDBPyConnection:
    from excavate.catalog import opening

    connection = duckdb.connect()
    schema = (opening.__file__ or "").replace("opening.py", "schema.sql")
    with open(schema, encoding="utf-8") as file:
        connection.execute(file.read())
    connection.execute(
        "INSERT INTO dataset BY NAME SELECT 'd' AS dataset_id, 's' AS source, '{}' AS options,"
        " 't' AS title, 'k' AS key_rule, 'f' AS fingerprint, 'r' AS revision, 0 AS items,"
        " '0' AS code_version, now()::TIMESTAMP AS dug_at"
    )
    for place, name in enumerate(categories):
        connection.execute("INSERT INTO category VALUES ('d', ?, ?, ?, NULL)", [name, name, place])
    for child, parent in parents:
        connection.execute("INSERT INTO category_parent VALUES ('d', ?, ?)", [child, parent])
    return connection


def test_a_dataset_whose_categories_turn_in_a_circle_is_told():
    with pytest.raises(ExcavateError, match="below itself"):
        own_taxonomy(made(["a", "b"], [("a", "b"), ("b", "a")]), "d")


def test_a_parent_that_is_not_there_is_left_out():
    found = own_taxonomy(made(["a", "b"], [("a", "gone"), ("b", "a")]), "d")
    assert found.tree.parents == [[], [0]]


def test_no_categories_are_no_tree():
    with pytest.raises(NotFoundError, match="declares no categories"):
        own_taxonomy(made([], []), "d")
    with pytest.raises(NotFoundError, match="no such dataset"):
        own_taxonomy(made([], []), "elsewhere")
