"""Hang: the authored order, in rooms with wall texts."""

from __future__ import annotations

from excavate.i18n import _
from excavate.pages.ground import head, workshop_or_notice


def show() -> None:
    """The whole page."""
    if workshop_or_notice() is not None:
        head(_("Hang"))


show()
