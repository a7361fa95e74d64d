"""Clips: what a video file says of itself, when its frames are shown, and one frame's pixels.

A clip is handed to FFmpeg as an open file, so that it cannot open another: lists that lead
elsewhere are no formats it may guess, and what a format asks for beside the file is refused.
A frame is named by its presentation time in the clip's own ticks (`pts`).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median_low
from typing import Any

from excavate.settings import MAX_PIXELS

ENDINGS = (
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".gif", ".mpg", ".mpeg", ".ogv", ".wmv"),
    *(".flv", ".3gp", ".m2ts", ".mts"),
)
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpeg,mpegts,ogg,asf,flv"
CLOSED = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
ONWARD = 5.0  # seconds that are rather decoded than jumped over
BEFORE = 1.0  # seconds to jump short of a frame: one shown before its key frame needs another
EARLY = 0.5  # seconds by which a clip may be shorter than it says
LONG = 5  # times as long as frames usually are: a gap behind which some may be lost


class ClipError(Exception):
    """A clip, or a frame of it, cannot be read; `str()` says why."""


@dataclass
class Clip:
    """What a video file says of itself. `times` are sorted, in ticks; `keys` likewise."""

    width: int
    height: int
    tick: Fraction  # seconds
    times: list[int]
    keys: set[int]
    codec: str
    rate: Fraction | None  # frames a second, as declared
    seconds: float | None  # as declared
    rotation: int
    pixel_aspect: str | None
    other_tracks: list[str]
    said: dict[str, str] = field(default_factory=dict)  # the file's own metadata
    track_said: dict[str, str] = field(default_factory=dict)  # the video track's
    broken: str | None = None
    gaps: str | None = None  # where no frame is, though those around it do not last so long

    def second(self, time: int) -> Fraction:
        """When a frame is shown, counted from the first."""
        return (time - self.times[0]) * self.tick

    def thousandth(self, time: int) -> int:
        """The same in whole milliseconds, as round() has it."""
        parts, whole = (time - self.times[0]) * self.tick.numerator * 1000, self.tick.denominator
        found, rest = divmod(parts, whole)
        return found + (2 * rest > whole or (2 * rest == whole and found % 2))


class Reader:
    """A clip opened for its frames. Fastest when they are asked for in order."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb")
        self._frames: Iterator[Any] = iter(())
        self._at: int | None = None  # the frame decoded last
        self._open()

    def _open(self) -> None:
        import av

        self._file.seek(0)
        try:
            self.container = open_container(self._file)
        except av.error.FFmpegError as error:
            raise ClipError(worded(error)) from error
        self.track = first_track(self.container)
        self._frames, self._at = decoded(self.container, self.track), None

    def close(self) -> None:
        """Let go of the file."""
        self.container.close()
        self._file.close()

    def picture(self, time: int) -> Any:
        """The frame shown at `time`, upright, as an RGB picture. Raises ClipError without one."""
        frame = self._from_here(time) or self._after_jump(time) or self._from_the_start(time)
        if frame is None:
            raise ClipError(f"no frame at {time} can be decoded")
        return upright(frame)

    def bmp(self, time: int) -> bytes:
        """The same as a BMP: nothing is lost, and the bytes depend on no encoder."""
        out = io.BytesIO()
        self.picture(time).save(out, "BMP")
        return out.getvalue()

    def _from_here(self, time: int) -> Any:
        if self._at is None or not 0 < (time - self._at) * self.track.time_base < ONWARD:
            return None
        return self._until(time)

    def _after_jump(self, time: int) -> Any:
        import av

        goal = time - int(BEFORE / self.track.time_base)
        try:
            self.container.seek(goal, stream=self.track)
        except (av.error.FFmpegError, OSError):
            return None
        self._frames, self._at = decoded(self.container, self.track), None
        return self._until(time)

    def _from_the_start(self, time: int) -> Any:
        self.container.close()
        self._open()
        return self._until(time)

    def _until(self, time: int) -> Any:
        for frame in self._frames:
            self._at = frame.pts
            if frame.pts >= time:
                return frame if frame.pts == time else None
        return None


def read_clip(file: Path) -> Clip:
    """All that a clip says, and the time of every frame; pixels are read of the first alone.

    Reads the whole file, in one go; memory: two numbers a frame. Raises ClipError where it is no
    clip, has no video, or no frame of it can be decoded.
    """
    import av

    try:
        with file.open("rb") as content:
            container = open_container(content)
            track = first_track(container)
            clip = _said(container, track)
            ends, clip.keys, packets = _times(container, track, clip)
            clip.times = sorted(ends)
            if not clip.times:
                raise ClipError(clip.broken or "no frame in it has a time")
            clip.gaps = None if track.frames else _gaps(clip, ends)  # where they are not counted
            clip.broken = clip.broken or _cut_off(track, clip, packets)
            container.close()
        clip.rotation = _first_rotation(file)
    except (av.error.FFmpegError, OSError) as error:
        raise ClipError(worded(error)) from error
    if clip.rotation % 180:
        clip.width, clip.height = clip.height, clip.width
    return clip


def _first_rotation(file: Path) -> int:
    """By how many degrees the first frame that can be decoded says to turn it."""
    reader = Reader(file)
    try:
        frame = next(decoded(reader.container, reader.track), None)
    finally:
        reader.close()
    if frame is None:
        raise ClipError("none of its frames can be decoded")
    return int(frame.rotation)


