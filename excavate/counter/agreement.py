"""Agreement between annotators: named coefficients with their n, never a verdict on anyone.

Every function takes one long frame with the columns item, annotator and label: a row for each
answer that is a choice. Who could not say or refused is not in it, and is counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from excavate.i18n import N_

if TYPE_CHECKING:
    from pandas import DataFrame

FEWEST_ITEMS = 5  # with fewer, an interval over items would say nothing
DRAWS = 2000
UNDEFINED = 0.05  # of the draws at most: an interval over the rest would be too narrow
NO_PAIRS = N_("no item was answered by two people or more")
NO_SPREAD = N_("everybody gave one and the same answer throughout: there is no chance to exceed")
UNEVEN = N_("not every item was answered by the same number of people")
FEW_ITEMS = N_("fewer than {n} items were answered by two people or more")
ALL_ALIKE = N_("all items came out alike: drawing them again cannot say how sure that is")
UNSTABLE = N_("too often, items drawn again leave nothing to compare")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its 95 % bounds, or why there is none: never zero in its place.

    `low`, `high`: bootstrap over items, corrected for bias and acceleration (Efron 1987), with
    Student's t of n - 1 in place of the normal; None where `why_no_interval`. Over 20 simulated
    items and 3 to 12 annotators it held the observed agreement in 93 to 97 of 100, alpha in 92 to
    97 where the labels are even, and in 83 to 90 where three in four items are of one label and
    agreement is low. The percentiles alone held alpha in 78 to 94.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""
    why_no_interval: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Three coefficients of the same answers, and of how many they are.

    `items`: those that two people or more answered; `pairs`: of answers to the same item.
    """

    items: int
    annotators: int
    answers: int
    pairs: int
    observed: Coefficient
    alpha: Coefficient
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers to one item are spread.

    `disagreement`: the share of its pairs of answers that differ; None below two answers.
    `entropy`: in bits, 0 where all say the same.
    """

    item: object
    counts: dict[str, int]
    disagreement: float | None
    entropy: float


def agreement(frame: DataFrame, *, draws: int = DRAWS, seed: int = 0) -> Agreement:
    """How far people agree beyond chance, and how sure that is.

    `observed`: the share of pairs of answers to the same item that are the same. `alpha`:
    Krippendorff's alpha for nominal labels (Krippendorff 2011), for any number of annotators and
    with missing answers. `kappa`: Fleiss' kappa (1971), where every item was answered by the
    same number of people. Raises ValueError where one person answers one item twice.
    """
    counts = _counts(frame)
    paired = counts[counts.sum(axis=1) >= 2]
    sizes = paired.sum(axis=1)
    again = _drawn_again(len(paired), draws, seed)
    people = int(frame["annotator"].nunique())
    return Agreement(
        len(paired), people, int(counts.sum()), int((sizes * (sizes - 1) // 2).sum()),
        _estimated("observed agreement", _observed, paired, again),
        _estimated("Krippendorff's alpha", _alpha, paired, again),
        _estimated("Fleiss' kappa", _kappa, counts, _drawn_again(len(counts), draws, seed)),
    )  # fmt: skip


def spreads(frame: DataFrame) -> list[Spread]:
    """Each item's answers, those most disagreed on first; those that cannot be told last.

    Ties keep the order in which items first come in the frame.
    """
    counts, names = _counts(frame), sorted(frame["label"].unique())
    sizes = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = 1 - _same(counts) / (sizes * (sizes - 1))
        shares = counts / sizes[:, None]
        bits = -np.where(counts > 0, shares * np.log2(shares), 0).sum(axis=1)
    found = [
        Spread(item, {n: int(c) for n, c in zip(names, row, strict=True) if c},
               float(apart[at]) if sizes[at] > 1 else None, abs(float(bits[at])))
        for at, (item, row) in enumerate(zip(frame["item"].unique(), counts, strict=True))
    ]  # fmt: skip
    return sorted(found, key=lambda one: 1.0 if one.disagreement is None else -one.disagreement)


def change(before: DataFrame, after: DataFrame) -> tuple[int, int]:
    """(answers that changed, answers given in both) of the same people to the same items."""
    keys = ["item", "annotator"]
    both = before[[*keys, "label"]].merge(after[[*keys, "label"]], on=keys)
    return int((both["label_x"] != both["label_y"]).sum()), len(both)


def alpha_change(
    before: DataFrame, after: DataFrame, *, draws: int = DRAWS, seed: int = 0
) -> Coefficient:
    """How much Krippendorff's alpha is higher after than before, over the items of both.

    The same items are drawn again for both, so the interval is of the change itself: two
    intervals that overlap would not say that nothing changed.
    """
    both = _answered_twice(before) & _answered_twice(after)
    sides = [_counts(one[one["item"].isin(both)].sort_values("item", kind="stable"))
             for one in (before, after)]  # fmt: skip
    split = sides[0].shape[1]

    def moved(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
        shift: np.ndarray = _alpha(weights, counts[:, split:]) - _alpha(weights, counts[:, :split])
        return shift

    again = _drawn_again(len(both), draws, seed)
    return _estimated("change of Krippendorff's alpha", moved, np.hstack(sides), again)


def _answered_twice(frame: DataFrame) -> set[object]:
    sizes = frame.groupby("item")["annotator"].nunique()
    return set(sizes.index[sizes >= 2])


def _counts(frame: DataFrame) -> np.ndarray:
    """(items, labels): how many gave each label, items in the order they first come."""
    import pandas as pd

    if frame.duplicated(["item", "annotator"]).any():
        raise ValueError("one row for each item and annotator")
    items, _names = pd.factorize(frame["item"])
    labels, _labels = pd.factorize(frame["label"], sort=True)
    shape = (items.max(initial=-1) + 1, labels.max(initial=-1) + 1)
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, (items, labels), 1)
    return counts


def _drawn_again(items: int, draws: int, seed: int) -> np.ndarray:
    """(draws, items): how often each item is drawn, with replacement; seeded."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(items, np.full(items, 1 / items), size=draws) if items else np.zeros(0)


