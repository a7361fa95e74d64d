"""Pinning what is pointed at: whether it is there, and what it is at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.errors import InputFault
from excavate.workshop.about import PLACE, About

if TYPE_CHECKING:
    from excavate.site import Site


def pinned(site: Site | None, about: About, place: str = PLACE) -> tuple[About, list[InputFault]]:
    """What is pointed at with what it is now (`at`), and every fault of it that is not there."""
    return about, []
