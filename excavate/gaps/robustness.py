"""Robustness: does a finding hold in other settings, encoders, thresholds, seeds, references?

Every setting is asked and kept as a finding of its own, so it counts among what was measured. A
gap holds where another setting has a gap of the same key (`Entry.key`) that says the same
(claims.py). Each is asked only of the settings that can move it. A setting that could not be
measured says neither yes nor no and is counted apart. The settings are chosen, not drawn: shares
of them have no interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.catalog.computed import Computed, all_computed, computed, versions
from excavate.errors import ExcavateError
from excavate.gaps.asking import Answer, Note, ask_each, variants
from excavate.gaps.claims import Changes, claim_of
from excavate.gaps.registry import REGISTRY
from excavate.gaps.stored import Finding
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.question import Question
    from excavate.gaps.stored import Row
    from excavate.site import Site

KIND = "robustness"
VERSION = 2  # of what "holds" means: older accounts are not read
ROWS = 10  # gaps of the finding, the strongest, that are looked for in the other settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One other setting: what differs ({name: [ours, theirs]}), and what was found in it.

    `finding` is None where the measure failed; `why` says so, or why it was not measured. `rows`
    counts its gaps. `ranks`: of each of the first gaps, its place among them from 1; None where
    it is not there. `moves`: which of them this setting could move at all.
    """

    changes: Mapping[str, Sequence[Any]]
    finding: str | None
    measured: bool
    rows: int
    ranks: Sequence[int | None]
    moves: Sequence[bool]
    why: str = ""
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Robustness:
    """What came of a finding's other settings, as it is kept."""

    made: Computed

    @property
    def finding(self) -> str:
        """The id of the finding that is in question."""
        return str(self.made.provenance["finding"])

    @property
    def settings(self) -> list[Setting]:
        """Every other setting that was asked, in the measure's order."""
        return [Setting(**one) for one in self.made.result["settings"]]

    @property
    def measured(self) -> list[Setting]:
        """The settings that can say yes or no."""
        return [one for one in self.settings if one.measured]

    @property
    def keys(self) -> list[dict[str, Any]]:
        """The keys of the finding's first gaps; empty where it found none."""
        return [dict(key) for key in self.made.result["keys"]]

    @property
    def places(self) -> list[int]:
        """In which row of the finding each of them stands, from 0."""
        return [int(place) for place in self.made.result["places"]]

    @property
    def held(self) -> list[int]:
        """Of each of the first gaps, in how many of the settings that could move it it holds."""
        return [sum(rank is not None for rank in self._ranks(n)) for n in range(len(self.keys))]

    @property
    def tried(self) -> list[int]:
        """Of each of the first gaps, how many measured settings could move it."""
        return [len(self._ranks(n)) for n in range(len(self.keys))]

    def _ranks(self, n: int) -> list[int | None]:
        return [one.ranks[n] for one in self.measured if one.moves[n]]

    @property
    def first_holds(self) -> int:
        """In how many settings the first gap holds; of none: that nothing is found."""
        return self.held[0] if self.keys else sum(not one.rows for one in self.measured)

    @property
    def first_tried(self) -> int:
        """How many measured settings could say otherwise."""
        return self.tried[0] if self.keys else len(self.measured)

    @property
    def shares(self) -> list[float | None]:
        """`held` as shares of `tried`; None where no measured setting could move the gap."""
        both = zip(self.held, self.tried, strict=True)
        return [held / tried if tried else None for held, tried in both]

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The smallest and largest value of each figure, the finding's own among them."""
        return {name: (low, high) for name, (low, high) in self.made.result["ranges"].items()}


def robustness(
    site: Site, finding: Finding, progress: Progress = silent, note: Note | None = None
) -> Robustness:
    """Ask a finding's question in every other setting of its measure; keep what holds.

    Raises ExcavateError where the finding was not measured, stands on an older revision, or its
    measure knows no other setting.
    """
    _refuse(site, finding)
    first = gaps_of(finding)[:ROWS]
    telling = _telling(finding, first, variants(site, finding))
    asked = list(ask_each(site, telling, progress, note))
    answers = list({_named(one): one for one in asked if _named(one) != finding.id}.values())
    if not answers:
        raise ExcavateError("no other setting could move what it found", finding.measure)
    provenance = {"finding": finding.id, "settings": list(map(_named, answers)), "rows": ROWS}
    place = computed(site.folder, KIND, {**provenance, "version": VERSION})
    if place.exists():
        return Robustness(place)
    result = {
        "keys": [gap.key for gap in first],
        "places": [gap.place for gap in first],
        "settings": [_setting(finding, first, one) for one in answers],
        "ranges": _ranges([finding, *(a.finding for a in answers if a.finding)]),
        "versions": versions("findings"),
    }
    return Robustness(place.finish(result))


