"""IIIF's words: ids, types and language maps of Presentation 2 and 3, read alike.

A language map becomes one value a language, so that none is lost: ("ko", "그림"), ("", "plain").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from excavate.model import Attribute, as_json, as_text

Node = dict[str, Any]
PLAIN = ("none", "@none", "")


def id_of(node: Any) -> str:
    """The id of a resource, or of a reference to one; "" where it has none."""
    found = node.get("id", node.get("@id")) if isinstance(node, dict) else node
    return found if isinstance(found, str) else ""


def type_of(node: Any) -> str:
    """The type without its prefix: sc:Manifest is Manifest; "" where it has none."""
    found = node.get("type", node.get("@type")) if isinstance(node, dict) else None
    said = found[0] if isinstance(found, list) and found else found
    return said.rpartition(":")[2] if isinstance(said, str) else ""


def many(value: Any) -> list[Any]:
    """A value that may be none, one or a list, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def nodes(value: Any) -> Iterator[Node]:
    """The objects of a value that may be none, one or a list."""
    return (node for node in many(value) if isinstance(node, dict))


def spoken(value: Any) -> list[tuple[str, str]]:
    """(language, value) of a language map or a plain value; several values are a JSON list."""
    if isinstance(value, dict) and "@value" not in value:
        found = {name: many(said) for name, said in value.items()}
    else:
        found = {}
        for said in many(value):
            tagged = isinstance(said, dict) and "@value" in said
            language = str(said.get("@language") or "") if tagged else ""
            found.setdefault(language, []).append(said["@value"] if tagged else said)
    return [
        ("" if language in PLAIN else language, str(as_text(said[0] if len(said) == 1 else said)))
        for language, said in found.items()
        if said
    ]


def first_words(value: Any) -> str:
    """The first of a label's values; "" where it has none."""
    if isinstance(value, dict) and "@value" not in value:
        value = [said for held in value.values() for said in many(held)]
    for said in many(value):
        word = said.get("@value") if isinstance(said, dict) else said
        if word:
            return str(as_text(word))
    return ""


def facts(node: Node, prefix: str, left_out: frozenset[str], source: str) -> Iterator[Attribute]:
    """Every property of a resource as attributes, those that are read elsewhere left out."""
    for name, value in node.items():
        if name in left_out:
            continue
        if name == "metadata":
            for pair in nodes(value):
                yield from _pair(pair, f"{prefix}metadata", source)
        elif name in ("label", "summary", "description", "attribution"):
            for language, said in spoken(value):
                yield Attribute(_in(f"{prefix}{name}", language), said, source=source)
        else:
            yield Attribute(f"{prefix}{name}", value, source=source)


def _pair(pair: Node, prefix: str, source: str) -> Iterator[Attribute]:
    """A label and its value; a label in the value's own language where there is one."""
    names = dict(spoken(pair.get("label")))
    first = next(iter(names), "")
    used = {first}
    values: list[tuple[str, str | None]] = [*spoken(pair.get("value"))]
    for language, said in values or [("", None)]:
        label = names.get(language, names.get(first, ""))
        used.add(language)
        yield Attribute(_in(f"{prefix}.{label}", language), said, source=source)
    for language in names.keys() - used:
        name = _in(f"{prefix}.{names[first]}.label", language)
        yield Attribute(name, names[language], source=source)
    if more := {name: said for name, said in pair.items() if name not in ("label", "value")}:
        yield Attribute(f"{prefix}.{names.get(first, '')}.more", as_json(more), source=source)


def _in(name: str, language: str) -> str:
    return f"{name}@{language}" if language else name
