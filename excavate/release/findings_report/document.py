"""The whole report in one language as plain lists and texts: HTML and PDF only set it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from excavate.gaps.records import held_against, speaking
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.release.findings_report.gathered import (
    FOUND,
    NOBODY,
    NOTHING,
    OLDER,
    UNMEASURED,
    Report,
)
from excavate.release.findings_report.papers import papers_behind
from excavate.release.findings_report.sections import Charts, section, unmeasured
from excavate.release.findings_report.words import Words

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder


def document(
    folder: SiteFolder, report: Report, language: str, charts: Charts, no_charts: str = ""
) -> dict[str, Any]:
    """The report: what is said in it comes from `report` alone.

    charts: {finding id: file}; no_charts: why there is none at all.
    """
    words = Words(language)
    with speaking(language):
        sections = {
            state: [section(folder, report, one, words, charts) for one in report.of(state)]
            for state in (FOUND, NOTHING, OLDER)
        }
        said = {
            "language": language,
            "words": words.headings(),
            "title": words("title", site=report.site),
            "facts": _facts(report, words),
            "short": _short(report, words, no_charts),
            "measures": _times(report),
            **sections,
            "unmeasured": [unmeasured(one) for one in report.of(UNMEASURED)],
            "references": _references(report, words),
            "methods": _methods(report),
            "limits": words.limits,
            "papers": [
                {"said": one.cited, "address": one.address} for one in papers_behind(report)
            ],
        }
    kept: dict[str, Any] = _unbroken(said)
    return kept


def _unbroken(said: Any) -> Any:
    """The same, a number never parted from its per cent at the end of a line."""
    if isinstance(said, str):
        return said.replace(" %", "\u00a0%")
    if isinstance(said, dict):
        return {name: _unbroken(one) for name, one in said.items()}
    return list(map(_unbroken, said)) if isinstance(said, list) else said


def _facts(report: Report, words: Words) -> list[list[str]]:
    datasets = " · ".join(f"{name} @ {r[:12]}" for name, r in report.revisions.items()) or "–"
    return [
        [words("site"), f"{report.site} · {words('generation')} {report.generation or '–'}"],
        [words("datasets"), datasets],
        [words("made"), f"{report.made_at:%Y-%m-%d %H:%M} UTC"],
        [words("code"), f"Excavate {report.code_version}"],
    ]


def _short(report: Report, words: Words, no_charts: str) -> list[str]:
    """How much was found and asked, and what this report could not hold."""
    states = {state: len(report.of(state)) for state in (FOUND, NOTHING, UNMEASURED)}
    older, asked = len(report.of(OLDER)), report.asked
    settings = sum(one.is_setting for one in report.told)
    revisions = sum(not one.stands and not one.is_setting for one in report.told)
    files = ", ".join(report.unreadable)
    eyes = words("eyes", eyes=report.eyes) if report.eyes else words("no_eyes")
    if report.eyes == NOBODY:
        eyes = words("eyes_nobody")
    said = [
        (True, words("counted", all=sum(states.values()) + older, **states)),
        (settings, words("counted_settings", n=settings)),
        (older, words("counted_older", n=older)),
        (revisions, words("counted_revision", n=revisions)),
        (report.unreadable, words("unreadable", n=len(report.unreadable), files=files)),
        (report.unknown, words("unknown", n=report.unknown)),
        (True, words("asked", findings=f"{asked.findings:,}", tested=f"{asked.tested:,}")),
        (asked.failed, words("asked_failed", failed=f"{asked.failed:,}")),
        (True, eyes),
        (no_charts, words("no_figures", why=no_charts)),
    ]
    return [text for shown, text in said if shown]


def _times(report: Report) -> list[list[str]]:
    """[measure, how often it was asked] of every measure, also of those nobody asked."""
    times = report.asked.by_measure
    return [[saying_of(name).title(), f"{times.get(name, 0):,}"] for name in REGISTRY]


def _references(report: Report, words: Words) -> list[dict[str, Any]]:
    """Every reference once, with its revision and the findings that are held against it."""
    used: dict[tuple[str, str], list[str]] = defaultdict(list)
    for told in report.told:
        reference = told.finding.reference
        if reference:
            title = f"{saying_of(told.finding.measure).title()} · {told.finding.dataset}"
            used[held_against(told.finding), reference.revision].append(title)
    return [
        {"name": name, "revision": revision[:12], "used": " · ".join(dict.fromkeys(titles))}
        for (name, revision), titles in used.items()
    ]


def _methods(report: Report) -> list[dict[str, Any]]:
    measures = dict.fromkeys(told.finding.measure for told in report.told)
    return [
        {"name": name, "title": saying_of(name).title(), "meaning": saying_of(name).meaning(),
         "extension": REGISTRY[name].extension}
        for name in REGISTRY if name in measures
    ]  # fmt: skip
