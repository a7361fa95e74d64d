"""What an essay is: its two languages beside each other, its sources, the figures it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from excavate.gaps.question import Question

KO, EN, BOTH = "ko", "en", "both"
TONGUES = (KO, EN)
CHARTS = ("bars", "table", "pictures", "numbers")
# What is no measure of the registry: labels counted in the catalog, tables out of the dossiers,
# and in how many other settings another figure of the essay holds.
COUNTS, DOSSIERS, RECORD, ROBUSTNESS = "counts", "dossiers", "record", "robustness"
OWN = (COUNTS, DOSSIERS, RECORD, ROBUSTNESS)


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Korean and English, each written in its own right."""

    ko: str
    en: str

    def of(self, language: str) -> str:
        """The words in one language."""
        return self.ko if language == KO else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """One source of an essay: facts of the dossiers, a measure, or a document.

    facts: ids in `archives/`, each of which says who said so and whether that was seen.
    """

    id: str
    facts: tuple[str, ...] = ()
    measure: str = ""
    document: str = ""
    named: Words | None = None
    url: str = ""
    seen_in: str = ""


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """A figure as the essay asks for it; `line`: where its fence begins.

    of: the id of another figure, where it is said of that one (robustness). show: which numbers
    stand below it, by name; say: a sentence with {names} of its numbers, for the measure's own.
    """

    id: str
    line: int
    measure: str
    caption: Words
    dataset: str = ""
    reference: str | None = None
    encoder: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    of: str = ""
    chart: str = "numbers"
    rows: int = 10
    show: tuple[str, ...] = ()
    say: Words | None = None

    @property
    def question(self) -> Question:
        """What is asked of the site, where it is a measure of the registry."""
        return Question(
            self.measure, self.dataset, self.reference, self.encoder, dict(self.parameters)
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch of prose as Markdown, in both languages; `lines`: where each begins."""

    words: Words
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Essay:
    """An essay as it is written. `body`: prose and figures in their order.

    order: where it stands among the others; those with the same by their names.
    """

    name: str
    title: Words
    lead: Words
    sources: Mapping[str, Source]
    body: tuple[Pair | FigureAsked, ...]
    order: int = 100

    @property
    def figures(self) -> dict[str, FigureAsked]:
        """Its figures by id, in their order."""
        return {part.id: part for part in self.body if isinstance(part, FigureAsked)}

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Its prose, in order."""
        return tuple(part for part in self.body if isinstance(part, Pair))
