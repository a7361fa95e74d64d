"""Counter-datasets in a shared room, for tests of their pages."""

from __future__ import annotations

from excavate.counter.members import add_member
from excavate.counter.plans import write_plan
from excavate.counter.records import GivenMember, GivenPlan, Wanted
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.about import About
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from tests.app.entering import SharedRoom

ITEM = About("item", {"item_id": "digits/all/5"})
TITLE, STATEMENT = "묻지 않은 손 <b>", "이 숫자들은 열세 사람의 손입니다 <script>alert(1)</script>"


def absence_of(
    room: SharedRoom, who: Author, words: str, kind: str | None = None, visibility: str = "public"
) -> str:
    """An absence that stands; its id."""
    given = GivenAbsence(new_id(), words, ITEM, type=kind, visibility=visibility)
    say(room.workshop, who, given)
    return given.absence_id


def plan_in(room: SharedRoom, who: Author, *answers: str, name: str = "hands", **more: str) -> str:
    """A plan that stands; its id."""
    plan_id = new_id()
    more = {"title_ko": TITLE, "statement_ko": STATEMENT, "licence": "CC-BY-4.0",
            "consent_ko": "내 그림을 보여도 됩니다"} | more  # fmt: skip
    given = GivenPlan(plan_id, name, answers=answers, wanted=(Wanted("5", 4),), **more)
    write_plan(room.workshop, who, plan_id, given)
    return plan_id


def member_in(
    room: SharedRoom, who: Author, plan_id: str, kind: str = "chosen", **more: object
) -> str:
    """A member that stands; its id."""
    more.setdefault("reason", "우리 손과 닮았습니다")
    if kind == "chosen":
        more.setdefault("item_id", "digits/all/5")
    given = GivenMember(new_id(), plan_id, kind, **more)  # type: ignore[arg-type]
    add_member(room.workshop, who, given, Settings(), Site(room.site))
    return given.member_id
