"""The papers behind the measures: for a bibliography in words, and as BibTeX."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from excavate.release.findings_report.gathered import Report

FILE = Path(__file__).with_name("papers.toml")
HAND_CHECK = "hand-check"  # among the measures of the file: what two people's eyes rest on
VENUES = {"inproceedings": "booktitle", "article": "journal", "mastersthesis": "school"}
PLAIN = ("volume", "number", "pages", "doi", "url")  # written as they stand


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `key` names it in BibTeX; `authors` as "Family, Given"."""

    key: str
    kind: str
    authors: tuple[str, ...]
    title: str
    year: int
    venue: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """Where it can be read; "" where nobody wrote that down."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else self.url

    @property
    def cited(self) -> str:
        """As it stands in a bibliography."""
        issue = f"{self.volume}({self.number})" if self.number else self.volume
        place = ", ".join(filter(None, (self.venue, issue, self.pages.replace("-", "–"))))
        authors = "; ".join(self.authors)
        return f"{authors} ({self.year}). {self.title}.{f' {place}.' if place else ''}"


@lru_cache(maxsize=1)
def _read() -> tuple[Mapping[str, Paper], Mapping[str, list[str]]]:
    said: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))
    papers = {
        key: Paper(key=key, **{**one, "authors": tuple(one["authors"])})
        for key, one in said["papers"].items()
    }
    return papers, said["measures"]


def papers_of(measures: Iterable[str]) -> list[Paper]:
    """The papers that these measures name, each once, by first author and year."""
    papers, named = _read()
    found = {key: papers[key] for measure in measures for key in named.get(measure, ())}
    return sorted(found.values(), key=lambda one: (one.authors[0], one.year))


def papers_behind(report: Report) -> list[Paper]:
    """The papers of a report's measures, and of its hand-checks where there are any."""
    eyes = [HAND_CHECK] if any(told.by_hand for told in report.told) else []
    return papers_of([*(told.finding.measure for told in report.told), *eyes])


def bibtex(papers: Iterable[Paper]) -> str:
    """The papers as BibTeX (UTF-8)."""
    return "\n".join(map(_entry, papers))


def _entry(paper: Paper) -> str:
    fields = {"author": " and ".join(paper.authors), "title": f"{{{paper.title}}}"}
    if paper.venue:
        fields[VENUES[paper.kind]] = paper.venue
    fields["year"] = str(paper.year)
    fields |= {name: getattr(paper, name) for name in PLAIN if getattr(paper, name)}
    if paper.arxiv:
        fields |= {"eprint": paper.arxiv, "archiveprefix": "arXiv"}
    lines = "".join(f"  {name} = {{{_safe(value)}}},\n" for name, value in fields.items())
    return f"@{paper.kind}{{{paper.key},\n{lines}}}\n"


def _safe(text: str) -> str:
    for sign in "&%#$":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("-", "--") if text.replace("-", "").isdigit() else text
