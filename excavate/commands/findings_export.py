"""`excavate findings export`: every finding of a site for researchers, in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import JsonOption, SiteOption, show_result, shown_progress

LANGUAGES = {"both": ("ko", "en"), "ko": ("ko",), "en": ("en",)}


def findings_export(
    site: SiteOption,
    to: Annotated[Path, typer.Option(help="In which folder; it becomes DIR/findings-SITE-vN.")],
    language: Annotated[str, typer.Option(help="ko, en or both: of the report.")] = "both",
    author: Annotated[
        list[str] | None, typer.Option(help='"Family, Given": who is cited; again for more.')
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write every finding as Parquet, CSV and JSON, its figures, and a report in HTML and PDF.

    The report says how each was measured, against what, in which other settings it holds, what two
    people saw, and what was not measured. Its numbers come from the same rows.
    """
    from excavate.components.chart_host import chart_files
    from excavate.errors import SourceError
    from excavate.release.findings_report.gathered import NOBODY
    from excavate.release.findings_report.writing import export
    from excavate.site import Site
    from excavate.workshop.snapshots import read_workshop

    if language not in LANGUAGES:
        raise SourceError("no such language", language, f"One of: {', '.join(LANGUAGES)}")
    opened = Site(site)
    with read_workshop(site) as read, shown_progress() as progress:
        done = export(
            opened, to, LANGUAGES[language], authors=author or (),
            workshop=read.workshop if read else None, eyes=read.where if read else NOBODY,
            draw=lambda finding, spoken: chart_files(opened.folder, finding, spoken),
            progress=progress,
        )  # fmt: skip
    show_result({"folder": str(done)}, as_json, lambda made: typer.echo(made["folder"]))
