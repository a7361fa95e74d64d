"""One Pascal VOC XML: parsed without entities of its own, and read into rows, verbatim."""

from __future__ import annotations

import codecs
import json
import math
import re
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from excavate.sources.read_once import Rows

DECLARED = re.compile(rb"""^(\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
PLAIN = ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1")
EDGES = ("xmin", "ymin", "xmax", "ymax")
LARGEST = 2**31
MOST_NUMBERS = 65_536
Box = tuple[float, float, float, float]
_encoded = json.JSONEncoder(ensure_ascii=False).encode


class XmlError(Exception):
    """An XML cannot be read; `str()` says where in it, and why."""


def parsed(content: bytes) -> Element:
    """The root of an XML. Raises XmlError, also where it declares entities of its own."""
    declared = DECLARED.match(content)
    coding = declared[2].decode().lower() if declared else "utf-8"
    try:
        if b"<!DOCTYPE" not in content and b"\0" not in content and coding in PLAIN:
            return fromstring(content)  # noqa: S314 - no document type, so no entities
        return _with_care(content, coding)
    except (ParseError, expat.ExpatError) as error:
        line, column = error.position if isinstance(error, ParseError) else _place(error)
        reason = expat.ErrorString(error.code)
        raise XmlError(f"line {line}, column {column + 1}: no XML ({reason})") from error
    except (LookupError, ValueError) as error:
        raise XmlError(f"line 1: its text cannot be read ({error})") from error


def _with_care(content: bytes, coding: str) -> Element:
    """Parse what has a document type or an encoding that expat may not know (euc-kr)."""
    if coding not in PLAIN and not codecs.lookup(coding).name.startswith("utf-16"):
        text = content.decode(coding)
        content = re.sub(r"^<\?xml[^>]*\?>", "<?xml version='1.0'?>", text).encode()
    reader = expat.ParserCreate()

    def refuse(name: str, *_: Any) -> None:
        line = reader.CurrentLineNumber
        raise XmlError(f"line {line}: it declares an entity ({name}), which is refused")

    reader.EntityDeclHandler = refuse
    reader.Parse(content, True)
    return fromstring(content)  # noqa: S314 - without entities, as was just seen


def _place(error: expat.ExpatError) -> tuple[int, int]:
    return error.lineno, error.offset


def plain(element: Element) -> Any:
    """An element as it stands: its text, or its children by name; None where it is empty."""
    found: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        value = plain(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    if not found:
        return element.text
    return {**found, "#text": element.text} if element.text and element.text.strip() else found


class Objects:
    """Reads the `object`s of pictures into regions and labels; counts what has no place."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}  # every name, in the order of appearance
        self.without_box = 0
        self._known: dict[tuple[tuple[str, Any], ...], str] = {}

    def read(self, objects: list[Element], row: int, rows: Rows) -> None:
        """The regions of one picture, each followed by its parts; each name is one label."""
        named: dict[str, None] = {}
        for number, element in enumerate(objects):
            name, parts = self._region(element, row, rows, {})
            if name:
                named[name] = None
            for part in parts:
                self._region(part, row, rows, {"part_of": number})
        rows.labels += [(row, "object", name, name, "source") for name in named]

    def _region(
        self, element: Element, row: int, rows: Rows, extra: dict[str, Any]
    ) -> tuple[str | None, list[Element]]:
        name: str | None = None
        box: Box | None = None
        parts: list[Element] = []
        inner = "part_of" in extra  # the parts of a part stay with it, as they stand
        for child in element:
            tag = child.tag
            if tag == "name" and name is None:
                name = child.text
                if len(child) or child.attrib:
                    _keep(extra, child)
            elif tag == "bndbox" and box is None and "bndbox" not in extra:
                box = self._box(child, extra)
            elif tag == "part" and not inner:
                parts.append(child)
            elif tag in extra or len(child) or child.attrib:
                _keep(extra, child)
            else:
                extra[tag] = child.text
        extra |= {f"@{attribute}": value for attribute, value in element.attrib.items()}
        self._add((name, box, extra), row, rows)
        return name, parts

    def _add(self, said: tuple[str | None, Box | None, Any], row: int, rows: Rows) -> None:
        name, box, extra = said
        if name:
            self.names[name] = None
        self.without_box += box is None
        x, y, width, height = box or (None, None, None, None)
        more = self._json(extra)
        rows.regions.append((row, "box", x, y, width, height, None, name, name or None, more))

    def _box(self, element: Element, extra: dict[str, Any]) -> Box | None:
        """The box; its numbers as written go to `extra` where they are not whole."""
        said = {child.tag: child.text for child in element}
        if len(said) == len(element) == 4 and not _has_attributes(element):
            try:
                left, top = _WHOLE[said["xmin"]], _WHOLE[said["ymin"]]
                return (left, top, _WHOLE[said["xmax"]] - left, _WHOLE[said["ymax"]] - top)
            except KeyError:
                pass
        extra["bndbox"] = plain(element)
        numbers = [_number(said.get(edge)) for edge in EDGES]
        if None in numbers:
            return None
        first, second, third, fourth = (number or 0.0 for number in numbers)
        return (first, second, third - first, fourth - second)

    def _json(self, extra: dict[str, Any]) -> str | None:
        """As JSON; the few ways in which most objects are alike are written once."""
        if not extra:
            return None
        key = tuple(extra.items())
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) < 4096:
                return self._known.setdefault(key, _encoded(extra))
        except TypeError:  # something nested
            pass
        return _encoded(extra)


