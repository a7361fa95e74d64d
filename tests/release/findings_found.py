"""A site with findings of every state: measured by our own measures, and laid by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa

from excavate.gaps.asking import ask_each, questions
from excavate.gaps.finding import Figure
from excavate.gaps.robustness import robustness
from excavate.gaps.stored import finding
from excavate.site import Site
from tests.app.findings_made import lay, measured, rows, unmeasured

MARKUP = "<script>alert(1)</script>"
MEASURES = ("taxonomy", "columns", "duplicates", "coverage")


def found_site(made_site: Path, folder: Path) -> Path:
    """A copy of the made site: four measures of the digits, one of them in other settings; one
    finding with markup, one not measured, one that found nothing, one of an older revision."""
    site = folder / "found"
    shutil.copytree(made_site, site, ignore=shutil.ignore_patterns("workshop.duckdb*", "media"))
    opened = Site(site)
    answers = list(ask_each(opened, questions(opened, "digits", MEASURES, None, None, {})))
    robustness(opened, next(a.finding for a in answers if a.question.measure == "taxonomy"))
    opened.close()
    share = Figure(0.123456, 0.1, 0.2)
    lay(site, "digits", measured(rows(3, value=MARKUP), patterns=share), {"tau": 11})
    lay(site, "digits", unmeasured(), {"tau": 12})
    lay(site, "digits", measured(rows(0), tau=13), {"tau": 13})
    lay(site, "digits", measured(rows(2), tau=14), {"tau": 14}, revision="0" * 64)
    return site


def changed(site: Path, finding_id: str, rows_now: pa.Table) -> None:
    """Put other rows where a finding's lie: what is said of it has to follow."""
    import pyarrow.parquet as pq

    opened = Site(site)
    pq.write_table(rows_now, finding(opened.folder, finding_id).made.file("rows.parquet"))
    opened.close()
