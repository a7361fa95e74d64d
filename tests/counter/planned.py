"""Counter-datasets for tests: a plan, members of every kind, their rights."""

from __future__ import annotations

import json
from typing import Any

from excavate.counter.members import add_member
from excavate.counter.plans import write_plan
from excavate.counter.records import GivenMember, GivenPlan, GivenRights
from excavate.counter.rights import give_rights
from excavate.settings import Settings
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop
from tests.made import encoded, picture
from tests.workshop.given import author

CONSENT = "보여 주고 베껴도 됩니다."


def a_plan(plan_id: str | None = None, **more: Any) -> GivenPlan:
    said = {"name": "hands", "title_ko": "손", "statement_en": "Whose hand is missing?",
            "consent_ko": CONSENT, "licence": "CC-BY-4.0"}  # fmt: skip
    return GivenPlan(plan_id or new_id(), **{**said, **more})


def planned(workshop: Workshop, who: Author, **more: Any) -> str:
    """A plan that stands; its id."""
    given = a_plan(**more)
    assert write_plan(workshop, who, given.plan_id, given)
    return given.plan_id


def strokes(x: float = 30, width: float = 12) -> str:
    line = {"pen": "pen", "width": width, "points": [[x, 10, 0.5, 0], [x, 90, 0.5, 40]]}
    return json.dumps({"width": 100, "height": 100, "strokes": [line]})


def given_drawn(plan_id: str, x: float = 30, **more: Any) -> GivenMember:
    return GivenMember(new_id(), plan_id, "drawn", **{"reason": "My own hand", **more},
                       strokes=strokes(x))  # fmt: skip


def given_uploaded(plan_id: str, seed: int = 1, **more: Any) -> GivenMember:
    content = more.pop("picture", None) or encoded(picture(seed))
    return GivenMember(new_id(), plan_id, "uploaded", **{"reason": "We took it", **more},
                       picture=content)  # fmt: skip


def given_empty(plan_id: str, reason: str = "Kept empty for her") -> GivenMember:
    return GivenMember(new_id(), plan_id, "empty", reason)


def put(workshop: Workshop, who: Author, *given: GivenMember, site: Any = None) -> list[str]:
    for one in given:
        assert add_member(workshop, who, one, Settings(), site)
    return [one.member_id for one in given]


def rights(**more: Any) -> GivenRights:
    said = {"creator": "Mirae", "source": "drawn in the workshop", "licence": "CC-BY-4.0",
            "contributor_consent": "given", "depicted_consent": "nobody"}  # fmt: skip
    return GivenRights(**{**said, **more})


def cleared(workshop: Workshop, who: Author, *member_ids: str, **more: Any) -> int:
    return give_rights(workshop, who, new_id(), member_ids, rights(**more))


def said_absence(workshop: Workshop, who: Author, type_: str | None = None) -> str:
    absence_id = new_id()
    say(workshop, who, GivenAbsence(absence_id, "Her hand is not there", type=type_))
    return absence_id


def entered(workshop: Workshop, role: str) -> Author:
    """Somebody in a shared room, as what they are."""
    who = author(role)
    name = {"shown_name": role, "language": "ko", "consented_to": who.consented_to}
    workshop.write([Row("person", new_id(), who.person_id, name)])
    columns = {"role": role, "group_id": None, "given_by": None}
    workshop.write([Row("membership", new_id(), who.person_id, columns)])
    return who
