"""Coverage: which regions of a reference R no item of D lies in, in embedding space.

Four numbers by k-NN balls (prdc.py: Naeem et al. 2020, Kynkäänniemi et al. 2019), and regions:
items of R that belong to R alone (belonging.py; two_sample.py says whether R and D differ as
wholes), grouped (voids.py), named by R's labels (naming.py). Items of R that D holds too, the same
vector to rounding, are no one's alone and are not ranked. Nothing is said of what neither set
holds, of what the encoder does not see, and of groups of few items: to be picked, a group has to
be as large as m items of D can tell from chance, more than n / (rate m) of R's n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from excavate.gaps.belonging import SMOOTHED, Ranked, around_of, ranked
from excavate.gaps.coverage_rows import regions
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.kin import kin
from excavate.gaps.prdc import Balls, balls, by_chance, figures_of, rounding
from excavate.gaps.rough import around
from excavate.gaps.two_sample import Told, tell_apart
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "coverage"


@dataclass(frozen=True, slots=True)
class Side:
    """A set of items: float32 (n, d) unit vectors, their ids (n,), their labels where known."""

    name: str
    vectors: np.ndarray
    item_ids: np.ndarray
    labels: Sequence[Sequence[str]] = ()

    def __len__(self) -> int:
        return len(self.vectors)

    def at(self, rows: np.ndarray) -> Side:
        """These rows alone."""
        labels = [self.labels[row] for row in rows] if self.labels else ()
        return Side(self.name, self.vectors[rows], self.item_ids[rows], labels)


@dataclass(frozen=True, slots=True)
class Settings:
    """k of the balls; folds, shuffles and seed of the classifier; the share picked by chance."""

    k: int = 5
    folds: int = 5
    permutations: int = 0
    rate: float = 0.1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Alone:
    """R's items that D does not hold, told apart from D and ranked; `rows` say which of R."""

    side: Side
    rows: np.ndarray
    told: Told
    ranked: Ranked


def coverage(
    dataset: Side,
    reference: Side,
    against: Reference,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Outcome:
    """What `reference` has that `dataset` does not reach; both through one encoder.

    Not measured where a set is empty, too small for its balls and folds, or where all of R looks
    the same. Vectors that are no numbers or have no direction are left out and counted.
    """
    chosen = settings or Settings()
    given = asdict(chosen)
    sides = [_with_direction(side) for side in (dataset, reference)]
    why, details = _refusal(sides[0], sides[1], chosen)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    found = balls(sides[1].vectors, sides[0].vectors, chosen.k, SMOOTHED, progress)
    alone = alone_in(sides[1], sides[0], found, chosen, progress)
    left_out = len(dataset) + len(reference) - len(sides[0]) - len(sides[1])
    figures = _figures(sides, found, alone, left_out)
    rows = regions(alone, sides[0], found, chosen.seed)
    tested = len(alone.rows) if alone else 0
    return Measured(MEASURE, given, against, rows, figures, tested)


def alone_in(
    reference: Side, dataset: Side, found: Balls, settings: Settings, progress: Progress = silent
) -> Alone | None:
    """R's items that D does not hold, ranked; None where there are too few to learn from."""
    rows = np.flatnonzero(own(reference, found))
    if min(len(rows), len(dataset)) < 2 * settings.folds:
        return None
    side = reference.at(rows) if len(rows) < len(reference) else reference
    own_near = found.near_reference
    if len(side) < len(reference):
        own_near = around(side.vectors, max(settings.k, SMOOTHED), progress)
    near = around_of(side.vectors, dataset.vectors, own_near, found.near_dataset, progress)
    together = kin(side.vectors, dataset.vectors, (near.own, near.theirs, near.across))
    told = tell_apart(
        side.vectors, dataset.vectors, settings.folds, settings.permutations, settings.seed,
        progress, together,
    )  # fmt: skip
    order = ranked(near, told, settings.k, settings.rate)
    return Alone(side, rows, told, order)


def own(reference: Side, found: Balls) -> np.ndarray:
    """Bool (n,): which items of R are not in D as well, to rounding."""
    return np.asarray(found.closest < 1 - rounding(reference.vectors.shape[1]))


def _with_direction(side: Side) -> Side:
    if not len(side):
        return side
    lengths = np.linalg.norm(side.vectors, axis=1)
    kept = np.flatnonzero(np.isfinite(lengths) & (lengths > 0))
    if len(kept) == len(side):
        return replace(side, vectors=np.asarray(side.vectors, np.float32))
    return side.at(kept)


def _refusal(dataset: Side, reference: Side, settings: Settings) -> tuple[str, dict[str, Any]]:
    least = max(settings.k + 1, 2 * settings.folds)
    for side in (dataset, reference):
        if not len(side):
            return N_("no item of {name} has a vector by this encoder"), {"name": side.name}
        if len(side) < least:
            why = N_("too few items to compare: {name} has {items}, {least} are needed")
            return why, {"name": side.name, "items": len(side), "least": least}
    if dataset.vectors.shape[1] != reference.vectors.shape[1]:
        return N_("the vectors have different dimensions"), {}
    if np.ptp(reference.vectors, axis=0).max() < rounding(reference.vectors.shape[1]):
        return N_("all items of {name} look the same to this encoder"), {"name": reference.name}
    return "", {}


def _figures(
    sides: Sequence[Side], found: Balls, alone: Alone | None, left_out: int
) -> dict[str, Figure]:
    both = int((~own(sides[1], found)).sum())
    figures = figures_of(found) | by_chance(len(sides[1]), len(sides[0]), both, found.k)
    if alone:
        figures["auc"] = alone.told.auc
        if alone.told.chance:
            figures["auc_by_chance"] = alone.told.chance
        figures["apart"] = Figure(float(alone.told.apart))
        figures["picked"] = Figure(len(alone.ranked.picked))
    counts = {
        "items": len(sides[0]),
        "reference_items": len(sides[1]),
        "in_both": both,
        "left_out": left_out,
    }
    return figures | {name: Figure(count) for name, count in counts.items()}
