"""The route of the board: its HTML for whoever asks, drawn once for all who see the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.components.board_asked import asked_of
from excavate.components.board_kept import Drawn, Looks, board_drawn
from excavate.components.faces import look_through
from excavate.errors import ExcavateError, NotAllowedError
from excavate.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.site import Site
    from excavate.workshop.store import Workshop

ASK_EACH = "private, no-cache"  # one person's board is never another's


def board(request: Request) -> Response:
    """What is absent, as this person may see it."""
    from excavate.routes import served_workshop

    workshop, site = served_workshop(), site_or_none()
    if site is not None:
        look_through(site, Settings.from_environment().archives)
    looks = looks_of(request, workshop)
    return send(request, board_drawn(workshop, site, looks, asked_of(request.query_params)))


def send(request: Request, drawn: Drawn) -> Response:
    """What was drawn, packed for who can unpack it; nothing for who holds it already."""
    from excavate.routes import answer

    packed = "gzip" in request.headers.get("accept-encoding", "")
    content = drawn.packed if packed else drawn.content
    reply = answer(request, content, "text/html", drawn.etag, ASK_EACH)
    reply.headers["Vary"] = "Cookie, Accept-Encoding"
    if packed and reply.status_code == 200:
        reply.headers["Content-Encoding"] = "gzip"
    return reply


def looks_of(request: Request, workshop: Workshop) -> Looks:
    """Who asks: in a shared room one whom the door let in; else the person at this machine.

    Raises NotAllowedError of those outside.
    """
    from excavate.now_route import person_of
    from excavate.workshop.members import roster

    person = person_of(request, workshop)
    if not workshop.shared:  # a second name at one machine is a second person: the page says who
        return Looks(request.query_params.get("me") or person or None, "facilitator")
    member = roster(workshop).people.get(person)
    if member is None:
        raise NotAllowedError("only who is in the room may do this")
    return Looks(member.person_id, member.role, member.group_id)


def site_or_none() -> Site | None:
    """The served site; None where nothing was dug into it yet: a board can do without."""
    from excavate.routes import served_site

    try:
        site = served_site()
        return site if site.generation else None
    except ExcavateError:
        return None
