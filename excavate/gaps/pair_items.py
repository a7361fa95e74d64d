"""Which items show a pair of values: those that have both, else those that have one alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Any

import numpy as np

from excavate.gaps.cooccurrence import Membership, Pairs

MOST = 24


def items_of_pairs(
    pairs: Pairs, members: Sequence[Membership], item_ids: Sequence[str], most_rows: int
) -> list[list[str]]:
    """Up to MOST item ids a pair, in the source's order; empty lists after `most_rows` a side.

    Where no item has both: items with x alone and items with y alone, in turn.
    """
    columns = [m.matrix.tocsc() for m in members]  # items ascending in each
    mark = np.zeros(len(item_ids), bool)
    thin = pairs.both * pairs.total < pairs.with_x * pairs.with_y
    place = np.where(thin, np.cumsum(thin), np.cumsum(~thin))
    found: list[list[str]] = []
    for n in range(len(thin)):
        if place[n] > most_rows:
            found.append([])
            continue
        fields, values = (pairs.x_field[n], pairs.y_field[n]), (pairs.x[n], pairs.y[n])
        said = members[fields[0]].stated & members[fields[1]].stated
        x, y = (_having(columns[f], v, said) for f, v in zip(fields, values, strict=True))
        found.append([item_ids[i] for i in _telling(x, y, mark)])
    return found


def _having(columns: Any, value: int, said: np.ndarray) -> np.ndarray:
    items = columns.indices[columns.indptr[value] : columns.indptr[value + 1]]
    return np.asarray(items[said[items]])


def _telling(with_x: np.ndarray, with_y: np.ndarray, mark: np.ndarray) -> list[int]:
    """`mark` is scratch, all False before and after: quicker than a sort for every pair."""
    mark[with_y] = True
    both = with_x[mark[with_x]]
    mark[with_y] = False
    if len(both):
        return [int(i) for i in both[:MOST]]
    turns = zip_longest(with_x[: MOST // 2], with_y[: MOST // 2])
    return [int(i) for i in chain.from_iterable(turns) if i is not None]
