"""`excavate essay`: an essay written out as one HTML file, its figures computed from a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from excavate.commands.common import SiteOption, say, shown_progress


def essay(
    name: Annotated[str, typer.Argument(help="An essay's name: its file in essays/ without .md.")],
    site: SiteOption,
    to: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")],
    language: Annotated[str, typer.Option(help="ko, en, or both beside each other.")] = "both",
    measure: Annotated[
        bool,
        typer.Option(
            "--measure/--no-measure",
            help="Measure what was not asked of the site yet, and keep it as findings.",
        ),
    ] = True,
) -> None:
    """Write an essay out as one HTML file that needs nothing beside it, not even a network.

    A figure that cannot be computed from this site says so in its place. The essay names the
    site, the revisions and the version that its numbers came from.
    """
    from excavate.catalog.folder import replace_text
    from excavate.errors import SiteError
    from excavate.essays import whole_page
    from excavate.site import Site

    _check_place(to, site)
    with shown_progress() as progress:
        page = whole_page(name, Site(site), language, measure=measure, progress=progress)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        replace_text(to, page)
    except OSError as error:
        todo = "Name a file that can be written to"
        raise SiteError(f"the essay cannot be written ({error})", str(to), todo) from error
    say(f"{to}: {len(page.encode()):,} bytes")


def _check_place(to: Path, site: Path) -> None:
    """Raises SiteError where an essay would be written over what is none."""
    from excavate.errors import SiteError
    from excavate.essays.rendering import GENERATOR

    if to.suffix.lower() not in (".html", ".htm"):
        raise SiteError("an essay is an HTML file", str(to), "Name a file that ends in .html")
    if to.resolve().is_relative_to(site.resolve()):
        todo = "Name a file outside the site"
        raise SiteError("an essay is not written into a site", str(to), todo)
    if to.is_symlink() or (to.exists() and not _says(to, GENERATOR)):
        todo = "Name another file, or move this one away"
        raise SiteError("there is a file already, and it is no essay of ours", str(to), todo)


def _says(file: Path, mark: str) -> bool:
    """Whether the beginning of a file has a mark; a folder, or what cannot be read, has none."""
    try:
        with file.open("rb") as opened:
            return mark.encode() in opened.read(2000)
    except OSError:
        return False
