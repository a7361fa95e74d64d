"""Look and judge: a question, its items, and what each person says of each, alone.

One row for each (item, annotator, round); a later answer in the same round supersedes the one
before. *Cannot say* and *I refuse* always stand beside the choices and are never one of them.
Nobody's answers can be had before their round is closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from excavate.errors import InputFault, NotAllowedError, NotFoundError
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import is_id
from excavate.workshop.rounds import CLOSED, OPEN, Round, closed_within, rounds
from excavate.workshop.store import Row, Workshop

if TYPE_CHECKING:
    from pandas import DataFrame

CANNOT, REFUSE = "cannot say", "refuse"
APART = (CANNOT, REFUSE)  # answers that are no choice: counted, and counted apart
FEWEST, MOST = 2, 7  # choices
USUAL, MOST_ITEMS = 20, 200
QUESTION, WORDS = 300, 60
GRACE = 15.0  # seconds after the close in which what was on its way is still taken
LISTED = "judging_id, question_ko, question_en, choices, items, seed, drawn, written_at"
JUDGINGS = f"""
SELECT {LISTED} FROM judgings
WHERE room_id = $1 AND ($2 IS NULL OR judging_id = $2) ORDER BY writing, row_id
"""  # noqa: S608
OF_ROUND = """
SELECT number, person_id, shown_name, choice, reason, language, written_at FROM judgements
WHERE room_id = $1 AND judging_id = $2 AND round_id = $3 AND ($4 IS NULL OR person_id = $4)
ORDER BY number, person_id
"""
DONE = """
SELECT count(DISTINCT number) FROM judgements
WHERE room_id = $1 AND judging_id = $2 AND round_id = $3 GROUP BY person_id
"""
LATEST = """
SELECT row_id FROM judgement
WHERE room_id = $1 AND judging_id = $2 AND round_id = $3 AND person_id = $4 AND number = $5
ORDER BY writing DESC LIMIT 1
"""
NAMESAKES = """
SELECT person_id, count(DISTINCT number) FROM judgements
WHERE room_id = $1 AND judging_id = $2 AND round_id = $3 AND shown_name = $4
GROUP BY person_id ORDER BY person_id
"""
TIMED = """
SELECT count(*) FROM judgements
WHERE room_id = $1 AND judging_id = $2 AND person_id IN (SELECT unnest($3::VARCHAR[]))
"""
STANDS = "SELECT count(*) FROM judging WHERE row_id = $1"
JUDGEMENT_STANDS = "SELECT count(*) FROM judgement WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen, in both languages; one of them may be left out."""

    code: str
    ko: str
    en: str

    def words(self, language: str) -> str:
        """The words of a language, or the other's where there are none."""
        return (self.ko or self.en) if language == "ko" else (self.en or self.ko)


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item as it stood when it was put in: a changed picture is noticed."""

    item_id: str
    sha256: str | None
    revision: str


@dataclass(frozen=True, slots=True)
class GivenJudging:
    """A judging as it is set up. `drawn`: what the items are from, {"from": …, "name": …}."""

    judging_id: str
    question_ko: str
    question_en: str
    choices: tuple[Choice, ...]
    items: tuple[JudgedItem, ...]
    seed: int = 0
    drawn: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Judging:
    """A question and its items, in the order everybody sees them."""

    judging_id: str
    question_ko: str
    question_en: str
    choices: tuple[Choice, ...]
    items: tuple[JudgedItem, ...]
    seed: int
    drawn: Mapping[str, str] = field(hash=False)
    written_at: datetime

    def question(self, language: str) -> str:
        """The question in a language, or in the other where it was not written in this one."""
        ko, en = self.question_ko, self.question_en
        return (ko or en) if language == "ko" else (en or ko)


@dataclass(frozen=True, slots=True)
class GivenJudgement:
    """One answer. `row_id` is made where it is given: sent twice, it is one answer."""

    row_id: str
    judging_id: str
    round_id: str
    number: int
    choice: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person says of one item in one round."""

    number: int
    person_id: str
    shown_name: str
    choice: str
    reason: str | None
    language: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: counts, and nobody's answers."""

    people: int
    finished: int
    answers: int


