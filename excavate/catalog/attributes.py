"""Joining a table of attributes (CSV, Parquet) to the items dug, in a new generation.

What is joined stands beside what the source said, with who said it and where; it is kept when
the dataset is dug again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excavate.catalog.building import adopt_orphan, discard, publish
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import connect
from excavate.errors import ExcavateError, FaultList, NotFoundError, SourceError
from excavate.model import SAID_BY

READ_CSV = "CREATE TEMP TABLE given AS SELECT * FROM read_csv(?, all_varchar = true, header = true)"
READ_PARQUET = "CREATE TEMP TABLE given AS SELECT * FROM read_parquet(?)"
COLUMNS = (
    "SELECT column_name FROM duckdb_columns() WHERE table_name = 'given' ORDER BY column_index"
)
DATASET = "SELECT count(*) FROM dataset WHERE dataset_id = ?"
# The key may be written as the item's id, as split/key, or as the bare key.
MATCH = """
CREATE TEMP TABLE matched AS
SELECT g.rowid AS line, CAST(g."{key}" AS VARCHAR) AS key, i.ordinal
FROM given g LEFT JOIN (
    SELECT ordinal, item_id AS name FROM item WHERE dataset_id = $1
    UNION SELECT ordinal, split || '/' || key FROM item WHERE dataset_id = $1
    UNION SELECT ordinal, key FROM item WHERE dataset_id = $1
) i ON i.name = CAST(g."{key}" AS VARCHAR)
"""
MATCHED = """
SELECT count(DISTINCT line), count(DISTINCT line) FILTER (ordinal IS NOT NULL),
       count(DISTINCT ordinal) FROM matched
"""
UNMATCHED = "SELECT line, key FROM matched WHERE ordinal IS NULL ORDER BY line"
AMBIGUOUS = """
SELECT line, any_value(key), count(*) FROM matched WHERE ordinal IS NOT NULL
GROUP BY line HAVING count(*) > 1 ORDER BY line
"""
REPEATED = """
SELECT any_value(key), count(DISTINCT line) FROM matched WHERE ordinal IS NOT NULL
GROUP BY ordinal HAVING count(DISTINCT line) > 1 ORDER BY min(line)
"""
FORGET = "DELETE FROM attribute WHERE dataset_id = ? AND added AND source = ?"
INSERT = """
INSERT INTO attribute
SELECT ?, m.ordinal, ?, CAST(g."{column}" AS VARCHAR), ?, ?, true
FROM matched m JOIN given g ON g.rowid = m.line WHERE m.ordinal IS NOT NULL ORDER BY m.ordinal
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """What was joined: rows of the table, items they reached, columns that became attributes."""

    rows: int
    items: int
    unmatched: int
    columns: tuple[str, ...]
    generation: str


def add_attributes(
    site: Path,
    file: Path,
    *,
    dataset: str,
    key: str,
    said_by: str,
    source: str,
    skip_unmatched: bool = False,
) -> Joined:
    """Join the columns of `file` to the items of `dataset` by its column `key`.

    Adding again from the same `source` replaces what it said before. Raises SourceError with
    all unmatched, ambiguous and repeated keys together; then nothing is changed. With
    `skip_unmatched` rows whose key no item has are left out and counted in the result; if no
    row matches, that is an error all the same.
    """
    if said_by not in SAID_BY:
        raise ExcavateError("nobody says so", said_by, f"One of: {', '.join(SAID_BY)}")
    folder = SiteFolder(site)
    with folder.lock():
        adopt_orphan(folder)
        current = folder.current()
        if current is None:
            raise NotFoundError("nothing has been dug here yet", str(site), "Dig first")
        aside = folder.path / ".attributes.duckdb"
        discard(aside)
        shutil.copyfile(current, aside)
        connection = connect(aside, read_only=False)
        try:
            said = (said_by, source)
            joined = _join(connection, file, dataset, key, said, skip_unmatched)
            published = publish(folder, connection, aside)
        finally:
            connection.close()
            discard(aside)
    return Joined(*joined, published.stem)


def _join(
    connection: Any,
    file: Path,
    dataset: str,
    key: str,
    said: tuple[str, str],
    skip_unmatched: bool,
) -> tuple[int, int, int, tuple[str, ...]]:
    if not connection.execute(DATASET, [dataset]).fetchone()[0]:
        raise NotFoundError("no such dataset in this site", dataset, "See excavate show")
    columns = _read(connection, file)
    if key not in columns:
        raise SourceError(f"no column {key!r}", str(file), f"It has: {', '.join(columns)}")
    connection.execute(MATCH.replace("{key}", _quoted(key)), [dataset])
    rows, matched, items = connection.execute(MATCHED).fetchone()
    _refuse_faults(connection, file, skip_unmatched and matched > 0)
    connection.execute(FORGET, [dataset, said[1]])
    named = tuple(c for c in columns if c != key)
    for column in named:
        sql = INSERT.replace("{column}", _quoted(column))
        connection.execute(sql, [dataset, column, *said])
    for table in ("matched", "given"):
        connection.execute(f"DROP TABLE {table}")
    return rows, items, rows - matched, named


def _read(connection: Any, file: Path) -> list[str]:
    import duckdb

    if not file.is_file():
        raise SourceError("no such file", str(file))
    reader = READ_PARQUET if file.suffix.lower() == ".parquet" else READ_CSV
    try:
        connection.execute(reader, [str(file)])
    except duckdb.Error as error:
        todo = "Give a CSV with a header line, or a Parquet file"
        raise SourceError(f"cannot be read ({error})", str(file), todo) from error
    return [name for (name,) in connection.execute(COLUMNS).fetchall()]


def _refuse_faults(connection: Any, file: Path, skip_unmatched: bool) -> None:
    faults = FaultList()
    unmatched = [] if skip_unmatched else connection.execute(UNMATCHED).fetchall()
    for line, key in unmatched:
        faults.add(f"{file.name} row {line + 1}", f"no item has the key {key!r}")
    for line, key, count in connection.execute(AMBIGUOUS).fetchall():
        faults.add(f"{file.name} row {line + 1}", f"the key {key!r} names {count} items")
    for key, count in connection.execute(REPEATED).fetchall():
        faults.add(file.name, f"the key {key!r} stands in {count} rows")
    todo = "Mend the keys (an item's id, split/key, or its key alone); nothing was changed"
    faults.raise_if_any("keys that cannot be joined", str(file), todo)


def _quoted(identifier: str) -> str:
    """A column of the given table as an identifier: it was read from the file's own header."""
    return identifier.replace('"', '""')
