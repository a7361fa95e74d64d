"""Counts of every combination of values of some attributes, for any set of attributes asked.

Where all combinations fit into memory: the data cube (Gray et al. 1997). The widest table is
counted once, and each other is the sum over one axis of a table that has one attribute more: a
million items are gone over once. Where they do not fit: from the distinct rows, a table at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

MOST_SUMMED = 30_000_000  # cells of all tables of a cube together; 240 MB


class Counts(Protocol):
    """Tables of counts, one axis an attribute, over its kept values in order."""

    def table(self, attributes: tuple[int, ...]) -> np.ndarray:
        """How many items have each combination; what is not stated has no place in it."""
        ...


def counts_of(
    codes: Sequence[np.ndarray], kept: Sequence[np.ndarray], sizes: Sequence[int]
) -> Counts:
    """Counts over the kept values of each attribute; codes[j] is (items,), -1 for not stated."""
    rows = [_renumbered(c, v, s) for c, v, s in zip(codes, kept, sizes, strict=True)]
    shape = tuple(len(values) + 1 for values in kept)
    if math.prod(wide + 1 for wide in shape) <= MOST_SUMMED and len(shape) <= 30:
        return Cube(rows, shape)
    return DistinctRows(rows, shape)


def _renumbered(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Numbers among the kept values; the number after them is for all that is none of them."""
    number = np.full(size + 1, len(values), np.int64)
    number[values] = np.arange(len(values))
    return np.asarray(number[codes])  # -1 finds the last


class Cube:
    """All tables, each summed from a wider one when it is first asked for."""

    def __init__(self, rows: Sequence[np.ndarray], shape: tuple[int, ...]) -> None:
        self.all = tuple(range(len(shape)))
        cells = np.bincount(_cells(rows, shape), minlength=math.prod(shape))
        self.tables = {self.all: cells.reshape(shape)}

    def table(self, attributes: tuple[int, ...]) -> np.ndarray:
        """As Counts says. Time O(cells of the wider tables not yet summed)."""
        return self._with_rest(attributes)[tuple(slice(-1) for _ in attributes)]

    def _with_rest(self, attributes: tuple[int, ...]) -> np.ndarray:
        if attributes not in self.tables:
            more = next(j for j in self.all if j not in attributes)
            wider = tuple(sorted((*attributes, more)))
            self.tables[attributes] = self._with_rest(wider).sum(axis=wider.index(more))
        return self.tables[attributes]


class DistinctRows:
    """The distinct rows with how often they occur: each table is counted from them."""

    def __init__(self, rows: Sequence[np.ndarray], shape: tuple[int, ...]) -> None:
        self.shape = shape
        if math.prod(shape) < 2**62:
            there, self.weights = np.unique(_cells(rows, shape), return_counts=True)
            self.rows = np.unravel_index(there, shape)
        else:
            found, self.weights = np.unique(np.stack(rows), axis=1, return_counts=True)
            self.rows = tuple(found)

    def table(self, attributes: tuple[int, ...]) -> np.ndarray:
        """As Counts says. Time O(distinct rows + cells)."""
        shape = tuple(self.shape[j] - 1 for j in attributes)
        rows = [self.rows[j] for j in attributes]
        stated = np.logical_and.reduce([r < s for r, s in zip(rows, shape, strict=True)])
        cell = _cells([row[stated] for row in rows], shape)
        counted = np.bincount(cell, self.weights[stated], minlength=math.prod(shape))
        return counted.astype(np.int64).reshape(shape)


def _cells(rows: Sequence[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    cell = np.zeros(len(rows[0]) if len(rows) else 0, np.int64)
    for row, wide in zip(rows, shape, strict=True):
        cell = cell * wide + row
    return cell