def set_up(workshop: Workshop, author: Author, given: GivenJudging) -> bool:
    """Record a judging; True where it is new. Raises RefusedError with every fault of it."""
    refuse([*author_faults(author), *judging_faults(given)])
    rows = [*person_rows(workshop, author), judging_row(author, given)]
    return once(workshop, rows, STANDS, given.judging_id)


def judging_row(author: Author, given: GivenJudging) -> Row:
    """The row of a judging; its faults were asked for before."""
    columns = {
        "judging_id": given.judging_id, "question_ko": tidy(given.question_ko),
        "question_en": tidy(given.question_en),
        "choices": _json([asdict(one) for one in given.choices]),
        "items": _json([asdict(one) for one in given.items]), "seed": given.seed,
        "drawn": _json(dict(given.drawn or {})),
    }  # fmt: skip
    return Row("judging", given.judging_id, author.person_id, columns)


def judge(workshop: Workshop, author: Author, given: GivenJudgement) -> bool:
    """Record one answer; a later one of the same person, item and round supersedes it.

    True where it is new. Raises RefusedError with every fault of it, NotAllowedError where the
    round is not open and was not closed just now, NotFoundError where there is no such judging.
    """
    judging = one_judging(workshop, given.judging_id)
    if not _takes(workshop, given):
        raise NotAllowedError("the round is closed", "", "Ask the facilitator to reopen it")
    refuse([*author_faults(author), *_judgement_faults(judging, given)])
    asked = [workshop.room_id, given.judging_id, given.round_id, author.person_id, given.number]
    with workshop.cursor() as cursor:
        before = cursor.execute(LATEST, asked).fetchone()
    columns = {"judging_id": given.judging_id, "round_id": given.round_id,
               "number": given.number, "choice": given.choice,
               "reason": tidy(given.reason) or None, "language": author.language,
               "seconds": None}  # fmt: skip
    earlier = before[0] if before and before[0] != given.row_id else None
    row = Row("judgement", given.row_id, author.person_id, columns, earlier)
    return once(workshop, [*person_rows(workshop, author), row], JUDGEMENT_STANDS, given.row_id)


def judgings(workshop: Workshop) -> list[Judging]:
    """The judgings of the room, oldest first."""
    return _read(workshop, None)


def one_judging(workshop: Workshop, judging_id: str) -> Judging:
    """One judging. Raises NotFoundError where the room has none by that id."""
    found = _read(workshop, judging_id) if is_id(judging_id) else []
    if not found:
        raise NotFoundError("no such judging", judging_id, "It may be of another room")
    return found[0]


def rounds_of(workshop: Workshop, judging_id: str) -> list[Round]:
    """The rounds in which a judging was or will be answered, in their order."""
    return [one for one in rounds(workshop) if one.judging_id == judging_id]


def own(workshop: Workshop, judging_id: str, round_id: str, person_id: str) -> dict[int, Judgement]:
    """What a person has said so far: {number of the item: their answer}."""
    found = _judgements(workshop, judging_id, round_id, person_id)
    return {one.number: one for one in found}


def voices(workshop: Workshop, judging_id: str, round_id: str) -> list[Judgement]:
    """Everybody's answers of a round. Raises NotAllowedError before it was closed."""
    if _round(workshop, judging_id, round_id).state != "closed":
        todo = "They are shown once the facilitator has closed it"
        raise NotAllowedError("the round is not closed yet", "", todo)
    return _judgements(workshop, judging_id, round_id, None)


def progress(workshop: Workshop, judging: Judging, round_id: str) -> Progress:
    """How many take part, how many have answered everything, and how many answers stand."""
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, judging.judging_id, round_id]
        done = [int(n) for (n,) in cursor.execute(DONE, asked).fetchall()]
    return Progress(len(done), sum(n >= len(judging.items) for n in done), sum(done))


