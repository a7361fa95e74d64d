"""What each column of a Hub-shaped dataset is read as, decided once from its features.

- the first Image column is the picture; so is a column of bytes named like one (PICTURES) or of
  {bytes, path} whose first value begins as a picture file does. Further Image columns are not
  dug: an attribute of that name says their path and size;
- ClassLabel, alone or in a list: labels with a category (its id is the index, with the column's
  name before it where several columns have classes);
- lists of text, and columns named like captions or labels: labels without a category;
- objects with a box (COCO's x, y, width, height): regions, and the labels COLUMN.category;
- every other column: an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from excavate.model import Category

PICTURES = ("image", "img", "picture", "photo", "jpg", "jpeg", "png", "webp", "image_bytes")
WORDS = (
    *("caption", "captions", "text", "texts", "sentence", "sentences", "description", "prompt"),
    *("label", "labels", "class", "category", "fine_label", "coarse_label", "tag", "tags"),
)
BOXES = ("bbox", "bboxes", "box", "boxes")
NAMED = ("category", "categories", "category_id", "label", "labels", "class")
MAGICS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Classes:
    """The names of one ClassLabel, and what stands before the index in its category ids."""

    names: tuple[str, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Objects:
    """A column of objects: which of their fields is the box, which the category."""

    box: str
    category: str | None = None
    classes: Classes | None = None


@dataclass(frozen=True, slots=True)
class Roles:
    """Every column of the dataset, under what it is read as; the order is the dataset's."""

    columns: tuple[str, ...]
    picture: str | None = None
    classes: dict[str, Classes] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    objects: dict[str, Objects] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()

    def categories(self) -> Sequence[Category]:
        """A node for each class of each column that has classes; none has parents."""
        return list(self._categories())

    def _categories(self) -> Iterator[Category]:
        inner = {name: o.classes for name, o in self.objects.items() if o.classes}
        for column, classes in {**self.classes, **inner}.items():
            for index, name in enumerate(classes.names):
                yield Category(f"{classes.prefix}{index}", name, extra={"column": column})


def roles_of(features: Any, first: dict[str, Any]) -> Roles:
    """Decide the roles. `first` holds the first value that is not null of some columns."""
    roles = Roles(tuple(features), _picture(features, first))
    for name, feature in features.items():
        if name != roles.picture:
            roles = _with(roles, name, feature)
    return _prefixed(roles)


def to_peek(features: Any) -> list[str]:
    """The columns whose values must be looked at to know whether they are pictures."""
    if any(_is(feature, "Image") for feature in features.values()):
        return []
    return [name for name, feature in features.items() if _may_be_picture(name, feature)]


def begins_as_picture(value: Any) -> bool:
    """Whether bytes, or the bytes of a {bytes, path}, begin as a picture file does."""
    content = value.get("bytes") if isinstance(value, dict) else value
    return isinstance(content, bytes) and content.startswith(MAGICS)


def _picture(features: Any, first: dict[str, Any]) -> str | None:
    declared = (name for name, feature in features.items() if _is(feature, "Image"))
    seen = (name for name in to_peek(features) if begins_as_picture(first.get(name)))
    return next(declared, None) or next(seen, None)


def _may_be_picture(name: str, feature: Any) -> bool:
    if isinstance(feature, dict):
        return set(feature) == {"bytes", "path"} and "binary" in _dtype(feature["bytes"])
    return name.lower() in PICTURES and "binary" in _dtype(feature)


def _with(roles: Roles, name: str, feature: Any) -> Roles:
    inner, listed = _inner(feature)
    objects = _objects(feature)
    if _is(inner, "ClassLabel"):
        return replace(roles, classes={**roles.classes, name: Classes(tuple(inner.names))})
    if objects:
        return replace(roles, objects={**roles.objects, name: objects})
    said = _dtype(inner) in ("string", "large_string") and listed
    if said or (name.lower() in WORDS and _is(inner, "Value") and _dtype(inner) != "binary"):
        return replace(roles, words=(*roles.words, name))
    return replace(roles, attributes=(*roles.attributes, name))


def _objects(feature: Any) -> Objects | None:
    """Objects are a list of records, or a record of lists; either has a field for the box."""
    record = _inner(feature)[0]
    if not isinstance(record, dict):
        return None
    box = _first(BOXES, record)
    if box is None or not _holds_lists(feature, record, box):
        return None
    category = _first(NAMED, record)
    kind: Any = _inner(record[category])[0] if category else None
    return Objects(box, category, Classes(tuple(kind.names)) if _is(kind, "ClassLabel") else None)


def _holds_lists(feature: Any, record: dict[str, Any], box: str) -> bool:
    """A list of records, or a record whose box is a list of boxes (not of four numbers)."""
    return not isinstance(feature, dict) or not _is(_inner_once(record[box]), "Value")


def _prefixed(roles: Roles) -> Roles:
    inner = [name for name, objects in roles.objects.items() if objects.classes]
    if len(roles.classes) + len(inner) < 2:
        return roles
    classes = {name: replace(c, prefix=f"{name}:") for name, c in roles.classes.items()}
    objects = {
        name: replace(o, classes=o.classes and replace(o.classes, prefix=f"{name}:"))
        for name, o in roles.objects.items()
    }
    return replace(roles, classes=classes, objects=objects)


def _inner(feature: Any) -> tuple[Any, bool]:
    """What a feature is a list of, at any depth, and whether it is a list at all."""
    within, listed = feature, False
    while _is(within, "List", "LargeList"):
        within, listed = within.feature, True
    return within, listed


def _inner_once(feature: Any) -> Any:
    return feature.feature if _is(feature, "List", "LargeList") else feature


def _is(feature: Any, *names: str) -> bool:
    return type(feature).__name__ in names


def _dtype(feature: Any) -> str:
    return str(getattr(feature, "dtype", "")) if _is(feature, "Value") else ""


def _first(wanted: Iterable[str], there: dict[str, Any]) -> str | None:
    return next((name for name in wanted if name in there), None)
