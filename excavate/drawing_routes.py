"""Routes of drawing: a drawing is kept and lands, where all of them lie, and their pictures."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from excavate.components.canvas import asked_of
from excavate.components.drawn_here import landed, made_on
from excavate.counter.exercises import is_handwriting
from excavate.counter.landing import land
from excavate.counter.members import add_member, correct_member, one_member, picture_of
from excavate.counter.plans import one_plan, plan_versions
from excavate.counter.records import GivenMember, GivenPlan, GivenRights, Member
from excavate.counter.rights import STANDS, give_rights, rights_faults
from excavate.counter.small_pictures import MEDIA_TYPE, small_picture
from excavate.errors import ExcavateError, NotAllowedError, NotFoundError, RefusedError
from excavate.i18n import DEFAULT, LANGUAGES, _, speak
from excavate.now_route import person_of
from excavate.settings import Settings
from excavate.workshop.authors import Author, known_author, refuse
from excavate.workshop.ids import derived_id, is_id, new_id
from excavate.workshop.members import author_of
from excavate.workshop.withdrawing import hide

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.site import Site
    from excavate.workshop.store import Workshop

LARGEST = 2_000_000  # bytes of one post
MOST, WINDOW = 60, 60.0  # posts of one person within so many seconds
NAMES = ("member", "row", "rights", "plan", "person", "agreed", "label", "reason", "creator")

_sent: dict[str, deque[float]] = {}


async def draw(request: Request) -> Response:
    """Keep a drawing as it stands now and tell where it lands; `back` takes it back instead.

    The ids are made with the drawing, so sending it again is harmless.
    """
    from starlette.concurrency import run_in_threadpool

    from excavate.routes import refusal

    if "application/json" not in request.headers.get("content-type", ""):
        return refusal(415, "not a drawing")  # a form of another site cannot send this
    try:
        said = _given(await _body(request))
    except (ValueError, TypeError, KeyError, RecursionError):
        return refusal(400, "not a drawing")
    return await run_in_threadpool(_answered, request, said)


def places(request: Request) -> Response:
    """Where the made members of every plan lie on a layout, with their nearest; as JSON."""
    from excavate.routes import ASK_AGAIN, answer, served_site, served_workshop

    workshop, site = served_workshop(), served_site()
    _inside(request, workshop)
    speak(request.query_params.get("lang", ""))
    content = made_on(site, workshop, request.query_params.get("layout", "")).encode()
    etag = hashlib.sha256(content).hexdigest()[:32]
    return answer(request, content, "application/json", etag, ASK_AGAIN)


def made_picture(request: Request) -> Response:
    """The picture of a member that was drawn or brought, for those inside."""
    from excavate.routes import ASK_AGAIN, SHOWN_INLINE, answer, refusal, served_workshop

    workshop = served_workshop()
    _inside(request, workshop)
    member = one_member(workshop, request.query_params.get("member", ""))
    content = picture_of(workshop, member)
    if content is None or member.media_type not in SHOWN_INLINE:
        return refusal(404, "no picture")
    small = None
    if request.query_params.get("small"):
        small = small_picture(workshop.folder.path, member.sha256)
    if small is not None:
        return answer(request, small, MEDIA_TYPE, f"s{member.sha256[:31]}", ASK_AGAIN)
    return answer(request, content, member.media_type, member.sha256[:32], ASK_AGAIN)


def _inside(request: Request, workshop: Workshop) -> None:
    """Raise NotAllowedError of those whom the door has not let in."""
    if workshop.shared and not person_of(request, workshop):
        raise NotAllowedError("only who is in the room may do this")


def _answered(request: Request, said: dict[str, Any]) -> Response:
    """What came of it, in the language of who draws; what cannot be kept is told in words."""
    speak(said["lang"])
    try:
        return _drawn(request, said)
    except RefusedError as error:
        return _told(400, error)
    except NotFoundError as error:
        return _told(404, error)
    except NotAllowedError as error:
        return _told(403, error)


def _drawn(request: Request, said: dict[str, Any]) -> Response:
    from starlette.responses import JSONResponse

    from excavate.routes import in_words, refusal, served_site, served_workshop

    started, workshop, site = time.perf_counter(), served_workshop(), served_site()
    author = _author(request, workshop, said["person"])
    if _too_often(author.person_id):
        words = "too many drawings within a minute; this one is sent again"
        return refusal(429, in_words(words))
    if said["back"]:
        told: dict[str, Any] = {"back": _taken_back(workshop, author, said["member"])}
    elif not _stands_as_agreed(workshop, said):
        return _asked_again(workshop, said)
    else:
        told = _landed(site, workshop, _kept(workshop, author, said))
    told["ms"] = round(1000 * (time.perf_counter() - started), 1)
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _too_often(person_id: str) -> bool:
    """Whether somebody sends more than a hand can draw: sixty people share this host."""
    mine, now = _sent.setdefault(person_id, deque(maxlen=MOST)), time.monotonic()
    if len(mine) == MOST and now - mine[0] < WINDOW:
        return True
    mine.append(now)
    return False


def _author(request: Request, workshop: Workshop, person: str) -> Author:
    who = person_of(request, workshop) if workshop.shared else person
    found = author_of(workshop, who) if workshop.shared else known_author(workshop, who)
    if found is None:
        raise NotAllowedError("only who is in the room may do this")
    return found


def _stands_as_agreed(workshop: Workshop, said: dict[str, Any]) -> bool:
    """Whether the plan's text and licence are those of the version that was agreed to."""
    now = one_plan(workshop, said["plan"])
    if said["agreed"] == now.row_id:
        return True
    agreed = [one for one in plan_versions(workshop, said["plan"]) if one.row_id == said["agreed"]]
    return bool(agreed) and _terms(agreed[0].given) == _terms(now.given)


