"""Intersections of what is said once of each item: attributes, and fields of labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.errors import NotFoundError
from excavate.gaps.gathering import columns_of, items_of, part_of
from excavate.gaps.intersections import MEASURE, intersections
from excavate.gaps.patterns import derived_tau
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.runs.association import stated_of
from excavate.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from excavate.gaps.cooccurrence import Stated
    from excavate.site import Site

YES, NO = "yes", "no"
MOST_VALUES = 50  # a column with more is no axis to cross others with, unless somebody asks
PARAMETERS = {
    "columns": Parameter(
        None,
        str,
        N_("what to cross: attribute:NAME, label:FIELD, or label:FIELD=VALUE for yes or no"),
        several=True,
    ),
    "tau": Parameter(None, int, N_("fewer items than this are too few"), least=1),
}


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """All attributes and fields of few values against each other."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a column that is asked for is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    items = items_of(site, part)
    columns = columns_of(site, part, items)
    asked = parameters["columns"]
    if any("=" in name for name in asked or ()):
        columns |= _memberships(stated_of(site, part, items), asked, len(items))
    chosen = _chosen(columns, asked)
    tau, ids = parameters["tau"], items["item_id"].tolist()
    # The threshold and what was chosen by itself are written down, so that they can be repeated.
    parameters |= {"columns": list(chosen), "tau": derived_tau() if tau is None else tau}
    return Prepared(
        replace(question, parameters=parameters), parameters, {},
        lambda progress: intersections(chosen, tau, ids),
    )  # fmt: skip


def _memberships(
    fields: Mapping[str, Stated], asked: Sequence[str], count: int
) -> dict[str, list[str | None]]:
    """`FIELD=VALUE`: yes or no for each item of which the field says something."""
    found = {}
    for name in asked:
        field, equals, value = name.partition("=")
        if not equals or field not in fields:
            continue
        said = fields[field]
        column: list[str | None] = [None] * count
        for item, one in zip(said.items.tolist(), pa.array(said.values).to_pylist(), strict=True):
            if one is not None and column[item] != YES:
                column[item] = YES if one == value else NO
        if YES in column:
            found[name] = column
    return found


def _chosen(columns: Mapping[str, Any], asked: Sequence[str] | None) -> dict[str, Any]:
    if asked is None:
        return {n: c for n, c in columns.items() if len(set(c) - {None}) <= MOST_VALUES}
    missing = [name for name in asked if name not in columns]
    if missing:
        todo = f"There are: {', '.join(columns) or 'none'}"
        raise NotFoundError("nothing is said once of each item under", ", ".join(missing), todo)
    return {name: columns[name] for name in asked}


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Other thresholds: half, and twice as many."""
    tau = question.parameters["tau"]
    return [
        replace(question, parameters={**question.parameters, "tau": other})
        for other in (max(1, tau // 2), 2 * tau)
    ]
