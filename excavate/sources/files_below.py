"""The files below a folder: their paths, in an order that no file system decides, and stamps."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import FaultList, SourceError
from excavate.sources.folder_listing import PICTURES, entries_of, wrong_link
from excavate.sources.places import stamp
from excavate.sources.splits import in_order, is_split

KINDS_NAMED = 10


@dataclass(frozen=True, slots=True)
class FilesBelow:
    """Path below the root -> stamp, sorted part by part. Memory: two strings a file."""

    root: Path
    stamps: Mapping[str, str]

    def ending(self, *endings: str) -> list[str]:
        """The paths with one of these endings, in any case."""
        return [path for path in self.stamps if path.lower().endswith(endings)]

    def pictures(self) -> list[str]:
        """The paths of what is called as a picture is."""
        return self.ending(*PICTURES)


def files_below(root: Path, faults: FaultList) -> FilesBelow:
    """Walk a folder. What starts with a dot, and `__MACOSX`, is passed over in silence.

    Links that lead out of the folder or to nothing are faults; what is neither file nor folder
    is passed over.
    """
    stamps: dict[str, str] = {}
    prefix = len(str(root).rstrip("/")) + 1
    stack = entries_of(root, root, faults)
    while stack:
        entry = stack.pop()
        path = entry.path[prefix:]
        if wrong := wrong_link(entry, root):
            faults.add(path.encode("utf-8", "backslashreplace").decode(), wrong)
        elif entry.is_dir():
            stack += entries_of(Path(entry.path), root, faults)
        elif entry.is_file():
            stamps[path] = stamp(entry)
    return FilesBelow(root, stamps)


def top_splits(paths: Iterable[str]) -> list[str]:
    """The top folders of these paths, if every one lies in one that is called as a split is.

    A year behind the name is allowed: 'val2017'.
    """
    tops = {path.partition("/")[0] if "/" in path else "" for path in paths}
    return in_order(tops) if tops and all(is_split(t.rstrip("0123456789")) for t in tops) else []


def by_stem(paths: Iterable[str]) -> dict[str, str]:
    """Path without its ending -> path; the first one where several have it."""
    found: dict[str, str] = {}
    for path in paths:
        found.setdefault(posixpath.splitext(path)[0], path)
    return found


def others_said(
    paths: Iterable[str], noun: str = "file", what: str = "of other kinds"
) -> Iterator[str]:
    """A sentence that counts files that were not read, by their ending; nothing for none."""
    kinds = Counter(posixpath.splitext(path)[1].lower() or "no ending" for path in paths)
    if kinds:
        most = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{kind} {count}" for kind, count in most[:KINDS_NAMED])
        more = ", …" if len(most) > KINDS_NAMED else ""
        yield f"{counted(kinds.total(), noun)} {what} ({named}{more}): not read"


def counted(count: int, what: str) -> str:
    """'1 file', '2 files'."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def folder_of(root: Path, name: str | None, usual: Iterable[str], option: str) -> Path | None:
    """The folder that an option names (seen from the root), else the first usual one there is.

    None where there is neither. Raises SourceError where the named one is not there.
    """
    if name is None:
        return next((root / usually for usually in usual if (root / usually).is_dir()), None)
    folder = (root / Path(name).expanduser()).resolve()
    if not folder.is_dir():
        todo = f"It is seen from {root}"
        raise SourceError("no such folder", f"--option {option}={name}", todo)
    return folder
