"""All that a site's findings say, read once: every table, figure and sentence comes out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate import __version__
from excavate.catalog.computed import all_computed
from excavate.errors import SiteError
from excavate.gaps.records import record
from excavate.gaps.registry import REGISTRY
from excavate.gaps.robustness_record import record as robustness_record
from excavate.gaps.shelf import Shelf, shelf
from excavate.gaps.stored import KIND
from excavate.workshop.hand_checks import HandCheck, hand_check

if TYPE_CHECKING:
    from excavate.gaps.asked import Asked
    from excavate.gaps.finding import Figure
    from excavate.gaps.robustness import Robustness
    from excavate.gaps.stored import Finding
    from excavate.site import Site
    from excavate.workshop.store import Workshop

NOBODY = "-"  # nobody has said anything in the site: nobody has checked by hand either
FOUND, NOTHING, UNMEASURED, OLDER = "found", "nothing", "unmeasured", "older"
UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")


@dataclass(frozen=True)
class Told:
    """One finding with all that is known of it.

    record: its JSON, every row in it; robust: None where nobody tried other settings; by_hand:
    None where nobody checked it by hand, or nobody could look (`Report.eyes` says which).
    """

    finding: Finding
    record: Mapping[str, Any]
    stands: bool
    is_setting: bool  # asked as another setting of a finding
    robustness: Robustness | None = None
    robust: Mapping[str, Any] | None = None
    by_hand: Mapping[str, Any] | None = None

    @property
    def state(self) -> str:
        """FOUND, NOTHING, UNMEASURED, or OLDER: measured by another version of its measure."""
        made = self.finding.made.provenance["version"]
        if made != REGISTRY[self.finding.measure].version:
            return OLDER
        if not self.finding.is_measured:
            return UNMEASURED
        return FOUND if self.record["rows_in_all"] else NOTHING

    @property
    def folder(self) -> str:
        """Where it lies in the export."""
        name = UNSAFE.sub("-", f"{self.finding.measure}-{self.finding.dataset}").strip("-.")
        return f"findings/{name[:80]}-{self.finding.id}"


@dataclass(frozen=True)
class Report:
    """A site's findings, oldest first. `eyes`: where hand-checks were read; "": nowhere could be;
    NOBODY: there is nothing to read.

    unreadable: sidecars that are damaged; unknown: measured by measures that are not known here.
    """

    site: str
    generation: str
    revisions: Mapping[str, str]
    made_at: datetime
    code_version: str
    told: tuple[Told, ...]
    asked: Asked
    unreadable: tuple[str, ...]
    unknown: int
    eyes: str

    def of(self, state: str) -> list[Told]:
        """The findings in a state, without those that were another setting of one."""
        return [one for one in self.told if one.state == state and not one.is_setting]


def gather(site: Site, workshop: Workshop | None, eyes: str = "") -> Report:
    """Read all findings of a site; `eyes` names where hand-checks were read, for people."""
    found = shelf(site.folder)
    unreadable: list[Path] = []
    kept = all_computed(site.folder, KIND, unreadable)
    broken = {
        one.id: one.made.file("rows.parquet") for one in found.by_id.values() if _damaged(one)
    }
    files = [*unreadable, *broken.values()]
    revisions = dict(site.revisions())
    told = [
        _told(site, found, one, revisions, workshop) for one in found.by_id if one not in broken
    ]
    now = datetime.now(UTC).replace(microsecond=0)
    return Report(
        site.folder.path.resolve().name, str(site.generation), revisions, now, __version__,
        tuple(told), found.asked, tuple(file.name for file in files),
        len(kept) - len(found.by_id), eyes,
    )  # fmt: skip


def _damaged(finding: Finding) -> bool:
    """Whether its rows cannot be read: it is named then, and the others go on."""
    try:
        return finding.rows is None
    except SiteError:
        return True


def _told(
    site: Site, found: Shelf, finding_id: str, revisions: Mapping[str, str],
    workshop: Workshop | None,
) -> Told:  # fmt: skip
    finding = found.by_id[finding_id]
    robust = found.robust.get(finding_id)
    check = hand_check(workshop, finding_id) if workshop else None
    return Told(
        finding, record(finding, finding.rows.num_rows), finding.stands(revisions),
        finding_id in found.settings, robust,
        robustness_record(site.folder, robust) if robust else None,
        hand_check_record(check) if check else None,
    )  # fmt: skip


def hand_check_record(check: HandCheck) -> dict[str, Any]:
    """A hand-check as JSON can hold it; who judged is not in it, only how many."""
    result = check.result
    figures = {"precision": result.precision, "controls": result.controls,
               "agreement": result.agreement}  # fmt: skip
    return {
        "cases": len(check.cases), "seed": check.seed, "people": len(check.answers),
        "finished": check.finished, "n": result.n, "n_controls": result.n_controls,
        **{name: _figure(one) for name, one in figures.items()}, "kappa": result.kappa,
    }  # fmt: skip


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    return asdict(figure) if figure else None
