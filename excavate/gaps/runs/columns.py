"""Said of a site: attributes, fields said once of each item, and what items say themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import NotFoundError
from excavate.gaps.columns import MEASURE, Rule, against_table, columns
from excavate.gaps.emptiness import RESIDUAL
from excavate.gaps.gathering import fields_of, part_of, values_of
from excavate.gaps.item_columns import column_names, gathered, items_in, seconds_to_read
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.reference_tables import ReferenceTable, read_reference
from excavate.i18n import N_

if TYPE_CHECKING:
    from excavate.gaps.finding import Outcome
    from excavate.gaps.gathering import Part
    from excavate.gaps.worded import Values
    from excavate.progress import Progress
    from excavate.site import Site

COUNTRIES = "table:population_by_country_2024"
KNOWN = 0.5  # of a column's values have to be keys of a table, to be held against it unasked
SEVERAL = 2  # keys at least: a column that says one word is not about them
PARAMETERS = {
    "columns": Parameter(
        None, str, N_("which: attribute:NAME, label:FIELD, item:width"), several=True
    ),
    "alpha": Parameter(
        0.05, float, N_("the share of chance findings to put up with"), least=0, most=1
    ),
    "drop": Parameter(10.0, float, N_("a cliff is so many times lower on one side"), least=1),
    "years": Parameter(None, str, N_("columns that hold dates"), several=True),
    "column": Parameter(None, str, N_("the column to hold against a table")),
    "after": Parameter(None, str, N_("match by what stands after the last of these signs alone")),
    "key": Parameter(None, str, N_("the table's columns to match by"), several=True),
    "value": Parameter(None, str, N_("the table's column of counts or shares")),
    "least": Parameter(
        0.5,
        float,
        N_("not measured where fewer of the column's values are keys of the table"),
        least=0,
        most=1,
    ),
}
WITH_TABLE = ("alpha", "column", "after", "key", "value", "least")


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """What the columns lack by themselves; and a column of countries against the population."""
    part = part_of(site, dataset)
    table = read_reference(COUNTRIES)
    told = [
        Question(MEASURE, dataset, COUNTRIES, parameters={"column": name})
        for name in fields_of(site, part)
        if table.is_about(name) and _known(site, part, name, table) >= KNOWN
    ]
    return [Question(MEASURE, dataset), *told]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for columns or tables that are not there, SourceError for bad tables."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    there = column_names(site, part)
    if question.reference:
        return _with_table(site, part, question, parameters, there)
    names = _asked(there, parameters["columns"] or there)
    _asked(names, parameters["years"] or ())
    rule = Rule(parameters["alpha"], parameters["drop"], parameters["years"])
    parameters |= {"columns": names}
    words = hashlib.sha256(RESIDUAL.read_bytes()).hexdigest()
    return Prepared(
        replace(question, parameters=parameters), parameters, {"words": words},
        lambda progress: _answer(site, part, names, rule, progress),
        seconds_to_read(site, part) + len(names) ** 2 * items_in(site, part) * 5e-8,
    )  # fmt: skip


def _answer(
    site: Site, part: Part, names: Sequence[str], rule: Rule, progress: Progress
) -> Outcome:
    progress("read columns", 0, 2)
    said, ids = gathered(site, site.generation, part)
    progress("read columns", 1, 2)
    return columns({name: said[name] for name in names}, ids, rule)


def _with_table(
    site: Site, part: Part, question: Question, parameters: dict[str, Any], there: Sequence[str]
) -> Prepared:
    table = read_reference(str(question.reference), parameters["key"], parameters["value"])
    name = parameters["column"] or _best(site, part, there, table, parameters["after"])
    _asked(there, [name])
    parameters = {n: v for n, v in (parameters | {"column": name}).items() if n in WITH_TABLE}
    return Prepared(
        replace(question, parameters=parameters), parameters, {"table": table.revision},
        lambda progress: _answer_with_table(site, part, parameters, table, progress),
        seconds_to_read(site, part),
    )  # fmt: skip


def _answer_with_table(
    site: Site, part: Part, given: Mapping[str, Any], table: ReferenceTable, progress: Progress
) -> Outcome:
    progress("read columns", 0, 1)
    said, ids = gathered(site, site.generation, part)
    values: Values = said[given["column"]]
    if given["after"]:
        values = [_end(value, given["after"]) for value in said[given["column"]].to_pylist()]
    return against_table(given["column"], values, ids, table, given["alpha"], given["least"])


def _end(value: str | None, after: str | None) -> str | None:
    return value.rpartition(after)[2].strip() if value and after else value


def _asked(there: Sequence[str], names: Sequence[str]) -> list[str]:
    missing = [name for name in names if name not in there]
    if missing:
        todo = f"There are: {', '.join(there) or 'none'}"
        raise NotFoundError("nothing is said once of each item under", ", ".join(missing), todo)
    return list(dict.fromkeys(names))


def _known(
    site: Site, part: Part, name: str, table: ReferenceTable, after: str | None = None
) -> float:
    """The share of what a column states that the table has a key for; 0 where it is one key."""
    counts = [(_end(value, after), n) for value, n in values_of(site, part, name).items()]
    found = [(table.find(value, any_case=True), n) for value, n in counts if value]
    keys = {key for key, _ in found if key is not None}
    if len(keys) < min(SEVERAL, len(table.names)):
        return 0.0
    return sum(n for key, n in found if key is not None) / sum(n for _, n in found)


def _best(
    site: Site, part: Part, there: Sequence[str], table: ReferenceTable, after: str | None
) -> str:
    """The column that says by its name what the table is about, and has mostly its keys."""
    named = [name for name in there if table.is_about(name) and not name.startswith("item:")]
    known = {name: _known(site, part, name, table, after) for name in named}
    best = max(known, key=lambda name: known[name], default="")
    if not best or known[best] < KNOWN:
        todo = f"Say which: --set column=NAME. There are: {', '.join(there) or 'none'}"
        raise NotFoundError("no column is named after it and has mostly its keys", table.name, todo)
    return best


def variants(site: Site, question: Question) -> Sequence[Question]:
    """A stricter and a looser threshold; cliffs half and twice as steep."""
    settings: list[Mapping[str, Any]] = [{"alpha": 0.01}, {"alpha": 0.1}]
    if not question.reference:
        drop = question.parameters["drop"]
        settings += [{"drop": max(1.0, drop / 2)}, {"drop": 2 * drop}]
    return [replace(question, parameters={**question.parameters, **one}) for one in settings]
