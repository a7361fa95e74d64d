"""What an encoder is: weights, preprocessing and training data, one identity.

Any object with these members serves; tests pass a seeded one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from excavate.errors import EncoderError

if TYPE_CHECKING:
    from PIL.Image import Image

NOT_TRAINED = "not trained"
NOT_STATED = "not stated"


class Encoder(Protocol):
    """Turns pictures (and, for some, words) into vectors of one fixed dimension."""

    spec: str  # as a person names it: pixels:8, clip:ViT-B-32/laion2b_s34b_b79k, …
    identity: str  # architecture + weights hash + preprocessing, one line
    dimension: int
    trained_on: str  # the data behind the lens: "LAION-2B", "not trained", "not stated"
    is_clip: bool
    has_text: bool
    batch_size: int

    def prepare(self, picture: Image) -> np.ndarray:
        """One RGB, L or RGBA picture -> the array the network takes. Called from threads."""
        ...

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Prepared pictures (n, …) -> float32 (n, dimension); normalised by the caller."""
        ...

    def encode_text(self, prompts: Sequence[str]) -> np.ndarray:
        """Prompts -> float32 (n, dimension). Raises EncoderError where has_text is False."""
        ...


class PicturesOnly:
    """What all encoders without a text tower share."""

    spec: str
    is_clip = False
    has_text = False

    def encode_text(self, prompts: Sequence[str]) -> np.ndarray:
        """Always raises EncoderError: this encoder knows no words."""
        todo = "Words can be searched with clip:MODEL/PRETRAINED"
        raise EncoderError("this encoder has no text", self.spec, todo)
