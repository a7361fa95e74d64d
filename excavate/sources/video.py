"""`video:DIR` or one file: clips, of which frames are sampled.

A clip is the original; an item is one of its frames, found again in it and never stored. The key
is `PATH#t=SECONDS`, from the clip's first frame on and to the millisecond, so that it does not
depend on how the clip is sampled. Options:

- `every=SECONDS` (1): the frames that are on the screen at 0, 1, 2 … seconds, by the time at
  which they are shown; one that still is, is not taken again;
- `most=N`: of those, N a clip, spread over it evenly, the first and the last among them;
- `keyframes=yes`: only frames that stand for themselves are taken: the last before each second.

Folders are labels `folder` and splits, as those of `folder:`. What the file says of itself (and of
its other tracks, sound for instance) becomes attributes of each frame. A clip that breaks off
gives the frames before; that, a gap between frames, and files which are no clips, stand in
`left_out`. A frame that
cannot be decoded is a fault of its item. Nothing but the named files is ever opened.

Order: by path, then time. Memory: two numbers a sampled frame.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from excavate.errors import FaultList, SourceError
from excavate.model import (
    NO_SPLIT,
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    Label,
    SourceOptions,
    batches_of,
)
from excavate.sources.clips import ENDINGS, Clip, ClipError, read_clip
from excavate.sources.folder_listing import Listing, listing
from excavate.sources.places import composed, dataset_name, existing, fingerprint_of, stamp
from excavate.sources.rights import rights_of
from excavate.sources.sampling import Sampling, sampled, sampling_of
from excavate.sources.splits import chosen

NAMED = 20  # clips that cannot be read; the others are counted


@dataclass(frozen=True, slots=True)
class _Taken:
    """One clip and the frames taken of it: (number, time)."""

    path: str
    clip: Clip
    frames: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Opened:
    listing: Listing
    there: list[str]  # the splits that are folders
    read: list[str]
    taken: list[_Taken]
    left_out: tuple[str, ...]


class Video:
    """Clips below a folder. Each is read through once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self._options = path, options
        place = Path(path).expanduser()
        self._file = existing(path, "file") if place.is_file() else None
        self.root = self._file.parent if self._file else existing(path, "folder")
        self._sampling: Sampling = sampling_of(options.given)

    def describe(self) -> Description:
        """Name and count. Raises SourceError where no clip can be read."""
        opened = self._opened
        name = self._file.stem if self._file else self.root.name
        seen = [opened.listing.fingerprint(), repr(self._sampling), *opened.read, *opened.left_out]
        return Description(
            dataset_id=dataset_name(name),
            title=composed(name) or "video",
            key_rule="path of the clip, #t= and the frame's second from the first on",
            fingerprint=fingerprint_of(seen),
            root=str(self.root),
            count=sum(len(taken.frames) for taken in opened.taken),
            left_out=opened.left_out,
        )

    def categories(self) -> Sequence[Category]:
        """One for each folder, its parent the folder around it."""
        inner = (self._inner(folder) for folder in self._opened.listing.folders)
        paths = sorted({path for path in inner if path}, key=lambda path: path.split("/"))
        return [Category(path, posixpath.basename(path), _above(path)) for path in paths]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Frames by split, path and time; their pixels are read where they are needed."""
        return batches_of(self._items(start), size)

    def _items(self, start: int) -> Iterator[Item]:
        for taken in self._opened.taken:
            if start < len(taken.frames):
                yield from self._frames(taken, start)
            start = max(0, start - len(taken.frames))

    def _frames(self, taken: _Taken, start: int) -> Iterator[Item]:
        clip, path = taken.clip, taken.path
        folder = self._inner(posixpath.dirname(path))
        said = [Attribute(name, value, source=path) for name, value in _facts(clip)]
        rights = rights_of({name.lower(): value for name, value in clip.said.items()})
        labels = (Label("folder", folder, folder),) if folder else ()
        split, of_clip = self._split(path), Attribute("clip", path, source=path)
        for number, time in taken.frames[start:]:
            seconds = _seconds(clip, time)
            moment = _moment(path, number, seconds, time in clip.keys)
            yield Item(
                key=f"{path}#t={seconds}",
                split=split,
                width=clip.width,
                height=clip.height,
                path=path,
                part=f"pts:{time}",
                licence=rights.get("licence"),
                creator=rights.get("creator"),
                source_url=rights.get("source_url"),
                labels=labels,
                attributes=[of_clip, *moment, *said],
            )

    def _split(self, path: str) -> str:
        return path.partition("/")[0] if self._opened.there else NO_SPLIT

    def _inner(self, folder: str) -> str:
        return folder.partition("/")[2] if self._opened.there else folder

    @cached_property
    def _opened(self) -> _Opened:
        faults = FaultList()
        found = self._listing(faults)
        faults.raise_if_any("the folder cannot be dug", self._path, "Correct these")
        there = found.splits()
        read = chosen(there or [NO_SPLIT], self._options.split, self._path)
        paths = [p for s in read for p in found.pictures if not there or p.startswith(f"{s}/")]
        broken: list[str] = []
        taken = list(self._taken(paths, broken))
        left_out = (*found.left_out(), *_first(broken))
        if not any(one.frames for one in taken):
            what = "; ".join(("no clip that can be read", *left_out))
            raise SourceError(what, self._path, f"Clips end in {' '.join(ENDINGS)}")
        return _Opened(found, there, read, taken, left_out)

    def _listing(self, faults: FaultList) -> Listing:
        if self._file is None:
            return listing(self.root, faults, ENDINGS, ())
        return Listing(pictures=[self._file.name], stamps=[stamp(self._file)])

    def _taken(self, paths: Iterable[str], broken: list[str]) -> Iterator[_Taken]:
        for path in paths:
            try:
                clip = read_clip(self.root / path)
            except ClipError as error:
                broken.append(f"{path}: {error}: not read")
                continue
            if clip.broken:
                broken.append(f"{path}: {clip.broken}: read up to there")
            if clip.gaps:
                broken.append(f"{path}: {clip.gaps}: one may last so long, or some are lost")
            frames = sampled(clip, self._sampling)
            clip.keys = {time for _, time in frames if time in clip.keys}
            clip.times = clip.times[:1]  # only the first is needed from here on
            yield _Taken(path, clip, frames)


def _facts(clip: Clip) -> Iterator[tuple[str, object]]:
    """What is said of a clip as a whole: by its tracks, then by its own metadata."""
    yield "clip.codec", clip.codec
    yield "clip.fps", None if clip.rate is None else _number(clip.rate)
    yield "clip.seconds", clip.seconds
    yield "clip.rotation", clip.rotation
    if clip.pixel_aspect:
        yield "clip.pixel_aspect", clip.pixel_aspect
    yield "clip.other_tracks", clip.other_tracks
    yield from ((f"metadata.{name}", value) for name, value in clip.said.items())
    yield from ((f"track.{name}", value) for name, value in clip.track_said.items())


def _moment(path: str, number: int, seconds: str, stands_alone: bool) -> Iterator[Attribute]:
    """What is said of one frame: when it is shown, the how many-eth it is (from 0)."""
    yield Attribute("timecode", _timecode(seconds), source=path)
    yield Attribute("frame", number, source=path)
    yield Attribute("keyframe", stands_alone, source=path)


def _seconds(clip: Clip, time: int) -> str:
    thousandths = clip.thousandth(time)
    return f"{thousandths // 1000}.{thousandths % 1000:03}"


def _timecode(seconds: str) -> str:
    whole, _, thousandths = seconds.partition(".")
    minutes, second = divmod(int(whole), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{thousandths}"


def _number(rate: Fraction) -> str:
    return str(rate.numerator) if rate.denominator == 1 else f"{float(rate):.3f}"


def _above(path: str) -> tuple[str, ...]:
    folder = posixpath.dirname(path)
    return (folder,) if folder else ()


def _first(broken: list[str]) -> Iterator[str]:
    yield from broken[:NAMED]
    if len(broken) > NAMED:
        yield f"{len(broken) - NAMED:,} more clips cannot be read, or not to their end"


def open_source(rest: str, options: SourceOptions) -> Video:
    """The folder or clip that `rest` names. Raises SourceError where there is none."""
    return Video(rest, options)
