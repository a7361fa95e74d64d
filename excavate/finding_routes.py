"""The files of a finding: its rows, its record and its chart, each with its provenance."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from excavate.components.chart_host import chart_asked
from excavate.gaps.records import csv_text, parquet_bytes, record, speaking
from excavate.gaps.shelf import shelf
from excavate.i18n import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}


CHARTS = ("svg", "png")


async def finding_file(request: Request) -> Response:
    """One file of one finding. A chart is awaited: it takes no thread of those that answer.

    What its link names stays, but the words in it change with the program: it is asked again.
    """
    from starlette.concurrency import run_in_threadpool

    from excavate.routes import ASK_AGAIN, answer, refusal

    ending = request.path_params["ending"]
    if ending not in MEDIA:
        return refusal(404, f"no such file; there are: {', '.join(MEDIA)}")
    asked = request.query_params.get("lang", "")
    language = asked if asked in LANGUAGES else DEFAULT
    folder, finding = await run_in_threadpool(_found, request.path_params["finding"])
    if ending in CHARTS:
        drawing = chart_asked(folder, finding, ending, language)
        # One who goes away takes the drawing from nobody else.
        content = await asyncio.shield(asyncio.wrap_future(drawing))
    else:
        content = await run_in_threadpool(_written, finding, ending, language)
    etag = hashlib.sha256(content).hexdigest()[:32]
    reply = answer(request, content, MEDIA[ending], etag, ASK_AGAIN)
    name = f"excavate-{finding.measure}-{finding.id}.{ending}"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


def _found(finding_id: str) -> tuple[SiteFolder, Finding]:
    from excavate.routes import served_site

    folder = served_site().folder
    return folder, shelf(folder).one(finding_id)


def _written(finding: Finding, ending: str, language: str) -> bytes:
    with speaking(language):
        return WRITTEN[ending](finding)


def _csv(finding: Finding) -> bytes:
    return ("\ufeff" + csv_text([finding])).encode()  # the mark: spreadsheets read Korean by it


def _json(finding: Finding) -> bytes:
    whole = _finite(record(finding, finding.rows.num_rows))
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _finite(value: Any) -> Any:
    """The same without what JSON has no sign for: NaN and the infinities become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value


WRITTEN: dict[str, Callable[[Finding], bytes]] = {
    "csv": _csv, "json": _json, "parquet": parquet_bytes,
}  # fmt: skip
