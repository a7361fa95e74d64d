"""Findings as they leave the site: JSON with provenance and words in both languages, CSV, Parquet.

What a finding rests on travels with its rows: a table without it could not be defended.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.catalog.computed import all_computed
from excavate.catalog.folder import replace_text
from excavate.embedding.spec import said_name
from excavate.gaps.asked import asked_of
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.saying import references
from excavate.gaps.stored import KIND, Finding
from excavate.i18n import LANGUAGES, _, speak, spoken

if TYPE_CHECKING:
    from excavate.gaps.asking import Answer
    from excavate.site import Site

ROWS_IN_JSON = 1000
LEADING = ("finding", "measure", "dataset", "revision", "held against", "encoder")
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # by spreadsheets, as formulas


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say things in a language for the length of a `with` block."""
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def sentence(finding: Finding) -> str:
    """The finding in one sentence, in the language of this run; or why it was not measured.

    What an older version of the measure found has other figures: it is not put into today's words.
    """
    if finding.made.provenance["version"] != REGISTRY[finding.measure].version:
        return _("Measured by another version of this measure: ask again.")
    if finding.is_measured:
        return saying_of(finding.measure).sentence(finding)
    return _("Not measured: {why}.").format(why=why_not(finding))


def why_not(finding: Finding) -> str:
    """The reason why it was not measured, in the language of this run."""
    why, details = finding.why_not
    return _(why).format(**details)


def held_against(finding: Finding) -> str:
    """The reference in words, in the language of this run; "" where it was not measured."""
    return references.named(finding.reference) if finding.reference else ""


def record(finding: Finding, rows: int = ROWS_IN_JSON) -> dict[str, Any]:
    """A finding as JSON can hold it: words in both languages, provenance, figures, rows."""
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = {
                "measure": saying_of(finding.measure).title(),
                "sentence": sentence(finding),
                "reference": held_against(finding),
                "meaning": saying_of(finding.measure).meaning(),
            }
    return {
        **_without_paths(finding.made.as_record()),
        "measure": finding.measure,
        "extension": REGISTRY[finding.measure].extension,
        "types": list(REGISTRY[finding.measure].types),
        "said": said,
        "rows_in_all": finding.rows.num_rows,
        "rows": finding.first_rows(rows),
    }


def _without_paths(made: dict[str, Any]) -> dict[str, Any]:
    """A finding of before keeps its lens with the host's folders: they are not given out."""
    given = made["result"]["parameters"] if "result" in made else {}
    if "lens" not in given:
        return made
    named = {**given, "lens": said_name(str(given["lens"]))}
    return {**made, "result": {**made["result"], "parameters": named}}


def asked_record(site: Site, answers: Sequence[Answer]) -> dict[str, Any]:
    """What a run of `excavate gaps` says: each question with its finding or its failure."""
    return {
        "site": site.folder.given,
        "answers": [answer_record(answer) for answer in answers],
        "asked": asdict(asked_of(site.folder)),
    }


def answer_record(answer: Answer) -> dict[str, Any]:
    """A question with its finding or its failure, as JSON can hold it."""
    said: dict[str, Any] = {"question": asdict(answer.question)}
    if answer.finding:
        return said | {"finding": record(answer.finding, 20)}
    return said | {"failed": str(answer.error) if answer.error else answer.broke.strip()}


def listed(found: Sequence[Finding], site: Site) -> dict[str, Any]:
    """The findings of a site, a line each, in English; what cannot be read is named."""
    revisions = site.revisions()
    unreadable: list[Path] = []
    all_computed(site.folder, KIND, unreadable)
    with speaking("en"):
        lines = [_listed(finding, revisions) for finding in found]
    names = [file.name for file in unreadable]
    return {"findings": lines, "unreadable": names, "asked": asdict(asked_of(site.folder))}


def _listed(finding: Finding, revisions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": finding.id,
        "measure": finding.measure,
        "dataset": finding.dataset,
        "sentence": sentence(finding),
        "measured": finding.is_measured,
        "stands": finding.stands(revisions),
        "made_at": finding.made.made_at,
    }


def csv_text(found: Sequence[Finding], languages: Sequence[str] = ()) -> str:
    """All rows of findings as CSV, each with the finding it stands in; unlike columns together.

    Lists and pairs are written as JSON. A finding without rows has one line that says so. A text
    that a spreadsheet would compute has a ' before it; Parquet and JSON hold it verbatim. What is
    said in words is in the language of this run; with `languages`, in a column of each.
    """
    columns = list(dict.fromkeys(name for f in found for name in f.rows.column_names))
    out = io.StringIO()
    leads = [_leading(one, languages) for one in found]
    heads = list(leads[0]) if leads else [*LEADING, "status"]
    writer = csv.DictWriter(out, [*heads, *columns])  # CRLF: a CR in a cell is quoted
    writer.writeheader()
    for finding, lead in zip(found, leads, strict=True):
        for batch in finding.rows.to_batches():
            for row in batch.to_pylist(maps_as_pydicts="strict"):
                writer.writerow({**lead, **{n: cell_of(v) for n, v in row.items()}})
        if not finding.rows.num_rows:
            writer.writerow(lead)
    return out.getvalue()


def _leading(finding: Finding, languages: Sequence[str]) -> dict[str, str]:
    said = finding.made.provenance
    revisions = ", ".join(f"{n}@{r[:12]}" for n, r in said["revisions"].items())
    first = dict(
        zip(LEADING, (finding.id, finding.measure, finding.dataset, revisions), strict=False)
    )
    last = {"encoder": said["encoder"] or ""}
    words = _in_each(finding, last, languages) if languages else _in_one(finding, last)
    return {name: cell_of(value) for name, value in (first | words).items()}


def _in_one(finding: Finding, between: Mapping[str, str]) -> dict[str, str]:
    status = sentence(finding) if not finding.is_measured else _status(finding)
    return {"held against": held_against(finding), **between, "status": status}


def _in_each(
    finding: Finding, between: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    held, why = {}, {}
    for language in languages:
        with speaking(language):
            held[f"held_against_{language}"] = held_against(finding)
            why[f"why_not_{language}"] = "" if finding.is_measured else why_not(finding)
    return {**held, **between, "status": _status(finding), **why}


def _status(finding: Finding) -> str:
    if not finding.is_measured:
        return "not measured"
    return "measured" if finding.rows.num_rows else "nothing found"


def cell_of(value: Any) -> Any:
    """A value as a cell of CSV holds it, guarded as `csv_text` says."""
    if isinstance(value, str) and value.startswith(COMPUTED):
        return f"'{value}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def write_csv(file: Path, found: Sequence[Finding]) -> None:
    """Write `csv_text` to a file, in one step."""
    replace_text(file, csv_text(found))


def parquet_bytes(finding: Finding) -> bytes:
    """The rows as Parquet, the whole record without them in its metadata under `excavate`."""
    told = json.dumps(record(finding, 0), ensure_ascii=False)
    rows = finding.rows.replace_schema_metadata({"excavate": told})
    out = pa.BufferOutputStream()
    pq.write_table(rows, out, compression="zstd")
    return bytes(out.getvalue().to_pybytes())
