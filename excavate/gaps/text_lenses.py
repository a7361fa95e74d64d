"""The encoders that a dataset was seen through, which of them know words, and who saw alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.gathering import Part, Seen, part_of, seen

if TYPE_CHECKING:
    from excavate.site import Site


@dataclass(frozen=True, slots=True)
class Lens:
    """An encoder that a dataset was embedded with; `made` is the id of the vectors."""

    identity: str
    spec: str
    has_text: bool
    made: str
    rows: int


def lenses(site: Site, dataset: str) -> list[Lens]:
    """Each encoder that the dataset was embedded with, the newest first."""
    found: dict[str, Lens] = {}
    for made in reversed(site.embeddings()):
        if made.provenance["dataset"] == dataset:
            identity, said = str(made.provenance["encoder"]), made.result
            lens = Lens(identity, str(said["spec"]), bool(said["has_text"]), made.id, said["rows"])
            found.setdefault(identity, lens)
    return list(found.values())


def text_lenses(site: Site, dataset: str) -> list[Lens]:
    """Those that know words, the newest first."""
    return [lens for lens in lenses(site, dataset) if lens.has_text]


def usual_lens(site: Site, dataset: str) -> Lens | None:
    """The newest encoder that knows words; None where there is none."""
    return next(iter(text_lenses(site, dataset)), None)


def lens_of(site: Site, dataset: str, encoder: str | None) -> Lens | None:
    """The encoder of a spec or identity; without one, the newest, if possible with words.

    None where nothing was embedded and none was named. Raises NotFoundError where the one that
    was named is not there.
    """
    there = lenses(site, dataset)
    if encoder is None:
        return next(iter(sorted(there, key=lambda lens: not lens.has_text)), None)
    fitting = [lens for lens in there if encoder in (lens.spec, lens.identity)]
    if not fitting:
        specs = ", ".join(sorted({lens.spec for lens in there})) or "none"
        todo = f"There are: {specs}. Run: excavate embed --site {site.folder.given}"
        raise NotFoundError(f"no embedding of {dataset} by this encoder", encoder, todo)
    return fitting[0]


def controls(site: Site, dataset: str, identity: str) -> list[str]:
    """The other datasets seen through the same encoder, the one of most pictures first."""
    sizes = {
        str(made.provenance["dataset"]): int(made.result["rows"])
        for made in site.embeddings()
        if made.provenance["encoder"] == identity and made.provenance["dataset"] != dataset
    }
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def control_of(site: Site, part: Part, name: str | None, through: Sequence[Lens]) -> Part | None:
    """What to hold a part against: what is named, or the largest other dataset seen alike.

    None where there is no other. Raises ExcavateError where the two share items, NotFoundError
    where the one named was not seen through these encoders.
    """
    alike = [controls(site, part.dataset, lens.identity) for lens in through]
    if name is None:
        fitting = [n for n in alike[0] if all(n in others for others in alike)]
        return Part(fitting[0]) if fitting else None
    control = part_of(site, name)
    if control.dataset == part.dataset and _overlap(part.split, control.split):
        todo = "Name another dataset, or two different splits"
        raise ExcavateError("a dataset cannot be held against its own items", name, todo)
    for lens in through:
        lens_of(site, control.dataset, lens.identity)
    return control


def _overlap(split: str | None, other: str | None) -> bool:
    return split is None or other is None or split == other


def seen_through(site: Site, part: Part, lens: Lens) -> Seen:
    """The part's vectors through one encoder; none of them where its items have no pixels."""
    found = seen(site, part, lens.identity)
    if found is not None:
        return found
    empty = np.zeros(0, object)
    return Seen(
        np.zeros((0, 1), np.float32), empty, np.zeros(0, int), empty, lens.identity, lens.spec, ()
    )
