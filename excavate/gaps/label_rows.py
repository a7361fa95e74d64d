"""The rows of `labels`: each kind found by one method, over the opinions of the items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.doubts import Doubts, doubts
from excavate.gaps.finding import Figure
from excavate.gaps.neighbourhoods import nameless_regions, torn_labels
from excavate.gaps.opinions import Opinions
from excavate.gaps.residual_names import is_residual

ERROR, TORN, NAMELESS = "likely error", "disagreeing label", "nameless region"
MOST_ITEMS, SHOWN_NEAR = 24, 6
ROWS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("item", pa.string()),  # null where the row is of a label
        pa.field("given", pa.string()),  # the source's label, verbatim; null: none
        pa.field("suggested", pa.string()),  # what the opinion holds it to be, or is near to
        pa.field("score", pa.float64(), nullable=False),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("count", pa.int64(), nullable=False),  # items the row is of
        pa.field("apart", pa.float64()),  # share of its neighbours under another label
        pa.field("for_given", pa.int64()),  # votes for the given label, of
        pa.field("votes", pa.int64()),  # so many
        pa.field("opinion", pa.string(), nullable=False),  # probe, people, probe and people, …
        pa.field("items", pa.list_(pa.string()), nullable=False),
        pa.field("nearest", pa.list_(pa.string()), nullable=False),  # items that speak for it
    ]
)


Found = tuple[list[dict[str, Any]], dict[str, Figure]]


def errors(known: Opinions) -> Found:
    """The labels in doubt, by margin."""
    found = doubts(known)
    if found is None:
        return [], {}
    return [_error(known, found, int(n)) for n in found.strongest()], found.figures


def _error(known: Opinions, found: Doubts, place: int) -> dict[str, Any]:
    at, other = int(found.at[place]), int(found.other[place])
    votes = np.zeros(0) if known.votes is None else known.votes[at]
    item, share = known.told.items[at], float(known.apart[at])
    return {
        "kind": ERROR,
        "item": item,
        "given": known.told.given[at],
        "suggested": known.names[other],
        "score": float(found.margin[place]),
        "count": 1,
        "apart": None if np.isnan(share) else share,
        "for_given": int(votes[known.codes[at]]) if votes.sum() else None,
        "votes": int(votes.sum()) or None,
        "opinion": str(found.opinion[place]),
        "items": [item],
        "nearest": _speaking_for(known, at, other),
    }


def _speaking_for(known: Opinions, at: int, label: int) -> list[str]:
    """The nearest of an item's neighbours that carry the suggested label."""
    if known.near is None:
        return []
    rows = known.near[0][at]
    return [known.told.items[n] for n in rows[known.codes[rows] == label][:SHOWN_NEAR]]


def torn(known: Opinions) -> Found:
    """The labels most of whose neighbours carry another."""
    if known.near is None:
        return [], {}
    shares = np.where(known.judged >= 0, known.apart, np.nan)
    found = torn_labels(known.near[0], known.codes, shares, known.setting.over)
    figures = {"disagreeing_labels": Figure(len(found))}
    if not np.isnan(shares).all():
        figures["apart"] = Figure(float(np.nanmean(shares)))
    rows = [
        {
            "kind": TORN,
            "given": known.names[one.label],
            "suggested": known.names[one.instead],
            "score": one.share.value,
            "low": one.share.low,
            "high": one.share.high,
            "count": len(one.items),
            "apart": one.share.value,
            "opinion": "neighbours",
            "items": _ids(known, one.items),
            "nearest": [],
        }
        for one in found
    ]
    return rows, figures


def nameless(known: Opinions) -> Found:
    """Dense places of items without a label of their own."""
    if known.near is None:
        return [], {}
    left_over = np.array([is_residual(name) for name in known.names], bool)
    residual = (known.codes >= 0) & left_over[known.codes]
    found = nameless_regions(*known.near, known.codes, residual, known.setting.least)
    figures = {
        "nameless": Figure(int((residual | (known.codes < 0)).sum())),
        "nameless_regions": Figure(len(found)),
    }
    rows = [
        {
            "kind": NAMELESS,
            "item": known.told.items[one.items[0]],
            "given": known.names[one.residual] if one.residual >= 0 else None,
            "suggested": known.names[one.nearest] if one.nearest >= 0 else None,
            "score": one.unnamed,
            "count": len(one.items),
            "opinion": "neighbours",
            "items": _ids(known, one.items),
            "nearest": [],
        }
        for one in found
    ]
    return rows, figures


def _ids(known: Opinions, rows: Sequence[int] | np.ndarray) -> list[str]:
    return [known.told.items[int(n)] for n in rows[:MOST_ITEMS]]
