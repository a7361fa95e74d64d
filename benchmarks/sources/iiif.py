"""A IIIF Manifest with 100 annotations a canvas, embedded, against json alone."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

PARSER = "json.load"
COUNTED = ("regions",)
EACH = 100
BASE = "https://museum.example/iiif/book"


def make(folder: Path, count: int) -> str:
    """A manifest with `count` annotations."""
    seeded = random.Random(3)
    canvases = [_canvas(n, min(EACH, count - n * EACH), seeded) for n in range(-(-count // EACH))]
    manifest = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{BASE}/manifest.json",
        "type": "Manifest",
        "label": {"en": ["Generated"]},
        "items": canvases,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False))
    return f"iiif:{folder / 'manifest.json'}"


def _canvas(number: int, count: int, seeded: random.Random) -> dict[str, Any]:
    name = f"{BASE}/canvas/{number}"
    body = {"id": f"{name}.jpg", "type": "Image", "width": 2000, "height": 3000}
    painting = {"type": "Annotation", "motivation": "painting", "body": body, "target": name}
    said = [_annotation(f"{name}/{n}", name, seeded) for n in range(count)]
    return {
        "id": name,
        "type": "Canvas",
        "width": 2000,
        "height": 3000,
        "items": [{"type": "AnnotationPage", "items": [painting]}],
        "annotations": [{"id": f"{name}/page", "type": "AnnotationPage", "items": said}],
    }


def _annotation(key: str, canvas: str, seeded: random.Random) -> dict[str, Any]:
    box = ",".join(str(seeded.randrange(1, 1000)) for _ in range(4))
    value = f"단어 {seeded.randrange(10_000)}"
    return {
        "id": key,
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {"type": "TextualBody", "format": "text/plain", "language": "ko", "value": value},
        "target": f"{canvas}#xywh={box}",
    }


def bare(folder: Path) -> int:
    """Parse the document and count its annotations."""
    with (folder / "manifest.json").open(encoding="utf-8") as file:
        document = json.load(file)
    return sum(len(page["items"]) for c in document["items"] for page in c["annotations"])
