"""CLIP through open_clip: a tiny architecture with seeded weights, saved and loaded by path."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from excavate.embedding.clip_weights import TRAINED_ON, read_spec, trained_on
from excavate.embedding.encoders import DEFAULT_CLIP, MULTILINGUAL_CLIP, open_encoder
from excavate.errors import EncoderError
from excavate.settings import Settings

TINY = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "patch_size": 8, "head_width": 16},
    "text_cfg": {
        "context_length": 77,
        "vocab_size": 49408,
        "width": 32,
        "heads": 2,
        "layers": 1,
    },
}
ON_CPU = Settings(device="cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    """A folder with tiny.pt and tiny.safetensors: seeded random weights of `Tiny-CLIP`."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "Tiny-CLIP.json").write_text(json.dumps(TINY))
    open_clip.add_model_config(folder / "Tiny-CLIP.json")
    torch.manual_seed(0)
    state = open_clip.create_model("Tiny-CLIP", load_weights=False).state_dict()
    torch.save(state, folder / "tiny.pt")
    save_file({k: v.contiguous() for k, v in state.items()}, folder / "tiny.safetensors")
    return folder


def noise(seed: int, mode: str = "RGB") -> Image.Image:
    draw = np.random.default_rng(seed)
    bands = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    return Image.fromarray(draw.integers(0, 256, (40, 50, *bands), dtype=np.uint8))


@pytest.mark.parametrize(
    ("rest", "model", "pretrained", "is_file"),
    [
        ("ViT-B-32/laion2b_s34b_b79k", "ViT-B-32", "laion2b_s34b_b79k", False),
        ("ViT-B-32//disk/w.pt", "ViT-B-32", "/disk/w.pt", True),
        ("ViT-B-32/./w.safetensors", "ViT-B-32", "./w.safetensors", True),
        ("ViT-B-32/w.safetensors", "ViT-B-32", "w.safetensors", True),
        ("ViT-B-32/~/w", "ViT-B-32", "~/w", True),
    ],
)
def test_a_tag_and_a_file_cannot_be_confused(rest, model, pretrained, is_file):
    wanted = read_spec(rest)
    assert (wanted.model, wanted.pretrained, wanted.is_file) == (model, pretrained, is_file)


@pytest.mark.parametrize("rest", ["ViT-B-32", "ViT-B-32/", "/openai", "ViT-B-32/openai?as=webli"])
def test_what_is_written_otherwise(rest):
    with pytest.raises(EncoderError):
        read_spec(rest)


def test_the_lens_of_a_tag():
    assert trained_on("laion2b_s34b_b79k") == "LAION-2B"
    assert trained_on("openai") == "WIT-400M (OpenAI, not published)"
    assert trained_on("datacomp_s34b_b86k") == "DataComp-1B"
    assert trained_on("datacomp_s_s13m_b4k") == "DataComp, small pool, filtered"
    assert trained_on("datacompdr_lt") == "DataCompDR-1B"
    assert trained_on("something") == "not stated (tag something)"


@pytest.mark.torch
def test_a_lens_is_named_for_nearly_every_tag_of_open_clip():
    import open_clip

    unnamed = {tag for _, tag in open_clip.list_pretrained() if "(tag" in trained_on(tag)}
    assert unnamed <= {"meta", "mrl", "v1"}
    assert all(any(t.startswith(p) for _, t in open_clip.list_pretrained()) for p, _ in TRAINED_ON)


