"""Reading `archives/`: every dossier of the folder, and every fault, in one pass.

A file that is broken is a fault and hides no other. What has been read is kept in memory
while the files stay as they are (by size and time of change).
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from excavate.errors import InputFault, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from excavate.dossiers.schema import Dossier, Fact

LARGEST = 1_000_000  # bytes; a dossier is a few pages
Stamps = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The dossiers of a folder by id, in order of their ids; `faults`: what cannot be read."""

    folder: Path
    dossiers: Mapping[str, Dossier]
    faults: tuple[InputFault, ...]
    files: Mapping[str, str]  # dossier id -> the name of its file

    def facts_named(self, ids: Iterable[str]) -> list[Fact]:
        """The facts with these ids, of whichever dossier; ids that no fact has are left out."""
        owners = ((fact_id, self.dossiers.get(fact_id.rpartition("-")[0])) for fact_id in ids)
        return [fact for fact_id, own in owners if own for fact in own.facts_named([fact_id])]

    def faults_of(self, dossier_id: str) -> list[InputFault]:
        """What keeps the file of this id from being read: in a place of it, or as a whole."""
        file = f"{dossier_id}.toml"
        return [fault for fault in self.faults if fault.place.partition(":")[0] == file]


class Parsed(NamedTuple):
    """One file: its dossier, or what is wrong with it."""

    file: str
    dossier: Dossier | None
    faults: tuple[InputFault, ...]


def read_archive(folder: Path) -> Archive:
    """All dossiers of a folder. Raises NotFoundError only where there is no such folder.

    Time O(bytes) when a file changed since, else one look at each file's stamp.
    """
    if not folder.is_dir():
        todo = "Set EXCAVATE_ARCHIVES to the folder of the dossiers"
        raise NotFoundError("no such folder of dossiers", str(folder), todo)
    return _read(folder.resolve(), _stamps(folder))


def read_dossier(folder: Path, dossier_id: str) -> Dossier:
    """The dossier of this id. Raises NotFoundError with near ids, or with what is wrong in it."""
    archive = read_archive(folder)
    if found := archive.dossiers.get(dossier_id):
        return found
    if broken := archive.faults_of(dossier_id):
        what = f"this dossier cannot be read ({broken[0]})"
        raise NotFoundError(what, dossier_id, "All its faults: excavate dossier check")
    raise NotFoundError("no such dossier", dossier_id, near(dossier_id, archive.dossiers))


def near(name: str, known: Iterable[str]) -> str:
    """The known ids that look like a name, as a sentence; how to list them where none does."""
    found = get_close_matches(name.lower(), list(known), n=3, cutoff=0.5)
    return f"Near it: {', '.join(found)}" if found else "List them: excavate dossiers"


def parse(text: str, file: str) -> Parsed:
    """One dossier from the text of its TOML file; `file` is named in the faults."""
    import tomli
    from pydantic import ValidationError

    from excavate.dossiers.schema import Dossier
    from excavate.dossiers.wording import schema_faults

    try:
        return Parsed(file, Dossier.model_validate(tomli.loads(text)), ())
    except tomli.TOMLDecodeError as error:
        where = f"{file}:{error.lineno}:{error.colno}"
        return Parsed(file, None, (InputFault(where, f"this is not TOML ({error.msg})"),))
    except ValidationError as error:
        return Parsed(file, None, tuple(schema_faults(error, file)))
    except RecursionError:
        return Parsed(file, None, (InputFault(file, "is nested too deep to be read"),))
    except ValueError as error:  # of Python itself: a number of thousands of digits
        return Parsed(file, None, (InputFault(file, f"holds what cannot be read ({error})"),))


def parse_file(path: Path) -> Parsed:
    """One dossier from its file; what keeps it from being read is a fault."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return _unread(path, "is no file")
        if found.st_size > LARGEST:
            return _unread(path, f"larger than {LARGEST:,} bytes; a dossier is a few pages")
        return parse(path.read_text("utf-8-sig"), path.name)
    except OSError as error:
        return _unread(path, f"cannot be opened ({error.strerror})")
    except UnicodeDecodeError:
        return _unread(path, "is not written in UTF-8; save it so")


def _unread(path: Path, what: str) -> Parsed:
    return Parsed(path.name, None, (InputFault(path.name, what),))


def _stamps(folder: Path) -> Stamps:
    return tuple(sorted(_stamp(path) for path in folder.glob("*.toml")))


def _stamp(path: Path) -> tuple[str, int, int]:
    """Of a link that leads nowhere too: reading it tells so."""
    try:
        found = path.stat()
    except OSError:
        return path.name, -1, -1
    return path.name, found.st_size, found.st_mtime_ns


@lru_cache(maxsize=8)
def _read(folder: Path, stamps: Stamps) -> Archive:
    read = [parse_file(folder / name) for name, _, _ in stamps]
    faults = [fault for parsed in read for fault in parsed.faults]
    dossiers: dict[str, Dossier] = {}
    files: dict[str, str] = {}
    for file, dossier, _ in sorted(read, key=_own_name_first):
        if dossier is None:
            continue
        if dossier.id in dossiers:
            faults.append(InputFault(f"{file}: id", f"{files[dossier.id]} has this id already"))
        else:
            dossiers[dossier.id], files[dossier.id] = dossier, file
    return Archive(
        folder, MappingProxyType(dict(sorted(dossiers.items()))), tuple(faults),
        MappingProxyType(files),
    )  # fmt: skip


def _own_name_first(parsed: Parsed) -> tuple[bool, str]:
    """Of two files with one id, the one named after it holds the place."""
    named_so = parsed.dossier is not None and parsed.file == f"{parsed.dossier.id}.toml"
    return (not named_so, parsed.file)
