"""Vocabularies of concepts: a CSV of prompts, Korean and English side by side.

Columns: id, group, ko, en, note. A concept needs a prompt in one language at least; one that
lacks the other is not measured in it. Shipped: general, korea, places.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import FaultList, NotFoundError, SourceError

SHIPPED = Path(__file__).with_name("vocabularies")
COLUMNS = ("id", "group", "ko", "en", "note")
LANGUAGES = ("ko", "en")
LONGEST = 200  # characters; word towers cut what is much longer
MOST = 5000  # concepts


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing to look for. A prompt that is "" is lacking in that language."""

    id: str
    group: str
    ko: str
    en: str
    note: str = ""

    def prompt(self, language: str) -> str:
        """The prompt in one of LANGUAGES."""
        return {"ko": self.ko, "en": self.en}[language]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The concepts of one file; `sha256` is of its bytes."""

    name: str
    concepts: tuple[Concept, ...]
    sha256: str


def shipped() -> list[str]:
    """The names of the vocabularies that come with the project."""
    return sorted(file.stem for file in SHIPPED.glob("*.csv"))


def read_vocabulary(name: str) -> Vocabulary:
    """A shipped vocabulary by its name, or a CSV file by its path.

    Raises NotFoundError where there is none, SourceError with every fault of the file.
    """
    file = SHIPPED / f"{name}.csv" if name in shipped() else Path(name).expanduser()
    if not file.is_file():
        todo = f"Shipped are: {', '.join(shipped())}; or give a CSV file"
        raise NotFoundError("no such vocabulary", name, todo)
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("it is not UTF-8", name, f"At byte {error.start}") from None
    return Vocabulary(name, tuple(_concepts(text, name)), hashlib.sha256(content).hexdigest())


def _concepts(text: str, name: str) -> list[Concept]:
    rows = csv.reader(io.StringIO(text), strict=True)
    faults, found = FaultList(), []
    try:
        header = [cell.strip() for cell in next(rows, [])]
        _check_header(header, name)
        for line, row in _numbered(rows):
            if len(row) != len(header):
                faults.add(f"line {line}", f"{len(row)} columns instead of {len(header)}")
            else:
                found.append((line, _concept(dict(zip(header, row, strict=True)))))
    except csv.Error as error:
        faults.add(f"line {rows.line_num}", f"this is no CSV: {error}")
    _check(found, faults)
    faults.raise_if_any("the vocabulary has faults", name, "Mend the lines")
    return [concept for _, concept in found]


def _check_header(header: list[str], name: str) -> None:
    missing = [column for column in COLUMNS[:4] if column not in header]
    if missing or len(set(header)) < len(header):
        what = f"columns are missing: {', '.join(missing)}" if missing else "a column stands twice"
        raise SourceError(what, name, f"The first line is {','.join(COLUMNS)}")


def _numbered(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for row in rows:
        if any(cell.strip() for cell in row):
            yield rows.line_num, row  # type: ignore[attr-defined]


def _concept(row: dict[str, str]) -> Concept:
    return Concept(*(row.get(column, "").strip() for column in COLUMNS))


def _check(found: list[tuple[int, Concept]], faults: FaultList) -> None:
    """Every fault of the concepts: lacking ids and prompts, twins, what is too long."""
    if not found and not faults.count:
        faults.add("line 2", "there is no concept")
    if len(found) > MOST:
        faults.add(f"line {found[MOST][0]}", f"more than {MOST:,} concepts")
    there: dict[tuple[str, str], int] = {}
    for line, concept in found:
        for what in _faults_of(concept):
            faults.add(f"line {line}", what)
        for column in ("id", *LANGUAGES):
            value = getattr(concept, column)
            first = there.setdefault((column, value.casefold()), line)
            if value and first != line:
                faults.add(f"line {line}", f"{column} {value!r} stands in line {first} already")


def _faults_of(concept: Concept) -> Iterator[str]:
    if not concept.id:
        yield "it has no id"
    if not (concept.ko or concept.en):
        yield "it has no prompt, neither ko nor en"
    for language in LANGUAGES:
        prompt = concept.prompt(language)
        if len(prompt) > LONGEST:
            yield f"{language} is longer than {LONGEST} characters"
        if any(ord(character) < 32 for character in prompt):
            yield f"{language} holds a control character"
