"""What else of a site a dataset could be held against: other references that name the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.gathering import Part, items_of, of_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from excavate.site import Site

MOST = 3
ALIKE = 0.5  # of the reference's labels that another has to have, to speak of the same


def other_references(
    site: Site, part: Part, reference: Part, encoder: str | None = None, most: int = MOST
) -> list[str]:
    """Splits of the reference's dataset, and other datasets, that could stand for it, the first
    `most` of them.

    They hold none of the part's own items and have at least half of the reference's labels (all
    of them where it has none); where an encoder is given, they were seen through it.
    """
    said = _values(site, reference)
    found: list[str] = []
    for other in _candidates(site, part, reference):
        seen = encoder is None or encoder in _encoders(site, other.dataset)
        if seen and len(said & _values(site, other)) >= ALIKE * len(said):
            found.append(other.name)
            if len(found) == most:
                break
    return found


def _candidates(site: Site, part: Part, reference: Part) -> Iterator[Part]:
    """The splits of the reference's dataset, then whole datasets, as they stand in the site."""
    splits = site.datasets().set_index("dataset_id")["splits"]
    for split in splits[reference.dataset] if len(splits[reference.dataset]) > 1 else ():
        own = part.dataset == reference.dataset and part.split in (None, split)
        if split and split != reference.split and not own:
            yield Part(reference.dataset, split)
    for name in site.revisions():
        if name not in (part.dataset, reference.dataset):
            yield Part(name)


def _values(site: Site, part: Part) -> set[str]:
    labels = site.labels(part.dataset)
    if part.split is not None:
        labels = of_part(labels, items_of(site, part))
    return set(labels["value"].dropna().astype(str))


def _encoders(site: Site, dataset: str) -> set[str]:
    return {
        str(made.provenance["encoder"])
        for made in site.embeddings()
        if made.provenance["dataset"] == dataset
    }
