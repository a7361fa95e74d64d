"""The files of a finding: its rows, its record and its chart, each with its provenance."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from excavate.components.chart_host import chart_file
from excavate.gaps.records import csv_text, parquet_bytes, record, speaking
from excavate.gaps.shelf import shelf
from excavate.i18n import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.gaps.stored import Finding

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def finding_file(request: Request) -> Response:
    """One file of one finding, to be kept: what its link names never changes."""
    from excavate.routes import answer, refusal, served_site

    ending = request.path_params["ending"]
    if ending not in MEDIA:
        return refusal(404, f"no such file; there are: {', '.join(MEDIA)}")
    site = served_site()
    finding = shelf(site.folder).one(request.path_params["finding"])
    asked = request.query_params.get("lang", "")
    language = asked if asked in LANGUAGES else DEFAULT
    if ending in ("svg", "png"):
        content = chart_file(site.folder, finding, ending, language)
    else:
        with speaking(language):
            content = WRITTEN[ending](finding)
    reply = answer(request, content, MEDIA[ending], hashlib.sha256(content).hexdigest()[:32])
    name = f"excavate-{finding.measure}-{finding.id}.{ending}"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


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
