"""Taxonomy of a site's labels: on the dataset's own categories, or on a taxonomy of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.alternatives import other_references
from excavate.gaps.branches import Branches, NoTreeError
from excavate.gaps.finding import NotMeasured, Outcome, Reference
from excavate.gaps.gathering import Part, items_of, part_of
from excavate.gaps.placing import Placed, branches_of, placed
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.taxonomy import MEASURE, Against, taxonomy
from excavate.i18n import N_

if TYPE_CHECKING:
    from excavate.site import Site

ENOUGH = 0.5
PARAMETERS = {
    "taxonomy": Parameter(None, str, N_("a taxonomy of the site; without, the dataset's own")),
    "parts": Parameter(False, bool, N_("count parts below their wholes, too")),
    "fields": Parameter(None, str, N_("labels of these fields only"), several=True),
    "thin": Parameter(0.5, float, N_("less than this share of a target is thin"), least=0, most=1),
    "alpha": Parameter(
        0.05, float, N_("share of false gaps allowed where chance alone may give some"), least=0,
        most=1,
    ),
    "placed": Parameter(
        ENOUGH, float, N_("not measured where less than this share of the labelled items is "
                          "placed in the taxonomy"), least=0, most=1,
    ),
    "alone": Parameter(
        False, bool, N_("match mere names also to categories that stand alone, above and below "
                        "nothing"),
    ),
}  # fmt: skip
NUMBERS = N_("the labels of {dataset} are numbers without names")
UNIFORM, FLOOR, TAXONOMY = "uniform", "floor:", "taxonomy:"
SECONDS_A_LABEL = 4e-6


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """The dataset's own categories against an even spread, and each taxonomy of the site in which
    enough of its labelled items have a place."""
    own = Question(MEASURE, dataset, UNIFORM)
    part = part_of(site, dataset)
    if not site.datasets().set_index("dataset_id")["labels"][part.dataset]:
        return [own]
    names = [name for name in site.taxonomies()["name"] if _has_places(site, part, name)]
    return [own, *(Question(MEASURE, dataset, TAXONOMY + name) for name in names)]


def _has_places(site: Site, part: Part, taxonomy: str) -> bool:
    branches = branches_of(site, part.dataset, taxonomy, parts=False)
    found = placed(site, part, branches, None, own=False)
    return bool(found.items_placed) and found.are_enough(ENOUGH)


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a dataset, a taxonomy or a field is not there, ExcavateError
    where a floor is no number."""
    asked = _resolved(question)
    parameters = settled(PARAMETERS, asked)
    part = part_of(site, asked.dataset)
    known = dict(site.taxonomies()[["name", "revision"]].to_numpy().tolist())
    on = parameters["taxonomy"]
    if on is not None and on not in known:
        todo = f"There are: {', '.join(known) or 'none'}. See excavate taxonomy add"
        raise NotFoundError("no such taxonomy", on, todo)
    reference = _reference(site, str(asked.reference), known)
    inputs: dict[str, Any] = {}
    if on is not None:
        inputs["taxonomy"] = known[on]
    if reference.kind == "dataset":
        inputs["datasets"] = [reference.name]
    labels = site.labels(part.dataset)
    fields = parameters["fields"] = _fields(labels, parameters["fields"], asked.dataset)

    def answer(progress: Any) -> Outcome:
        return _answered(site, asked.dataset, fields, reference, parameters)

    return Prepared(
        replace(asked, parameters=parameters), parameters, inputs, answer,
        len(labels) * SECONDS_A_LABEL,
    )  # fmt: skip


def _resolved(question: Question) -> Question:
    """The question with its taxonomy among the parameters, wherever it was named."""
    said = question.reference or UNIFORM
    given = dict(question.parameters)
    if said.startswith(TAXONOMY):
        name = said.removeprefix(TAXONOMY)
        if given.get("taxonomy") not in (None, name):
            what = f"two taxonomies: {name} and {given['taxonomy']}"
            raise ExcavateError(what, MEASURE, "Name one, as reference or as parameter")
        given["taxonomy"] = name
    return replace(question, reference=said, parameters=given)


def _reference(site: Site, said: str, revisions: dict[str, str]) -> Reference:
    if said == UNIFORM:
        return Reference("uniform")
    if said.startswith(TAXONOMY):
        name = said.removeprefix(TAXONOMY)
        return Reference("taxonomy", name, revisions.get(name, ""))
    if said.startswith(FLOOR):
        return Reference("floor", number=_floor(said))
    theirs = part_of(site, said)
    return Reference("dataset", theirs.name, site.revisions()[theirs.dataset])


