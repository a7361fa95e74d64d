"""Whose opinion a label is held against: a probe's, people's, or both pooled."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from excavate.gaps.label_evidence import Setting, Told
from excavate.gaps.neighbourhoods import apart, nearest_rows
from excavate.gaps.probing import probe
from excavate.gaps.voices import Pool, log_pool, shares
from excavate.progress import Progress


class Opinions:
    """What is thought of n items, over `names`: the labels given, and those only voted for.

    codes (n,): the labels given, -1 for none; judged (n,): the same, -1 also where too few
    items carry the label to learn it.
    """

    def __init__(self, told: Told, setting: Setting, progress: Progress) -> None:
        self.told, self.setting, self.progress = told, setting, progress
        said = {name for name in told.given if name is not None}
        others = set(told.names) | set(told.votes.names if told.votes else ())
        self.names = sorted(said) + sorted(others - said)
        place = {name: number for number, name in enumerate(self.names)}
        self.codes = np.array([-1 if g is None else place[g] for g in told.given])
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        few = counts < setting.enough
        self.judged = np.where((self.codes >= 0) & ~few[self.codes], self.codes, -1)

    @cached_property
    def votes(self) -> np.ndarray | None:
        """Votes over all names (n, classes); None where nobody was asked."""
        return None if self.told.votes is None else self.told.votes.over(self.names)

    @cached_property
    def probed(self) -> np.ndarray | None:
        """What the probe says (n, classes), or whoever's probabilities were given."""
        told = self.told
        wide = np.zeros((len(self.codes), len(self.names)))
        if told.probabilities is not None:
            wide[:, [self.names.index(name) for name in told.names]] = told.probabilities
            return wide
        if told.vectors is None:
            return None
        present, packed = np.unique(self.judged[self.judged >= 0], return_inverse=True)
        codes = np.full(len(self.codes), -1)
        codes[self.judged >= 0] = packed
        how = self.setting
        wide[:, present] = probe(
            told.vectors, codes, how.folds, how.seed, how.strength, self.progress
        )
        return wide

    @cached_property
    def pool(self) -> Pool:
        """What the probe and the people say together."""
        if self.probed is None:
            said = np.zeros((len(self.codes), 0)) if self.votes is None else shares(self.votes)
            return Pool(said, 0.0, 1.0)
        if self.votes is None:
            return Pool(self.probed, 1.0, 0.0)
        return log_pool(self.probed, self.votes, self.judged)

    @cached_property
    def asked(self) -> np.ndarray:
        """The rows of items that are judged: with a label, and an opinion of it."""
        known = self.judged >= 0
        return np.flatnonzero(known & self.voted if self.probed is None else known)

    @cached_property
    def voted(self) -> np.ndarray:
        """Of which items somebody said something: bool (n,)."""
        if self.votes is None:
            return np.zeros(len(self.codes), bool)
        return np.asarray(self.votes.sum(axis=1) > 0)

    @cached_property
    def near(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The k nearest, rows and similarities (n, k); None without an embedding."""
        vectors = self.told.vectors
        if vectors is None or len(vectors) < 2:
            return None
        return nearest_rows(vectors, self.setting.k, self.progress)

    @cached_property
    def apart(self) -> np.ndarray:
        """The share of each item's neighbours under another label (n,); NaN: nothing is known."""
        if self.near is None:
            return np.full(len(self.codes), np.nan)
        return apart(self.near[0], self.codes)
