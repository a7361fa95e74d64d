"""Empty and thin categories: by hand, by brute force, and taken out of real taxonomies."""

from __future__ import annotations

import json
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planted.taxonomy import branches, inner, without
from excavate.gaps.branches import Branches, Examples, NoTreeError, grown
from excavate.gaps.concentration import effective_number, gini
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.persons import nodes_of_persons
from excavate.gaps.rollup import Labels
from excavate.gaps.taxonomy import Against, taxonomy
from tests.gaps.test_rollup import arrays, by_hand, labelled

UNIFORM = Against(Reference("uniform"))
# beings > animals (cat, dog), plants (oak, 이끼, fern); a leaf that hangs below two: coral
EDGES = [("animals", "beings"), ("plants", "beings"), ("cat", "animals"), ("dog", "animals"),
         ("oak", "plants"), ("moss", "plants"), ("fern", "plants"), ("coral", "plants"),
         ("coral", "animals")]  # fmt: skip
IDS = ["beings", "animals", "plants", "cat", "dog", "oak", "moss", "fern", "coral"]
TREE = grown(IDS, [{"moss": "이끼"}.get(one, one) for one in IDS], EDGES)


def said(**counts: int) -> Labels:
    """So many items of each, one label an item."""
    nodes = [IDS.index(name) for name, count in counts.items() for _ in range(count)]
    return np.arange(len(nodes)), np.array(nodes, np.int64)


def ids_of(labels: Labels) -> list[str]:
    return [f"d/all/{n}" for n in range(int(labels[0].max(initial=-1)) + 1)]


def measured(tree: Branches, labels: Labels, against: Against = UNIFORM) -> Measured:
    found = taxonomy(tree, labels, ids_of(labels), against)
    assert isinstance(found, Measured), found
    return found


def rows(found: Measured) -> list[dict[str, Any]]:
    return list(found.rows.to_pylist())


def test_an_empty_branch_comes_before_what_is_thin() -> None:
    found = measured(TREE, said(oak=40, moss=4, fern=40))
    animals, moss = rows(found)
    assert (animals["name"], animals["action"], animals["nodes"]) == ("animals", "acquire", 4)
    # 84 items over 6 leaves: 3 of them below animals, one of these below plants, too
    assert (animals["target"], animals["deficit"], animals["leaves_empty"]) == (42, 42, 3)
    assert animals["chance"] == pytest.approx(0.5**84)
    assert animals["items"] == [f"d/all/{n}" for n in [0, 1, 40, 41, 44, 45, *range(2, 20)]]
    assert (moss["name"], moss["path"]) == ("이끼", ["beings", "plants", "이끼"])
    assert (moss["action"], moss["count"], moss["target"]) == ("augment", 4, pytest.approx(14))
    assert moss["share"] == pytest.approx(4 / 84)
    assert moss["items"] == [f"d/all/{n}" for n in range(40, 44)]
    told = {name: figure.value for name, figure in found.figures.items()}
    assert (told["nodes"], told["nodes_empty"], told["branches_empty"]) == (9, 4, 1)
    assert (told["leaves"], told["leaf_coverage"], told["nodes_thin"]) == (6, 0.5, 1)


def test_a_floor_is_for_each_category_and_has_no_share() -> None:
    floor = Against(Reference("floor", number=5))
    found = rows(measured(TREE, said(cat=5, dog=5, coral=5, oak=5, moss=4, fern=5), floor))
    assert [(r["node_id"], r["deficit"], r["chance"]) for r in found] == [("moss", 1, None)]
    assert found[0]["target_share"] is None


def test_another_dataset_says_what_its_shares_would_give() -> None:
    theirs = said(cat=10, dog=10, oak=20)
    ours = said(cat=20, dog=1, moss=19)
    found = measured(TREE, ours, Against(Reference("dataset", "theirs"), theirs))
    oak, dog = rows(found)  # moss, fern and coral are not in the reference: nothing is said
    assert (oak["node_id"], oak["count"], oak["target"]) == ("oak", 0, 20)
    assert (dog["node_id"], dog["count"], dog["target"]) == ("dog", 1, 10)
    # Fisher's exact test: none of the 20 among our 40 of 80
    expected = np.prod([(40 - k) / (80 - k) for k in range(20)])
    assert oak["chance"] == pytest.approx(expected)
    assert found.figures["nodes"].value == 6


