"""What a map shows inside an outline, held against the neighbours in embedding space.

A layout invents closeness and emptiness: it puts items side by side that are no neighbours, and
opens holes where there are none (Venna and Kaski 2001 call the first a want of trustworthiness;
Kaski et al. 2003; Venna et al. 2010 read it as the precision of looking things up on the map).
Their measures judge a whole layout; here the same question is asked of one outline, as two:

*together*, of the items inside it: what share of their k nearest neighbours in embedding space is
inside, too? By chance it would be (m - 1) / (n - 1).

*apart*, of an empty place: half-way, in embedding space, between two items on opposite sides of
it, is there more emptiness than half-way between two items on one side? For each item of the ring
the share of such comparisons that say so; by chance it would be one half. Half-way points lie
nearer to the middle of a high-dimensional cloud than items do, all of them, so that only the
comparison tells anything.

Either share is corrected for chance, 0 being chance and 1 all. *Supported* is what has its 95 %
interval above one half. *Only in the layout* asks for more than the contrary:

- *together*: the share is about what chance would give (at most MULTIPLE times, and less than
  NEAR above it), and enough was looked at that a share of SLIGHT would have been seen. A small
  piece of a large cloud has most of its neighbours outside and is no invention: neighbours more
  often than by chance, but no group of its own.
- *apart*: the interval holds chance and lies below one half, and the place is wide enough to
  tell. Its width is what the squared distances across exceed those alongside by (Pythagoras), held
  against the usual distance between neighbours. In many dimensions that distance is large, and a
  true hole and an invented one look the same below WIDE times of it.

All else is not measured, with its reason. Intervals are Wilson's (1927) with as many observations
as items, which is wider than items that agree would need. Coordinates play no part.

Limits: *together* does not say that a group is cut off from everything else, only that it keeps
to itself. Items with many copies count each. Of *apart*, a place with items on one side alone is
at the edge, not measured. Both hold through one encoder only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from excavate.gaps.shares import share_bounds
from excavate.i18n import N_

SUPPORTED, ONLY_LAYOUT, NOT_MEASURED = "supported", "only in the layout", "not measured"
HALF = 0.5
MULTIPLE, NEAR, SLIGHT = 3.0, 0.1, 0.3  # of chance; of shares that are corrected for it
LOOKS = 200  # neighbours looked at: fewer may miss what is 100 times chance, where chance is small
WIDE = 2.0  # times the usual distance: 1.6 is the widest at which a true hole was missed
K = 15
FEWEST_INSIDE = 5
FEWEST_AROUND = 12
ACROSS, ALONGSIDE = np.radians(120), np.radians(45)  # directions apart: opposite, on one side
PARTNERS = 12  # on either side, of one item of the ring
ALIKE = 1e-6  # squared distances below are of the rounding of float32
BLOCK = 8_000_000  # similarities held at a time

NONE_KEPT = N_("the neighbours of this layout are not kept")
NO_VECTORS = N_("the vectors of this layout are not kept")
TOO_FEW = N_("{items} items are inside: too few to be held against their neighbours")
TOO_MANY = N_("the outline leaves only {outside} items outside")
NO_NEIGHBOURS = N_("there are no neighbours to look at")
NO_RING = N_("too few items ring it on both sides ({items}): it lies at an edge, or alone")
MORE_OFTEN = N_(
    "they are neighbours more often than by chance ({times} times), but no group of their own"
)
TOO_NARROW = N_(
    "the place is too narrow to be seen: {width} times the usual distance between neighbours"
)
BETWEEN = N_("the interval fits neither answer alone: {items} items cannot settle it")
REASONS = (
    NONE_KEPT, NO_VECTORS, TOO_FEW, TOO_MANY, NO_NEIGHBOURS, NO_RING, MORE_OFTEN, TOO_NARROW,
    BETWEEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the neighbours say. `kind`: together or apart; `value` is a share of `items` items.

    `chance` is what the share would be by chance, `low` and `high` bound it to 95 %, `of` is how
    many items the map has, `k` how many neighbours were looked at (0: none, of an empty place).
    """

    verdict: str
    kind: str
    items: int
    of: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    k: int = 0
    why: str = ""  # of what is not measured; a message of the catalogue
    details: Mapping[str, Any] = field(default_factory=dict)


def together(neighbours: np.ndarray, rows: np.ndarray, k: int = K) -> Verdict:
    """Whether the items inside an outline are neighbours of one another.

    neighbours: int (n, K), the nearest rows of every row in embedding space, itself left out,
    nearest first. rows: int (m,), those inside. k is lowered to m - 1. O(m k).
    """
    n, m = len(neighbours), len(rows)
    if m < FEWEST_INSIDE:
        return Verdict(NOT_MEASURED, "together", m, n, why=TOO_FEW, details={"items": m})
    if n - m < FEWEST_INSIDE:
        return Verdict(NOT_MEASURED, "together", m, n, why=TOO_MANY, details={"outside": n - m})
    k = min(k, m - 1, neighbours.shape[1])
    if k < 1:
        return Verdict(NOT_MEASURED, "together", m, n, why=NO_NEIGHBOURS)
    within = np.zeros(n, bool)
    within[rows] = True
    shares = within[np.asarray(neighbours[rows, :k])].mean(axis=1)
    return _judged_together(_measured("together", shares, n, (m - 1) / (n - 1), k))


