"""Writing a site's findings out: a new folder, staged, checksummed, there in one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.errors import MissingPartError, NotFoundError, SourceError
from excavate.i18n import LANGUAGES
from excavate.progress import Progress, silent
from excavate.release.checksums import write_checksums
from excavate.release.findings_report.citing import write_citation
from excavate.release.findings_report.document import document
from excavate.release.findings_report.gathered import OLDER, UNSAFE, Report, gather
from excavate.release.findings_report.papers import bibtex, papers_behind
from excavate.release.findings_report.setting import html, write_pdf
from excavate.release.findings_report.tables import write_finding, write_overview
from excavate.release.staging import next_version, settle_all, staged, unwritable

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site
    from excavate.workshop.store import Workshop

# Draws the chart of a finding in a language, as {"svg": …, "png": …}. Raises NotFoundError where
# it has none, MissingPartError where nothing can draw.
Draw = Callable[["Finding", str], Mapping[str, bytes]]


def export(
    site: Site, to: Path, languages: Sequence[str] = tuple(LANGUAGES), *, draw: Draw | None = None,
    workshop: Workshop | None = None, eyes: str = "", authors: Sequence[str] = (),
    progress: Progress = silent,
) -> Path:  # fmt: skip
    """Write every finding of a site into `to/findings-SITE-vN`; returns that folder.

    workshop: where hand-checks are read, `eyes` names it; authors: who is cited. Raises
    SourceError where there is nothing to write, SiteError where it cannot be written.
    """
    report = gather(site, workshop, eyes)
    if not report.told:
        raise SourceError("no finding stands in this site", report.site, "See: excavate gaps")
    name = f"findings-{UNSAFE.sub('-', report.site).strip('-.') or 'site'}"
    version = next_version(to, name)
    with staged(to, name, version) as folder:
        try:
            write_citation(report, authors, folder, version)
            _write(site, report, folder, languages, draw, progress)
            write_checksums(folder, {})
            settle_all(folder)
        except OSError as error:
            raise unwritable(error, to) from error
    return to / f"{name}-v{version}"


def _write(
    site: Site, report: Report, folder: Path, languages: Sequence[str], draw: Draw | None,
    progress: Progress,
) -> None:  # fmt: skip
    for number, told in enumerate(report.told):
        progress("tables", number, len(report.told))
        write_finding(told, folder / told.folder)
    write_overview(report, folder)
    (folder / "papers.bib").write_text(bibtex(papers_behind(report)), "utf-8")
    for language in languages:
        others = [one for one in languages if one != language]
        _write_report(site, report, folder, language, others, draw, progress)


def _write_report(
    site: Site, report: Report, folder: Path, language: str, others: Sequence[str],
    draw: Draw | None, progress: Progress,
) -> None:  # fmt: skip
    charts, why = _charts(report, folder, language, draw, progress)
    said = document(site.folder, report, language, charts, why)
    page = html(said, others[0] if others else None)
    (folder / f"report.{language}.html").write_text(page, "utf-8")
    write_pdf(said, folder, folder / f"report.{language}.pdf", report.made_at)


def _charts(
    report: Report, folder: Path, language: str, draw: Draw | None, progress: Progress
) -> tuple[dict[str, str], str]:
    """({finding: its SVG}, why there is none at all)."""
    if draw is None:
        return {}, "nothing was given to draw them with"
    charts: dict[str, str] = {}
    # tables hold the other settings; of an older version nothing is retold, nor drawn
    shown = [told for told in report.told if not told.is_setting and told.state != OLDER]
    for number, told in enumerate(shown):
        progress("figures", number, len(shown))
        try:
            drawn = draw(told.finding, language)
        except NotFoundError:  # it has no numbers to draw
            continue
        except MissingPartError as error:
            return {}, error.what
        for ending, content in drawn.items():
            (folder / told.folder / f"chart.{language}.{ending}").write_bytes(content)
        charts[told.finding.id] = f"{told.folder}/chart.{language}.svg"
    return charts, ""
