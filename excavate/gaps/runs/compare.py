"""Two datasets through the same measures, or two findings of one measure, side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.compare import MEASURE, MOST_VALUES, Said, Side, Told, compare
from excavate.gaps.finding import NotMeasured, Outcome, Reference
from excavate.gaps.gathering import Part, items_of, of_part, part_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.registry import REGISTRY
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
SHOWN = 6  # items of a value that only one has
MUTUAL = ("coverage", "concepts")  # each of the two is held against the other
OWN_ITEMS = ("duplicates", "labels")  # their rows are items, which two datasets do not share


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure asked of both sides alike, or why it could not be."""

    measure: str
    a: Question
    b: Question
    ids: tuple[str, str]
    seconds: float
    why: str = ""


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Against each dataset that comes after it; its splits; older findings against newer ones."""
    part, there = part_of(site, dataset), list(site.revisions())
    at = there.index(part.dataset)
    others = there[at + 1 :] or there[:at]
    asked = [Question(MEASURE, dataset, reference=other) for other in others]
    if not asked and part.split is None:
        asked = list(_splits(site, part))
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
    given = _given(parameters["asked"])
    alike = [
        _alike(site, name, part, other, given.get(name, {"encoder": question.encoder}))
        for name in measures
    ]
    parameters["asked"] = _settled(alike)
    inputs = {"datasets": [other.name], "findings": {a.measure: list(a.ids) for a in alike}}
    return Prepared(
        replace(question, parameters=parameters), parameters, inputs,
        lambda progress: _of_datasets(site, part, other, alike, parameters, progress),
        sum(asked.seconds for asked in alike),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """The same the other way round."""
    if question.reference is None or question.parameters.get("a"):
        return []
    return [replace(question, dataset=question.reference, reference=question.dataset)]


def _measures(of: Sequence[str] | None) -> list[str]:
    known = [name for name in REGISTRY if name != MEASURE]
    wrong = [name for name in of or () if name not in (*known, COUNTS)]
    if wrong:
        todo = f"There are: {', '.join([COUNTS, *known])}"
        raise NotFoundError("no such measure to compare by", ", ".join(wrong), todo)
    return known if of is None else [name for name in known if name in of]


def _given(text: str | None) -> dict[str, Any]:
    """{measure: what it is asked with} of an earlier run: defaults may have changed since."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        raise ExcavateError("asked= is no JSON of questions", MEASURE, "Leave it out")
    return given


def _settled(alike: Sequence[Asked]) -> str:
    asked = {
        one.measure: {
            "reference": one.a.reference, "encoder": one.a.encoder,
            "parameters": dict(one.a.parameters),
        }
        for one in alike
    }  # fmt: skip
    return json.dumps(asked, sort_keys=True, ensure_ascii=False)


def _alike(site: Site, name: str, part: Part, other: Part, given: Mapping[str, Any]) -> Asked:
    """The same question to both: with what the first settled on, or each against the other."""
    from excavate.gaps.asking import prepared_place

    reference = other.name if name in MUTUAL else given.get("reference")
    first = Question(
        name, part.name, reference, given.get("encoder"), given.get("parameters") or {}
    )
    second = replace(first, dataset=other.name)
    try:
        ready, place = prepared_place(site, first)
        settled_on = ready.question
        turned = part.name if settled_on.reference == other.name else settled_on.reference
        second = replace(settled_on, dataset=other.name, reference=turned)
        ready_b, place_b = prepared_place(site, second)
    except Exception as error:  # one measure that fails keeps the others from nothing
        why = str(error) if isinstance(error, ExcavateError) else repr(error)
        return Asked(name, first, second, ("", ""), 0.0, why)
    unmade = ((ready, place), (ready_b, place_b))
    seconds = sum(p.seconds or 0.0 for p, at in unmade if not at.exists())
    return Asked(name, settled_on, ready_b.question, (place.id, place_b.id), seconds)


def _of_datasets(
    site: Site,
    part: Part,
    other: Part,
    alike: Sequence[Asked],
    parameters: Mapping[str, Any],
    progress: Progress,
) -> Outcome:
    told = []
    for done, asked in enumerate(alike):
        progress(MEASURE, done, len(alike))
        told.append(_told(site, asked))
    reference = Reference("dataset", other.name, site.revisions()[other.dataset])
    return compare(_side(site, part), _side(site, other), told, reference, parameters)


def _told(site: Site, asked: Asked) -> Told:
    """What the measure says of both; where it fails, the others go on."""
    from excavate.gaps.asking import ask_each

    key = () if asked.measure in OWN_ITEMS else REGISTRY[asked.measure].key
    if asked.why:
        return Told(asked.measure, key, Said(why=asked.why), Said(why=asked.why))
    said = []
    for answer in ask_each(site, [asked.a, asked.b]):
        if answer.finding is not None:
            said.append(_said(answer.finding))
        else:
            said.append(Said(why=str(answer.error or answer.broke.strip().splitlines()[-1])))
    return Told(asked.measure, key, *said)


def _said(found: Finding) -> Said:
    if found.is_measured:
        return Said(found.rows, found.figures)
    why, details = found.why_not
    return Said(why=why.format(**details))


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
    told = Told(a.measure, key, _said(a), _said(b))
    sides = Side(a.id), Side(b.id)
    reference = Reference("finding", b.id, note=_of(b))
    return Prepared(
        asked, parameters, {"findings": [a.id, b.id]},
        lambda progress: compare(*sides, [told], reference, parameters),
    )  # fmt: skip


def _of(found: Finding) -> str:
    revision = str(found.made.provenance["revisions"].get(found.dataset.partition("/")[0], ""))
    return f"{found.measure}, {found.dataset} @ {revision[:12]}"


def _splits(site: Site, part: Part) -> Iterator[Question]:
    """The two largest splits of a dataset that stands alone."""
    sizes = items_of(site, part)["split"].value_counts()
    named = sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name)))[:2]
    if len(named) == 2:
        first, second = (f"{part.dataset}/{name}" for name in named)
        yield Question(MEASURE, first, reference=second)


def _versions(site: Site, dataset: str) -> list[tuple[Finding, Finding]]:
    """(the newest finding of an older revision, the one that stands), asked alike."""
    revisions = site.revisions()
    newest: dict[str, dict[bool, Finding]] = {}
    for found in findings(site.folder, dataset):
        if found.measure in REGISTRY and found.measure != MEASURE:
            newest.setdefault(repr(found.question), {})[found.stands(revisions)] = found
    return [(two[False], two[True]) for two in newest.values() if len(two) == 2]
