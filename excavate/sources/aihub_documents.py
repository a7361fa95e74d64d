"""One JSON of AI Hub: the pictures it is of, their regions, labels and attributes.

AI Hub's datasets share no schema, so a document is walked. Where a record names a place (`bbox`,
`polygon`, `Type_value`, `렉트좌표`, …; see aihub_keys) it is a region, and its class is what
`class_name`, `label`, `category_id` and the like say; all else in it stays in `extra`. What belongs
to no region is an attribute by its path, lists as JSON. A place in a form that is not known stays
verbatim, and is counted, for the dataset to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from excavate.sources.aihub_keys import (
    LISTS,
    SAYINGS,
    SHAPES,
    Plan,
    category_of,
    holds_places,
    plan,
)
from excavate.sources.aihub_shapes import XYWH, Shape, plain_name, says_more, shape_of
from excavate.sources.json_text import compact

Record = dict[str, Any]
COCO = ("images", "annotations")
NO_ID = "None"  # of an annotation or picture without one
NO_BOX = (None, None, None, None)
EMPTY: tuple[list[Any], ...] = ([{}], [[]])


@dataclass
class Said:
    """What one JSON says of one picture; regions as rows of REGION_COLUMNS without the first."""

    attributes: list[tuple[str, Any]] = field(default_factory=list)
    regions: list[tuple[Any, ...]] = field(default_factory=list)
    labels: dict[tuple[str, str], str | None] = field(default_factory=dict)  # -> category


@dataclass
class Reader:
    """Reads documents. `unknown` counts, by path, the places that were not understood.

    `lost` counts, by the picture's id, the annotations of pictures that a document does not list;
    `assumed` the boxes of four numbers, which nothing but `form` explains.
    """

    form: str = XYWH
    unknown: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    assumed: int = 0
    categories: dict[str, Record] = field(default_factory=dict)  # name -> what is said of it

    def pictures(self, document: Any) -> Iterator[tuple[str | None, Said]]:
        """(which of the document's pictures, None for the only one; what is said of it)."""
        if not isinstance(document, dict):
            document = {"annotations": document}
        names: dict[str, str] = {}
        if "categories" in document:
            names, rest = self._learned(document["categories"])
            document = {n: v for n, v in document.items() if n != "categories"} | rest
        if _is_coco(document):
            yield from self._of_coco(document, names)
        else:
            walk = _Walk(self, names)
            walk.record(document, "")
            yield None, walk.said

    def _of_coco(
        self, document: Record, names: Mapping[str, str]
    ) -> Iterator[tuple[str | None, Said]]:
        groups: dict[str, list[Any]] = {}
        for annotation in document["annotations"]:
            key = annotation.get("image_id") if isinstance(annotation, dict) else None
            groups.setdefault(str(key), []).append(annotation)
        common = {name: value for name, value in document.items() if name not in COCO}
        images = document["images"]
        for image in images:
            key = str(image.get("id"))
            walk = _Walk(self, names)
            walk.record(image, "images")
            walk.record(common, "")
            mine = groups.pop(key, [])
            if len(images) == 1 and key != NO_ID:
                mine += groups.pop(NO_ID, [])  # they name no picture, for there is but one
            walk.records(mine, "annotations")
            yield (key if len(images) > 1 else None), walk.said
        for key, lost in groups.items():
            self.lost[key] += len(lost)

    def _learned(self, records: Any) -> tuple[dict[str, str], Record]:
        """Take in a list of categories: their names by their ids, and what was not understood."""
        if not isinstance(records, list):
            self.unknown["categories"] += isinstance(records, dict)
            return {}, {"categories": records}
        names: dict[str, str] = {}
        rest = []
        for record in records:
            name, number = category_of(record) if isinstance(record, dict) else (None, None)
            if name is None or names.get(str(number), name) != name:  # another one has its id
                rest.append(record)
                continue
            self.categories[name] = record | self.categories.get(name, {})
            if number is not None:
                names[str(number)] = name
        if rest:
            self.unknown["categories[]"] += len(rest)
        return names, ({"categories": rest} if rest else {})


class _Walk:
    """One picture's part of a document, walked."""

    def __init__(self, reader: Reader, names: Mapping[str, str]) -> None:
        self.said = Said()
        self._reader, self._names = reader, names

    def record(self, record: Record, path: str) -> None:
        """Take in a record: a place in it, then all else, by its path."""
        means = plan(tuple(record))
        used = self._region(record, path, means) if means.places else ()
        self._inside({n: v for n, v in record.items() if n not in used} if used else record, path)

    def records(self, records: list[Any], path: str) -> None:
        """Take in a list: each element is a region, a class alone, or walked as a record."""
        inner = f"{path}[]"
        for record in records:
            if not isinstance(record, dict):
                self.said.attributes.append((inner, record))
                continue
            means = plan(tuple(record))
            if means.places and self._region(record, inner, means, whole=True):
                continue
            value, _ = self._class(record, means)
            if value is None or any(map(holds_places, record.values())):
                self._inside(record, inner)
            else:
                self._label(value)
                self.said.attributes.append((inner, record))

    def _inside(self, record: Record, path: str) -> None:
        for name, value in record.items():
            self._value(name, value, f"{path}.{name}" if path else name)

    def _value(self, name: str, value: Any, path: str) -> None:
        plain = plain_name(name)
        if isinstance(value, dict):
            if plain == SAYINGS:
                self._sayings(value, "")
            elif plain in SHAPES and _is_by_class(value):
                self._by_class(value, path, SHAPES[plain])
            else:
                self.record(value, path)
        elif isinstance(value, list) and (holds_places(value) or _are_classes(plain, value)):
            self.records(value, path)
        else:
            self.said.attributes.append((path, value))

    def _region(self, record: Record, path: str, means: Plan, whole: bool = False) -> Sequence[str]:
        """Make a region of a record, and say which keys it took; none where it names no place.

        `whole`: the record is the region's own; what is left of it is `extra`.
        """
        kind = str(record[means.kinds[0]]).lower() if means.kinds else ""
        shapes, used = self._shapes(record, path, means, kind)
        if not shapes:
            return ()
        value, named_by = self._class(record, means)
        if named_by is not None and record[named_by] == value:
            used.append(named_by)
        extra: Record = {}
        if whole:
            extra = record.copy()
            for name in used:
                if name == named_by or not says_more(record[name]):
                    del extra[name]
        else:
            above = f"{path}." if path else ""
            more = (name for name in used if name != named_by and says_more(record[name]))
            self.said.attributes += [(above + name, record[name]) for name in more]
        if value is None:
            extra["path"] = path
        self._add(shapes, value, extra)
        return used

    def _shapes(
        self, record: Record, path: str, means: Plan, kind: str
    ) -> tuple[dict[str, Shape], list[str]]:
        """A record's first shape and the first box around it; which keys they came from."""
        found: dict[str, Shape] = {}
        used: list[str] = []
        for name, hint in means.shapes:
            value = record[name]
            if not value or value in EMPTY or (type(value) is dict and _is_by_class(value)):
                continue
            called = f"{hint} {kind}" if kind else hint
            shape = shape_of(value, called, self._reader.form) or _mask(value)
            if shape is None:
                self._reader.unknown[f"{path}.{name}" if path else name] += 1
                continue
            part = "box" if shape.kind == "box" else "shape"
            if part not in found:
                found[part] = shape
                used.append(name)
                if hint == "box" and part == hint:
                    self._reader.assumed += _are_four(value)
        if means.corners and not found:
            box = {name: record[name] for name in means.corners}
            shape = shape_of(box, "box", self._reader.form)
            if shape is not None:
                return {"box": shape}, list(means.corners)
        return found, used

    def _class(self, record: Record, means: Plan) -> tuple[str | None, str | None]:
        """The class of a record, and the key that says it."""
        for name, may_be_id in means.classes:
            value = record[name]
            if (type(value) is str and value) or type(value) is int:
                known = self._names.get(str(value)) if may_be_id else None
                return known or str(value), name
        return None, None

    def _add(self, shapes: Mapping[str, Shape], value: str | None, extra: Record) -> None:
        shape = around = next(iter(shapes.values()))
        if len(shapes) > 1:  # the outline is the shape, the box stands around it
            shape, around = shapes["shape"], shapes["box"]
        geometry = shape.geometry and compact(shape.geometry)
        said = compact(extra) if extra else None
        row = (shape.kind, *(around.box or NO_BOX), geometry, value, value, said)
        self.said.regions.append(row)
        if value is not None:
            self._label(value)

    def _label(self, value: str) -> None:
        if value not in self._reader.categories:
            self._reader.categories[value] = {}
        self.said.labels["category", value] = value

    def _by_class(self, value: Record, path: str, hint: str) -> None:
        """{class: [place, …], …}."""
        for name, places in value.items():
            for place in places:
                shape = shape_of(place, hint, self._reader.form) if place else None
                if shape is not None:
                    more = {path.rpartition(".")[2]: place} if says_more(place) else {}
                    self._add({"shape": shape}, name, {"path": path} | more)
                elif place:
                    self._reader.unknown[f"{path}.{name}[]"] += 1
                    self.said.attributes.append((f"{path}.{name}[]", place))

    def _sayings(self, value: Any, path: str) -> None:
        """Every text below `라벨링` is a label by its path; all else is an attribute."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self._sayings(inner, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for inner in value:
                self._sayings(inner, path)
        elif isinstance(value, str) and value:
            self.said.labels[path, value] = None
        else:
            self.said.attributes.append((f"{SAYINGS}.{path}", value))


def _is_coco(document: Record) -> bool:
    lists = (document.get("images"), document.get("annotations"))
    return all(isinstance(part, list) for part in lists) and all(
        isinstance(image, dict) for image in document["images"]
    )


def _is_by_class(value: Any) -> bool:
    """Whether it is {class: [record, …], …}."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(
            isinstance(inner, list) and all(isinstance(place, dict) for place in inner)
            for inner in value.values()
        )
    )


def _are_classes(name: str, records: list[Any]) -> bool:
    """Whether a list is one of annotations by its name, and says classes alone."""
    return name in LISTS and any(isinstance(r, dict) and plan(tuple(r)).classes for r in records)


def _are_four(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 4 and not isinstance(value[0], (list, dict))


def _mask(value: Any) -> Shape | None:
    """COCO's run-length encoding, whose box stands beside it."""
    if isinstance(value, dict) and set(value) == {"size", "counts"}:
        return Shape("mask", None, value)
    return None
