"""The gap that a counter-dataset answers, measured again: before and after, by the same yardstick.

Same reference, encoder and parameters as the finding that its absences point at; where they point
at none, the dataset that the plan answers. Records are kept in the site, named by what they rest
on: the same question is answered once. What is not measured says why; it is never zero.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.catalog.computed import Computed, all_computed, computed, versions
from excavate.counter.before_after import Again
from excavate.counter.holding import Held, digest, gathered, measurable, vectors_of
from excavate.counter.measuring_asked import COUNTED as PARTLY
from excavate.counter.measuring_asked import KIND, Asked, asked_of
from excavate.counter.measuring_made import MADE, USED, NotMadeError
from excavate.counter.plans import all_answered, one_plan
from excavate.counter.records import Plan
from excavate.counter.saying_again import failed, not_said, said_of
from excavate.errors import ExcavateError, RefusedError
from excavate.gaps.finding import Figure
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

VERSION = 3  # of how these numbers are made
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
    What fails (`failed`) is not kept: it may go another time.
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


def measured_of(site: Site, plan_id: str, workshop: Workshop | None = None) -> list[Record]:
    """What was measured again of a plan: one answer to each question, in their order.

    The newest; with `workshop`, the newest that stands where one does.
    """
    newest: dict[tuple[str, ...], Record] = {}
    records = [_record(made) for made in all_computed(site.folder, KIND, [])
               if made.provenance.get("plan_id") == plan_id]  # fmt: skip
    if not records:  # where nothing was ever dug there is none, and nothing it could hold against
        return []
    held = standing(site, workshop, plan_id) if workshop else lambda _record: True
    for record in records:
        key = tuple(str(record[name]) for name in ("measure", "dataset", "finding"))
        if key not in newest or held(record) or not held(newest[key]):
            newest[key] = record
    order = {name: place for place, name in enumerate(MEASURES)}
    return sorted(newest.values(), key=lambda one: order.get(one["measure"], len(order)))


def stands(site: Site, workshop: Workshop, record: Mapping[str, Any]) -> bool:
    """Whether members, datasets and vectors are still those that were measured."""
    return standing(site, workshop, record["plan_id"])(record)


def standing(site: Site, workshop: Workshop, plan_id: str) -> Callable[[Mapping[str, Any]], bool]:
    """`stands` for the records of one plan, whose members are read once."""
    revisions, now = site.revisions(), digest(measurable(workshop, plan_id))

    def holds(record: Mapping[str, Any]) -> bool:
        if record["version"] != VERSION or record["digest"] != now:
            return False
        if any(revisions.get(name) != one for name, one in record["revisions"].items()):
            return False
        if not sees(record["measure"]):
            return True
        names = [one for one in (record["dataset"], record["asked"]) if one]
        return vectors_of(site, names, record["encoder"] or None) == list(record["vectors"])

    return holds


def sees(measure: str) -> bool:
    """Whether an encoder has a part in a measure."""
    return measure in MEASURES and measure not in COUNTED


def _one(site: Site, plan: Plan, asked: Asked, held: Held, name: str, progress: Progress) -> Record:
    place = _place(site, plan, asked, held, name)
    if place.exists():
        return _record(place)
    started = time.monotonic()
    try:
        result = _answered(site, asked, held, name, progress)
    except ExcavateError as error:
        return _record(replace(place, result=_result(None, {}) | failed(error)))
    seconds = round(time.monotonic() - started, 3)
    result |= {"seconds": seconds, "versions": versions(KIND), "generation": site.generation}
    return _record(place.finish(result))


def _answered(
    site: Site, asked: Asked, held: Held, name: str, progress: Progress
) -> dict[str, Any]:
    try:
        if name not in MADE:
            raise NotMadeError("partly" if name in PARTLY else "another measure", measure=name)
        again, more = MADE[name](site, held, asked, progress)
    except NotMadeError as why:
        return _result(None, {}) | not_said(why.key, held.told() | why.details)
    changed = {n: one for n, one in asked.revisions.items()
               if held.revisions.get(n, one) != one}  # fmt: skip
    told = held.told(sees(name)) | more | {"older": ", ".join(sorted(changed))}
    kept = more | {"members": told["members"]}
    return _result(again, kept) | {"said": said_of(name, again, told)}


def _place(site: Site, plan: Plan, asked: Asked, held: Held, name: str) -> Computed:
    """Where the record stands, or will stand: everything that decides its numbers."""
    names = [one for one in (asked.part.name, asked.reference) if one]
    provenance = {
        "measure": name, "version": VERSION, "plan_id": plan.given.plan_id,
        "dataset": asked.part.name, "finding": asked.finding_id, "reference": asked.reference,
        "chosen": asked.chosen, "measured": dict(asked.revisions),
        "encoder": held.encoder if sees(name) else None, "parameters": _used(asked, held, name),
        "revisions": dict(held.revisions),
        "vectors": vectors_of(site, names, held.encoder) if sees(name) else [],
        "member_ids": [one.member_id for one in held.members], "digest": held.digest,
    }  # fmt: skip
    return computed(site.folder, KIND, provenance)


def _used(asked: Asked, held: Held, name: str) -> Record:
    given = {**asked.parameters, "field": held.field,
             "members_seed": int(asked.parameters["seed"]) + 1}  # fmt: skip
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
        "id": made.id, **said, **result, "reference": reference, "asked": said["reference"],
        "made_at": made.made_at,
        "revision": str(revisions.get(said["dataset"]) or revisions.get(dataset, "")),
        "members": result.get("told", {}).get("members", len(said["member_ids"])),
        "encoder": said["encoder"] or "",
    }  # fmt: skip