def _keep(extra: dict[str, Any], child: Element) -> None:
    """Keep an element as it stands; several of one name as a list."""
    value = child.text if not len(child) and not child.attrib else plain(child)
    before = len(extra)
    held = extra.setdefault(child.tag, value)
    if isinstance(held, list):
        held.append(value)
    elif len(extra) == before:
        extra[child.tag] = [held, value]


def _has_attributes(element: Element) -> bool:
    return bool(element.attrib or [1 for child in element if child.attrib])


@dataclass(slots=True)
class Picture:
    """What an XML says of its picture; `said` is (name, value) of all that has no other place."""

    filename: str | None = None
    width: int | None = None
    height: int | None = None
    creator: str | None = None
    said: list[tuple[str, Any]] = field(default_factory=list)
    objects: list[Element] = field(default_factory=list)


def picture_of(root: Element) -> Picture:
    """An `annotation` taken apart: 'source.database', 'size.depth', … are names in `said`."""
    found = Picture(said=[(f"@{name}", value) for name, value in root.attrib.items()])
    for child in root:
        tag = child.tag
        if tag == "object":
            found.objects.append(child)
        elif tag == "filename" and found.filename is None:
            found.filename = child.text
            if child.attrib:
                found.said.append((tag, plain(child)))
        elif len(child) or child.attrib:
            found.said += _flat(child, tag)
        else:
            found.said.append((tag, child.text))
    named = dict(found.said)
    found.width, found.height = _pixels(named.get("size.width")), _pixels(named.get("size.height"))
    creator = named.get("owner.name")
    found.creator = creator if creator and isinstance(creator, str) else None
    return found


def _pixels(text: Any) -> int | None:
    """A width or height, where it is whole and above zero."""
    number = _WHOLE[text] if isinstance(text, str) and _is_whole(text) else 0
    return number if 0 < number < LARGEST else None


def _flat(element: Element, name: str) -> list[tuple[str, Any]]:
    if len({child.tag for child in element}) < len(element) or element.attrib:
        return [(name, plain(element))]  # repeated: together, as JSON
    found: list[tuple[str, Any]] = []
    for child in element:
        inner = f"{name}.{child.tag}"
        found += _flat(child, inner) if len(child) or child.attrib else [(inner, child.text)]
    return found


class _Whole(dict[str | None, int]):
    """Numbers by their text; those that are not written as whole numbers are no keys."""

    def __missing__(self, text: str | None) -> int:
        if not _is_whole(text):
            raise KeyError(text)
        if len(self) > MOST_NUMBERS:
            self.clear()
        return self.setdefault(text, int(text or 0))


def _is_whole(text: str | None) -> bool:
    """Whether a number is written as this program would write it: digits alone."""
    return text is not None and text.isdecimal() and len(text) < 16 and str(int(text)) == text


def _number(text: Any) -> float | None:
    if not isinstance(text, str) or "_" in text:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


_WHOLE = _Whole()
