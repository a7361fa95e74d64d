"""Association of the values that a site's labels and attributes say of its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import NotFoundError
from excavate.gaps.association import MEASURE, Rule, association
from excavate.gaps.cooccurrence import MOST_PAIRS, Stated
from excavate.gaps.gathering import fields_of, items_of, part_of, said_of
from excavate.gaps.initials import indexes
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.gaps.finding import Outcome
    from excavate.gaps.gathering import Part
    from excavate.progress import Progress
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
    "initials": Parameter(
        None,
        bool,
        N_("look also at initials of other attributes; by itself where fields are named"),
    ),
    "bootstrap": Parameter(
        0, int, N_("draw the items again so many times for the bounds"), least=0, most=10_000
    ),
    "seed": Parameter(0, int, N_("of the drawing"), least=0),
    "most_pairs": Parameter(
        MOST_PAIRS, int, N_("pairs to look at together; the rarest values go first"), least=1
    ),
}
SECONDS_TO_READ = 1e-6  # a stated value, from the catalog
SECONDS_A_VALUE = 2e-7  # a stated value, for every field that it is held against


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """All labels and all attributes of few values against each other."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a field that is asked for is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    there = fields_of(site, part)
    if parameters["initials"] is None:
        parameters["initials"] = parameters["fields"] is not None
    parameters["fields"] = _chosen(there, parameters["fields"])
    rule = Rule(**{name: parameters[name] for name in Rule.__slots__})
    return Prepared(
        replace(question, parameters=parameters), parameters, {},
        lambda progress: _answer(site, part, parameters, rule, progress),
        _seconds(there, parameters["fields"], rule),
    )  # fmt: skip


def _answer(
    site: Site, part: Part, parameters: Mapping[str, Any], rule: Rule, progress: Progress
) -> Outcome:
    progress("read columns", 0, 1)
    items = items_of(site, part)
    said = stated_of(site, part, items)
    chosen = {name: said[name] for name in parameters["fields"]}
    letters = [name for name in chosen if name.startswith("attribute:")]
    sorting = {} if parameters["initials"] else indexes(letters, said)
    looked_at = {name: one for name, one in chosen.items() if name not in sorting}
    return association(looked_at, items["item_id"].tolist(), rule, progress, sorting)


def stated_of(site: Site, part: Part, items: DataFrame) -> dict[str, Stated]:
    """What labels and attributes say of a part's items, by `label:FIELD` and `attribute:NAME`."""
    said = said_of(site, part, items["ordinal"].to_numpy())
    return {name: Stated(*said[name]) for name in said}


def _chosen(there: Mapping[str, tuple[int, int]], asked: Sequence[str] | None) -> list[str]:
    if asked is None:
        labels = [name for name in there if name.startswith("label:")]
        few = [n for n in there if n not in labels and 1 < there[n][1] <= MOST_VALUES]
        return _most_said(there, labels) + _most_said(there, few)
    missing = [name for name in asked if name not in there]
    if missing:
        todo = f"There are: {', '.join(there) or 'none'}"
        raise NotFoundError("no such label or attribute", ", ".join(missing), todo)
    return list(dict.fromkeys(asked))


def _most_said(there: Mapping[str, tuple[int, int]], names: Sequence[str]) -> list[str]:
    kept = set(sorted(names, key=lambda name: -there[name][0])[:MOST_FIELDS])
    return [name for name in names if name in kept]


def _seconds(there: Mapping[str, tuple[int, int]], fields: Sequence[str], rule: Rule) -> float:
    said = sum(there[name][0] for name in fields)
    values = sum(there[name][1] for name in fields)
    pairs = min(rule.most_pairs, values**2 // 2)
    read = sum(count for count, _ in there.values()) * SECONDS_TO_READ
    counting = said * len(fields) * SECONDS_A_VALUE * (1 + 0.2 * rule.bootstrap)
    return read + counting + pairs * 4e-6


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
