"""What is known of items' labels: the source's, other opinions, and whether that is enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from excavate.gaps.voices import Votes
from excavate.i18n import N_

MOST_CELLS = 100_000_000  # of a table of probabilities, items x labels: 0.8 GB each
Why = tuple[str | None, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Setting:
    """How it is measured. `least`: items a label or a region needs; `over`: see torn_labels."""

    k: int = 10
    folds: int = 5
    seed: int = 0
    strength: float = 0.1
    over: float = 0.5
    least: int = 5

    @property
    def enough(self) -> int:
        """Items that a label needs to be learned from: one in each fold."""
        return max(self.least, self.folds)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of n items; at least one of vectors, probabilities and votes.

    given: a label or None each; items: ids; vectors: (n, d); probabilities: out of sample,
    (n, len(names)), with `names` in their order, used in place of the probe's.
    """

    given: Sequence[str | None]
    items: Sequence[str]
    vectors: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    names: Sequence[str] = ()
    votes: Votes | None = None


def kept_rows(told: Told) -> np.ndarray:
    """The rows of items that every opinion can be asked of."""
    fine = np.ones(len(told.given), bool)
    for array in (told.vectors, told.probabilities):
        if array is not None and len(array) == len(fine):
            fine &= np.isfinite(array).all(axis=1)
    return np.flatnonzero(fine)


def refusal(told: Told, kept: np.ndarray, setting: Setting) -> Why:
    """Why nothing can be measured, with what fills the reason; (None, {}) where it can."""
    votes = None if told.votes is None else told.votes.counts
    arrays = [a for a in (told.vectors, told.probabilities, votes) if a is not None]
    sizes = {len(told.given), len(told.items), *map(len, arrays)}
    if len(sizes) > 1:
        return N_("items, labels and opinions are of different lengths"), {}
    if not told.given:
        return N_("there are no items"), {}
    if told.vectors is None and told.probabilities is None and told.votes is None:
        return N_("there is no embedding and nobody voted: no opinion but the source's own"), {}
    if not len(kept):
        return N_("no item has a vector of finite numbers"), {}
    return _unlearnable(told, kept, setting)


def _unlearnable(told: Told, kept: np.ndarray, setting: Setting) -> Why:
    counts = Counter(told.given[n] for n in kept if told.given[n] is not None)
    if not counts:
        return N_("no item has a label"), {}
    if len(counts) == 1:
        return N_("all items have the same label ({label})"), {"label": next(iter(counts))}
    enough = sum(count >= setting.enough for count in counts.values())
    if enough < 2:
        why = N_("fewer than two labels have {least} items or more ({labels} labels)")
        return why, {"least": setting.enough, "labels": f"{len(counts):,}"}
    if len(counts) * len(kept) > MOST_CELLS:
        why = N_("{items} items under {labels} labels are too many to hold in memory")
        return why, {"items": f"{len(kept):,}", "labels": f"{len(counts):,}"}
    return _sameness(told.vectors, kept)


def _sameness(vectors: np.ndarray | None, kept: np.ndarray) -> Why:
    if vectors is not None and (vectors[kept] == vectors[kept[0]]).all():
        return N_("all items look the same to the encoder"), {}
    return None, {}


def without(told: Told, names: Collection[str]) -> Told:
    """All but the items of these labels, of which nobody may vote either."""
    if not names:
        return told
    rows = [n for n, name in enumerate(told.given) if name not in names]
    kept = part_of(told, np.array(rows, np.int64))
    if kept.votes is None:
        return kept
    at = [n for n, name in enumerate(kept.votes.names) if name not in names]
    heard = Votes(kept.votes.counts[:, at], [kept.votes.names[n] for n in at], kept.votes.sets)
    return replace(kept, votes=heard)


def part_of(told: Told, kept: np.ndarray) -> Told:
    """What is known of some of the items."""
    if len(kept) == len(told.given):
        return told
    votes = (
        None
        if told.votes is None
        else Votes(told.votes.counts[kept], told.votes.names, told.votes.sets)
    )
    return Told(
        [told.given[n] for n in kept],
        [told.items[n] for n in kept],
        None if told.vectors is None else told.vectors[kept],
        None if told.probabilities is None else told.probabilities[kept],
        told.names,
        votes,
    )
