"""Joining a table of attributes (CSV, Parquet) to the items dug, in a new generation.

What is joined stands beside what the source said, with who said it and where; it is kept when
the dataset is dug again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excavate.catalog.amending import amended
from excavate.catalog.matching import (
    DROP_MATCHED,
    MEND_KEYS,
    match_keys,
    register_column,
    tell_keys,
    tell_repeated,
)
from excavate.catalog.tables import GivenTable, Needed, read_table
from excavate.errors import ExcavateError, FaultList
from excavate.model import SAID_BY

SPEAKERS = tuple(speaker for speaker in SAID_BY if speaker != "source")

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
        given = read_table(file, Needed((key,)))
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
    found = match_keys(connection, given, dataset, given.columns[key])
    faults = FaultList()
    tell_keys(connection, given, faults, skip_unmatched=skip_unmatched and found.matched > 0)
    tell_repeated(connection, given, faults)
    faults.raise_if_any("keys that cannot be joined", str(file), MEND_KEYS)
    named = tuple(column for column in given.columns if column != key)
    replaced = 0
    for column in named:
        register_column(connection, given, value=given.columns[column])
        [(forgotten,)] = connection.execute(FORGET, [dataset, column, *said]).fetchall()
        connection.execute(INSERT, [dataset, column, *said]).fetchall()
        replaced += forgotten
    connection.execute(DROP_MATCHED)
    connection.unregister("given")
    return found.rows, found.items, found.rows - found.matched, named, replaced
