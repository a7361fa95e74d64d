"""Hand-checks of findings: a blinded sample, drawn once, and each person's own answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from excavate.errors import InputFault, NotFoundError
from excavate.gaps.handcheck import ANSWERS, Case, Judged, judged
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop

CHECKS = """
SELECT check_id, finding_id, seed, cases FROM hand_checks
WHERE room_id = $1 AND finding_id = $2 ORDER BY writing LIMIT 1
"""
SAID = """
SELECT person_id, shown_name, number, answer FROM hand_answers
WHERE room_id = $1 AND check_id = $2 ORDER BY writing
"""
LATEST = """
SELECT row_id FROM hand_answers
WHERE room_id = $1 AND check_id = $2 AND person_id = $3 AND number = $4
"""
CHECK_STANDS = "SELECT count(*) FROM hand_check WHERE row_id = $1"
ANSWER_STANDS = "SELECT count(*) FROM hand_answer WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class HandCheck:
    """The sample of one finding, and what each person said: {person: {case: answer}}."""

    check_id: str
    finding_id: str
    seed: int
    cases: tuple[Case, ...]
    answers: Mapping[str, Mapping[int, str]]
    names: Mapping[str, str]  # how each person is called

    @property
    def result(self) -> Judged:
        """What the two with the most answers say together."""
        return judged(self.cases, self.answers)

    def waiting(self, person_id: str) -> list[int]:
        """The cases that somebody has not answered yet, in the order they are shown."""
        given = self.answers.get(person_id, {})
        return [number for number in range(len(self.cases)) if number not in given]

    @property
    def finished(self) -> int:
        """How many people have answered everything."""
        return sum(not self.waiting(person) for person in self.answers)


def hand_check(workshop: Workshop, finding_id: str) -> HandCheck | None:
    """The hand-check of a finding; None where nobody has drawn one."""
    with workshop.cursor() as cursor:
        row = cursor.execute(CHECKS, [workshop.room_id, finding_id]).fetchone()
        said = row and cursor.execute(SAID, [workshop.room_id, row[0]]).fetchall()
    if row is None:
        return None
    answers: dict[str, dict[int, str]] = {}
    for person, _name, number, given in said:
        answers.setdefault(person, {})[number] = given
    names = {person: name for person, name, _number, _given in said}
    cases = tuple(Case(**case) for case in json.loads(row[3]))
    return HandCheck(row[0], row[1], row[2], cases, answers, names)


def begin(
    workshop: Workshop, author: Author, finding_id: str, cases: Sequence[Case], seed: int
) -> HandCheck:
    """Keep the sample that was drawn; where one stands already, that one holds.

    Raises RefusedError where a name or the consent is missing, or nothing was drawn.
    """
    faults = author_faults(author)
    if not cases:
        faults.append(InputFault("Hand-check", "there is nothing to judge by eye"))
    refuse(faults)
    there = hand_check(workshop, finding_id)
    if there is None:
        check_id = new_id()
        columns = {"check_id": check_id, "finding_id": finding_id, "seed": seed,
                   "cases": json.dumps([asdict(case) for case in cases])}  # fmt: skip
        row = Row("hand_check", check_id, author.person_id, columns)
        once(workshop, [*person_rows(workshop, author), row], CHECK_STANDS, check_id)
        there = hand_check(workshop, finding_id)
    if there is None:
        raise NotFoundError("no such hand-check", finding_id, "Reload the page")
    return there


def say(
    workshop: Workshop, author: Author, check: HandCheck, number: int, given: str, row_id: str
) -> bool:
    """Record one answer; a later one corrects it. True where it is new.

    Raises RefusedError with every fault of it.
    """
    faults = author_faults(author)
    if given not in ANSWERS:
        faults.append(InputFault("Answer", f"one of: {', '.join(ANSWERS)}"))
    if not 0 <= number < len(check.cases):
        faults.append(InputFault("Answer", "there is no such case"))
    refuse(faults)
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, check.check_id, author.person_id, number]
        before = cursor.execute(LATEST, asked).fetchone()
    columns = {"check_id": check.check_id, "number": number, "answer": given}
    row = Row("hand_answer", row_id, author.person_id, columns, before[0] if before else None)
    return once(workshop, [*person_rows(workshop, author), row], ANSWER_STANDS, row_id)
