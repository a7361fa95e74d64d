"""Encoders that need no download: exact values, one fixed dimension, errors people can act on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.embedding.descriptor import Descriptor
from excavate.embedding.encoders import REGISTRY, open_encoder, usage
from excavate.embedding.pixels import Pixels
from excavate.errors import EncoderError, MissingPartError
from excavate.settings import Settings
from tests.embedding.tiny_onnx import mean_colour


def noise(width: int, height: int, mode: str = "RGB", seed: int = 0) -> Image.Image:
    draw = np.random.default_rng(seed)
    bands = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    return Image.fromarray(draw.integers(0, 256, (height, width, *bands), dtype=np.uint8), mode)


def flat(colour: tuple[int, ...], size: tuple[int, int] = (9, 5)) -> Image.Image:
    return Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour)


def vector(encoder, picture: Image.Image) -> np.ndarray:
    return encoder.encode(encoder.prepare(picture)[None])[0]


def test_a_digit_is_exactly_itself():
    greys = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
    alone = vector(Pixels(8), Image.fromarray(greys))
    as_colour = vector(Pixels(8), Image.fromarray(greys).convert("RGB"))
    assert np.array_equal(alone, greys.ravel().astype(np.float32) / np.float32(255))
    assert np.array_equal(alone, as_colour)


def test_pixels_are_means_of_the_area_they_cover():
    greys = np.random.default_rng(1).integers(0, 256, (12, 8), dtype=np.uint8)
    wanted = greys.reshape(4, 3, 4, 2).mean(axis=(1, 3)) / 255
    assert np.allclose(vector(Pixels(4), Image.fromarray(greys)), wanted.ravel(), atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    mode=st.sampled_from(["L", "RGB", "RGBA"]),
)
def test_every_picture_has_the_same_dimension_and_is_finite(width, height, mode):
    for encoder in (Pixels(5), Descriptor()):
        one = vector(encoder, noise(width, height, mode))
        assert one.shape == (encoder.dimension,)
        assert one.dtype == np.float32
        assert np.isfinite(one).all()


def test_what_is_transparent_lies_on_white():
    for encoder in (Pixels(3), Descriptor()):
        unseen = vector(encoder, flat((255, 0, 0, 0)))
        assert np.array_equal(unseen, vector(encoder, flat((255, 255, 255))))


def test_the_descriptor_tells_colour_and_direction_apart():
    encoder = Descriptor()
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::8] = stripes[:, 1::8] = 200
    lying = np.ascontiguousarray(stripes.transpose(1, 0, 2))
    red, blue = vector(encoder, flat((220, 0, 0))), vector(encoder, flat((0, 0, 220)))
    across, along = (vector(encoder, Image.fromarray(p)) for p in (stripes, lying))
    assert red @ blue == 0
    assert np.isclose(red @ red, 0.25)  # no edge: colour alone
    assert np.isclose(across @ across, 1.25, atol=1e-5)  # lengths 1 and 1/2
    assert np.allclose(across[324:], along[324:])  # the same colours
    assert across[:324] @ along[:324] < 0.2  # other directions


def test_they_say_plainly_that_they_are_not_clip():
    for spec in ("pixels:8", "descriptor"):
        encoder = open_encoder(spec, Settings())
        assert (encoder.is_clip, encoder.has_text, encoder.trained_on) == (
            False,
            False,
            "not trained",
        )
        with pytest.raises(EncoderError, match=f"{spec}: this encoder has no text"):
            encoder.encode_text(["바다"])


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("nope:1", f"nope:1: no such encoder. One of: {usage()}"),
        ("pixels", "pixels: this encoder is written otherwise. Write pixels:N"),
        ("descriptor:3", "descriptor:3: this encoder is written otherwise. Write descriptor"),
        ("pixels:0", "pixels:0: N must be a whole number from 1 to 128, not '0'"),
        ("pixels:٣", "pixels:٣: N must be a whole number from 1 to 128, not '٣'"),
        (
            "onnx:/no/such.onnx",
            "onnx:/no/such.onnx: there is no such file. Looked at /no/such.onnx",
        ),
        (
            "onnx:a.onnx?sise=3",
            "onnx:a.onnx?sise=3: unknown option sise. Options: mean, std, size, output, trained_on",
        ),
        (
            "onnx:a.onnx?size=3&size=4",
            "onnx:a.onnx?size=3&size=4: an option stands twice. "
            "Options: mean, std, size, output, trained_on",
        ),
    ],
)
def test_golden_messages(spec, said):
    with pytest.raises(EncoderError) as caught:
        open_encoder(spec, Settings())
    assert str(caught.value) == said


def test_every_registered_encoder_has_its_module():
    from importlib import import_module

    assert all(callable(import_module(m).open_encoder) for m, _ in REGISTRY.values())


class TestOnnx:
    def test_the_mean_colour(self, tmp_path):
        encoder = open_encoder(f"onnx:{mean_colour(tmp_path / 'm.onnx')}", Settings())
        assert encoder.dimension == 3
        assert encoder.trained_on == "not stated"
        assert np.allclose(vector(encoder, flat((51, 102, 255))), [0.2, 0.4, 1.0])

    def test_mean_and_std_are_applied_channel_by_channel(self, tmp_path):
        spec = f"onnx:{mean_colour(tmp_path / 'm.onnx')}?mean=0.1,0.2,0.5&std=0.5"
        given = vector(open_encoder(spec, Settings()), flat((51, 102, 255)))
        assert np.allclose(given, [0.2, 0.4, 1.0], atol=1e-6)

    @pytest.mark.parametrize("batch", [1, 3])
    def test_a_fixed_batch_is_served_in_runs(self, tmp_path, batch):
        encoder = open_encoder(f"onnx:{mean_colour(tmp_path / 'm.onnx', batch)}", Settings())
        pictures = [noise(4, 6, seed=s) for s in range(5)]
        together = encoder.encode(np.stack([encoder.prepare(p) for p in pictures]))
        wanted = [encoder.prepare(p).mean(axis=(1, 2)) for p in pictures]
        assert np.allclose(together, wanted, atol=1e-6)

    def test_identity_is_weights_and_preparation_not_the_name(self, tmp_path):
        one = mean_colour(tmp_path / "one.onnx")
        other = tmp_path / "other.onnx"
        other.write_bytes(one.read_bytes())
        named = mean_colour(tmp_path / "named.onnx", named="embeddings")
        identities = [
            open_encoder(f"onnx:{rest}", Settings()).identity
            for rest in (one, other, f"{one}?std=2", f"{one}?output=features", named)
        ]
        assert identities[0] == identities[1] == identities[3]
        assert len(set(identities)) == 3

    def test_the_lens_is_named_when_told(self, tmp_path):
        spec = f"onnx:{mean_colour(tmp_path / 'm.onnx')}?trained_on=CIFAR-10"
        assert open_encoder(spec, Settings()).trained_on == "CIFAR-10"

    def test_what_cannot_serve_is_refused_with_a_reason(self, tmp_path):
        free = mean_colour(tmp_path / "free.onnx", size=("h", "w"))
        grey = mean_colour(tmp_path / "grey.onnx", channels=1)
        good = mean_colour(tmp_path / "good.onnx", size=(4, 4))
        broken = tmp_path / "broken.onnx"
        broken.write_bytes(good.read_bytes()[:40])
        reasons = {
            f"{free}": "the model does not say its size. Add [?]size=224",
            f"{grey}": r"the model takes picture tensor\(float\) \['n', 1, 4, 6\]",
            f"{good}?output=pooled": r"output pooled gives \(2, 3, 1, 1\) for 2 pictures",
            f"{good}?output=x": "no output 'x'. Choose with [?]output=: pooled",
            f"{good}?size=8": "size=8, but the model takes 4x4. Leave size away",
            f"{good}?mean=a": "mean=a is not one or three numbers",
            f"{good}?std=0": "std=0 is not one or three numbers.*no zero",
            f"{broken}": "not an ONNX model that runs here",
        }
        for rest, reason in reasons.items():
            with pytest.raises(EncoderError, match=reason):
                open_encoder(f"onnx:{rest}", Settings())
        assert open_encoder(f"onnx:{free}?size=7", Settings()).dimension == 3

    @pytest.mark.shared_data
    def test_the_real_resnet(self, shared):
        weights = shared / "weights/resnet-cifar10/resnet56-4bfd9763.onnx"
        encoder = open_encoder(f"onnx:{weights}", Settings())
        assert encoder.dimension == 64
        assert "output=features RGB/255 32x32" in encoder.identity
        together = encoder.encode(
            np.stack([encoder.prepare(noise(32, 32, seed=s)) for s in (0, 1)])
        )
        alone = vector(encoder, noise(32, 32, seed=1))
        assert np.allclose(together[1], alone, atol=1e-4)
        assert not np.allclose(together[0], together[1], atol=1e-2)


class TestTflite:
    @pytest.mark.shared_data
    def test_the_real_mobilenet(self, shared):
        pytest.importorskip("ai_edge_litert")
        name = "mobilenet_v1_1.0_224_quant_embedding_extractor.tflite"
        encoder = open_encoder(f"tflite:{shared / 'weights/coral' / name}", Settings())
        assert encoder.dimension == 1024
        assert encoder.prepare(noise(30, 20)).dtype == np.uint8
        one = vector(encoder, noise(300, 200))
        scale = encoder._output["quantization"][0]
        assert one.min() >= 0  # after a ReLU6: the zero point is taken off
        assert np.allclose(one / scale, np.round(one / scale), atol=1e-3)
        assert len(np.unique(one)) > 10

    def test_a_file_that_is_no_model(self, tmp_path):
        pytest.importorskip("ai_edge_litert")
        file = tmp_path / "m.tflite"
        file.write_bytes(b"not a model")
        with pytest.raises(EncoderError, match="not a TensorFlow Lite model"):
            open_encoder(f"tflite:{file}", Settings())

    def test_without_the_package_it_says_how_to_get_it(self, tmp_path, monkeypatch):
        import sys

        monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
        file: Path = tmp_path / "m.tflite"
        file.write_bytes(b"x")
        with pytest.raises(MissingPartError, match="pip install 'ai-edge-litert>=2'"):
            open_encoder(f"tflite:{file}", Settings())
