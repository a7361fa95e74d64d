"""One measure asked of two datasets alike: each settles by itself what nobody gave."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError
from excavate.gaps.compare import MEASURE, Said, Told
from excavate.gaps.gathering import Part
from excavate.gaps.question import Question
from excavate.gaps.registry import REGISTRY
from excavate.gaps.text_lenses import lenses

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site

MUTUAL = ("coverage", "concepts")  # each of the two is held against the other
OWN_ITEMS = ("duplicates", "labels")  # their rows are items, which two datasets do not share
SIDES = ("a", "b")
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedSide:
    """The question of one side, and the id of its finding; or why it could not be asked."""

    question: Question
    id: str = ""
    seconds: float = 0.0
    why: str = ""

    def given(self) -> dict[str, Any]:
        """What it settled on, as JSON can hold it."""
        one = self.question
        return {
            "reference": one.reference, "encoder": one.encoder, "parameters": dict(one.parameters)
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure of both sides."""

    measure: str
    a: AskedSide
    b: AskedSide

    @property
    def sides(self) -> tuple[AskedSide, AskedSide]:
        """Both."""
        return self.a, self.b


def alike(site: Site, name: str, parts: tuple[Part, Part], given: Given) -> Asked:
    """The same question to both, through one encoder.

    given: what a person gave, for both, or what each settled on before: {"a": …, "b": …}.
    """
    each = [given.get(side, given) for side in SIDES]
    asked = [_question(name, part, said) for part, said in zip(parts, each, strict=True)]
    if name in MUTUAL:
        others = reversed(parts)
        asked = [replace(one, reference=p.name) for one, p in zip(asked, others, strict=True)]
    if REGISTRY[name].lens and not any(one.encoder for one in asked):
        encoder, why = _common(site, name, parts)
        if why:
            return Asked(name, *(AskedSide(one, why=why) for one in asked))
        asked = [replace(one, encoder=encoder) for one in asked]
    return Asked(name, *(_side(site, one) for one in asked))


def _question(name: str, part: Part, given: Given) -> Question:
    parameters = given.get("parameters") or {}
    return Question(name, part.name, given.get("reference"), given.get("encoder"), parameters)


def _common(site: Site, name: str, parts: Sequence[Part]) -> tuple[str | None, str]:
    """(the newest encoder that saw both, for words one that knows some; why there is none).

    Numbers that were seen through two encoders cannot be laid side by side.
    """
    ours, theirs = (lenses(site, part.dataset) for part in parts)
    both = [lens for lens in ours if lens.identity in {other.identity for other in theirs}]
    if name == "concepts":
        both.sort(key=lambda lens: not lens.has_text)
    if ours and theirs and not both:
        return None, f"no encoder has seen both {parts[0].name} and {parts[1].name}"
    return (both[0].identity if both else None), ""


def _side(site: Site, question: Question) -> AskedSide:
    from excavate.gaps.asking import prepared_place

    try:
        ready, place = prepared_place(site, question)
    except ExcavateError as error:
        return AskedSide(question, why=said_of(site, error))
    seconds = 0.0 if place.exists() else ready.seconds or 0.0
    return AskedSide(ready.question, place.id, seconds)


def said_of(site: Site, error: ExcavateError) -> str:
    """What failed and where, without paths of this machine: it is kept with the rows."""
    paths = (site.folder.given, str(site.folder.path))
    local = any(path and path in error.where for path in paths)
    return f"{error.where}: {error.what}" if error.where and not local else error.what


def settled_text(asked: Sequence[Asked]) -> str:
    """What each side of each measure settled on: asked with it again, it is the same."""
    told = {one.measure: {"a": one.a.given(), "b": one.b.given()} for one in asked}
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def given_of(text: str | None) -> dict[str, Any]:
    """{measure: what it is asked with}, of a person or of an earlier run."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        raise ExcavateError("asked= is no JSON of questions", MEASURE, "Leave it out")
    return given


def told(site: Site, asked: Asked) -> Told:
    """What the measure says of both; where one could not be asked, the other's is kept.

    What breaks (a fault of ours) is raised: it is no result.
    """
    key = () if asked.measure in OWN_ITEMS else REGISTRY[asked.measure].key
    a, b = (_told_of(site, side) for side in asked.sides)
    return Told(asked.measure, key, a, b)


def _told_of(site: Site, side: AskedSide) -> Said:
    from excavate.gaps.asking import ask

    if side.why:
        return Said(why=side.why)
    try:
        return said_by(ask(site, side.question))
    except ExcavateError as error:
        return Said(why=said_of(site, error))


def said_by(found: Finding) -> Said:
    """The rows and figures of a finding, or why it was not measured."""
    if found.is_measured:
        return Said(found.rows, found.figures)
    why, details = found.why_not
    return Said(why=why.format(**details))
