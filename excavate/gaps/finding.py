"""What a measure returns: its rows, the numbers in front, and what is needed to defend them.

A measure is a pure function over frames and arrays. What it cannot measure it says, with the
reason: never an empty table, never zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

# What a gap can be held against; saying/references.py has the words of each.
REFERENCE_KINDS = (
    "dataset",  # another dataset of the site, or a split: name, revision
    "taxonomy",  # a taxonomy on its own: name, revision
    "table",  # a reference table: name, revision (sha256), note (source and year)
    "vocabulary",  # a file of prompts: name, revision (sha256)
    "uniform",  # the same for each
    "floor",  # at least so many for each: number
    "independence",  # what the margins alone would give
    "itself",  # the dataset's own items, neighbours or voices
    "finding",  # another finding of the same measure: name is its id
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a gap is held against: always named. `kind` is one of REFERENCE_KINDS."""

    kind: str
    name: str = ""
    revision: str = ""
    number: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; `low` and `high` bound 95 % where it is an estimate, and are None where not."""

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        given = [n for n in (self.value, self.low, self.high) if n is not None]
        if not all(map(math.isfinite, given)):
            raise ValueError(f"a figure has to be a number: {given}")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure found: `rows`, the strongest first. Without rows it found nothing.

    A row may name items in a column `items` (lists of item ids, the most telling first): the
    pictures nearest to the void. `tested`: how many comparisons the rows were picked from.
    """

    measure: str
    parameters: Mapping[str, Any]
    reference: Reference
    rows: pa.Table
    figures: Mapping[str, Figure] = field(default_factory=dict)
    tested: int = 0


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Why a measure says nothing here: neither that there is a gap nor that there is none.

    `why` is a message of the catalogue (marked with N_), `details` fills its {names}.
    """

    measure: str
    parameters: Mapping[str, Any]
    why: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.why.format(**self.details)


Outcome = Measured | NotMeasured
