"""Where a dataset's files lie: a folder or a zip, asked alike for a name it may hold."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from excavate.errors import SourceError
from excavate.sources.places import stamp


class FileStore(Protocol):
    """Files by their name, as an index gives it."""

    root: Path

    def place(self, name: str) -> tuple[str, str | None] | None:
        """(path below the root, part inside of it); None where the store has no such file."""
        ...

    def expected(self, name: str) -> tuple[str, str | None]:
        """Where the file would be, if it were there."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file it has. Raises OSError or zipfile.BadZipFile."""
        ...

    def seen(self, name: str) -> str:
        """What tells the file from a later version; 'missing' where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Files below a folder."""

    root: Path

    def place(self, name: str) -> tuple[str, str | None] | None:
        """The name itself, if a file is there that a link does not lead out of the folder."""
        file = (self.root / name).resolve()
        return (name, None) if file.is_file() and file.is_relative_to(self.root) else None

    def expected(self, name: str) -> tuple[str, str | None]:
        """The name itself."""
        return name, None

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self.root / name).read_bytes()

    def seen(self, name: str) -> str:
        """Size and time of change."""
        file = self.root / name
        return stamp(file) if file.is_file() else "missing"


@dataclass(frozen=True)
class ZipStore:
    """Members of a zip, named with or without the folder that all of them lie in."""

    file: Path
    root: Path = field(init=False)
    members: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", self.file.parent)
        object.__setattr__(self, "members", _members(self.file))

    def place(self, name: str) -> tuple[str, str | None] | None:
        """(the zip's name, the member's)."""
        return (self.file.name, self.members[name]) if name in self.members else None

    def expected(self, name: str) -> tuple[str, str | None]:
        """(the zip's name, the name itself)."""
        return self.file.name, name

    def read(self, name: str) -> bytes:
        """The member's bytes."""
        with zipfile.ZipFile(self.file) as opened:
            return opened.read(self.members[name])

    def seen(self, name: str) -> str:
        """Of the zip as a whole."""
        return stamp(self.file) if name in self.members else "missing"


def store_at(place: Path) -> FileStore | None:
    """The store at a path: a folder, or a zip; None where there is neither."""
    if place.is_dir():
        return FolderStore(place.resolve())
    return ZipStore(place.resolve()) if place.is_file() else None


def _members(file: Path) -> dict[str, str]:
    try:
        with zipfile.ZipFile(file) as opened:
            names = [name for name in opened.namelist() if not name.endswith("/")]
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceError(f"not a zip that can be read ({error})", str(file)) from error
    shared = posixpath.commonpath([posixpath.dirname(name) for name in names]) if names else ""
    inner = {posixpath.relpath(name, shared or "."): name for name in names}
    return inner | {name: name for name in names}
