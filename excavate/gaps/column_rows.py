"""One row of what columns lack: a share held against another, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.worded import Worded

SHOWN = 24
MOST = 1_000  # rows of each check
Columns = Mapping[str, Worded]
# The order in which checks take turns.
CHECKS = (
    "empty", "empty-in-group", "residual", "silent-years", "thin-decade", "cliff",
    "absent", "thin", "unmatched", "thick", "too-few",
)  # fmt: skip
ROWS = pa.schema(
    [
        pa.field("check", pa.string(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("group_column", pa.string()),
        pa.field("group", pa.string()),
        pa.field("count", pa.int64(), nullable=False),
        pa.field("of", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
        pa.field("expected", pa.float64()),  # the share it is held against
        pa.field("ratio", pa.float64()),
        pa.field("q", pa.float64()),
        pa.field("strength", pa.float64(), nullable=False),
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Line:
    """`count` of `of`, with its bounds, held against `expected` where there is such a share."""

    check: str
    column: str
    count: int
    of: int
    low: float
    high: float
    strength: float
    value: str | None = None
    group_column: str | None = None
    group: str | None = None
    expected: float | None = None
    q: float | None = None
    items: Sequence[int] = field(default_factory=tuple)  # numbers of items


def first(mask: np.ndarray) -> list[int]:
    """The first numbers that a mask holds, at most SHOWN."""
    return [int(n) for n in np.flatnonzero(mask)[:SHOWN]]


def strongest(lines: Sequence[Line]) -> list[Line]:
    """Within each check the strongest first, MOST at most; then the checks in turn."""
    ranked = []
    for place, check in enumerate(CHECKS):
        own = sorted((one for one in lines if one.check == check), key=_name)
        own.sort(key=lambda one: -one.strength)
        ranked += [(rank, place, line) for rank, line in enumerate(own[:MOST])]
    return [line for _, _, line in sorted(ranked, key=lambda found: found[:2])]


def _name(line: Line) -> tuple[str, ...]:
    return (line.column, line.value or "", line.group_column or "", line.group or "")


def table_of(lines: Sequence[Line], item_ids: Sequence[str]) -> pa.Table:
    """The lines as ROWS, the strongest first."""
    return pa.Table.from_pylist([_row(line, item_ids) for line in strongest(lines)], ROWS)


def _row(line: Line, item_ids: Sequence[str]) -> dict[str, Any]:
    share = line.count / line.of if line.of else 0.0
    said = {name: getattr(line, name) for name in ROWS.names if hasattr(line, name)}
    return said | {
        "share": share,
        "ratio": share / line.expected if line.expected else None,
        "items": [item_ids[n] for n in line.items],
    }