def answers_of(workshop: Workshop, judging_id: str, people: Iterable[str]) -> int:
    """How many answers, of all rounds, are of these people together."""
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, judging_id, sorted(people)]
        found = cursor.execute(TIMED, asked).fetchone()
    return int(found[0])


def namesakes(
    workshop: Workshop, judging: Judging, round_id: str, shown_name: str
) -> dict[str, int]:
    """{person: how many they answered} of those who answer under this name in a round."""
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, judging.judging_id, round_id, shown_name]
        return dict(cursor.execute(NAMESAKES, asked).fetchall())


def _takes(workshop: Workshop, given: GivenJudgement) -> bool:
    """Whether a round is open, or was closed while an answer may have been on its way."""
    state = _round(workshop, given.judging_id, given.round_id).state
    return state == OPEN or (state == CLOSED and closed_within(workshop, given.round_id, GRACE))


def _round(workshop: Workshop, judging_id: str, round_id: str) -> Round:
    found = [one for one in rounds_of(workshop, judging_id) if one.round_id == round_id]
    if not found:
        raise NotFoundError("no such round", round_id, "It may be of another room")
    return found[0]


def _read(workshop: Workshop, judging_id: str | None) -> list[Judging]:
    with workshop.cursor() as cursor:
        rows = cursor.execute(JUDGINGS, [workshop.room_id, judging_id]).fetchall()
    return [_judging(row) for row in rows]


def _judging(row: Sequence[Any]) -> Judging:
    choices = tuple(Choice(**one) for one in json.loads(row[3]))
    items = tuple(JudgedItem(**one) for one in json.loads(row[4]))
    return Judging(row[0], row[1], row[2], choices, items, row[5], json.loads(row[6]), row[7])


def _judgements(
    workshop: Workshop, judging_id: str, round_id: str, person_id: str | None
) -> list[Judgement]:
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, judging_id, round_id, person_id]
        return [Judgement(*row) for row in cursor.execute(OF_ROUND, asked).fetchall()]


def judging_faults(given: GivenJudging) -> Iterable[InputFault]:
    """What keeps a judging from being set up."""
    asked = tidy(given.question_ko) or tidy(given.question_en)
    yield from text_faults("Question", asked, QUESTION)
    yield from text_faults("Question", tidy(given.question_en), QUESTION, needed=False)
    if not FEWEST <= len(given.choices) <= MOST:
        yield InputFault("Choices", f"from {FEWEST} to {MOST} of them")
    for number, choice in enumerate(given.choices, 1):
        for words in (choice.ko, choice.en):
            yield from text_faults(f"Choice {number}", words, WORDS, needed=False)
    codes = [choice.code for choice in given.choices]
    shown = [{choice.words(one) for choice in given.choices} - {""} for one in ("ko", "en")]
    if len({*codes} - {*APART}) < len(codes) or min(map(len, shown)) < len(codes):
        yield InputFault("Choices", "each is there once and has words")
    if not given.items:
        yield InputFault("Items", "there is nothing to look at")
    if len(given.items) > MOST_ITEMS:
        yield InputFault("Items", f"{len(given.items)} items, at most {MOST_ITEMS} are kept")


def _judgement_faults(judging: Judging, given: GivenJudgement) -> Iterable[InputFault]:
    if given.choice not in (*(choice.code for choice in judging.choices), *APART):
        yield InputFault("Answer", "there is no such choice")
    if not 0 <= given.number < len(judging.items):
        yield InputFault("Answer", "there is no such item")
    yield from text_faults("Reason", tidy(given.reason), checking.TEXT, needed=False)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def long_frame(said: Sequence[Judgement]) -> DataFrame:
    """item (its number), annotator, label: of the answers that are a choice, for agreement."""
    import pandas as pd

    rows = [(one.number, one.person_id, one.choice) for one in said if one.choice not in APART]
    return pd.DataFrame(rows, columns=["item", "annotator", "label"])
