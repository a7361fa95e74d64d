"""Plans of counter-datasets: which absences they answer, how, and who decides; every version stays.

A plan that answers an absence which is refused, redacted or withdrawn takes empty places only:
nothing here offers to fill what somebody holds back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from excavate.counter.deciding import may_change, refuse_others
from excavate.counter.licences import LICENCES
from excavate.counter.records import GivenPlan, Plan, Wanted
from excavate.errors import InputFault, NotFoundError, StaleError
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.absence_record import Absence
from excavate.workshop.absences import is_unfillable, one_absence
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import is_id
from excavate.workshop.seeing import refuse_unseen
from excavate.workshop.store import Row, Workshop

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_WANTED, MOST_ANSWERS, MOST_COUNT, MOST_NAME = 40, 20, 1_000_000, 60
PLACES = {
    "name": N_("Short name"), "title": N_("Title"), "statement": N_("Statement of the plan"),
    "wanted": N_("How many of what"), "excluded": N_("What it will not contain"),
    "licence": N_("Licence"), "consent": N_("What contributors agree to"),
    "decides": N_("Who decides"), "against": N_("Dataset it answers"),
    "answers": N_("Absences it answers"),
}  # fmt: skip
COLUMNS = (
    "name", "title_ko", "title_en", "statement_ko", "statement_en", "excluded_ko", "excluded_en",
    "licence", "consent_ko", "consent_en", "decides", "against",
)  # fmt: skip
FIELDS = f"plan_id, answers, wanted, {', '.join(COLUMNS)}, row_id"
PLANS = f"""
SELECT {FIELDS}, version, written_at, person_id, shown_name FROM plans t WHERE room_id = $1
ORDER BY (SELECT min(writing) FROM plan b WHERE b.plan_id = t.plan_id), plan_id
"""  # noqa: S608
VERSIONS = f"""
SELECT {FIELDS}, version, written_at, person_id, shown_name FROM (
    SELECT t.*, p.shown_name, row_number() OVER (ORDER BY t.writing) AS version
    FROM plan t JOIN people p USING (person_id) WHERE t.room_id = $1 AND t.plan_id = $2
) t WHERE NOT EXISTS (
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= t.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'plan/' || t.plan_id || '/' || t.person_id
) ORDER BY writing
"""  # noqa: S608
FIRST = """
SELECT arg_min(person_id, writing), arg_max(row_id, writing) FROM plan
WHERE room_id = $1 AND plan_id = $2 HAVING count(*) > 0
"""
HOLDS_FILLED = """
SELECT count(*) FROM members_now WHERE room_id = $1 AND plan_id = $2 AND kind <> 'empty'
"""
STANDS = "SELECT count(*) FROM plan WHERE row_id = $1"


def write_plan(
    workshop: Workshop, author: Author, row_id: str, given: GivenPlan, begun: str | None = None
) -> bool:
    """Record a version of a plan; True where it is new. The first has `row_id` == `plan_id`.

    `begun`: the row of the version it was begun from; where another stands, StaleError.
    Raises RefusedError with every fault, NotAllowedError where a later version is by neither its
    first author nor a reviewer, NotFoundError where a later version is of no plan.
    """
    given = _tidied(given)
    with workshop.writing:
        before = _newest_row(workshop, author, row_id, given.plan_id)
        _refuse_stale(workshop, row_id, given.plan_id, begun)
        faults = [*author_faults(author), *plan_faults(given)]
        faults += _beside_faults(workshop, author, given)
        refuse(faults)
        row = Row("plan", row_id, author.person_id, _columns(given), before)
        return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)


@kept_by("counter", "room")
def _plans(workshop: Workshop) -> tuple[Plan, ...]:
    with workshop.cursor() as cursor:
        return tuple(map(_plan, cursor.execute(PLANS, [workshop.room_id]).fetchall()))


def plans(workshop: Workshop) -> list[Plan]:
    """Every plan in its newest version that was not taken back; the oldest plan first."""
    return list(_plans(workshop))


def plan_versions(workshop: Workshop, plan_id: str) -> list[Plan]:
    """What a plan said before and says now, the oldest first; empty where there is none."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(VERSIONS, [workshop.room_id, plan_id]).fetchall()
    return [_plan(row) for row in rows]


