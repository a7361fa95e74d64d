"""One number before and after, and what lies between: pure functions over counts and vectors.

D is the dataset as float32 (n, d) unit vectors, M the members as (m, d), R a reference. Where a
number is an estimate, it and the difference have 95 % bounds; where it is a count of what is
there, none. A difference whose bounds hold zero is no difference that can be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from excavate.gaps.concentration import effective_number, gini
from excavate.gaps.finding import Figure
from excavate.gaps.prdc import (
    NORMAL,
    OVERLAP,
    Balls,
    balls,
    by_chance,
    figures_of,
    rounding,
    share,
)
from excavate.gaps.rough import among
from excavate.gaps.vendi import of_draws, vendi

Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Again:
    """The same numbers without and with the members."""

    before: Figures
    after: Figures
    difference: Figures


def tells(difference: Figure) -> bool:
    """Whether a difference can be told: it is none, or its bounds leave zero out."""
    if difference.low is None or difference.high is None:
        return difference.value != 0
    return difference.low > 0 or difference.high < 0


def counted(counts: Mapping[str, int], labels: Sequence[str]) -> Again:
    """How many of each category, without and with members of these labels. Exact."""
    added = {name: sum(label == name for label in labels) for name in counts}
    return Again(
        {name: Figure(count) for name, count in counts.items()},
        {name: Figure(count + added[name]) for name, count in counts.items()},
        {name: Figure(count) for name, count in added.items()},
    )


def evenness(before: np.ndarray, after: np.ndarray) -> Again:
    """Gini and the effective number of categories of counts (k,), the empty ones too. Exact."""
    found = [{"gini": gini(c), "effective_number": effective_number(c)} for c in (before, after)]
    between = {name: Figure(found[1][name].value - found[0][name].value) for name in found[0]}
    return Again(found[0], found[1], between)


def reached(dataset: np.ndarray, members: np.ndarray, reference: np.ndarray, k: int) -> Again:
    """Coverage, density, recall and precision against R by k-NN balls (prdc.py).

    The balls of R are the same before and after, so each of its items is its own comparison: the
    bounds of the difference are those of pairs. `coverage_by_chance`: of sets of these sizes that
    are drawn alike; `coverage_without_own`: without the members that R holds, where there are any.
    """
    first = balls(reference, dataset, k)
    second = balls(reference, np.concatenate([dataset, members]), k)
    usual = [_usual(one, reference) for one in (first, second)]
    before, after = figures_of(first) | usual[0], figures_of(second) | usual[1]
    between = {
        "coverage": paired_shares(first.held > 0, second.held > 0, OVERLAP),
        **{name: Figure(usual[1][name].value - one.value) for name, one in usual[0].items()},
        "density": paired(_densities(second) - _densities(first), OVERLAP),
        "recall": paired_shares(first.reached, second.reached, OVERLAP),
        "precision": _precision(first, second),
    }
    own = held_by(members, reference)
    if own.any():
        third = balls(reference, np.concatenate([dataset, members[~own]]), k)
        before["coverage_without_own"] = before["coverage"]
        after["coverage_without_own"] = share(third.held > 0, OVERLAP)
        between["coverage_without_own"] = paired_shares(first.held > 0, third.held > 0, OVERLAP)
    return Again(before, after, between)


def held_by(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Bool (n,): which of unit vectors (n, d) stand among others (m, d), the same to rounding."""
    if not len(vectors) or not len(others):
        return np.zeros(len(vectors), bool)
    nearest = among(vectors, others, 1)[1][:, 0]
    return np.asarray(nearest >= 1 - rounding(vectors.shape[1]))


def exceeds_chance(again: Again) -> bool:
    """Whether coverage rose by more than the number of the members alone would have it rise.

    The lower bound of the difference lies above what sets of these sizes, drawn alike, would gain.
    """
    low = again.difference["coverage"].low
    return low is not None and low > again.difference["coverage_by_chance"].value


