"""An absence as HTML: the statement large, who said it, how stances and types spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from excavate.components.moments import moment_html
from excavate.i18n import LANGUAGES, _, _n
from excavate.workshop.absence_record import STANCES
from excavate.workshop.absence_types import types, word

if TYPE_CHECKING:
    from excavate.workshop.absence_record import Absence, Evidence, Translation, Version
    from excavate.workshop.holding import Held
    from excavate.workshop.lassoed import Told


def statement_html(absence: Absence) -> str:
    """The statement as it was said, large, in its frame; by whom and when."""
    said = (
        f'<h1 class="exc-one-statement" lang="{escape(absence.language)}"><bdi>'
        f"{escape(absence.statement)}</bdi></h1>"
    )
    return (
        f'<article class="exc exc-one-absence"><p class="exc-quiet">{escape(_("Absence"))}</p>'
        f'{said}<p class="exc-quiet">{byline(absence)}</p></article>'
    )


def byline(absence: Absence) -> str:
    """Who said it, when, and who sees it; that names are hidden where they are."""
    said = [named(absence.shown_name), moment_html(absence.written_at)]
    if absence.position:
        said.insert(1, f"<bdi>{escape(absence.position)}</bdi>")
    if absence.mine:
        said.append(escape(_("said by me")))
    if absence.corrected:
        said.append(escape(_("corrected since")))
    if absence.visibility != "public":
        said.append(f'<span class="exc-dashed">{escape(_seen(absence.visibility))}</span>')
    return " · ".join(said)


def _seen(visibility: str) -> str:
    return _("seen by: {whom}").format(whom=word("visibility", visibility))


def named(shown_name: str | None) -> str:
    """A name, escaped; that it is hidden, where it is."""
    if shown_name is None:
        return f"<i>{escape(_('name hidden until the round closes'))}</i>"
    return f"<bdi>{escape(shown_name)}</bdi>"


def translation_html(said: Translation) -> str:
    """The statement in another language, by whom; that it was corrected since."""
    stale = ""
    if said.stale:
        words = _("of an earlier wording")
        stale = f' · <span class="exc-dashed">{escape(words)}</span>'
    language = LANGUAGES.get(said.language, said.language)
    by = _("{language}, translated by {name}")
    inner = escape(by).format(language=escape(language), name=named(said.shown_name))
    return (
        f'<div class="exc-translation"><p lang="{escape(said.language)}">'
        f"{escape(said.statement)}</p><small>{inner}{stale}</small></div>"
    )


def stated_html(absence: Absence) -> str:
    """Knownness and agent, where they were given."""
    pairs = []
    if absence.knownness:
        pairs.append((_("How it is known"), escape(word("knownness", absence.knownness))))
    if absence.agent:
        pairs.append((_("Who or what made it absent"), f"<bdi>{escape(absence.agent)}</bdi>"))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in pairs)
    return f'<dl class="exc-stated">{rows}</dl>' if rows else ""


def spread_html(title: str, rows: Sequence[tuple[str, int, bool]], none: str) -> str:
    """Hairline bars: what, how many people, whether it is one's own; an empty place for none."""
    head = f'<h2 class="exc-part">{escape(title)}</h2>'
    total = sum(count for _words, count, _mine in rows)
    if not total:
        return f'{head}<p class="exc-dashed">{escape(none)}</p>'
    lines = "".join(_bar(words, count, mine, total) for words, count, mine in rows if count or mine)
    return f'{head}<ul class="exc-spread">{lines}</ul>'


def _bar(words: str, count: int, mine: bool, total: int) -> str:
    own = f" <small>{escape(_('my own'))}</small>" if mine else ""
    people = _n("{n} person", "{n} people", count).format(n=count)
    return (
        f'<li><span>{escape(words)}{own}</span><b title="{escape(people)}">{count}</b>'
        f'<i style="width:{100 * count / total:.1f}%"></i></li>'
    )


def stances_html(absence: Absence) -> str:
    """All four stances with how many hold them: never one verdict."""
    rows = [
        (word("stances", code), absence.stances.get(code, 0), code == absence.my_stance)
        for code in STANCES
    ]
    return spread_html(_("Where people stand"), rows, _("Nobody has said yet."))


def types_html(absence: Absence) -> str:
    """The types people sorted it as, the most named first."""
    counted: Mapping[str, int] = absence.types
    order = sorted(counted, key=lambda code: (-counted[code], code))
    rows = [(word("types", code), counted[code], code == absence.my_type) for code in order]
    spread = spread_html(_("What kind of absence"), rows, _("Nobody has sorted it yet."))
    first = types().get(order[0]) if order else None
    said = f'<p class="exc-note">{escape(str(first.definition))}</p>' if first else ""
    return spread + said


def evidence_html(evidence: Sequence[tuple[Evidence, str]]) -> str:
    """Each piece with the HTML of what it shows; an empty place where there is none."""
    head = f'<h2 class="exc-part">{escape(_("What it rests on"))}</h2>'
    if not evidence:
        return f'{head}<p class="exc-dashed">{escape(_("No evidence was given yet."))}</p>'
    return head + "".join(
        f'<div class="exc-evidence">{shown}{verdict_html(one)}'
        f"<small>{named(one.shown_name)}</small></div>"
        for one, shown in evidence
    )


def verdict_html(one: Evidence) -> str:
    """Of a lasso: supported, only in the layout, or not measured; and what that rests on."""
    if not one.verdict:
        return ""
    from excavate.workshop.lassoed import told_of

    return told_html(told_of(one.verdict, one.measured))


def told_html(told: Told) -> str:
    """What the neighbours in embedding space say of a lasso, and the numbers behind it."""
    looks = {"supported": "exc-supported", "not measured": "exc-tag exc-hatched"}
    look = looks.get(told.verdict, "exc-dashed")
    verdict = f'<span class="{look}"><b>{escape(word("verdicts", told.verdict))}</b></span>'
    return f'<p class="exc-told">{verdict} {escape(told.sentence)}</p>'


def held_html(held: Held) -> str:
    """Whether what was pointed at holds today; nothing where nothing could ever be said."""
    if held.about.kind in ("link", "nothing"):
        return ""
    look = "exc-quiet" if held.state == "holds" else "exc-dashed"
    state = f"<b>{escape(word('holding', held.state))}</b> " if held.state != "holds" else ""
    return f'<p class="exc-held"><span class="{look}">{state}{escape(held.words)}</span></p>'


def history_html(versions: Sequence[Version]) -> str:
    """What it said before, the oldest first."""
    lines = "".join(
        f"<li><small>{moment_html(one.written_at)}</small>"
        f'<p lang="{escape(one.language)}">{escape(one.statement)}</p></li>'
        for one in versions
    )
    return f'<ol class="exc exc-history">{lines}</ol>'
