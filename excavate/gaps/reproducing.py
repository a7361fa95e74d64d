"""Run a finding again from its provenance alone, and say: same, different, or why it cannot.

Read are a finding's sidecar (`findings/ID.json`, with `ID.rows.parquet` beside it) and what
`excavate findings show --json` and the app export. The stored finding is never the answer: the
measure runs anew, with every finding it is made of, and what is kept serves only to be held
against. Nothing is written into the site. A comparison of two findings that were named rests on
them as they are kept; the verdict says so and whether they can be had again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.catalog.computed import Computed
from excavate.errors import ExcavateError, FaultList, NotFoundError
from excavate.gaps.afresh import afresh
from excavate.gaps.differences import TOLERANCE, Differences, Result, as_json, differences, rows_of
from excavate.gaps.finding import Measured, Outcome
from excavate.gaps.gathering import part_of
from excavate.gaps.question import Prepared, Question
from excavate.gaps.registry import REGISTRY
from excavate.gaps.stored import KIND, MEASURED, NOT_MEASURED
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.site import Site

SAME, DIFFERENT, CANNOT = "same", "different", "cannot"
PROVENANCE = {
    "measure": str, "version": int, "dataset": str, "revisions": dict, "parameters": dict,
    "inputs": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding as a file tells it: where from, what it says, and its id as the file gives it."""

    file: Path
    provenance: Mapping[str, Any]
    result: Mapping[str, Any]
    rows: list[dict[str, Any]] | None
    named: str | None

    @property
    def id(self) -> str:
        """What its provenance names it: a hash."""
        return Computed(KIND, Path(), self.provenance).id


@dataclass(frozen=True, slots=True)
class Verdict:
    """SAME, DIFFERENT or CANNOT, with the reasons a line; `tolerance` for numbers."""

    verdict: str
    finding: str
    measure: str
    dataset: str
    lines: tuple[str, ...] = ()
    largest: float = 0.0  # the largest relative difference within the tolerance
    rows_held: int | None = None  # rows that could be held against the new ones
    rests_on: tuple[str, ...] = ()  # kept findings it is made of, and what came of each again
    tolerance: float = TOLERANCE

    def as_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def reproduce(site: Site, file: Path | str, progress: Progress = silent) -> Verdict:
    """Compute the finding of a file again in this site, from its provenance alone.

    Raises ExcavateError where the file is no finding; that a finding cannot be computed here is
    a verdict, with every reason that can be seen.
    """
    kept = read(Path(file))
    parts = {named: _again(site, named, progress) for named in _resting_on(kept)}
    with afresh(site) as fresh:
        for named in parts:
            _bring(site, fresh, named)
        verdict = _verdict_in(fresh, kept, progress)
    told = tuple(": ".join([named, *lines]) for named, lines in parts.items())
    changed = [
        f"the finding {n} it rests on is different" for n in parts if parts[n][0] == DIFFERENT
    ]
    if changed and verdict.verdict != CANNOT:
        verdict = replace(verdict, verdict=DIFFERENT, lines=(*verdict.lines, *changed))
    return replace(verdict, rests_on=told)


def _verdict_in(site: Site, kept: Kept, progress: Progress) -> Verdict:
    reasons = _reasons(site, kept)
    if reasons:
        return _verdict(kept, CANNOT, reasons)
    try:
        prepared = _prepared(site, kept)
        reasons = _otherwise(kept, prepared)
        if reasons:
            return _verdict(kept, CANNOT, reasons)
        outcome = prepared.answer(progress)
    except ExcavateError as error:
        return _verdict(kept, CANNOT, [str(error)])
    return _held(kept, outcome)


def _resting_on(kept: Kept) -> list[str]:
    """Ids of the kept findings that were named in the question: they are not made anew."""
    named = kept.provenance["inputs"].get("findings")
    return [str(one) for one in named] if isinstance(named, list) else []


def _again(site: Site, named: str, progress: Progress) -> list[str]:
    """What comes of a finding that another rests on: its verdict, with the reasons."""
    try:
        found = reproduce(site, site.folder.path / KIND / f"{named}.json", progress)
    except ExcavateError as error:
        return [CANNOT, error.what]
    return [found.verdict, *found.lines]


def _bring(site: Site, fresh: Site, named: str) -> None:
    (fresh.folder.path / KIND).mkdir(exist_ok=True)
    for file in (site.folder.path / KIND).glob(f"{named}.*"):
        shutil.copy(file, fresh.folder.path / KIND)


def home_of(file: Path) -> Path:
    """The site that a sidecar lies in. Raises NotFoundError where it lies in none."""
    folder = file.absolute().parent
    if folder.name != KIND:
        raise NotFoundError("this file lies in no site", str(file), "Name one with --site DIR")
    return folder.parent


def read(file: Path) -> Kept:
    """A sidecar, or an export. Raises ExcavateError naming everything it lacks."""
    try:
        said = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise NotFoundError("this cannot be read", str(file), str(error.strerror)) from None
    except ValueError as error:
        raise ExcavateError(f"this is no JSON ({error})", str(file), "Give a finding") from None
    if isinstance(said, dict) and isinstance(said.get("finding"), dict):
        said = said["finding"]
    _check(said, file)
    rows = said.get("rows")
    beside = file.with_suffix(".rows.parquet")
    if rows is None and beside.is_file():
        rows = _rows_beside(beside)
    named = said.get("id") or (file.stem if "id" not in said and _is_id(file.stem) else None)
    return Kept(file, said["provenance"], said["result"], rows, named)


