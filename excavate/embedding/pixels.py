"""`pixels:N`: every picture as N x N greys. Not CLIP, not trained, no text.

A picture that is black all over has the zero vector. It stays zero (there is no direction to
normalise), and its similarity to everything is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from excavate.embedding.encoder import NOT_TRAINED, PicturesOnly
from excavate.embedding.preparing import grey
from excavate.embedding.spec import whole
from excavate.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 128


class Pixels(PicturesOnly):
    """N x N greys in 0..1, row after row: dimension N * N."""

    trained_on = NOT_TRAINED
    batch_size = 256

    def __init__(self, side: int) -> None:
        self.side = side
        self.spec = f"pixels:{side}"
        self.identity = f"pixels {side}x{side} grey/255 box stretched"
        self.dimension = side * side

    def prepare(self, picture: Image) -> np.ndarray:
        """Float32 (side * side,)."""
        return grey(picture, self.side).ravel()

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """The greys themselves."""
        return batch


def open_encoder(rest: str, settings: Settings) -> Pixels:
    """`rest` is N, 1 to 128."""
    return Pixels(whole(f"pixels:{rest}", rest, "N", 1, LARGEST))