def _usual(found: Balls, reference: np.ndarray) -> dict[str, Figure]:
    both = int((found.closest >= 1 - rounding(reference.shape[1])).sum())
    usual = by_chance(len(found.held), len(found.found), both, found.k)
    return {"coverage_by_chance": usual["coverage_by_chance"]}


def varied(
    dataset: np.ndarray, members: np.ndarray, size: int, draws: int = 50, seed: int = 0
) -> Again:
    """Vendi scores of samples of one size, since the score grows with n: mean and 95 % of draws.

    Draws come in pairs: a sample of D by `seed`, and the same with members put in its place by
    `seed + 1`, as many as a sample of D and M together would hold. The bounds of the difference
    hold 95 % of the pairs: they are wide where a sample may well hold none of M, and more draws
    do not narrow them, so that no difference is told that hardly a sample shows.
    """
    first = of_draws(dataset, size, draws, np.random.default_rng(seed))
    second = _with_members(dataset, members, size, draws, seed)
    return Again(
        {"rarefied": _drawn(first)}, {"rarefied": _drawn(second)},
        {"rarefied": _drawn(second - first)},
    )  # fmt: skip


def _with_members(
    dataset: np.ndarray, members: np.ndarray, size: int, draws: int, seed: int
) -> np.ndarray:
    """The scores of the samples that `of_draws` takes by `seed`, members in place of some of D."""
    ours, theirs = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    found = np.empty(draws)
    for number in range(draws):
        sample = dataset[ours.choice(len(dataset), size, replace=False)]
        many = int(theirs.hypergeometric(len(members), len(dataset), size))
        out = theirs.choice(size, many, replace=False)
        sample[out] = members[theirs.choice(len(members), many, replace=False)]
        found[number] = vendi(sample)
    return found


def paired(differences: np.ndarray, overlap: float = 1.0) -> Figure:
    """The mean of differences (n,) with its 95 % bounds; `overlap`: so many count as one."""
    value, few = float(differences.mean()), len(differences) / overlap
    spread = NORMAL * float(differences.std()) / math.sqrt(few)
    return Figure(value, value - spread, value + spread)


def paired_shares(before: np.ndarray, after: np.ndarray, overlap: float = 1.0) -> Figure:
    """How much a share of the same n items changed, from bool (n,) to bool (n,), with bounds.

    Bonett and Price 2012: as if one more had changed either way, so that nothing that changed is
    no certainty. `overlap`: so many items count as one. No share changes by more than all of it.
    """
    few = len(before) / overlap + 2
    gained, lost = (
        (float((one & ~other).sum()) / overlap + 1) / few
        for one, other in ((after, before), (before, after))
    )
    middle = gained - lost
    wide = NORMAL * math.sqrt(max(0.0, gained + lost - middle**2) / few)
    value = float(after.mean() - before.mean())
    low, high = max(-1.0, middle - wide), min(1.0, middle + wide)
    return Figure(value, min(value, low), max(value, high))


def _densities(found: Balls) -> np.ndarray:
    density: np.ndarray = found.held * (len(found.held) / (found.k * len(found.found)))
    return density


def _precision(first: Balls, second: Balls) -> Figure:
    """D's own items lie in R's balls or not, whatever is added: the rest is the members' share.

    Bounds of the difference of two shares by those of each (Newcombe 1998), Wilson's.
    """
    old, both = len(first.found), second.found
    weight = (len(both) - old) / len(both)
    theirs, ours = share(both[old:], OVERLAP), share(first.found, OVERLAP)
    value = theirs.value - ours.value
    down = math.hypot(theirs.value - _end(theirs.low), _end(ours.high) - ours.value)
    up = math.hypot(_end(theirs.high) - theirs.value, ours.value - _end(ours.low))
    return Figure(weight * value, weight * (value - down), weight * (value + up))


def _end(bound: float | None) -> float:
    return 0.0 if bound is None else bound


def _drawn(scores: np.ndarray) -> Figure:
    low, high = np.quantile(scores, [0.025, 0.975])
    value = float(scores.mean())
    return Figure(value, min(float(low), value), max(float(high), value))
