"""Release: what would go out of a counter-dataset, what holds it back, and what went out."""

from __future__ import annotations

from excavate.i18n import _
from excavate.pages.ground import head, workshop_or_notice


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    head(_("Release"))


show()
