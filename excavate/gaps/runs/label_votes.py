"""People's votes over a field of labels, from the sets that were joined to the dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from excavate.errors import NotFoundError
from excavate.gaps.gathering import of_part
from excavate.gaps.voices import Votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame, Series

    from excavate.gaps.gathering import Part
    from excavate.site import Site

PEOPLE = ("self", "perceived")  # machines and metadata are no voices


def votes_of(
    site: Site, part: Part, items: DataFrame, rows: DataFrame, asked: Sequence[str] | None
) -> Votes | None:
    """Votes (items, names) for a field's labels (`rows` of Site.labels); None where none fit.

    Without `asked` every set that people said and that has a word of the field; else the sets
    of these sources. Raises NotFoundError where one of them is none of people's.
    """
    added = of_part(site.added_labels(part.dataset), items)
    added = added[added["said_by"].isin(PEOPLE)]
    if asked is not None:
        _refuse_unknown(added, asked)
        added = added[added["source"].isin(asked)]
    added = added.assign(name=_named(added, rows))
    known = set(rows["value"])
    fitting = added[added["name"].isin(known)]["source"].unique()
    added = added[added["source"].isin(fitting) & (added["count"] > 0)]
    if added.empty:
        return None
    return _counted(added, items, sorted(map(str, fitting)))


def _refuse_unknown(added: DataFrame, asked: Sequence[str]) -> None:
    there = sorted(map(str, added["source"].unique()))
    missing = [source for source in asked if source not in there]
    if missing:
        todo = f"There are: {', '.join(there) or 'none'}; `none` hears nobody"
        raise NotFoundError("no labels of people joined from", ", ".join(missing), todo)


def _named(added: DataFrame, rows: DataFrame) -> Series:
    """What each vote is for, in the words of the field: by category where it has one."""
    pairs = rows.dropna(subset=["category_id"]).drop_duplicates("category_id")
    words = dict(zip(pairs["category_id"], pairs["value"], strict=True))
    by_category = added["category_id"].map(words)
    return by_category.where(by_category.notna(), added["value"]).astype(str)


def _counted(added: DataFrame, items: DataFrame, sets: Sequence[str]) -> Votes:
    names = sorted(added["name"].unique())
    at = np.searchsorted(items["ordinal"].to_numpy(), added["ordinal"].to_numpy())
    column = np.searchsorted(np.array(names, object), added["name"].to_numpy(object))
    counts = np.zeros((len(items), len(names)), np.int64)
    np.add.at(counts, (at, column), added["count"].to_numpy(np.int64))
    return Votes(counts, names, sets)
