"""What a COCO JSON says of one image: regions, labels and attributes, verbatim."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from excavate.model import Attribute, Label, Region, as_text
from excavate.sources.coco_file import CocoFile, Record, segments
from excavate.sources.coco_masks import Encoding, encodings, segment_ids
from excavate.sources.file_stores import FileError, FileStore
from excavate.sources.places import below

PLACED = ("image_id", "category_id", "bbox", "segmentation", "caption")


@dataclass(slots=True)
class Said:
    """What is said of one image."""

    labels: list[Label] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)


class Reading:
    """Turns an image's annotations into labels, regions and attributes."""

    def __init__(self, file: CocoFile, masks: FileStore | None) -> None:
        self._file, self._masks = file, masks

    def of(self, key: str) -> Said:
        """All that is said of the image with this id, in the JSON's order."""
        said = Said()
        group = self._file.by_image.get(key, [])
        named = dict.fromkeys(
            str(part["category_id"])
            for annotation in group
            for part in segments(annotation)
            if part.get("category_id") is not None
        )
        said.labels += [Label("category", str(self._name(c)), c) for c in named]
        for annotation in group:
            self._read(annotation, said)
        return said

    def _read(self, annotation: Record, said: Said) -> None:
        if "segments_info" in annotation:
            said.regions += self._segments(annotation)
            said.attributes += self._rest(annotation, {"segments_info", "file_name", "image_id"})
            return
        if annotation.get("caption") is not None:
            said.labels.append(Label("caption", str(as_text(annotation["caption"]))))
        if annotation.get("bbox") is not None or annotation.get("segmentation"):
            said.regions.append(self._region(annotation))
        else:
            said.attributes += self._rest(annotation, {*PLACED, "id"})

    def _region(self, annotation: Record) -> Region:
        box, extra = _box_and_extra(annotation)
        shape = annotation.get("segmentation") or None
        kind = "box" if shape is None else "mask" if isinstance(shape, dict) else "polygon"
        return Region(kind, box, shape, *self._category(annotation), extra=extra)

    def _segments(self, annotation: Record) -> Iterator[Region]:
        found, wrong = self._encodings(annotation)
        for segment in annotation["segments_info"]:
            box, extra = _box_and_extra(segment)
            geometry = found.get(segment["id"])
            if geometry is None:
                extra["mask_missing"] = wrong or f"no segment {segment['id']} in the PNG"
            kind = "mask" if geometry else "box"
            yield Region(kind, box, geometry, *self._category(segment), extra=extra)

    def _encodings(self, annotation: Record) -> tuple[dict[int, Encoding], str | None]:
        """The segments' masks, or why there are none."""
        name = str(annotation.get("file_name") or "")
        if not self._masks or below(self._masks.root, name) is None or not self._masks.has(name):
            return {}, f"no PNG {name or 'named'}"
        try:
            ids = segment_ids(self._masks.read(name))
        except (FileError, OSError, ValueError, SyntaxError) as error:
            return {}, f"PNG {name} cannot be read ({error})"
        return encodings(ids, [segment["id"] for segment in annotation["segments_info"]]), None

    def _rest(self, annotation: Record, used: set[str]) -> Iterator[Attribute]:
        """Fields of an annotation that no label or region carries."""
        for name, value in annotation.items():
            if name not in used:
                yield Attribute(f"annotation.{name}", value, source=self._file.path.name)

    def _category(self, record: Record) -> tuple[str | None, str | None]:
        key = record.get("category_id")
        return (None, None) if key is None else (str(self._name(str(key))), str(key))

    def _name(self, key: str) -> Any:
        return self._file.categories[key]["name"]


def _box_and_extra(record: Record) -> tuple[tuple[float, float, float, float] | None, Record]:
    """The box if it is four finite numbers; all fields that have no place of their own."""
    box = record.get("bbox")
    extra = {name: value for name, value in record.items() if name not in PLACED}
    if isinstance(box, list) and len(box) == 4 and all(map(_is_number, box)):
        return (float(box[0]), float(box[1]), float(box[2]), float(box[3])), extra
    return None, extra if box is None else {**extra, "bbox": box}


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False
