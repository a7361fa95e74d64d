"""A zip read as the folder it holds: its directory listed, its members read in place.

Nothing is unpacked, so nothing can be written anywhere. Member names are judged like paths.
"""

from __future__ import annotations

import posixpath
import stat
import zipfile
from collections import Counter
from pathlib import Path
from typing import IO

from excavate.errors import FaultList, SourceError
from excavate.sources import folder_metadata
from excavate.sources.folder_listing import PICTURES, Listing, ending_of, of_a_system
from excavate.sources.places import below, is_text

# ValueError: a name that is said to be UTF-8 and is not; NotImplementedError: a newer kind of zip
UNREADABLE = (OSError, zipfile.BadZipFile, ValueError, NotImplementedError)
UTF_8_NAME = 0x800  # a member's flag: its name is UTF-8


class ZipFolder:
    """One zip. `listing` names what it holds without the folder that all of it lies in."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(file)
        except UNREADABLE as error:
            what = f"not a zip that can be read ({error})"
            raise SourceError(what, str(file), "Fetch or write it again") from error
        self._members: dict[str, zipfile.ZipInfo] = {}

    def member(self, path: str) -> str:
        """The member of a listed path, as the zip's directory has it."""
        return self._members[path].filename

    def open(self, path: str) -> IO[bytes]:
        """A listed file, unpacked as it is read. Raises OSError where it cannot be."""
        try:
            return self._zip.open(self._members[path])
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise OSError(0, str(error)) from error

    def listing(self, faults: FaultList) -> Listing:
        """What it holds, in order of path; a name that leaves the zip, or comes twice, is a fault.

        O(members) time and memory.
        """
        found = Listing()
        for path, info in self._named(faults):
            self._members[path] = info
            if info.is_dir():
                found.folders.append(path)
            else:
                self._list(found, path, info)
        inner = {str(p) for path in self._members for p in _folders_above(path)}
        found.folders = sorted({*found.folders, *inner}, key=lambda path: path.split("/"))
        return found

    def _list(self, found: Listing, path: str, info: zipfile.ZipInfo) -> None:
        name = posixpath.basename(path)
        if stat.S_ISLNK(info.external_attr >> 16):
            found.irregular.append(path)
        elif name in folder_metadata.NAMES:
            found.metadata.append(path)
        elif name.lower().endswith(PICTURES):
            found.pictures.append(path)
            found.stamps.append(f"{info.CRC} {info.file_size}")
        else:
            found.others[ending_of(name)] += 1

    def _named(self, faults: FaultList) -> list[tuple[str, zipfile.ZipInfo]]:
        named = [(_name(info), info) for info in self._zip.infolist()]
        if not any("/" in name for name, _ in named):  # as old tools of Windows write folders
            named = [(name.replace("\\", "/"), info) for name, info in named]
        named = [(n, i) for n, i in named if not _of_a_system(n)]
        for name, count in Counter(name for name, _ in named).items():
            if count > 1:
                faults.add(name, f"{count} members have this name")
        placed = []
        for name, info in named:
            path = below(self.file, name) if is_text(name) else None
            if path is None:
                faults.add(repr(name), "a name that leaves the zip")
            else:
                placed.append((path, info))
        return _without_shared_folder(placed)


def _of_a_system(name: str) -> bool:
    return any(of_a_system(part) for part in name.split("/") if part not in (".", ".."))


def _without_shared_folder(
    placed: list[tuple[str, zipfile.ZipInfo]],
) -> list[tuple[str, zipfile.ZipInfo]]:
    """Paths seen from the one folder at the top, where everything lies in one."""
    tops = {path.partition("/")[0] for path, _ in placed}
    files_at_top = any("/" not in path and not info.is_dir() for path, info in placed)
    if len(tops) == 1 and not files_at_top:
        placed = [(path.partition("/")[2], info) for path, info in placed if "/" in path]
    return sorted(placed, key=lambda pair: pair[0].split("/"))


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; where no encoding is stated, UTF-8 or Korean Windows' before DOS's."""
    if info.flag_bits & UTF_8_NAME or info.filename.isascii():
        return info.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return info.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return info.filename


def _folders_above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
