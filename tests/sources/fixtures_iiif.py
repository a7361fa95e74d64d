"""Small Manifests and Collections of IIIF, made for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.sources.fixtures import png, put

BASE = "https://museum.example/book"
XYWH = "#xywh=1,1,2,1"


def image(address: str = "a.png", **more: Any) -> dict[str, Any]:
    """A picture body."""
    return {"id": address, "type": "Image", "format": "image/png", **more}


def painted(body: Any, target: str) -> dict[str, Any]:
    """An annotation that paints."""
    return {"type": "Annotation", "motivation": "painting", "body": body, "target": target}


def said(target: Any, body: Any = None, **more: Any) -> dict[str, Any]:
    """An annotation that says something; a text where no body is given."""
    text = {"type": "TextualBody", "value": "고양이", "language": "ko"}
    body = text if body is None else body
    return {"type": "Annotation", "motivation": "commenting", "body": body, "target": target} | more


def canvas(name: str = "p1", *bodies: Any, **more: Any) -> dict[str, Any]:
    """A canvas of 40 x 30 with these bodies on the whole of it."""
    key = f"{BASE}/{name}"
    paintings = [body if "motivation" in body else painted(body, key) for body in bodies]
    pages = [{"type": "AnnotationPage", "items": paintings}] if paintings else []
    return {"id": key, "type": "Canvas", "width": 40, "height": 30, "items": pages} | more


def manifest(*canvases: Any, **more: Any) -> dict[str, Any]:
    """A Manifest of Presentation 3."""
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{BASE}/manifest.json",
        "type": "Manifest",
        "label": {"ko": ["책"], "en": ["Book"]},
        "items": list(canvases),
    } | more


def page(*annotations: Any) -> list[dict[str, Any]]:
    """A page of annotations, embedded."""
    return [{"id": f"{BASE}/page", "type": "AnnotationPage", "items": list(annotations)}]


def written(root: Path, document: Any, name: str = "manifest.json") -> str:
    """The source string of a document."""
    text = document if isinstance(document, (str, bytes)) else json.dumps(document)
    put(root / name, text)
    return f"iiif:{root / name}"


def version_3(root: Path) -> str:
    """Pictures local and remote, an empty canvas, sound, ranges, annotations of every shape."""
    put(root / "a.png", png(40, 30))
    put(root / "half.png", png(20, 15))
    first = f"{BASE}/p1"
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M1,1 L9,1 L9,9 z'/></svg>"
    selected = {"type": "SpecificResource", "source": first}
    annotations = page(
        said(first + XYWH, id="a1"),
        said(selected | {"selector": {"type": "PointSelector", "x": 3, "y": 4}}),
        said(selected | {"selector": {"type": "SvgSelector", "value": svg}}),
        said(first, motivation="tagging"),
    )
    structures = [
        {
            "id": f"{BASE}/r",
            "type": "Range",
            "label": {"en": ["Contents"]},
            "items": [
                {"id": f"{BASE}/r1", "type": "Range", "label": {"en": ["One"]},
                 "items": [{"id": first, "type": "Canvas"}]},
                {"id": f"{BASE}/r2", "type": "Range", "label": {"en": ["Two"]},
                 "items": [{"id": f"{BASE}/p2{XYWH}", "type": "Canvas"}]},
            ],
        }
    ]  # fmt: skip
    pair = {"label": {"en": ["Creator"], "ko": ["작가"]}, "value": {"en": ["Kim"], "ko": ["김"]}}
    return written(
        root,
        manifest(
            canvas("p1", image(width=40, height=30), annotations=annotations),
            canvas("p2", image("half.png"), annotations=page(said(f"{BASE}/p2#xywh=10,10,4,2"))),
            canvas("p3", label={"en": ["missing"]}),
            canvas("p4", image("https://elsewhere.example/x.jpg"), rights="http://x.example/by"),
            canvas("p5", {"id": "s.mp3", "type": "Sound", "format": "audio/mp3"}),
            structures=structures,
            metadata=[pair],
            rights="http://x.example/cc0",
        ),
    )


def version_2(root: Path) -> str:
    """Presentation 2: sequences, oa annotations, ranges by id, a list of annotations beside it."""
    put(root / "a.png", png(40, 30))
    first = f"{BASE}/p1"
    body = {"@id": f"{BASE}/a.png", "@type": "dctypes:Image", "width": 40, "height": 30}
    painting = {"@type": "oa:Annotation", "motivation": "sc:painting", "resource": body}
    comment = {
        "@id": "c1",
        "@type": "oa:Annotation",
        "motivation": "oa:commenting",
        "resource": {"@type": "cnt:ContentAsText", "chars": "첫 쪽"},
        "on": first + XYWH,
    }
    one = {
        "@id": first,
        "@type": "sc:Canvas",
        "label": "p. 1",
        "width": 40,
        "height": 30,
        "images": [painting | {"on": first}],
        "otherContent": [{"@id": f"{BASE}/list/l1.json", "@type": "sc:AnnotationList"}],
    }
    two = {"@id": f"{BASE}/p2", "@type": "sc:Canvas", "width": 4, "height": 3, "images": []}
    put(root / "list" / "l1.json", json.dumps(
        {"@id": f"{BASE}/list/l1.json", "@type": "sc:AnnotationList", "resources": [comment]}
    ))  # fmt: skip
    top = {"@id": "top", "@type": "sc:Range", "label": "Top", "ranges": ["r1"]}
    inner = {"@id": "r1", "@type": "sc:Range", "label": "One", "canvases": [first]}
    return written(
        root,
        {
            "@context": "http://iiif.io/api/presentation/2/context.json",
            "@id": f"{BASE}/manifest.json",
            "@type": "sc:Manifest",
            "label": [{"@value": "책", "@language": "ko"}, {"@value": "Book", "@language": "en"}],
            "license": "http://x.example/by",
            "metadata": [{"label": "Artist", "value": ["Kim", "Lee"]}],
            "sequences": [{"@type": "sc:Sequence", "canvases": [one, two]}],
            "structures": [top, inner],
        },
    )


def collection(root: Path) -> str:
    """A Collection of two Manifests beside it that share canvas and range ids, and one far away."""
    put(root / "a.png", png(40, 30))
    ranges = [{"id": "r", "type": "Range", "label": {"en": ["All"]},
               "items": [{"id": f"{BASE}/p1", "type": "Canvas"}]}]  # fmt: skip
    for name in ("one", "two"):
        document = manifest(canvas("p1", image()), id=f"{BASE}/{name}.json", structures=ranges)
        written(root, document, f"{name}.json")
    members = [{"id": f"{BASE}/{name}.json", "type": "Manifest"} for name in ("one", "two", "far")]
    document = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{BASE}/collection.json",
        "type": "Collection",
        "label": {"en": ["Shelf"]},
        "items": members,
    }
    return written(root, document, "collection.json")
