"""The door's pages as plain HTML: no script, quick on a weak phone. People's words are escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from excavate.components.addresses import asset_url, under
from excavate.errors import InputFault
from excavate.i18n import LANGUAGES, N_, _, spoken
from excavate.workshop.members import Member
from excavate.workshop.terms import Terms, stamp_of, told

ROLES = {
    "viewer": N_("looks only"), "participant": N_("participant"),
    "reviewer": N_("reviewer"), "facilitator": N_("facilitator"),
}  # fmt: skip
PLACES = (N_("Your name"), N_("Room code"), N_("Consent"))
FAULTS = (
    N_("no room opens with this"), N_("the words changed meanwhile; read them once more"),
)  # fmt: skip
# The form's first button is the one that the Enter key presses: not the turn of the language.
PRESSED_BY_ENTER = (
    '<button class="exc-unseen" form="door" name="act" value="enter" tabindex="-1" '
    'aria-hidden="true"></button>'
)
TOO_LONG = N_("{n} characters, at most {most} are kept")


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed at the door, and what is wrong with it."""

    action: str  # where it is sent, without the base path
    title: str = ""
    code: str = ""
    name: str = ""
    way: str = "/"
    role: str = "participant"
    agreed: bool = False
    changed: bool = False  # they had agreed to other words
    faults: Sequence[InputFault] = field(default_factory=tuple)


def paper(title: str, body: str) -> str:
    """A whole page in the language of this run."""
    sheets = "".join(
        f'<link rel="stylesheet" href="{escape(asset_url(name))}">'
        for name in ("fonts/fonts.css", "paper.css", "workshop.css")
    )
    return (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Excavate</title>{sheets}</head>"
        f'<body class="exc-door"><main class="exc">{body}</main></body></html>'
    )


def join_paper(form: Form, terms: Terms) -> str:
    """Name, language, what is recorded, consent; and the way in for those who only look."""
    title = form.title or _("Workshop room")
    head = f'<p class="exc-door-mark">Excavate</p>{PRESSED_BY_ENTER}{_tongue_buttons()}'
    head += f"<h1>{escape(title)}</h1>"
    lead = f'<p class="exc-lead">{escape(_lead(form.role))}</p>'
    asked = _asked_code(form) if form.action == "/join" else ""
    fields = f"{asked}{_asked_name(form)}{_told(terms)}{_asked_consent(form)}"
    kept = _hidden(terms=stamp_of(terms), next=form.way, lang=spoken())
    form_tag = f'<form id="door" method="post" action="{escape(under(form.action))}" novalidate>'
    body = f"{head}{lead}{form_tag}{kept}{_faults(form.faults)}{fields}{_ways(form)}</form>"
    return paper(title, body)


def _lead(role: str) -> str:
    return {
        "facilitator": _("You come in as a facilitator: you lead this room."),
        "reviewer": _("You come in as a reviewer: you also look over what others gave."),
    }.get(role, _("Choose a name, read what is recorded, and come in. Nothing is installed."))


def _tongue_buttons() -> str:
    """The languages, as part of the form: nothing typed is lost by turning."""
    buttons = "".join(
        f'<button form="door" name="turn" value="{code}" lang="{code}" formnovalidate'
        f"{' aria-current=true' if code == spoken() else ''}>{name}</button>"
        for code, name in LANGUAGES.items()
    )
    return f'<nav class="exc-door-tongues" aria-label="{escape(_("Language"))}">{buttons}</nav>'


def _asked_code(form: Form) -> str:
    hint = escape(_("Eight signs, as the facilitator says them."))
    return (
        f'<label for="code">{escape(_("Room code"))}</label>'
        f'<input id="code" name="code" value="{escape(form.code)}" autocomplete="off" '
        'autocapitalize="characters" spellcheck="false" maxlength="40" '
        f'aria-describedby="code-hint"{_wrong(form, "Room code")}>'
        f'<p class="exc-note" id="code-hint">{hint}</p>'
    )


def _asked_name(form: Form) -> str:
    hint = escape(_("A pseudonym is fine."))
    return (
        f'<label for="name">{escape(_("Your name, as it is to be shown"))}</label>'
        f'<input id="name" name="name" value="{escape(form.name)}" autocomplete="nickname" '
        f'maxlength="60" aria-describedby="name-hint"{_wrong(form, "Your name")}>'
        f'<p class="exc-note" id="name-hint">{hint}</p>'
    )


def _told(terms: Terms) -> str:
    said = "".join(
        f"<dt>{escape(head)}</dt><dd>{escape(text)}</dd>" for head, text in told(terms, spoken())
    )
    title = escape(_("Consent to the collection and use of personal data"))
    return f'<section class="exc-door-terms"><h2>{title}</h2><dl>{said}</dl></section>'


