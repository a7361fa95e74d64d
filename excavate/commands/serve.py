"""`excavate serve`: the app of one site, for oneself, or shared with those who have its link."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excavate.commands.common import SiteOption, say
from excavate.errors import ExcavateError
from excavate.settings import Settings

if TYPE_CHECKING:
    from excavate.door.links import RoomLinks
    from excavate.door.sharing import DatasetTerms

SHARED_HOST = "0.0.0.0"  # noqa: S104 - only with --share, behind the door


def serve(
    site: SiteOption,
    host: Annotated[
        str | None, typer.Option(help="Loopback; with --share every address of this machine.")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8501,
    share: Annotated[
        bool, typer.Option("--share", help="Let others in by link and room code.")
    ] = False,
    title: Annotated[str | None, typer.Option(help="What the room is called.")] = None,
    new_code: Annotated[
        bool, typer.Option("--new-code", help="Another room code; the one before opens no more.")
    ] = False,
    new_links: Annotated[
        bool,
        typer.Option("--new-links", help="Other links to lead and to review; the old ones end."),
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="The address people reach, behind a proxy or tunnel.")
    ] = None,
    acknowledge: Annotated[
        bool,
        typer.Option("--acknowledge", help="I have read the datasets' terms; do not ask."),
    ] = False,
) -> None:
    """Serve the app for one site; with --share also to others, who come in by link."""
    from excavate.serving import is_loopback, serve_site

    if not share:
        shared = {"--title": title, "--url": url, "--new-code": new_code,
                  "--new-links": new_links, "--acknowledge": acknowledge}  # fmt: skip
        _refuse_alone(host, [name for name, value in shared.items() if value])
        serve_site(site, host or "127.0.0.1", port)
        return
    host = host or SHARED_HOST
    settings = Settings.from_environment()
    url = (url or settings.url).rstrip("/")
    _open(site, settings, title, acknowledged=acknowledge)
    local = host if is_loopback(host) else ""
    address = url or _address(local, port, settings.base_path)
    links = _links(site, settings, address, new_code=new_code, new_links=new_links)
    _tell(links, address, site, safe=bool(url or local), alone=sys.stderr.isatty())
    serve_site(site, host, port, shared=True, url=url)


def _refuse_alone(host: str | None, of_sharing: Sequence[str]) -> None:
    """Beyond loopback only with the door; what belongs to a shared room is not passed over."""
    from excavate.serving import is_loopback

    if host and not is_loopback(host):
        todo = "Add --share: others then need the room's link. Or leave --host out"
        raise ExcavateError("without --share it is served to this machine alone", host, todo)
    if of_sharing:
        raise ExcavateError("these are of a shared room", ", ".join(of_sharing), "Add --share")


def _open(site: Path, settings: Settings, title: str | None, *, acknowledged: bool) -> None:
    """Open the room, once the terms are acknowledged."""
    from excavate.door.sharing import acknowledge, not_acknowledged, terms_of_site
    from excavate.site import Site
    from excavate.workshop.members import open_room
    from excavate.workshop.store import Workshop

    opened, workshop = Site(site), Workshop(site, shared=True)
    try:
        missing = not_acknowledged(workshop, terms_of_site(opened, settings.archives))
        if missing:
            _show(missing)
            _agree(acknowledged)
            acknowledge(workshop, missing)
        open_room(workshop, title)
    finally:
        workshop.close()
        opened.close()


def _links(
    site: Path, settings: Settings, address: str, *, new_code: bool, new_links: bool
) -> RoomLinks:  # fmt: skip
    """The room's links, made anew where that is asked; then the file is let go for the app."""
    from excavate.door import links
    from excavate.workshop.store import Workshop

    workshop = Workshop(site, shared=True)
    try:
        if new_code:
            links.new_code(workshop, settings.secrets)
        if new_links:
            links.new_role_links(workshop, settings.secrets)
        made = links.room_links(workshop, settings.secrets)
        links.keep_address(workshop, settings.secrets, address)
        return made
    finally:
        workshop.close()


def _show(terms: Sequence[DatasetTerms]) -> None:
    """What is on record of giving out each dataset."""
    say("Sharing is publishing: whoever comes in sees these datasets.")
    for one in terms:
        state = f", {one.state.upper()}" if one.state not in ("", "active") else ""
        say(f"\n  {one.dataset} (revision {one.revision[:12]}{state})")
        say(f"    licence: {one.licence or 'not stated'}")
        for line in one.said or ("redistribution: not stated",):
            say(f"    {line}")


def _agree(acknowledged: bool) -> None:
    if acknowledged:
        say("\nAcknowledged with --acknowledge; recorded.")
        return
    try:
        given = typer.prompt("\nType yes to share them under these terms", default="no")
    except typer.Abort:
        given = "no"
    if given.strip().lower() not in ("yes", "네", "예"):
        todo = "Ask who made them, or leave a dataset out; --acknowledge answers for a script"
        raise ExcavateError("not shared: the terms were not acknowledged", "", todo)


def _address(host: str, port: int, base: str) -> str:
    from excavate.serving import own_address

    at = host or own_address()
    at = f"[{at}]" if ":" in at else at
    return f"http://{at}:{port}{base}"


def _tell(links: RoomLinks, address: str, site: Path, *, safe: bool, alone: bool) -> None:
    """The links, as they are sent to people; `alone`: at a terminal, not into a log."""
    if alone:
        for line in lines_of(links, address):
            say(line)
    else:
        say(f"\nThe room is open at {address}. Its links are not written into a log; this shows "
            f"them: excavate workshop links --site {site}")  # fmt: skip
    if not safe:
        say(
            "Names and words go over the network unencrypted here. On the internet stand behind "
            "a proxy or tunnel with https, and give its address: --url (docs/host.md)."
        )


def lines_of(links: RoomLinks, address: str) -> list[str]:
    """The links as they are sent to people, and which of them to whom."""
    return [
        f"Room code   {links.code}",
        f"To join     {address}/join?code={links.code}",
        f"Facilitator {address}/enter/{links.facilitator}",
        f"Reviewer    {address}/enter/{links.reviewer}",
        "",
        "Send the link to join to those who take part. The other two are for you: whoever has "
        "them leads the room, or looks over what was given.",
    ]
