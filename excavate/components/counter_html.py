"""A plan of a counter-dataset as HTML: a card among others, and its head with all it says."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from excavate.components.absent_link import absence_href
from excavate.components.addresses import under
from excavate.components.counter_pictures import Rows, picture_html
from excavate.components.counter_words import either, licence_name, titled
from excavate.counter.records import Member, Plan
from excavate.i18n import _, _n, spoken
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_types import word

ON_CARD = 6


def plan_href(plan_id: str, **more: str) -> str:
    """The link of a plan."""
    from urllib.parse import urlencode

    return under("/counter?" + urlencode({"id": plan_id, **more, "lang": spoken()}))


def plan_card(plan: Plan, absences: Sequence[Absence], held: Sequence[Member], rows: Rows) -> str:
    """A plan among others: what it answers, what it is, its first pictures."""
    title = (
        f'<a href="{escape(plan_href(plan.given.plan_id))}" data-page target="_self">'
        f"{escape(titled(plan))}</a>"
    )
    pictures = "".join(
        f'<span class="exc-plan-frame">{picture_html(one, rows)}</span>' for one in held[:ON_CARD]
    )
    empty = f'<p class="exc-notice exc-quiet">{escape(_("Nothing is in it yet"))}</p>'
    return (
        f'<article class="exc-plan-card">{answers_html(absences, short=True)}<h2>{title}</h2>'
        f'<div class="exc-plan-pictures">{pictures}</div>{"" if held else empty}'
        f'<p class="exc-quiet">{escape(counted(plan, held))}</p></article>'
    )


def counted(plan: Plan, held: Sequence[Member]) -> str:
    """How many it holds of how many it wants, and who decides."""
    filled = [one for one in held if one.kind != "empty"]
    wanted = sum(one.count for one in plan.given.wanted)
    parts = [_n("{n} member", "{n} members", len(filled)).format(n=f"{len(filled):,}")]
    if wanted:
        parts.append(_("{n} wanted").format(n=f"{wanted:,}"))
    kept = len(held) - len(filled)
    if kept:
        parts.append(_n("{n} place kept empty", "{n} places kept empty", kept).format(n=kept))
    if plan.given.decides:
        parts.append(_("decided by {name}").format(name=plan.given.decides))
    return " · ".join(parts)


def answers_html(absences: Sequence[Absence], *, short: bool = False) -> str:
    """The absences it answers, in their authors' words."""
    return "".join(_answer(one, short) for one in absences)


def _answer(absence: Absence, short: bool) -> str:
    href = escape(absence_href(absence.absence_id))
    said = absence.statement
    said = f"{said[:159]}…" if short and len(said) > 160 else said
    kind = f"<small>{escape(word('types', absence.type))}</small>" if absence.type else ""
    return (
        f'<a class="exc-answered-absence" href="{href}" data-page target="_self">'
        f'<span lang="{escape(absence.language)}">{escape(said)}</span>{kind}</a>'
    )


def statement_html(plan: Plan) -> str:
    """What the plan says, in both languages where it was written in both."""
    given = plan.given
    first, other = ("ko", "en") if spoken() == "ko" else ("en", "ko")
    said = {"ko": given.statement_ko, "en": given.statement_en}
    parts = [(code, said[code]) for code in (first, other) if said[code]]
    words = "".join(
        f'<p class="exc-plan-statement{" exc-quiet" if n else ""}" lang="{code}">{escape(text)}</p>'
        for n, (code, text) in enumerate(parts)
    )
    return f'<div class="exc exc-wall-text">{words}</div>'


def wanted_html(plan: Plan, held: Sequence[Member]) -> str:
    """How many of what there are, of how many are wanted: a bar for each, and it in numbers."""
    there = [one for one in held if one.kind != "empty" and not one.left_out]
    rows = []
    for one in plan.given.wanted:
        had = sum(m.label.casefold() == one.what.casefold() for m in there)
        share = min(100.0, 100 * had / one.count)
        numbers = _("{had} of {wanted}").format(had=f"{had:,}", wanted=f"{one.count:,}")
        rows.append(
            f"<li><span>{escape(one.what)}</span><b>{escape(numbers)}</b>"
            f'<div role="img" aria-label="{escape(numbers)}">'
            f'<i style="width:{share:.1f}%"></i></div></li>'
        )
    named = {one.what.casefold() for one in plan.given.wanted}
    rest = sum(m.label.casefold() not in named for m in there)
    more = _n("{n} more goes by none of these names", "{n} more go by none of these names", rest)
    other = f'<p class="exc-note">{escape(more.format(n=f"{rest:,}"))}</p>' if rest else ""
    if not rows:
        return ""
    head = f"<h3>{escape(_('How many of what'))}</h3>"
    return f'<div class="exc exc-wanted">{head}<ul>{"".join(rows)}</ul>{other}</div>'


def facts_of(plan: Plan) -> list[tuple[str, str]]:
    """What else a plan says: names, and HTML that is safe."""
    given, unsaid = plan.given, f'<span class="exc-unsaid">{escape(_("not said yet"))}</span>'

    def said(text: str) -> str:
        return escape(text) if text else unsaid

    return [
        (_("Who decides"), said(given.decides)),
        (_("Licence"), said(licence_name(given.licence) if given.licence else "")),
        (_("What it will not contain"), said(either(given.excluded_ko, given.excluded_en))),
        (_("What contributors agree to"), said(either(given.consent_ko, given.consent_en))),
        (_("Dataset it answers"), said(given.against)),
        (_("Short name"), f'<span class="exc-mono">{escape(given.name)}</span>'),
    ]


def versions_html(versions: Sequence[Plan], *, names: bool = True) -> str:
    """What it said before, the newest first."""
    rows = []
    for one in reversed(versions):
        who = f" · {escape(one.shown_name)}" if names else ""
        when = one.written_at.strftime("%Y-%m-%d %H:%M")
        said = either(one.given.statement_ko, one.given.statement_en)
        rows.append(
            f"<li><b>{escape(_('Version {n}').format(n=one.version))}</b> "
            f"<small>{when}{who}</small><p>{escape(said)}</p></li>"
        )
    return f'<ol class="exc exc-plan-versions" reversed>{"".join(rows)}</ol>'