def _asked_consent(form: Form) -> str:
    ticked = " checked" if form.agreed else ""
    words = escape(_("I have read this, and agree to what is recorded and what for."))
    return (
        '<label class="exc-door-tick"><input type="checkbox" name="consent" value="1"'
        f"{ticked}{_wrong(form, 'Consent')}> <span>{words}</span></label>"
    )


def _ways(form: Form) -> str:
    enter = f'<button class="exc-door-go" name="act" value="enter">{escape(_("Come in"))}</button>'
    if form.action != "/join":
        return f'<p class="exc-door-ways">{enter}</p>'
    look = f'<button name="act" value="look">{escape(_("Look only"))}</button>'
    words = _("Look only: without a name and without agreeing. You see what all see, and cannot "
              "write; nothing is recorded but that somebody looks.")  # fmt: skip
    return f'<p class="exc-door-ways">{enter}{look}</p><p class="exc-note">{escape(words)}</p>'


def _faults(faults: Sequence[InputFault]) -> str:
    if not faults:
        return ""
    lines = "".join(
        f"<li><b>{escape(_(fault.place))}</b>: {escape(_worded(fault.what))}</li>"
        for fault in faults
    )
    head = escape(_("Not in yet. Mend this and press again; nothing you typed is lost."))
    return f'<div class="exc-notice" role="alert"><strong>{head}</strong><ul>{lines}</ul></div>'


def _worded(what: str) -> str:
    numbers = re.fullmatch(r"(\d+) characters, at most (\d+) are kept", what)
    return _(TOO_LONG).format(n=numbers[1], most=numbers[2]) if numbers else _(what)


def _wrong(form: Form, place: str) -> str:
    return ' aria-invalid="true"' if any(f.place == place for f in form.faults) else ""


def _hidden(**kept: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
    )


def say_paper(title: str, text: str) -> str:
    """A page that only says something, and the way back to the door."""
    way = f'<a href="{escape(under("/join"))}?lang={spoken()}">{escape(_("To the door"))}</a>'
    body = f'<p class="exc-door-mark">Excavate</p><h1>{escape(title)}</h1>'
    return paper(title, f'{body}<p class="exc-lead">{escape(text)}</p><p>{way}</p>')


def move_paper(action: str, name: str, other: str) -> str:
    """Whose personal link it is, and the button that makes this device theirs."""
    title = _("Go on here as {name}").format(name=name)
    warned = ""
    if other:
        words = _("This device is {name} now. After this it is not any more.").format(name=other)
        warned = f'<p class="exc-notice">{escape(words)}</p>'
    text = escape(_("Press to take up on this device where you left off. The link works once."))
    button = f'<button class="exc-door-go">{escape(_("Go on here"))}</button>'
    inside = f"{_hidden(lang=spoken())}{button}"
    form = f'<form method="post" action="{escape(under(action))}">{inside}</form>'
    head = f'<p class="exc-door-mark">Excavate</p><h1>{escape(title)}</h1>'
    return paper(title, f'{head}<p class="exc-lead">{text}</p>{warned}{form}')


def leave_paper(me: Member, link: str) -> str:
    """Moving to another device, and going out, of this device or of the room."""
    title = _("Go out, or to another device")
    who = " · ".join(part for part in (me.shown_name, _(ROLES[me.role])) if part)
    moving = _moving(link) if me.shown_name else ""
    device = _act("device", _("Leave on this device"),
                  _("This device forgets you, in every tab. What you wrote stays. Without a "
                    "personal link you come back as somebody new."))  # fmt: skip
    room = _act("room", _("Leave the room"),
                _("You are out on every device. What you wrote stays; to take it back, do that "
                  "first, under your own record."))  # fmt: skip
    back = escape(_("Back to the room"))
    home = f'<p><a href="{escape(under("/"))}?lang={spoken()}">{back}</a></p>'
    head = f'<p class="exc-door-mark">Excavate</p><h1>{escape(title)}</h1><p>{escape(who)}</p>'
    outs = f"<h2>{escape(_('Out'))}</h2>{device}{room}"
    return paper(title, f"{head}{moving}{outs}{home}")


def _moving(link: str) -> str:
    title = f"<h2>{escape(_('To another device'))}</h2>"
    if not link:
        return title + _act("link", _("Make a personal link"),
                            _("It makes another device yours, once, within 24 hours. Keep it to "
                              "yourself: whoever opens it writes as you."))  # fmt: skip
    words = _("Open this on the other device. It works once, within 24 hours; give it to nobody.")
    return (
        f'{title}<p>{escape(words)}</p><input class="exc-mono" readonly '
        f'aria-label="{escape(_("Personal link"))}" value="{escape(link)}">'
    )


def _act(act: str, button: str, words: str) -> str:
    return (
        f'<form class="exc-door-act" method="post" action="{escape(under("/leave"))}">'
        f'{_hidden(act=act, lang=spoken())}<p class="exc-note">{escape(words)}</p>'
        f"<button>{escape(button)}</button></form>"
    )
