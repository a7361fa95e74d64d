"""The checksums of a release: one line a file, as `sha256sum -c` reads them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from excavate.errors import InputFault

FILE = "checksums.sha256"
LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def write_checksums(folder: Path, known: Mapping[str, str]) -> None:
    """Write the checksums of every file below but their own, sorted by path.

    `known` are those that were taken when a file was written; the others are read again.
    """
    named = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    lines = [f"{known.get(name) or written_digest(folder / name)}  {name}\n" for name in named]
    (folder / FILE).write_text("".join(lines), encoding="utf-8", newline="\n")


def walked(folder: Path) -> Iterator[tuple[str, bool]]:
    """(path in the release, whether it is a plain file) of all that lies in it; no link is
    followed."""
    for path, folders, files in os.walk(folder):
        here = Path(path)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *linked):
            one = here / name
            yield one.relative_to(folder).as_posix(), one.is_file() and not one.is_symlink()


def digest(file: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def written_digest(file: Path) -> str:
    """The sha256 of a file of the release that is being written: no file of it is written twice,
    so several formats may ask and it is read once."""
    seen = file.stat()
    return _once(file, seen.st_ino, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=64)
def _once(file: Path, _inode: int, _size: int, _changed: int) -> str:
    return digest(file)


def read_checksums(file: Path) -> tuple[dict[str, str], list[InputFault]]:
    """{path: sha256} of a checksums file, and its faults: broken lines, paths that leave it."""
    listed: dict[str, str] = {}
    faults: list[InputFault] = []
    text = file.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        found = LINE.fullmatch(line)
        place = f"{FILE} line {number}"
        if found is None:
            faults.append(InputFault(place, "not a checksum and a path"))
        elif not _stays(found[2]):
            faults.append(InputFault(place, "names what does not lie in the release"))
        elif found[2] in listed:
            faults.append(InputFault(place, f"names {found[2]} again"))
        else:
            listed[found[2]] = found[1]
    return listed, faults


def _stays(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name == path.as_posix()