def _floor(said: str) -> int:
    number = said.removeprefix(FLOOR).strip()
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) < 2**53:
        raise ExcavateError(f"no floor: {said!r}", MEASURE, "Give a whole number, as floor:10")
    return int(number)


def _fields(labels: Any, asked: Sequence[str] | None, dataset: str) -> list[str]:
    there = list(dict.fromkeys(labels["field"]))
    if asked is None:
        naming = set(labels.loc[labels["category_id"].notna(), "field"])
        return [field for field in there if field in naming] or there
    missing = [field for field in asked if field not in there]
    if missing:
        todo = f"There are: {', '.join(there) or 'none'}"
        raise ExcavateError(f"no labels under {', '.join(missing)}", dataset, todo)
    return list(asked)


def _answered(
    site: Site, dataset: str, fields: Sequence[str], reference: Reference, given: dict[str, Any]
) -> Outcome:
    part = part_of(site, dataset)
    try:
        branches = branches_of(site, part.dataset, given["taxonomy"], parts=given["parts"])
    except NoTreeError as error:
        why = N_("the taxonomy cannot be walked: {faults}")
        return NotMeasured(MEASURE, given, why, {"faults": error.what})
    ours, theirs = _places(site, part, branches, fields, reference, given)
    told = {**given, **ours.told(), **(theirs.told("reference_") if theirs else {})}
    for whose, one in ((part.name, ours), (reference.name, theirs)):
        if one and one.matches.only_numbers:
            return NotMeasured(MEASURE, told, NUMBERS, {"dataset": whose})
        if one and one.items_placed and not one.are_enough(given["placed"]):
            return _too_few(whose, one, told)
    labels = theirs.labels if theirs else None
    against = Against(reference, labels, given["thin"], given["alpha"])
    figures = {**ours.figures(), **(theirs.figures("reference_") if theirs else {})}
    item_ids = items_of(site, part)["item_id"].tolist()
    return taxonomy(branches, ours.labels, item_ids, against, told, figures)


def _places(
    site: Site, part: Part, branches: Branches, fields: Sequence[str], reference: Reference,
    given: dict[str, Any],
) -> tuple[Placed, Placed | None]:  # fmt: skip
    """Where the labels stand: ours, and those of a reference that is a dataset."""
    own, alone = given["taxonomy"] is None, given["alone"]
    ours = placed(site, part, branches, fields, own=own, alone=alone)
    if reference.kind != "dataset":
        return ours, None
    held = part_of(site, reference.name)
    own = own and held.dataset == part.dataset
    return ours, placed(site, held, branches, None, own=own, alone=alone)


def _too_few(whose: str, found: Placed, told: dict[str, Any]) -> NotMeasured:
    """A failed match is no emptiness."""
    why = N_(
        "of {labelled} labelled items of {dataset} only {placed} have a place in the taxonomy, "
        "less than {share} %: what its labels do not name would be taken for empty"
    )
    details = {"labelled": f"{found.items:,}", "placed": f"{found.items_placed:,}",
               "dataset": whose, "share": f"{100 * told['placed']:g}"}  # fmt: skip
    return NotMeasured(MEASURE, told, why, details)


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Other thresholds, half and twice a floor, fewer false gaps, other references, parts too, and
    each field of several alone."""
    given = dict(question.parameters)
    said = question.reference or UNIFORM
    settings: list[dict[str, Any]] = []
    if not said.startswith(FLOOR):
        settings += [{"thin": 0.25}, {"thin": 0.8}]
    if _is_dataset(said):
        settings.append({"alpha": 0.01})
    settings.append({"parts": not given["parts"]})
    if len(given["fields"]) > 1:
        settings += [{"fields": [field]} for field in given["fields"]]
    found = [replace(question, reference=one) for one in _others(site, question.dataset, said)]
    return found + [replace(question, parameters={**given, **one}) for one in settings]


def _is_dataset(said: str) -> bool:
    return said != UNIFORM and not said.startswith((FLOOR, TAXONOMY))


def _others(site: Site, dataset: str, said: str) -> list[str]:
    """Half and twice a floor; other datasets that name the same; of a dataset, an even spread."""
    if said.startswith(FLOOR):
        return [f"{FLOOR}{n}" for n in (max(1, _floor(said) // 2), 2 * _floor(said))]
    part = part_of(site, dataset)
    held = part_of(site, said) if _is_dataset(said) else part
    others = other_references(site, part, held)
    return [*others, UNIFORM] if _is_dataset(said) else others