def _terms(given: GivenPlan) -> tuple[str, str, str]:
    return given.consent_ko, given.consent_en, given.licence


def _asked_again(workshop: Workshop, said: dict[str, Any]) -> Response:
    """Nothing is kept: what one would agree to now, for the sheet to show."""
    from starlette.responses import JSONResponse

    told = {"what": _("What contributors agree to has changed: read it as it is now"), "todo": "",
            "faults": [], "again": asked_of(one_plan(workshop, said["plan"]))}  # fmt: skip
    return JSONResponse(told, 409, headers={"Cache-Control": "no-store"})


def _kept(workshop: Workshop, author: Author, said: dict[str, Any]) -> Member:
    """The member as it stands after this; the first time with its rights."""
    settings, rights = Settings.from_environment(), _rights(workshop, author, said)
    refuse(list(rights_faults(rights)))  # before anything is kept: both or none
    given = GivenMember(
        said["member"], said["plan"], "drawn", said["reason"], strokes=said["strokes"],
        label=said["label"], found_by={"way": "drawing"},
    )  # fmt: skip
    written = new = add_member(workshop, author, given, settings, None)
    if not new and said["row"] != said["member"]:
        written = correct_member(workshop, author, said["row"], given, settings)
    if new or not _has_rights(workshop, said):
        give_rights(workshop, author, said["rights"], [said["member"]], rights)
    return _as_sent(author, given) if written else one_member(workshop, said["member"])


def _as_sent(author: Author, given: GivenMember) -> Member:
    """What landing needs of a drawing: reading all members again would take the time of it."""
    return Member(
        given.member_id, given.plan_id, given.kind, given.reason, author.language, given.label,
        "", "", "", "", "", "", "", 0, 0, given.strokes, given.found_by, (),
        datetime.now(UTC).replace(tzinfo=None), author.person_id, author.shown_name,
    )  # fmt: skip


def _has_rights(workshop: Workshop, said: dict[str, Any]) -> bool:
    """Whether these rights were given already, with an earlier state of the same drawing."""
    with workshop.cursor() as cursor:
        row = derived_id(said["rights"], said["member"])
        return bool(cursor.execute(STANDS, [row]).fetchone()[0])


def _rights(workshop: Workshop, author: Author, said: dict[str, Any]) -> GivenRights:
    """Of the version that was agreed to; where it has no text, nobody agreed to any."""
    plan = next(p for p in plan_versions(workshop, said["plan"]) if p.row_id == said["agreed"])
    agreed = bool(plan.given.consent_ko or plan.given.consent_en)
    return GivenRights(
        creator=said["creator"] or author.shown_name, source=_("drawn by hand in this room"),
        licence=plan.given.licence, contributor_consent="given" if agreed else "",
        depicted_consent="nobody" if is_handwriting(plan.given.against) else "",
        consent_shown=plan.row_id if agreed else "",
    )  # fmt: skip


def _landed(site: Site, workshop: Workshop, member: Member) -> dict[str, Any]:
    """What the one who draws is told; that it was kept is told even where it cannot land."""
    against = one_plan(workshop, member.plan_id).given.against
    try:
        place = land(site, workshop, member)
    except (NotAllowedError, RefusedError):
        raise
    except ExcavateError as error:
        return {"kept": True, "member": member.member_id, "why": str(error)}
    return {"kept": True, "member": member.member_id, **landed(site, member, place, against)}


def _taken_back(workshop: Workshop, author: Author, member_id: str) -> bool:
    try:
        return hide(workshop, author, new_id(), "member", member_id)
    except NotFoundError:  # it had never come through
        return False


async def _body(request: Request) -> bytes:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > LARGEST:
            raise ValueError("too long")
    return bytes(held)


def _given(body: bytes) -> dict[str, Any]:
    """What was sent, as plain words; what they hold is checked where they are written."""
    sent = json.loads(body)
    if not isinstance(sent, dict):
        raise TypeError("not a drawing")
    said: dict[str, Any] = {name: _word(sent.get(name, "")) for name in NAMES}
    said["back"] = sent.get("back") is True
    said["lang"] = sent.get("lang") if sent.get("lang") in LANGUAGES else DEFAULT
    said["strokes"] = json.dumps(sent.get("strokes"), separators=(",", ":"), allow_nan=False)
    ids = ("member",) if said["back"] else ("member", "row", "rights", "plan")
    if not all(is_id(said[name]) for name in ids):
        raise ValueError("not ids of ours")
    return said


def _word(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError("not words")
    return said


def _told(status: int, error: ExcavateError) -> Response:
    """What went wrong, each fault with its place, for the page to show as text."""
    from starlette.responses import JSONResponse

    from excavate.routes import in_words as worded

    faults = [f"{_(f.place)}: {worded(f.what)}" for f in getattr(error, "faults", ())]
    told = {"what": worded(error.what), "todo": worded(error.todo or ""), "faults": faults}
    return JSONResponse(told, status, headers={"Cache-Control": "no-store"})
