"""The gap that a counter-dataset answers, measured again: before and after, by the same yardstick.

Same reference, encoder and parameters as the finding that its absences point at; where they point
at none, the dataset that the plan answers. Records are kept in the site, named by what they rest
on: the same question is answered once. What is not measured says why; it is never zero.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from excavate.catalog.computed import Computed, all_computed, computed, versions
from excavate.counter.before_after import Again
from excavate.counter.measuring_asked import COUNTED as PARTLY
from excavate.counter.measuring_asked import Asked, asked_of
from excavate.counter.measuring_made import MADE, USED, Held, NotMadeError, gathered
from excavate.counter.plans import all_answered, one_plan
from excavate.counter.records import Plan
from excavate.counter.saying_again import not_said, said_of
from excavate.errors import ExcavateError, RefusedError
from excavate.gaps.finding import Figure
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

KIND = "measured_again"
VERSION = 1  # of how these numbers are made
MEASURES = tuple(MADE)
COUNTED = ("counts", "concentration")  # of what is said alone: no encoder has a part in it
Record = dict[str, Any]


def measure_again(
    site: Site, workshop: Workshop, plan_id: str, finding_id: str | None = None,
    measures: Sequence[str] = (), progress: Progress = silent,
) -> list[Record]:  # fmt: skip
    """What the members change, measure by measure; computed if it is not yet.

    `finding_id`: the finding whose yardstick to use; if none is named, those that the plan's
    absences point at. `measures`: some of MEASURES; all if none is named. Raises NotFoundError
    where there is no such plan, finding or dataset, RefusedError for a measure there is none of.
    """
    unknown = [name for name in measures if name not in MEASURES]
    if unknown:
        raise RefusedError("no such measure", unknown[0], f"One of: {', '.join(MEASURES)}")
    plan = one_plan(workshop, plan_id)
    told: dict[str, Record] = {}
    for asked in asked_of(site, plan, all_answered(workshop, plan), finding_id):
        held = gathered(site, workshop, plan, asked)
        for name in measures or (*MEASURES, *asked.beyond(MEASURES)):
            record = _one(site, plan, asked, held, name, progress)
            told.setdefault(record["id"], record)
    return list(told.values())


def measured_of(site: Site, plan_id: str) -> list[Record]:
    """What was measured again of a plan: of each question the newest answer, in their order."""
    newest: dict[tuple[str, ...], Record] = {}
    for made in all_computed(site.folder, KIND, []):
        if made.provenance.get("plan_id") == plan_id:
            record = _record(made)
            key = tuple(str(record[n]) for n in ("measure", "dataset", "reference", "finding"))
            newest[key] = record
    order = {name: place for place, name in enumerate(MEASURES)}
    return sorted(newest.values(), key=lambda one: order.get(one["measure"], len(order)))


def stands(site: Site, workshop: Workshop, record: Mapping[str, Any]) -> bool:
    """Whether the members and the datasets are still those that were measured."""
    revisions = site.revisions()
    if any(revisions.get(name) != one for name, one in record["revisions"].items()):
        return False
    from excavate.counter.measuring_made import digest, measurable

    return bool(record["digest"] == digest(measurable(workshop, record["plan_id"])))


def _one(site: Site, plan: Plan, asked: Asked, held: Held, name: str, progress: Progress) -> Record:
    place = _place(site, plan, asked, held, name)
    if place.exists():
        return _record(place)
    started = time.monotonic()
    try:
        if name not in MADE:
            raise NotMadeError("partly" if name in PARTLY else "another measure", measure=name)
        again, more = MADE[name](site, held, asked, progress)
        result = _result(again, more) | {"said": said_of(name, again, held.told() | more)}
    except NotMadeError as why:
        result = _result(None, {}) | not_said(why.key, held.told() | why.details)
    except ExcavateError as error:
        result = _result(None, {}) | not_said("error", {"why": error.what})
    seconds = round(time.monotonic() - started, 3)
    result |= {"seconds": seconds, "versions": versions(KIND), "generation": site.generation}
    return _record(place.finish(result))


def _place(site: Site, plan: Plan, asked: Asked, held: Held, name: str) -> Computed:
    """Where the record stands, or will stand: everything that decides its numbers."""
    sees = name not in COUNTED
    provenance = {
        "measure": name, "version": VERSION, "plan_id": plan.given.plan_id,
        "dataset": asked.part.name, "finding": asked.finding_id, "reference": asked.reference,
        "encoder": held.encoder if sees else None, "parameters": _used(asked, held, name),
        "revisions": dict(held.revisions), "vectors": list(held.made) if sees else [],
        "member_ids": [one.member_id for one in held.members], "digest": held.digest,
    }  # fmt: skip
    return computed(site.folder, KIND, provenance)


def _used(asked: Asked, held: Held, name: str) -> Record:
    given = {**asked.parameters, "field": held.field}
    return {one: given[one] for one in USED.get(name, ())}


def _result(again: Again | None, more: Mapping[str, Any]) -> Record:
    parts = ("before", "after", "difference")
    found = {part: _figures(getattr(again, part)) if again else {} for part in parts}
    return {**found, "not_measured": None, "told": dict(more)}


def _figures(figures: Mapping[str, Figure]) -> dict[str, dict[str, float | None]]:
    return {n: {"value": f.value, "low": f.low, "high": f.high} for n, f in figures.items()}


def _record(made: Computed) -> Record:
    said, result = made.provenance, made.result
    dataset = str(said["dataset"]).partition("/")[0]
    revisions = dict(said["revisions"])
    reference = result.get("told", {}).get("reference") or said["reference"] or said["dataset"]
    return {
        "id": made.id, **said, **result, "reference": reference, "made_at": made.made_at,
        "revision": str(revisions.get(said["dataset"]) or revisions.get(dataset, "")),
        "members": len(said["member_ids"]), "encoder": said["encoder"] or "",
    }  # fmt: skip
