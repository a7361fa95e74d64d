"""Masks as COCO writes them: a panoptic PNG cut into one run-length encoding a segment.

A panoptic PNG's colour is the segment's id: R + 256 G + 65536 B; 0 is no segment.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import numpy as np

Encoding = dict[str, Any]  # {"size": [height, width], "counts": compressed text}


def segment_ids(png: bytes) -> Any:
    """The segment id of each pixel, (height, width) int64. Raises OSError or ValueError."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        if picture.mode not in ("RGB", "RGBA"):
            raise ValueError(f"a {picture.mode} picture, not RGB")
        colours = np.asarray(picture.convert("RGB")).astype(np.int64)
    return colours[..., 0] + 256 * colours[..., 1] + 65536 * colours[..., 2]


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
