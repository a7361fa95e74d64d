"""`excavate release` and `excavate verify`: a counter-dataset as a folder, and whether it holds."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from excavate.commands.common import JsonOption, SiteOption, say, show_result, shown_progress
from excavate.errors import SiteError

BASE = "http://127.0.0.1:8000"


def release(
    site: SiteOption,
    counter: Annotated[str, typer.Option(help="The counter-dataset's short name.")],
    to: Annotated[Path, typer.Option(help="The folder that gets NAME-vN.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="csv, coco, labelme, imagefolder, exhibition or catalogue; again for more.",
        ),
    ] = None,
    base: Annotated[
        str, typer.Option(help="The http(s) address the folder will have: ids begin with it.")
    ] = BASE,
    essay: Annotated[
        list[str] | None, typer.Option(help="An essay's name, to go along; again for more.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a counter-dataset as the next version of its release; the gate says what stops it."""
    from excavate.counter.plans import plan_named
    from excavate.release.writing import release as write
    from excavate.site import Site
    from excavate.workshop.snapshots import read_workshop

    opened = Site(site)
    with (
        TemporaryDirectory(prefix="excavate-") as aside,
        read_workshop(site) as read,
        shown_progress() as progress,
    ):
        if read is None:
            todo = "Start the app and make a counter-dataset"
            raise SiteError("nobody has said anything here yet", str(site), todo)
        live = read.backup is None
        plan_id = plan_named(read.workshop, counter).given.plan_id
        folder = write(
            opened, read.workshop, plan_id, to, formats=formats or [], base=base,
            essays=_essays(opened, essay or [], Path(aside)), record=live, progress=progress,
        )  # fmt: skip
        record = {"release": str(folder), "read": read.where, "recorded": live}
    show_result(record, as_json, _print_released)


def verify(
    folder: Annotated[Path, typer.Argument(help="The folder of a release.")],
    as_json: JsonOption = False,
) -> None:
    """Check a release from its own files: checksums both ways, each format; all faults."""
    from excavate.release.verifying import verify as check

    found = check(folder)
    faults = [{"where": one.place, "what": one.what} for one in found.faults]
    record = {"release": found.name, "files": found.files, "plates": found.plates,
              "whole": found.is_whole, "faults": faults}  # fmt: skip
    show_result(record, as_json, _print_verified)
    if not found.is_whole:
        raise typer.Exit(1)


def _essays(site: Any, names: list[str], aside: Path) -> list[tuple[str, Path]]:
    """The essays by name, rendered with this site's numbers."""
    if not names:
        return []
    from excavate.essays import whole_page

    pages = []
    for name in dict.fromkeys(names):
        page = aside / f"{name}.html"
        page.write_text(whole_page(name, site), encoding="utf-8")
        pages.append((name, page))
    return pages


def _print_released(found: dict[str, Any]) -> None:
    typer.echo(found["release"])
    if not found["recorded"]:
        say(
            f"Read from the backup {found['read']}: the app has the workshop open, so it was "
            "not told of this release"
        )


def _print_verified(found: dict[str, Any]) -> None:
    for one in found["faults"]:
        typer.echo(f"{one['where']}: {one['what']}")
    count, plates = f"{found['files']:,} files", f"{found['plates']:,} plates"
    whole = "whole" if found["whole"] else f"{len(found['faults'])} faults"
    typer.echo(f"{found['release']}: {count}, {plates}: {whole}")
