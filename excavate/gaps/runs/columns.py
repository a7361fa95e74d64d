"""Said of a site: attributes, fields said once of each item, and what items say themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import NotFoundError
from excavate.gaps.columns import MEASURE, Rule, against_table, columns, dated_columns
from excavate.gaps.emptiness import RESIDUAL
from excavate.gaps.gathering import columns_of, items_of, of_part, part_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.reference_tables import ReferenceTable, read_reference
from excavate.gaps.representation import matched
from excavate.gaps.worded import worded
from excavate.i18n import N_

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.gaps.gathering import Part
    from excavate.site import Site

COUNTRIES = "table:population_by_country_2024"
ABOUT_COUNTRIES = ("country", "nationality", "국가", "국적", "나라")
OF_ITEMS = ("split", "licence", "creator", "source_url")
OF_PICTURES = ("width", "height", "format")
KNOWN = 0.5  # of a column's values have to be keys of a table, to be held against it unasked
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
}
BETWEEN = " · "  # several values of one item
Said = dict[str, Sequence[str | None]]
WITH_TABLE = ("alpha", "column", "after", "key", "value")


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """What the columns lack by themselves; and a column of countries against the population."""
    found = [Question(MEASURE, dataset)]
    there, _ = _gathered(site, dataset)
    table = read_reference(COUNTRIES)
    for name, values in there.items():
        if name.casefold().endswith(ABOUT_COUNTRIES) and _known(values, table) >= KNOWN:
            found.append(Question(MEASURE, dataset, COUNTRIES, parameters={"column": name}))
    return found


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for columns or tables that are not there, SourceError for bad tables."""
    parameters = settled(PARAMETERS, question)
    there, items = _gathered(site, question.dataset)
    if question.reference:
        return _with_table(question, parameters, there, items)
    chosen = there if parameters["columns"] is None else _asked(there, parameters["columns"])
    rule = Rule(parameters["alpha"], parameters["drop"], parameters["years"])
    _asked(chosen, rule.years or ())
    dated = dated_columns({name: worded(values) for name, values in chosen.items()}, rule)
    rule = replace(rule, years=dated)
    parameters |= {"columns": list(chosen), "years": rule.years}
    ids = items["item_id"].tolist()
    words = hashlib.sha256(RESIDUAL.read_bytes()).hexdigest()
    return Prepared(
        replace(question, parameters=parameters), parameters, {"words": words},
        lambda progress: columns(chosen, ids, rule), len(chosen) ** 2 * len(ids) * 5e-8,
    )  # fmt: skip


def _with_table(
    question: Question, parameters: dict[str, Any], there: Said, items: DataFrame
) -> Prepared:
    table = read_reference(str(question.reference), parameters["key"], parameters["value"])
    if parameters["after"]:
        there = {name: _ends(values, parameters["after"]) for name, values in there.items()}
    name = parameters["column"] or _best(there, table)
    values = _asked(there, [name])[name]
    parameters = {n: v for n, v in (parameters | {"column": name}).items() if n in WITH_TABLE}
    ids = items["item_id"].tolist()
    return Prepared(
        replace(question, parameters=parameters), parameters, {"table": table.revision},
        lambda progress: against_table(name, values, ids, table, parameters["alpha"]),
    )  # fmt: skip


def _ends(values: Sequence[str | None], after: str) -> list[str | None]:
    return [None if value is None else value.rpartition(after)[2].strip() for value in values]


def _gathered(site: Site, dataset: str) -> tuple[Said, DataFrame]:
    """(columns by name, the items); what pictures say of themselves only where there are some."""
    part = part_of(site, dataset)
    items = items_of(site, part)
    pictured = bool((items["pixels"] != "none").any())
    own = [name for name in OF_ITEMS if items[name].nunique() > 0 or name in ("licence", "creator")]
    own += OF_PICTURES if pictured else ()
    found = {f"item:{name}": _texts(items[name]) for name in own}
    single = columns_of(site, part, items)
    return found | single | _several(site, part, items, single), items


def _several(site: Site, part: Part, items: DataFrame, known: Said) -> dict[str, Any]:
    """Fields of which an item may have several values: these joined, so that none is missed."""
    found = {}
    for kind, frame, by in (
        ("label", site.labels, "field"),
        ("attribute", site.attributes, "name"),
    ):
        said = of_part(frame(part.dataset), items)
        for name, rows in said[~(kind + ":" + said[by]).isin(known)].groupby(by, sort=False):
            found[f"{kind}:{name}"] = _joined(rows, items)
    return found


def _joined(rows: DataFrame, items: DataFrame) -> list[str | None]:
    stated = rows[rows["value"].notna()].drop_duplicates(["ordinal", "value"])
    more = stated["ordinal"].duplicated(keep=False)
    joined = stated[more].groupby("ordinal")["value"].agg(BETWEEN.join)
    values = stated[~more].set_index("ordinal")["value"].reindex(items["ordinal"])
    values.loc[joined.index] = joined
    return _texts(values)


def _texts(values: Any) -> list[str | None]:
    return [None if v is None or v != v else _text(v) for v in values.tolist()]


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _asked(there: Said, names: Sequence[str]) -> dict[str, Sequence[str | None]]:
    missing = [name for name in names if name not in there]
    if missing:
        todo = f"There are: {', '.join(there) or 'none'}"
        raise NotFoundError("nothing is said once of each item under", ", ".join(missing), todo)
    return {name: there[name] for name in names}


def _known(values: Sequence[str | None], table: ReferenceTable) -> float:
    """The share of what a column states that the table has a key for."""
    found = matched(worded(values), table)
    return int((found.keys >= 0).sum()) / max(1, found.stated)


def _best(there: Said, table: ReferenceTable) -> str:
    known = {name: _known(values, table) for name, values in there.items()}
    best = max(known, key=lambda name: known[name], default="")
    if not best or known[best] < KNOWN:
        todo = f"Say which: --set column=NAME. There are: {', '.join(there) or 'none'}"
        raise NotFoundError("no column whose values are mostly keys of", table.name, todo)
    return best


def variants(site: Site, question: Question) -> Sequence[Question]:
    """A stricter and a looser threshold; cliffs half and twice as steep."""
    settings: list[Mapping[str, Any]] = [{"alpha": 0.01}, {"alpha": 0.1}]
    if not question.reference:
        drop = question.parameters["drop"]
        settings += [{"drop": max(1.0, drop / 2)}, {"drop": 2 * drop}]
    return [replace(question, parameters={**question.parameters, **one}) for one in settings]