def open_container(content: Any) -> Any:
    """FFmpeg's view of an open file, and of nothing else. Raises av's errors."""
    import av

    return av.open(content, container_options=CLOSED, io_open=_refuse, metadata_errors="replace")


def _refuse(address: str, flags: int, options: dict[str, str]) -> None:
    raise OSError(f"it wants to open another file ({address})")


def first_track(container: Any) -> Any:
    """The first video track that is no cover picture. Raises ClipError without one."""
    import av

    cover = av.stream.Disposition.attached_pic
    tracks = [track for track in container.streams.video if not track.disposition & cover]
    if not tracks:
        raise ClipError("no video track")
    context = tracks[0].codec_context
    if context is None:
        raise ClipError("its video is of a kind that is not known here")
    if not 0 < context.width * context.height <= MAX_PIXELS:
        raise ClipError(f"{context.width} x {context.height} pixels, more than are allowed")
    return tracks[0]


def decoded(container: Any, track: Any) -> Iterator[Any]:
    """Frames with a time, from where the container stands.

    What cannot be decoded is left out, and so is what follows it up to the next key frame:
    a decoder would make it up from frames that it has not.
    """
    whole, lost = False, -math.inf  # lost: the time of what could not be decoded last
    for frames, failed in _packets(container, track):
        if failed is not None:
            whole, lost = False, max(lost, failed)
        for frame in frames:
            if frame.is_corrupt:
                whole, lost = False, max(lost, frame.pts)
            whole = whole or bool(frame.key_frame and frame.pts > lost)
            if whole:
                yield frame


def _packets(container: Any, track: Any) -> Iterator[tuple[list[Any], int | None]]:
    """(the frames of a packet, None), or (nothing, the packet's time) where it is damaged."""
    import av

    packets = container.demux(track)
    packet = None
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield [frame for frame in packet.decode() if frame.pts is not None], None
        except av.error.FFmpegError:
            yield [], (packet.pts if packet is not None else None) or 0


def upright(frame: Any) -> Any:
    """A frame as an RGB picture, turned as its clip says; the same bits on every machine."""
    from av.video.reformatter import Interpolation
    from PIL import Image

    ways = (Interpolation.BICUBIC, Interpolation.ACCURATE_RND, Interpolation.BITEXACT)
    exact = sum(int(way) for way in (*ways, Interpolation.FULL_CHR_H_INT))
    picture = frame.to_image(interpolation=exact)
    turns = {
        90: Image.Transpose.ROTATE_90,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_270,
    }
    turn = turns.get(int(frame.rotation) % 360)
    return picture if turn is None else picture.transpose(turn)


def worded(error: Exception) -> str:
    """What FFmpeg or the system said, without the place in the program."""
    return str(getattr(error, "strerror", None) or error)[:200]


def _said(container: Any, track: Any) -> Clip:
    context = track.codec_context
    aspect = track.sample_aspect_ratio
    declared = track.duration * track.time_base if track.duration else None
    seconds = declared if declared else container.duration and container.duration / 1_000_000
    others = [_track_words(other) for other in container.streams if other is not track]
    return Clip(
        width=context.width,
        height=context.height,
        tick=track.time_base,
        times=[],
        keys=set(),
        codec=context.name,
        rate=track.average_rate or None,
        seconds=float(seconds) if seconds else None,
        rotation=0,
        pixel_aspect=str(aspect) if aspect and aspect != 1 else None,
        other_tracks=others,
        said=dict(container.metadata),
        track_said=dict(track.metadata),
    )


def _track_words(track: Any) -> str:
    context = getattr(track, "codec_context", None)
    return f"{track.type} {context.name}" if context is not None else str(track.type)


def _times(container: Any, track: Any, clip: Clip) -> tuple[dict[int, int], set[int], int]:
    """(time -> end of the frames that are shown, times of those that stand alone, packets)."""
    import av

    ends: dict[int, int] = {}
    keys: set[int] = set()
    packets = 0
    try:
        for packet in container.demux(track):
            if not packet.size:
                continue
            packets += 1
            if packet.pts is not None and not packet.is_discard:
                ends[packet.pts] = packet.pts + (packet.duration or 0)
                keys |= {packet.pts} if packet.is_keyframe else set()
    except (av.error.FFmpegError, OSError) as error:
        clip.broken = f"damaged after {packets:,} frames ({worded(error)})"
    return ends, keys, packets


def _gaps(clip: Clip, ends: dict[int, int]) -> str | None:
    """Where frames are missing by their times: what a damaged Matroska passes over in silence."""
    usual = median_low(
        after - time for time, after in pairwise([*clip.times, ends[clip.times[-1]]])
    )
    most = max(LONG * usual, EARLY / clip.tick)
    found = [
        (time, after)
        for time, after in pairwise(clip.times)
        if after - max(ends[time], time + usual) > most
    ]
    if not found:
        return None
    start, end = (float(clip.second(time)) for time in found[0])
    first = f" (the first of {len(found):,} gaps)" if len(found) > 1 else ""
    return f"no frame between {start:.3f} and {end:.3f} seconds{first}"


def _cut_off(track: Any, clip: Clip, packets: int) -> str | None:
    if track.frames > packets:
        return f"ends after {packets:,} of {track.frames:,} frames"
    ends = float(clip.second(clip.times[-1])) + float(1 / clip.rate if clip.rate else 0)
    alone = not clip.other_tracks or track.duration
    if alone and clip.seconds and ends < clip.seconds - EARLY:
        return f"ends after {ends:.3f} of {clip.seconds:.3f} seconds"
    return None
