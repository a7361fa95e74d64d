"""Cells of a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BREAKS = ("\t", "\r", "\n")
BLANKS = " \t\r\n\u00a0\u3000\ufeff\u200b"


def safe_cell(value: object) -> str:
    """A value as a cell: words that a spreadsheet would run begin with an apostrophe.

    Numbers stay numbers; None is an empty cell. Blanks before the sign do not hide it.
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value).replace("\x00", "")
    shown = text.lstrip(BLANKS)
    return f"'{text}" if shown.startswith(STARTS) or text.startswith(BREAKS) else text
