"""Findings of every kind laid into a site by hand: with pictures, without, old, not measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from excavate.catalog.folder import SiteFolder
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.question import Prepared, Question
from excavate.gaps.stored import keep, place_of
from excavate.site import Site

MEASURE = "intersections"
FLOOR = Reference("floor", number=25)


def lay(
    site: Path,
    dataset: str,
    outcome: Outcome,
    parameters: Mapping[str, Any],
    revision: str | None = None,
    vectors: Sequence[str] = (),
) -> str:
    """Keep an outcome as a finding of a dataset; returns its id."""
    opened = Site(site)
    revisions = {dataset: revision or opened.revisions()[dataset]}
    opened.close()
    question = Question(outcome.measure, dataset, parameters=parameters)
    prepared = Prepared(question, parameters, {"vectors": list(vectors)}, lambda progress: outcome)
    return keep(place_of(SiteFolder(site), prepared, revisions), outcome, 0.5).id


def rows(count: int = 3, items: Sequence[str] = (), value: str = "square") -> pa.Table:
    """`count` rows as intersections gives them; the first names the items."""
    made = [
        {
            "pattern": [("label:folder", value), ("attribute:year", str(1990 + k))],
            "attributes": 2, "count": k, "expected": 10.0 + k,
            "items": list(items) if k == 0 else [],
        }
        for k in range(count)
    ]  # fmt: skip
    kinds = {
        "pattern": pa.map_(pa.string(), pa.string()), "attributes": pa.int32(),
        "count": pa.int64(), "expected": pa.float64(), "items": pa.list_(pa.string()),
    }  # fmt: skip
    return pa.Table.from_pylist(made, pa.schema(kinds.items()))


def measured(found: pa.Table, tau: int = 25, **figures: Figure) -> Measured:
    """An outcome of intersections with these rows and figures."""
    return Measured(MEASURE, {"tau": tau}, FLOOR, found, figures, found.num_rows)


def unmeasured() -> NotMeasured:
    """An outcome that says why nothing was measured."""
    return NotMeasured(MEASURE, {"tau": 25}, "nothing is stated in {columns}", {"columns": "<i>"})
