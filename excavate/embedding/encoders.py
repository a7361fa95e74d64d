"""Which encoders there are: one file each, one explicit registry."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from excavate.embedding.encoder import Encoder
from excavate.errors import EncoderError
from excavate.settings import Settings

DEFAULT_CLIP = "clip:ViT-B-32/laion2b_s34b_b79k"
MULTILINGUAL_CLIP = "clip:xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k"  # takes Korean prompts

# name -> (module, what follows the colon, "" where nothing does)
REGISTRY: dict[str, tuple[str, str]] = {
    "clip": ("excavate.embedding.clip", "MODEL/PRETRAINED"),
    "onnx": ("excavate.embedding.onnx", "FILE?mean=&std=&size=&output=&trained_on="),
    "tflite": ("excavate.embedding.tflite", "FILE?mean=&std=&output=&trained_on="),
    "pixels": ("excavate.embedding.pixels", "N"),
    "descriptor": ("excavate.embedding.descriptor", ""),
}


def open_encoder(spec: str, settings: Settings) -> Encoder:
    """The encoder that a spec names, ready to run.

    Raises EncoderError where the spec names none or its weights cannot be had, and
    MissingPartError where an optional package is not installed.
    """
    name, _, rest = spec.partition(":")
    if name not in REGISTRY:
        raise EncoderError("no such encoder", spec, f"One of: {usage()}")
    module, follows = REGISTRY[name]
    if bool(rest) != bool(follows):
        wanted = f"{name}:{follows}" if follows else name
        raise EncoderError("this encoder is written otherwise", spec, f"Write {wanted}")
    opener: Callable[[str, Settings], Encoder] = import_module(module).open_encoder
    return opener(rest, settings)


def usage() -> str:
    """The ways to name an encoder, as `--help` and errors print them."""
    return ", ".join(f"{n}:{rest}" if rest else n for n, (_, rest) in REGISTRY.items())
