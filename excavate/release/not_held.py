"""NOT-HELD.md: what each format of a release cannot hold, and where in it that stands instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from excavate.release.describing import lost_words, title_of
from excavate.release.formats import BY_CHOICE
from excavate.release.own_words import both, cell, table, word
from excavate.release.record import Contents, Lost

FILE = "NOT-HELD.md"


def write_not_held(
    contents: Contents, folder: Path, lost: Iterable[Lost], formats: Sequence[str]
) -> None:
    """Write it, a row for each loss in the order they were told; also where nothing was lost."""
    lines = [f"# {both(word('not-held'))}", "", both(title_of(contents)), ""]
    lines += [word("not-held-lead").ko, "", word("not-held-lead").en, ""]
    told = [
        (o.format, both(lost_words(o.what)), str(o.count), cell(o.where)) for o in lost if o.count
    ]
    heads = (both(word(code)) for code in ("format", "what", "count", "where"))
    lines += table(heads, told) if told else [word("holds-all").ko, "", word("holds-all").en]
    other = [name for name in BY_CHOICE if name not in formats]
    if other:
        lines += ["", f"{both(word('not-made'))}: {', '.join(other)}"]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
