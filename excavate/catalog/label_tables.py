"""What a file of labels from elsewhere says, in one long form: row, annotator, label, count.

Long files have a row for each judgement, or for each label with its count. Wide ones have a row
for each item: every further column is one annotator's label, or is a label and holds counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from excavate.catalog.label_arrays import is_array, read_arrays
from excavate.catalog.tables import GivenTable, Needed, read_table
from excavate.errors import ExcavateError, FaultList

WIDE = ("annotators", "counts")
WRITTEN = ("names", "ids", "numbers")
CELLS = pa.schema(
    [
        pa.field("place", pa.int64(), nullable=False),  # of the file's row
        pa.field("number", pa.int32(), nullable=False),  # of the column, in wide files
        pa.field("annotator", pa.string()),
        pa.field("value", pa.string()),
        pa.field("count", pa.string()),  # as written; null where none is kept
    ]
)


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """How a file of labels is to be read; names of its columns.

    `wide`: None, or one of WIDE. `written`: how labels are written, one of WRITTEN (names of
    the dataset's categories, their ids, or their numbers in the source's order, from 0, among
    those that have no others below them).
    """

    item: str | None = "item"  # None: rows stand in the order of the items
    label: str = "label"
    annotator: str | None = None
    count: str | None = None
    wide: str | None = None
    columns: Sequence[str] = ()  # of a wide file; all beside the item where none is named
    written: str = "names"

    @property
    def counted(self) -> bool:
        """Whether the file says how many."""
        return self.wide == "counts" or (self.wide is None and self.count is not None)


@dataclass(frozen=True, slots=True)
class GivenLabels:
    """The file's rows and its cells (CELLS); `empty` counts cells that say nothing."""

    table: GivenTable
    cells: pa.Table
    empty: int
    unused: tuple[str, ...]


def read_labels(file: Path, plan: LabelPlan) -> GivenLabels:
    """Read a CSV, Parquet, .npy or .npz file as the plan says; values verbatim, as text.

    An empty cell of a wide file says nothing and is counted; an empty label of a long file is
    kept as null, for whoever joins to refuse. Raises SourceError with every fault of the table.
    """
    refuse_plan(plan, file)
    table = _table(file, plan)
    if plan.wide is None:
        return _long(table, plan)
    beside = [name for name in table.columns if name != plan.item]
    all_of_them = is_array(file) or not plan.columns
    chosen = beside if all_of_them else list(dict.fromkeys(plan.columns))
    unused = tuple(name for name in beside if name not in chosen)
    return _wide(table, plan, chosen, unused)


def _table(file: Path, plan: LabelPlan) -> GivenTable:
    if is_array(file):
        if plan.item is not None:
            todo = "Give --by-position, and --split"
            raise ExcavateError("an array does not name its items", str(file), todo)
        table = read_arrays(file, plan.columns)
        if plan.wide is not None:
            return table
        if len(table.columns) > 1:
            todo = f"Give --wide {' or --wide '.join(WIDE)}, or choose one with --column"
            raise ExcavateError("more than one list of labels", str(file), todo)
        return replace(table, columns={plan.label: next(iter(table.columns.values()))})
    named = [plan.item] if plan.item is not None else []
    if plan.wide is None:
        named += [name for name in (plan.label, plan.annotator, plan.count) if name is not None]
        return read_table(file, Needed(tuple(named), alone=True))
    needed = Needed((*named, *plan.columns), alone=bool(plan.columns) or not named)
    return read_table(file, needed)


def _long(table: GivenTable, plan: LabelPlan) -> GivenLabels:
    rows = len(table.places)
    nothing = pa.nulls(rows, pa.string())
    columns = [
        table.places,
        pa.nulls(rows, pa.int32()).fill_null(0),
        table.columns[plan.annotator] if plan.annotator else nothing,
        table.columns[plan.label],
        table.columns[plan.count] if plan.count else nothing,
    ]
    named = (plan.item, plan.label, plan.annotator, plan.count)
    unused = tuple(name for name in table.columns if name not in named)
    return GivenLabels(table, pa.Table.from_arrays(columns, schema=CELLS), 0, unused)


def _wide(
    table: GivenTable, plan: LabelPlan, chosen: Sequence[str], unused: tuple[str, ...]
) -> GivenLabels:
    parts = [_column(table, plan, number, name) for number, name in enumerate(chosen)]
    cells = pa.concat_tables(parts)
    empty = len(chosen) * len(table.places) - cells.num_rows
    return GivenLabels(table, cells, empty, unused)


def _column(table: GivenTable, plan: LabelPlan, number: int, name: str) -> pa.Table:
    """The cells of one column that say something."""
    rows = len(table.places)
    said = table.columns[name]
    named = pa.array([name]).take(pa.array([0] * rows, pa.int32()))
    by_annotator = plan.wide == "annotators"
    columns = [
        table.places,
        pa.nulls(rows, pa.int32()).fill_null(number),
        named if by_annotator else pa.nulls(rows, pa.string()),
        said if by_annotator else named,
        pa.nulls(rows, pa.string()) if by_annotator else said,
    ]
    return pa.Table.from_arrays(columns, schema=CELLS).filter(pc.is_valid(said))


def refuse_plan(plan: LabelPlan, file: Path) -> None:
    """Raise one SourceError with all that does not fit together in what was asked."""
    faults = FaultList()
    if plan.wide not in (None, *WIDE):
        faults.add("--wide", f"one of {', '.join(WIDE)}, not {plan.wide!r}")
    if plan.written not in WRITTEN:
        faults.add("--labels", f"one of {', '.join(WRITTEN)}, not {plan.written!r}")
    if plan.wide is not None and (plan.annotator or plan.count):
        faults.add("--wide", "each column is read alike: leave --annotator and --count out")
    if plan.wide is None and plan.columns and not is_array(file):
        faults.add("--column", "chooses among the columns of a wide file: give --wide too")
    named = [n for n in (plan.item, plan.label, plan.annotator, plan.count) if n is not None]
    if plan.wide is None and len(set(named)) < len(named):
        faults.add("--item, --annotator, --label, --count", "name a column each, not one twice")
    faults.raise_if_any("this cannot be asked together", todo="Mend the options")
