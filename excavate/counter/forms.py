"""The form that a dataset's items have, measured in them, and a drawing brought to it.

What is drawn on a sheet has no slot in a dataset of 8 x 8 greys. Its form is taken from the items
themselves: their size, whether ink is light or dark, how much of the square is ink and how much
of its sides it fills. The digits of UCI were made so: bitmaps of 32 x 32, brought to one height
and one share of ink, and counted in blocks of 4 x 4 (Alpaydin and Kaynak 1998).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

    from excavate.site import Site

BLOCKS = 4  # a bitmap has so many dots on each side of a pixel: 17 levels of grey
LARGEST = 64  # pixels of a side; larger items are photographs or scans, and keep their greys
SAMPLED = 240
EXTREME = 32  # how far from black or white a ground may lie
FAINT = 64  # of 255: what is less than this is no ink
WIDE = 2.0  # wider for its height than this, a drawing is not stretched to the height
SHAPES = """
SELECT DISTINCT width, height FROM item WHERE dataset_id = $1 AND pixels = 'read'
"""
SPREAD = """
SELECT ordinal FROM item WHERE dataset_id = $1 AND pixels = 'read'
ORDER BY hash(ordinal), ordinal LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Form:
    """What a dataset's items are like. `width` and `height` are None where they differ.

    light: ink is light on a dark ground; None: no drawings on a ground, pictures as they are.
    ink: the share of the square that is ink; fills: how much of its sides the ink spans.
    """

    width: int | None = None
    height: int | None = None
    light: bool | None = None
    ink: float = 0.0
    fills: tuple[float, float] = (1.0, 1.0)


PLAIN = Form()


def as_dataset(picture: Image, form: Form) -> Image:
    """A drawing, dark ink on white, as an item of a dataset would be: size, polarity, greys."""
    if form.width is None or form.height is None:
        return picture.convert("RGB")
    if form.light is None:
        return _letterboxed(picture, form.width, form.height)
    bitmap = _normalised(np.asarray(picture.convert("L")) < 128, form)
    return _counted(bitmap, form)


def form_of(site: Site, dataset: str) -> Form:
    """The form of a dataset's items, measured once for each generation of the site."""
    return _form_of(site, site.generation, dataset)


@lru_cache(maxsize=16)
def _form_of(site: Site, _generation: str, dataset: str) -> Form:
    revision = site.revisions()[dataset]
    with site.cursor() as cursor:
        shapes = cursor.execute(SHAPES, [dataset]).fetchall()
        sampled = [n for (n,) in cursor.execute(SPREAD, [dataset, SAMPLED]).fetchall()]
    if len(shapes) != 1 or shapes[0][0] is None:
        return PLAIN
    width, height = int(shapes[0][0]), int(shapes[0][1])
    if max(width, height) > LARGEST:
        return Form(width, height)
    found = [site.thumbnail(dataset, revision, ordinal) for ordinal in sampled]
    greys = [_greys(one[0]) for one in found if one]
    if any(one is None for one in greys):
        return Form(width, height)
    return measured([one for one in greys if one is not None], width, height)


def measured(greys: Sequence[np.ndarray], width: int, height: int) -> Form:
    """The form of drawings on a ground, or that these pictures are none."""
    edges = np.array([np.median(_edge(one)) for one in greys]) if greys else np.zeros(0)
    dark, bright = np.mean(edges < EXTREME), np.mean(edges > 255 - EXTREME)
    if len(edges) == 0 or max(dark, bright) < 0.9:
        return Form(width, height)
    light = bool(dark >= bright)
    inks = np.stack([one if light else 255 - one for one in greys]).astype(np.float64)
    share = float(np.median(inks.mean(axis=(1, 2)) / 255))
    return Form(width, height, light, share, (_span(inks, 1) / width, _span(inks, 2) / height))


def _edge(grey: np.ndarray) -> np.ndarray:
    """The left and right columns: writing often touches the top and the bottom."""
    return np.concatenate([grey[:, 0], grey[:, -1]])


def _span(inks: np.ndarray, axis: int) -> float:
    """How many columns (axis 1) or rows (axis 2) the ink reaches, at the median."""
    reached = np.asarray((inks >= FAINT).any(axis=axis))
    first = reached.argmax(axis=1)
    last = reached.shape[1] - reached[:, ::-1].argmax(axis=1)
    return float(np.median(last - first))


def _greys(content: bytes) -> np.ndarray | None:
    """The greys (height, width) of a picture; None of one that has colours."""
    from PIL import Image

    colours = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    same = bool(np.all(colours == colours[:, :, :1]))
    return colours[:, :, 0] if same else None


def _letterboxed(picture: Image, width: int, height: int) -> Image:
    from PIL import Image, ImageOps

    inside = ImageOps.contain(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (width, height), "white")
    sheet.paste(inside, ((width - inside.width) // 2, (height - inside.height) // 2))
    return sheet


def _normalised(ink: np.ndarray, form: Form) -> np.ndarray:
    """The ink as a bitmap (height * 4, width * 4) that fills what the dataset's ink fills."""
    from PIL import Image

    wide, high = (form.width or 1) * BLOCKS, (form.height or 1) * BLOCKS
    bitmap = np.zeros((high, wide), bool)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) == 0:
        return bitmap
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = _fitted(cut.shape[1], cut.shape[0], wide * form.fills[0], high * form.fills[1])
    small = Image.fromarray((cut * 255).astype(np.uint8)).resize(size, Image.Resampling.BOX)
    left, top = (wide - size[0]) // 2, (high - size[1]) // 2
    bitmap[top : top + size[1], left : left + size[0]] = np.asarray(small) >= 96
    margin = round(high * (1 - form.fills[1]) / 2)
    return _inked(bitmap, form.ink, margin, high - margin)


def _fitted(width: int, height: int, most_wide: float, most_high: float) -> tuple[int, int]:
    """As high as the dataset's, no wider than it; what is very wide is fitted by its width."""
    if width / height > WIDE:
        high = min(most_high, height * most_wide / width)
        return max(1, round(most_wide)), max(1, round(high))
    wide = min(most_wide, width * most_high / height)
    return max(1, round(wide)), max(1, round(most_high))


def _inked(bitmap: np.ndarray, share: float, top: int, foot: int) -> np.ndarray:
    """Lines thickened or thinned dot by dot until about `share` of the square is ink.

    They grow no higher than from `top` to `foot`: what the dataset's ink fills.
    """
    from scipy.ndimage import binary_dilation, binary_erosion

    rows = np.zeros_like(bitmap)
    rows[top:foot] = True
    best = bitmap
    for _step in range(bitmap.shape[0] // 2):
        thicker = best.mean() < share
        change = binary_dilation(best) & rows if thicker else binary_erosion(best)
        if abs(change.mean() - share) >= abs(best.mean() - share) or not change.any():
            break
        best = change
    return np.asarray(best)


def _counted(bitmap: np.ndarray, form: Form) -> Image:
    """Dots counted in blocks of 4 x 4, stretched to 0..255; on a light ground the other way."""
    from PIL import Image

    high, wide = (side // BLOCKS for side in bitmap.shape)
    counts = bitmap.reshape(high, BLOCKS, wide, BLOCKS).sum(axis=(1, 3))
    greys = (counts * (255 / BLOCKS**2)).round().astype(np.uint8)
    return Image.fromarray(greys if form.light else 255 - greys)