def every_robustness(folder: SiteFolder) -> dict[str, Robustness]:
    """What was last found of each finding's robustness, by its id."""
    made = [m for m in all_computed(folder, KIND, []) if m.provenance.get("version") == VERSION]
    return {one.finding: one for one in map(Robustness, made)}


def robustness_of(folder: SiteFolder, finding_id: str) -> Robustness | None:
    """What was last found of a finding's robustness; None where nobody looked."""
    return every_robustness(folder).get(finding_id)


@dataclass(frozen=True, slots=True)
class Gap:
    """A row that claims a gap: where it stands, its key, as JSON can hold it, and all it says."""

    place: int
    key: Mapping[str, Any]
    row: Row
    claimed: Any  # its key and what it says, to be held against another's


def gaps_of(finding: Finding) -> list[Gap]:
    """The finding's rows that claim a gap, in their order. Lists of items are not read."""
    claim, named = claim_of(finding.measure), REGISTRY[finding.measure].key
    table = finding.rows
    kept = [f.name for f in table.schema if f.name in named or not pa.types.is_list(f.type)]
    key = [name for name in named if name in kept]
    said = [name for name in claim.says if name in kept]
    rows = table.select(kept).to_pylist(maps_as_pydicts="strict") if kept else []
    return [
        Gap(place, {n: row[n] for n in key}, row, frozen([row[n] for n in [*key, *said]]))
        for place, row in enumerate(rows)
        if claim.is_gap(row)
    ]


def _telling(finding: Finding, first: Sequence[Gap], asked: Sequence[Question]) -> list[Question]:
    """The settings that could move one of the first gaps; where none was found, all of them."""
    claim = claim_of(finding.measure)
    return [
        one
        for one in asked
        if not first
        or any(claim.is_moved(gap.row, _changes(finding.question, one)) for gap in first)
    ]


def _refuse(site: Site, finding: Finding) -> None:
    if not finding.is_measured:
        raise ExcavateError("what was not measured cannot hold", finding.id)
    if not finding.stands(site.revisions()):
        todo = "Measure it again: excavate gaps"
        raise ExcavateError("it was measured on an older revision", finding.id, todo)


def _named(answer: Answer) -> str:
    """The finding's id; of one that failed its question and why, so that it can be tried again."""
    if answer.finding:
        return answer.finding.id
    return f"{answer.question} failed: {_failure(answer)}"


def _failure(answer: Answer) -> str:
    broke = answer.broke.strip().splitlines()
    return str(answer.error) if answer.error else broke[-1] if broke else ""


def _setting(finding: Finding, first: Sequence[Gap], answer: Answer) -> Any:
    """A Setting as JSON."""
    other, claim = answer.finding, claim_of(finding.measure)
    changes = _changes(finding.question, other.question if other else answer.question)
    common = {
        "changes": changes,
        "finding": other.id if other else None,
        "moves": [claim.is_moved(gap.row, changes) for gap in first],
    }
    if other is None or not other.is_measured:
        said = (_failure(answer), {}) if other is None else other.why_not
        why = {"why": said[0], "details": dict(said[1])}
        return {**common, "measured": False, "rows": 0, "ranks": [None] * len(first), **why}
    theirs = gaps_of(other)
    places: dict[Any, int] = {}
    for rank, gap in enumerate(theirs, 1):
        places.setdefault(gap.claimed, rank)
    ranks = [places.get(gap.claimed) for gap in first]
    return {**common, "measured": True, "rows": len(theirs), "ranks": ranks}


def frozen(value: Any) -> Any:
    """A key's value as something that can be held against another: maps without their order."""
    if isinstance(value, Mapping):
        return frozenset((name, frozen(inner)) for name, inner in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    return value


def _changes(ours: Question, theirs: Question) -> Changes:
    """What differs in two questions: {name: [ours, theirs]}."""
    pairs = {
        name: [ours.parameters.get(name), theirs.parameters.get(name)]
        for name in dict.fromkeys([*ours.parameters, *theirs.parameters])
    }
    pairs |= {
        name: [getattr(ours, name), getattr(theirs, name)] for name in ("reference", "encoder")
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _ranges(found: Sequence[Finding]) -> dict[str, list[float]]:
    told = [one.figures for one in found if one.is_measured]
    values = {name: [f[name].value for f in told if name in f] for name in found[0].figures}
    return {name: [min(several), max(several)] for name, several in values.items()}
