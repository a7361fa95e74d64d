"""`clip:MODEL/PRETRAINED`: a CLIP by open_clip, pictures and words in one space.

See clip_weights for how the weights are named. Pictures are prepared as open_clip does for
these weights (most crop to a centred square: that is part of the lens, and of the identity).
Half precision on CUDA only: on a CPU it is many times slower.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.embedding.clip_weights import Weights, find_weights, from_hub, read_spec
from excavate.embedding.preparing import on_white
from excavate.embedding.spec import sha256_of
from excavate.errors import EncoderError
from excavate.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

DEVICES = ("auto", "cpu", "cuda", "mps")
BATCH = {"cpu": 32, "mps": 64, "cuda": 256}


@dataclass(frozen=True, slots=True)
class Device:
    """Where a network runs, and how precisely."""

    name: str
    precision: str

    @classmethod
    def chosen(cls, asked: str) -> Device:
        """CUDA, MPS, CPU: the first there is, unless one is asked for by name."""
        import torch

        there = {
            "cuda": torch.cuda.is_available(),
            "mps": torch.backends.mps.is_available(),
            "cpu": True,
        }
        if asked not in DEVICES:
            raise EncoderError(f"no device {asked!r}", "EXCAVATE_DEVICE", f"One of {DEVICES}")
        if asked != "auto" and not there[asked]:
            raise EncoderError(f"this machine has no {asked}", "EXCAVATE_DEVICE", "Use auto")
        name = next(n for n in there if there[n]) if asked == "auto" else asked
        return cls(name, "fp16" if name == "cuda" else "fp32")


class Clip:
    """Both towers of one CLIP."""

    is_clip = True
    has_text = True

    def __init__(self, rest: str, settings: Settings) -> None:
        import open_clip

        wanted = read_spec(rest)
        self.spec = wanted.spec
        self.device = Device.chosen(settings.device)
        weights = find_weights(wanted)
        self._name = weights.model
        self._network = _network(self.spec, weights, self.device)
        self._preprocess = dict(open_clip.get_model_preprocess_cfg(self._network))
        self._geometry = _geometry(self._preprocess)
        self._tokenizer: Any = None
        self.dimension = int(open_clip.get_model_config(weights.model)["embed_dim"])
        self.batch_size = BATCH[self.device.name]
        self.trained_on = weights.trained_on
        self.identity = self._identity(sha256_of(weights.file), weights.quick_gelu)

    def prepare(self, picture: Image) -> np.ndarray:
        """Float32 (3, height, width), resized and normalised as the weights want it."""
        picture = on_white(picture)
        for step in self._geometry:
            picture = step(picture)
        return _normal(np.asarray(picture), self._preprocess["mean"], self._preprocess["std"])

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Float32 (n, dimension), by the picture tower."""
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self.device.name, self._number_type())
            return _plain(self._network.encode_image(pixels))

    def encode_text(self, prompts: Sequence[str]) -> np.ndarray:
        """Float32 (n, dimension), by the word tower; long prompts are cut by the tokenizer.

        Raises EncoderError where the model's tokenizer is not on this machine.
        """
        import open_clip
        import torch

        if self._tokenizer is None:
            self._tokenizer = from_hub(lambda: open_clip.get_tokenizer(self._name), self.spec)
        with torch.inference_mode():
            tokens = self._tokenizer(list(prompts)).to(self.device.name)
            return _plain(self._network.encode_text(tokens))

    def _number_type(self) -> Any:
        import torch

        return torch.float16 if self.device.precision == "fp16" else torch.float32

    def _identity(self, sha256: str, quick_gelu: bool) -> str:
        p = self._preprocess
        mean, std = (",".join(f"{v:g}" for v in p[key]) for key in ("mean", "std"))
        size = p["size"] if isinstance(p["size"], int) else "x".join(str(v) for v in p["size"])
        prepared = f"{size} {p['interpolation']} {p['resize_mode']} mean={mean} std={std}"
        gelu = " quickgelu" if quick_gelu else ""
        return f"clip {self._name}{gelu} sha256:{sha256} {prepared} on white"


def _network(spec: str, weights: Weights, device: Device) -> Any:
    import open_clip

    def _build() -> Any:
        return open_clip.create_model(
            weights.model,
            pretrained=str(weights.file),
            precision=device.precision,
            device=device.name,
            weights_only=True,
            force_quick_gelu=weights.quick_gelu,
            force_preprocess_cfg=weights.preprocess,
        )

    with _quiet():
        try:
            needs_hub = "hf_model_name" in open_clip.get_model_config(weights.model)["text_cfg"]
            network = from_hub(_build, spec) if needs_hub else _build()
        except EncoderError:
            raise
        except Exception as error:
            said = " ".join(str(error).split())[:300]
            what = f"the weights in {weights.file.name} do not fit {weights.model} ({said})"
            todo = "Give a state dict of this architecture, as safetensors or a plain .pt"
            raise EncoderError(what, spec, todo) from error
    return network.eval()


@contextmanager
def _quiet() -> Iterator[None]:
    """No chatter of open_clip's on stderr while a network is built."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _geometry(preprocess: dict[str, Any]) -> list[Any]:
    """open_clip's own resizing and cropping: the steps before pixels become numbers."""
    from open_clip.transform import PreprocessCfg, image_transform_v2
    from torchvision.transforms import ToTensor  # type: ignore[import-untyped]

    steps = image_transform_v2(PreprocessCfg(**preprocess), is_train=False).transforms
    return list(steps[: next(i for i, step in enumerate(steps) if isinstance(step, ToTensor))])


def _normal(pixels: np.ndarray, mean: Sequence[float], std: Sequence[float]) -> np.ndarray:
    """Uint8 (h, w, 3) -> float32 (3, h, w), (RGB / 255 - mean) / std.

    In numpy and not in torch: torch would start a team of threads in each reading thread.
    """
    prepared = np.empty((3, *pixels.shape[:2]), np.float32)
    for channel, (middle, spread) in enumerate(zip(mean, std, strict=True)):
        scale = np.float32(1 / (255 * spread))
        np.multiply(pixels[:, :, channel], scale, out=prepared[channel])
        prepared[channel] -= np.float32(middle / spread)
    return prepared


def _plain(vectors: Any) -> np.ndarray:
    return np.asarray(vectors.float().cpu().numpy(), dtype=np.float32)


def open_encoder(rest: str, settings: Settings) -> Clip:
    """`rest` is MODEL/PRETRAINED. Raises EncoderError where the weights cannot be had."""
    return Clip(rest, settings)
