"""Intersections: which combinations of values too few items have, and what that is held against.

The most general ones alone are told (patterns.py). Each row has the count of its items, the
counts that are left when one of its values is opened, and the count that independence of its
attributes would give: observed against expected says whether the combination is rare of itself
or because its parts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.pattern_items import nearest_items
from excavate.gaps.patterns import TooManyError, Uncovered, derived_tau, maximal_uncovered
from excavate.i18n import N_

MEASURE = "intersections"
MOST_ROWS = 10_000
SHOWN = 100  # rows that name items
Column: TypeAlias = Sequence[str | None] | pa.Array | pa.ChunkedArray
Columns = Mapping[str, Column]
Coded = tuple[np.ndarray, list[str]]
ITEMS = pa.field("items", pa.list_(pa.string()), nullable=False)
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


def intersections(
    columns: Columns, tau: int | None = None, item_ids: Sequence[str] | None = None
) -> Outcome:
    """Maximal uncovered patterns of named columns of equal length, a value an item.

    A column is a list, or an Arrow array of strings, dictionary-encoded or not. None is "not
    stated": such an item matches no value of that column. A pattern with fewer than `tau` items is
    uncovered; without `tau` it is the number of items that any share within the group needs to be
    known to +- 0.2 (95 %). Asudeh et al. 2019; see patterns.py. With `item_ids` the first rows
    name the items that lack one value alone. At most MOST_ROWS rows; the figure has their number.
    """
    threshold = derived_tau() if tau is None else tau
    given = {"columns": list(columns), "tau": threshold, "derived": tau is None}
    coded = {name: _coded(values) for name, values in columns.items()}
    why, details = _refusal({name: codes for name, (codes, _) in coded.items()}, threshold)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    codes = [codes for codes, _ in coded.values()]
    try:
        search = maximal_uncovered(codes, [len(names) for _, names in coded.values()], threshold)
    except TooManyError as error:
        why = N_("too many combinations to look at ({combinations})")
        return NotMeasured(MEASURE, given, why, {"combinations": str(error)})
    rows = _rows(search.found, list(columns), [names for _, names in coded.values()])
    floor = Reference("floor", number=threshold)
    count = sum(len(one.counts) for one in search.found)
    figures = {"items": Figure(len(codes[0])), "patterns": Figure(count)}
    rows = _with_items(rows, coded, item_ids)
    return Measured(MEASURE, given, floor, rows, figures, search.looked_at)


def _with_items(
    rows: pa.Table, coded: Mapping[str, Coded], item_ids: Sequence[str] | None
) -> pa.Table:
    shown: list[list[str]] = []
    if item_ids is not None:
        codes = {name: codes for name, (codes, _) in coded.items()}
        number = {name: {v: n for n, v in enumerate(names)} for name, (_, names) in coded.items()}
        patterns = rows["pattern"].slice(0, SHOWN).to_pylist()
        found = [nearest_items(dict(pattern), codes, number) for pattern in patterns]
        shown = [[item_ids[n] for n in items] for items in found]
    shown += [[]] * (rows.num_rows - len(shown))
    return rows.append_column(ITEMS, pa.array(shown, ITEMS.type))


def _refusal(columns: Mapping[str, np.ndarray], tau: int) -> tuple[str | None, dict[str, str]]:
    if not columns:
        return N_("no attribute or label was chosen"), {}
    lengths = {len(codes) for codes in columns.values()}
    if len(lengths) > 1:
        return N_("the columns are of different lengths"), {}
    if lengths == {0}:
        return N_("there are no items"), {}
    if tau < 1:
        return N_("tau has to be 1 or more"), {}
    silent = [name for name, codes in columns.items() if codes.max() < 0]
    if silent:
        return N_("nothing is stated in {columns}"), {"columns": ", ".join(silent)}
    return None, {}


def _coded(values: Column) -> Coded:
    """(a code for each value, -1 for none; the names of the codes, in order of the alphabet)."""
    column = (
        values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values, pa.string())
    )
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    names = column.dictionary.to_pylist()
    codes = pc.fill_null(column.indices, -1).to_numpy().astype(np.int64)
    there = np.flatnonzero(np.bincount(codes + 1, minlength=len(names) + 1)[1:])
    used = [n for n in there if names[n] is not None]
    order = sorted(used, key=lambda n: names[n])
    place = np.full(len(names) + 1, -1)  # the last is for none
    place[order] = np.arange(len(order))
    return place[codes], [names[n] for n in order]


def _rows(
    found: Sequence[Uncovered], columns: Sequence[str], names: Sequence[Sequence[str]]
) -> pa.Table:
    """The patterns as a table: fewest values first, then those furthest below what is expected.

    Column by column, of the first MOST_ROWS: there may be hundreds of thousands of them.
    """
    found = [Uncovered((), *_NONE), *_first(found)]  # so that there is something to join
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


def _first(found: Sequence[Uncovered]) -> list[Uncovered]:
    """The first MOST_ROWS in the order of the rows; sets of fewer attributes stand first."""
    kept, left = [], MOST_ROWS
    for wide in sorted({len(one.attributes) for one in found}):
        of_width = [one for one in found if len(one.attributes) == wide]
        away = np.concatenate([one.counts - one.expected for one in of_width])
        chosen = np.zeros(len(away), bool)
        chosen[np.argsort(away, kind="stable")[:left]] = True
        starts = np.cumsum([len(one.counts) for one in of_width])[:-1]
        kept += [one.take(at) for one, at in zip(of_width, np.split(chosen, starts), strict=True)]
        left -= int(chosen.sum())
    return kept
