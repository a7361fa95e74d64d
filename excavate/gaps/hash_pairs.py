"""All pairs of 63-bit hashes that differ in few bits, in any of the eight positions. Exact.

The pigeonhole (Norouzi, Punjani and Fleet 2012 call the family multi-index hashing): cut the
bits into radius + k pieces; where at most `radius` bits differ, at least k pieces are equal. So
for each choice of k pieces the hashes are sorted by them, and only those that agree are
compared. A pair is told by the first k pieces it agrees in, so that none is told twice.

Time: C(radius + k, k) sorts of n, and as many comparisons as hashes agree by chance; k is chosen
for n. Memory: some 200 bytes for each hash, and the pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise
from math import comb

import numpy as np

from excavate.gaps.hashing import BITS, transposed, turned
from excavate.progress import Progress, silent

MOST_PAIRS = 5_000_000
MOST_COMPARED = 20_000_000_000
_WIDEST = 22  # bits of a key: a table of 4 million places is held
_ROW = np.uint64(0xFFFFFFFF)
THREADS = 2


class TooManyError(Exception):
    """More pairs, or more comparisons, than anybody waits for: the hashes are too much alike."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows: int64 first < second, uint8 distance in bits, uint8 turn.

    Turning the second's picture by `turn` (of TURNS) brings it nearest to the first's.
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    turn: np.ndarray


