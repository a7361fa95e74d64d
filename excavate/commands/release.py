"""`excavate release` and `excavate verify`: a counter-dataset as a folder, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from excavate.commands.common import JsonOption, SiteOption, show_result, shown_progress
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
    asked = {"formats": formats or [], "base": base}
    with TemporaryDirectory(prefix="excavate-") as aside, _workshop(site) as workshop:
        folder = _write(site, workshop, counter, to, essay or [], Path(aside), asked)
    show_result({"release": str(folder)}, as_json, lambda found: typer.echo(found["release"]))


@contextmanager
def _workshop(site: Path) -> Iterator[Workshop]:
    """The workshop itself: a backup does not know what was taken back since, nor what went out."""
    from excavate.workshop.store import FILE, InUseError
    from excavate.workshop.store import Workshop as Opened

    if not (site / FILE).is_file():
        todo = "Start the app and make a counter-dataset"
        raise SiteError("nobody has said anything here yet", str(site), todo)
    try:
        workshop = Opened(site)
    except InUseError as error:
        todo = "Make the release on the app's page of releases, or stop the app and try again"
        raise InUseError(error.what, error.where, todo) from error
    with closing(workshop):
        yield workshop


def _write(
    site: Path, workshop: Workshop, counter: str, to: Path, essays: list[str], aside: Path,
    asked: dict[str, Any],
) -> Path:  # fmt: skip
    """Write it, and tell the workshop of it; returns its folder."""
    from excavate.counter.plans import plan_named
    from excavate.release.writing import release as write
    from excavate.site import Site

    opened = Site(site)
    plan_id = plan_named(workshop, counter).given.plan_id
    pages = _essays(opened, essays, aside)
    with shown_progress() as progress:
        return write(opened, workshop, plan_id, to, essays=pages, progress=progress, **asked)


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


def _print_verified(found: dict[str, Any]) -> None:
    for one in found["faults"]:
        typer.echo(f"{one['where']}: {one['what']}")
    count, plates = f"{found['files']:,} files", f"{found['plates']:,} plates"
    whole = "whole" if found["whole"] else f"{len(found['faults'])} faults"
    typer.echo(f"{found['release']}: {count}, {plates}: {whole}")
