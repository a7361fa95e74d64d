"""Erasing: words overwritten in the live file and in every backup; that it was, stays."""

from __future__ import annotations

from excavate.workshop.authors import Author
from excavate.workshop.store import Workshop


def erase(workshop: Workshop, author: Author, row_id: str, table: str, what_id: str) -> bool:
    """Overwrite a thing of one's own for good, with its older wordings; True where that is new.

    Returns when the words are in no file of the site any more. Raises as `withdrawing.hide`;
    others' things are never erased, SiteError where a file cannot be written.
    """
    raise NotImplementedError


def erase_everything(workshop: Workshop, author: Author) -> int:
    """Erase all that a person gave in the room, and their name; how many things it was."""
    raise NotImplementedError
