"""Words for groups of items: which of their labels name them, by class-based TF-IDF.

A label weighs its share in the group times log(1 + A / f): f is how often it stands in all
groups, A how many labels a group has on average (Grootendorst 2022, as Embedding Atlas uses it).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MOST, LEAST = 4, 2  # labels a group; items that a label has to stand on
Labels = Sequence[Sequence[str]]  # of each item


@dataclass(frozen=True, slots=True)
class Named:
    """The labels that name a group, the most telling first, and the share of items with each."""

    labels: tuple[str, ...]
    shares: tuple[float, ...]


def named(groups: Sequence[Labels], rest: Labels = ()) -> list[Named]:
    """Names of each group, held against each other and against the rest.

    A label counts once an item; ties go by the alphabet. A group may stay without a name.
    """
    counts = [_counted(group) for group in [*groups, rest]]
    everywhere: Counter[str] = sum(counts, Counter())
    mean = everywhere.total() / len(counts)
    return [
        _named(count, len(group), everywhere, mean)
        for count, group in zip(counts, groups, strict=False)
    ]


def _counted(group: Labels) -> Counter[str]:
    return Counter(label for labels in group for label in set(labels))


def _named(count: Counter[str], size: int, everywhere: Counter[str], mean: float) -> Named:
    weights = {
        label: n * math.log(1 + mean / everywhere[label])
        for label, n in count.items()
        if everywhere[label] >= LEAST
    }
    best = sorted(weights, key=lambda label: (-weights[label], label))[:MOST]
    return Named(tuple(best), tuple(count[label] / size for label in best))
