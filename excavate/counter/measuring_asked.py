"""What is asked when a gap is measured again: the finding's own question, or the plan's dataset."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from excavate.counter.records import Plan
from excavate.errors import NotFoundError
from excavate.gaps.gathering import Part, common_encoders, part_of
from excavate.gaps.shelf import shelf

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site
    from excavate.workshop.absence_record import Absence

# Findings whose very question is asked again; of others it is told that it is not.
SAME = ("coverage", "diversity")
COUNTED = ("taxonomy", "columns", "intersections")  # of these the categories are counted again
PARAMETERS: dict[str, Any] = {
    "k": 5, "seed": 0, "most": 20_000, "size": 200, "draws": 50, "folds": 5,
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
        return [_of_finding(site, shelf(site.folder).one(finding_id))]
    by_id = shelf(site.folder).by_id
    named = [str(a.about.value["finding_id"]) for a in absences if a.about.kind == "finding"]
    found = [_of_finding(site, by_id[one]) for one in dict.fromkeys(named) if one in by_id]
    return found or [_of_dataset(site, plan, absences)]


def _of_finding(site: Site, finding: Finding) -> Asked:
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
    if finding.measure != "coverage" or not _is_dataset(site, reference):
        reference = _reference(site, part, question.encoder)
    return Asked(part, reference, question.encoder, parameters, finding.id, measure)


def _of_dataset(site: Site, plan: Plan, absences: Sequence[Absence]) -> Asked:
    for name in _datasets(site, plan, absences):
        part = part_of(site, name)
        return Asked(part, _reference(site, part, None))
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


def _reference(site: Site, part: Part, encoder: str | None) -> str:
    """Another dataset of the site through the same encoder; "": a held-out half of D itself."""
    for name in sorted(site.revisions()):
        if name == part.dataset:
            continue
        both = common_encoders(site, [part, Part(name)])
        if both and encoder in (None, *both):
            return name
    return ""


def _is_dataset(site: Site, name: str) -> bool:
    try:
        part_of(site, name)
    except NotFoundError:
        return False
    return True
