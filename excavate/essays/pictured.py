"""The pictures of figures as data, so that an essay asks for nothing outside itself.

A picture leaves the site in an essay only where its dossier says that pictures of its kind are
handwritten or drawn: in any other a person may be known, and an essay cannot be unveiled.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from excavate.dossiers.reading import read_archive
from excavate.errors import ExcavateError
from excavate.essays.drawing import EACH
from excavate.essays.reckoned import Ground, Reckoned

if TYPE_CHECKING:
    from excavate.site import Site

SHOWN = frozenset({"handwritten or drawn"})


def pictures_of(figures: Iterable[Reckoned], ground: Ground) -> dict[str, str]:
    """{item id: data address of its thumbnail} of all figures that draw pictures."""
    site = ground.site
    found: dict[str, str] = {}
    if site is None:
        return {}
    for figure in figures:
        named = figure.asked.dataset.partition("/")[0]
        if figure.asked.chart == "pictures" and figure.lines and may_show(site, named, ground):
            wanted = {item for line in figure.lines for item in line.items[:EACH]}
            found |= _thumbnails(site, named, wanted)
    return found


def may_show(site: Site, dataset: str, ground: Ground) -> bool:
    """Whether the dataset's dossier says that nobody can be seen in its pictures."""
    rows = {row["dataset_id"]: row for row in site.datasets().to_dict("records")}
    row = rows.get(dataset)
    try:
        known = read_archive(ground.archives).dossiers.values()
    except ExcavateError:
        return False
    return row is not None and any(
        dossier.terrain.images_from and SHOWN.issuperset(dossier.terrain.images_from)
        for dossier in known
        if row.get("dossier") == dossier.id
        or (not isinstance(row.get("dossier"), str) and row["source"] in _sources(dossier))
    )


def _sources(dossier: object) -> set[str]:
    return {dig.source for dig in getattr(dossier, "dig", ())}


def _thumbnails(site: Site, dataset: str, wanted: set[str]) -> Mapping[str, str]:
    revision, items = site.revisions()[dataset], site.items(dataset)
    chosen = items[items["item_id"].isin(wanted)]
    found = {}
    for item, ordinal in zip(chosen["item_id"], chosen["ordinal"], strict=True):
        shown = site.thumbnail(dataset, revision, int(ordinal))
        if shown:
            coded = base64.b64encode(shown[0]).decode("ascii")
            found[str(item)] = f"data:image/webp;base64,{coded}"
    return found
