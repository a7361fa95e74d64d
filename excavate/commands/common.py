"""What the commands share: their common options, and how they say what they have to say."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from excavate.progress import Progress, silent

SiteOption = Annotated[Path, typer.Option("--site", help="The site's folder.", show_default=False)]
DatasetOption = Annotated[str | None, typer.Option("--dataset", help="Name in the site.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


def named_values(pairs: list[str]) -> dict[str, str]:
    """NAME=VALUE pairs as they were typed. Raises BadParameter where one is none, or twice."""
    named = dict(pair.partition("=")[::2] for pair in pairs)
    if len(named) < len(pairs) or not all("=" in pair and pair[0] != "=" for pair in pairs):
        raise typer.BadParameter("write --option NAME=VALUE, each name once")
    return named


def say(line: str) -> None:
    """A remark for the person at the terminal; stdout stays for results."""
    typer.echo(line, err=True)


def show_result(record: dict[str, Any], as_json: bool, printer: Any) -> None:
    """Print a result: as JSON, or by its printer for people."""
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False, default=str))
    else:
        printer(record)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Progress bars on stderr with rate and time left; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from excavate.printing import progress_bars

    with progress_bars() as progress:
        yield progress
