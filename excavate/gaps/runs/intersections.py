"""Intersections of what is said once of each item: attributes, and fields of labels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.errors import NotFoundError
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome
from excavate.gaps.gathering import columns_of, items_of, part_of
from excavate.gaps.intersections import MEASURE, intersections
from excavate.gaps.pattern_lattice import EFFORT, Limits
from excavate.gaps.patterns import derived_tau, estimated_seconds
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.runs.association import stated_of
from excavate.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from excavate.gaps.cooccurrence import Stated
    from excavate.progress import Progress
    from excavate.site import Site

YES, NO = "yes", "no"
MANY = N_("each column has more than {most} values: {many}; name those to cross in `columns`")
SEVERAL = N_("items have several values of {several}; cross single ones, as {field}=VALUE")
BOTH = N_(
    "no column can be crossed by itself: more than {most} values have {many}; items have several "
    "values of {several}: cross single ones, as {field}=VALUE"
)
MOST_VALUES = 50  # a column with more is no axis to cross others with, unless somebody asks
PARAMETERS = {
    "columns": Parameter(
        None,
        str,
        N_("what to cross: attribute:NAME, label:FIELD, or label:FIELD=VALUE for yes or no"),
        several=True,
    ),
    "tau": Parameter(None, int, N_("fewer items than this are too few"), least=1),
    "level": Parameter(
        None,
        int,
        N_("values that a combination may fix; as many as the effort allows if not given"),
        least=1,
    ),
    "effort": Parameter(
        EFFORT,
        float,
        N_("work to put in, in about seconds: counted, not timed, so that it ends alike anywhere"),
        least=0.001,
    ),
}


@dataclass(slots=True)
class Said:
    """What can be crossed, by name, and what cannot: why, by name."""

    columns: dict[str, Any]
    values: dict[str, int]  # how many values each column has
    several: list[str] = field(default_factory=list)  # an item has several of these at once

    def left_out(self, chosen: Mapping[str, Any]) -> dict[str, int | None]:
        """{what is not crossed: its number of values, None where an item has several}."""
        used = {*chosen, *(name.partition("=")[0] for name in chosen)}
        found: dict[str, int | None] = {name: None for name in self.several if name not in used}
        many = (name for name in self.columns if self.values[name] > MOST_VALUES)
        return found | {name: self.values[name] for name in many if name not in used}


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """All attributes and fields of few values against each other."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a column that is asked for is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    items = items_of(site, part)
    fields = stated_of(site, part, items)
    said = _said(columns_of(site, part, items), fields)
    chosen = _chosen(said, fields, parameters["columns"], len(items))
    tau, ids = parameters["tau"], items["item_id"].tolist()
    limits = Limits(parameters["level"], parameters["effort"])
    # The threshold and what was chosen by itself are written down, so that they can be repeated.
    parameters |= {"columns": list(chosen), "tau": derived_tau() if tau is None else tau}

    def answer(progress: Progress) -> Outcome:
        return _told(intersections(chosen, tau, ids, limits, progress), said.left_out(chosen))

    sizes = [said.values.get(name, 2) for name in chosen]
    seconds = estimated_seconds(len(items), sizes, limits)
    return Prepared(replace(question, parameters=parameters), parameters, {}, answer, seconds)


def _said(columns: dict[str, Any], fields: Mapping[str, Stated]) -> Said:
    values = {n: len({v for v in c if v and v.strip()}) for n, c in columns.items()}
    return Said(columns, values, [name for name in fields if name not in columns])


def _told(outcome: Outcome, left_out: Mapping[str, int | None]) -> Outcome:
    """The outcome with what was left out; where nothing was crossed, that is the reason."""
    parameters = {**outcome.parameters, "left_out": dict(left_out)}
    if isinstance(outcome, Measured):
        figures = {**outcome.figures, "left_out": Figure(len(left_out))}
        return replace(outcome, parameters=parameters, figures=figures)
    if outcome.parameters["columns"] or not left_out:
        return replace(outcome, parameters=parameters)
    return NotMeasured(MEASURE, parameters, *_nothing_to_cross(left_out))


def _nothing_to_cross(left_out: Mapping[str, int | None]) -> tuple[str, dict[str, str]]:
    many = {f"{name} ({count:,})" for name, count in left_out.items() if count is not None}
    several = [name for name, count in left_out.items() if count is None]
    details = {"most": str(MOST_VALUES), "many": ", ".join(sorted(many))}
    details |= {"several": ", ".join(several), "field": several[0] if several else ""}
    if not several:
        return MANY, details
    return (BOTH if many else SEVERAL), details


def _chosen(
    said: Said, fields: Mapping[str, Stated], asked: Sequence[str] | None, count: int
) -> dict[str, Any]:
    if asked is None:
        return {n: c for n, c in said.columns.items() if said.values[n] <= MOST_VALUES}
    columns = said.columns | _memberships(fields, asked, count)
    missing = [name for name in asked if name not in columns]
    if missing:
        todo = f"There are: {', '.join(said.columns) or 'none'}"
        if said.several:
            todo += f"; as FIELD=VALUE, for yes or no: {', '.join(said.several)}"
        raise NotFoundError("nothing is said once of each item under", ", ".join(missing), todo)
    return {name: columns[name] for name in asked}


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


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Other thresholds: half, and twice as many."""
    tau = question.parameters["tau"]
    return [
        replace(question, parameters={**question.parameters, "tau": other})
        for other in (max(1, tau // 2), 2 * tau)
    ]
