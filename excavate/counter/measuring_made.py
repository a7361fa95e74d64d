"""What is measured again, one function a measure, over what was gathered once.

Members that are in the dataset already add nothing to it and are counted apart, as are those
without a picture or a vector.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.counter.before_after import Again, counted, evenness, reached, varied
from excavate.counter.landing import embed_member
from excavate.counter.measuring_asked import Asked
from excavate.counter.members import members
from excavate.counter.probing_again import FEWEST, Taught, probed
from excavate.counter.records import Member, Plan
from excavate.errors import NotFoundError
from excavate.gaps.gathering import Part, Seen, common_encoder, items_of, part_of, said_of, seen
from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

SHOWN = 40  # categories that are counted one by one; of more, those that members touch
Made = tuple[Again, dict[str, Any]]


class NotMadeError(Exception):
    """Why a measure says nothing here: `key` of said_again.toml, and what fills it."""

    def __init__(self, key: str, **details: Any) -> None:
        super().__init__(key)
        self.key, self.details = key, details


@dataclass(frozen=True)
class Held:
    """A part of a dataset and the members held beside it, through one encoder.

    members: those that add something; places: which of them have a vector, row by row.
    """

    part: Part
    members: tuple[Member, ...]
    already: int
    without: int
    seen: Seen | None
    vectors: np.ndarray
    places: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]  # field -> category -> items
    codes: Mapping[str, Mapping[str, str]]  # field -> item_id -> its one category
    revisions: Mapping[str, str]
    digest: str

    @property
    def encoder(self) -> str | None:
        """Its identity; None where the dataset was never embedded."""
        return self.seen.encoder if self.seen else None

    @property
    def made(self) -> tuple[str, ...]:
        """The vector files it rests on."""
        return self.seen.made if self.seen else ()

    def told(self) -> dict[str, Any]:
        """What every sentence may say."""
        return {"dataset": self.part.name, "members": len(self.members),
                "already": self.already, "without": self.without}  # fmt: skip

    @cached_property
    def field(self) -> str:
        """The labels that most members speak in; "" where none says a word of the dataset."""
        said = [member.label for member in self.members if member.label]
        found = {f: sum(one in names for one in said) for f, names in self.counts.items()}
        best = max(sorted(found), key=found.__getitem__, default="")
        return best if best and found[best] else ""


def gathered(site: Site, workshop: Workshop, plan: Plan, asked: Asked) -> Held:
    """What there is to measure. Raises EncoderError where members cannot be embedded."""
    everyone = measurable(workshop, plan.given.plan_id)
    items = items_of(site, asked.part)
    own = set(items["item_id"])
    added = tuple(one for one in everyone if not (one.kind == "chosen" and one.item_id in own))
    there = _seen(site, asked)
    vectors, places = _embedded(site, workshop, added, there, asked.part.dataset)
    counts, codes = _said(site, asked.part, items)
    names = [asked.part.dataset, *([asked.reference] if asked.reference else [])]
    revisions = site.revisions()
    used = {part_of(site, name).dataset: "" for name in names}
    return Held(
        asked.part, added, len(everyone) - len(added), len(added) - len(places), there, vectors,
        places, counts, codes, {name: revisions[name] for name in used}, digest(everyone),
    )  # fmt: skip


def measurable(workshop: Workshop, plan_id: str) -> list[Member]:
    """The members that stand and hold something; what is left out of releases is left out here."""
    return [m for m in members(workshop, plan_id) if m.kind != "empty" and m.left_out is None]


def digest(everyone: Sequence[Member]) -> str:
    """What the numbers rest on of the members, without a word of anybody's."""
    said = [[m.member_id, m.sha256 or m.item_sha256, m.label] for m in everyone]
    return hashlib.sha256(json.dumps(sorted(said), ensure_ascii=False).encode()).hexdigest()


