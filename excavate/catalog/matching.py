"""Matching the rows of a given table to the items dug, by their keys or by their order."""

from __future__ import annotations

from typing import Any, NamedTuple

import pyarrow as pa

from excavate.catalog.tables import GivenTable
from excavate.errors import FaultList, NotFoundError

MEND_KEYS = "Mend the keys (an item's id, split/key, or its key alone); nothing was changed"

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
COUNT_ITEMS = "SELECT count(*) FROM item WHERE dataset_id = $1 AND ($2 IS NULL OR split = $2)"
SPLITS = "SELECT DISTINCT split FROM item WHERE dataset_id = ? ORDER BY split"
MATCH_POSITIONS = """
CREATE TEMP TABLE matched AS
SELECT g.place, g.key::VARCHAR AS key, i.ordinal
FROM given g LEFT JOIN (
    SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS number FROM item
    WHERE dataset_id = $1 AND ($2 IS NULL OR split = $2)
) i ON i.number = g.key
"""
DROP_MATCHED = "DROP TABLE matched"


class Matched(NamedTuple):
    """Rows given, rows that an item matches, items that were matched."""

    rows: int
    matched: int
    items: int


def match_keys(connection: Any, given: GivenTable, dataset: str, keys: pa.ChunkedArray) -> Matched:
    """Find the item of each key; the temporary table `matched` (place, key, ordinal) keeps it.

    Raises NotFoundError where the site has no such dataset.
    """
    _refuse_unknown(connection, dataset)
    register_column(connection, given, key=keys)
    connection.execute(MATCH, [dataset]).fetchall()
    return Matched(*connection.execute(MATCHED).fetchall()[0])


def match_positions(
    connection: Any, given: GivenTable, dataset: str, split: str | None, faults: FaultList
) -> Matched:
    """The first row is the first item of the split (of the dataset, without one), and so on.

    Fewer rows than items are a fault: nothing says whose they are. Else as `match_keys`.
    """
    _refuse_unknown(connection, dataset)
    [(items,)] = connection.execute(COUNT_ITEMS, [dataset, split]).fetchall()
    if not items:
        names = ", ".join(name for (name,) in connection.execute(SPLITS, [dataset]).fetchall())
        raise NotFoundError("no such split", f"{dataset}/{split}", f"There are: {names}")
    rows = len(given.places)
    if rows < items:
        of = f"split {split}" if split else dataset
        faults.add(given.name, f"{rows:,} rows for the {items:,} items of {of}")
    numbers = pa.chunked_array([pa.array(range(1, rows + 1), pa.int64())])
    register_column(connection, given, key=numbers)
    connection.execute(MATCH_POSITIONS, [dataset, split]).fetchall()
    return Matched(*connection.execute(MATCHED).fetchall()[0])


def tell_keys(
    connection: Any, given: GivenTable, faults: FaultList, *, skip_unmatched: bool
) -> None:
    """Add the keys that no item has, unless they may be left out, and those of several items."""
    unmatched = [] if skip_unmatched else connection.execute(UNMATCHED).fetchall()
    for place, key in unmatched:
        what = "the key is empty" if key is None else f"no item has the key {key!r}"
        faults.add(given.place(place), what)
    for place, key, count in connection.execute(AMBIGUOUS).fetchall():
        faults.add(given.place(place), f"the key {key!r} names {count} items")


def tell_repeated(connection: Any, given: GivenTable, faults: FaultList) -> None:
    """Add the items that several rows name."""
    for place, key, count in connection.execute(REPEATED).fetchall():
        faults.add(given.place(place), f"the key {key!r}: {count} rows name its item")


def register_column(connection: Any, given: GivenTable, **column: pa.ChunkedArray) -> None:
    """One column as the table `given`, under a name of ours: theirs never reach the SQL."""
    connection.register("given", pa.table({"place": given.places, **column}))


def _refuse_unknown(connection: Any, dataset: str) -> None:
    if connection.execute(DATASET, [dataset]).fetchall() == [(0,)]:
        raise NotFoundError("no such dataset in this site", dataset, "See excavate show")
