"""Duplicates: what a dataset holds more than once, and what stands on both sides of a split.

Three kinds of evidence, each weaker and wider than the one before: equal bytes (sha256), nearly
equal perceptual hashes in any of eight positions (hashing.py, hash_pairs.py), and nearness in
embedding space (near_vectors.py). Items that hang together by pairs are a group; counted as one
each, they say how many pictures there really are. A pair whose splits or datasets differ is a
leak: what is tested was seen in training (Barz and Denzler 2020).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.duplicate_rows import rows_of
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.grouping import (
    Evidence,
    components,
    effective_number,
    elsewhere,
    matched,
    reached,
)
from excavate.gaps.hash_classes import hash_classes, settled_pairs
from excavate.gaps.hash_pairs import TooManyError, near_pairs
from excavate.gaps.near_vectors import near_vectors
from excavate.gaps.shares import share_bounds
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "duplicates"
METHODS = ("exact", "hash", "embedding")
MOST_SIDES = 6  # with more splits, all are held against any other
OTHERS = "*"
ANY = "any"  # by whichever method
NO_VECTORS = N_("there are no embeddings")


@dataclass(frozen=True, slots=True)
class Copies:
    """Items to be compared, n of them. `own` False marks those of the reference.

    sides: the split of each (of the reference: its name). sha256: None where there are no bytes.
    pixels: the shorter side of each picture, int (n,), or None. blind: why there are no vectors.
    hashes uint64, certain (how many of 63 bits; -1 where there is no picture) and waves float16
    (n, 64), as hashing.py makes them, or None.
    vectors float32 (m, d) and whose they are, int64 (m,), or None.
    """

    item_ids: Sequence[str]
    sides: Sequence[str]
    own: np.ndarray
    sha256: Sequence[str | None]
    hashes: np.ndarray | None = None
    certain: np.ndarray | None = None
    waves: np.ndarray | None = None
    vectors: np.ndarray | None = None
    of: np.ndarray | None = None
    pixels: np.ndarray | None = None
    blind: str = NO_VECTORS

    def __len__(self) -> int:
        return len(self.item_ids)


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as near: the same bytes always; bits of the hash, where the pictures' waves
    correlate by `alike`; cosine of centred vectors.

    `certain`: a hash with fewer certain bits is not compared, nor one of a picture whose shorter
    side has fewer than `pixels`. Without `cosine` each item's own neighbours say what is near,
    so that at most about `chance` items would be copies by chance (near_law.py).
    """

    methods: Sequence[str] = METHODS
    radius: int = 6
    alike: float = 0.9
    turns: bool = True
    certain: int = 32
    pixels: int = 16
    cosine: float | None = None
    chance: float = 1.0
    k: int = 5


Found = tuple[list[Evidence], dict[str, str], dict[str, float]]  # evidence, why not, numbers


def duplicates(
    copies: Copies, limits: Limits, reference: Reference, progress: Progress = silent
) -> Outcome:
    """Groups of items that are the same picture or nearly; leaks between sides first.

    Where some items are not `own`, only groups with items of both are told, and only leaks
    between the two: own items are not looked through for each other. A method that
    cannot be used is named in the parameters under `not_measured`, with its reason. Exact up to
    100,000 vectors; beyond, the recall of the neighbours is a figure. Limits: a crop, a small
    rotation or another background changes the hash of a picture; the embedding may take two
    pictures of one kind for one picture; what is black, white or of one colour is not compared
    by hash. Time: hash_pairs.py, near_vectors.py; the rest is linear.
    """
    given: dict[str, Any] = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    own = int(copies.own.sum())
    if own == 0 or len(copies) < 2 or (reference.kind == "dataset" and own == len(copies)):
        why = N_("there is nothing to compare with: fewer than two items")
        return NotMeasured(MEASURE, given, why)
    evidence, untold, numbers = _gathered(copies, limits, progress)
    if not evidence:
        return NotMeasured(MEASURE, given, N_("no item has a picture, bytes or a vector"))
    given |= {"not_measured": untold, "ratio": numbers.pop("ratio", None)}
    groups = components(len(copies), evidence)
    rows, total = rows_of(copies.item_ids, copies.sides, copies.own, evidence, groups)
    figures = {"items": Figure(own), "groups": Figure(total)}
    figures |= {name: Figure(value) for name, value in numbers.items()}
    figures |= _matches(copies, evidence)
    figures |= _repeated(groups) if copies.own.all() else {}
    figures |= _leaks(copies, evidence)
    compared = np.logical_or.reduce([said.classes >= 0 for said in evidence])
    return Measured(MEASURE, given, reference, rows, figures, int((compared & copies.own).sum()))


