"""One absence as a card: its words in their language, what they are said of, how people stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from excavate.components.addresses import under
from excavate.components.board_about import Ground, items_of, said_of
from excavate.components.board_asked import Asked
from excavate.components.board_safe import or_else, undrawn
from excavate.components.moments import moment_html
from excavate.i18n import _, _n, spoken
from excavate.workshop.absence_record import REPLY_KINDS, STANCES, Absence
from excavate.workshop.absence_types import NONE, TYPES, word

LONG = 240  # signs: beyond them a statement is folded, and unfolds whole


def card(absence: Absence, asked: Asked, ground: Ground, number: int | None = None) -> str:
    """The whole card. Before an audience it has nothing to press. `number`: its mark on a map.

    One that cannot be drawn is an empty place that says so.
    """
    named = absence.absence_id
    return or_else(lambda: _card(absence, asked, ground, number), undrawn(named), named)


def _card(absence: Absence, asked: Asked, ground: Ground, number: int | None) -> str:
    parts = (
        _of(absence, asked, ground, number), _statement(absence, asked),
        _translation(absence, asked), _types(absence),
        _stances(absence.stances), _foot(absence, asked),
    )  # fmt: skip
    return (
        f'<article class="exc-absence" id="a-{escape(absence.absence_id)}">{"".join(parts)}'
        "</article>"
    )


def absence_href(absence_id: str) -> str:
    """The link of an absence."""
    return under("/absence?" + urlencode({"id": absence_id, "lang": spoken()}))


def _of(absence: Absence, asked: Asked, ground: Ground, number: int | None) -> str:
    """What it is said of: pictures where there are some, and few words."""
    frames = "".join(ground.pictures.get(one, "") for one in items_of(absence.about))
    strip = f'<span class="exc-absence-pictures">{frames}</span>' if frames else ""
    mark = f'<b class="exc-absence-mark">{number}</b> ' if number is not None else ""
    words = escape(said_of(absence.about, ground))
    return f'<p class="exc-absence-of">{strip}<span>{mark}{words}</span></p>'


def _statement(absence: Absence, asked: Asked) -> str:
    """The words as they were said; long ones are folded, before an audience cut."""
    words = f'<span lang="{escape(absence.language)}">{escape(absence.statement)}</span>'
    if len(absence.statement) <= LONG and absence.statement.count("\n") < 6:
        return f'<p class="exc-statement">{words}</p>'
    if asked.presenter:
        return f'<p class="exc-statement exc-clamped">{words}</p>'
    more, less = escape(_("read all of it")), escape(_("fold it"))
    turn = f'<small class="exc-fold"><i>{more}</i><i>{less}</i></small>'
    return f'<details class="exc-statement"><summary>{words}{turn}</summary></details>'


def _translation(absence: Absence, asked: Asked) -> str:
    """The newest translation into the board's language, where it was said in another."""
    if absence.language == asked.language:
        return ""
    found = [one for one in absence.translations if one.language == asked.language]
    if not found:
        return ""
    said = [_("translated")]
    if asked.names and found[-1].shown_name:
        said = [_("translated by {name}").format(name=found[-1].shown_name)]
    if found[-1].stale:
        said.append(_("of an earlier wording"))
    return (
        f'<p class="exc-board-translation"><span lang="{escape(found[-1].language)}">'
        f"{escape(found[-1].statement)}</span> <small>{escape(' · '.join(said))}</small></p>"
    )


def _types(absence: Absence) -> str:
    """Every answer to which kind it is, the most given first, with how many gave it."""
    if not absence.types:
        return ""
    known = [*TYPES, NONE]
    ranked = sorted(absence.types.items(), key=lambda one: (-one[1], known.index(one[0])
                    if one[0] in known else len(known)))  # fmt: skip
    alone = len(ranked) == 1 and ranked[0][1] == 1
    chips = "".join(
        f"<li>{escape(word('types', code))}{'' if alone else f' <b>{count}</b>'}</li>"
        for code, count in ranked
    )
    return f'<ul class="exc-absence-types">{chips}</ul>'


def _stances(stances: Mapping[str, int]) -> str:
    """How people stand to it, as it spreads: a hairline bar, and the same in words."""
    given = [(code, stances[code]) for code in STANCES if stances.get(code)]
    if not given:
        return ""
    bars = "".join(
        f'<i class="exc-stance-{code.replace(" ", "-")}" style="flex-grow:{count}"></i>'
        for code, count in given
    )
    words = " · ".join(f"{word('stances', code)}\u00a0{count}" for code, count in given)
    return (
        f'<div class="exc-stances"><span class="exc-stance-bar" aria-hidden="true">{bars}</span>'
        f"<small>{escape(words)}</small></div>"
    )


def _foot(absence: Absence, asked: Asked) -> str:
    """Who said it and when, what was answered, who sees it; a way to it where one may press."""
    said = [_who(absence, asked), _when(absence, asked), *_answers(absence), *_marks(absence)]
    words = " · ".join(part for part in said if part)
    way = ""
    if not asked.presenter:
        address = escape(absence_href(absence.absence_id))
        way = f'<a href="{address}" data-page target="_self">{escape(_("Open and answer"))}</a>'
    return f'<footer class="exc-absence-foot"><small>{words}</small>{way}</footer>'


def _who(absence: Absence, asked: Asked) -> str:
    if not asked.names:
        return ""
    if absence.shown_name is None:
        return escape(_("anonymous until the round closes"))
    return f"<bdi>{escape(absence.shown_name)}</bdi>"


def _when(absence: Absence, asked: Asked) -> str:
    """When it was said, in the hours of who looks."""
    if asked.presenter:
        return ""
    return moment_html(absence.written_at, asked.zone)


def _answers(absence: Absence) -> list[str]:
    """How often it was answered, by kind."""
    counts = Counter(reply.kind for reply in absence.replies if not reply.withdrawn)
    kinds = [kind for kind in REPLY_KINDS if counts[kind]]
    return [f"{escape(word('replies', kind))}\u00a0{counts[kind]}" for kind in kinds]


def _marks(absence: Absence) -> list[str]:
    """What else is to be known of it at a glance."""
    found = []
    if absence.evidence:
        count = len(absence.evidence)
        words = _n("{n} piece of evidence", "{n} pieces of evidence", count)
        found.append(escape(words.format(n=count)))
    if absence.corrected:
        found.append(escape(_("corrected")))
    if absence.visibility == "private":
        found.append(escape(_("only you see this")))
    if absence.visibility == "group":
        found.append(escape(_("only the group sees this")))
    return found
