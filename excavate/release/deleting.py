"""Deleting a release in a site of which something was taken back: its folder holds it till then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.errors import NotAllowedError, NotFoundError
from excavate.release.released import release_folder, taken_back
from excavate.release.staging import unwritable
from excavate.workshop.release_folders import FOLDER, checksum_of, remove_release
from excavate.workshop.roles import may, role_in

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop


def delete_release(workshop: Workshop, person_id: str, name: str) -> None:
    """Remove the folder of a release NAME-vN from the site, for good; its version is not given
    again.

    Only a facilitator's to do, and only where this room was told of it and something in it was
    taken back: every other release is immutable. Raises NotAllowedError, NotFoundError; SiteError
    where it cannot be removed.
    """
    _refuse_others(workshop, person_id)
    site = workshop.folder.path
    folder = release_folder(site, name)
    gone = None if (site / FOLDER).is_symlink() else taken_back(workshop, checksum_of(folder))
    if gone is None:
        raise NotFoundError("no such release", name, "See the page of releases")
    if not gone:
        todo = "It stays as it was made"
        raise NotAllowedError("nothing in this release was taken back", name, todo)
    try:
        remove_release(folder)
    except OSError as error:
        raise unwritable(error, folder) from error


def _refuse_others(workshop: Workshop, person_id: str) -> None:
    if not workshop.shared:
        return
    with workshop.cursor() as cursor:
        role = role_in(cursor, workshop.room_id, person_id)[0]
    if not may(role, "facilitator"):
        todo = "Ask the facilitator of the room"
        raise NotAllowedError("only a facilitator may do this", "", todo)