def _gathered(copies: Copies, limits: Limits, progress: Progress) -> Found:
    evidence: list[Evidence] = []
    untold: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for method in METHODS:
        if method not in limits.methods:
            continue
        said, why, more = _BY_METHOD[method](copies, limits, progress)
        numbers |= more
        if said is None:
            untold[method] = why
        else:
            evidence.append(said)
    return evidence, untold, numbers


Said = tuple[Evidence | None, str, dict[str, float]]


def _exact(copies: Copies, limits: Limits, progress: Progress) -> Said:
    column = pa.array(copies.sha256, pa.string()).dictionary_encode()
    if not len(column.dictionary):
        return None, N_("no item has bytes of its own"), {}
    classes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Evidence("exact", classes), "", {}


def _hash(copies: Copies, limits: Limits, progress: Progress) -> Said:
    if copies.hashes is None or copies.certain is None or not (copies.certain >= 0).any():
        return None, N_("no item has a picture"), {}
    shown = copies.certain >= 0
    tiny = shown & (False if copies.pixels is None else copies.pixels < limits.pixels)
    plain = shown & ~tiny & (copies.certain < limits.certain)
    flat = {"flat": float(plain.sum()), "tiny": float(tiny.sum())}
    telling = np.flatnonzero(shown & ~tiny & ~plain)
    if tiny[shown].all():
        return None, N_("the pictures are too small for a hash to tell them apart"), flat
    if not len(telling):
        return None, N_("every picture is of one colour or nearly"), flat
    number, first = hash_classes(copies.hashes[telling], _rows(copies.waves, telling), limits.alike)
    try:
        near = near_pairs(copies.hashes[telling[first]], limits.radius, limits.turns, progress)
    except TooManyError:
        return None, N_("too many pictures are nearly alike: choose a smaller radius"), flat
    near = settled_pairs(near, _rows(copies.waves, telling[first]), limits.alike)
    classes = np.full(len(copies), -1, np.int64)
    classes[telling] = number
    return Evidence("hash", classes, near.first, near.second, near.distance, near.turn), "", flat


