"""The files of a Croissant dataset: which there are, beside its file or inside archives.

Archives (zip, tar) are read as they lie; nothing is unpacked to the disk. What has an address of
the web is not fetched: it counts as there where a file of its name lies beside the Croissant file.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import os
import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from excavate.errors import FaultList
from excavate.sources.croissant_document import Croissant, FileNode
from excavate.sources.file_stores import BROKEN, FolderStore
from excavate.sources.places import below, is_address, is_text, stamp
from excavate.sources.tar_members import TarError, TarFile, is_tar

MOST_TABLE = 2 * 2**30  # bytes of a table that is read into memory
MOST_HASHED = 4 * 2**30  # bytes of a file whose checksum is looked at


@dataclass(frozen=True, slots=True)
class Found:
    """A file: `path` below the root, `part` inside of it, `name` as Croissant's fullpath."""

    path: str
    name: str
    part: str | None = None


class Elsewhere(Exception):
    """Files that are not here; `str()` is where they are, as the Croissant file says."""


class Files:
    """Finds files below a root. Faults are collected, each once."""

    def __init__(self, root: Path, said: Croissant, faults: FaultList) -> None:
        self._root, self._said, self._faults = root, said, faults
        self._store = FolderStore(root)
        self._known: dict[str, list[Found]] = {}
        self._gone: dict[str, str] = {}
        self.read: dict[str, None] = {}  # paths of all files used, in order
        self.unchecked: list[str] = []

    def of(self, key: str) -> list[Found]:
        """The files that a FileObject or FileSet names. Raises Elsewhere."""
        if key in self._gone:
            raise Elsewhere(self._gone[key])
        if key not in self._known:
            node = self._said.files.get(key)
            try:
                self._known[key] = [] if node is None else self._found(node)
            except Elsewhere as error:
                self._gone[key] = str(error)
                raise
        return self._known[key]

    def content(self, found: Found) -> bytes:
        """A file's bytes. Raises OSError or one of BROKEN."""
        file = self._root / found.path
        if found.part is None:
            _refuse_huge(file.stat().st_size)
            return file.read_bytes()
        if is_tar(found.path):
            offset, size, _ = found.part.split(":", 2)
            return TarFile(file).content(int(offset), int(size))
        with zipfile.ZipFile(file) as archive:
            _refuse_huge(archive.getinfo(found.part).file_size)
            return archive.read(found.part)

    def path(self, found: Found) -> Path:
        """Where a file that is not inside of another lies."""
        return self._root / found.path

    def seen(self) -> list[str]:
        """Name, size and time of every file used, for the fingerprint."""
        return [f"{path} {stamp(self._root / path)}" for path in self.read]

    def _found(self, node: FileNode) -> list[Found]:
        if not node.within:
            return self._listed(node) if node.is_set else [self._file(node)]
        held = [
            inner for key in node.within for outer in self.of(key) for inner in self._inside(outer)
        ]
        if node.is_set:
            return [one for one in held if _matches(node, one.name)]
        wanted = node.address or ""
        found = [one for one in held if one.name == wanted or one.name.endswith(f"/{wanted}")]
        if not found:
            self._faults.add(node.key, f"no {wanted} in {', '.join(node.within)}")
        return found[:1]

    def _file(self, node: FileNode) -> Found:
        address = node.address or ""
        if is_address(address):
            name = unquote(posixpath.basename(urlsplit(address).path))
            if not name or "git+" in "".join(node.forms) or not self._store.has(name):
                raise Elsewhere(address)
        else:
            name = below(self._root, address) or ""
            if not name:
                self._faults.add(node.key, f"{address!r} leaves the folder")
                raise Elsewhere(address)
            if not self._store.has(name):
                self._faults.add(node.key, f"no file {address}")
                raise Elsewhere(address)
        self.read[name] = None
        self._check(node, name)
        return Found(name, name)

    def _check(self, node: FileNode, name: str) -> None:
        """Whether the file is the one that was described, where a checksum says."""
        file = self._root / name
        if not node.sha256:
            return
        if file.stat().st_size > MOST_HASHED:
            self.unchecked.append(name)
            return
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        wanted = (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
        if node.sha256.lower() != wanted[0] and node.sha256 not in wanted:
            self._faults.add(node.key, f"{name} is not the file described (another sha256)")

    def _listed(self, node: FileNode) -> list[Found]:
        found = []
        for folder, inner, names in os.walk(self._root):
            inner.sort()
            for name in sorted(names):
                path = (Path(folder) / name).relative_to(self._root).as_posix()
                if _matches(node, path) and self._store.has(path):
                    self.read[path] = None
                    found.append(Found(path, path))
        return found

    def _is_text(self, outer: Found, name: str) -> bool:
        fine = is_text(name)
        if not fine:
            self._faults.add(outer.path, f"a member's name is no Unicode ({name!a})")
        return fine

    def _inside(self, outer: Found) -> list[Found]:
        """The members of an archive in order; the file itself where it is none."""
        if outer.part is not None:
            self._faults.add(outer.path, f"{outer.name} is an archive in an archive")
            return []
        file = self._root / outer.path
        try:
            if is_tar(outer.path):
                return [
                    Found(
                        outer.path,
                        one.name.removeprefix("./"),
                        f"{one.offset}:{one.size}:{one.name}",
                    )
                    for one in TarFile(file).members()
                    if one.kind == "file" and self._is_text(outer, one.name)
                ]
            if zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as archive:
                    names = [one.filename for one in archive.infolist() if not one.is_dir()]
                return [Found(outer.path, name, name) for name in names]
        except (TarError, *BROKEN) as error:
            self._faults.add(outer.path, f"cannot be read ({error})")
            return []
        return [outer]


def _refuse_huge(size: int) -> None:
    if size > MOST_TABLE:
        raise OSError(f"{size:,} bytes, more than the {MOST_TABLE:,} allowed")


def _matches(node: FileNode, name: str) -> bool:
    def any_of(patterns: tuple[str, ...]) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)

    return any_of(node.includes) and not any_of(node.excludes)
