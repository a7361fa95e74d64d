"""Labels from elsewhere: joined to the items dug, beside what the source itself said.

They have a table of their own and are never mixed with the source's labels. A set is what one
`source` and one `said_by` say of a dataset; joining it again replaces it whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excavate.catalog.amending import amended
from excavate.catalog.attributes import refuse_speaker
from excavate.catalog.label_tables import GivenLabels, LabelPlan, read_labels
from excavate.catalog.matching import (
    DROP_MATCHED,
    Matched,
    match_keys,
    match_positions,
    tell_keys,
    tell_repeated,
)
from excavate.errors import FaultList, SourceError

SHOWN_UNKNOWN = 20
# What is no whole number of 0 or more, or too large for one, is NULL here.
SAID = """
CREATE TEMP TABLE said AS
SELECT c.place, c.number, m.ordinal, c.annotator, c.value, c.count AS written,
    CASE WHEN NOT $1 THEN 1
         WHEN regexp_full_match(c.count, '[0-9]+([.]0*)?')
         THEN TRY_CAST(split_part(c.count, '.', 1) AS BIGINT) END AS count
FROM cells c JOIN matched m ON m.place = c.place
WHERE m.ordinal IS NOT NULL OR NOT $2
"""
EMPTY = "SELECT place FROM said WHERE value IS NULL ORDER BY place"
ODD_COUNTS = """
SELECT place, value, written FROM said WHERE count IS NULL ORDER BY place, number
"""
TWICE = """
SELECT min(place), annotator, value, count(*) FROM said
WHERE ordinal IS NOT NULL AND value IS NOT NULL AND (annotator IS NOT NULL OR $1)
GROUP BY ordinal, annotator, value HAVING count(*) > 1 ORDER BY min(place), value
"""
SUM = "SELECT sum(count) FROM said WHERE ordinal IS NOT NULL"
CATEGORIES = """
CREATE TEMP TABLE written AS
SELECT label, min(category_id) AS category_id FROM (
    SELECT category_id, CASE WHEN $2 = 'names' THEN name WHEN $2 = 'ids' THEN category_id
        WHEN leaf THEN (row_number() OVER (PARTITION BY leaf ORDER BY ordinal) - 1)::VARCHAR
        END AS label
    FROM (SELECT *, category_id NOT IN (
            SELECT parent_id FROM category_parent WHERE dataset_id = $1) AS leaf
        FROM category WHERE dataset_id = $1))
WHERE label IS NOT NULL GROUP BY label HAVING count(*) = 1
"""
COUNT_LEAVES = """
SELECT count(*) FROM category WHERE dataset_id = $1
AND category_id NOT IN (SELECT parent_id FROM category_parent WHERE dataset_id = $1)
"""
FIELDS = """
SELECT field FROM label WHERE dataset_id = ? AND category_id IS NOT NULL
GROUP BY field ORDER BY field
"""
UNKNOWN = """
SELECT value, count(*) FROM said LEFT JOIN written ON label = value
WHERE ordinal IS NOT NULL AND category_id IS NULL
GROUP BY value ORDER BY count(*) DESC, value
"""
FORGET = "DELETE FROM added_label WHERE dataset_id = ? AND said_by = ? AND source = ?"
INSERT = """
INSERT INTO added_label
SELECT $1, ordinal, $2, $3, row_number() OVER (ORDER BY ordinal, place, number) - 1,
    annotator, value, category_id, count
