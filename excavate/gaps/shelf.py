"""All findings of a site, read once for as long as nothing is added: for pages and routes.

A page that runs again at every press must not read hundreds of sidecars each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.catalog.folder import SiteFolder
from excavate.errors import NotFoundError
from excavate.gaps.asked import Asked, asked_of, log_of
from excavate.gaps.registry import REGISTRY
from excavate.gaps.robustness import KIND as ROBUSTNESS
from excavate.gaps.robustness import Robustness, every_robustness
from excavate.gaps.stored import KIND, Finding, findings

if TYPE_CHECKING:
    from collections.abc import Mapping

Stamp = tuple[int, int]  # when the folder changed last, and how many sidecars it holds


@dataclass(frozen=True)
class Shelf:
    """The findings, oldest first, by id; how much was asked in all; what holds elsewhere.

    robust: of each finding that was asked in other settings, the newest account of it; settings:
    the findings that were another setting of one.
    """

    by_id: Mapping[str, Finding]
    asked: Asked
    robust: Mapping[str, Robustness]
    settings: frozenset[str]

    def one(self, finding_id: str) -> Finding:
        """A finding by its whole id. Raises NotFoundError."""
        if finding_id not in self.by_id:
            raise NotFoundError("no such finding", finding_id, "See: excavate findings list")
        return self.by_id[finding_id]


def shelf(folder: SiteFolder) -> Shelf:
    """What stands in a site's `findings/` now."""
    kinds = (KIND, ROBUSTNESS)
    stamps = [_stamp(folder.path / kind) for kind in kinds]
    log = log_of(folder)
    stamps.append((log.stat().st_mtime_ns, log.stat().st_size) if log.exists() else (0, 0))
    return _read(folder.path, tuple(stamps))


def _stamp(place: Path) -> Stamp:
    if not place.is_dir():
        return (0, 0)
    return place.stat().st_mtime_ns, sum(1 for _file in place.glob("*.json"))


@lru_cache(maxsize=4)
def _read(site: Path, stamps: tuple[Stamp, ...]) -> Shelf:
    folder = SiteFolder(site)
    found = [f for f in findings(folder) if f.measure in REGISTRY]
    robust = every_robustness(folder)
    settings = frozenset(
        tried.finding for one in robust.values() for tried in one.settings if tried.finding
    )
    asked = asked_of(folder, found)
    return Shelf({f.id: f for f in found}, asked, robust, settings - set(robust))
