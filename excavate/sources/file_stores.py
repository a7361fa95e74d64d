"""Where a dataset's files lie: a folder or a zip, asked alike for a name it may hold."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from excavate.errors import SourceError
from excavate.sources.places import stamp

MISSING = "missing"
MOST_BYTES = 512 * 2**20  # a larger file is no picture
BROKEN = (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)


class FileError(Exception):
    """A file of a store cannot be read; `str()` says why."""


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
        """The bytes of a file it has. Raises FileError where they cannot be read."""
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
        file = self.root / name
        try:
            refuse_huge(file.stat().st_size)
            return file.read_bytes()
        except OSError as error:
            raise FileError(error.strerror or str(error)) from error

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
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"not a zip that can be read ({error})", str(file)) from error
        self._members = _by_name(self._zip.namelist())

    def has(self, name: str) -> bool:
        """Whether it has such a member."""
        return name in self._members

    def place(self, name: str) -> tuple[str, str | None]:
        """(the zip's name, the member's)."""
        return self._file.name, self._members.get(name, name)

    def read(self, name: str) -> bytes:
        """The member's bytes; how many is known before any is unpacked."""
        member = self._zip.getinfo(self._members[name])
        refuse_huge(member.file_size)
        try:
            return self._zip.read(member)
        except BROKEN as error:  # RuntimeError: encrypted, or packed in a way that is not known
            raise FileError(str(error) or type(error).__name__) from error

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


def refuse_huge(size: int) -> None:
    """Raise FileError for what is too large to be a picture."""
    if size > MOST_BYTES:
        raise FileError(f"{size:,} bytes, more than the {MOST_BYTES:,} allowed")


def _by_name(members: list[str]) -> dict[str, str]:
    names = [name for name in members if not name.endswith("/")]
    shared = posixpath.commonpath([posixpath.dirname(name) for name in names]) if names else ""
    inner = {posixpath.relpath(name, shared or "."): name for name in names}
    return inner | {name: name for name in names}
