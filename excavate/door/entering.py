"""What the door answers: joining by the code, a role's link, a personal link, leaving."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from excavate.components.addresses import under
from excavate.door.asked import own_path
from excavate.door.forgetting import forgetting
from excavate.door.links import known, personal_link
from excavate.door.papers import Form, join_paper, leave_paper, move_paper, say_paper
from excavate.door.visit import (
    Answer,
    Visit,
    at_the_door,
    expired,
    laid,
    redirect,
    shown,
    with_form_cookie,
)
from excavate.errors import InputFault, NotAllowedError
from excavate.i18n import _, speak, spoken
from excavate.workshop import links
from excavate.workshop.authors import Author, author_faults
from excavate.workshop.checking import tidy
from excavate.workshop.ids import new_id
from excavate.workshop.links import Link, end_link
from excavate.workshop.members import (
    author_of,
    enter,
    leave,
    look,
    name_of,
    roster,
    sent_out_since,
)
from excavate.workshop.roles import may
from excavate.workshop.terms import Terms, consented, stamp_of, terms_of

PATHS = re.compile(r"/(?:(join|leave)|(enter|me)/[A-Za-z0-9_-]{1,200})")
HOME = "/room"  # where they are led who wanted to go nowhere else


def answer(visit: Visit) -> Answer:
    """Answer one visit to a page of the door."""
    speak(visit.language)
    page = page_of(visit.path)
    return ANSWERS[page](visit) if page else Answer(404)


def page_of(path: str) -> str:
    """Which page of the door a path is, letter for letter; nothing where it is none."""
    found = PATHS.fullmatch(path)
    return (found[1] or found[2]) if found else ""


def join(visit: Visit) -> Answer:
    """The room code, a name and the consent; or only to look."""
    form = Form("/join", roster(visit.workshop).title, visit.given("code"),
                way=own_path(visit.given("next") or "/"))  # fmt: skip
    if not visit.posted:
        if visit.me and may(visit.me.role, "participant"):
            return redirect(_spoken_way(form.way))
        offered = _offered(visit, form)
        return replace(offered, body=forgetting(offered.body)) if visit.given("left") else offered
    link = known(visit.workshop, visit.folder, form.code) if form.code else None
    fits = link is not None and link.kind == "code"
    what = "no room opens with this" if form.code else "nothing is written here yet"
    faults = [] if fits else [InputFault("Room code", what)]
    return _submitted(visit, form, faults, link, wrong=bool(form.code) and not fits)


def enter_as(visit: Visit) -> Answer:
    """A facilitator's or a reviewer's link."""
    link = known(visit.workshop, visit.folder, visit.token)
    if link is None or link.kind not in ("facilitator", "reviewer"):
        return _no_way()
    form = Form(visit.path, roster(visit.workshop).title,
                name=visit.me.shown_name if visit.me else "", role=link.kind)  # fmt: skip
    if visit.posted:
        return _submitted(visit, form, [], link)
    if visit.me and may(visit.me.role, link.kind):
        return redirect(_spoken_way("/"))
    return _offered(visit, form)


def _offered(visit: Visit, form: Form) -> Answer:
    return with_form_cookie(visit, shown(join_paper(form, terms_of(visit.workshop))))


def _submitted(
    visit: Visit, form: Form, faults: list[InputFault], link: Link | None, *, wrong: bool = False
) -> Answer:  # fmt: skip
    """A form of the door, sent: turned into the other language, entered, or shown again."""
    terms = terms_of(visit.workshop)
    form = _typed(visit, form, terms)
    if visit.given("turn"):
        return shown(join_paper(form, terms))
    looks = visit.given("act") == "look" and form.action == "/join"
    consent = consented(terms, spoken()) if form.agreed else ""
    author = Author(_person(visit, form), form.name, spoken(), consent)
    found = faults if looks else [*faults, *_faults(form, author)]
    before = visit.carried.person_id if visit.carried else ""
    if link and before and sent_out_since(visit.workshop, before, link.writing):
        return _sent_out()
    if found or link is None:
        return shown(join_paper(replace(form, faults=found), terms), status=422, wrong=wrong)
    return _let_in(visit, form, author, link, looks=looks)


def _let_in(visit: Visit, form: Form, author: Author, link: Link, *, looks: bool) -> Answer:
    try:
        if looks:
            look(visit.workshop, author.person_id, link=link.writing)
        else:
            enter(visit.workshop, author, form.role, link=link.writing)
    except NotAllowedError:
        return _sent_out()
    return laid(visit, author.person_id, _spoken_way(form.way))


def _sent_out() -> Answer:
    words = _("A facilitator sent you out. Ask them for a new link.")
    return shown(say_paper(_("You are out of this room"), words), status=403)


def _typed(visit: Visit, form: Form, terms: Terms) -> Form:
    """What was typed; a tick set under other words than stand now is taken off again."""
    ticked = bool(visit.given("consent"))
    same = visit.given("terms") == stamp_of(terms)
    return replace(
        form, name=tidy(visit.given("name")), agreed=ticked and same, changed=ticked and not same
    )


def _faults(form: Form, author: Author) -> list[InputFault]:
    """Everything missing; of a consent to words that have changed, that they have."""
    found = author_faults(author)
    if form.changed:
        found = [fault for fault in found if fault.place != "Consent"]
        found.append(InputFault("Consent", "the words changed meanwhile; read them once more"))
    return found


def _person(visit: Visit, form: Form) -> str:
    """Who they are: as their cookie says, also of one sent out; else who this browser was to be."""
    if visit.me:
        return visit.me.person_id
    person = at_the_door(visit) or (visit.carried.person_id if visit.carried else new_id())
    called = name_of(visit.workshop, person)
    return person if called in (None, form.name) else new_id()


def _spoken_way(way: str) -> str:
    """Where they wanted to go, in the language they chose."""
    parts = urlsplit(HOME if way == "/" else way)
    query = [(k, v) for k, v in parse_qsl(parts.query) if k != "lang"]
    return f"{under(parts.path)}?{urlencode([*query, ('lang', spoken())])}"


def go_on(visit: Visit) -> Answer:
    """A personal link: whose it is, and on a press it makes this device theirs, once."""
    link = known(visit.workshop, visit.folder, visit.token)
    whose = roster(visit.workshop).people.get(link.for_person or "") if link else None
    if link is None or link.kind != links.PERSONAL or whose is None:
        return _no_way()
    if not visit.posted:
        other = visit.me.shown_name if visit.me and visit.me != whose else ""
        return shown(move_paper(visit.path, whose.shown_name, other))
    if not end_link(visit.workshop, link):
        return _no_way()
    return laid(visit, whose.person_id, _spoken_way("/"))


def go_out(visit: Visit) -> Answer:
    """Leaving: this device, or the room; or a link to go on elsewhere."""
    if visit.me is None:
        return expired(visit, under("/join"))
    act = visit.given("act") if visit.posted else ""
    if act == "room":
        leave(visit.workshop, visit.me.person_id)
    if act in ("room", "device"):
        return expired(visit, f"{under('/join')}?lang={spoken()}&left=1")
    author = author_of(visit.workshop, visit.me.person_id)
    link = ""
    if act == "link" and author:
        token = personal_link(visit.workshop, visit.folder, author, author.person_id)
        link = f"{visit.base}/me/{token}?lang={spoken()}"
    return shown(leave_paper(visit.me, link))


ANSWERS: dict[str, Callable[[Visit], Answer]] = {
    "join": join, "enter": enter_as, "me": go_on, "leave": go_out,
}  # fmt: skip


def _no_way() -> Answer:
    title = _("This link opens nothing")
    words = _("It was used already, is too old, or was mistyped. Ask for a new one.")
    return shown(say_paper(title, words), status=404, wrong=True)
