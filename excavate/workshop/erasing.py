"""Erasing: words overwritten in the live file and in every backup; that it was, stays.

What others answered stays, under a tombstone. Translations of an erased absence go with it: they
are its words in another language, whoever wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from excavate.errors import NotAllowedError
from excavate.workshop import begun
from excavate.workshop.authors import Author
from excavate.workshop.begun import Erasure, Target
from excavate.workshop.ids import new_id
from excavate.workshop.release_folders import told_folders
from excavate.workshop.rewriting import erase_noted, overwrite_live
from excavate.workshop.store import Workshop
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import ERASED, WITHDRAWABLE, given_by, side

OWNER = {
    table: f"SELECT max(person_id) FROM {table} WHERE room_id = $1 AND {thing.what} = $2"  # noqa: S608
    for table, thing in WITHDRAWABLE.items()
}
# What goes along: (table, id, whose) of what belongs to the thing erased.
ALONG = {
    "absence": """
SELECT DISTINCT 'translation', translation_id, person_id FROM translation
    WHERE room_id = $1 AND absence_id = $2
UNION ALL SELECT DISTINCT 'evidence', evidence_id, person_id FROM evidence
    WHERE room_id = $1 AND absence_id = $2 AND person_id = $3
UNION ALL SELECT DISTINCT 'sorting', 'sorting/' || absence_id || '/' || person_id, person_id
    FROM sorting WHERE room_id = $1 AND absence_id = $2 AND person_id = $3
UNION ALL SELECT DISTINCT 'stance', 'stance/' || absence_id || '/' || person_id, person_id
    FROM stance WHERE room_id = $1 AND absence_id = $2 AND person_id = $3
""",
    "find": """
SELECT DISTINCT 'find_fact', fact_id, person_id FROM find_fact
    WHERE room_id = $1 AND find_id = $2 AND person_id = $3
""",
    # Rights and reasons tell of it, whoever wrote them down.
    "member": """
SELECT DISTINCT 'member_rights', 'member_rights/' || member_id || '/' || person_id, person_id
    FROM member_rights WHERE room_id = $1 AND member_id = $2
UNION ALL SELECT DISTINCT 'left_out', 'left_out/' || member_id || '/' || person_id, person_id
    FROM left_out WHERE room_id = $1 AND member_id = $2
""",
}
PICTURES = {
    "find": """
SELECT DISTINCT sha256 FROM find WHERE room_id = $1 AND find_id = $2 AND sha256 IS NOT NULL
""",
    "member": """
SELECT DISTINCT sha256 FROM member WHERE room_id = $1 AND member_id = $2 AND sha256 IS NOT NULL
""",
}
PICTURES_OF_ROOM = """
SELECT DISTINCT sha256 FROM media WHERE room_id = $1
    AND sha256 NOT IN (SELECT sha256 FROM find WHERE room_id <> $1 AND sha256 IS NOT NULL)
    AND sha256 NOT IN (SELECT sha256 FROM member WHERE room_id <> $1 AND sha256 IS NOT NULL)
"""
COUNTS = {name: f"SELECT count(*) FROM {name} WHERE room_id = $1" for name in TABLES}  # noqa: S608


def erase(workshop: Workshop, author: Author, row_id: str, table: str, what_id: str) -> bool:
    """Overwrite a thing of one's own for good, with its older wordings; True where that is new.

    Returns when the words are in neither the workshop, its backups nor its media any more; a
    release made before holds them until its folder is deleted (release/deleting.py), and what was
    handed on cannot be recalled. Raises as `withdrawing.hide`; others' things are never erased.
    SiteError where a file cannot be written: nobody is shown the
    words any more, and the rest is tried again until it is done.
    """
    with workshop.writing:
        if side(workshop, author, table, what_id) and workshop.shared:
            raise NotAllowedError("only who gave it erases it", "", "A reviewer may hide it")
        owner = _owner(workshop, table, what_id)
        new = _stands(workshop, owner, table, what_id)
        if new:
            own = Target(row_id, table, what_id, owner)
            _overwritten(workshop, owner, [own], name_too=False)
    erase_noted(workshop)
    return new


def erase_everything(workshop: Workshop, author: Author) -> int:
    """Erase all that a person gave in the room, and their name; how many things it was."""
    with workshop.writing:
        given = [one for one in given_by(workshop, author.person_id) if one.manner != ERASED]
        own = [Target(new_id(), one.table, one.what_id, author.person_id) for one in given]
        _overwritten(workshop, author.person_id, own, name_too=True)
    erase_noted(workshop)
    return len(given)


def destroy(workshop: Workshop) -> Erasure:
    """End the room and erase everything of it, with the releases in the site that it was told of;
    a certificate stays.

    Returns what was noted for it: counts and hashes. Raises SiteError where a file cannot be
    written; it is tried again until it is done.
    """
    with workshop.writing:
        erasure = _whole_room(workshop)
        begun.note(workshop.folder.path, erasure)
        overwrite_live(workshop, erasure)
    erase_noted(workshop)
    return erasure


def _whole_room(workshop: Workshop) -> Erasure:
    with workshop.cursor() as cursor:
        room = [workshop.room_id]
        counted = {n: cursor.execute(q, room).fetchone()[0] for n, q in COUNTS.items()}
        media = [s for (s,) in cursor.execute(PICTURES_OF_ROOM, room).fetchall()]
        releases = told_folders(cursor, workshop.folder.path, workshop.room_id)
    return Erasure(
        workshop.room_id, None, media=tuple(media), whole_room=True,
        counted={name: count for name, count in counted.items() if count}, releases=releases,
    )  # fmt: skip


def _overwritten(workshop: Workshop, person_id: str, own: list[Target], *, name_too: bool) -> None:
    """Note what is to go, with all that goes along, and overwrite its rows."""
    targets: dict[tuple[str, str], Target] = {(one.table, one.what_id): one for one in own}
    with workshop.cursor() as cursor:
        for one in own:
            for also in _along(cursor, workshop.room_id, one):
                targets.setdefault((also.table, also.what_id), also)
        media = _pictures(cursor, workshop.room_id, targets.values())
    every = tuple(targets.values())
    erasure = Erasure(workshop.room_id, person_id, every, name_too, tuple(media))
    begun.note(workshop.folder.path, erasure)
    overwrite_live(workshop, erasure)


def _owner(workshop: Workshop, table: str, what_id: str) -> str:
    with workshop.cursor() as cursor:
        return str(cursor.execute(OWNER[table], [workshop.room_id, what_id]).fetchone()[0])


def _stands(workshop: Workshop, owner: str, table: str, what_id: str) -> bool:
    """Whether there is anything of it left to erase."""
    given = {(one.table, one.what_id): one for one in given_by(workshop, owner)}
    return given[table, what_id].manner != ERASED


def _along(cursor: Any, room_id: str, target: Target) -> list[Target]:
    query = ALONG.get(target.table)
    if not query:
        return []
    asked = [room_id, target.what_id, *([target.person_id] if "$3" in query else [])]
    rows = cursor.execute(query, asked).fetchall()
    return [Target(new_id(), table, what, who) for table, what, who in rows]


def _pictures(cursor: Any, room_id: str, targets: Iterable[Target]) -> list[str]:
    rows = [
        row
        for one in targets
        if one.table in PICTURES
        for row in cursor.execute(PICTURES[one.table], [room_id, one.what_id]).fetchall()
    ]
    return sorted({sha256 for (sha256,) in rows})
