"""The documentation score: which questions about a dataset have an answer, and how well seen.

It scores what is *on record in the dossier*, not the dataset: a question without an answer is
one that nobody here has found answered, which is itself something found. Questions and the
topics that answer them stand in questions.toml. Pure functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from excavate.dossiers.schema import Said

if TYPE_CHECKING:
    from excavate.dossiers.reading import Archive
    from excavate.dossiers.schema import Dossier, Fact

# seen: a fact whose source was seen answers it; unverified: only facts that were recalled,
# brought, or known by a link; none: no fact answers it.
State = Literal["seen", "unverified", "none"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `topics` and `because` name the facts that answer it beside those that say so.

    topics: what those facts are about. because: tables of the dossier (status, descendant) whose
    grounds they are.
    """

    id: str
    instrument: str
    section: str
    text: Said
    topics: tuple[str, ...]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an instrument, with its questions in order."""

    id: str
    name: Said
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published list of questions (or this project's own four)."""

    id: str
    name: Said
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dossier has to one question: its state, and the ids of the facts."""

    question: Question
    state: State
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many questions have a seen answer, only an unverified one, or none."""

    seen: int
    unverified: int
    none: int

    @property
    def asked(self) -> int:
        """All questions counted here."""
        return self.seen + self.unverified + self.none


@dataclass(frozen=True, slots=True)
class Score:
    """All questions with their answers, in the order of the instruments."""

    dossier: str
    answers: tuple[Answer, ...]

    def totals(self, instrument: str | None = None, section: str | None = None) -> Totals:
        """Counts over all questions, or those of one instrument or section."""
        kept = Counter(
            answer.state
            for answer in self.answers
            if instrument in (None, answer.question.instrument)
            and section in (None, answer.question.section)
        )
        return Totals(kept["seen"], kept["unverified"], kept["none"])


def score(dossier: Dossier, archive: Archive | None = None) -> Score:
    """Which questions the facts of a dossier answer. O(questions + facts).

    archive: where the facts of other dossiers are found that its descent rests on; without it,
    only its own count.
    """
    named = archive.facts_named if archive else dossier.facts_named
    by_topic: defaultdict[str, list[Fact]] = defaultdict(list)
    by_question: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in dossier.fact:
        by_topic[fact.topic].append(fact)
        for question_id in fact.answers:
            by_question[question_id].append(fact)
    return Score(
        dossier.id,
        tuple(
            _answer(q, [
                *(fact for topic in q.topics for fact in by_topic[topic]), *by_question[q.id],
                *(fact for table in q.because for fact in named(_grounds(dossier, table))),
            ])
            for q in questions().values()
        ),
    )  # fmt: skip


def _grounds(dossier: Dossier, table: str) -> list[str]:
    """The ids of the facts that a table of a dossier rests on."""
    found = getattr(dossier, table) or []
    tables = found if isinstance(found, list) else [found]
    return [fact_id for one in tables for fact_id in one.because]


def _answer(question: Question, facts: list[Fact]) -> Answer:
    ids = tuple(dict.fromkeys(fact.id for fact in facts))
    if not facts:
        return Answer(question, "none", ids)
    return Answer(question, "seen" if any(f.verified for f in facts) else "unverified", ids)


@cache
def instruments() -> tuple[Instrument, ...]:
    """The instruments with their sections and questions, as questions.toml lists them."""
    import tomli

    text = files("excavate.dossiers").joinpath("questions.toml").read_text("utf-8")
    return tuple(_instrument(table) for table in tomli.loads(text)["instrument"])


@cache
def questions() -> dict[str, Question]:
    """Every question by its id, in order."""
    return {question.id: question for question in _all_questions()}


def _all_questions() -> Iterator[Question]:
    for instrument in instruments():
        for section in instrument.sections:
            yield from section.questions


def _instrument(table: dict[str, Any]) -> Instrument:
    sections = tuple(_section(table["id"], section) for section in table["section"])
    return Instrument(table["id"], _said(table), sections)


def _section(instrument: str, table: dict[str, Any]) -> Section:
    asked = tuple(
        Question(q["id"], instrument, table["id"], _said(q), tuple(q["topics"]),
                 tuple(q.get("because", ())))
        for q in table["question"]
    )  # fmt: skip
    return Section(table["id"], _said(table), asked)


def _said(table: dict[str, Any]) -> Said:
    return Said(en=table["en"], ko=table["ko"])