def test_labels_that_repeat_their_parents_change_nothing() -> None:
    items, nodes = said(oak=40, moss=4, fern=40)
    more = [(i, p) for i, n in zip(items, nodes, strict=True) for p in (n, 2, 0)]
    again = measured(TREE, arrays([(int(i), int(n)) for i, n in more]))
    once = measured(TREE, (items, nodes))
    assert again.figures == once.figures
    assert again.rows.equals(once.rows)


@settings(deadline=None)
@given(labelled(), st.sampled_from([0.25, 0.5, 1.0]))
def test_it_is_what_brute_force_says(
    given_: tuple[int, list[tuple[int, int]], list[tuple[int, int]]], thin: float
) -> None:
    count, edges, pairs = given_
    pairs = [(item % 97, node) for item, node in pairs]
    named = [str(n) for n in range(count)]
    tree = grown(named, named, [(str(c), str(p)) for c, p in edges])
    found = taxonomy(tree, arrays(pairs), [f"d/a/{n}" for n in range(97)],
                     Against(Reference("uniform"), thin=thin))  # fmt: skip
    if count < 2 or not pairs:
        assert isinstance(found, NotMeasured)
        return
    assert isinstance(found, Measured)
    counts = by_hand(count, edges, pairs)
    parents = {n: [p for c, p in edges if c == n] for n in range(count)}
    dark = {n for n in range(count) if not counts[n] and all(counts[p] for p in parents[n])}
    told = rows(found)
    assert {int(r["node_id"]) for r in told if not r["count"]} == dark
    sizes = [r["nodes"] for r in told if not r["count"]]
    assert sizes == sorted(sizes, reverse=True)
    target = evenly(count, edges, pairs)
    scarce = {n for n in range(count) if 0 < counts[n] < thin * target[n]}
    clear = {n for n in scarce if counts[n] < thin * target[n] - 1e-9}
    assert clear <= {int(r["node_id"]) for r in told if r["count"]} <= scarce | clear
    for r in told:
        assert r["target"] == pytest.approx(target[int(r["node_id"])], abs=1e-9)


def evenly(count: int, edges: list[tuple[int, int]], pairs: list[tuple[int, int]]) -> list[float]:
    """Items expected at or below each node if each lowest label of an item were any leaf."""
    under = [{n} for n in range(count)]
    for _ in range(count):
        for child, parent in edges:
            under[parent] |= under[child]
    leaves = {n for n in range(count) if not any(p == n for _, p in edges)}
    held: dict[int, set[int]] = {}
    for item, node in pairs:
        held.setdefault(item, set()).add(node)
    many = [len([n for n in s if not (under[n] - {n}) & s]) for s in held.values()]
    part = [len(under[n] & leaves) / len(leaves) for n in range(count)]
    return [sum(1 - (1 - q) ** size for size in many) for q in part]


def test_what_cannot_be_measured_says_why() -> None:
    none = arrays([])
    alone = grown(["a"], ["a"], [])
    for tree, labels, against, why in (
        (grown([], [], []), none, UNIFORM, "the dataset declares no categories"),
        (alone, arrays([(0, 0)]), UNIFORM, "one category alone"),
        (TREE, none, UNIFORM, "no label names a category"),
        (TREE, said(cat=1), Against(Reference("dataset", "x"), none), "of the reference"),
    ):
        found = taxonomy(tree, labels, ids_of(labels), against)
        assert isinstance(found, NotMeasured)
        assert why in str(found)


def test_faults_of_a_tree_are_told_together_by_name() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "gone"), ("d", "lost")]
    with pytest.raises(NoTreeError) as caught:
        grown(["a", "b", "c", "d"], ["A", "B", "C", "D"], edges)
    assert str(caught.value) == "no such parent: d > gone, d > lost; below itself: a > b > c"


def test_all_alike_lies_in_one_category_and_the_others_are_empty() -> None:
    flat = grown(["a", "b", "c"], ["a", "b", "c"], [])
    found = measured(flat, (np.arange(9), np.ones(9, np.int64)))
    assert [(r["node_id"], r["count"], r["items"]) for r in rows(found)] == [
        ("a", 0, []), ("c", 0, []),
    ]  # fmt: skip
    assert found.figures["effective_number"].value == 1
    assert found.figures["gini"].value == pytest.approx(2 / 3)


