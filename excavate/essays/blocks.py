"""An essay's text cut into front matter, pairs of prose and figure fences, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from excavate.errors import FaultList
from excavate.essays.form import Pair, Words

RULE, FENCE, END, PROSE = "+++", "```figure", "```", ":::"


@dataclass(frozen=True, slots=True)
class Fence:
    """What stands between ```figure and ```; `line`: that of the fence's own first line."""

    text: str
    line: int


@dataclass(slots=True)
class _Open:
    """The pair that is being read: which language, its lines so far, where each began."""

    language: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def front_matter(text: str, file: str, faults: FaultList) -> tuple[str, int, Sequence[str]]:
    """(the front matter, the line before its first, every line after it)."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != RULE:
        faults.add(f"{file}:1", f"an essay begins with its front matter, between two lines {RULE}")
        return "", 0, lines
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == RULE:
            return "\n".join(lines[1:number]) + "\n", 1, lines[number + 1 :]
    faults.add(f"{file}:1", f"the front matter has no end: a line {RULE}")
    return "", 0, []


def blocks_of(
    lines: Sequence[str], before: int, file: str, faults: FaultList
) -> Iterator[Pair | Fence]:
    """Pairs and fences in order. `before`: how many lines of the file stand above these."""
    opened, at = _Open(), 0
    while at < len(lines):
        line, number = lines[at].strip(), before + at + 2
        if line == FENCE:
            end = _end_of(lines, at)
            _check_fence(opened, end, len(lines), f"{file}:{number}", faults)
            yield Fence("\n".join(lines[at + 1 : end]), number)
            at = end
        elif line.startswith(PROSE):
            pair = _turn(opened, line[len(PROSE) :].strip(), number, file, faults)
            if pair is not None:
                yield pair
                opened = _Open()
        else:
            _take(opened, lines[at], f"{file}:{number}", faults)
        at += 1
    _check_ended(opened, file, faults)


def _take(opened: _Open, line: str, place: str, faults: FaultList) -> None:
    if opened.language:
        opened.said[opened.language].append(line)
    elif line.strip():
        faults.add(place, f"prose stands between `{PROSE} ko` and `{PROSE}`")


def _check_ended(opened: _Open, file: str, faults: FaultList) -> None:
    if opened.language:
        begun = opened.lines["ko" if "ko" in opened.lines else "en"]
        faults.add(f"{file}:{begun}", f"this prose has no end: a line `{PROSE}`")


def _end_of(lines: Sequence[str], start: int) -> int:
    return next((n for n in range(start + 1, len(lines)) if lines[n].strip() == END), len(lines))


def _check_fence(opened: _Open, end: int, length: int, place: str, faults: FaultList) -> None:
    if opened.language:
        faults.add(place, "a figure stands between two stretches of prose, not within one")
    if end == length:
        faults.add(place, f"this figure has no end: a line {END}")


def _turn(opened: _Open, word: str, number: int, file: str, faults: FaultList) -> Pair | None:
    """What a line of colons does: it begins Korean, goes over to English, or ends the pair."""
    expected = {"": "ko", "ko": "en", "en": ""}[opened.language]
    if word != expected:
        said = f"{PROSE} {expected}".strip()
        faults.add(f"{file}:{number}", f"`{PROSE} {word}`".replace(" `", "`")
                   + f" stands where `{said}` is due")  # fmt: skip
    if word in ("ko", "en"):
        opened.language = word
        opened.said.setdefault(word, [])
        opened.lines[word] = number + 1
        return None
    return _closed(opened, number) if opened.language else None


def _closed(opened: _Open, number: int) -> Pair:
    korean, english = ("\n".join(opened.said.get(one, [])).strip("\n") for one in ("ko", "en"))
    at = (opened.lines.get("ko", number), opened.lines.get("en", number))
    return Pair(Words(korean, english), at)
