"""Shards of a WebDataset: which a pattern names, and which members make up each sample.

A member's key is its path up to the first dot of its name, the rest its field, in small letters,
as the format's own library has it. Members with one key are one sample, wherever they lie in the
shard: the library would tear apart those that do not lie together.
"""

from __future__ import annotations

import glob
import os
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from excavate.errors import SourceError
from excavate.sources.file_stores import MOST_BYTES
from excavate.sources.folder_listing import PICTURES
from excavate.sources.parquet_files import split_of
from excavate.sources.places import below, is_address, is_text
from excavate.sources.tar_members import ENDINGS, Member, TarError, TarFile, is_tar

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

    path: Path  # where it lies itself; a link may lead there
    place: str  # the same relative to the root of all
    name: str  # as it was named, relative to the folder that was
    split: str
    packed: bool = False
    keys: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # the names of fields, numbered
    places: array[int] = field(default_factory=lambda: array("q"))  # field, offset, size, …
    ends: array[int] = field(default_factory=lambda: array("q"))  # in `places`, of each sample
    odd: Counter[str] = field(default_factory=Counter)  # what is passed over, and how often
    broken: str | None = None
    unsure: bool = False  # what was read is not vouched for by its checksum

    def sample(self, number: int) -> list[Place]:
        """The members of one sample that are read, in the order of the shard."""
        first = self.ends[number - 1] if number else 0
        flat = self.places[first : self.ends[number]]
        return [(self.fields[flat[n]], flat[n + 1], flat[n + 2]) for n in range(0, len(flat), 3)]


def shards_of(pattern: str) -> list[Path]:
    """The tars that a pattern names, sorted, links as they are; {000..012} and {a,b} too.

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
    return sorted({file for group in found.values() for file in group})


def common(files: Iterable[Path]) -> Path:
    """The folder that all of them lie in, at some depth."""
    return Path(os.path.commonpath([file.parent for file in files]))


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
    width, first, last = len(numbers[1]), int(numbers[1]), int(numbers[2])
    for number in range(first, last + 1) if first <= last else range(first, last - 1, -1):
        yield str(number).zfill(width)


def _matching(pattern: str) -> list[Path]:
    place = Path(pattern).expanduser()
    found = [str(place)] if place.is_file() else glob.glob(str(place), recursive=True)  # noqa: PTH207
    files = (Path(name) for name in found if is_tar(name))
    return [f.absolute().parent.resolve() / f.name for f in files if f.is_file()]


def read_shard(path: Path, given: Path, root: Path) -> Shard:
    """Walk the headers of one tar. What it holds and is not read is counted in `odd`.

    `given` is the folder that its name is told from, `root` the one that it lies below itself.
    """
    named, lies = path.relative_to(given), path.resolve()
    place = lies.relative_to(root).as_posix()
    shard = Shard(lies, place, named.as_posix(), split_of(named))
    samples: dict[str, list[Place]] = {}
    try:
        _walk(TarFile(lies), samples, shard)
    except OSError as error:
        shard.broken = f"cannot be opened ({error.strerror})"
    _pack(shard, samples)
    return shard


def _walk(tar: TarFile, samples: dict[str, list[Place]], shard: Shard) -> None:
    last, shard.packed = "", tar.packed
    try:
        for member in tar.members():
            last = _place(member, samples, shard, last)
    except TarError as error:
        shard.broken = str(error)
        shard.unsure = tar.packed and not tar.vouched()
    finally:
        tar.close()


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
    shard.odd["sample without picture, label or text"] += sum(not g for g in samples.values())
    shard.odd += Counter()  # drops what was counted as none
    for key, group in sorted((pair for pair in samples.items() if pair[1]), key=_first):
        shard.keys.append(key)
        for ending, offset, size in group:
            shard.places.extend((numbers.setdefault(ending, len(numbers)), offset, size))
        shard.ends.append(len(shard.places))
    shard.fields = list(numbers)


def _first(sample: tuple[str, list[Place]]) -> int:
    return anchor(sample[1])


def is_picture(name: str) -> bool:
    """Whether a field is that of a picture."""
    return name.rpartition(".")[2] in ENDS


def picture_of(places: Sequence[Place]) -> Place | None:
    """The picture of a sample: the first that is called jpg or so, or else one that ends so."""
    plain = (place for place in places if place[0] in ENDS)
    return next(plain, None) or next((p for p in places if is_picture(p[0])), None)


def anchor(places: Sequence[Place]) -> int:
    """Where a sample stands in its shard: where its picture does, or else its first member."""
    return (picture_of(places) or places[0])[1]
