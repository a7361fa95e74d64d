"""The two marks that stand in an essay's prose: a figure's number, and the note of a source."""

from __future__ import annotations

import re
from collections.abc import Iterator

NUMBER = re.compile(r"\{\{\s*([a-z][a-z0-9-]*)\.([^{}\n]+?)\s*\}\}")
NOTE = re.compile(r"\[\^([a-z][a-z0-9-]*)\]")
OPENED = re.compile(r"\{\{|\}\}|\[\^")


def numbers_in(text: str) -> list[tuple[str, str]]:
    """(figure, name) of every number that the text takes out of a figure, in order."""
    return NUMBER.findall(text)


def notes_in(text: str) -> list[str]:
    """The ids of the sources that the text names, in order."""
    return NOTE.findall(text)


def broken_marks(text: str) -> Iterator[tuple[int, str]]:
    """(line from 0, what stands there) of every mark that is begun and is none."""
    for number, line in enumerate(text.splitlines()):
        rest = NOTE.sub("", NUMBER.sub("", line))
        if found := OPENED.search(rest):
            yield number, rest[found.start() : found.start() + 24].strip()
