"""What a measure returns: its rows, the numbers in front, and what is needed to defend them.

A measure is a pure function over frames and arrays. What it cannot measure it says, with the
reason: never an empty table, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Figure:
    """A number; `low` and `high` bound 95 % where it is an estimate, and are None where not."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure found: `rows`, the strongest first. Without rows it found nothing.

    `reference` names what the gap is held against: a taxonomy, a dataset, a floor, independence.
    """

    measure: str
    parameters: Mapping[str, Any]
    reference: str
    rows: pa.Table
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Why a measure says nothing here: neither that there is a gap nor that there is none."""

    measure: str
    parameters: Mapping[str, Any]
    why: str


Outcome = Measured | NotMeasured
