"""Joining a table of attributes (CSV, Parquet) to the items dug, in a new generation.

What is joined stands beside what the source said, with who said it and where; it is kept when
the dataset is dug again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from excavate.catalog.amending import amended
from excavate.catalog.tables import GivenTable, read_table
from excavate.errors import ExcavateError, FaultList, NotFoundError
from excavate.model import SAID_BY

SPEAKERS = tuple(speaker for speaker in SAID_BY if speaker != "source")

DATASET = "SELECT count(*) FROM dataset WHERE dataset_id = ?"
# The key may be written as the item's id, as split/key, or as the bare key.
MATCH = """
CREATE TEMP TABLE matched AS
SELECT g.place, g.key, i.ordinal
FROM given g LEFT JOIN (
    SELECT ordinal, item_id AS name FROM item WHERE dataset_id = $1
    UNION SELECT ordinal, split || '/' || key FROM item WHERE dataset_id = $1
    UNION SELECT ordinal, key FROM item WHERE dataset_id = $1
) i ON i.name = g.key
"""
MATCHED = """
SELECT count(DISTINCT place), count(DISTINCT place) FILTER (ordinal IS NOT NULL),
       count(DISTINCT ordinal) FROM matched
"""
UNMATCHED = "SELECT place, key FROM matched WHERE ordinal IS NULL ORDER BY place"
AMBIGUOUS = """
SELECT place, any_value(key), count(*) FROM matched WHERE ordinal IS NOT NULL
GROUP BY place HAVING count(*) > 1 ORDER BY place
"""
REPEATED = """
SELECT min(place), arg_min(key, place), count(DISTINCT place) FROM matched
WHERE ordinal IS NOT NULL GROUP BY ordinal HAVING count(DISTINCT place) > 1 ORDER BY min(place)
"""
DROP_MATCHED = "DROP TABLE matched"
FORGET = """
DELETE FROM attribute
WHERE dataset_id = ? AND added AND name = ? AND said_by = ? AND source = ?
"""
INSERT = """
INSERT INTO attribute SELECT ?, m.ordinal, ?, g.value, ?, ?, true
FROM matched m JOIN given g ON g.place = m.place WHERE m.ordinal IS NOT NULL ORDER BY m.ordinal
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """What was joined: rows of the table, items they reached, columns that became attributes.

    `replaced` counts the values that the same source, speaker and columns had said before.
    """

    rows: int
    items: int
    unmatched: int
    columns: tuple[str, ...]
    replaced: int
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
    """Join the columns of `file` to the items of `dataset` by its column `key`, as text.

    A column that the same `source` and `said_by` gave this dataset before is replaced whole;
    all else stays. Raises SourceError with all faults of the table (`read_table`), or all
    unmatched, ambiguous and repeated keys, together, SiteError where the site cannot be
    written; then nothing is changed. With `skip_unmatched` rows whose key no item has are left
    out and counted in the result; if no row matches, that is an error all the same.
    """
    refuse_speaker(said_by, source)
    with amended(site) as amendment:
        given = read_table(file, key)
        said = (said_by, source)
        joined = _join(amendment.connection, given, file, dataset, key, said, skip_unmatched)
    return Joined(*joined, amendment.generation)


def refuse_speaker(said_by: str, source: str) -> None:
    """Raise ExcavateError where nobody speaks so, or no source is named."""
    if said_by not in SPEAKERS:
        kept = "kept for what the dataset's own source said"
        what = kept if said_by in SAID_BY else "nobody says so"
        raise ExcavateError(what, f"said by {said_by!r}", f"One of: {', '.join(SPEAKERS)}")
    if not source.strip():
        raise ExcavateError("no source is named", todo="Say where: a work, a link, a person")


def _join(
    connection: Any,
    given: GivenTable,
    file: Path,
    dataset: str,
    key: str,
    said: tuple[str, str],
    skip_unmatched: bool,
) -> tuple[int, int, int, tuple[str, ...], int]:
    if connection.execute(DATASET, [dataset]).fetchall() == [(0,)]:
        raise NotFoundError("no such dataset in this site", dataset, "See excavate show")
    _register(connection, given, key=given.columns[key])
    connection.execute(MATCH, [dataset])
    [(rows, matched, items)] = connection.execute(MATCHED).fetchall()
    _refuse_faults(connection, given, file, skip_unmatched and matched > 0)
    named = tuple(column for column in given.columns if column != key)
    replaced = 0
    for column in named:
        _register(connection, given, value=given.columns[column])
        [(forgotten,)] = connection.execute(FORGET, [dataset, column, *said]).fetchall()
        connection.execute(INSERT, [dataset, column, *said]).fetchall()
        replaced += forgotten
    connection.execute(DROP_MATCHED)
    connection.unregister("given")
    return rows, items, rows - matched, named, replaced


def _register(connection: Any, given: GivenTable, **column: pa.ChunkedArray) -> None:
    """One column as the table `given`, under a name of ours: theirs never reach the SQL."""
    connection.register("given", pa.table({"place": given.places, **column}))


def _refuse_faults(connection: Any, given: GivenTable, file: Path, skip_unmatched: bool) -> None:
    faults = FaultList()
    unmatched = [] if skip_unmatched else connection.execute(UNMATCHED).fetchall()
    for place, key in unmatched:
        what = "the key is empty" if key is None else f"no item has the key {key!r}"
        faults.add(given.place(place), what)
    for place, key, count in connection.execute(AMBIGUOUS).fetchall():
        faults.add(given.place(place), f"the key {key!r} names {count} items")
    for place, key, count in connection.execute(REPEATED).fetchall():
        faults.add(given.place(place), f"the key {key!r}: {count} rows name its item")
    todo = "Mend the keys (an item's id, split/key, or its key alone); nothing was changed"
    faults.raise_if_any("keys that cannot be joined", str(file), todo)
