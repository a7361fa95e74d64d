"""items.csv: a row for each plate, for spreadsheets. The pictures lie beside, in `file`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from excavate.release.items_parquet import lost_of_tables
from excavate.release.record import Contents, Lost
from excavate.release.rows import COLUMNS, rows
from excavate.workshop.cells import safe_cell

FILE = "items.csv"


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write the table in UTF-8 with a mark, which spreadsheets ask for Korean."""
    altered = 0
    with (folder / FILE).open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        for _plate, row in rows(contents):
            cells = cells_of(row)
            written = ["" if value is None else str(_plain(value)) for value in row.values()]
            altered += sum(a != b for a, b in zip(cells, written, strict=True))
            table.writerow(cells)
    lost = lost_of_tables(contents, "csv")
    if altered:
        what = "cells that a spreadsheet would run: they begin with an apostrophe"
        lost.append(Lost("csv", what, altered, "items.parquet"))
    return lost


def cells_of(row: Mapping[str, object]) -> list[str]:
    """A row as cells: none of them is one that a spreadsheet would run."""
    return [safe_cell(_plain(value)) for value in row.values()]


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
