"""The report set as HTML and as PDF: both are made of the same document, and add no words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from excavate.i18n import LANGUAGES
from excavate.release.typesetting import pdf

HERE = Path(__file__).parent


def html(said: Mapping[str, Any], other: str | None) -> str:
    """The report as one HTML page without scripts; `other`: the language of the page beside it.

    Figures are named by their files. Everything that is written in it is escaped.
    """
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    around = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True)
    style = Markup((HERE / "report.css").read_text("utf-8"))  # noqa: S704 - our own file
    beside = (
        {"file": f"report.{other}.html", "language": other, "name": LANGUAGES[other]}
        if other
        else None
    )
    return around.get_template("report.html.jinja").render(**said, style=style, other=beside)


def write_pdf(said: Mapping[str, Any], folder: Path, to: Path, made_at: datetime) -> None:
    """The report as PDF. Raises MissingPartError where the typefaces are not installed."""
    pdf(_source(), _files(said, folder), to, made_at=made_at)


def _source() -> str:
    return (HERE / "report.typ").read_text("utf-8")


def _files(said: Mapping[str, Any], folder: Path) -> dict[str, bytes | Path]:
    """What the template reads: the document, and the figures, photographed."""
    shown = [one for key in ("found", "nothing", "older") for one in said[key]]
    charts = {one["id"]: one["chart"].removesuffix("svg") + "png" for one in shown if one["chart"]}
    files: dict[str, bytes | Path] = {f"{name}.png": folder / file for name, file in charts.items()}
    kept = {key: [_with_chart(one) for one in said[key]] for key in ("found", "nothing", "older")}
    files["document.json"] = json.dumps({**said, **kept}, ensure_ascii=False).encode()
    return files


def _with_chart(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "chart": f"{one['id']}.png" if one["chart"] else ""}
