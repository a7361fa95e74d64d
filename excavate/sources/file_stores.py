"""Where a dataset's files lie: a folder or a zip, asked alike for a name it may hold."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Protocol

from excavate.errors import SourceError
from excavate.sources.places import stamp

MISSING = "missing"


class FileStore(Protocol):
    """Files by their name, as an index gives it."""

    root: Path

    def has(self, name: str) -> bool:
        """Whether the file is there, inside of the store."""
        ...

    def place(self, name: str) -> tuple[str, str | None]:
        """(path below the root, part inside of that file), whether the file is there or not."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file it has. Raises OSError or zipfile.BadZipFile."""
        ...

    def seen(self, name: str) -> str:
        """What tells the file from a later version; MISSING where there is none."""
        ...


class FolderStore:
    """Files below a folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder

    def has(self, name: str) -> bool:
        """Whether a file is there that no link leads out of the folder."""
        file = (self.root / name).resolve()
        return file.is_file() and file.is_relative_to(self.root)

    def place(self, name: str) -> tuple[str, str | None]:
        """The name itself."""
        return name, None

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self.root / name).read_bytes()

    def seen(self, name: str) -> str:
        """Size and time of change."""
        file = self.root / name
        return stamp(file) if file.is_file() else MISSING


class ZipStore:
    """Members of a zip, named with or without the folder that all of them lie in."""

    def __init__(self, file: Path) -> None:
        self.root, self._file = file.parent, file
        try:
            self._zip = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise SourceError(f"not a zip that can be read ({error})", str(file)) from error
        self._members = _by_name(self._zip.namelist())

    def has(self, name: str) -> bool:
        """Whether it has such a member."""
        return name in self._members

    def place(self, name: str) -> tuple[str, str | None]:
        """(the zip's name, the member's)."""
        return self._file.name, self._members.get(name, name)

    def read(self, name: str) -> bytes:
        """The member's bytes."""
        return self._zip.read(self._members[name])

    def seen(self, name: str) -> str:
        """The member's checksum and size, as the zip's directory says."""
        if name not in self._members:
            return MISSING
        member = self._zip.getinfo(self._members[name])
        return f"{member.CRC} {member.file_size}"


def store_at(place: Path) -> FileStore | None:
    """The store at a path: a folder, or a zip; None where there is neither."""
    if place.is_dir():
        return FolderStore(place.resolve())
    return ZipStore(place.resolve()) if place.is_file() else None


def _by_name(members: list[str]) -> dict[str, str]:
    names = [name for name in members if not name.endswith("/")]
    shared = posixpath.commonpath([posixpath.dirname(name) for name in names]) if names else ""
    inner = {posixpath.relpath(name, shared or "."): name for name in names}
    return inner | {name: name for name in names}
