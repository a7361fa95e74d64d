"""`excavate workshop`: export, take in, back up, restore, check, destroy what people said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from excavate.commands.common import JsonOption, SiteOption, say, show_result
from excavate.errors import SiteError

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

workshop = typer.Typer(
    help="What people said in a site: export, import, back up, restore, check, destroy.",
    no_args_is_help=True,
)


@workshop.command("export")
def workshop_export(
    site: SiteOption,
    kind: Annotated[
        str, typer.Option("--format", help="jsonl (W3C Web Annotations), csv or md.")
    ] = "jsonl",
    out: Annotated[Path | None, typer.Option(help="A file. [default: stdout]")] = None,
    language: Annotated[str, typer.Option(help="ko or en: of the minutes (md).")] = "ko",
) -> None:
    """Write the room's conversation out. What was withdrawn or is private is not in it."""
    from excavate.i18n import speak
    from excavate.workshop.exports import export_now

    speak(language)
    with _opened(site) as room:
        content = export_now(room, kind, None)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    _write(out, content)
    say(f"{out}: {len(content)} bytes")


@workshop.command("import")
def workshop_import(
    file: Annotated[Path, typer.Argument(help="A conversation as JSON Lines.")],
    site: SiteOption,
    as_json: JsonOption = False,
) -> None:
    """Take a conversation that was exported into this site's room; doing it twice adds nothing."""
    from dataclasses import asdict

    from excavate.workshop.taking_in import take_in

    text = _text(file)
    with _opened(site, make=True) as room:
        taken = take_in(room, text, str(file))
    show_result(asdict(taken), as_json, _print_taken)


@workshop.command("backup")
def workshop_backup(site: SiteOption, as_json: JsonOption = False) -> None:
    """Back the workshop up into backups/, where anything was written since the last one."""
    from excavate.workshop.keeping import back_up

    with _opened(site) as room:
        made = back_up(room)
    record = {"file": str(made.file) if made else None, "version": made and made.version}
    show_result(record, as_json, _print_backup)


@workshop.command("restore")
def workshop_restore(
    backup: Annotated[Path, typer.Argument(help="A backup: its file, or its name in backups/.")],
    site: SiteOption,
    as_json: JsonOption = False,
) -> None:
    """Go back to a backup. What stands now is backed up first; the app must be stopped."""
    from excavate.workshop.restoring import restore

    with _alone():
        made = restore(site, backup)
    record = {"version": made.version, "before": made.before and str(made.before)}
    show_result(record, as_json, _print_restored)


@workshop.command("check")
def workshop_check(site: SiteOption, as_json: JsonOption = False) -> None:
    """Look whether the workshop is whole: ids, corrections, pictures, schema; all faults."""
    from excavate.workshop.checks import refuse_broken

    with _opened(site) as room:
        rows = refuse_broken(room)
    show_result({"rows": rows}, as_json, lambda found: typer.echo(f"{found['rows']} rows, whole"))


@workshop.command("links")
def workshop_links(site: SiteOption, as_json: JsonOption = False) -> None:
    """Show the links of the room that was opened last, also while the app serves it."""
    from dataclasses import asdict

    from excavate.commands.serve import lines_of
    from excavate.door.links import last_links
    from excavate.settings import Settings

    links = last_links(Settings.from_environment().secrets, site)
    if links is None:
        todo = "Open one, as the user who serves it: excavate serve --share"
        raise SiteError("no room of this site was opened on this host", str(site), todo)
    show_result(
        asdict(links), as_json, lambda _found: typer.echo("\n".join(lines_of(links, links.address)))
    )


@workshop.command("destroy")
def workshop_destroy(
    site: SiteOption,
    confirm: Annotated[
        str | None, typer.Option(help="The room's title, for scripts; else it is asked for.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """End the room: erase all of it from the file, its backups and media. Leaves a certificate."""
    from excavate.workshop.certificates import certificate_files
    from excavate.workshop.erasing import destroy
    from excavate.workshop.said import title_of

    with _opened(site) as room:
        title = title_of(room) or room.folder.path.name
        if confirm is None:
            say(f"Everything that people gave in this room will be erased for good: {title}")
            confirm = typer.prompt("Type the room's title to go on", err=True)
        if confirm.strip() != title:
            todo = "Nothing was destroyed"
            raise SiteError(f"this is not the room's title ({title})", confirm, todo)
        erasure = destroy(room)
        files = certificate_files(room.folder.path, erasure.room_id)
    record = {"room_id": erasure.room_id, "rows": dict(erasure.counted),
              "media": len(erasure.media), "certificate": [str(f) for f in files]}  # fmt: skip
    show_result(record, as_json, _print_destroyed)


@contextmanager
def _opened(site: Path, *, make: bool = False) -> Iterator[Workshop]:
    """The workshop of a site, for a command alone; the app must not have it."""
    from excavate.workshop.store import FILE, Workshop

    if site.is_dir() and not make and not (site / FILE).is_file():
        todo = "Start the app and say something, or import a conversation"
        raise SiteError("nobody has said anything here yet", str(site), todo)
    with _alone():
        room = Workshop(site)
    try:
        yield room
    finally:
        room.close()


@contextmanager
def _alone() -> Iterator[None]:
    """Where the app has the workshop, what to do instead is told."""
    from excavate.workshop.store import InUseError

    try:
        yield
    except InUseError as error:
        todo = (
            "Stop the app and try again, or use the app's own: it backs up every ten minutes, "
            "and the facilitator's desk exports"
        )
        raise SiteError(error.what, error.where, todo) from error


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise SiteError(f"the file cannot be read ({why})", str(file), "Name another") from error


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        what = f"the file cannot be written ({error.strerror})"
        raise SiteError(what, str(file), "Name another with --out") from error


def _print_taken(found: dict[str, Any]) -> None:
    typer.echo(f"{found['added']} added, {found['stood']} stood already, {found['people']} people")


def _print_backup(found: dict[str, Any]) -> None:
    typer.echo(found["file"] or "nothing was written since the last backup")


def _print_restored(found: dict[str, Any]) -> None:
    typer.echo(f"version {found['version']} stands")
    if found["before"]:
        typer.echo(f"what stood before: {found['before']}")


def _print_destroyed(found: dict[str, Any]) -> None:
    typer.echo(f"destroyed: {sum(found['rows'].values())} rows, {found['media']} pictures")
    for file in found["certificate"]:
        typer.echo(file)
