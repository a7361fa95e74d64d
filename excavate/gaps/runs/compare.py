"""Two datasets through the same measures, or two findings of one measure, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.compare import MEASURE, MOST_VALUES, Side, Told, compare
from excavate.gaps.finding import NotMeasured, Outcome, Reference
from excavate.gaps.gathering import Part, items_of, of_part, part_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.registry import REGISTRY
from excavate.gaps.runs.compare_alike import (
    OWN_ITEMS,
    Asked,
    alike,
    given_of,
    said_by,
    settled_text,
    told,
)
from excavate.gaps.stored import Finding, finding, findings
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.site import Site

PARAMETERS = {
    "of": Parameter(None, str, N_("which measures; all without it, `counts` for none"),
                    several=True),
    "a": Parameter(None, str, N_("a finding, by its id: compare it with b instead")),
    "b": Parameter(None, str, N_("another finding of the same measure")),
    "asked": Parameter(None, str, N_("what the measures are asked with, as JSON; by itself")),
}  # fmt: skip
COUNTS = "counts"
MOST_SPLITS = 3  # to lay side by side unasked
SHOWN = 6  # items of a value that only one has


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Its splits against each other; older findings against newer ones.

    Two datasets are laid side by side where somebody asks: which belong together nobody can tell.
    """
    part = part_of(site, dataset)
    asked = list(_splits(site, part)) if part.split is None else []
    asked += [
        Question(MEASURE, old.dataset, parameters={"a": old.id, "b": new.id})
        for old, new in _versions(site, dataset)
    ]
    return asked or [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where dataset, measure or finding is not there, ExcavateError."""
    parameters = settled(PARAMETERS, question)
    if parameters["a"] or parameters["b"]:
        return _of_findings(site, question, parameters)
    part = part_of(site, question.dataset)
    if question.reference is None:
        why = N_("no other dataset was named to compare it with")
        asked = replace(question, parameters=parameters)
        return Prepared(asked, parameters, {}, lambda p: NotMeasured(MEASURE, parameters, why))
    other = part_of(site, question.reference)
    if part == other:
        raise ExcavateError("this is the dataset itself", other.name, "Name another")
    measures = _measures(parameters["of"])
    parameters["of"] = measures or [COUNTS]
    given = given_of(parameters["asked"])
    usual = {"encoder": question.encoder}
    both = [
        alike(site, n, (part, other), _fitting(n, {**usual, **given.get(n, {})})) for n in measures
    ]
    parameters["asked"] = settled_text(both)
    ids = {one.measure: [side.id for side in one.sides] for one in both}
    return Prepared(
        replace(question, parameters=parameters), parameters,
        {"datasets": [other.name], "findings": ids},
        lambda progress: _of_datasets(site, part, other, both, parameters, progress),
        sum(side.seconds for one in both for side in one.sides),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """None: it lays side by side what is there. The other way round it says the same."""
    return []


def _fitting(name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """An encoder that was given for all is for the measures that look through one."""
    return given if REGISTRY[name].lens else {**given, "encoder": None}


def _measures(of: Sequence[str] | None) -> list[str]:
    known = [name for name in REGISTRY if name != MEASURE]
    wrong = [name for name in of or () if name not in (*known, COUNTS)]
    if wrong:
        todo = f"There are: {', '.join([COUNTS, *known])}"
        raise NotFoundError("no such measure to compare by", ", ".join(wrong), todo)
    return known if of is None else [name for name in known if name in of]


def _of_datasets(
    site: Site,
    part: Part,
    other: Part,
    asked: Sequence[Asked],
    parameters: Mapping[str, Any],
    progress: Progress,
) -> Outcome:
    found = []
    for done, one in enumerate(asked):
        progress(MEASURE, done, len(asked))
        found.append(told(site, one))
    reference = Reference("dataset", other.name, site.revisions()[other.dataset])
    return compare(_side(site, part), _side(site, other), found, reference, parameters)


def _side(site: Site, part: Part) -> Side:
    """How many items have each value of each field of labels, each attribute, and each split."""
    items = items_of(site, part)
    labels = of_part(site.labels(part.dataset), items)
    said = of_part(site.attributes(part.dataset), items)
    kinds = {"split": items.assign(value=items["split"])} if part.split is None else {}
    for frame, column, kind in ((labels, "field", "label"), (said, "name", "attribute")):
        kinds |= {f"{kind}:{name}": rows for name, rows in frame.groupby(column, sort=True)}
    ids = items.set_index("ordinal")["item_id"]
    counts = {kind: _counted(rows) for kind, rows in kinds.items()}
    return Side(part.name, len(items), counts, {k: _shown(rows, ids) for k, rows in kinds.items()})


def _counted(rows: Any) -> dict[str, int]:
    """{value: items that have it}, in the order of the values."""
    counted = rows[rows["value"].notna()].groupby("value", sort=True)["ordinal"].nunique()
    return {str(value): int(n) for value, n in counted.items()}


def _shown(rows: Any, ids: Any) -> dict[str, list[str]]:
    """{value: the first items that have it}; none where there are too many values to show."""
    if rows["value"].nunique() > MOST_VALUES:
        return {}
    first = rows.drop_duplicates(["value", "ordinal"]).groupby("value", sort=False).head(SHOWN)
    named = first.assign(item=ids.reindex(first["ordinal"]).to_numpy())
    return {str(value): list(some) for value, some in named.groupby("value")["item"]}


def _of_findings(site: Site, question: Question, parameters: dict[str, Any]) -> Prepared:
    if not (parameters["a"] and parameters["b"]):
        raise ExcavateError("one finding alone", MEASURE, "Give a=ID and b=ID")
    a, b = (finding(site.folder, parameters[side]) for side in ("a", "b"))
    if a.measure != b.measure:
        what = f"{a.id} is of {a.measure}, {b.id} of {b.measure}"
        raise ExcavateError(what, MEASURE, "Give two findings of one measure")
    parameters |= {"of": [a.measure], "a": a.id, "b": b.id}
    asked = replace(question, dataset=a.dataset, reference=None, parameters=parameters)
    same = part_of(site, a.dataset).dataset == b.dataset.partition("/")[0]
    key = REGISTRY[a.measure].key if same or a.measure not in OWN_ITEMS else ()
    both = Told(a.measure, key, said_by(a), said_by(b))
    sides = Side(a.id), Side(b.id)
    reference = Reference("finding", b.id, note=_of(b))
    return Prepared(
        asked, parameters, {"findings": [a.id, b.id]},
        lambda progress: compare(*sides, [both], reference, parameters),
    )  # fmt: skip


def _of(found: Finding) -> str:
    revision = str(found.made.provenance["revisions"].get(found.dataset.partition("/")[0], ""))
    return f"{found.measure}, {found.dataset} @ {revision[:12]}"


def _splits(site: Site, part: Part) -> Iterator[Question]:
    """The largest split of a dataset against the next largest ones."""
    sizes: dict[str, int] = site.datasets().set_index("dataset_id")["splits"][part.dataset]
    named = sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST_SPLITS]
    for other in named[1:]:
        first, second = (f"{part.dataset}/{name}" for name in (named[0], other))
        yield Question(MEASURE, first, reference=second)


def _versions(site: Site, dataset: str) -> list[tuple[Finding, Finding]]:
    """(the newest finding of an older revision, the one that stands), asked alike."""
    revisions = site.revisions()
    newest: dict[str, dict[bool, Finding]] = {}
    for found in findings(site.folder, dataset):
        if found.measure in REGISTRY and found.measure != MEASURE:
            newest.setdefault(repr(found.question), {})[found.stands(revisions)] = found
    return [(two[False], two[True]) for two in newest.values() if len(two) == 2]
