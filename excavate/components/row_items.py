"""The items that a row of a finding names, and whether they are of it or only lie nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from excavate.i18n import _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Row

COUNTS = ("size", "count", "observed")  # columns that say how many items a row is of
OF_PARTS = ("regions",)  # measures that count parts of pictures there


def items_of_row(row: Row) -> list[str]:
    """The items that a row names, the most telling first."""
    return [str(one) for one in row.get("items") or ()]


def named_items(row: Row) -> list[str]:
    """All items of a row: its members where it lists them, else those shown as pictures."""
    members = row.get("members")
    listed = members if isinstance(members, list) else row.get("items") or []
    return list(dict.fromkeys(map(str, listed)))


def counted(measure: str, row: Row) -> int | None:
    """How many items the row is of; None where it does not say."""
    if measure in OF_PARTS:
        return None
    said: list[Any] = [row[name] for name in COUNTS if row.get(name) is not None]
    return int(said[0]) if said else None


def strip_title(measure: str, rows: Sequence[Row], words: Sequence[str]) -> str:
    """The heading over the items of one row, or over those that several have in common.

    Items of an empty row are those nearest to it: nothing stands there that could be shown.
    """
    counts = [counted(measure, row) for row in rows]
    said, few = "; ".join(words), len(items_of_row(rows[0]))
    if all(count == 0 for count in counts):
        head = _n("The nearest items (none is here): {row}",
                  "The nearest items (none is in any of these): {row}", len(rows))  # fmt: skip
        return head.format(row=said)
    if len(rows) == 1 and counts[0] and counts[0] < few:
        head = _("Items of: {row} (the first {n}; the others are the nearest)")
        return head.format(row=said, n=counts[0])
    return _("Items of: {row}").format(row=said)


def ringed_note(measure: str, row: Row) -> str:
    """What the items marked on the map are of a row: its own, its nearest, or some of many."""
    count, named = counted(measure, row), len(named_items(row))
    if count == 0:
        return _("None of them is of it: they are the nearest items.")
    if count and count > named:
        words = _("{named} of its {all} items are kept with the finding.")
        return words.format(named=f"{named:,}", all=f"{count:,}")
    return ""
