"""One finding as the report says it: plain lists and texts that HTML and PDF set alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from excavate.charts_findings import bars_of
from excavate.gaps.absence_types import named
from excavate.gaps.lenses import lens_line, lenses
from excavate.gaps.numbers import is_share, said
from excavate.gaps.records import held_against, sentence, why_not
from excavate.gaps.registry import REGISTRY, run_of, saying_of
from excavate.gaps.saying.robustness import changed
from excavate.gaps.saying.robustness import sentence as robustness_sentence
from excavate.i18n import _
from excavate.release.findings_report.gathered import OLDER, Report, Told

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.robustness import Robustness, Setting
    from excavate.gaps.stored import Finding
    from excavate.release.findings_report.words import Words

ROWS = 10  # of a finding, in the report; all of them lie beside it
LONGEST = 300  # signs of one parameter
Charts = Mapping[str, str]  # finding id -> file of its chart, in the export


def section(
    folder: SiteFolder, report: Report, told: Told, words: Words, charts: Charts
) -> dict[str, Any]:
    """A finding: its sentence, numbers, rows, chart, what it rests on, how far it was checked."""
    finding, known = told.finding, told.state != OLDER
    return {
        "id": finding.id,
        "title": saying_of(finding.measure).title(),
        "dataset": finding.dataset,
        "sentence": sentence(finding) if known else kept_older(told, words),
        "types": ", ".join(map(named, REGISTRY[finding.measure].types)),
        "extension": REGISTRY[finding.measure].extension,
        "figures": figures(finding, words) if known else [],
        "against": held_against(finding),
        "lens": [f"{spec} · {lens_line(data)}" for spec, data in lenses(folder, finding)],
        "chart": charts.get(finding.id, ""),
        "rows": rows(finding) if known else [],
        "rows_all": words("rows_all", n=f"{told.record['rows_in_all']:,}", folder=told.folder),
        "has_rows": bool(told.record["rows_in_all"]),
        "parameters": parameters(told),
        "facts": facts(told, words),
        "folder": told.folder,
        "robust": in_settings(told, words) if known else None,
        "not_tried": words("robust_kept", folder=told.folder)
        if told.robust and not known
        else words("not_tried"),
        "by_hand": by_hand(report, told, words),
    }


def unmeasured(told: Told) -> dict[str, Any]:
    """What could not be measured, and why."""
    finding = told.finding
    return {"id": finding.id, "title": saying_of(finding.measure).title(),
            "dataset": finding.dataset, "why": why_not(finding), "folder": told.folder}  # fmt: skip


def kept_older(told: Told, words: Words) -> str:
    """That it was measured by another version of its measure; its reason where it was not."""
    kept = words("kept_older")
    if told.finding.is_measured:
        return kept
    return f"{kept} {words('older_unmeasured', why=why_not(told.finding))}"


def figures(finding: Finding, words: Words) -> list[dict[str, str]]:
    """The numbers in front, each with its interval."""
    column, measure = saying_of(finding.measure).column, finding.measure
    return [
        {"name": column(name), "value": said(one.value, is_share(measure, name)),
         "interval": words.interval(name, one, is_share(measure, name))}
        for name, one in finding.figures.items()
    ]  # fmt: skip


def rows(finding: Finding) -> list[dict[str, str]]:
    """The strongest rows: each in its measure's words, and the number that its bar draws."""
    row_words, bars = saying_of(finding.measure).row, bars_of(finding)
    return [
        {"said": row_words(finding, row), "number": bars.numbers(at) if bars else ""}
        for at, row in enumerate(finding.first_rows(ROWS))
    ]


def parameters(told: Told) -> list[list[str]]:
    """[name, value, what it means] of every parameter, resolved."""
    known = run_of(told.finding.measure).PARAMETERS
    return [
        [name, _value(value), _(known[name].means) if name in known else ""]
        for name, value in told.record["result"]["parameters"].items()
    ]


def _value(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(map(str, value)) or "–"
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = "–" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def facts(told: Told, words: Words) -> list[list[str]]:
    """[name, value] of what a finding rests on."""
    finding, said_of = told.finding, told.finding.made.provenance
    revisions = " · ".join(f"{n} @ {r[:12]}" for n, r in said_of["revisions"].items())
    older = "" if told.stands else f" ({words('older_revision')})"
    versions = " · ".join(f"{n} {v}" for n, v in finding.made.result["versions"].items())
    seconds = words("seconds", n=f"{finding.made.result['seconds']:,.1f}")
    return [
        [words("revision"), revisions + older],
        [words("version"), str(said_of["version"])],
        [words("measured_at"), f"{finding.made.made_at[:16].replace('T', ' ')} UTC · {seconds}"],
        [words("code"), versions],
        [words("finding"), finding.id],
    ]


def in_settings(told: Told, words: Words) -> dict[str, Any] | None:
    """In which other settings it holds; None where nobody asked."""
    robust, kept = told.robustness, told.robust
    if robust is None or kept is None:
        return None
    held = [
        [row["said"][words.language], words("held", held=row["held"], of=row["of"])]
        for row in kept["rows"]
    ]
    return {
        "sentence": robustness_sentence(robust),
        "settings": [_setting(one, words) for one in robust.settings],
        "held": held,
        "ranges": _ranges(told.finding, robust, words),
    }


def _setting(setting: Setting, words: Words) -> dict[str, Any]:
    if not setting.measured:
        why = _(setting.why).format(**(setting.details or {}))
        return {"changed": changed(setting), "why": why, "rows": "", "place": ""}
    return {"changed": changed(setting), "why": "", "rows": f"{setting.rows:,}",
            "place": _place(setting, words)}  # fmt: skip


def _place(setting: Setting, words: Words) -> str:
    if not setting.ranks:
        return "–"
    if not setting.moves[0]:
        return words("cannot_move")
    return words("not_there") if setting.ranks[0] is None else f"{setting.ranks[0]:,}"


def _ranges(finding: Finding, robust: Robustness, words: Words) -> list[list[str]]:
    column, measure = saying_of(finding.measure).column, finding.measure
    found = []
    for name, both in robust.ranges.items():
        low, high = (said(end, is_share(measure, name)) for end in both)
        between = low if low == high else words("range", low=low, high=high)
        found.append([column(name), between])
    return found


def by_hand(report: Report, told: Told, words: Words) -> str:
    """How far its hand-check is, in a sentence: that nobody could look is said apart."""
    check = told.by_hand
    if check is None:
        return words("by_hand_none" if report.eyes else "by_hand_unread")
    if check["finished"] < 2:
        return words("by_hand_going", n=check["finished"])
    if check["precision"] is None:
        return words("by_hand_unsure")
    kappa = words("not_measured") if check["kappa"] is None else f"{check['kappa']:.2f}"
    shares = {name: words.share(check[name]) for name in ("precision", "controls", "agreement")}
    return words("by_hand_done", n=check["n"], m=check["n_controls"], kappa=kappa, **shares)
