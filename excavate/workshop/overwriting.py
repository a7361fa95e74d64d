"""What erasure does to rows: words become nothing, that there was something stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from excavate.workshop.begun import Erasure, Target
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import WITHDRAWABLE

NOBODY = "–"  # what a person is called after their name was erased
EMPTY = {
    "about": "{}",
    "value": "{}",
    "choices": "[]",
    "shown_name": NOBODY,
    "wanted": "[]",
    "found_by": "{}",
    "removed": "[]",
    "rooms": "[]",
    "unknowns": "{}",
}  # JSON stays JSON; other words: ""
DELETED = ("labour",)  # it holds no words: the rows themselves say when somebody was here
HELD = "SELECT table_name FROM duckdb_tables()"
NULLABLE = """
SELECT column_name FROM duckdb_columns() WHERE table_name = $1 AND is_nullable
"""
# Names of tables and columns are our own, from tables.py: nothing that a person gave comes in.
UPDATE = "UPDATE {table} SET {sets} WHERE room_id = $1 AND {what} = $2 AND person_id = $3"
DELETE = "DELETE FROM {table} WHERE room_id = $1 AND {what} = $2 AND person_id = $3"
RENAME = "UPDATE person SET shown_name = $1 WHERE room_id = $2 AND person_id = $3"
EMPTY_ROOM = "DELETE FROM {table} WHERE room_id = $1"
EMPTY_ROOMS = "DELETE FROM room WHERE room_id = $1 AND kind <> 'ended'"
DROP_MEDIA = "DELETE FROM media WHERE sha256 = $1 AND sha256 NOT IN ({named})"
NAMING = {
    "find": "SELECT sha256 FROM find WHERE sha256 IS NOT NULL",
    "member": "SELECT sha256 FROM member WHERE sha256 IS NOT NULL",
}
STILL_NAMED = f"SELECT count(*) FROM ({' UNION ALL '.join(NAMING.values())}) WHERE sha256 = $1"  # noqa: S608
# What was computed of a thing says nothing without it: (table, its column) of what is deleted.
COMPUTED = {"member": ("member_place", "member_id")}
DELETE_COMPUTED = "DELETE FROM {table} WHERE room_id = $1 AND {column} = $2"
# What an order says of one thing that hangs in it goes with the thing, whoever hung it.
HUNG = {"member": "SELECT row_id, rooms FROM curation WHERE room_id = $1 AND contains(rooms, $2)"}
REHANG = "UPDATE curation SET rooms = $1 WHERE row_id = $2"
TOMBSTONES = """
SELECT * FROM withdrawal WHERE row_id IN (SELECT unnest($1::VARCHAR[]))
"""
RESTORE = "INSERT INTO withdrawal VALUES ({}) ON CONFLICT DO NOTHING"


def overwrite(cursor: Any, erasure: Erasure, stay: Sequence[Sequence[Any]] = ()) -> None:
    """Overwrite in one file what an erasure names; `stay` are tombstones it may lack.

    The same words, whatever the file's age: a backup may hold fewer tables than we do.
    """
    held = {name for (name,) in cursor.execute(HELD).fetchall()}
    if erasure.whole_room:
        _empty_room(cursor, erasure.room_id, held)
    for target in (one for one in erasure.targets if one.table in held):
        _overwrite_one(cursor, erasure.room_id, target, keep="withdrawal" in held)
        if "curation" in held and target.table in HUNG:
            _take_off_walls(cursor, erasure.room_id, target)
    if erasure.name_too and "person" in held:
        cursor.execute(RENAME, [NOBODY, erasure.room_id, erasure.person_id])
    named = " UNION ALL ".join(query for table, query in NAMING.items() if table in held)
    for sha256 in erasure.media if "media" in held else ():
        cursor.execute(DROP_MEDIA.format(named=named), [sha256])
    if "withdrawal" in held:
        _restore(cursor, stay)


def tombstones_of(cursor: Any, erasure: Erasure) -> list[tuple[Any, ...]]:
    """The withdrawals that stand already for what an erasure names, whole rows."""
    asked = [target.row_id for target in erasure.targets]
    return list(cursor.execute(TOMBSTONES, [asked]).fetchall())


def still_named(cursor: Any, sha256: str) -> bool:
    """Whether anything in any room names a picture."""
    return bool(cursor.execute(STILL_NAMED, [sha256]).fetchone()[0])


def _overwrite_one(cursor: Any, room_id: str, target: Target, *, keep: bool) -> None:
    table, what = target.table, WITHDRAWABLE[target.table].what
    if table in COMPUTED:
        computed, column = COMPUTED[table]
        query = DELETE_COMPUTED.format(table=computed, column=column)
        cursor.execute(query, [room_id, target.what_id])
    asked = [room_id, target.what_id, target.person_id]
    if not keep or table in DELETED:  # without tombstones, a row of nothing would be shown
        cursor.execute(DELETE.format(table=table, what=what), asked)
        return
    nullable = {name for (name,) in cursor.execute(NULLABLE, [table]).fetchall()}
    words = TABLES[table].words
    sets = ", ".join(f"{name} = {_nothing(name, nullable)}" for name in words)
    cursor.execute(UPDATE.format(table=table, sets=sets, what=what), asked)


def _take_off_walls(cursor: Any, room_id: str, target: Target) -> None:
    query = HUNG[target.table]
    for row_id, kept in cursor.execute(query, [room_id, target.what_id]).fetchall():
        rooms = json.loads(kept)
        for room in rooms:
            room["hung"] = [one for one in room["hung"] if one["member_id"] != target.what_id]
        cursor.execute(REHANG, [json.dumps(rooms, ensure_ascii=False), row_id])


def _restore(cursor: Any, tombstones: Sequence[Sequence[Any]]) -> None:
    for row in tombstones:
        marks = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        cursor.execute(RESTORE.format(marks), list(row))


def _nothing(column: str, nullable: set[str]) -> str:
    return "NULL" if column in nullable else f"'{EMPTY.get(column, '')}'"


def _empty_room(cursor: Any, room_id: str, held: set[str]) -> None:
    for table in TABLES:
        if table in held:
            query = EMPTY_ROOMS if table == "room" else EMPTY_ROOM.format(table=table)
            cursor.execute(query, [room_id])