FROM said LEFT JOIN written ON label = value WHERE ordinal IS NOT NULL
ORDER BY ordinal, place, number
"""
COUNTS = """
SELECT count(DISTINCT ordinal), count(*), sum(count)::BIGINT, count(DISTINCT annotator)
FROM said WHERE ordinal IS NOT NULL
"""
LARGEST = 2**63 - 1  # of what the catalog counts
DROP = ("DROP TABLE said", "DROP TABLE written", DROP_MATCHED)


@dataclass(frozen=True, slots=True)
class AddedLabels:
    """What was joined. `labels`: rows kept; `judgements`: the sum of their counts.

    `empty`: cells that say nothing; `unused`: columns that were not read; `unknown`: labels
    that name no single category, the most frequent first, of `unknown_values` in all, which
    stand in `unknown_labels` rows; `replaced`: rows that the same set had before.
    """

    rows: int
    unmatched: int
    items: int
    labels: int
    judgements: int
    annotators: int
    empty: int
    unused: tuple[str, ...]
    unknown: dict[str, int]
    unknown_values: int
    unknown_labels: int
    replaced: int
    generation: str


def add_labels(
    site: Path,
    file: Path,
    plan: LabelPlan,
    *,
    dataset: str,
    said_by: str,
    source: str,
    split: str | None = None,
    skip_unmatched: bool = False,
) -> AddedLabels:
    """Join the labels of a file to the items of `dataset`, in a new generation.

    Rows are matched by the column `plan.item`, or, where that is None, by their order in the
    split. A label that names no single category is kept verbatim and counted as unknown.
    Raises SourceError with all faults of the table, or all of the join, together: items that
    are not there, counts that are no whole numbers, labels left empty or said twice by the same
    annotator; SiteError where the site cannot be written. Then nothing is changed. With
    `skip_unmatched` rows without an item are left out and counted. O(rows log rows).
    """
    refuse_speaker(said_by, source)
    if split is not None and plan.item is not None:
        raise SourceError("--split is for rows in the order of items", split, "Leave it out")
    given = read_labels(file, plan)
    with amended(site) as amendment:
        connection = amendment.connection
        found = _match(connection, given, file, plan, dataset, split, skip_unmatched)
        connection.execute(CATEGORIES, [dataset, plan.written]).fetchall()
        joined = _insert(connection, dataset, said_by, source)
        for sql in DROP:
            connection.execute(sql).fetchall()
    return AddedLabels(
        rows=found.rows,
        unmatched=found.rows - found.matched,
        empty=given.empty,
        unused=given.unused,
        generation=amendment.generation,
        **joined,
    )


def _match(
    connection: Any,
    given: GivenLabels,
    file: Path,
    plan: LabelPlan,
    dataset: str,
    split: str | None,
    skip_unmatched: bool,
) -> Matched:
    faults = FaultList()
    if plan.item is None:
        found = match_positions(connection, given.table, dataset, split, faults)
        _tell_beyond(given, found, faults, skip_unmatched=skip_unmatched)
    else:
        keys = given.table.columns[plan.item]
        found = match_keys(connection, given.table, dataset, keys)
        skip = skip_unmatched and found.matched > 0
        tell_keys(connection, given.table, faults, skip_unmatched=skip)
        if plan.wide is not None:
            tell_repeated(connection, given.table, faults)
    _tell_columns(connection, given, plan, dataset, faults)
    connection.register("cells", given.cells)
    connection.execute(SAID, [plan.counted, skip_unmatched]).fetchall()
    _tell_cells(connection, given, plan, faults)
    connection.unregister("cells")
    connection.unregister("given")
    faults.raise_if_any("labels that cannot be joined", str(file), "Nothing was changed")
    return found


def _tell_beyond(
    given: GivenLabels, found: Matched, faults: FaultList, *, skip_unmatched: bool
) -> None:
    if found.rows > found.matched and not skip_unmatched:
        what = f"{found.rows:,} rows for {found.matched:,} items: what names the items of the rest?"
        faults.add(given.table.name, what)


def _tell_columns(
    connection: Any, given: GivenLabels, plan: LabelPlan, dataset: str, faults: FaultList
) -> None:
    """Numbers count one list of categories; columns that are numbers are as many as these."""
    if plan.written != "numbers":
        return
    fields = [field for (field,) in connection.execute(FIELDS, [dataset]).fetchall()]
    if len(fields) > 1:
        what = f"numbers of which categories? Those of {', '.join(fields)}: give names or ids"
        faults.add(given.table.name, what)
    [(categories,)] = connection.execute(COUNT_LEAVES, [dataset]).fetchall()
    columns = len(given.cells["value"].unique())
    if plan.wide == "counts" and columns != categories:
        what = f"{columns:,} columns of counts for {categories:,} categories"
        faults.add(given.table.name, what)


def _tell_cells(connection: Any, given: GivenLabels, plan: LabelPlan, faults: FaultList) -> None:
    where = given.table.place
    for (place,) in connection.execute(EMPTY).fetchall():
        faults.add(where(place), "the label is empty")
    for place, value, count in connection.execute(ODD_COUNTS).fetchall():
        wrong = "is empty" if count is None else f"{count!r} is no whole number of 0 or more"
        faults.add(where(place), f"{value!r}: the count {wrong}")
    for place, annotator, value, count in connection.execute(TWICE, [plan.counted]).fetchall():
        by = "" if annotator is None else f" by {annotator!r}"
        faults.add(where(place), f"{value!r} is said {count} times of its item{by}")
    [(counted,)] = connection.execute(SUM).fetchall()
    if counted is not None and counted > LARGEST:
        what = f"the counts add up to {counted:,}; a set can hold {LARGEST:,}"
        faults.add(given.table.name, what)


def _insert(connection: Any, dataset: str, said_by: str, source: str) -> dict[str, Any]:
    """Replace the set, and count what it is now."""
    unknown = connection.execute(UNKNOWN).fetchall()
    [(forgotten,)] = connection.execute(FORGET, [dataset, said_by, source]).fetchall()
    connection.execute(INSERT, [dataset, said_by, source]).fetchall()
    [(items, labels, judgements, annotators)] = connection.execute(COUNTS).fetchall()
    return {
        "items": items,
        "labels": labels,
        "judgements": judgements or 0,
        "annotators": annotators,
        "unknown": dict(unknown[:SHOWN_UNKNOWN]),
        "unknown_values": len(unknown),
        "unknown_labels": sum(count for _, count in unknown),
        "replaced": forgotten,
    }
