"""Robustness as it leaves the site: JSON with words in both languages."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from excavate.gaps.records import speaking
from excavate.gaps.registry import saying_of
from excavate.gaps.saying.robustness import changed, sentence
from excavate.gaps.stored import Finding, finding
from excavate.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.robustness import Robustness, Setting


def record(folder: SiteFolder, robust: Robustness) -> dict[str, Any]:
    """What was tried and what held, with the finding's measure and the words of its rows."""
    asked = finding(folder, robust.finding)
    said: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = sentence(robust)
    return {
        "id": robust.made.id,
        "finding": robust.finding,
        "measure": asked.measure,
        "dataset": asked.dataset,
        "made_at": robust.made.made_at,
        "said": said,
        "measured": len(robust.measured),
        "not_measured": len(robust.settings) - len(robust.measured),
        "first_holds": robust.first_holds,
        "first_tried": robust.first_tried,
        "rows": _rows(asked, robust),
        "settings": [_setting(one) for one in robust.settings],
        "ranges": {name: list(both) for name, both in robust.ranges.items()},
    }


def _rows(asked: Finding, robust: Robustness) -> list[dict[str, Any]]:
    words = saying_of(asked.measure)
    there = asked.first_rows(max(robust.places, default=-1) + 1)
    rows = [there[place] for place in robust.places]
    told: list[dict[str, str]] = [{} for _ in rows]
    for language in LANGUAGES:
        with speaking(language):
            for said, row in zip(told, rows, strict=True):
                said[language] = words.row(asked, row)
    columns = zip(robust.keys, robust.held, robust.tried, robust.shares, told, strict=True)
    return [dict(zip(("key", "held", "of", "share", "said"), one, strict=True)) for one in columns]


def _setting(setting: Setting) -> dict[str, Any]:
    why: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            why[language] = _(setting.why).format(**(setting.details or {}))
    told = {
        name: value for name, value in asdict(setting).items() if name not in ("why", "details")
    }
    return {**told, "changed": changed(setting), "why_not": None if setting.measured else why}
