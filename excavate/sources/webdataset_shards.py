"""Shards of a WebDataset: which a pattern names, and which members make up each sample.

A member's key is its path up to the first dot of its name, the rest its field, in small letters,
as the format's own library has it. Members with one key are one sample, wherever they lie in the
shard: the library would tear apart those that do not lie together.
"""

from __future__ import annotations

import glob
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from excavate.errors import SourceError
from excavate.sources.folder_listing import PICTURES
from excavate.sources.parquet_files import split_of
from excavate.sources.places import below, is_address, is_text
from excavate.sources.tar_members import ENDINGS, MOST_BYTES, Member, TarError, TarFile, is_tar

KEY = re.compile(r"((?:.*/)?[^./]+)\.([^/]*)", re.DOTALL)
BRACES = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(\d+)\.\.(\d+)")
MOST_SHARDS = 100_000
ENDS = frozenset(ending[1:] for ending in PICTURES)
WORDS = frozenset(("cls", "txt", "text", "caption", "transcript", "json"))
Place = tuple[str, int, int]  # field, offset, size


@dataclass
class Shard:
    """One tar and where the members of its samples lie. Memory: some 200 bytes a sample."""

    path: Path
    name: str  # relative to the root
    split: str
    keys: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # the names of fields, numbered
    places: array[int] = field(default_factory=lambda: array("q"))  # field, offset, size, …
    ends: array[int] = field(default_factory=lambda: array("q"))  # in `places`, of each sample
    odd: Counter[str] = field(default_factory=Counter)  # what is passed over, and how often
    broken: str | None = None

    def sample(self, number: int) -> list[Place]:
        """The members of one sample that are read, in the order of the shard."""
        first = self.ends[number - 1] if number else 0
        flat = self.places[first : self.ends[number]]
        return [(self.fields[flat[n]], flat[n + 1], flat[n + 2]) for n in range(0, len(flat), 3)]


def shards_of(pattern: str) -> tuple[Path, list[Path]]:
    """(the folder they share, the tars) that a pattern names, sorted; {000..012} and {a,b} too.

    Raises SourceError with every shard that is named and not there, or is no tar.
    """
    if is_address(pattern) or pattern.startswith("pipe:"):
        raise SourceError("shards are read from files here", pattern, "Fetch them first")
    named = list(islice(expanded(pattern), MOST_SHARDS + 1))
    if len(named) > MOST_SHARDS:
        raise SourceError(f"more than {MOST_SHARDS:,} shards", pattern, "Write a shorter range")
    found = {one: _matching(one) for one in named}
    absent = [one for one, files in found.items() if not files]
    if absent:
        more = f" and {len(absent) - 3:,} more" if len(absent) > 3 else ""
        what = f"no tar matches {', '.join(absent[:3])}{more}"
        todo = f"Check the path, put it in quotation marks; shards end in {' '.join(ENDINGS)}"
        raise SourceError(what, pattern, todo)
    files = sorted({file for group in found.values() for file in group})
    folders = [file.parent for file in files]
    root = next(
        p for p in (folders[0], *folders[0].parents) if all(f.is_relative_to(p) for f in folders)
    )
    return root, files


def expanded(pattern: str) -> Iterator[str]:
    """A pattern's braces written out: {000..003} counts with as many digits, {a,b} chooses."""
    braces = BRACES.search(pattern)
    if braces is None:
        yield pattern
        return
    for word in _choices(braces[1]):
        yield from expanded(pattern[: braces.start()] + word + pattern[braces.end() :])


def _choices(inner: str) -> Iterator[str]:
    numbers = RANGE.fullmatch(inner)
    if numbers is None:
        yield from inner.split(",")
        return
    width = len(numbers[1])
    for number in range(int(numbers[1]), int(numbers[2]) + 1):
        yield str(number).zfill(width)


def _matching(pattern: str) -> list[Path]:
    place = Path(pattern).expanduser()
    found = [str(place)] if place.is_file() else glob.glob(str(place), recursive=True)  # noqa: PTH207
    files = (Path(name) for name in found if is_tar(name))
    return [f.absolute().parent.resolve() / f.name for f in files if f.is_file()]


def read_shard(path: Path, root: Path) -> Shard:
    """Walk the headers of one tar. What it holds and is not read is counted in `odd`."""
    name = path.relative_to(root).as_posix()
    shard = Shard(path, name, split_of(path.relative_to(root)))
    samples: dict[str, list[tuple[str, int, int]]] = {}
    last = ""
    try:
        tar = TarFile(path)
        try:
            for member in tar.members():
                last = _place(member, samples, shard, last)
        finally:
            tar.close()
    except OSError as error:
        shard.broken = f"cannot be opened ({error.strerror})"
    except TarError as error:
        shard.broken = str(error)
    _pack(shard, samples)
    return shard


def _place(member: Member, samples: dict[str, list[Place]], shard: Shard, last: str) -> str:
    """Put a member to its sample, or count why not. Returns the key that it has."""
    said = _key(member, shard.odd)
    if said is None:
        return last
    key, ending = said
    group = samples.setdefault(key, [])
    kind = ending.rpartition(".")[2]
    if any(ending == other for other, _, _ in group):
        shard.odd["second member of one name"] += 1
    elif kind not in WORDS and kind not in ENDS:
        shard.odd[f"member .{ending}"] += 1
    elif member.size > MOST_BYTES:
        shard.odd[f"member of more than {MOST_BYTES:,} bytes"] += 1
    else:
        if key != last and group:
            shard.odd["member that does not lie with its sample (joined to it)"] += 1
        group.append((ending, member.offset, member.size))
    return key


def _key(member: Member, odd: Counter[str]) -> tuple[str, str] | None:
    if member.kind == "folder":
        return None
    plain = below(Path(), member.name) if is_text(member.name) else None
    if member.kind != "file":
        odd[member.kind] += 1
    elif not is_text(member.name):
        odd["name that is not UTF-8"] += 1
    elif plain is None:
        odd["name that leaves the folder"] += 1
    elif not (match := KEY.fullmatch(plain)):
        odd["name without a field"] += 1
    else:
        return match[1], match[2].lower()
    return None


def _pack(shard: Shard, samples: dict[str, list[Place]]) -> None:
    numbers: dict[str, int] = {}
    for key, group in samples.items():
        if not group:
            shard.odd["sample without picture, label or text"] += 1
            continue
        shard.keys.append(key)
        for ending, offset, size in group:
            shard.places.extend((numbers.setdefault(ending, len(numbers)), offset, size))
        shard.ends.append(len(shard.places))
    shard.fields = list(numbers)
