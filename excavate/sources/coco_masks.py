"""Masks as COCO writes them: a panoptic PNG cut into one run-length encoding a segment.

A panoptic PNG's colour is the segment's id: R + 256 G + 65536 B; 0 is no segment.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import numpy as np

MOST_PIXELS = 50_000_000  # of a PNG that is decoded: half a gigabyte of memory
Encoding = dict[str, Any]  # {"size": [height, width], "counts": compressed text}


def segment_ids(png: bytes) -> Any:
    """The segment id of each pixel, (height, width) int32. Raises OSError or ValueError."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(png))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        bomb = isinstance(error, Image.DecompressionBombError)
        raise ValueError("too many pixels" if bomb else "no picture") from error
    with picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        if picture.mode not in ("RGB", "RGBA"):
            raise ValueError(f"a {picture.mode} picture, not RGB")
        red, green, blue = (np.asarray(c, np.int32) for c in picture.convert("RGB").split())
    return red + 256 * green + 65536 * blue


def encodings(ids: Any, wanted: Iterable[int]) -> dict[int, Encoding]:
    """Compressed run-length encodings of the wanted segments that are in `ids`.

    All at once from the runs of the whole picture, column by column: O(pixels), not
    O(pixels x segments).
    """
    from pycocotools import mask

    height, width = ids.shape
    plain = ids.ravel(order="F")
    edges = np.flatnonzero(np.diff(plain)) + 1
    starts = np.concatenate([[0], edges]).astype(np.int64)
    ends = np.concatenate([edges, [plain.size]]).astype(np.int64)
    found: dict[int, Encoding] = {}
    order = np.argsort(plain[starts], kind="stable")
    values = plain[starts][order]
    for segment in wanted:
        first, last = np.searchsorted(values, [segment, segment + 1])
        if first == last:
            continue
        counts = _counts(starts[order[first:last]], ends[order[first:last]], plain.size)
        runs = {"size": [height, width], "counts": counts}
        packed = mask.frPyObjects(runs, height, width)
        found[segment] = {"size": [height, width], "counts": packed["counts"].decode("ascii")}
    return found


def _counts(starts: Any, ends: Any, size: int) -> list[int]:
    """Lengths of what is outside and inside, in turn, outside first."""
    bounds = np.stack([starts, ends], axis=1).ravel()
    counts = np.diff(bounds, prepend=0)
    tail = [size - int(bounds[-1])]
    return [*counts.tolist(), *(tail if tail[0] else [])]
