"""`onnx:FILE?mean=&std=&size=&output=&trained_on=`: the image tower of an ONNX file.

The file takes NCHW colour pictures, RGB / 255, no normalisation unless `mean` and `std` (one
or three numbers) are given. `size` is the model's own where its input says so. `output` is
by name; without it the first rank-2 output called features or embeddings, else the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.embedding.encoder import NOT_STATED, PicturesOnly
from excavate.embedding.preparing import Preparation
from excavate.embedding.spec import existing_file, numbers, sha256_of, split_options, whole
from excavate.errors import EncoderError
from excavate.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

OPTIONS = ("mean", "std", "size", "output", "trained_on")
PREFERRED = ("features", "embeddings")
LARGEST = 2048


class Onnx(PicturesOnly):
    """Runs an ONNX file in onnxruntime; the dimension is what the file really gives."""

    def __init__(self, rest: str, settings: Settings) -> None:
        self.spec = f"onnx:{rest}"
        name, options = split_options(self.spec, rest, OPTIONS)
        file = existing_file(self.spec, name)
        self._session = _session(self.spec, str(file), settings)
        self._input = _image_input(self.spec, self._session)
        self._output = _output(self.spec, self._session, options.get("output"))
        self._preparation = self._prepared_as(options)
        batch = self._input.shape[0]
        self._fixed_batch = batch if isinstance(batch, int) else None
        self.batch_size = 64
        self.dimension = self._measured_dimension()
        self.trained_on = options.get("trained_on") or NOT_STATED
        weights = f"sha256:{sha256_of(file)}"
        self.identity = f"onnx {weights} output={self._output} {self._preparation}"

    def prepare(self, picture: Image) -> np.ndarray:
        """Float32 (3, height, width)."""
        return self._preparation(picture)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Float32 (n, dimension); a file with a fixed batch gets its pictures in such runs."""
        size = self._fixed_batch
        if size is None or size == len(batch):
            return self._run(batch)
        runs = [batch[i : i + size] for i in range(0, len(batch), size)]
        return np.concatenate([self._run(_padded(run, size))[: len(run)] for run in runs])

    def _run(self, batch: np.ndarray) -> np.ndarray:
        (vectors,) = self._session.run([self._output], {self._input.name: batch})
        return np.asarray(vectors, dtype=np.float32)

    def _prepared_as(self, options: dict[str, str]) -> Preparation:
        height, width = self._input.shape[2:]
        if "size" in options:
            side = whole(self.spec, options["size"], "size", 1, LARGEST)
            if any(isinstance(own, int) and own != side for own in (height, width)):
                what = f"size={side}, but the model takes {height}x{width}"
                raise EncoderError(what, self.spec, "Leave size away")
            height = width = side
        if not isinstance(height, int) or not isinstance(width, int):
            raise EncoderError("the model does not say its size", self.spec, "Add ?size=224")
        mean = numbers(self.spec, options, "mean", 0.0)
        return Preparation(height, width, mean, numbers(self.spec, options, "std", 1.0))

    def _measured_dimension(self) -> int:
        count = self._fixed_batch or 2
        blank = np.zeros((count, 3, self._preparation.height, self._preparation.width), np.float32)
        try:
            shape = self._run(blank).shape
        except Exception as error:
            raise EncoderError(f"the model cannot be run ({error})", self.spec) from error
        if len(shape) != 2 or shape[0] != count:
            what = f"output {self._output} gives {shape} for {count} pictures, not vectors"
            raise EncoderError(what, self.spec, _choices(self._session))
        return int(shape[1])


def _session(spec: str, file: str, settings: Settings) -> Any:
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    providers = ["CPUExecutionProvider"]
    has_cuda = "CUDAExecutionProvider" in ort.get_available_providers()
    if has_cuda and settings.device in ("auto", "cuda"):
        providers.insert(0, "CUDAExecutionProvider")
    try:
        return ort.InferenceSession(file, providers=providers)
    except Exception as error:
        raise EncoderError(f"not an ONNX model that runs here ({error})", spec) from error


def _image_input(spec: str, session: Any) -> Any:
    inputs = session.get_inputs()
    first = inputs[0]
    if len(inputs) == 1 and first.type == "tensor(float)" and len(first.shape) == 4:
        channels = first.shape[1]
        if not isinstance(channels, int) or channels == 3:
            return first
    found = "; ".join(f"{i.name} {i.type} {i.shape}" for i in inputs)
    wanted = "one float input of shape (n, 3, height, width) is needed"
    raise EncoderError(f"the model takes {found}", spec, wanted)


def _output(spec: str, session: Any, asked: str | None) -> str:
    outputs = session.get_outputs()
    names: list[str] = [o.name for o in outputs]
    if asked is not None:
        if asked not in names:
            raise EncoderError(f"no output {asked!r}", spec, _choices(session))
        return asked
    rank2: list[str] = [o.name for o in outputs if len(o.shape or ()) == 2]
    return next((n for n in rank2 if n in PREFERRED), names[0])


def _choices(session: Any) -> str:
    outputs = ", ".join(f"{o.name} {o.shape}" for o in session.get_outputs())
    return f"Choose with ?output=: {outputs}"


def _padded(run: np.ndarray, size: int) -> np.ndarray:
    missing = size - len(run)
    return np.pad(run, [(0, missing)] + [(0, 0)] * (run.ndim - 1)) if missing else run


def open_encoder(rest: str, settings: Settings) -> Onnx:
    """`rest` is FILE?options. Raises EncoderError where the file cannot serve."""
    return Onnx(rest, settings)