def _seen(site: Site, asked: Asked) -> Seen | None:
    encoder = asked.encoder
    if encoder is None and asked.reference:
        encoder = common_encoder(site, [asked.part, part_of(site, asked.reference)])
    found = seen(site, asked.part, encoder)
    return found if found is not None and len(found.vectors) else None


def _embedded(
    site: Site, workshop: Workshop, added: Sequence[Member], there: Seen | None, dataset: str
) -> tuple[np.ndarray, tuple[int, ...]]:
    if there is None:
        return np.zeros((0, 0), np.float32), ()
    vectors, places = [], []
    for place, member in enumerate(added):
        try:
            vectors.append(embed_member(site, workshop, member, there.encoder, dataset))
            places.append(place)
        except NotFoundError:  # an item that this encoder never saw
            continue
    width = there.vectors.shape[1]
    whole = np.stack(vectors) if vectors else np.zeros((0, width), np.float32)
    return np.asarray(whole, np.float32), tuple(places)


def _said(
    site: Site, part: Part, items: Any
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, str]]]:
    """The source's labels: how many of each, empty categories too; and the one of each item."""
    names = site.categories(part.dataset)["name"].dropna().astype(str)
    ids, counts, codes = items["item_id"].to_numpy(object), {}, {}
    for key, (at, values) in said_of(site, part, items["ordinal"].to_numpy()).items():
        kind, _, name = key.partition(":")
        if kind != "label":
            continue
        said = values.to_pylist()
        found = dict(sorted(Counter(said).items()))
        if set(names) & set(found):
            found |= {one: 0 for one in names if one not in found}
        counts[name] = found
        if len(np.unique(at)) == len(at):
            codes[name] = dict(zip(ids[at], said, strict=True))
    return counts, codes


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
    least = min(len(reference), len(dataset))
    if least <= k:
        raise NotMadeError("too few items", least=k + 1, items=least)
    dataset, reference = (_drawn(one, most, seed) for one in (dataset, reference))
    told = {"reference": name, "k": k, "items": len(reference), "half": not asked.reference}
    return reached(dataset, held.vectors, reference, k), told


def diversity_again(site: Site, held: Held, asked: Asked, progress: Progress) -> Made:
    """Vendi scores of samples of one size, without and with."""
    there = _with_vectors(held)
    size = min(int(asked.parameters["size"]), len(there.vectors) // 2)
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
    labels = np.array([said.get(item) or "" for item in there.item_ids], object)
    counts = Counter(label for label in labels if label)
    names = sorted(name for name, count in counts.items() if count >= max(folds, FEWEST))
    if len(names) < 2:
        raise NotMadeError("few categories", least=max(folds, FEWEST))
    codes = {name: code for code, name in enumerate(names)}
    rows = np.flatnonzero([label in codes for label in labels])
    rows = _drawn(rows, int(asked.parameters["most"]), seed)
    mine = [n for n, place in enumerate(held.places) if held.members[place].label in codes]
    if len(mine) < FEWEST:
        raise NotMadeError("few labelled", least=FEWEST, labelled=len(mine))
    taught = Taught(there.vectors[rows], np.array([codes[one] for one in labels[rows]]))
    given = [codes[held.members[held.places[n]].label] for n in mine]
    told = {"field": field, "folds": folds, "labelled": len(mine), "items": len(rows),
            "reference": f"{held.part.name} ({folds}-fold)"}  # fmt: skip
    members = Taught(held.vectors[mine], np.array(given))
    return probed(taught, members, names, folds, seed, progress), told


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
        raise NotMadeError("no member vectors")
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
    "diversity": ("size", "draws", "seed"), "probe": ("field", "folds", "most", "seed"),
}  # fmt: skip
MADE: dict[str, Callable[[Site, Held, Asked, Progress], Made]] = {
    "coverage": coverage_again,
    "counts": counts_again,
    "concentration": concentration_again,
    "diversity": diversity_again,
    "probe": probe_again,
}