def _check(said: Any, file: Path) -> None:
    faults = FaultList()
    provenance = said.get("provenance") if isinstance(said, dict) else None
    result = said.get("result") if isinstance(said, dict) else None
    if not isinstance(provenance, dict):
        faults.add("provenance", "is lacking")
    else:
        for name, kind in PROVENANCE.items():
            if not isinstance(provenance.get(name), kind):
                faults.add(f"provenance.{name}", f"is lacking, or no {kind.__name__}")
    if not isinstance(result, dict) or result.get("status") not in (MEASURED, NOT_MEASURED):
        faults.add("result.status", f"is neither {MEASURED!r} nor {NOT_MEASURED!r}")
    if isinstance(said, dict) and not isinstance(said.get("rows", []), list):
        faults.add("rows", "is no list")
    faults.raise_if_any("this is no finding", str(file), "Give findings/ID.json or an export")


def _rows_beside(file: Path) -> list[dict[str, Any]]:
    try:
        return rows_of(pq.read_table(file))
    except (pa.ArrowInvalid, OSError) as error:
        raise ExcavateError(f"the rows cannot be read ({error})", str(file)) from None


def _is_id(text: str) -> bool:
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def _reasons(site: Site, kept: Kept) -> list[str]:
    """Why it cannot be computed here, as far as can be seen before anything is prepared."""
    said, reasons = kept.provenance, []
    if kept.named is not None and kept.named != kept.id:
        reasons.append(f"its provenance was changed: it is named {kept.named}, and gives {kept.id}")
    if said["measure"] not in REGISTRY:
        return [*reasons, f"this version knows no measure {said['measure']}"]
    ours = REGISTRY[said["measure"]].version
    if said["version"] != ours:
        what = f"it was measured by version {said['version']} of {said['measure']}"
        reasons.append(f"{what}; this is version {ours}")
    there = site.revisions()
    for dataset, revision in said["revisions"].items():
        if dataset not in there:
            reasons.append(f"the dataset {dataset} is not in this site")
        elif there[dataset] != revision:
            what = f"the dataset {dataset} stands at revision {there[dataset][:16]} here"
            reasons.append(f"{what}, and was measured at {str(revision)[:16]}")
    return reasons


def _prepared(site: Site, kept: Kept) -> Prepared:
    from excavate.gaps.registry import run_of

    said = kept.provenance
    part_of(site, said["dataset"])
    question = Question(
        said["measure"], said["dataset"], said.get("reference"), said.get("encoder"),
        said["parameters"],
    )  # fmt: skip
    return run_of(said["measure"]).prepare(site, question)


def _otherwise(kept: Kept, prepared: Prepared) -> list[str]:
    """What the question rests on here that it did not rest on there: inputs, parameters."""
    reasons = []
    for name, before, after in (
        ("input", kept.provenance["inputs"], as_json(dict(prepared.inputs))),
        ("parameter", kept.provenance["parameters"], as_json(dict(prepared.parameters))),
    ):
        old, new = _flat(before), _flat(after)
        reasons += [
            f"its {name} {key} is another here: {_short(old.get(key))}, now {_short(new.get(key))}"
            for key in sorted({*old, *new})
            if old.get(key) != new.get(key)
        ]
    asked = prepared.question
    for name, now in (("reference", asked.reference), ("encoder", asked.encoder)):
        if kept.provenance.get(name) != now:
            reasons.append(f"its {name} is another here: {kept.provenance.get(name)}, now {now}")
    return reasons


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Pairs in pairs as one: {"findings": {"columns": x}} -> {"findings.columns": x}."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        inner = _flat(value) if isinstance(value, dict) else {"": value}
        found |= {f"{name}.{n}" if n else name: v for n, v in inner.items()}
    return found


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _held(kept: Kept, outcome: Outcome) -> Verdict:
    """The file's result against the new one. An export may hold the first rows alone."""
    before, after = _kept_result(kept), _new_result(outcome)
    found = differences(before, after, REGISTRY[kept.provenance["measure"]].key)
    verdict = DIFFERENT if found.lines else SAME
    return _verdict(kept, verdict, found.lines, found, len(kept.rows or ()))


def _kept_result(kept: Kept) -> Result:
    said = kept.result
    return Result(
        said["status"], said.get("why", "").format(**said.get("details", {})),
        said.get("figures", {}), said.get("reference"), said.get("parameters", {}),
        int(said.get("tested", 0)), int(said.get("rows", 0)), kept.rows,
    )  # fmt: skip


def _new_result(outcome: Outcome) -> Result:
    if not isinstance(outcome, Measured):
        given = as_json(dict(outcome.parameters))
        return Result(NOT_MEASURED, str(outcome), {}, None, given, 0, 0, [])
    figures = {n: [f.value, f.low, f.high] for n, f in outcome.figures.items()}
    rows, given = rows_of(outcome.rows), as_json(dict(outcome.parameters))
    reference = asdict(outcome.reference)
    return Result(MEASURED, "", figures, reference, given, outcome.tested, len(rows), rows)


def _verdict(
    kept: Kept,
    verdict: str,
    lines: list[str],
    found: Differences | None = None,
    held: int | None = None,
) -> Verdict:
    said = kept.provenance
    largest = found.largest if found else 0.0
    name = kept.named or kept.id
    return Verdict(verdict, name, said["measure"], said["dataset"], tuple(lines), largest, held)
