"""What came of a figure: its numbers and lines, or why there are none. No HTML yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.essays.form import FigureAsked, Words
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.gaps.question import Question
    from excavate.site import Site

# Found something; measured, and nothing found; asked, and could not be measured; not asked of
# this site yet; cannot be asked of it at all.
FOUND, NOTHING, UNMEASURED, UNASKED, IMPOSSIBLE = (
    "found", "nothing", "unmeasured", "unasked", "impossible",
)  # fmt: skip
BLANK = Words("", "")


@dataclass(frozen=True, slots=True)
class Ground:
    """What figures are computed from. `measure`: measure what was not asked of the site yet."""

    site: Site | None
    archives: Path
    measure: bool = False
    progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a figure; `low` and `high` bound 95 % where it is an estimate."""

    value: float
    low: float | None = None
    high: float | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a figure. `cells`: further cells of a table; `items`: pictures that show it."""

    label: Words
    value: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    cells: tuple[Words, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A figure as it was computed. `said`: one sentence; where there is none, why.

    named: the numbers' headings. title: what the bars count; heads: the columns of a table.
    rests: (dataset, revision) of all that it was computed from. question: what to ask of the
    site, where it was not asked yet.
    """

    asked: FigureAsked
    state: str
    said: Words
    numbers: Mapping[str, Number] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    named: Mapping[str, Words] = field(default_factory=dict)
    title: Words = BLANK
    expected_title: Words = BLANK
    heads: tuple[Words, ...] = ()
    share: bool = False
    against: Words = BLANK
    finding: str = ""
    rests: tuple[tuple[str, str], ...] = ()
    encoder: str = ""
    made_at: str = ""
    left: int = 0
    question: Question | None = None

    @property
    def is_computed(self) -> bool:
        """Whether its numbers stand."""
        return self.state in (FOUND, NOTHING)
