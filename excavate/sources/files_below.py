"""The files below a folder: their paths, in an order that no file system decides, and stamps."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import FaultList, SourceError
from excavate.sources.folder_listing import PICTURES, entries_of, wrong_link
from excavate.sources.places import stamp
from excavate.sources.splits import in_order, is_split
from excavate.sources.telling import counted as counted
from excavate.sources.telling import others_said as others_said


@dataclass(frozen=True, slots=True)
class FilesBelow:
    """Path below the root -> stamp, sorted part by part. Memory: two strings a file."""

    root: Path
    stamps: Mapping[str, str]
    folders: frozenset[str] = frozenset()  # paths; those that were walked, without the root
    irregular: tuple[str, ...] = ()  # neither files nor folders

    def ending(self, *endings: str) -> list[str]:
        """The paths with one of these endings, in any case."""
        return [path for path in self.stamps if path.lower().endswith(endings)]

    def pictures(self) -> list[str]:
        """The paths of what is called as a picture is."""
        return self.ending(*PICTURES)

    def holds(self, path: str) -> bool:
        """Whether the walk came by this file or folder; '' and '.' are the root."""
        return path in ("", ".") or path in self.stamps or path in self.folders


def files_below(root: Path, faults: FaultList) -> FilesBelow:
    """Walk a folder. What starts with a dot, and `__MACOSX`, is passed over in silence.

    Links that lead out of the folder or to nothing are faults; what is neither file nor folder
    is listed apart, and never opened.
    """
    stamps: dict[str, str] = {}
    folders: list[str] = []
    irregular: list[str] = []
    prefix = len(str(root).rstrip("/")) + 1
    stack = entries_of(root, root, faults)
    while stack:
        entry = stack.pop()
        path = entry.path[prefix:]
        if wrong := wrong_link(entry, root):
            faults.add(path.encode("utf-8", "backslashreplace").decode(), wrong)
        elif entry.is_dir():
            folders.append(path)
            stack += entries_of(Path(entry.path), root, faults)
        elif entry.is_file():
            stamps[path] = stamp(entry)
        else:
            irregular.append(path)
    return FilesBelow(root, stamps, frozenset(folders), tuple(irregular))


def within(tree: FilesBelow, folder: Path, faults: FaultList) -> FilesBelow:
    """The part of a tree that lies in a folder; a walk of its own where that lies elsewhere."""
    if folder == tree.root:
        return tree
    if not folder.is_relative_to(tree.root):
        return files_below(folder, faults)
    prefix = f"{folder.relative_to(tree.root).as_posix()}/"
    inner = {p[len(prefix) :]: s for p, s in tree.stamps.items() if p.startswith(prefix)}
    return FilesBelow(folder, inner)


def top_splits(paths: Iterable[str]) -> list[str]:
    """The top folders of these paths, if every one lies in one that is called as a split is.

    A year behind the name is allowed: 'val2017'.
    """
    tops = set(map(_top, paths))
    return in_order(tops) if tops and all(map(_is_split, tops)) else []


def in_a_split(path: str) -> bool:
    """Whether the top folder of a path is called as a split is."""
    return _is_split(_top(path))


def unsplit_said(paths: Iterable[str]) -> Iterator[str]:
    """A sentence where folders called as splits are none, since something lies beside them."""
    found: dict[str, str] = {}  # top folder -> the first path in it
    for path in paths:
        found.setdefault(_top(path), path)
    splits = in_order(filter(_is_split, found))
    beside = [path for top, path in found.items() if not _is_split(top)]
    if splits and beside:
        named = " and ".join((", ".join(splits[:-1]), splits[-1])) if splits[1:] else splits[0]
        folders = f"the folders {named} are no splits" if splits[1:] else f"{named} is no split"
        yield f"{folders}: {beside[0]} lies beside"


def _top(path: str) -> str:
    return path.partition("/")[0] if "/" in path else ""


def _is_split(top: str) -> bool:
    return is_split(top.rstrip("0123456789"))


def by_stem(paths: Iterable[str]) -> dict[str, str]:
    """Path without its ending -> path; the first one where several have it."""
    found: dict[str, str] = {}
    for path in paths:
        found.setdefault(posixpath.splitext(path)[0], path)
    return found


def text_lines(file: Path, place: str, faults: FaultList) -> list[str]:
    """The lines of a text file, verbatim, without the empty ones; none and a fault if it is not."""
    return list(numbered_lines(file, place, faults).values())


def numbered_lines(file: Path, place: str, faults: FaultList) -> dict[int, str]:
    """The same by number: 0 is the first line of the file, and an empty one has a number too."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.add(place, f"cannot be read ({why})")
        return {}
    return {number: line for number, line in enumerate(text.split("\n")) if line.strip()}


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


def content_of(file: str) -> bytes:
    """The bytes of a file, in fewer calls than open() makes: for folders of many small ones.

    Raises OSError.
    """
    handle = os.open(file, os.O_RDONLY)
    try:
        pieces = [os.read(handle, os.fstat(handle).st_size + 1)]
        while pieces[-1]:  # until nothing comes: one read may give less than all
            pieces.append(os.read(handle, 2**20))
    finally:
        os.close(handle)
    return b"".join(pieces)
