"""Making links and codes, and knowing them again. What is kept in the site is their hash."""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass
from pathlib import Path

from excavate.door.secrets import host_secrets, keep_links
from excavate.errors import NotAllowedError
from excavate.workshop import links
from excavate.workshop.authors import Author
from excavate.workshop.links import Link, link_of, make_link
from excavate.workshop.members import roster
from excavate.workshop.store import Workshop

# No 0 O 1 I L U: said aloud on a call, each is heard as what it is.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class RoomLinks:
    """What lets people into a room: the code said aloud, and the tokens of its two roles."""

    code: str
    facilitator: str
    reviewer: str
    address: str = ""  # where people reach the room, as far as is known


def room_links(workshop: Workshop, folder: Path, author: Author | None = None) -> RoomLinks:
    """The room's links, as often as they are asked for; made where they are missing.

    `folder`: where the host's secrets lie. `author`: the facilitator who asks, None: the host.
    Raises NotAllowedError where anyone else asks.
    """
    _refuse(workshop, author)
    with workshop.writing:  # two who ask at once are told the same
        held = _held(workshop, folder)
        for kind in links.KINDS:
            if kind not in held or not known(workshop, folder, held[kind]):
                held[kind] = _lay(workshop, folder, kind, author)
    return RoomLinks(held["code"], held["facilitator"], held["reviewer"])


def new_code(workshop: Workshop, folder: Path, author: Author | None = None) -> str:
    """Another room code: the one before opens no more; those who are in stay in."""
    _refuse(workshop, author)
    return _lay(workshop, folder, "code", author)


def new_role_links(workshop: Workshop, folder: Path, author: Author | None = None) -> None:
    """Other links for those who lead and review: the ones before open no more."""
    _refuse(workshop, author)
    for kind in ("facilitator", "reviewer"):
        _lay(workshop, folder, kind, author)


def personal_link(workshop: Workshop, folder: Path, author: Author, person_id: str) -> str:
    """A token that moves a person to another device: once, within a day.

    A facilitator can make one for somebody who lost theirs; who made it is kept.
    Raises NotAllowedError where anyone else asks for another's.
    """
    if person_id != author.person_id:
        _refuse(workshop, author)
    token = random.token_urlsafe(TOKEN_BYTES)
    hashed = host_secrets(folder).hashed(token)
    make_link(workshop, links.PERSONAL, hashed, by=author.person_id, for_person=person_id)
    return token


def known(workshop: Workshop, folder: Path, token: str) -> Link | None:
    """The link that a token or a room code, typed anyhow, is of; None where there is none."""
    hashed = host_secrets(folder).hashed
    return link_of(workshop, hashed(token)) or link_of(workshop, hashed(spelled(token)))


def spelled(code: str) -> str:
    """A room code as it is written, however it was typed."""
    signs = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 else signs


def new_code_text() -> str:
    """Eight signs out of thirty, 39 bits: short enough to say, too many to try at our door."""
    return spelled("".join(random.choice(SIGNS) for _place in range(8)))


def last_links(folder: Path, site: Path) -> RoomLinks | None:
    """The links of the room that was opened last in a site, without opening it; None: of none."""
    for held in reversed(list(host_secrets(folder).rooms.values())):
        if held.get("site") == str(site.resolve()) and set(links.KINDS) <= set(held):
            code, leads, reviews = (held[kind] for kind in links.KINDS)
            return RoomLinks(code, leads, reviews, held.get("address", ""))
    return None


def keep_address(workshop: Workshop, folder: Path, address: str) -> None:
    """Remember where the room is reached, so that whole links can be shown again."""
    keep_links(folder, workshop.room_id, {"address": address})


def _held(workshop: Workshop, folder: Path) -> dict[str, str]:
    return dict(host_secrets(folder).rooms.get(workshop.room_id, {}))


def _lay(workshop: Workshop, folder: Path, kind: str, author: Author | None) -> str:
    """Make a token that opens from now on, and keep it; both are done before another is made."""
    by = author.person_id if author else None
    token = new_code_text() if kind == "code" else random.token_urlsafe(TOKEN_BYTES)
    with workshop.writing:
        make_link(workshop, kind, host_secrets(folder).hashed(token), by=by)
        kept = {kind: token, "site": str(workshop.folder.path.resolve())}
        keep_links(folder, workshop.room_id, kept)
    return token


def _refuse(workshop: Workshop, author: Author | None) -> None:
    if author is None or not workshop.shared:
        return
    if roster(workshop).role(author.person_id) != "facilitator":
        todo = "Ask the facilitator of the room"
        raise NotAllowedError("only a facilitator may do this", "", todo)