Measure = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _estimated(name: str, measure: Measure, counts: np.ndarray, again: np.ndarray) -> Coefficient:
    """A measure of (weights, counts) -> values, with its interval or why it has none."""
    why = _why_not(measure, counts)
    if why:
        return Coefficient(name, None, why=why)
    value = float(measure(np.ones((1, len(counts))), counts)[0])
    if not np.isfinite(value):
        return Coefficient(name, None, why=NO_SPREAD)
    if len(counts) < FEWEST_ITEMS:
        return Coefficient(name, value, why_no_interval=FEW_ITEMS)
    drawn = measure(again, counts)
    kept = drawn[np.isfinite(drawn)]
    without = measure(1 - np.eye(len(counts)), counts)  # each item left out once
    if len(kept) < (1 - UNDEFINED) * len(drawn) or not np.isfinite(without).all():
        return Coefficient(name, value, why_no_interval=UNSTABLE)
    low, high = _bounds(value, kept, without)
    if high - low < 1e-12:
        return Coefficient(name, value, why_no_interval=ALL_ALIKE)
    return Coefficient(name, value, low, high)


def _bounds(value: float, drawn: np.ndarray, without: np.ndarray) -> tuple[float, float]:
    """The 95 % bounds of BCa, widened as Student's t is where items are few."""
    from scipy.special import ndtr, ndtri, stdtrit

    beneath = np.mean(drawn < value - 1e-12) + np.mean(np.abs(drawn - value) <= 1e-12) / 2
    bias = ndtri(np.clip(beneath, 1 / (len(drawn) + 1), 1 - 1 / (len(drawn) + 1)))
    apart = without.mean() - without
    apart = apart / max(np.abs(apart).max(), 1e-9)  # what differs by rounding alone is alike
    acceleration = float((apart**3).sum()) / (6 * max((apart**2).sum(), 1e-9) ** 1.5)
    wide = stdtrit(len(without) - 1, 0.975)
    asked = bias + np.array([-wide, wide])
    shares = ndtr(bias + asked / (1 - acceleration * asked))
    low, high = np.quantile(drawn, shares)
    return float(low), float(high)


def _why_not(measure: Measure, counts: np.ndarray) -> str:
    sizes = counts.sum(axis=1)
    if not (sizes >= 2).any():
        return NO_PAIRS
    return UNEVEN if measure is _kappa and len(set(sizes.tolist())) > 1 else ""


def _same(counts: np.ndarray) -> np.ndarray:
    """Of each item, ordered pairs of answers that are the same."""
    pairs: np.ndarray = (counts * (counts - 1)).sum(axis=1)
    return pairs


def _observed(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    sizes = counts.sum(axis=1)
    return _over(weights @ _same(counts), weights @ (sizes * (sizes - 1)))


def _alpha(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """1 - D_o / D_e by coincidences: an item of m answers counts by m, not by its pairs."""
    sizes = counts.sum(axis=1)
    differing = weights @ ((sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1))
    n, labels = weights @ sizes, weights @ counts
    return 1 - _over(differing * (n - 1), n**2 - (labels**2).sum(axis=1))


def _kappa(weights: np.ndarray, counts: np.ndarray) -> np.ndarray:
    raters = counts.sum(axis=1)[0]
    items = weights.sum(axis=1)
    same = weights @ _same(counts) / (items * raters * (raters - 1))
    chance = (((weights @ counts) / (items * raters)[:, None]) ** 2).sum(axis=1)
    return _over(same - chance, 1 - chance)


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A quotient; nan where nothing is below it (to rounding)."""
    nothing = np.abs(below) < 1e-12
    quotient: np.ndarray = np.where(nothing, np.nan, above / np.where(nothing, 1, below))
    return quotient