def test_gini_and_effective_number_by_hand() -> None:
    counts = np.array([1, 2, 5, 0])
    # Gini: mean of |x - y| over pairs of categories, over twice the mean
    pairs = [abs(a - b) for a in counts for b in counts]
    assert gini(counts).value == pytest.approx(np.mean(pairs) / 4)
    entropy = -sum(p * log(p) for p in (1 / 8, 2 / 8, 5 / 8))
    assert effective_number(counts).value == pytest.approx(exp(entropy))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any))
def test_concentration_is_counted_over_the_items_at_hand_and_estimates_nothing(
    counts: list[int],
) -> None:
    """Of a count there is no interval, and it is the same for the same shares, few items or many:
    an estimate for a population, from few items over many categories, would be far off."""
    for measure in (gini, effective_number):
        once, many = measure(np.array(counts)), measure(1000 * np.array(counts))
        assert (once.low, once.high) == (None, None)
        assert once.value == pytest.approx(many.value)
    assert 0 <= gini(np.array(counts)).value < 1
    held = sum(count > 0 for count in counts)
    assert 1 <= effective_number(np.array(counts)).value <= held
    found = measured(TREE, said(cat=3, dog=1)).figures
    assert all(found[name].low is None for name in ("gini", "effective_number"))


FLAT = grown([f"{n:03}" for n in range(200)], [f"{n:03}" for n in range(200)], [])


def drawn(seed: int, share: np.ndarray, count: int = 1000) -> Labels:
    draw = np.random.default_rng(seed)
    return np.arange(count), draw.choice(len(share), count, p=share)


def test_against_another_dataset_what_chance_may_give_is_no_gap() -> None:
    share = np.random.default_rng(0).dirichlet(np.ones(200))
    false, left_out = 0, 0
    for seed in range(40):
        theirs = Against(Reference("dataset", "theirs"), drawn(2 * seed, share))
        found = measured(FLAT, drawn(2 * seed + 1, share), theirs)
        false += bool(found.rows.num_rows)
        left_out += int(found.figures["by_chance"].value)
        assert found.tested == found.figures["nodes"].value < 200
    assert false <= 4  # of 40; 5 % of them are allowed to err
    assert left_out > 40 * 10  # differences there were


def test_what_chance_does_not_give_is_still_found_and_counted() -> None:
    share = np.random.default_rng(0).dirichlet(np.ones(200))
    ours = drawn(1, share)
    gone, most = np.argsort(share)[-2:].tolist()
    kept = (ours[1] != gone) & ((ours[1] != most) | (ours[0] % 4 == 0))
    against = Against(Reference("dataset", "theirs"), drawn(2, share))
    found = measured(FLAT, (ours[0][kept], ours[1][kept]), against)
    assert [(r["node_id"], r["action"]) for r in rows(found)] == [
        (f"{gone:03}", "acquire"), (f"{most:03}", "augment"),
    ]  # fmt: skip
    assert all(r["q"] <= 0.05 for r in rows(found))
    told = found.figures
    assert (told["branches_empty"].value, told["nodes_thin"].value) == (1, 1)
    assert told["nodes_empty"].value > 1


def test_against_a_yardstick_the_same_rows_stay_with_their_q() -> None:
    even = np.full(200, 1 / 200)
    found = measured(FLAT, drawn(5, even))
    assert found.rows.num_rows > 10
    assert found.figures["by_chance"].value == found.rows.num_rows
    assert all(r["q"] > 0.05 for r in rows(found))
    floor = measured(FLAT, drawn(5, even), Against(Reference("floor", number=5)))
    assert {r["q"] for r in rows(floor)} == {None}
    assert floor.figures["by_chance"].value == 0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12))
