"""How these findings are cited: CITATION.cff, with the papers they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.release.findings_report.papers import Paper, papers_behind

if TYPE_CHECKING:
    from excavate.release.findings_report.gathered import Report

KINDS = {"inproceedings": "conference-paper", "article": "article", "mastersthesis": "thesis"}


def write_citation(report: Report, authors: Sequence[str], folder: Path, version: int) -> None:
    """Write CITATION.cff (Citation File Format 1.2.0)."""
    import yaml  # type: ignore[import-untyped]

    said = citation(report, authors, papers_behind(report), version)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    (folder / "CITATION.cff").write_text(text, "utf-8")


def citation(
    report: Report, authors: Sequence[str], papers: list[Paper], version: int
) -> dict[str, Any]:
    """What the file says. Who measured is for people to name ("Family, Given"): none is made up."""
    return {
        "cff-version": "1.2.0",
        "message": "If you use these findings, please cite them and the papers of their measures.",
        "type": "dataset",
        "title": f"Findings: {report.site}",
        "authors": [_person(one) for one in authors] or [{"name": "anonymous"}],
        "version": str(version),
        "abstract": f"Measured and written by Excavate {report.code_version}.",
        "date-released": f"{report.made_at:%Y-%m-%d}",
        "references": [_reference(one) for one in papers],
    }


def _reference(paper: Paper) -> dict[str, Any]:
    found = {
        "type": KINDS.get(paper.kind, "generic"),
        "title": paper.title,
        "authors": [_person(one) for one in paper.authors],
        "year": paper.year,
        "doi": paper.doi,
        "url": paper.address,
    }
    return {name: value for name, value in found.items() if value}


def _person(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    return {"family-names": family, "given-names": given} if comma else {"name": name}