@pytest.mark.torch
class TestTiny:
    def test_pictures_and_words_in_one_space(self, weights):
        encoder = open_encoder(f"clip:Tiny-CLIP/{weights}/tiny.pt", ON_CPU)
        assert (encoder.is_clip, encoder.has_text, encoder.dimension) == (True, True, 16)
        assert encoder.trained_on == "not stated"
        prepared = np.stack([encoder.prepare(noise(s, m)) for s, m in enumerate(("L", "RGB"))])
        assert prepared.shape == (2, 3, 32, 32)
        assert prepared.dtype == np.float32
        pictures, words = encoder.encode(prepared), encoder.encode_text(["바다", "sea", "바다"])
        assert pictures.shape == (2, 16)
        assert words.shape == (3, 16)
        assert words.dtype == pictures.dtype == np.float32
        assert np.array_equal(words[0], words[2])
        assert not np.allclose(words[0], words[1])

    def test_it_is_open_clips_own_forward_pass(self, weights):
        import open_clip
        import torch

        spec = f"clip:Tiny-CLIP/{weights}/tiny.safetensors"
        encoder = open_encoder(spec, ON_CPU)
        network, _, prepare = open_clip.create_model_and_transforms(
            "Tiny-CLIP", pretrained=str(weights / "tiny.pt")
        )
        with torch.inference_mode():
            theirs = network.eval().encode_image(prepare(noise(3))[None]).numpy()
            words = network.encode_text(open_clip.get_tokenizer("Tiny-CLIP")(["a map"])).numpy()
        ours = encoder.encode(encoder.prepare(noise(3))[None])
        assert np.allclose(ours, theirs, atol=1e-6)
        assert np.allclose(encoder.encode_text(["a map"]), words, atol=1e-6)

    def test_what_is_transparent_lies_on_white(self, weights):
        encoder = open_encoder(f"clip:Tiny-CLIP/{weights}/tiny.pt", ON_CPU)
        unseen = encoder.prepare(Image.new("RGBA", (9, 9), (200, 0, 0, 0)))
        assert np.array_equal(unseen, encoder.prepare(Image.new("RGB", (9, 9), "white")))

    def test_identity_is_architecture_weights_and_preparation(self, weights):
        spec = f"clip:Tiny-CLIP/{weights}/tiny.pt"
        one, again = (open_encoder(spec, ON_CPU).identity for _ in range(2))
        other = open_encoder(f"clip:Tiny-CLIP/{weights}/tiny.safetensors", ON_CPU).identity
        assert one == again != other
        assert one.startswith("clip Tiny-CLIP sha256:")
        assert one.endswith(
            " 32x32 bicubic shortest mean=0.481455,0.457827,0.408211 "
            "std=0.26863,0.261303,0.275777 on white"
        )

    def test_a_file_may_name_its_lens(self, weights):
        spec = f"clip:Tiny-CLIP/{weights}/tiny.pt?trained_on=a+thousand+drawings"
        assert open_encoder(spec, ON_CPU).trained_on == "a thousand drawings"

    def test_weights_of_another_architecture(self, weights):
        with pytest.raises(EncoderError, match=r"the weights in tiny\.pt do not fit ViT-S-32"):
            open_encoder(f"clip:ViT-S-32/{weights}/tiny.pt", ON_CPU)

    def test_a_pickle_is_never_run(self, tmp_path, weights):
        class Trap:
            def __reduce__(self):
                return (Path.touch, (tmp_path / "sprung",))

        (tmp_path / "trap.pt").write_bytes(pickle.dumps({"state_dict": Trap()}))
        with pytest.raises(EncoderError, match="do not fit"):
            open_encoder(f"clip:Tiny-CLIP/{tmp_path}/trap.pt", ON_CPU)
        assert not (tmp_path / "sprung").exists()

    def test_a_missing_file(self, tmp_path, weights):
        with pytest.raises(EncoderError, match="there is no such file"):
            open_encoder(f"clip:Tiny-CLIP/{tmp_path}/none.pt", ON_CPU)

    def test_a_tag_that_the_model_lacks_lists_those_it_has(self):
        with pytest.raises(EncoderError, match=r"no weights 'nope'\. Its tags: openai, laion400m"):
            open_encoder("clip:ViT-B-32/nope", ON_CPU)
        with pytest.raises(EncoderError, match="open_clip has no model 'ViT-X'"):
            open_encoder("clip:ViT-X/openai", ON_CPU)

    def test_a_device_that_is_not_there(self, weights):
        import torch

        if torch.backends.mps.is_available():
            pytest.skip("this machine has MPS")
        with pytest.raises(EncoderError, match="EXCAVATE_DEVICE: this machine has no mps"):
            open_encoder(f"clip:Tiny-CLIP/{weights}/tiny.pt", Settings(device="mps"))
        with pytest.raises(EncoderError, match="no device 'tpu'"):
            open_encoder(f"clip:Tiny-CLIP/{weights}/tiny.pt", Settings(device="tpu"))

    def test_half_precision_on_cuda(self, weights):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no CUDA device on this machine")
        spec = f"clip:Tiny-CLIP/{weights}/tiny.pt"
        on_cpu, on_gpu = open_encoder(spec, ON_CPU), open_encoder(spec, Settings(device="cuda"))
        assert on_gpu.device.precision == "fp16"
        batch = np.stack([on_cpu.prepare(noise(s)) for s in range(4)])
        assert np.allclose(on_cpu.encode(batch), on_gpu.encode(batch), atol=2e-2)
        assert on_gpu.encode_text(["sea"]).shape == (1, 16)


@pytest.mark.torch
@pytest.mark.parametrize("spec", [DEFAULT_CLIP, MULTILINGUAL_CLIP])
def test_weights_that_cannot_be_had_name_three_ways_out(spec, tmp_path, monkeypatch, caplog):
    """An empty cache and an address nobody listens on: no network is needed for this test."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EncoderError) as caught:
        open_encoder(spec, ON_CPU)
    assert "Retrying" not in caplog.text
    said = str(caught.value)
    assert said.startswith(f"{spec}: its files are not on this machine and the model hub cannot")
    for way in ("connect to the internet once", "clip:MODEL//path/to", "pixels:N, descriptor"):
        assert way in said
    assert "\n" not in said
