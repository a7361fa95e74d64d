"""An encoder whose picture and word sides are planted: `planted:NUMBER` where it is registered.

A picture is 8 x 8 greys that spell a vector of 64 numbers. The word tower maps the words it
knows onto their directions, in Korean or English or both; every other word onto a direction
drawn from its letters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from excavate.settings import Settings

DIMENSION, GREY = 64, 128 / 4
# concept: the languages that the word tower knows it in
KNOWN = {
    "sea": ("ko", "en"),
    "market": ("ko", "en"),
    "tidal flat": ("ko", "en"),
    "jesa": ("ko",),
    "gut": (),
}
PROMPTS = {
    "sea": ("바다", "the sea"),
    "market": ("재래시장", "a traditional market"),
    "tidal flat": ("갯벌", "a tidal flat"),
    "jesa": ("제사상", "a jesa table"),
    "gut": ("굿", "a gut ritual"),
}


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def direction(text: str) -> np.ndarray:
    """The direction of any text: drawn from its letters."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return unit(np.random.default_rng(seed).standard_normal(DIMENSION))


def picture(concept: str | None, draw: np.random.Generator, strength: float = 6.0) -> Image.Image:
    """A picture of noise in which a concept shows, or none."""
    shown = draw.standard_normal(DIMENSION)
    if concept is not None:
        shown = shown + strength * direction(f"concept {concept}")
    greys = np.clip(np.round(shown * GREY + 128), 0, 255).astype(np.uint8)
    return Image.fromarray(greys.reshape(8, 8))


class Planted:
    """The encoder of this module; `number` turns what its tower says of unknown words."""

    is_clip, has_text, trained_on = True, True, "planted"
    dimension, batch_size = DIMENSION, 256

    def __init__(self, number: str) -> None:
        self.number, self.spec, self.identity = number, f"planted:{number}", f"planted {number}"
        self.known = {
            PROMPTS[concept][language == "en"]: concept
            for concept, languages in KNOWN.items()
            for language in languages
        }

    def prepare(self, picture: Image.Image) -> np.ndarray:
        return (np.asarray(picture.convert("L"), np.float32).ravel() - 128) / GREY

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return batch

    def encode_text(self, prompts: Sequence[str]) -> np.ndarray:
        return np.stack([self._said(prompt) for prompt in prompts])

    def _said(self, prompt: str) -> np.ndarray:
        words = prompt.removesuffix(" 사진").removeprefix("a photo of ")
        if words in self.known:
            return direction(f"concept {self.known[words]}")
        return direction(f"{self.number} {prompt}")


def open_encoder(rest: str, settings: Settings) -> Planted:
    return Planted(rest)