def test_chance_and_q_are_those_of_scipy(counts: list[tuple[int, int]]) -> None:
    from scipy.stats import binom, false_discovery_control, hypergeom

    ours, theirs = (np.repeat(np.arange(len(counts)), each) for each in zip(*counts, strict=True))
    n, m, k = len(ours), len(theirs), len(counts)
    if not n or not m:
        return
    tree = grown([str(node) for node in range(k)], ["" for _ in counts], [])
    # What is not below its target is not asked about: no chance of so few.
    as_sample = {str(node): hypergeom.cdf(a, n + m, a + b, n) if a < b * n / m else 1.0
                 for node, (a, b) in enumerate(counts) if b}  # fmt: skip
    as_even = {str(node): binom.cdf(a, n, 1 / k) if a < n / k else 1.0
               for node, (a, _b) in enumerate(counts)}  # fmt: skip
    for expected, reference, labels in (
        (as_sample, Reference("dataset", "theirs"), (np.arange(m), theirs)),
        (as_even, Reference("uniform"), None),
    ):
        against = Against(reference, labels, thin=1.0, alpha=1.0)
        chance = np.minimum(np.array(list(expected.values())), 1)
        q = dict(zip(expected, false_discovery_control(chance), strict=True))
        found = rows(measured(tree, (np.arange(n), ours), against))
        assert {r["node_id"] for r in found} == {one for one in expected if expected[one] < 1}
        for row in found:
            assert row["chance"] == pytest.approx(expected[row["node_id"]], rel=1e-6)
            assert row["q"] == pytest.approx(q[row["node_id"]], rel=1e-6)


def test_what_says_what_a_person_is_is_marked_with_all_below_it() -> None:
    edges = [("person", "life"), ("n00007846", "life"), ("nurse", "n00007846"), ("dog", "life"),
             ("woman", "person"), ("bride", "woman"), ("walker", "person")]  # fmt: skip
    ids = ["life", *dict.fromkeys(child for child, _ in edges)]
    tree = grown(ids, [{"woman": "woman, adult female"}.get(i, i) for i in ids], edges)
    marked = nodes_of_persons(tree.ids, tree.names, tree.tree, range(len(ids)))
    assert {i for i, one in zip(ids, marked, strict=True) if one} == {"nurse", "woman", "bride"}
    found = measured(tree, (np.arange(3), np.full(3, ids.index("dog"))))
    assert {r["node_id"] for r in rows(found) if r["of_persons"]} == set()
    assert {r["node_id"] for r in rows(measured(
        tree, (np.arange(3), np.array([ids.index(i) for i in ("walker", "dog", "nurse")]))
    )) if r["of_persons"]} == {"woman"}  # fmt: skip


def test_items_are_shown_from_all_that_lies_below_without_going_round() -> None:
    rungs = 60  # a ladder: as many ways down as 2**59
    names = [str(n) for n in range(2 * rungs)]
    edges = [
        (str(2 * n + a), str(2 * n - b)) for n in range(1, rungs) for a in (0, 1) for b in (1, 2)
    ]
    ladder = grown(names, names, edges).tree
    counts = np.ones(2 * rungs, np.int64)
    last = (np.zeros(1, np.int64), np.array([2 * rungs - 1]))
    assert Examples(ladder, counts, last).of(0) == [0]


@pytest.mark.shared_data
def test_a_subtree_taken_out_of_a_real_taxonomy_leads(shared: Path) -> None:
    tree = branches("openimages", shared)
    assert len(inner(tree)) == 76
    for node in inner(tree)[::5]:
        first = without(tree, node).rows.slice(0, 1).to_pylist()[0]
        assert first["node_id"] == tree.ids[node]


@pytest.mark.shared_data
def test_of_the_people_of_wordnet_ilsvrc_keeps_three(shared: Path) -> None:
    tree = branches("wordnet", shared)
    folder = shared / "taxonomies/wordnet-imagenet/imagenet_class_hierarchy/wordnet"
    kept = [row[1] for row in json.loads((folder / "dataset_class_info.json").read_text("utf-8"))]
    assert len(kept) == 1000
    labels = (np.arange(1000), np.array([tree.ids.index(one) for one in kept]))
    found = measured(tree, labels)
    people = next(r for r in rows(found) if r["node_id"] == "n00007846")
    assert (people["name"].split(",")[0], people["nodes"], people["count"]) == ("person", 6979, 3)
    assert people["action"] == "augment"
    assert people["target"] > 50
    assert len(people["items"]) == 3
    assert rows(found)[0]["count"] == 0
    gone = without(tree, tree.ids.index("n00007846"))
    assert gone.rows["node_id"][0].as_py() == "n00007846"
