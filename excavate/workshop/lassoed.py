"""A lasso on the map, held against the neighbours in embedding space: see gaps/lasso.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.embedding.spec import short_name
from excavate.errors import NotFoundError
from excavate.gaps.lasso import (
    NO_VECTORS,
    NONE_KEPT,
    NOT_MEASURED,
    ONLY_LAYOUT,
    SUPPORTED,
    Verdict,
    apart,
    together,
)
from excavate.workshop.about import MOST_ITEMS, About
from excavate.workshop.lasso_told import Told, told_of

if TYPE_CHECKING:
    from excavate.catalog.computed import Computed
    from excavate.site import Site

__all__ = ["NOT_MEASURED", "ONLY_LAYOUT", "SUPPORTED", "Told", "check_lasso", "told_of", "within"]


def check_lasso(site: Site, about: About) -> Told:
    """Whether what the map shows inside the outline holds in embedding space.

    A moment for a group; for an empty place O(pairs of the ring * items * dimensions), less than
    a second for 60,000 items of 64 dimensions. The last few answers are kept. Raises
    NotFoundError where the site has no such layout.
    """
    layout = _layout(site, str(about.value["layout_id"]))
    drawn = {name: about.value.get(name) for name in ("polygon", "items")}
    if drawn["polygon"]:
        drawn["items"] = None  # found again
    return _checked(site, layout.id, json.dumps(drawn, sort_keys=True), _there(site, layout))


def within(site: Site, about: About) -> tuple[list[str], int]:
    """The items a lasso means, at most MOST_ITEMS, evenly chosen; and how many there are."""
    layout = _layout(site, str(about.value["layout_id"]))
    points = _points(site, layout.id)
    at = _rows(points, about.value.get("polygon"), about.value.get("items"))
    few = np.linspace(0, len(at) - 1, min(len(at), MOST_ITEMS)).astype(int)
    return [str(one) for one in points.item_ids[at[few]]], len(at)


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a layout, in the order of its vectors."""

    item_ids: np.ndarray
    x: np.ndarray
    y: np.ndarray


@lru_cache(maxsize=4)
def _points(site: Site, layout_id: str) -> Points:
    from excavate.embedding.reading import load_layout

    rows = load_layout(_layout(site, layout_id))
    item_ids = np.array(rows["item_id"].to_pylist(), dtype=object)
    return Points(item_ids, rows["x"].to_numpy(), rows["y"].to_numpy())


def _there(site: Site, layout: Computed) -> tuple[str, ...]:
    """What an answer rests on: once more of it is there, the answer is looked for anew."""
    vectors = _kept(site, "vectors", layout.provenance["vectors"])
    return tuple(one.id for one in (*_neighbours(site, layout), *vectors))


@lru_cache(maxsize=32)
def _checked(site: Site, layout_id: str, drawn: str, _there: tuple[str, ...]) -> Told:
    layout, points, asked = _layout(site, layout_id), _points(site, layout_id), json.loads(drawn)
    rows = _rows(points, asked["polygon"], asked["items"])
    if len(rows) or not asked["polygon"]:
        found = _together(site, layout, rows)
    else:
        found = _apart(site, layout, points, asked["polygon"])
    origin = {
        "layout": layout.id,
        "datasets": layout.provenance["datasets"],
        "encoder": layout.provenance["encoder"],
        "lens": short_name(str(layout.result["spec"])),
        "neighbours": layout.result.get("neighbours"),
        "code_version": layout.result.get("code_version"),
    }
    return Told(found.verdict, asdict(found) | origin)


def _together(site: Site, layout: Computed, rows: np.ndarray) -> Verdict:
    from excavate.embedding.reading import load_neighbours

    kept = _neighbours(site, layout)
    if not kept:
        items = int(layout.result["rows"])
        return Verdict(NOT_MEASURED, "together", len(rows), items, why=NONE_KEPT)
    most = max(kept, key=lambda one: int(one.result["k"]))
    return together(load_neighbours(most)[0], rows)


def _neighbours(site: Site, layout: Computed) -> list[Computed]:
    """The kept neighbours of just the vectors that were laid out."""
    from excavate.catalog.computed import all_computed

    wanted = list(layout.provenance["vectors"])
    return [
        one for one in all_computed(site.folder, "neighbours")
        if list(one.provenance["vectors"]) == wanted
    ]  # fmt: skip


def _apart(site: Site, layout: Computed, points: Points, polygon: Any) -> Verdict:
    from excavate.embedding.neighbours import stacked
    from excavate.embedding.outline import ringing

    rows, directions = ringing(points.x, points.y, polygon)
    vectors = _kept(site, "vectors", layout.provenance["vectors"])
    if len(vectors) < len(layout.provenance["vectors"]):
        return Verdict(NOT_MEASURED, "apart", len(rows), len(points.x), why=NO_VECTORS)
    return apart(stacked(vectors), rows, directions)


def _rows(points: Points, polygon: Any, items: Any) -> np.ndarray:
    from excavate.embedding.outline import inside

    if polygon:
        return np.flatnonzero(inside(points.x, points.y, polygon))
    return np.flatnonzero(np.isin(points.item_ids.astype(str), list(items or ())))


def _layout(site: Site, layout_id: str) -> Computed:
    """A layout of the site, also one that was made for an earlier revision."""
    found = _kept(site, "layouts", [layout_id])
    if not found:
        raise NotFoundError("no such layout", layout_id, "Draw it on a layout that there is")
    return found[0]


def _kept(site: Site, kind: str, ids: Sequence[str | None]) -> list[Computed]:
    """The finished files of these ids, in their order, without those that are not there."""
    from excavate.catalog.computed import all_computed

    there = {one.id: one for one in all_computed(site.folder, kind)}
    return [there[one] for one in ids if one in there]