def one_plan(workshop: Workshop, plan_id: str, version: int | None = None) -> Plan:
    """One plan, as it stands or in one version. Raises NotFoundError."""
    kept = plans(workshop) if version is None else plan_versions(workshop, plan_id)
    for plan in kept:
        if plan.given.plan_id == plan_id and version in (None, plan.version):
            return plan
    raise _no_plan(plan_id)


def plan_named(workshop: Workshop, name: str) -> Plan:
    """The plan by its short name. Raises NotFoundError that names those there are."""
    for plan in plans(workshop):
        if plan.given.name == name:
            return plan
    there = ", ".join(plan.given.name for plan in plans(workshop)) or "none"
    raise NotFoundError("no counter-dataset by this name", name, f"There are: {there}")


def may_decide(workshop: Workshop, person_id: str, plan_id: str) -> bool:
    """Whether somebody may write the plan's next version and its order."""
    return may_change(workshop, person_id, plan_owner(workshop, plan_id))


def plan_owner(workshop: Workshop, plan_id: str) -> tuple[str, ...]:
    """Who wrote the first version, alone in a tuple; empty where there is no such plan."""
    with workshop.cursor() as cursor:
        found = cursor.execute(FIRST, [workshop.room_id, plan_id]).fetchone()
    return (str(found[0]),) if found else ()


def answered(
    workshop: Workshop, plan: Plan, viewer: str | None = None, *, role: str = "participant",
    group_id: str | None = None,
) -> list[Absence]:  # fmt: skip
    """The absences a plan answers, as a viewer sees them (None: as everybody does), in its order.

    What was taken back, or is not theirs to see, is not there.
    """
    seen = {}
    for absence_id in plan.given.answers:
        with suppress(NotFoundError):
            seen[absence_id] = one_absence(
                workshop, absence_id, viewer, role=role, group_id=group_id
            )
    return list(seen.values())


def takes_only_empty(workshop: Workshop, plan: Plan) -> bool:
    """Whether one of its absences is refused, redacted or withdrawn: nothing may fill those.

    Whoever looks: also where an absence is its author's own, or its group's.
    """
    return any(map(is_unfillable, all_answered(workshop, plan)))


def all_answered(workshop: Workshop, plan: Plan) -> list[Absence]:
    """The absences a plan answers, also those that few may see: to reckon with, never to show."""
    writers = dict.fromkeys(one.person_id for one in plan_versions(workshop, plan.given.plan_id))
    found: dict[str, Absence] = {}
    for writer in (*writers, None):
        for one in answered(workshop, plan, writer, role="facilitator"):
            found.setdefault(one.absence_id, one)
    return list(found.values())


def plan_faults(given: GivenPlan) -> Iterator[InputFault]:
    """Everything that is wrong with the form of a plan."""
    if not (NAME.fullmatch(given.name) and len(given.name) <= MOST_NAME):
        yield InputFault(PLACES["name"], "small Latin letters, digits and single hyphens, to 60")
    yield from _either_faults(PLACES["title"], given.title_ko, given.title_en, checking.NAME)
    yield from _either_faults(PLACES["statement"], given.statement_ko, given.statement_en)
    for key in ("excluded", "consent"):
        for said in (getattr(given, f"{key}_ko"), getattr(given, f"{key}_en")):
            yield from text_faults(PLACES[key], said, checking.TEXT, needed=False)
    yield from text_faults(PLACES["decides"], given.decides, checking.SOURCE, needed=False)
    yield from text_faults(PLACES["against"], given.against, checking.NAME, needed=False)
    if given.licence and given.licence not in LICENCES:
        yield InputFault(PLACES["licence"], "no licence of the list")
    yield from _wanted_faults(given.wanted)
    if len(given.answers) > MOST_ANSWERS or not all(map(is_id, given.answers)):
        yield InputFault(PLACES["answers"], f"ids of absences, at most {MOST_ANSWERS}")


