"""What Survey, Dossier and Find stand on: the dossiers, the finds and what was dug, read late."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from excavate.dossiers.reading import Archive, read_archive
from excavate.errors import ExcavateError, NotFoundError
from excavate.i18n import _, _n
from excavate.pages.parts import href, notice, show_error
from excavate.routes import served_site, served_workshop
from excavate.settings import Settings
from excavate.workshop.finds import Find, finds
from excavate.workshop.store import Workshop


def archive_or_notice() -> Archive | None:
    """The dossiers; None after saying that there is no such folder."""
    try:
        return read_archive(Settings.from_environment().archives)
    except NotFoundError as error:
        show_error(error)
        return None


def workshop_or_notice() -> Workshop | None:
    """The workshop; None after saying why it cannot be opened."""
    try:
        return served_workshop()
    except ExcavateError as error:
        show_error(error)
        return None


def dug_rows() -> list[dict[str, Any]]:
    """A row for each dataset that was dug here; none before the first dig.

    Where the site is broken that is said: nothing dug and nothing readable look alike else.
    """
    if not Settings.from_environment().site.is_dir():
        return []  # the workshop has said so
    try:
        site = served_site()
        return site.datasets().to_dict("records") if site.generation else []
    except ExcavateError as error:
        show_error(error)
        return []


def finds_of(workshop: Workshop | None) -> list[Find]:
    """The finds of the room; none without a workshop."""
    return finds(workshop) if workshop else []


def show_unread(archive: Archive) -> None:
    """Say which dossiers could not be read: they are missing from what is shown."""
    if not archive.faults:
        return
    files = len({fault.place.partition(":")[0] for fault in archive.faults})
    title = _n("{n} dossier could not be read", "{n} dossiers could not be read", files)
    body = _n("It is missing below. All that is wrong is listed by:",
              "They are missing below. All that is wrong is listed by:", files)  # fmt: skip
    notice(title.format(n=files), body, "excavate dossier check")


def show_none(archive: Archive) -> None:
    """Say that the folder of the dossiers holds none, so that what is dug does not hide it."""
    if archive.dossiers or archive.faults:
        return
    title = _("There is no dossier in the folder of the dossiers")
    body = _("What was dug and brought here stands below; nothing is known of other datasets.")
    notice(title, body, archive.folder.name)


def page_href(place: Any) -> str:
    """Where a place of the terrain leads: its dossier, its find, or its items."""
    if place.kind == "find":
        return href("find", id=place.id)
    if place.kind == "dug":
        return href("items", dataset=place.id)
    return href("dossier", id=place.id)


def head(title: str, lead: str = "") -> None:
    """A page's title and its first sentence."""
    words = f'<p class="exc-note">{escape(lead)}</p>' if lead else ""
    st.html(f'<div class="exc"><h1>{escape(title)}</h1>{words}</div>')
