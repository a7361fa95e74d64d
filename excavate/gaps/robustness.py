"""Robustness: does a finding hold in other settings, encoders, thresholds, seeds, references?

Every setting is asked and kept as a finding of its own, so it counts among what was measured. A
row holds where another setting has a row of the same key (`Entry.key`). A setting that could not
be measured says neither yes nor no and is counted apart. The settings are chosen, not drawn:
shares of them have no interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from excavate.catalog.computed import Computed, all_computed, computed, versions
from excavate.errors import ExcavateError
from excavate.gaps.asking import Answer, Note, ask_each, variants
from excavate.gaps.registry import REGISTRY
from excavate.gaps.stored import Finding
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.site import Site

KIND = "robustness"
ROWS = 10  # of the finding, the strongest, that are looked for in the other settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One other setting: what differs ({name: [ours, theirs]}), and what was found in it.

    `finding` is None where the measure failed; `why` says so, or why it was not measured.
    `ranks`: of each of the first rows, its place there from 1; None where it is not there.
    """

    changes: Mapping[str, Sequence[Any]]
    finding: str | None
    measured: bool
    rows: int
    ranks: Sequence[int | None]
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
        """The keys of the finding's first rows; empty where it found nothing."""
        return [dict(key) for key in self.made.result["keys"]]

    @property
    def held(self) -> list[int]:
        """Of each of the first rows, in how many of the measured settings it holds."""
        ranks = [one.ranks for one in self.measured]
        return [sum(row[n] is not None for row in ranks) for n in range(len(self.keys))]

    @property
    def first_holds(self) -> int:
        """In how many measured settings the first row holds; of none: that nothing is found."""
        return self.held[0] if self.keys else sum(not one.rows for one in self.measured)

    @property
    def shares(self) -> list[float] | None:
        """`held` as shares of the measured settings; None where none was measured."""
        of = len(self.measured)
        return [held / of for held in self.held] if of else None

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
    asked = list(ask_each(site, variants(site, finding), progress, note))
    answers = list({_named(one): one for one in asked if _named(one) != finding.id}.values())
    if not answers:
        raise ExcavateError("the measure has no other setting to try", finding.measure)
    provenance = {"finding": finding.id, "settings": list(map(_named, answers)), "rows": ROWS}
    place = computed(site.folder, KIND, {**provenance, "version": 1})
    if place.exists():
        return Robustness(place)
    keys = keys_of(finding)[:ROWS]
    result = {
        "keys": keys,
        "settings": [_setting(finding, keys, one) for one in answers],
        "ranges": _ranges([finding, *(a.finding for a in answers if a.finding)]),
        "versions": versions("findings"),
    }
    return Robustness(place.finish(result))


def robustness_of(folder: SiteFolder, finding_id: str) -> Robustness | None:
    """What was last found of a finding's robustness; None where nobody looked."""
    made = [m for m in all_computed(folder, KIND) if m.provenance["finding"] == finding_id]
    return Robustness(made[-1]) if made else None


def keys_of(finding: Finding) -> list[dict[str, Any]]:
    """The key of every row, in their order, as JSON can hold it."""
    columns = [c for c in REGISTRY[finding.measure].key if c in finding.rows.column_names]
    keys: list[dict[str, Any]] = finding.rows.select(columns).to_pylist(maps_as_pydicts="strict")
    return keys


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


def _setting(finding: Finding, first: Sequence[Mapping[str, Any]], answer: Answer) -> Any:
    """A Setting as JSON."""
    other = answer.finding
    common = {"changes": _changes(finding, answer), "finding": other.id if other else None}
    if other is None or not other.is_measured:
        said = (_failure(answer), {}) if other is None else other.why_not
        why = {"why": said[0], "details": dict(said[1])}
        return {**common, "measured": False, "rows": 0, "ranks": [None] * len(first), **why}
    places: dict[Any, int] = {}
    for rank, key in enumerate(keys_of(other), 1):
        places.setdefault(frozen(key), rank)
    ranks = [places.get(frozen(key)) for key in first]
    return {**common, "measured": True, "rows": other.rows.num_rows, "ranks": ranks}


def frozen(value: Any) -> Any:
    """A key's value as something that can be held against another: maps without their order."""
    if isinstance(value, Mapping):
        return frozenset((name, frozen(inner)) for name, inner in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(frozen, value))
    return value


def _changes(finding: Finding, answer: Answer) -> dict[str, list[Any]]:
    """What differs in the question: {name: [ours, theirs]}; resolved where it was answered."""
    ours = finding.question
    theirs = answer.finding.question if answer.finding else answer.question
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
