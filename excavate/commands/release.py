"""`excavate release` and `excavate verify`: a counter-dataset as a folder, and whether it holds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from excavate.commands.common import JsonOption, SiteOption, say, show_result, shown_progress
from excavate.errors import SiteError

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

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

    with (
        tempfile.TemporaryDirectory(prefix="excavate-") as aside,
        workshop_or_backup(site, Path(aside)) as (room, live),
        shown_progress() as progress,
    ):
        opened = Site(site)
        plan_id = plan_named(room, counter).given.plan_id
        pages = _essays(opened, essay or [], Path(aside))
        folder = write(
            opened, room, plan_id, to, formats=formats or [], base=base, essays=pages,
            record=live, progress=progress,
        )  # fmt: skip
    show_result({"release": str(folder), "recorded": live}, as_json, _print_released)


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


@contextmanager
def workshop_or_backup(site: Path, aside: Path) -> Iterator[tuple[Workshop, bool]]:
    """(the workshop of a site, whether it is the living one).

    While the app has it open the newest backup is read in its place, and that is said: nothing
    can be recorded then. Raises SiteError where neither is there.
    """
    from excavate.workshop.store import FILE, InUseError, Workshop

    if site.is_dir() and not (site / FILE).is_file():
        todo = "Start the app and make a counter-dataset"
        raise SiteError("nobody has said anything here yet", str(site), todo)
    try:
        room, live = Workshop(site), True
    except InUseError as error:
        room, live = _backup(site, aside, error), False
    try:
        yield room, live
    finally:
        room.close()


def _backup(site: Path, aside: Path, error: SiteError) -> Workshop:
    """The newest backup, in a folder of its own beside the site's pictures."""
    from excavate.workshop.keeping import backups
    from excavate.workshop.store import FILE, Workshop

    kept = [one for one in backups(site) if not one.older]
    if not kept:
        todo = "Wait for the app's first backup (ten minutes), release from the app, or stop it"
        raise SiteError(error.what, error.where, todo) from error
    newest = kept[-1]
    say(f"The app has the workshop open: read is its backup of {newest.made_at:%Y-%m-%d %H:%M} UTC")
    folder = aside / "site"
    folder.mkdir()
    shutil.copyfile(newest.file, folder / FILE)
    (folder / "media").symlink_to((site / "media").resolve())
    return Workshop(folder)


def _essays(site: Any, names: list[str], aside: Path) -> list[tuple[str, Path]]:
    """The essays by name, rendered with this site's numbers."""
    if not names:
        return []
    from excavate.essays import write_essay

    pages = []
    for name in dict.fromkeys(names):
        page = aside / f"{name}.html"
        write_essay(site, name, page)
        pages.append((name, page))
    return pages


def _print_released(found: dict[str, Any]) -> None:
    typer.echo(found["release"])
    if not found["recorded"]:
        say("The workshop was not told of it: the app has it open")


def _print_verified(found: dict[str, Any]) -> None:
    for one in found["faults"]:
        typer.echo(f"{one['where']}: {one['what']}")
    count, plates = f"{found['files']:,} files", f"{found['plates']:,} plates"
    whole = "whole" if found["whole"] else f"{len(found['faults'])} faults"
    typer.echo(f"{found['release']}: {count}, {plates}: {whole}")
