"""Small clips, written by FFmpeg itself: a bar that grows with each frame."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

WIDTH, HEIGHT = 64, 48


def shown(number: int) -> Any:
    """Frame `number` as it is drawn: red above, blue below, white from the left."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[: HEIGHT // 2, :, 0] = 200
    pixels[HEIGHT // 2 :, :, 2] = 200
    pixels[:, : number % WIDTH] = 255
    return pixels


def clip(
    file: Path,
    times: Sequence[int] = range(35),
    *,
    rate: int = 10,
    codec: str = "mpeg4",
    group: int = 12,
    rotation: float = 0,
    sound: bool = False,
    said: dict[str, str] | None = None,
    **options: str,
) -> Path:
    """A clip whose frames are shown at `times`, in ticks of 1 / `rate` seconds."""
    import av

    file.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(file), "w", options=options) as container:
        container.metadata.update(said or {})
        track = container.add_stream(codec, rate=rate)
        track.width, track.height = WIDTH, HEIGHT
        track.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
        track.codec_context.gop_size = group
        if rotation:
            track.set_display_rotation(rotation)
        heard = container.add_stream("aac", rate=8000, layout="mono") if sound else None
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(shown(number), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, rate)
            container.mux(track.encode(frame))
        container.mux(track.encode())
        if heard is not None:
            _hear(container, heard)
    return file


def _hear(container: Any, track: Any) -> None:
    import av

    silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
    silence.sample_rate, silence.pts = 8000, 0
    container.mux(track.encode(silence))
    container.mux(track.encode())


def clips(root: Path) -> str:
    """Two clips in folders of classes, one beside them, one that is none, and another file."""
    clip(root / "걷기" / "a.mp4", said={"title": "제목", "artist": "Kim"}, sound=True)
    clip(root / "run" / "b.webm", range(12), codec="libvpx-vp9")
    clip(root / "c.gif", [0, 10, 11, 40], codec="gif", rate=10)
    (root / "fake.mov").write_text("no clip")
    (root / "notes.txt").write_text("")
    return f"video:{root}"


def split_clips(root: Path) -> str:
    """A clip for each split."""
    clip(root / "train" / "x" / "a.mkv", range(25))
    clip(root / "test" / "x" / "b.avi", range(5))
    return f"video:{root}"
