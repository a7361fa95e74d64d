"""A clip of 100,000 frames of 320 x 240, each of them taken: an item each, pixels not asked for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

import excavate.sources.video  # noqa: F401 - what is imported is no part of the reading

PARSER = "bare PyAV decoding of every frame"
COUNTED = ("items",)
RATE, DRAWN = 25, 250
OPTIONS = {"every": "0.04"}


def make(folder: Path, count: int) -> str:
    """A Matroska of a grain that moves: ten seconds of it, again and again."""
    with av.open(str(folder / "a.mkv"), "w") as container:
        track = container.add_stream("mpeg4", rate=RATE)
        track.width, track.height, track.pix_fmt = 320, 240, "yuv420p"
        track.codec_context.gop_size = 25
        drawn = [packet for number in range(DRAWN) for packet in track.encode(_frame(number))]
        drawn += track.encode()
        said = [(bytes(packet), packet.is_keyframe) for packet in drawn]
        for number in range(count):
            content, alone = said[number % DRAWN]
            packet = av.Packet(content)
            packet.stream, packet.time_base = track, Fraction(1, RATE)
            packet.pts = packet.dts = number
            packet.is_keyframe = alone
            container.mux(packet)
    return f"video:{folder}"


def _frame(number: int) -> av.VideoFrame:
    grain = np.random.default_rng(0).integers(90, 160, (240, 320, 3)).astype(np.uint8)
    moved = np.ascontiguousarray(np.roll(grain, number, axis=1))
    frame = av.VideoFrame.from_ndarray(moved, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    return frame


def bare(folder: Path) -> int:
    """Every frame decoded, none of them turned into a picture."""
    with av.open(str(folder / "a.mkv")) as container:
        return sum(1 for _ in container.decode(video=0))
