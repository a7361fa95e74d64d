"""What is asked when a gap is measured again: the finding's own question, or the plan's dataset."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from excavate.catalog.computed import all_computed
from excavate.counter.records import Plan
from excavate.errors import NotFoundError
from excavate.gaps.gathering import Part, common_encoders, part_of
from excavate.gaps.shelf import shelf

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site
    from excavate.workshop.absence_record import Absence

KIND = "measured_again"
# Findings whose very question is asked again; of others it is told that it is not.
SAME = ("coverage", "diversity")
COUNTED = ("taxonomy", "columns", "intersections")  # of these the categories are counted again
PARAMETERS: dict[str, Any] = {
    "k": 5, "seed": 0, "most": 20_000, "size": 200, "draws": 50, "folds": 5,
    "strength": 0.1, "learns_from": 5_000,  # of the probe: it is fitted three times a fold
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """D, R ("" where none is named), the encoder (None: the newest), and every parameter."""

    part: Part
    reference: str = ""
    encoder: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=lambda: dict(PARAMETERS))
    finding_id: str = ""
    measure: str = ""  # the finding's
    revisions: Mapping[str, str] = field(default_factory=dict)  # that the finding measured
    chosen: bool = False  # nobody named R: it was chosen here

    def beyond(self, measures: Collection[str]) -> tuple[str, ...]:
        """The finding's measure, where none of ours makes it again."""
        known = self.measure in (*SAME, *measures, "")
        return () if known else (self.measure,)


def asked_of(
    site: Site, plan: Plan, absences: Sequence[Absence], finding_id: str | None
) -> list[Asked]:
    """One question for each finding there is to answer, else one of the plan's dataset.

    Raises NotFoundError where a named finding, or any dataset to measure, is not there.
    """
    if finding_id:
        return [_of_finding(site, plan, shelf(site.folder).one(finding_id))]
    by_id = shelf(site.folder).by_id
    named = [str(a.about.value["finding_id"]) for a in absences if a.about.kind == "finding"]
    found = [_of_finding(site, plan, by_id[one]) for one in dict.fromkeys(named) if one in by_id]
    return found or [_of_dataset(site, plan, absences)]


def _of_finding(site: Site, plan: Plan, finding: Finding) -> Asked:
    question = finding.question
    part = part_of(site, question.dataset)
    said = finding.parameters
    given = {name: said.get(name) for name in PARAMETERS}
    given["size"] = (
        said.get("size_drawn") or given["size"] or None
    )  # what was drawn where none was asked
    parameters = PARAMETERS | {name: value for name, value in given.items() if value is not None}
    measure = "undrawn" if said.get("of") == "undrawn" else finding.measure
    reference = question.reference or ""
    chosen = finding.measure != "coverage" or not _is_dataset(site, reference)
    if chosen:
        reference = _reference(site, plan, part, question.encoder, finding.id)
    revisions = dict(finding.made.provenance["revisions"])
    return Asked(
        part, reference, question.encoder, parameters, finding.id, measure, revisions, chosen
    )


def _of_dataset(site: Site, plan: Plan, absences: Sequence[Absence]) -> Asked:
    for name in _datasets(site, plan, absences):
        part = part_of(site, name)
        return Asked(part, _reference(site, plan, part, None, ""), chosen=True)
    todo = "Name the dataset it answers in the plan"
    raise NotFoundError("the plan names no dataset to measure against", plan.given.name, todo)


def _datasets(site: Site, plan: Plan, absences: Sequence[Absence]) -> Iterator[str]:
    """What the plan names, what its absences lie in, or the only one there is."""
    there = site.revisions()
    if plan.given.against:
        yield plan.given.against
    for absence in absences:
        if absence.about.dataset and absence.about.dataset.partition("/")[0] in there:
            yield absence.about.dataset
    if len(there) == 1:
        yield from there


def _reference(site: Site, plan: Plan, part: Part, encoder: str | None, finding_id: str) -> str:
    """Another dataset of the site through the same encoder; "": a held-out half of D itself.

    The first in the order of names; what was chosen once is kept, whatever is dug later.
    """
    there = list(_others(site, part, encoder))
    before = _chosen_before(site, plan.given.plan_id, part.name, finding_id)
    if before is not None and before in ("", *there):
        return before
    return there[0] if there else ""


def _others(site: Site, part: Part, encoder: str | None) -> Iterator[str]:
    for name in sorted(site.revisions()):
        if name != part.dataset:
            both = common_encoders(site, [part, Part(name)])
            if both and encoder in (None, *both):
                yield name


def _chosen_before(site: Site, plan_id: str, dataset: str, finding_id: str) -> str | None:
    """The reference against which coverage was first measured; None where it never was."""
    wanted = {"plan_id": plan_id, "dataset": dataset, "finding": finding_id,
              "measure": "coverage", "chosen": True}  # fmt: skip
    for made in all_computed(site.folder, KIND, []):
        said = made.provenance
        if made.result.get("before") and all(said.get(n) == v for n, v in wanted.items()):
            return str(said["reference"])
    return None


def _is_dataset(site: Site, name: str) -> bool:
    try:
        part_of(site, name)
    except NotFoundError:
        return False
    return True
