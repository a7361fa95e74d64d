"""What is measured again, one function a measure, over what was gathered once.

Vectors that a measure of gaps leaves out or refuses are left out or refused here too, so that
`before` is the number that the finding has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.counter.before_after import (
    Again,
    counted,
    evenness,
    held_by,
    reached,
    varied,
)
from excavate.counter.holding import Held, with_direction
from excavate.counter.measuring_asked import Asked
from excavate.counter.probing_again import FEWEST, Taught, Teaching, probed
from excavate.gaps.gathering import Seen, part_of, seen
from excavate.gaps.kin import kin
from excavate.gaps.prdc import rounding
from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.site import Site

SHOWN = 40  # categories that are counted one by one; of more, those that members touch
Made = tuple[Again, dict[str, Any]]


class NotMadeError(Exception):
    """Why a measure says nothing here: `key` of said_again.toml, and what fills it."""

    def __init__(self, key: str, **details: Any) -> None:
        super().__init__(key)
        self.key, self.details = key, details


def counts_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """How many items of each category, without and with."""
    field, labels = _labelled(held)
    counts = held.counts[field]
    again = counted(counts, labels)
    if len(counts) > SHOWN:
        touched = {label for label in labels if label in counts}
        again = Again(*({n: f for n, f in part.items() if n in touched}
                        for part in (again.before, again.after, again.difference)))  # fmt: skip
    inside = sum(label in counts for label in labels)
    empty = sum(not counts[label] for label in set(labels) & set(counts))
    told = {"field": field, "categories": len(counts), "inside": inside, "filled": empty,
            "touched": len(set(labels) & set(counts)), "outside": len(labels) - inside,
            "reference": held.part.name}  # fmt: skip
    return again, told


def concentration_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """Gini and the effective number of categories, without and with."""
    field, labels = _labelled(held)
    counts = held.counts[field]
    if len(counts) < 2:
        raise NotMadeError("one category")
    added = counted(counts, labels)
    before, after = (
        np.array([one.value for one in part.values()]) for part in (added.before, added.after)
    )
    told = {"field": field, "categories": len(counts), "reference": held.part.name}
    return evenness(before, after), told


def coverage_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """Coverage, density, recall and precision against R, without and with."""
    there = _with_vectors(held)
    k, most, seed = (int(asked.parameters[name]) for name in ("k", "most", "seed"))
    dataset = there.vectors
    if asked.reference:
        other = seen(site, part_of(site, asked.reference), there.encoder)
        if other is None:
            raise NotMadeError("no vectors", reference=asked.reference)
        reference, name = other.vectors, asked.reference
    else:
        order = np.random.default_rng(seed).permutation(len(dataset))
        half = len(order) // 2
        reference, dataset = dataset[np.sort(order[:half])], dataset[np.sort(order[half:])]
        name = f"{held.part.name} (½)"
    drawn, whole = [_drawn(one, most, seed) for one in (dataset, reference)], len(reference)
    dataset, reference = (one[with_direction(one)] for one in drawn)
    least = min(len(reference), len(dataset))
    if least <= k:
        raise NotMadeError("too few items", least=k + 1, items=least)
    if np.ptp(reference, axis=0).max() < rounding(reference.shape[1]):
        raise NotMadeError("all alike", reference=name)
    told = {"reference": name, "k": k, "items": len(reference), "half": not asked.reference,
            "chosen": bool(asked.reference and asked.chosen),
            "left_out": sum(map(len, drawn)) - len(dataset) - len(reference),
            "in_reference": int(held_by(held.vectors, reference).sum()),
            "drawn": whole if len(drawn[1]) < whole else 0}  # fmt: skip
    return reached(dataset, held.vectors, reference, k), told


def diversity_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """Vendi scores of samples of one size, without and with."""
    there = _with_vectors(held)
    lengths = np.einsum("nd,nd->n", there.vectors, there.vectors, dtype=np.float64)
    strange = int((~(np.abs(lengths - 1) < 0.01)).sum())
    if strange:
        raise NotMadeError("not of one length", count=strange)
    most = len(there.vectors) if asked.measure == "diversity" else len(there.vectors) // 2
    size = min(int(asked.parameters["size"]), most)
    if size < 2:
        raise NotMadeError("too few items", least=4, items=len(there.vectors))
    draws, seed = int(asked.parameters["draws"]), int(asked.parameters["seed"])
    told = {"size": size, "draws": draws, "reference": held.part.name}
    return varied(there.vectors, held.vectors, size, draws, seed), told


def probe_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """What a linear probe calls right, taught without and with the members."""
    there, (field, _) = _with_vectors(held), _labelled(held)
    said = held.codes.get(field)
    if said is None:
        raise NotMadeError("several labels", field=field)
    folds, seed = int(asked.parameters["folds"]), int(asked.parameters["seed"])
    finite = np.isfinite(there.vectors).all(axis=1)
    labels = np.array([said.get(item) or "" for item in there.item_ids], object)
    labels[~finite] = ""  # left out, as gaps/labels.py does
    counts = Counter(label for label in labels if label)
    names = sorted(name for name, count in counts.items() if count >= max(folds, FEWEST))
    if len(names) < 2:
        raise NotMadeError("few categories", least=max(folds, FEWEST))
    codes = {name: code for code, name in enumerate(names)}
    whole = np.flatnonzero([label in codes for label in labels])
    rows = _drawn(whole, int(asked.parameters["most"]), seed)
    mine = [n for n, place in enumerate(held.places) if held.members[place].label in codes]
    if len(mine) < FEWEST:
        raise NotMadeError("few labelled", least=FEWEST, labelled=len(mine))
    taught = Taught(there.vectors[rows], np.array([codes[one] for one in labels[rows]]))
    given = [codes[held.members[held.places[n]].label] for n in mine]
    told = {"field": field, "folds": folds, "labelled": len(mine), "items": len(rows),
            "left_out": int((~finite).sum()), "drawn": len(whole) if len(rows) < len(whole) else 0,
            "reference": f"{held.part.name} ({folds}-fold)"}  # fmt: skip
    members = Taught(held.vectors[mine], np.array(given))
    groups = kin(taught.vectors, members.vectors)
    told["near"] = int(np.isin(groups[len(rows) :], groups[: len(rows)]).sum())
    how = Teaching(folds, seed, *(asked.parameters[n] for n in ("strength", "learns_from")))
    return probed(taught, members, names, how, groups, progress), told


def _labelled(held: Held) -> tuple[str, list[str]]:
    if not held.members:
        raise NotMadeError("no members")
    if not held.field:
        raise NotMadeError("no label")
    return held.field, [member.label for member in held.members if member.label]


def _with_vectors(held: Held) -> Seen:
    if not held.members:
        raise NotMadeError("no members")
    if held.seen is None:
        raise NotMadeError("not embedded")
    if not len(held.vectors):
        raise NotMadeError("all the same" if held.same else "no member vectors", same=held.same)
    return held.seen


def _drawn(rows: np.ndarray, most: int, seed: int) -> np.ndarray:
    if len(rows) <= most:
        return rows
    chosen = np.random.default_rng(seed).choice(len(rows), most, replace=False)
    drawn: np.ndarray = rows[np.sort(chosen)]
    return drawn


# What each is asked with; `field` is found by what the members say.
USED = {
    "coverage": ("k", "most", "seed"), "counts": ("field",), "concentration": ("field",),
    "diversity": ("size", "draws", "seed", "members_seed"),
    "probe": ("field", "folds", "most", "learns_from", "strength", "seed"),
}  # fmt: skip
MADE: dict[str, Callable[[Site, Held, Asked, Progress], Made]] = {
    "coverage": coverage_again,
    "counts": counts_again,
    "concentration": concentration_again,
    "diversity": diversity_again,
    "probe": probe_again,
}
