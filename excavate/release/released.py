"""What the workshop was told of releases, and the folders of them that lie in a site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.counter.reading_members import members as members_of
from excavate.counter.refusals import refusals
from excavate.errors import NotFoundError
from excavate.release.checksums import FILE as CHECKSUMS
from excavate.release.checksums import digest
from excavate.release.standing import given_rights, is_by_reference
from excavate.workshop.ids import new_id
from excavate.workshop.release_folders import FOLDER, NAME
from excavate.workshop.store import Row

if TYPE_CHECKING:
    import re

    from excavate.counter.records import Member
    from excavate.release.record import Contents
    from excavate.workshop.store import Workshop

NEWEST = """
SELECT version, checksum, members FROM released
WHERE room_id = $1 AND plan_id = $2 ORDER BY writing DESC LIMIT 1
"""
TOLD_OF = """
SELECT plan_id, members FROM released WHERE room_id = $1 AND checksum = $2
ORDER BY writing DESC LIMIT 1
"""
SINCE = """
SELECT DISTINCT what_id FROM withdrawn WHERE room_id = $1 AND manner <> 'shown' AND writing > $2
"""
NOT_PUBLIC = "SELECT absence_id FROM absences WHERE room_id = $1 AND visibility <> 'public'"
OF_MEMBER = "member_rights/"


@dataclass(frozen=True, slots=True)
class Told:
    """A release as the workshop was told of it.

    `printed`: what else of people's words and answers stands in it, by what it is called when it
    is taken back, or the beginning of that where it is said under nobody's name. `as_of`: the
    writing it was made as of.
    """

    plan_id: str
    version: str
    checksum: str  # of its file of checksums
    members: tuple[str, ...]
    printed: tuple[str, ...] = ()
    as_of: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A release that lies in a site."""

    folder: Path
    name: str  # NAME-vN
    version: int
    checksum: str  # of its file of checksums
    files: int  # that its checksums name: all but themselves


def told_last(workshop: Workshop, plan_id: str) -> Told | None:
    """The release of a plan that the workshop was told of last."""
    with workshop.cursor() as cursor:
        found = cursor.execute(NEWEST, [workshop.room_id, plan_id]).fetchone()
    return Told(plan_id, str(found[0]), str(found[1]), *_went(found[2])) if found else None


def taken_back(workshop: Workshop, checksum: str) -> int | None:
    """How much of what stands in a release was taken back since, or made private; a member once,
    also where a person seen in it refused or who gave it consents no more. None where this room
    was told of none with this checksum."""
    with workshop.cursor() as cursor:
        told = cursor.execute(TOLD_OF, [workshop.room_id, checksum]).fetchone()
        if told is None:
            return None
        members, printed, as_of = _went(told[1])
        since = cursor.execute(SINCE, [workshop.room_id, as_of]).fetchall()
        private = {one for (one,) in cursor.execute(NOT_PUBLIC, [workshop.room_id]).fetchall()}
    shown = {*members, *printed}
    back = {what for (what,) in since if what in shown or what.rpartition("/")[0] in shown}
    stopped = _stopped_since(workshop, str(told[0]), members)
    return len({_of_what(what) for what in back} | (private & shown) | stopped)


def _stopped_since(workshop: Workshop, plan_id: str, released: tuple[str, ...]) -> set[str]:
    """Released members that a person seen in them refuses, or whose consents nobody gives any
    more, as the gate reads them. A text of consent that was changed since changes nothing: theirs
    was given to the text of that release."""
    refused = set(refusals(workshop, released))
    now = {one.member_id for one in members_of(workshop, plan_id) if _is_stopped(one)}
    return refused | now.intersection(released)


def _is_stopped(member: Member) -> bool:
    from excavate.release.gate import is_blank

    given = given_rights(member)
    if given.depicted_consent == "refused":
        return True
    if member.kind == "empty" or is_by_reference(member):
        return False
    return is_blank(given, "contributor_consent") or is_blank(given, "depicted_consent")


def _of_what(what: str) -> str:
    """The member, of rights that were taken back; else what it is."""
    return what.split("/")[1] if what.startswith(OF_MEMBER) else what


def went_out(contents: Contents, folder: Path, as_of: int) -> Told:
    """A release that lies in a folder, as the workshop is told of it."""
    return Told(
        contents.plan.given.plan_id, contents.version, digest(folder / CHECKSUMS),
        tuple(plate.member.member_id for plate in contents.plates), tuple(_printed(contents)),
        as_of,
    )  # fmt: skip


def _printed(contents: Contents) -> Iterator[str]:
    plan = contents.plan
    yield f"plan/{plan.given.plan_id}/{plan.person_id}"
    if contents.rooms:
        yield f"curation/{plan.given.plan_id}"
    for plate in contents.plates:
        if plate.member.rights:
            rights = f"{OF_MEMBER}{plate.member.member_id}"
            yield f"{rights}/{plate.member.rights.person_id}"
            yield f"{rights}/{plate.member.person_id}"  # consents stand while its giver's words do
    for one in contents.left_out:
        yield one.member.member_id
        yield f"left_out/{one.member.member_id}"
    for said in contents.conversation.said:
        if said.kind in ("sorting", "stance"):
            yield "/".join(filter(None, (said.kind, said.of, said.person_id)))
        else:
            yield said.id


def told_row(told: Told, person_id: str | None) -> Row:
    """The row that says so."""
    went = {"members": told.members, "printed": told.printed, "as_of": told.as_of}
    columns = {"plan_id": told.plan_id, "version": told.version, "checksum": told.checksum,
               "members": json.dumps(went)}  # fmt: skip
    return Row("released", new_id(), person_id, columns)


def tell_released(workshop: Workshop, person_id: str | None, told: Told) -> None:
    """Tell the workshop that a release was made. Raises NotAllowedError below a reviewer."""
    workshop.write([told_row(told, person_id)])


def _went(written: str) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """(members, what else is printed, as of which writing) of what a row says."""
    said = json.loads(written)
    if isinstance(said, list):  # as it was written before the first version
        said = {"members": said}
    return tuple(said["members"]), tuple(said.get("printed", ())), int(said.get("as_of", 0))


def made(site: Path, name: str) -> list[Made]:
    """The releases of a counter-dataset's name that lie in a site, newest first."""
    there = (site / FOLDER).iterdir() if (site / FOLDER).is_dir() else ()
    found = [_made(path, match) for path in there if (match := NAME.fullmatch(path.name))
             and match["name"] == name and (path / CHECKSUMS).is_file()]  # fmt: skip
    return sorted(found, key=lambda one: -one.version)


def _made(folder: Path, match: re.Match[str]) -> Made:
    sums = folder / CHECKSUMS
    files = sums.read_bytes().count(b"\n")
    return Made(folder, folder.name, int(match["version"]), digest(sums), files)


def release_folder(site: Path, name: str) -> Path:
    """The folder of a release NAME-vN in a site. Raises NotFoundError."""
    folder = site / FOLDER / name
    real = NAME.fullmatch(name) and folder.is_dir() and not folder.is_symlink()
    if not real or not (folder / CHECKSUMS).is_file():
        raise NotFoundError("no such release", name, "See the page of releases")
    return folder
