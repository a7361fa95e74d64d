"""Findings as tables: a folder a finding with every row, and all of them side by side.

Parquet and JSON give the rows back exactly. JSON has no sign for what is no number: `not_finite`
says where one stands.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.gaps.records import cell_of, csv_text, parquet_bytes, speaking
from excavate.i18n import LANGUAGES

if TYPE_CHECKING:
    from excavate.release.findings_report.gathered import Report, Told

MARK = "﻿"  # spreadsheets read Korean by it


def write_finding(told: Told, folder: Path) -> None:
    """rows.parquet, rows.csv and finding.json of one finding, and what other settings gave."""
    folder.mkdir(parents=True)
    (folder / "rows.parquet").write_bytes(parquet_bytes(told.finding))
    text = MARK + csv_text([told.finding], tuple(LANGUAGES))
    (folder / "rows.csv").write_text(text, "utf-8", newline="")
    (folder / "finding.json").write_text(text_of(finding_record(told)), "utf-8")
    for name, kept in (("robustness.json", told.robust), ("hand-check.json", told.by_hand)):
        if kept is not None:
            (folder / name).write_text(text_of(kept), "utf-8")


def finding_record(told: Told) -> dict[str, Any]:
    """A finding as JSON: its record, its columns' types, where its rows hold no number."""
    schema = told.finding.rows.schema
    return {
        **told.record,
        "stands": told.stands,
        "columns": {field.name: str(field.type) for field in schema},
        "not_finite": [[*where, sign] for where, sign in not_finite(told.record["rows"])],
    }


def not_finite(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[list[Any], str]]:
    """(row, column, …, what stands there) of everything that JSON has no sign for."""
    for at, row in enumerate(rows):
        for name, value in row.items():
            for where, sign in _signs(value):
                yield [at, name, *where], sign


def _signs(value: Any) -> Iterator[tuple[list[Any], str]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield [], "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    inside = value.items() if isinstance(value, Mapping) else ()
    for place, one in inside or (enumerate(value) if isinstance(value, list | tuple) else ()):
        for where, sign in _signs(one):
            yield [place, *where], sign


def text_of(kept: Any) -> str:
    """JSON that any reader takes: what is no number is null."""
    return json.dumps(_finite(kept), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


def write_overview(report: Report, folder: Path) -> None:
    """findings and figures: a row a finding, a row a number; as CSV, Parquet and JSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, rows, schema in (
        ("findings", [_line(one) for one in report.told], FINDINGS),
        ("figures", [line for one in report.told for line in _numbers(one)], FIGURES),
    ):
        table = pa.Table.from_pylist(rows, pa.schema(schema))
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
        text = MARK + _lines(rows, table.column_names)
        (folder / f"{name}.csv").write_text(text, "utf-8", newline="")
        (folder / f"{name}.json").write_text(text_of(rows), "utf-8")


def _lines(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({n: str(v).lower() if isinstance(v, bool) else cell_of(v)
                         for n, v in row.items()})  # fmt: skip
    return out.getvalue()


FINDINGS = [
    *((name, "string") for name in (
        "finding", "measure", "dataset", "revisions", "status", "why_not_ko", "why_not_en",
        "sentence_ko", "sentence_en", "held_against_ko", "held_against_en", "encoder",
        "measured_at", "folder")),
    ("version", "int64"), ("rows", "int64"), ("tested", "int64"),
    ("stands", "bool"), ("another_setting", "bool"),
]  # fmt: skip
FIGURES = [
    *((name, "string") for name in ("finding", "measure", "dataset", "name")),
    ("value", "double"), ("low", "double"), ("high", "double"),
]  # fmt: skip


def _line(told: Told) -> dict[str, Any]:
    from excavate.gaps.records import why_not

    record, finding = told.record, told.finding
    said, why = record["said"], {}
    for language in ("ko", "en"):
        with speaking(language):
            why[language] = None if finding.is_measured else why_not(finding)
    revisions = record["provenance"]["revisions"]
    return {
        "finding": finding.id, "measure": finding.measure, "dataset": finding.dataset,
        "revisions": " ".join(f"{name}@{revision}" for name, revision in revisions.items()),
        "status": told.state, "why_not_ko": why["ko"], "why_not_en": why["en"],
        "sentence_ko": said["ko"]["sentence"], "sentence_en": said["en"]["sentence"],
        "held_against_ko": said["ko"]["reference"], "held_against_en": said["en"]["reference"],
        "encoder": record["provenance"]["encoder"], "measured_at": record["made_at"],
        "folder": told.folder, "version": record["provenance"]["version"],
        "rows": record["rows_in_all"] if finding.is_measured else None,
        "tested": record["result"].get("tested"), "stands": told.stands,
        "another_setting": told.is_setting,
    }  # fmt: skip


def _numbers(told: Told) -> Iterator[dict[str, Any]]:
    for name, one in told.finding.figures.items():
        yield {"finding": told.finding.id, "measure": told.finding.measure,
               "dataset": told.finding.dataset, "name": name, "value": one.value,
               "low": one.low, "high": one.high}  # fmt: skip
