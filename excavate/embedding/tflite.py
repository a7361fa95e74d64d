"""`tflite:FILE?mean=&std=&output=&trained_on=`: a TensorFlow Lite image tower, optional part.

Whole-number inputs take the RGB bytes as they are (quantised models carry their own scale);
float inputs take RGB / 255 with `mean` and `std`. Whole-number outputs are dequantised by
their scale and zero point. `output` is a name or a number, 0 unless given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.embedding.encoder import NOT_STATED, PicturesOnly
from excavate.embedding.preparing import Preparation, colour
from excavate.embedding.spec import existing_file, numbers, sha256_of, split_options
from excavate.errors import EncoderError, MissingPartError
from excavate.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

OPTIONS = ("mean", "std", "output", "trained_on")


class Tflite(PicturesOnly):
    """Runs a .tflite file in LiteRT, one picture at a time."""

    batch_size = 64

    def __init__(self, rest: str, settings: Settings) -> None:
        self.spec = f"tflite:{rest}"
        name, options = split_options(self.spec, rest, OPTIONS)
        file = existing_file(self.spec, name)
        self._network = _interpreter(self.spec, str(file), settings)
        self._input = _image_input(self.spec, self._network)
        self._output = _output(self.spec, self._network, options.get("output"))
        _, height, width, _ = (int(v) for v in self._input["shape"])
        mean = numbers(self.spec, options, "mean", 0.0)
        std = numbers(self.spec, options, "std", 1.0)
        self._preparation = Preparation(height, width, mean, std)
        self._kind = np.dtype(self._input["dtype"])
        self.dimension = int(np.prod(self._output["shape"]))
        self.trained_on = options.get("trained_on") or NOT_STATED
        self.identity = self._identity(sha256_of(file))

    def prepare(self, picture: Image) -> np.ndarray:
        """(height, width, 3) in the type that the model takes."""
        if self._kind == np.float32:
            return np.ascontiguousarray(self._preparation(picture).transpose(1, 2, 0))
        pixels = colour(picture, self._preparation.height, self._preparation.width)
        return pixels if self._kind == np.uint8 else (pixels.astype(np.int16) - 128).astype(np.int8)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Float32 (n, dimension)."""
        return np.stack([self._one(prepared) for prepared in batch])

    def _one(self, prepared: np.ndarray) -> np.ndarray:
        self._network.set_tensor(self._input["index"], prepared[None])
        self._network.invoke()
        raw = self._network.get_tensor(self._output["index"]).reshape(-1)
        if raw.dtype.kind not in "iu":
            return np.asarray(raw, dtype=np.float32)
        scale, zero = self._output["quantization"]
        return np.asarray((raw.astype(np.float32) - zero) * scale, dtype=np.float32)

    def _identity(self, sha256: str) -> str:
        size = f"{self._preparation.height}x{self._preparation.width}"
        bytes_as = f"RGB {self._kind} {size} bilinear stretched"
        prepared = str(self._preparation) if self._kind == np.float32 else bytes_as
        return f"tflite sha256:{sha256} output={self._output['name']} {prepared}"


def _interpreter(spec: str, file: str, settings: Settings) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        todo = "Run: pip install 'ai-edge-litert>=2'"
        raise MissingPartError("TensorFlow Lite is not installed", spec, todo) from error
    try:
        network = Interpreter(model_path=file, num_threads=max(1, settings.workers))
        network.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        raise EncoderError(f"not a TensorFlow Lite model ({error})", spec) from error
    return network


def _image_input(spec: str, network: Any) -> Any:
    inputs = network.get_input_details()
    first = inputs[0]
    shape = tuple(int(v) for v in first["shape"])
    kinds = (np.uint8, np.int8, np.float32)
    if len(inputs) == 1 and len(shape) == 4 and shape[::3] == (1, 3) and first["dtype"] in kinds:
        return first
    found = "; ".join(f"{i['name']} {tuple(i['shape'])}" for i in inputs)
    wanted = "one input of shape (1, height, width, 3) is needed"
    raise EncoderError(f"the model takes {found}", spec, wanted)


def _output(spec: str, network: Any, asked: str | None) -> Any:
    outputs = network.get_output_details()
    asked = asked or "0"
    for number, output in enumerate(outputs):
        if asked in (str(number), output["name"]):
            return output
    names = ", ".join(f"{number} {o['name']}" for number, o in enumerate(outputs))
    raise EncoderError(f"no output {asked!r}", spec, f"Choose with ?output=: {names}")


def open_encoder(rest: str, settings: Settings) -> Tflite:
    """`rest` is FILE?options. Raises MissingPartError without ai-edge-litert."""
    return Tflite(rest, settings)
