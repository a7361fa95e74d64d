"""The checker of Presentation 3 is right: the cookbook passes it, and broken ones do not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from excavate.release.iiif_manifest import as_manifest
from tests.release.given import contents
from tests.release.presentation3 import faults

Node = dict[str, Any]
TEMPLATE = "0000_template"  # to be filled in: it has no canvas
VERSION_2 = "manifest-v2.json"


def recipes(root: Path) -> dict[str, Node]:
    """The cookbook's Manifests, with the addresses that its build puts in."""
    found = {}
    for file in sorted((root / "iiif-cookbook" / "recipe").rglob("*.json")):
        name = file.relative_to(root / "iiif-cookbook").as_posix()
        here = f"https://iiif.io/{name}"
        text = file.read_text("utf-8").replace("{{ id.path }}", here.rpartition("/")[0])
        text = text.replace("{{ id.url }} ", here).replace("{{ id.url }}", here)  # a space too many
        node = json.loads(text)
        if node.get("type") == "Manifest":
            found[name] = node
    return found


@pytest.mark.shared_data
def test_every_recipe_of_the_cookbook_passes(shared: Path) -> None:
    there = recipes(shared)
    wrong = {name: faults(node) for name, node in there.items() if TEMPLATE not in name}
    assert len(wrong) >= 80
    assert {name: found for name, found in wrong.items() if found} == {}


def first(node: Node) -> Node:
    return node["items"][0]


def painted(node: Node) -> Node:
    return first(node)["items"][0]["items"][0]


def said(node: Node) -> Node:
    return first(node)["annotations"][-1]


# What is broken, and what has to be said of it.
BROKEN: dict[str, tuple[Callable[[Node], Any], str]] = {
    "no-context": (lambda m: m.pop("@context"), "@context"),
    "no-label": (lambda m: m.pop("label"), "no label"),
    "plain-label": (lambda m: m.update(label="Hands"), "no language map"),
    "empty-label": (lambda m: m.update(label={}), "no language map"),
    "no-language": (lambda m: m.update(label={"@none": ["x"]}), "is no language"),
    "label-of-text": (lambda m: m.update(label={"en": "x"}), "no list of texts"),
    "no-items": (lambda m: m.update(items=[], structures=[]), "with something in it"),
    "kogl-as-rights": (lambda m: m.update(rights="https://www.kogl.or.kr/"), "neither Creative"),
    "https-rights": (
        lambda m: m.update(rights="https://creativecommons.org/licenses/by/4.0/"), "neither",
    ),
    "urn-id": (lambda m: m.update(id="urn:x:1"), "no http(s) id"),
    "same-canvas-twice": (lambda m: m["items"].append(first(m)), "is the id of"),
    "fragment": (lambda m: first(m).update(id=first(m)["id"] + "#1"), "with a fragment"),
    "no-size": (lambda m: (first(m).pop("width"), first(m).pop("height")), "neither a size"),
    "half-a-size": (lambda m: first(m).pop("width"), "belong together"),
    "size-of-nothing": (lambda m: first(m).update(width=0), "no positive"),
    "size-in-parts": (lambda m: first(m).update(height=1.5), "no positive"),
    "elsewhere": (lambda m: painted(m).update(target="https://example.org/x"), "is of https"),
    "not-painting": (lambda m: painted(m).update(motivation="commenting"), "what is painted"),
    "painting-said": (lambda m: said(m)["items"][0].update(motivation="painting"), "paints"),
    "no-target": (lambda m: said(m)["items"][0].pop("target"), "no target"),
    "empty-page": (lambda m: said(m).update(items=[]), "with something in it"),
    "bare-annotation": (
        lambda m: first(m).update(annotations=said(m)["items"]), "type 'Annotation'",
    ),
    "range-of-nothing": (lambda m: m["structures"][0].update(items=[]), "something in it"),
    "range-of-strangers": (
        lambda m: m["structures"][0]["items"][0].update(id="https://example.org/x"), "no canvas",
    ),
    "metadata": (lambda m: first(m)["metadata"][0].pop("value"), "no value"),
    "statement": (lambda m: m["requiredStatement"].pop("label"), "no label"),
    "thumbnail": (lambda m: first(m).update(thumbnail={"id": "https://x.org/1"}), "not a list"),
    "homepage": (lambda m: m["homepage"][0].pop("label"), "no label"),
    "unknown": (lambda m: m.update(license="x"), "no property 'license'"),
    "behaviour": (lambda m: m.update(behavior=["paged", "continuous"]), "exclude"),
    "body": (lambda m: painted(m)["body"].pop("type"), "without a type"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(name: str) -> None:
    breaks, said_of_it = BROKEN[name]
    node = copy.deepcopy(as_manifest(contents()))
    assert faults(node) == []
    breaks(node)
    found = faults(node)
    assert any(said_of_it in one for one in found), found
