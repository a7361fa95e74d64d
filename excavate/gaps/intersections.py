"""Intersections: which combinations of values too few items have, and what that is held against.

The most general ones alone are told (patterns.py). Each row has the count of its items, the
counts that are left when one of its values is opened, and the count that independence of its
attributes would give: observed against expected says whether the combination is rare of itself
or because its parts are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.pattern_items import nearest_items
from excavate.gaps.pattern_lattice import Limits, TooManyError, Uncovered, strongest
from excavate.gaps.patterns import Search, derived_tau, maximal_uncovered
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "intersections"
MOST_ROWS = 10_000
SHOWN = 100  # rows that name items
TOO_MANY = N_(
    "too many combinations to look at: more than {combinations} of {level} columns each; choose "
    "fewer columns, a lower level or more effort"
)
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
    columns: Columns,
    tau: int | None = None,
    item_ids: Sequence[str] | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Maximal uncovered patterns of named columns of equal length, a value an item.

    A column is a list, or an Arrow array of strings, dictionary-encoded or not. None or blank is
    "not stated": such an item matches no value of that column. A pattern with fewer than `tau`
    items is uncovered; without `tau` it is the number of items that any share within the group
    needs to be known to +- 0.2 (95 %). Asudeh et al. 2019; see patterns.py, also for the limits.
    With `item_ids` the first rows name the items that lack one value alone. At most MOST_ROWS
    rows; the figures have their number and, where not all was looked at, up to which level.
    """
    threshold = derived_tau() if tau is None else tau
    limits = replace(limits or Limits(), most=MOST_ROWS)
    given = {
        "columns": list(columns), "tau": threshold,
        "level": limits.level, "effort": limits.effort,
    }  # fmt: skip
    coded = {name: _coded(values) for name, values in columns.items()}
    why, details = _refusal({name: codes for name, (codes, _) in coded.items()}, threshold)
    if why:
        return NotMeasured(MEASURE, given, why, details)
    codes, sizes = [c for c, _ in coded.values()], [len(names) for _, names in coded.values()]
    try:
        search = maximal_uncovered(codes, sizes, threshold, limits, progress)
    except TooManyError as error:
        return NotMeasured(MEASURE, given, TOO_MANY, error.details())
    rows = _rows(search.found, list(columns), [names for _, names in coded.values()])
    rows = _with_items(rows, coded, item_ids)
    floor = Reference("floor", number=threshold)
    return Measured(MEASURE, given, floor, rows, _figures(search, codes), search.looked_at)


def _figures(search: Search, codes: Sequence[np.ndarray]) -> dict[str, Figure]:
    return {
        "items": Figure(len(codes[0])),
        "patterns": Figure(search.patterns),
        "columns": Figure(len(codes)),
        "level": Figure(search.level),
    }


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
    used = [n for n in there if names[n] and names[n].strip()]
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
    kept: list[Uncovered] = []
    left = MOST_ROWS
    for wide in sorted({len(one.attributes) for one in found}):
        kept += strongest([one for one in found if len(one.attributes) == wide], left)
        left = MOST_ROWS - sum(len(one.counts) for one in kept)
    return kept
