"""Whether a workshop is whole: every fault of it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from excavate.errors import InputFault, SourceError
from excavate.workshop.ids import is_id
from excavate.workshop.media import HASH
from excavate.workshop.migrations import APPLIED, MIGRATIONS
from excavate.workshop.store import Workshop
from excavate.workshop.tables import TABLES

ROWS = "SELECT row_id, room_id, supersedes, writing, written_at, person_id FROM {table}"
ROOMS = "SELECT DISTINCT room_id FROM room"
PEOPLE = "SELECT DISTINCT person_id FROM person"
MEDIA = "SELECT DISTINCT sha256 FROM media"
NAMED = """
SELECT DISTINCT 'find', sha256 FROM find WHERE sha256 IS NOT NULL
UNION ALL SELECT DISTINCT 'member', sha256 FROM member WHERE sha256 IS NOT NULL
"""
# (table, column, what it has to be an id of): what is said of something is said of what is there.
POINTS = (
    ("find_fact", "find_id", "find", "find_id"),
    ("translation", "absence_id", "absence", "absence_id"),
    ("sorting", "absence_id", "absence", "absence_id"),
    ("stance", "absence_id", "absence", "absence_id"),
    ("evidence", "absence_id", "absence", "absence_id"),
    ("hand_answer", "check_id", "hand_check", "check_id"),
    ("round_act", "round_id", "round", "round_id"),
    ("judgement", "judging_id", "judging", "judging_id"),
    ("member", "plan_id", "plan", "plan_id"),
    ("member_rights", "member_id", "member", "member_id"),
    ("member_place", "member_id", "member", "member_id"),
    ("left_out", "member_id", "member", "member_id"),
    ("curation", "plan_id", "plan", "plan_id"),
    ("released", "plan_id", "plan", "plan_id"),
)
ORPHANS = """
SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT {key} FROM {of})
"""
ANSWERED = """
SELECT DISTINCT about FROM reply WHERE about NOT IN (
    SELECT find_id FROM find UNION SELECT fact_id FROM find_fact UNION SELECT reply_id FROM reply
    UNION SELECT absence_id FROM absence UNION SELECT translation_id FROM translation
    UNION SELECT evidence_id FROM evidence
)
"""
OPEN_TO_ALL = ("membership", "link")  # who only looks has given no name


def check(workshop: Workshop) -> list[InputFault]:
    """Every fault: ids, corrections, order, what points at nothing, pictures, schema."""
    with workshop.cursor() as cursor:
        faults = [
            *_schema_faults(cursor),
            *_row_faults(cursor),
            *_pointing_faults(cursor),
            *_media_faults(cursor, workshop.folder.path),
        ]
    return faults


def refuse_broken(workshop: Workshop) -> int:
    """How many rows there are, all well. Raises SourceError with all faults where some are not."""
    faults = check(workshop)
    if faults:
        todo = "A backup may hold it whole: see backups/ in the site"
        where = str(workshop.folder.path)
        raise SourceError(f"the workshop has faults ({len(faults)})", where, todo, faults,
                          len(faults))  # fmt: skip
    with workshop.cursor() as cursor:
        return sum(len(cursor.execute(ROWS.format(table=t)).fetchall()) for t in TABLES)


def _schema_faults(cursor: Any) -> Iterator[InputFault]:
    applied = {name for (name,) in cursor.execute(APPLIED).fetchall()}
    for step in MIGRATIONS:
        if step.__name__ not in applied:
            yield InputFault("migration", f"{step.__name__} was not taken")


def _row_faults(cursor: Any) -> Iterator[InputFault]:
    rooms = {r for (r,) in cursor.execute(ROOMS).fetchall()}
    people = {p for (p,) in cursor.execute(PEOPLE).fetchall()}
    for table in TABLES:
        rows = cursor.execute(ROWS.format(table=table)).fetchall()
        writings = {row[0]: row[3] for row in rows}
        for row in rows:
            yield from _one_row(table, row, rooms, writings)
            if row[5] and row[5] not in people and table not in OPEN_TO_ALL:
                yield InputFault(f"{table} {row[0]}", "by a person who is not there")


def _one_row(
    table: str, row: Any, rooms: set[str], writings: dict[str, int]
) -> Iterator[InputFault]:
    row_id, room, before, writing, _at, _person = row
    place = f"{table} {row_id}"
    if table != "room" and not is_id(row_id):
        yield InputFault(place, "not an id of ours")
    if room not in rooms:
        yield InputFault(place, "of a room that is not there")
    if writing < 1:
        yield InputFault(place, f"version {writing}")
    if before is not None and before not in writings:
        yield InputFault(place, f"corrects {before}, which is not there")
    elif before is not None and writings[before] >= writing:
        yield InputFault(place, f"corrects {before}, which is not older")


def _pointing_faults(cursor: Any) -> Iterator[InputFault]:
    for table, column, of, key in POINTS:
        query = ORPHANS.format(table=table, column=column, of=of, key=key)
        for (lost,) in cursor.execute(query).fetchall():
            yield InputFault(f"{table}.{column} {lost}", f"there is no {of} by this id")
    for (lost,) in cursor.execute(ANSWERED).fetchall():
        yield InputFault(f"reply.about {lost}", "an answer to what is not there")


def _media_faults(cursor: Any, folder: Path) -> Iterator[InputFault]:
    held = {sha for (sha,) in cursor.execute(MEDIA).fetchall()}
    for table, named in cursor.execute(NAMED).fetchall():
        if named not in held:
            yield InputFault(f"{table}.sha256 {named}", "a picture that was never recorded")
    for sha256 in sorted(held):
        file = folder / "media" / sha256
        if not file.is_file():
            yield InputFault(f"media/{sha256}", "the file is not there")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            yield InputFault(f"media/{sha256}", "the file is another than was recorded")
    for file in sorted((folder / "media").glob("*")):
        if HASH.fullmatch(file.name) and file.name not in held:
            yield InputFault(f"media/{file.name}", "a file that nothing names")