def _rows(waves: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    return None if waves is None else waves[rows]


def _embedding(copies: Copies, limits: Limits, progress: Progress) -> Said:
    if copies.vectors is None or copies.of is None or not len(copies.of):
        return None, copies.blind, {}
    usable = np.isfinite(copies.vectors).all(axis=1)
    left_out = {"not_finite": float((~usable).sum())} if not usable.all() else {}
    of = copies.of[usable]
    own = copies.own[of]
    if own.sum() == 0 or len(of) < 2 or (own.all() and not copies.own.all()):
        return None, N_("too few items have a vector"), left_out
    found = near_vectors(
        copies.vectors[usable], own, limits.cosine, limits.chance, limits.k, progress
    )
    if found is None:
        why = N_("the vectors are too few or too much alike: give the cosine to use")
        return None, why, left_out
    classes = np.full(len(copies), -1, np.int64)
    classes[of] = np.arange(len(of))
    numbers = {"full": float(found.full)} | left_out
    told = {"ratio": found.ratio, "dimension": found.dimension}
    numbers |= {name: value for name, value in told.items() if value is not None}
    if found.recall < 1:
        numbers["recall"] = found.recall
    return Evidence("embedding", classes, found.first, found.second, found.cosine), "", numbers


_BY_METHOD = {"exact": _exact, "hash": _hash, "embedding": _embedding}


def _matches(copies: Copies, evidence: Sequence[Evidence]) -> dict[str, Figure]:
    """Per method, how many own items it finds again: anywhere, or in the reference."""
    side = (~copies.own).astype(np.int64)
    found = {}
    for said in evidence:
        hit = matched(said) if copies.own.all() else reached(said, side, 2)[:, 1]
        found[f"compared by {said.method}"] = Figure(int((said.classes[copies.own] >= 0).sum()))
        found[f"matched by {said.method}"] = Figure(int((hit & copies.own).sum()))
    return found


def _repeated(groups: np.ndarray) -> dict[str, Figure]:
    n, distinct = len(groups), int(groups.max(initial=-1)) + 1
    return {
        "distinct": Figure(distinct),
        "distinct_share": Figure(distinct / n),
        "effective_share": Figure(min(1.0, effective_number(groups) / n)),
    }


def _leaks(copies: Copies, evidence: Sequence[Evidence]) -> dict[str, Figure]:
    """`leak|METHOD|SIDE|OTHER`: the share of a side's items that have a match on the other.

    The interval takes the items as a sample (Wilson 1927). With more than MOST_SIDES all are
    held against any other: SIDE and OTHER are OTHERS. Against a reference one of the two is the
    reference's, and all own sides are OTHERS where they are many.
    """
    names, side = _sides(copies)
    if len(names) < 2:
        return {}
    theirs = set() if copies.own.all() else set(np.unique(side[~copies.own]).tolist())
    found = {}
    for method, met, compared in _by_method(evidence, side, len(names), bool(theirs)):
        for mine, at, name, other in _ends(side, names, theirs):
            n = int((mine & compared).sum())
            if n:
                hits = int((met[:, at] & mine & compared).sum())
                share = Figure(hits / n, *share_bounds(hits, n))
                found[f"leak|{method}|{name}|{other}"] = share
    return found


def _sides(copies: Copies) -> tuple[Sequence[str], np.ndarray]:
    """(the names of the sides, which of them each item is on); the reference's stay apart."""
    names, side = np.unique(np.array(copies.sides, dtype=object), return_inverse=True)
    if copies.own.all():
        return names.tolist(), side
    if len(names) > MOST_SIDES:
        names, side = np.array([OTHERS] * len(names), dtype=object), np.zeros_like(side)
    last = len(names)
    codes, side = np.unique(np.where(copies.own, side, last), return_inverse=True)
    reference = next(s for s, own in zip(copies.sides, copies.own, strict=True) if not own)
    return [*(names[code] for code in codes[:-1]), reference], side


def _ends(
    side: np.ndarray, names: Sequence[str], theirs: set[int]
) -> Iterator[tuple[np.ndarray, int, str, str]]:
    """(which items, the column that says where they are met, their side, the other side).

    With a reference, whose sides are `theirs`, exactly one of the two is own.
    """
    if len(names) > MOST_SIDES + bool(theirs):
        yield np.ones(len(side), bool), 0, OTHERS, OTHERS
        return
    for one, name in enumerate(names):
        for at, other in enumerate(names):
            if at != one and (not theirs or (at in theirs) != (one in theirs)):
                yield side == one, at, name, other


def _by_method(
    evidence: Sequence[Evidence], side: np.ndarray, sides: int, with_reference: bool
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """(method, the sides each item is met on, the items compared); then all methods together.

    With more than MOST_SIDES one column stands for every side but the item's own.
    """
    many = sides > MOST_SIDES + with_reference
    met = np.zeros((len(side), 1 if many else sides), bool)
    compared = np.zeros(len(side), bool)
    for said in evidence:
        mine = elsewhere(said, side)[:, None] if many else reached(said, side, sides)
        looked = said.classes >= 0
        met, compared = met | mine, compared | looked
        yield said.method, mine, looked
    if len(evidence) > 1:
        yield ANY, met, compared
