"""Association of the values that a site's labels and attributes say of its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from excavate.errors import NotFoundError
from excavate.gaps.association import MEASURE, Rule, association
from excavate.gaps.cooccurrence import MOST_PAIRS, Stated
from excavate.gaps.gathering import items_of, of_part, part_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.gaps.gathering import Part
    from excavate.site import Site

MOST_VALUES = 50  # an attribute with more is looked at where somebody asks
MOST_FIELDS = 40  # of each kind, by how many items they are said of
PARAMETERS = {
    "fields": Parameter(
        None, str, N_("what to hold against each other: label:FIELD, attribute:NAME"), several=True
    ),
    "least": Parameter(10, int, N_("values that fewer items have are left out"), least=1),
    "alpha": Parameter(
        0.05, float, N_("the share of chance findings to put up with"), least=0, most=1
    ),
    "correction": Parameter(
        "bh", str, N_("for many tests: bh, or by where they hang together"), choices=("bh", "by")
    ),
    "bootstrap": Parameter(
        0, int, N_("draw the items again so many times for the bounds"), least=0, most=10_000
    ),
    "seed": Parameter(0, int, N_("of the drawing"), least=0),
    "most_pairs": Parameter(
        MOST_PAIRS, int, N_("pairs to look at together; the rarest values go first"), least=1
    ),
}
SECONDS_A_VALUE = 2e-7  # a stated value, for every field that it is held against


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """All labels and all attributes of few values against each other."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a field that is asked for is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    items = items_of(site, part)
    fields = _chosen(stated_of(site, part, items), parameters["fields"])
    parameters["fields"] = list(fields)
    rule = Rule(**{name: parameters[name] for name in Rule.__slots__})
    item_ids = items["item_id"].tolist()
    return Prepared(
        replace(question, parameters=parameters), parameters, {},
        lambda progress: association(fields, item_ids, rule, progress),
        _seconds(fields, rule),
    )  # fmt: skip


def stated_of(site: Site, part: Part, items: DataFrame) -> dict[str, Stated]:
    """What labels and attributes say of these items, by `label:FIELD` and `attribute:NAME`."""
    labels = of_part(site.labels(part.dataset), items)
    said = of_part(site.attributes(part.dataset), items)
    found = {f"label:{f}": rows for f, rows in labels.groupby("field", sort=False)}
    found |= {f"attribute:{n}": rows for n, rows in said.groupby("name", sort=False)}
    numbers = items["ordinal"].to_numpy()
    return {name: _stated(rows, numbers) for name, rows in found.items()}


def _stated(rows: DataFrame, numbers: np.ndarray) -> Stated:
    at = np.searchsorted(numbers, rows["ordinal"].to_numpy())
    values = pa.Array.from_pandas(rows["value"], type=pa.string())
    return Stated(at, values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)


def _chosen(fields: Mapping[str, Stated], asked: Sequence[str] | None) -> dict[str, Stated]:
    if asked is None:
        labels = {n: s for n, s in fields.items() if n.startswith("label:")}
        few = {n: s for n, s in fields.items() if n not in labels and _has_few(s)}
        return _most_said(labels) | _most_said(few)
    missing = [name for name in asked if name not in fields]
    if missing:
        todo = f"There are: {', '.join(fields) or 'none'}"
        raise NotFoundError("no such label or attribute", ", ".join(missing), todo)
    return {name: fields[name] for name in asked}


def _has_few(said: Stated) -> bool:
    return 1 < len(pa.array(said.values).drop_null().unique()) <= MOST_VALUES


def _most_said(fields: Mapping[str, Stated]) -> dict[str, Stated]:
    by_items = sorted(fields, key=lambda name: -len(fields[name].items))
    kept = set(by_items[:MOST_FIELDS])
    return {name: said for name, said in fields.items() if name in kept}


def _seconds(fields: Mapping[str, Stated], rule: Rule) -> float:
    said = sum(len(stated.items) for stated in fields.values())
    values = sum(len(pa.array(stated.values).unique()) for stated in fields.values())
    pairs = min(rule.most_pairs, values**2 // 2)
    return said * len(fields) * SECONDS_A_VALUE * (1 + 0.2 * rule.bootstrap) + pairs * 4e-6


def variants(site: Site, question: Question) -> Sequence[Question]:
    """The other correction, twice the support, and drawn again with two seeds."""
    other = "by" if question.parameters["correction"] == "bh" else "bh"
    settings: list[dict[str, Any]] = [
        {"correction": other},
        {"least": 2 * question.parameters["least"]},
        {"bootstrap": 200, "seed": 1},
        {"bootstrap": 200, "seed": 2},
    ]
    return [replace(question, parameters={**question.parameters, **s}) for s in settings]