@dataclass(frozen=True, slots=True)
class _Plan:
    edges: tuple[tuple[int, int], ...]  # (first bit, bits) of each piece
    kept: int  # how many of them have to agree

    def keys(self, hashes: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
        key = np.zeros(len(hashes), np.uint32)
        for piece in chosen:
            start, bits = self.edges[piece]
            part = (hashes >> np.uint64(start)).astype(np.uint32) & np.uint32((1 << bits) - 1)
            key = (key << np.uint32(bits)) | part
        return key

    def width(self, chosen: tuple[int, ...]) -> int:
        return sum(self.edges[piece][1] for piece in chosen)

    def is_first(self, differing: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
        """Whether the chosen pieces are the first in which each pair agrees."""
        agreed = np.zeros(len(differing), np.uint8)
        first = np.ones(len(differing), bool)
        for piece, (start, bits) in enumerate(self.edges[: chosen[-1] + 1]):
            mask = np.uint64(((1 << bits) - 1) << start)
            agreed += (differing & mask) == 0
            first &= agreed <= sum(c <= piece for c in chosen)
        return first


def near_pairs(
    hashes: np.ndarray, radius: int, turns: bool = True, progress: Progress = silent
) -> Pairs:
    """Every pair of distinct hashes (n,) uint64 that differ in at most `radius` bits.

    With `turns`, in any of the eight positions: each pair once, in the position where it is
    nearest. Bit 0 is not looked at. Raises TooManyError.
    """
    hashes = hashes & ~np.uint64(1)
    if len(hashes) < 2:
        return _settled([])
    plan = _planned(len(hashes), max(radius, 2), turns)
    across = transposed(hashes) if turns else None
    choices = list(combinations(range(len(plan.edges)), plan.kept))
    found, pairs, compared = [], 0, 0
    with ThreadPoolExecutor(THREADS) as pool:
        work = partial(_agreeing, plan, hashes, across, radius)
        for done, (some, looked) in enumerate(_in_turn(pool, work, choices), 1):
            found.append(some)
            pairs, compared = pairs + len(some[0]), compared + looked
            if pairs > MOST_PAIRS or compared > MOST_COMPARED:
                raise TooManyError(f"{pairs:,} pairs, {compared:,} comparisons")
            progress("hashes", done, len(choices))
    return _settled(found)


def _in_turn(pool: ThreadPoolExecutor, work: partial, choices: list) -> Iterator:  # type: ignore[type-arg]
    """Results in order, a few at a time: what nobody waits for any more is not begun."""
    for start in range(0, len(choices), 2 * THREADS):
        yield from pool.map(work, choices[start : start + 2 * THREADS])


def _planned(n: int, radius: int, turns: bool) -> _Plan:
    def cost(kept: int) -> float:
        share = 2.0 ** -(kept * BITS / (radius + kept))
        passes = 8 if turns else 1
        looked = 50 + passes * (20 + 5 * n * share)
        return float(comb(radius + kept, kept) * n * looked)

    fitting = [k for k in range(1, 6) if k * -(-BITS // (radius + k)) <= _WIDEST]
    kept = min(fitting, key=cost)
    cuts = np.linspace(1, BITS + 1, radius + kept + 1).round().astype(int).tolist()
    edges = tuple((a, b - a) for a, b in pairwise(cuts))
    return _Plan(edges, kept)


_Found = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Hashes sorted by the chosen pieces: those that agree in them stand in one run."""

    order: np.ndarray  # their rows
    ranked: np.ndarray  # the hashes in that order
    starts: np.ndarray  # where the run of each key begins


def _sorted(plan: _Plan, hashes: np.ndarray, chosen: tuple[int, ...]) -> _Sorted:
    keys = plan.keys(hashes, chosen)
    packed = (keys.astype(np.uint64) << np.uint64(32)) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    order = (packed & _ROW).astype(np.int64)
    starts = np.zeros((1 << plan.width(chosen)) + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=len(starts) - 1), out=starts[1:])
    return _Sorted(order, hashes[order], starts)


def _agreeing(
    plan: _Plan,
    hashes: np.ndarray,
    across: np.ndarray | None,
    radius: int,
    chosen: tuple[int, ...],
) -> tuple[_Found, int]:
    """(the pairs first told by these pieces: first, second, distance, turn; how many compared)."""
    runs = _sorted(plan, hashes, chosen)
    found: list[_Found] = []
    compared = pairs = 0
    for turn, asked, key in _positions(plan, runs, across, chosen):
        begin, end = runs.starts[key], runs.starts[key + np.uint32(1)]
        if turn < 4:  # both ways are the same: the later of the two is enough
            begin = np.maximum(begin, np.arange(1, len(asked) + 1, dtype=np.int32))
        compared += int(np.maximum(end - begin, 0).sum())
        for at, partner in _close(asked, runs.ranked, begin, end, radius):
            differing = asked[at] ^ runs.ranked[partner]
            one, other = runs.order[partner], runs.order[at]
            told = plan.is_first(differing, chosen) & (one != other)
            found.append(_named(one[told], other[told], differing[told], turn))
            pairs += int(told.sum())
            if pairs > MOST_PAIRS or compared > MOST_COMPARED:
                raise TooManyError(f"{pairs:,} pairs, {compared:,} comparisons")
    return _joined(found), compared


def _positions(
    plan: _Plan, runs: _Sorted, across: np.ndarray | None, chosen: tuple[int, ...]
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """(turn, the hashes turned so, their keys). `across`: the hashes transposed, for all turns.

    To mirror is to invert fixed bits, of a hash and of its key alike. A quarter turn back of
    one is a quarter turn of the other, and need not be asked.
    """
    families: list[tuple[np.ndarray, tuple[int, ...]]] = [(runs.ranked, (0,))]
    if across is not None:
        families = [(runs.ranked, (0, 1, 2, 3)), (across[runs.order], (4, 5, 7))]
    for hashes, turns in families:
        keys = plan.keys(hashes, chosen)
        for turn in turns:
            inverted = turned(np.zeros(1, np.uint64), turn)
            yield turn, hashes ^ inverted, keys ^ plan.keys(inverted, chosen)


def _close(
    asked: np.ndarray, ranked: np.ndarray, begin: np.ndarray, end: np.ndarray, radius: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(places of `asked`, places of `ranked`) at most `radius` apart: the d-th of each run."""
    active = np.flatnonzero(begin < end)
    partner, last = begin[active], end[active]
    while len(active):
        near = np.bitwise_count(asked[active] ^ ranked[partner]) <= radius
        if near.any():
            yield active[near], partner[near]
        partner = partner + 1
        going = partner < last
        if not going.all():
            active, partner, last = active[going], partner[going], last[going]


def _named(rows: np.ndarray, asked: np.ndarray, differing: np.ndarray, turn: int) -> _Found:
    """The pair with its lower row first. A quarter turn of one is a turn back of the other."""
    swapped = rows > asked
    other = {5: 6}.get(turn, turn)
    return (
        np.minimum(rows, asked),
        np.maximum(rows, asked),
        np.bitwise_count(differing),
        np.where(swapped, other, turn).astype(np.uint8),
    )


def _joined(found: list[_Found]) -> _Found:
    kinds = (np.int64, np.int64, np.uint8, np.uint8)
    columns = zip(*found, strict=True) if found else [()] * 4
    return tuple(  # type: ignore[return-value]
        np.concatenate([np.zeros(0, kind), *column]).astype(kind)
        for kind, column in zip(kinds, columns, strict=True)
    )


def _settled(found: list[_Found]) -> Pairs:
    """Each pair once, in its nearest position, ordered by its rows."""
    first, second, distance, turn = _joined(found)
    order = np.lexsort((turn, distance, second, first))
    first, second, distance, turn = (c[order] for c in (first, second, distance, turn))
    new = np.ones(len(first), bool)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return Pairs(first[new], second[new], distance[new], turn[new])
