"""Duplicates within a dataset (and between its splits), or between it and a reference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.errors import ExcavateError
from excavate.gaps.duplicates import MEASURE, METHODS, Copies, Limits, duplicates
from excavate.gaps.finding import Outcome, Reference
from excavate.gaps.gathering import Part, Seen, items_of, part_of, seen
from excavate.gaps.hashed import hashed, seconds_to_hash, waves_in
from excavate.gaps.hashing import KEPT, NAME
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from excavate.site import Site

PARAMETERS = {
    "methods": Parameter(
        list(METHODS), str, N_("by which kinds of likeness to look: bytes, hash, embedding"),
        several=True, choices=METHODS,
    ),
    "radius": Parameter(6, int, N_("bits of the hash that may differ"), least=0, most=10),
    "alike": Parameter(
        0.9, float, N_("how well pictures of near hashes have to correlate"), least=-1, most=1
    ),
    "turns": Parameter(True, bool, N_("look at mirrored and turned pictures too")),
    "certain": Parameter(
        32, int, N_("bits of 63 that have to be certain, or no hash is compared"), least=0, most=63
    ),
    "cosine": Parameter(
        None, float, N_("cosine from which on items are copies; derived if not given"),
        least=-1, most=1,
    ),
    "chance": Parameter(
        1.0, float, N_("how many items may look like copies by chance"), least=1e-6, most=1e6
    ),
    "k": Parameter(
        5, int, N_("neighbours that say how near is near; groups may be as large"),
        least=2, most=1000,
    ),
}  # fmt: skip


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """The dataset in itself, its splits against each other."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for names, ExcavateError where the reference is the dataset itself."""
    parameters = settled(PARAMETERS, question)
    parts = [part_of(site, question.dataset)]
    if question.reference is not None:
        parts.append(_reference(site, question, parts[0]))
    lenses = _lenses(site, parts, question.encoder) if "embedding" in parameters["methods"] else []
    inputs: dict[str, Any] = {"hash": NAME} if "hash" in parameters["methods"] else {}
    inputs["vectors"] = [made for lens in lenses for made in lens.made]
    inputs["datasets"] = [part.name for part in parts[1:]]
    encoder = lenses[0].encoder if lenses else question.encoder
    limits = Limits(**parameters)

    def answer(progress: Progress) -> Outcome:
        return _answer(site, parts, lenses, limits, progress)

    return Prepared(
        replace(question, parameters=parameters, encoder=encoder), parameters, inputs, answer,
        _seconds(site, parts, lenses, limits),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """A stricter and a wider hash, a rarer and a more usual nearness, the other encoders."""
    said = question.parameters
    changed = [{"radius": max(0, said["radius"] - 2)}, {"radius": min(10, said["radius"] + 2)}]
    changed += [{"chance": said["chance"] / 10}, {"chance": said["chance"] * 10}]
    changed += [{"k": 2 * said["k"]}]
    found = [replace(question, parameters={**said, **change}) for change in changed]
    dataset = part_of(site, question.dataset).dataset
    others = {
        made.provenance["encoder"]
        for made in site.embeddings()
        if made.provenance["dataset"] == dataset
    }
    return found + [replace(question, encoder=e) for e in sorted(others - {question.encoder})]


def _reference(site: Site, question: Question, own: Part) -> Part:
    other = part_of(site, question.reference or "")
    same = other.dataset == own.dataset
    if same and (other.split == own.split or not (other.split and own.split)):
        todo = "Leave the reference out to compare a dataset with itself"
        raise ExcavateError("the reference holds the dataset's own items", other.name, todo)
    return other


def _lenses(site: Site, parts: Sequence[Part], encoder: str | None) -> list[Seen]:
    """The parts through one encoder; none where not all of them were seen through it."""
    first = seen(site, parts[0], encoder)
    if first is None:
        return []
    others = [seen(site, part, first.encoder) for part in parts[1:]]
    return [first, *[other for other in others if other]] if all(others) else []


def _answer(
    site: Site, parts: Sequence[Part], lenses: Sequence[Seen], limits: Limits, progress: Progress
) -> Outcome:
    found = [_copies(site, part, n, limits, progress) for n, part in enumerate(parts)]
    copies = found[0] if len(found) == 1 else _stacked(found)
    if lenses:
        row = {item_id: n for n, item_id in enumerate(copies.item_ids)}
        of = [row[i] for lens in lenses for i in lens.item_ids]
        vectors = np.concatenate([lens.vectors for lens in lenses])
        copies = replace(copies, vectors=vectors, of=np.array(of, np.int64))
    return duplicates(copies, limits, _named(site, parts), progress)


def _named(site: Site, parts: Sequence[Part]) -> Reference:
    if len(parts) == 1:
        return Reference("itself")
    return Reference("dataset", parts[1].name, site.revisions()[parts[1].dataset])


def _copies(site: Site, part: Part, number: int, limits: Limits, progress: Progress) -> Copies:
    items = items_of(site, part)
    sides = [part.name] * len(items) if number else items["split"].tolist()
    sha256 = [value if isinstance(value, str) else None for value in items["sha256"]]
    own = np.full(len(items), number == 0)
    looked = _hashes(site, part, items, limits, progress)
    return Copies(items["item_id"].tolist(), sides, own, sha256, *looked)


def _hashes(
    site: Site, part: Part, items: DataFrame, limits: Limits, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(hashes, certain, waves) in the order of the items; certain -1 where there is no picture."""
    n = len(items)
    hashes, certain = np.zeros(n, np.uint64), np.full(n, -1, np.int16)
    waves = np.zeros((n, KEPT**2), np.float16)
    if "hash" in limits.methods:
        table = hashed(site, part.dataset, progress)
        ordinals = items["ordinal"].to_numpy()
        _, at, row = np.intersect1d(ordinals, table["ordinal"].to_numpy(), return_indices=True)
        hashes[at] = table["hash"].to_numpy()[row]
        certain[at] = table["certain"].to_numpy()[row]
        waves[at] = waves_in(table)[row]
    return hashes, certain, waves


def _stacked(found: Sequence[Copies]) -> Copies:
    one, other = found
    return Copies(
        [*one.item_ids, *other.item_ids],
        [*one.sides, *other.sides],
        np.concatenate([one.own, other.own]),
        [*one.sha256, *other.sha256],
        *(
            np.concatenate([getattr(one, n), getattr(other, n)])  # type: ignore[arg-type]
            for n in ("hashes", "certain", "waves")
        ),
    )


def _seconds(
    site: Site, parts: Sequence[Part], lenses: Sequence[Seen], limits: Limits
) -> float | None:
    """Reading the pictures, comparing hashes, comparing vectors: as measured on two cores."""
    items = site.datasets().set_index("dataset_id")["items"]
    n = sum(int(items[part.dataset]) for part in parts)
    seconds = 0.0
    if "hash" in limits.methods:
        seconds = sum(seconds_to_hash(site, part.dataset) for part in parts)
        seconds += n * (4e-5 if limits.turns else 7e-6) * 1.4 ** (limits.radius - 5)
    m = sum(len(lens.vectors) for lens in lenses)
    width = lenses[0].vectors.shape[1] if lenses else 0
    return seconds + (m * m * width / 1e10 if m <= 100_000 else m * 2e-3)
