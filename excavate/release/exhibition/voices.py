"""An absence and what was said of it: every voice on its own, none merged or shortened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from excavate.release.exhibition.words import Both, coded, say
from excavate.release.record import Contents
from excavate.workshop.about import About
from excavate.workshop.absence_record import STANCES, Absence
from excavate.workshop.absence_types import types, words

DEEPEST = 6  # answers to answers are set in so far


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing one person said: how deep it answers, what kind, in whose words."""

    kind: Both
    code: str
    text: str
    language: str
    who: Both
    when: str
    depth: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """How many people hold one stance, or see one kind of absence."""

    name: Both
    count: int


@dataclass(frozen=True, slots=True)
class Evident:
    """One piece of evidence: what it points at, in words; a link's address; who brought it."""

    kind: Both
    words: str
    link: str
    verdict: Both | None
    who: Both


@dataclass(frozen=True, slots=True)
class Frame:
    """An absence as it hangs: its number, its author's words, and all that was said of it."""

    number: int
    absence: Absence
    who: Both
    when: str
    about: tuple[Both, str] | None
    kinds: tuple[Spread, ...]
    stances: tuple[Spread, ...]
    knownness: Both | None
    translations: tuple[Voice, ...]
    evidence: tuple[Evident, ...]
    voices: tuple[Voice, ...]

    @property
    def page(self) -> str:
        """Its page, relative to the exhibition."""
        return f"absences/{self.number:02d}.html"

    @property
    def statement(self) -> str:
        """What is absent, in its author's words and language."""
        return self.absence.statement

    @property
    def people(self) -> int:
        """How many voices there are under it."""
        return len(self.voices)


def frames(contents: Contents) -> tuple[Frame, ...]:
    """Every absence that the counter-dataset answers, in the plan's order."""
    return tuple(_frame(n, one, contents) for n, one in enumerate(contents.absences, 1))


def _frame(number: int, one: Absence, contents: Contents) -> Frame:
    known = words("knownness").get(one.knownness or "")
    return Frame(
        number, one, named(one.shown_name), day(one.written_at), _about(one.about),
        tuple(_kinds(one)), tuple(_stances(one)), Both(known.ko, known.en) if known else None,
        tuple(
            Voice(say("translation", who=named(t.shown_name)), "translation", t.statement,
                  t.language, named(t.shown_name), day(t.written_at), 0, t.stale)
            for t in one.translations
        ),
        tuple(_evident(e) for e in one.evidence), tuple(_voices(one, contents)),
    )  # fmt: skip


def named(shown_name: str | None) -> Both:
    """A person's name as they chose it, or that they are not named."""
    return Both(shown_name, shown_name) if shown_name else say("anonymous")


def day(moment: datetime) -> str:
    """The day something was said."""
    return f"{moment:%Y-%m-%d}"


def _kinds(one: Absence) -> Iterator[Spread]:
    counted = dict(one.types) or ({one.type: 1} if one.type else {})
    for code in sorted(counted, key=lambda c: (-counted[c], c)):
        known = types().get(code)
        other = words("answers").get(code)
        name = known.name if known else other
        yield Spread(Both(name.ko, name.en) if name else Both(code, code), counted[code])


def _stances(one: Absence) -> Iterator[Spread]:
    counted = dict(one.stances) or ({one.stance: 1} if one.stance else {})
    for code in STANCES if counted else ():
        known = words("stances")[code]
        yield Spread(Both(known.ko, known.en), counted.get(code, 0))


def _voices(one: Absence, contents: Contents) -> Iterator[Voice]:
    """Its answers and theirs, each under what it answers, in the order they were said."""
    below: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    seen: set[str] = set()
    for reply_id, about, voice in _replies(one, contents):
        if reply_id not in seen:
            seen.add(reply_id)
            below.setdefault(about, []).append((reply_id, voice))
    roots = [one.absence_id, *(t.translation_id for t in one.translations),
             *(e.evidence_id for e in one.evidence)]  # fmt: skip
    for root in roots:
        yield from _under(root, below, 0)


def _under(
    of: str, below: dict[str, list[tuple[str, dict[str, Any]]]], depth: int
) -> Iterator[Voice]:
    for reply_id, voice in below.pop(of, []):
        yield Voice(depth=min(depth, DEEPEST), **voice)
        yield from _under(reply_id, below, depth + 1)


def _replies(one: Absence, contents: Contents) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for r in one.replies:
        said = _voice(r.kind, r.text, r.language, r.shown_name, r.written_at)
        yield r.reply_id, r.about, said | {"withdrawn": r.withdrawn}
    for s in contents.conversation.said:
        if s.kind == "reply":
            kind = str(s.more.get("kind", ""))
            yield s.id, s.of, _voice(kind, s.words, s.language, s.shown_name, s.written_at)


def _voice(kind: str, text: str, language: str, who: str | None, at: datetime) -> dict[str, Any]:
    known = words("replies").get(kind)
    name = Both(known.ko, known.en) if known else Both(kind, kind)
    return {"kind": name, "code": kind, "text": text, "language": language,
            "who": named(who), "when": day(at)}  # fmt: skip


def _evident(one: Any) -> Evident:
    kind, text = _about(one.about) or (coded("abouts", one.about.kind), "")
    link = str(one.about.value.get("link", "")) if one.about.kind == "link" else ""
    verdict = words("verdicts").get(one.verdict or "")
    return Evident(
        kind, text, link if link.startswith(("http://", "https://")) else "",
        Both(verdict.ko, verdict.en) if verdict else None, named(one.shown_name),
    )  # fmt: skip


def _about(about: About) -> tuple[Both, str] | None:
    """What is pointed at: its kind, and its ids and words one after the other."""
    if about.kind == "nothing":
        return None
    return coded("abouts", about.kind), " · ".join(_pieces(about.value))


def _pieces(value: Mapping[str, Any]) -> Iterator[str]:
    for key, one in value.items():
        if isinstance(one, Mapping):
            yield from (f"{name} = {said}" for name, said in one.items())
        elif isinstance(one, str | int | float):
            yield str(one)
        elif key == "items" and isinstance(one, list | tuple):
            yield f"{len(one)} items"
