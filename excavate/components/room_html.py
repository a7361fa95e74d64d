"""The room in HTML of ours, from the same words for everybody: plan, groups, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from excavate.components.now import ROUND_KINDS
from excavate.i18n import N_, _, _n, spoken
from excavate.workshop.groups import Group, InRoom, apart, groups, in_room
from excavate.workshop.presence import Presence
from excavate.workshop.rounds import CLOSED, OPEN, PLANNED, Round, rounds
from excavate.workshop.store import Workshop

STATES = {PLANNED: N_("planned"), OPEN: N_("open now"), CLOSED: N_("closed")}
ROLES = {
    "viewer": N_("looks only"), "participant": N_("participant"), "reviewer": N_("reviewer"),
    "facilitator": N_("facilitator"),
}  # fmt: skip


def group_title(title: str) -> str:
    """A group that nobody named is called by its number, in the language of the run."""
    return _("Group {n}").format(n=title) if title.isdigit() else title or _("taken back")


def room_html(workshop: Workshop, person_id: str) -> str:
    """What a participant sees of the room: their group, and the plan."""
    shown = _groups_html(workshop, person_id) if workshop.shared else ""
    return shown + plan_html(rounds(workshop))


def plan_html(plan: Sequence[Round]) -> str:
    """The rounds in their order; what is asked in one is told when it opens."""
    head = f'<h2 class="exc-part">{escape(_("The rounds"))}</h2>'
    if not plan:
        words = escape(_("No round is planned yet."))
        return f'{head}<p class="exc-dashed">{words}</p>'
    ahead = [one for one in plan if one.state != CLOSED]
    rows = f'<ol class="exc-plan">{"".join(map(_planned, ahead))}</ol>' if ahead else ""
    return head + rows + _held([one for one in plan if one.state == CLOSED])


def _held(closed: Sequence[Round]) -> str:
    """The rounds that are closed, folded below those to come."""
    if not closed:
        return ""
    title = _n("{n} round is closed", "{n} rounds are closed", len(closed)).format(n=len(closed))
    rows = "".join(map(_planned, closed))
    return (
        f'<details class="exc-held" data-key="held"><summary>{escape(title)}</summary>'
        f'<ol class="exc-plan">{rows}</ol></details>'
    )


def _planned(one: Round) -> str:
    asked = "" if one.state == PLANNED else prompt_html(one)
    here = ' aria-current="step"' if one.state == OPEN else ""
    return (
        f'<li data-key="{one.round_id}" class="exc-round-{one.state}"{here}>'
        f"{round_line(one)}{asked}</li>"
    )


def round_line(one: Round) -> str:
    """What kind of round it is, how long, whether names are hidden, its state."""
    minutes = max(1, round(one.seconds / 60))
    long = _n("{n} minute", "{n} minutes", minutes).format(n=minutes)
    hidden = f" · {escape(_('names hidden first'))}" if one.anonymous else ""
    return (
        f'<p class="exc-round-line"><b>{escape(_(ROUND_KINDS[one.kind]))}</b> '
        f"<span>{escape(long)}{hidden}</span> <i>{escape(_(STATES[one.state]))}</i></p>"
    )


def prompt_html(one: Round) -> str:
    """What is asked, in the language of the run where it was written in it."""
    words, language = one.prompt(spoken())
    if not words:
        return f'<p class="exc-round-prompt exc-dashed">{escape(_("taken back"))}</p>'
    return f'<p class="exc-round-prompt" lang="{language}">{escape(words)}</p>'


def _groups_html(workshop: Workshop, person_id: str) -> str:
    stand, people = groups(workshop), in_room(workshop)
    count = _n("{n} person is in the room.", "{n} people are in the room.", len(people))
    lines = [f'<p class="exc-note">{escape(count.format(n=len(people)))}</p>']
    if stand:
        mine = next((g for g in stand if person_id in dict(g.people)), None)
        lines.insert(0, _mine_html(mine, person_id))
        lines.append(f'<p class="exc-note">{escape(_how_apart(apart(workshop)))}</p>')
    return "".join(lines)


def _how_apart(apart_now: bool) -> str:
    if apart_now:
        return _("The groups are apart: each sees its own board.")
    return _("Everyone is together: the board shows all groups.")


def _mine_html(mine: Group | None, person_id: str) -> str:
    if mine is None:
        words = _("You are in no group yet. The facilitator sees that.")
        return f'<p class="exc-dashed">{escape(words)}</p>'
    others = " · ".join(
        f"<bdi>{escape(name or _('no name'))}</bdi>"
        for person, name in mine.people if person != person_id
    )  # fmt: skip
    alone = escape(_("Nobody else is in it yet."))
    head = escape(_("Your group"))
    title = f"<bdi>{escape(group_title(mine.title))}</bdi>"
    return f'<div class="exc-my-group"><small>{head}</small><h2>{title}</h2><p>{others or alone}</p></div>'  # noqa: E501


def here_html(workshop: Workshop, presence: Presence) -> str:
    """For a facilitator: everybody in the room, by group, and whether their page is open."""
    people, stand = in_room(workshop), groups(workshop)
    if not people:
        return f'<p class="exc-dashed">{escape(_("Nobody has come in yet."))}</p>'
    seen = sum(presence.away(one.person_id) == 0 for one in people)
    count = _("{seen} of {n} have their page open").format(seen=seen, n=len(people))
    parts = [f'<p class="exc-note">{escape(count)}</p>']
    sorted_in = {one.person_id for one in people if one.group_id}
    for group in stand:
        inside = [one for one in people if one.group_id == group.group_id]
        parts.append(_people(group_title(group.title), inside, presence))
    rest = [one for one in people if one.person_id not in sorted_in]
    if rest:
        parts.append(_people(_("In no group") if stand else "", rest, presence))
    return "".join(parts)


def _people(title: str, people: Sequence[InRoom], presence: Presence) -> str:
    rows = "".join(_person(one, presence) for one in people)
    head = f"<h3><bdi>{escape(title)}</bdi> <small>{len(people)}</small></h3>" if title else ""
    return f'{head}<ul class="exc-here">{rows}</ul>'


def _person(one: InRoom, presence: Presence) -> str:
    away = presence.away(one.person_id)
    state = "page-open" if away == 0 else "page-shut"
    words = _("page open") if away == 0 else _ago(away)
    role = "" if one.role == "participant" else f" · {escape(_(ROLES[one.role]))}"
    name = escape(one.shown_name or _("no name"))
    return (
        f'<li data-key="{one.person_id}" class="exc-{state}"><bdi>{name}</bdi>'
        f"<small>{escape(words)}{role}</small></li>"
    )


def _ago(away: float | None) -> str:
    if away is None:
        return _("not seen yet")
    minutes = int(away // 60)
    if not minutes:
        return _("page not in front")
    return _n(
        "page not in front for {n} minute", "page not in front for {n} minutes", minutes
    ).format(n=minutes)
