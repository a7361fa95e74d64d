"""Robustness in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from excavate.i18n import _, _n

HASH = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}")  # in an encoder's identity

if TYPE_CHECKING:
    from excavate.gaps.robustness import Robustness, Setting


def sentence(robust: Robustness) -> str:
    """In how many other settings the first row holds; what was not measured is told apart."""
    tried, of = len(robust.settings), len(robust.measured)
    if not of:
        return _("None of {tried} other settings could be measured.").format(tried=tried)
    if not robust.keys:
        words = _("Nothing is found in {held} of {of} other settings either.")
    elif robust.first_tried:
        words = _("Its first row holds in {held} of {of} other settings.")
    else:
        words = _("No other setting could move its first row.")
    said = words.format(held=robust.first_holds, of=robust.first_tried)
    left = tried - of
    if not left:
        return said
    apart = _n("{n} more could not be measured.", "{n} more could not be measured.", left)
    return f"{said} {apart.format(n=left)}"


def changed(setting: Setting) -> str:
    """What differs in a setting: `k 10 → 5`."""
    return ", ".join(f"{n} {_value(a)} → {_value(b)}" for n, (a, b) in setting.changes.items())


def _value(value: Any) -> str:
    if value is None or value == []:
        return "–"
    if isinstance(value, list):
        return "+".join(map(str, value))
    return HASH.sub(r"\1…", str(value))
