"""Where names stand beside their marks so that none lies on another. Pure geometry.

Each name tries the places around its mark, the nearest first; one that finds none is left out
and counted, never drawn over another, nor nearer to another's mark than to its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import hypot

LINE = 17.0  # height of a line of text
GAP = 13.0  # from a mark's middle to its name
CLEARLY = 3.0  # by so much a name stands nearer to its own mark than to any other
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A name that found its place: where its text starts, and whether a leader leads to it."""

    index: int
    x: float  # left edge of the text
    y: float  # its baseline
    width: float
    leader: bool

    def end_nearest(self, x: float) -> float:
        """Where a leader from x meets the text: at its start, its middle or its end."""
        return min((self.x - 3, self.x + self.width / 2, self.x + self.width + 3),
                   key=lambda end: abs(end - x))  # fmt: skip


NARROW, WIDE = frozenset("iljtfrI.,:;'|()[]!-·’ "), frozenset("mwMW@%—…")


def text_width(text: str, size: float = 14.0) -> float:
    """About how wide a text is in our type: Korean signs are nearly square."""
    return size * sum(_sign_width(sign) for sign in text)


def fitted(text: str, room: float) -> str:
    """As much of a text as there is room for, with a sign for what was cut."""
    if text_width(text) <= room:
        return text
    while text and text_width(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _sign_width(sign: str) -> float:
    if ord(sign) > 0x2E7F:
        return 0.88
    if sign in NARROW:
        return 0.33
    if sign in WIDE:
        return 0.87
    return 0.66 if sign.isupper() else 0.56


def place_labels(
    points: Sequence[tuple[float, float]],
    widths: Sequence[float],
    within: Box,
    given: Sequence[Label] = (),
    mark: float = 9.0,
    last: Collection[int] = (),
) -> list[Label]:
    """A place for each name that finds one; those with the most neighbours choose first.

    given: names that have their place already; the others keep clear of them. last: those that
    choose after all others.
    """
    placed = {label.index for label in given}
    taken = [(x - mark, y - mark, x + mark, y + mark) for x, y in points]
    taken += [_box(label.x, label.y, label.width) for label in given]
    left = [i for i in range(len(points)) if i not in placed]
    order = sorted(left, key=lambda i: (i in last, -_crowd(points, i), points[i]))
    found = list(given)
    for index in order:
        own = taken[index]
        for x, y, far in _around(points[index], widths[index]):
            box = _box(x, y, widths[index])
            if not _inside(box, within) or any(_meet(box, t) for t in taken if t is not own):
                continue
            if _is_nearest(box, points, index):
                taken.append(box)
                found.append(Label(index, x, y, widths[index], far))
                break
    return sorted(found, key=lambda label: label.index)


def _is_nearest(box: Box, points: Sequence[tuple[float, float]], index: int) -> bool:
    """Whether no mark stands nearer to a name than its own, nor is read with it.

    What stands on the line of a name is read with it from twice as far.
    """
    own, own_read = _distance(box, points[index]), _distance(box, points[index], 0.5)
    return all(
        _distance(box, point) >= own and _distance(box, point, 0.5) >= own_read + CLEARLY
        for i, point in enumerate(points)
        if i != index
    )


def _distance(box: Box, point: tuple[float, float], across: float = 1.0) -> float:
    x, y = point
    return hypot(
        across * max(box[0] - x, 0, x - box[2]),
        max(box[1] - y, 0, y - box[3]),
    )


def column_labels(
    indices: Sequence[int],
    points: Sequence[tuple[float, float]],
    widths: Sequence[float],
    x: float,
    low: float,
    high: float,
) -> list[Label]:
    """Names in one column at x, each as near its mark's height as the others let it stand.

    As many as there is room for between low and high, the first of the indices.
    """
    kept = indices[: max(int((high - low) / LINE), 0)]
    middles = spread([points[i][1] for i in kept], [LINE] * len(kept), low, high)
    return [
        Label(i, x, y + LINE * 0.28, widths[i], True) for i, y in zip(kept, middles, strict=True)
    ]


def spread(wanted: Sequence[float], apart: Sequence[float], low: float, high: float) -> list[float]:
    """Middles near the wanted ones, `apart[i]` wide each, none over another, from low to high."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places, at = [0.0] * len(wanted), low
    for i in order:
        places[i] = max(wanted[i], at + apart[i] / 2)
        at = places[i] + apart[i] / 2
    at = high
    for i in reversed(order):
        places[i] = min(places[i], at - apart[i] / 2)
        at = places[i] - apart[i] / 2
    return places


def _box(x: float, y: float, width: float) -> Box:
    return (x, y - LINE * 0.75, x + width, y + LINE * 0.25)


def _around(point: tuple[float, float], width: float) -> Iterator[tuple[float, float, bool]]:
    x, y = point
    middle = y + LINE * 0.28
    yield x + GAP, middle, False
    yield x - GAP - width, middle, False
    yield x - width / 2, y - GAP - 2, False
    yield x - width / 2, y + GAP + LINE * 0.75, False
    for level in (y - GAP - 2, y + GAP + LINE * 0.75):
        for start in (x - 4, x - width + 4, x - width * 0.25, x - width * 0.75):
            yield start, level, False
    for step in range(1, 9):
        for sign in (-1, 1):
            level = middle + sign * step * LINE
            yield x + GAP + 4, level, step > 1
            yield x - GAP - 4 - width, level, step > 1
            for share in (0.5, 0.25, 0.75):
                yield x - width * share, level + sign * LINE * 0.4, True


def _crowd(points: Sequence[tuple[float, float]], index: int) -> int:
    x, y = points[index]
    return sum(abs(x - a) < 120 and abs(y - b) < 3 * LINE for a, b in points)


def _inside(box: Box, within: Box) -> bool:
    return (
        box[0] >= within[0] and box[1] >= within[1]
        and box[2] <= within[2] and box[3] <= within[3]
    )  # fmt: skip


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )  # fmt: skip
