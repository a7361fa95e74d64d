"""The lines of a YOLO label file: a box, a polygon or a box with keypoints, in pixels."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import FaultList
from excavate.sources.picture_sizes import Size
from excavate.sources.read_once import Rows
from excavate.sources.yolo_config import shortened

WHOLE = re.compile("[0-9]{1,18}")
LARGEST = 1e12  # more pictures' widths than this are a mistake, and soon no number any more
_encoded = json.JSONEncoder(ensure_ascii=False).encode


@dataclass
class Lines:
    """Reads label files into regions and labels; counts the lines that have no place."""

    names: Mapping[str, str]
    keypoints: tuple[int, int] | None
    faults: FaultList
    classes: set[str] = field(default_factory=set)  # seen
    unplaced: int = 0

    def read(self, text: str, size: Size | None, file: str, row: int, rows: Rows) -> None:
        """All lines of one picture. `size` is None where the picture's is not known."""
        named: dict[str, None] = {}
        odd = "_" in text or not text.isascii()
        for number, line in enumerate(text.split("\n"), 1):
            fields = line.split()
            if not fields:
                continue
            try:
                if odd:
                    _refuse_odd(fields[1:])
                kind, box, geometry, extra = self._place(fields, size)
            except ValueError as error:
                self.faults.add(f"{file} line {number}", str(error))
                continue
            key = fields[0]
            named[key] = None
            said = _encoded({"verbatim": line, **extra})
            name = self.names.get(key, key)
            rows.regions.append((row, kind, *box, geometry, name, key, said))
        self.classes.update(named)
        rows.labels += [(row, "class", self.names.get(k, k), k, "source") for k in named]

    def _place(self, fields: list[str], size: Size | None) -> tuple[str, Any, str | None, Any]:
        """(kind, box, geometry as JSON, extra). Raises ValueError saying what is wrong."""
        key, *texts = fields
        if key not in self.names and (self.names or not WHOLE.fullmatch(key)):
            what = f"among the {len(self.names)} names" if self.names else "a whole number"
            raise ValueError(f"its class is {shortened(key)}, which is not {what}")
        numbers = _numbers(texts)
        count = len(numbers)
        posed = self.keypoints and count == 4 + self.keypoints[0] * self.keypoints[1]
        polygon = count >= 6 and count % 2 == 0 and not posed
        if not (count in (4, 5) or polygon or posed):
            what = "a box has 5, a polygon an odd number from 7 on"
            raise ValueError(f"{count + 1} fields, which is no line of YOLO ({what})")
        if size is None:
            self.unplaced += 1
            return "box", (None, None, None, None), None, {}
        if polygon:
            return _polygon(numbers, size)
        extra = {"confidence": numbers[4]} if count == 5 else {}
        if posed and self.keypoints:
            return "box", _box(numbers, size), None, {"keypoints": self._pose(numbers, size)}
        return "box", _box(numbers, size), None, extra

    def _pose(self, numbers: list[float], size: Size) -> list[list[float]]:
        step = self.keypoints[1] if self.keypoints else 2
        points = (numbers[at : at + step] for at in range(4, len(numbers), step))
        return [[x * size[0], y * size[1], *seen] for x, y, *seen in points]


def _numbers(texts: list[str]) -> list[float]:
    try:
        numbers = list(map(float, texts))
        inside = not numbers or (max(numbers) < LARGEST and min(numbers) > -LARGEST)
        if inside and math.isfinite(sum(numbers)):  # NaN is neither the largest nor the least
            return numbers
    except ValueError:
        pass
    raise ValueError(next(filter(None, map(_wrong, texts))))


def _wrong(text: str) -> str | None:
    """What keeps a text from being a part of a picture; None where nothing does."""
    if not _is_number(text):
        return f"{shortened(text)!r} is not a number"
    large = abs(float(text)) >= LARGEST
    return f"{shortened(text)} is too large for a part of a picture" if large else None


def _refuse_odd(texts: list[str]) -> None:
    """Raises ValueError for what Python alone takes for a number: 1_0, or digits of any script."""
    for text in texts:
        if "_" in text or not text.isascii():
            raise ValueError(f"{shortened(text)!r} is not a number")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _box(numbers: list[float], size: Size) -> tuple[float, float, float, float]:
    """Centre, width and height as parts of the picture -> corner, width and height in pixels."""
    x, y, width, height = numbers[:4]
    wide, high = size
    return (x - width / 2) * wide, (y - height / 2) * high, width * wide, height * high


def _polygon(numbers: list[float], size: Size) -> tuple[str, Any, str, dict[str, Any]]:
    across, down = [x * size[0] for x in numbers[0::2]], [y * size[1] for y in numbers[1::2]]
    ring = [value for point in zip(across, down, strict=True) for value in point]
    left, top = min(across), min(down)
    box = (left, top, max(across) - left, max(down) - top)
    return "polygon", box, json.dumps([ring]), {}