def _either_faults(
    place: str, korean: str, english: str, most: int = checking.TEXT
) -> Iterator[InputFault]:
    """One of the two languages must be written; both are checked."""
    yield from text_faults(place, korean, most, needed=not english)
    yield from text_faults(place, english, most, needed=False)


def _wanted_faults(wanted: Sequence[Wanted]) -> Iterator[InputFault]:
    if len(wanted) > MOST_WANTED:
        yield InputFault(PLACES["wanted"], f"{len(wanted)} rows, at most {MOST_WANTED} are kept")
    for one in wanted:
        yield from text_faults(PLACES["wanted"], one.what, checking.NAME)
        if not 1 <= one.count <= MOST_COUNT:
            yield InputFault(PLACES["wanted"], f"a number from 1 to {MOST_COUNT}")


def _beside_faults(workshop: Workshop, author: Author, given: GivenPlan) -> Iterator[InputFault]:
    """What is wrong with it beside what is there: its name, the absences, what it holds."""
    others = [one for one in plans(workshop) if one.given.plan_id != given.plan_id]
    if any(one.given.name == given.name for one in others):
        yield InputFault(PLACES["name"], "another counter-dataset has this name")
    said = {row for one in plan_versions(workshop, given.plan_id) for row in one.given.answers}
    found = []
    for absence_id in given.answers:
        try:
            if absence_id not in said:
                refuse_unseen(workshop, author.person_id, absence_id)
            found.append(one_absence(workshop, absence_id, author.person_id, role="facilitator"))
        except NotFoundError:
            if absence_id not in said:
                yield InputFault(PLACES["answers"], "no such absence that you see")
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, given.plan_id]
        holds = cursor.execute(HOLDS_FILLED, asked).fetchone()[0]
    if holds and any(map(is_unfillable, found)):
        what = "it holds members already: what is refused, redacted or withdrawn is not filled"
        yield InputFault(PLACES["answers"], what)


def _newest_row(workshop: Workshop, author: Author, row_id: str, plan_id: str) -> str | None:
    """The row a version supersedes; None of the first. Raises as `write_plan`."""
    if row_id == plan_id:
        return None
    with workshop.cursor() as cursor:
        found = cursor.execute(FIRST, [workshop.room_id, plan_id]).fetchone()
    if found is None:
        raise _no_plan(plan_id)
    what = "only who made a plan, or a reviewer, writes its next version"
    refuse_others(workshop, author.person_id, (found[0],), what, plan_id)
    return str(found[1]) if found[1] != row_id else None


def _refuse_stale(workshop: Workshop, row_id: str, plan_id: str, begun: str | None) -> None:
    rows = [one.row_id for one in plan_versions(workshop, plan_id)]
    if begun is None or not rows or row_id in rows or rows[-1] == begun:
        return
    todo = "Look at it, then write yours over it or begin again from it"
    raise StaleError("another version was written meanwhile", plan_id, todo)


def _no_plan(plan_id: str) -> NotFoundError:
    return NotFoundError("no such counter-dataset", plan_id, "It may have been taken back")


def _tidied(given: GivenPlan) -> GivenPlan:
    said = {name: tidy(getattr(given, name)) for name in COLUMNS}
    wanted = tuple(Wanted(tidy(one.what), one.count) for one in given.wanted)
    kept = tuple(one for one in wanted if one.what or one.count)
    return replace(given, **said, wanted=kept, answers=tuple(dict.fromkeys(given.answers)))


def _columns(given: GivenPlan) -> dict[str, Any]:
    wanted = [{"what": one.what, "count": one.count} for one in given.wanted]
    return {name: getattr(given, name) for name in COLUMNS} | {
        "plan_id": given.plan_id, "answers": json.dumps(given.answers),
        "wanted": json.dumps(wanted, ensure_ascii=False),
    }  # fmt: skip


def _plan(row: Sequence[Any]) -> Plan:
    plan_id, answers, wanted, *said = row[:-5]
    many = tuple(Wanted(str(one["what"]), int(one["count"])) for one in json.loads(wanted))
    named = dict(zip(COLUMNS, said, strict=True))
    given = GivenPlan(plan_id, answers=tuple(json.loads(answers)), wanted=many, **named)
    return Plan(given, *row[-5:])
