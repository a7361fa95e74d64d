"""How much was asked of a site, shown or not: who asks often finds something by chance.

`findings/asked.jsonl` has a line for each question that was computed, also where it failed. It is
only added to; a finding that is put aside later was asked all the same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from excavate.gaps.stored import KIND, MEASURED, NOT_MEASURED, Finding, findings

if TYPE_CHECKING:
    from pathlib import Path

    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.question import Question

FILE = "asked.jsonl"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """`findings`: questions answered, of any revision, with those that tried other settings."""

    findings: int
    not_measured: int
    failed: int
    tested: int  # comparisons that the findings' rows were picked from
    by_measure: Mapping[str, int]


def log_of(folder: SiteFolder) -> Path:
    """Where it is written down."""
    return folder.path / KIND / FILE


def note_answer(folder: SiteFolder, finding: Finding) -> None:
    """Write down that a question was computed."""
    _add(folder, _line(finding))


def note_failure(folder: SiteFolder, question: Question) -> None:
    """Write down that a question failed; it was asked."""
    said = json.dumps(asdict(question), sort_keys=True, default=str)
    name = "failed-" + hashlib.sha256(said.encode()).hexdigest()[:16]
    line = {"id": name, "measure": question.measure, "status": FAILED, "tested": 0}
    _add(folder, line)


def asked_of(folder: SiteFolder, found: Sequence[Finding] | None = None) -> Asked:
    """Count what was asked: all that is written down, and every finding that stands.

    `found`: the site's findings, where they were read already.
    """
    lines = {line["id"]: line for line in _lines(folder)}
    lines |= {f.id: _line(f) for f in (findings(folder) if found is None else found)}
    status = Counter(line["status"] for line in lines.values())
    return Asked(
        status[MEASURED] + status[NOT_MEASURED],
        status[NOT_MEASURED],
        status[FAILED],
        sum(int(line["tested"]) for line in lines.values()),
        dict(Counter(str(line["measure"]) for line in lines.values())),
    )


def _line(finding: Finding) -> dict[str, Any]:
    result = finding.made.result
    return {"id": finding.id, "measure": finding.measure, "status": result["status"],
            "tested": int(result.get("tested", 0))}  # fmt: skip


def _add(folder: SiteFolder, line: Mapping[str, Any]) -> None:
    """One short write in append mode: two processes do not mix their lines."""
    file = log_of(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


def _lines(folder: SiteFolder) -> Iterator[dict[str, Any]]:
    """What was written down; a line that a power cut left half is no line."""
    file = log_of(folder)
    if not file.exists():
        return
    for text in file.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and {"id", "measure", "status", "tested"} <= set(line):
            yield line
