"""What a source says of what it found and did not read: one sentence a sort, in the same words."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

KINDS_NAMED = 10


def counted(count: int, what: str) -> str:
    """'1 file', '2 files'."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def others_said(
    paths: Iterable[str], noun: str = "file", what: str = "of other kinds"
) -> Iterator[str]:
    """A sentence that counts files that were not read, by their ending; nothing for none."""
    endings = (posixpath.splitext(path)[1].lower() or "no ending" for path in paths)
    return kinds_said(Counter(endings), noun, what)


def kinds_said(
    kinds: Counter[str], noun: str = "file", what: str = "of other kinds"
) -> Iterator[str]:
    """The same of endings that are counted already, the most frequent ones first."""
    if kinds:
        most = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{kind} {count}" for kind, count in most[:KINDS_NAMED])
        more = ", …" if len(most) > KINDS_NAMED else ""
        yield f"{counted(kinds.total(), noun)} {what} ({named}{more}): not read"


def irregular_said(paths: Sequence[str]) -> Iterator[str]:
    """A sentence that counts pipes, sockets and devices; nothing for none."""
    if paths:
        count = counted(len(paths), "thing")
        yield f"{count} neither file nor folder ({min(paths)} the first): not read"
