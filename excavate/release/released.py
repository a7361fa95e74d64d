"""What the workshop was told of releases, and the folders of them that lie in a site."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.errors import NotFoundError
from excavate.release.checksums import FILE as CHECKSUMS
from excavate.release.checksums import digest
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

FOLDER = "releases"  # of the releases that the app makes, in the site
NAME = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)-v(?P<version>[1-9][0-9]*)")
NEWEST = """
SELECT version, checksum, members FROM released
WHERE room_id = $1 AND plan_id = $2 ORDER BY writing DESC LIMIT 1
"""
TOLD_OF = """
SELECT members FROM released WHERE room_id = $1 AND checksum = $2 ORDER BY writing DESC LIMIT 1
"""
TAKEN_BACK = """
SELECT count(DISTINCT what_id) FROM withdrawn
WHERE manner <> 'shown' AND list_contains($1, what_id)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A release as the workshop was told of it."""

    version: str
    checksum: str  # of its file of checksums
    members: tuple[str, ...]


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
    return Told(str(found[0]), str(found[1]), tuple(json.loads(found[2]))) if found else None


def taken_back(workshop: Workshop, checksum: str) -> int | None:
    """How many members of a release were taken back since; None where this room was told of none
    with this checksum."""
    with workshop.cursor() as cursor:
        told = cursor.execute(TOLD_OF, [workshop.room_id, checksum]).fetchone()
        if told is None:
            return None
        gone = cursor.execute(TAKEN_BACK, [json.loads(told[0])]).fetchone()
    return int(gone[0])


def tell_released(
    workshop: Workshop, person_id: str | None, plan_id: str, version: str, checksum: str,
    members: Sequence[str],
) -> None:  # fmt: skip
    """Tell the workshop that a release was made. Raises NotAllowedError below a reviewer."""
    columns = {"plan_id": plan_id, "version": version, "checksum": checksum,
               "members": json.dumps(list(members))}  # fmt: skip
    workshop.write([Row("released", new_id(), person_id, columns)])


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
