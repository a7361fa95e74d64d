"""A COCO JSON, read and checked: every fault of it together, annotations grouped by image.

Memory: the whole document, some six to ten times its size on disk (instances_train2017, 450 MB,
needs about 3 GB).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.sources import json_text
from excavate.sources.places import below

Record = dict[str, Any]
NEEDED = {"images": ("id", "file_name"), "annotations": ("image_id",), "categories": ("id", "name")}
MEND = "Correct the file"


@dataclass(frozen=True)
class CocoFile:
    """What the JSON holds; ids as text, as the catalog keeps them."""

    path: Path
    content: bytes = field(repr=False)
    images: list[Record] = field(repr=False)
    categories: dict[str, Record] = field(repr=False)
    by_image: dict[str, list[Record]] = field(repr=False)
    licences: dict[str, Record] = field(repr=False)
    said: Record = field(repr=False)  # the JSON's own "info"

    @property
    def panoptic(self) -> bool:
        """Whether its annotations are segments of panoptic PNGs."""
        return any("segments_info" in a for group in self.by_image.values() for a in group)


def read_coco(path: Path, where: str) -> CocoFile:
    """Read a COCO JSON. Raises one SourceError with all its faults."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", where) from error
    document = _document(content, where)
    faults = FaultList()
    for part, keys in NEEDED.items():
        _check_part(document, part, keys, faults)
    faults.raise_if_any("not COCO's form", where, MEND)
    file = CocoFile(
        path=path,
        content=content,
        images=document["images"],
        categories={str(c["id"]): c for c in document.get("categories", [])},
        by_image=_grouped(document.get("annotations", [])),
        licences={str(li.get("id")): li for li in _records(document, "licenses")},
        said=document["info"] if isinstance(document.get("info"), dict) else {},
    )
    _check_ids(file, document.get("categories", []), faults)
    _check_annotations(file, faults)
    faults.raise_if_any("faults in the annotations", where, MEND)
    return file


def segments(annotation: Record) -> list[Record]:
    """What an annotation points at: its panoptic segments, or itself."""
    found: list[Record] = annotation.get("segments_info", [annotation])
    return found


def _document(content: bytes, where: str) -> Record:
    document: Record = json_text.document(content, where, MEND)
    if not isinstance(document, dict) or "images" not in document:
        todo = "Give the JSON that lists images, annotations and categories"
        raise SourceError("no COCO JSON: it has no list of images", where, todo)
    return document


def _check_part(document: Record, part: str, keys: tuple[str, ...], faults: FaultList) -> None:
    records = document.get(part, [])
    if not isinstance(records, list):
        faults.add(part, "not a list")
        return
    for number, record in enumerate(records):
        place = f"{part}[{number}]"
        if not isinstance(record, dict):
            faults.add(place, "not an object")
            continue
        for key in keys:
            if not isinstance(record.get(key), (str, int)):
                faults.add(place, f"no {key} that is text or a whole number")
        if not _well_formed(record.get("segments_info", [])):
            faults.add(place, "segments_info is no list of objects with an id and a category_id")


def _well_formed(parts: Any) -> bool:
    return isinstance(parts, list) and all(
        isinstance(s, dict) and isinstance(s.get("id"), int) and "category_id" in s for s in parts
    )


def _records(document: Record, part: str) -> Iterator[Record]:
    found = document.get(part)
    yield from (r for r in found if isinstance(r, dict)) if isinstance(found, list) else ()


def _grouped(annotations: list[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for annotation in annotations:
        groups.setdefault(str(annotation["image_id"]), []).append(annotation)
    return groups


def _check_ids(file: CocoFile, categories: list[Record], faults: FaultList) -> None:
    seen: set[str] = set()
    for number, image in enumerate(file.images):
        key, name = str(image["id"]), str(image["file_name"])
        if key in seen:
            faults.add(f"images[{number}]", f"id {key} again")
        if PurePosixPath(name).is_absolute() or below(Path(), name) is None:
            faults.add(f"images[{number}]", f"file_name {name!r} leaves the folder")
        seen.add(key)
    if len(file.categories) < len(categories):
        ids = [str(category["id"]) for category in categories]
        for number, key in enumerate(ids):
            if key in ids[:number]:
                faults.add(f"categories[{number}]", f"id {key} again")


def _check_annotations(file: CocoFile, faults: FaultList) -> None:
    known = {str(image["id"]) for image in file.images}
    for key, group in file.by_image.items():
        for annotation in group:
            place = f"annotation {annotation.get('id', f'of image {key}')}"
            if key not in known:
                faults.add(place, f"image {key} is not in the list of images")
            for part in segments(annotation):
                category = part.get("category_id")
                if category is not None and str(category) not in file.categories:
                    faults.add(place, f"category {category} is not in the list of categories")