def apart(vectors: np.ndarray, rows: np.ndarray, directions: np.ndarray) -> Verdict:
    """Whether an empty place on the map is empty between the items that ring it.

    vectors: float32 (n, d), L2-normalised. rows: int (m,), the ring; directions (m,): in which
    direction of the map each lies, in radians. Of each item at most PARTNERS on either side are
    looked at, evenly chosen. O(m n d), a block of similarities held.
    """
    turned = np.abs(directions[:, None] - directions[None])
    turned = np.minimum(turned, 2 * np.pi - turned)
    across, alongside = turned >= ACROSS, turned <= ALONGSIDE
    np.fill_diagonal(alongside, False)
    across, alongside = _few(across), _few(alongside)
    asked = across.any(axis=1) & alongside.any(axis=1)
    n, m = len(vectors), int(asked.sum())
    if m < FEWEST_AROUND:
        return Verdict(NOT_MEASURED, "apart", m, n, why=NO_RING, details={"items": m})
    empty = _emptiness(vectors, rows, across | alongside)
    shares = [
        _more_often(empty[one, across[one]], empty[one, alongside[one]])
        for one in np.flatnonzero(asked)
    ]
    width = _width(vectors, rows, across, alongside)
    return _judged_apart(_measured("apart", np.array(shares), n, HALF, 0), width)


def corrected(share: float, chance: float) -> float:
    """A share corrected for chance: 0 is chance, 1 all; below 0 it is less than chance."""
    return (share - chance) / (1 - chance)


def _measured(kind: str, shares: np.ndarray, of: int, chance: float, k: int) -> Verdict:
    """The mean share with its interval; supported, or not settled by it."""
    items, value = len(shares), float(shares.mean())
    low, high = share_bounds(value * items, items)
    numbers = (items, of, value, low, high, chance, k)
    if corrected(low, chance) > HALF:
        return Verdict(SUPPORTED, kind, *numbers)
    return Verdict(NOT_MEASURED, kind, *numbers, why=BETWEEN, details={"items": items})


def _judged_together(found: Verdict) -> Verdict:
    value, low, high, chance = _numbers(found)
    if found.verdict == SUPPORTED or corrected(high, chance) >= HALF:
        return found
    by_chance = value <= MULTIPLE * chance and corrected(value, chance) < NEAR
    many = found.items * found.k >= LOOKS
    if by_chance and many and corrected(high, chance) < SLIGHT:
        return replace(found, verdict=ONLY_LAYOUT, why="", details={})
    if low <= MULTIPLE * chance:
        return found
    return replace(found, why=MORE_OFTEN, details={"times": f"{value / chance:.0f}"})


def _judged_apart(found: Verdict, width: float) -> Verdict:
    _value, low, high, chance = _numbers(found)
    if found.verdict == SUPPORTED:
        return found
    if width < WIDE:
        return replace(found, why=TOO_NARROW, details={"width": f"{width:.1f}"})
    if low <= chance and corrected(high, chance) < HALF:
        return replace(found, verdict=ONLY_LAYOUT, why="", details={})
    return found


def _numbers(found: Verdict) -> tuple[float, float, float, float]:
    return (
        float(found.value or 0), float(found.low or 0), float(found.high or 0),
        float(found.chance or 0),
    )  # fmt: skip


def _width(
    vectors: np.ndarray, rows: np.ndarray, across: np.ndarray, alongside: np.ndarray
) -> float:
    """How much wider the ring is across than alongside, in usual distances between neighbours.

    0 where those are 0, too: among items that are all alike nothing is wide.
    """
    ring = np.asarray(vectors[rows], np.float32)
    far = 2 - 2 * ring @ ring.T  # squared, of unit vectors
    wide = float(far[across].mean() - far[alongside].mean())
    similar = ring @ np.asarray(vectors).T
    similar[np.arange(len(rows)), rows] = -np.inf
    usual = float(np.median(2 - 2 * similar.max(axis=1)))
    return float(np.sqrt(wide / usual)) if wide > ALIKE and usual > ALIKE else 0.0


def _few(wanted: np.ndarray) -> np.ndarray:
    """At most PARTNERS of the True in each row, evenly chosen."""
    count = wanted.sum(axis=1, keepdims=True)
    place = np.cumsum(wanted, axis=1) - 1
    step = np.minimum(1, PARTNERS / np.maximum(count, 1))
    chosen = np.floor((place + 1) * step) > np.floor(place * step)
    return np.asarray(wanted & chosen)


def _emptiness(vectors: np.ndarray, rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Float (m, m): 1 - the highest similarity of any other item to the middle of each pair."""
    found = np.full(wanted.shape, np.nan)
    first, second = np.nonzero(np.triu(wanted | wanted.T, 1))
    ring = np.asarray(vectors[rows], np.float32)
    for part in _parts(len(first), len(vectors)):
        one, other = first[part], second[part]
        middles = ring[one] + ring[other]
        lengths = np.linalg.norm(middles, axis=1, keepdims=True)
        similar = (middles / np.where(lengths > 0, lengths, 1)) @ np.asarray(vectors).T
        at = np.arange(len(one))
        similar[at, rows[one]] = similar[at, rows[other]] = -np.inf
        empty = 1 - similar.max(axis=1)
        found[one, other] = found[other, one] = np.round(empty, 6)
    return found


def _parts(pairs: int, n: int) -> Iterator[slice]:
    step = max(1, BLOCK // max(1, n))
    return (slice(start, start + step) for start in range(0, pairs, step))


def _more_often(one: np.ndarray, other: np.ndarray) -> float:
    """How often a number of the first is greater than one of the second; equals count half."""
    greater = (one[:, None] > other[None]).mean() + (one[:, None] == other[None]).mean() / 2
    return float(greater)
