"""docs/sources.md tells of every source, under the name that the registry has, and its options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from excavate.sources import REGISTRY

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"
PARTS = ("**key**", "**options**")


def sections() -> dict[str, str]:
    found = re.split(r"^## (.+)$", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def test_every_source_has_its_section_and_no_other() -> None:
    written = {f"{name}:{e.follows}" if e.follows else name for name, e in REGISTRY.items()}
    assert set(sections()) == written


@pytest.mark.parametrize("name", REGISTRY)
def test_a_section_says_what_is_asked_of_it(name: str) -> None:
    entry = REGISTRY[name]
    text = sections()[f"{name}:{entry.follows}" if entry.follows else name]
    for part in PARTS:
        assert part in text
    assert re.search(r"\*\*left out\*\*", text, re.IGNORECASE)
    assert re.search(rf"^excavate dig '?{name}\b", text, re.MULTILINE)
    for option in entry.options:
        assert re.search(rf"\b{option}\b", text), option
