"""One absence that cannot be drawn never takes the board of a whole room down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from typing import TypeVar

from excavate.i18n import _

log = logging.getLogger("excavate.board")
Made = TypeVar("Made")


def or_else(make: Callable[[], Made], instead: Made, named: str) -> Made:
    """What `make` makes; where it fails, what stands for it instead. The log says what failed."""
    try:
        return make()
    except Exception:  # whatever it is: the others of the room look at the same board
        log.exception("not drawn on the board: %s", named)
        return instead


def undrawn(absence_id: str) -> str:
    """The empty place of a card that could not be drawn."""
    words = escape(_("This absence could not be drawn. It is kept; the log says what failed."))
    return (
        f'<article class="exc-absence exc-dashed" id="a-{escape(absence_id)}">'
        f"<p>{words}</p></article>"
    )
