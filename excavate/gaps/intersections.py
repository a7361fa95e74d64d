"""Intersections: which combinations of values too few items have, and what that is held against.

The most general ones alone are told (patterns.py). Each row has the count of its items, the
counts that are left when one of its values is opened, and the count that independence of its
attributes would give: observed against expected says whether the combination is rare of itself
or because its parts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.patterns import TooManyError, Uncovered, derived_tau, maximal_uncovered
from excavate.i18n import N_

MEASURE = "intersections"
_NONE = (np.zeros((0, 0), int), np.zeros(0, int), np.zeros((0, 0), int), np.zeros(0))
ROWS = pa.schema(
    [
        pa.field("pattern", pa.map_(pa.string(), pa.string()), nullable=False),
        pa.field("attributes", pa.int32(), nullable=False),  # how many values it fixes
        pa.field("count", pa.int64(), nullable=False),
        pa.field("parents", pa.map_(pa.string(), pa.int64()), nullable=False),  # this one opened
        pa.field("expected", pa.float64(), nullable=False),
    ]
)


def intersections(columns: Mapping[str, Sequence[str | None]], tau: int | None = None) -> Outcome:
    """Maximal uncovered patterns of named columns of equal length, a value an item.

    None is "not stated": such an item matches no value of that column. A pattern with fewer than
    `tau` items is uncovered; without `tau` it is the number of items that any share within the
    group needs to be known to +- 0.2 (95 %). Asudeh et al. 2019; see patterns.py.
    """
    threshold = derived_tau() if tau is None else tau
    given = {"columns": list(columns), "tau": threshold, "derived": tau is None}
    why, details = _refusal(columns, threshold)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    coded = [_coded(values) for values in columns.values()]
    codes = np.stack([codes for codes, _ in coded], axis=1)
    try:
        found = maximal_uncovered(codes, [len(names) for _, names in coded], threshold)
    except TooManyError as error:
        why = N_("too many combinations to look at ({combinations})")
        return NotMeasured(MEASURE, given, why, {"combinations": str(error)})
    rows = _rows(found, list(columns), [names for _, names in coded])
    floor = Reference("floor", number=threshold)
    figures = {"items": Figure(len(codes)), "patterns": Figure(rows.num_rows)}
    return Measured(MEASURE, given, floor, rows, figures, rows.num_rows)


def _refusal(
    columns: Mapping[str, Sequence[str | None]], tau: int
) -> tuple[str | None, dict[str, str]]:
    if not columns:
        return N_("no attribute or label was chosen"), {}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        return N_("the columns are of different lengths"), {}
    if lengths == {0}:
        return N_("there are no items"), {}
    if tau < 1:
        return N_("tau has to be 1 or more"), {}
    silent = [name for name, values in columns.items() if all(v is None for v in values)]
    if silent:
        return N_("nothing is stated in {columns}"), {"columns": ", ".join(silent)}
    return None, {}


def _coded(values: Sequence[str | None]) -> tuple[np.ndarray, list[str]]:
    """(a code for each value, -1 for none; the names of the codes, in order of the alphabet)."""
    column = pa.array(values, pa.string()).dictionary_encode()
    names = column.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return np.where(codes < 0, -1, place[codes]), [names[n] for n in order]


def _rows(
    found: Sequence[Uncovered], columns: Sequence[str], names: Sequence[Sequence[str]]
) -> pa.Table:
    """The patterns as a table: fewest values first, then those furthest below what is expected.

    Column by column: there may be hundreds of thousands of them.
    """
    found = [Uncovered((), *_NONE), *found]  # so that there is something to join
    first = np.cumsum([0, *map(len, names)])[:-1]  # of each column's values among all of them
    wide = np.concatenate([np.full(len(u.counts), len(u.attributes)) for u in found])
    keys = np.concatenate([np.tile(np.array(u.attributes, int), len(u.counts)) for u in found])
    values = np.concatenate([(u.values + first[list(u.attributes)]).ravel() for u in found])
    parents = np.concatenate([u.parents.ravel() for u in found])
    counts = np.concatenate([u.counts for u in found])
    expected = np.concatenate([u.expected for u in found])
    fixed = pa.array(columns, pa.string()).take(pa.array(keys, pa.int64()))
    said = pa.array([n for column in names for n in column], pa.string())
    starts = pa.array(np.concatenate([[0], np.cumsum(wide)]), pa.int32())
    table = pa.Table.from_arrays(
        [
            pa.MapArray.from_arrays(starts, fixed, said.take(pa.array(values, pa.int64()))),
            pa.array(wide, pa.int32()),
            pa.array(counts, pa.int64()),
            pa.MapArray.from_arrays(starts, fixed, pa.array(parents, pa.int64())),
            pa.array(expected, pa.float64()),
        ],
        schema=ROWS,
    )
    return table.take(pa.array(np.lexsort((counts - expected, wide))))
