"""Duplicates within a dataset (and between its splits), or between it and a reference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.errors import ExcavateError
from excavate.gaps.duplicates import MEASURE, METHODS, Copies, Limits, duplicates
from excavate.gaps.finding import Outcome, Reference
from excavate.gaps.gathering import (
    Part,
    Seen,
    common_encoder,
    common_encoders,
    items_of,
    lenses_of,
    part_of,
    seen,
)
from excavate.gaps.hashed import hashed, seconds_to_hash, waves_in
from excavate.gaps.hashing import KEPT, NAME
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

    from excavate.site import Site

UNKNOWN = 1 << 30  # pixels of a picture whose size nobody says
MOST = 3  # other references that are tried
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
    "pixels": Parameter(
        16, int, N_("pixels that a picture's shorter side needs, or no hash is compared"),
        least=0, most=10_000,
    ),
    "cosine": Parameter(
        None, float, N_("cosine from which on items are copies; derived if not given"),
        least=-1, most=1,
    ),
    "chance": Parameter(
        1.0, float, N_("how many items may look like copies by chance"), least=1e-6, most=1e6
    ),
    "k": Parameter(
        5, int, N_("a quarter of the neighbours that say how near is near; groups up to twice it"),
        least=2, most=250,
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
    lenses = []
    if "embedding" in parameters["methods"]:
        lenses = _lenses(site, parts, question.encoder)
    inputs: dict[str, Any] = {"hash": NAME} if "hash" in parameters["methods"] else {}
    inputs["vectors"] = [made for lens in lenses for made in lens.made]
    inputs["datasets"] = [part.name for part in parts[1:]]
    encoder = lenses[0].encoder if lenses else None
    if not lenses and "embedding" in parameters["methods"]:
        encoder = question.encoder
    limits = Limits(**parameters)

    def answer(progress: Progress) -> Outcome:
        return _answer(site, parts, lenses, limits, progress)

    return Prepared(
        replace(question, parameters=parameters, encoder=encoder), parameters, inputs, answer,
        _seconds(site, parts, lenses, limits),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """A stricter and a wider hash, a rarer and a more usual nearness, the other encoders."""
    found = [
        replace(question, parameters=changed)
        for change in _changes(question.parameters)
        if (changed := {**question.parameters, **change}) != question.parameters
    ]
    parts = [part_of(site, n) for n in (question.dataset, question.reference) if n]
    seen_through = "embedding" in question.parameters["methods"]
    for encoder in sorted(common_encoders(site, parts)) if seen_through else ():
        if encoder != question.encoder:
            found.append(replace(question, encoder=encoder))
    for other in _other_references(site, parts):
        found.append(replace(question, reference=other, encoder=None))
    return found


def _changes(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What may move a row, of the methods in use; each within its range."""
    by_hash: list[dict[str, Any]] = [
        {"radius": max(0, said["radius"] - 2)},
        {"radius": min(10, said["radius"] + 2)},
        {"alike": round(max(-1.0, said["alike"] - 0.05), 6)},
        {"alike": round(min(1.0, said["alike"] + 0.05), 6)},
        {"turns": not said["turns"]},
    ]
    by_embedding: list[dict[str, Any]] = [
        {"chance": max(1e-6, said["chance"] / 10)},
        {"chance": min(1e6, said["chance"] * 10)},
        {"k": min(250, 2 * said["k"])},
    ]
    if said["cosine"] is not None:
        by_embedding = [{"cosine": said["cosine"] - 0.01}, {"cosine": said["cosine"] + 0.01}]
        by_embedding = [c for c in by_embedding if -1 <= c["cosine"] <= 1]
    changes = by_hash if "hash" in said["methods"] else []
    return changes + (by_embedding if "embedding" in said["methods"] else [])


def _other_references(site: Site, parts: Sequence[Part]) -> list[str]:
    """Where it is held against one: the other splits, or the other datasets."""
    if len(parts) < 2:
        return []
    own, other = parts
    if own.dataset != other.dataset:
        return [n for n in sorted(site.revisions()) if n not in (own.dataset, other.dataset)][:MOST]
    splits = site.datasets().set_index("dataset_id")["splits"][own.dataset]
    others = [s for s in sorted(splits) if s and s not in (own.split, other.split)]
    return [f"{own.dataset}/{split}" for split in others[:MOST]]


def _reference(site: Site, question: Question, own: Part) -> Part:
    other = part_of(site, question.reference or "")
    same = other.dataset == own.dataset
    if same and (other.split == own.split or not (other.split and own.split)):
        todo = "Leave the reference out to compare a dataset with itself"
        raise ExcavateError("the reference holds the dataset's own items", other.name, todo)
    return other


def _lenses(site: Site, parts: Sequence[Part], encoder: str | None) -> list[Seen]:
    """The parts through one encoder, the newest that saw all; none where there is none.

    Raises NotFoundError for an encoder that did not see the dataset.
    """
    if encoder is not None:
        site.embedding(encoder, parts[0].dataset)
    encoder = encoder or common_encoder(site, parts)
    found = [seen(site, part, encoder) for part in parts] if encoder else []
    return [one for one in found if one] if all(found) else []


def _answer(
    site: Site, parts: Sequence[Part], lenses: Sequence[Seen], limits: Limits, progress: Progress
) -> Outcome:
    found = [
        _copies(site, part, n, len(parts) > 1, limits, progress) for n, part in enumerate(parts)
    ]
    copies = found[0] if len(found) == 1 else _stacked(found)
    if len(parts) > 1 and any(lenses_of(site, part.dataset) for part in parts):
        copies = replace(copies, blind=N_("no encoder has seen both sides"))
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


def _copies(
    site: Site, part: Part, number: int, against: bool, limits: Limits, progress: Progress
) -> Copies:
    """Splits go by their whole names where the reference has a name, too."""
    items = items_of(site, part)
    sides = [part.name] * len(items) if number else items["split"].tolist()
    if against and not number:
        sides = [Part(part.dataset, split).name for split in sides]
    sha256 = [value if isinstance(value, str) else None for value in items["sha256"]]
    own = np.full(len(items), number == 0)
    looked = _hashes(site, part, items, limits, progress)
    pixels = items[["width", "height"]].min(axis=1).fillna(UNKNOWN).to_numpy(np.int64)
    return Copies(items["item_id"].tolist(), sides, own, sha256, *looked, pixels=pixels)


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
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("own", "hashes", "certain", "waves", "pixels")
    }
    return Copies(
        item_ids=[*one.item_ids, *other.item_ids],
        sides=[*one.sides, *other.sides],
        sha256=[*one.sha256, *other.sha256],
        **arrays,
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
