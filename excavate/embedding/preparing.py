"""From a picture to the array a network takes. Whole pictures: stretched, never cropped.

Transparency is laid on white, as on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image


def on_white(picture: Image) -> Image:
    """The picture as RGB, what is transparent laid on white."""
    from PIL import Image as images

    if picture.mode == "RGBA":
        paper = images.new("RGBA", picture.size, "white")
        picture = images.alpha_composite(paper, picture)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def grey(picture: Image, side: int) -> np.ndarray:
    """Float32 (side, side) in 0..1: luma (ITU-R 601), each cell the mean of what it covers."""
    from PIL.Image import Resampling

    plain = picture if picture.mode == "L" else on_white(picture).convert("L")
    exact = plain.convert("F")
    if exact.size != (side, side):
        exact = exact.resize((side, side), Resampling.BOX)
    return np.asarray(exact, dtype=np.float32) / np.float32(255)


def colour(picture: Image, height: int, width: int) -> np.ndarray:
    """Uint8 (height, width, 3): RGB, bilinear with area support."""
    from PIL.Image import Resampling

    plain = on_white(picture)
    if plain.size != (width, height):
        plain = plain.resize((width, height), Resampling.BILINEAR)
    return np.asarray(plain)


@dataclass(frozen=True, slots=True)
class Preparation:
    """RGB / 255 at one size, minus `mean`, over `std` (three numbers each)."""

    height: int
    width: int
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)

    def __call__(self, picture: Image) -> np.ndarray:
        """Float32 (3, height, width)."""
        scaled = colour(picture, self.height, self.width).astype(np.float32) / np.float32(255)
        normal = (scaled - np.array(self.mean, np.float32)) / np.array(self.std, np.float32)
        return np.ascontiguousarray(normal.transpose(2, 0, 1))

    def __str__(self) -> str:
        mean, std = (",".join(f"{v:g}" for v in values) for values in (self.mean, self.std))
        return f"RGB/255 {self.height}x{self.width} bilinear stretched mean={mean} std={std}"
