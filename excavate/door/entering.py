"""What the door answers: joining by the code, a role's link, a personal link, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from excavate.components.addresses import under
from excavate.door.asked import own_path
from excavate.door.cookie import Carried, sealed, unsealed
from excavate.door.links import known, personal_link
from excavate.door.papers import Form, join_paper, leave_paper, move_paper, say_paper
from excavate.door.visit import Answer, Visit, expired, laid, redirect, shown
from excavate.errors import InputFault
from excavate.i18n import _, speak, spoken
from excavate.workshop import links
from excavate.workshop.authors import Author, author_faults
from excavate.workshop.checking import tidy
from excavate.workshop.ids import new_id
from excavate.workshop.links import end_link
from excavate.workshop.members import author_of, enter, leave, look, name_of, roster
from excavate.workshop.roles import may
from excavate.workshop.terms import consented, terms_of

FORM_SALT = "excavate.door.form"
FORM_LASTS = 24 * 3600  # seconds


def answer(visit: Visit) -> Answer:
    """Answer one visit to a page of the door."""
    speak(visit.language)
    first = visit.path.split("/")[1]
    return ANSWERS[first](visit)


def join(visit: Visit) -> Answer:
    """The room code, a name and the consent; or only to look."""
    form = Form("/join", _form_person(visit), roster(visit.workshop).title,
                visit.given("code"), way=own_path(visit.given("next") or "/"))  # fmt: skip
    if not visit.posted:
        if visit.me and may(visit.me.role, "participant"):
            return redirect(_spoken_way(form.way))
        return shown(join_paper(form, terms_of(visit.workshop)))
    link = known(visit.workshop, visit.folder, form.code) if form.code else None
    fits = link is not None and link.kind == "code"
    what = "no room opens with this" if form.code else "nothing is written here yet"
    faults = [] if fits else [InputFault("Room code", what)]
    return _submitted(visit, form, faults, wrong=bool(form.code) and not fits)


def enter_as(visit: Visit) -> Answer:
    """A facilitator's or a reviewer's link."""
    link = known(visit.workshop, visit.folder, visit.token)
    if link is None or link.kind not in ("facilitator", "reviewer"):
        return _no_way()
    form = Form(visit.path, _form_person(visit), roster(visit.workshop).title,
                name=visit.me.shown_name if visit.me else "", role=link.kind)  # fmt: skip
    if visit.posted:
        return _submitted(visit, form, [])
    if visit.me and may(visit.me.role, link.kind):
        return redirect(_spoken_way("/"))
    return shown(join_paper(form, terms_of(visit.workshop)))


def _submitted(
    visit: Visit, form: Form, faults: list[InputFault], *, wrong: bool = False
) -> Answer:  # fmt: skip
    """A form of the door, sent: turned into the other language, entered, or shown again."""
    form = replace(form, name=tidy(visit.given("name")), agreed=bool(visit.given("consent")))
    terms = terms_of(visit.workshop)
    if visit.given("turn"):
        return shown(join_paper(form, terms))
    looks = visit.given("act") == "look" and form.action == "/join"
    consent = consented(terms, spoken()) if form.agreed else ""
    author = Author(_person(visit, form), form.name, spoken(), consent)
    found = faults if looks else [*faults, *author_faults(author)]
    if found:
        return shown(join_paper(replace(form, faults=found), terms), status=422, wrong=wrong)
    if looks:
        look(visit.workshop, author.person_id)
    else:
        enter(visit.workshop, author, form.role)
    return laid(visit, author.person_id, _spoken_way(form.way))


def _form_person(visit: Visit) -> str:
    """Who will come in by this form, sealed: sent twice, it is still one person."""
    held = visit.given("person")
    if unsealed(visit.key, held, FORM_LASTS, FORM_SALT):
        return held
    return sealed(visit.key, Carried(visit.workshop.room_id, new_id()), FORM_SALT)


def _person(visit: Visit, form: Form) -> str:
    """Who they are: as their cookie says, else the form, unless that has come in under a name."""
    if visit.me:
        return visit.me.person_id
    carried = unsealed(visit.key, form.person, FORM_LASTS, FORM_SALT)
    person = carried.person_id if carried else new_id()
    called = name_of(visit.workshop, person)
    return person if called in (None, form.name) else new_id()


def _spoken_way(way: str) -> str:
    """Where they wanted to go, in the language they chose."""
    parts = urlsplit(way)
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
        return expired(visit, f"{under('/join')}?lang={spoken()}")
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
