"""Rights: which of a source's columns say an item's licence, creator and source.

They fill the item's own columns, and stay attributes under the source's own name as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

RIGHTS = {
    "licence": ("licence", "license"),
    "creator": ("creator", "author", "artist", "photographer"),
    "source_url": ("source_url", "original_url", "url", "image_url", "flickr_url"),
}


def rights_columns(names: Iterable[str]) -> dict[str, str]:
    """Item column -> the source's column that fills it; the first of RIGHTS that is there."""
    names, found = list(names), {}
    for column, candidates in RIGHTS.items():
        there = [name for name in candidates if name in names]
        if there:
            found[column] = there[0]
    return found


def rights_of(said: Mapping[str, str | None]) -> dict[str, str | None]:
    """Item column -> value, from what is said of one item."""
    return {column: said[name] for column, name in rights_columns(said).items()}
