"""A column as numbers of its different texts: each text is read once, not each item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Values: TypeAlias = Sequence[str | None] | pa.Array


@dataclass(frozen=True, slots=True)
class Worded:
    """`codes` (items,): which of `texts`, -1 where nothing is said. `counts`: items of each."""

    codes: np.ndarray
    texts: Sequence[str]
    counts: np.ndarray

    @property
    def empty(self) -> np.ndarray:
        """bool (items,): where nothing is said."""
        return np.asarray(self.codes < 0)

    @property
    def stated(self) -> int:
        """Items of which something is said."""
        return int(self.counts.sum())

    def which(self, number: int) -> np.ndarray:
        """bool (items,): which items have the text of a number."""
        return np.asarray(self.codes == number)

    def read(self, one: Callable[[str], float | None]) -> np.ndarray:
        """float64 (texts,): what a function makes of each text, NaN where that is None."""
        found = [one(text) for text in self.texts]
        return np.array([np.nan if v is None else v for v in found], dtype=float)

    def spread(self, of_texts: np.ndarray) -> np.ndarray:
        """float64 (items,): what stands for each text, NaN where nothing is said."""
        return np.asarray(np.append(of_texts, np.nan)[self.codes])


def _encoded(values: Values) -> pa.DictionaryArray:
    return pa.array(values, pa.string()).dictionary_encode()


def worded(values: Values) -> Worded:
    """A column by its different texts, in the order of the alphabet; blanks say nothing."""
    coded = values if isinstance(values, pa.DictionaryArray) else _encoded(values)
    names = coded.dictionary.to_pylist()
    order = sorted((n for n, text in enumerate(names) if text.strip()), key=names.__getitem__)
    place = np.full(len(names) + 1, -1)  # the last is for null
    place[order] = np.arange(len(order))
    codes = place[pc.fill_null(coded.indices, -1).to_numpy().astype(np.int64)]
    counts = np.bincount(codes + 1, minlength=len(order) + 1)[1:]
    return Worded(codes, [names[n] for n in order], counts)
