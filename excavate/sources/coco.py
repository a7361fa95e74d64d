"""`coco:ANNOTATIONS.json` with `--images DIR` (or a .zip): instances, captions, panoptic.

The key is the image's id as text: ids stay where files are moved or renamed. What the file holds
is seen from its annotations, one by one, so mixed files are read too:

- `bbox` and `segmentation`: a region, box, polygon or mask; the numbers verbatim, every other
  field (id, area, iscrowd, keypoints, score, …) in `extra`. A box that is not four finite
  numbers stays in `extra`; NaN and Infinity, which are no JSON, are kept as text ("NaN");
- `segments_info`: a mask a segment, from the panoptic PNG in the folder (or zip) called as the
  JSON is. Where the PNG, or the segment in it, is missing or cannot be read, the box alone
  stays, and `extra` has the key `mask_missing`: why, in a few words;
- `caption`: a label `caption`.

The categories of an image's annotations are its labels `category`, each once. A supercategory is
a category `super:NAME` above them. Without `--images` the pictures are looked for beside the
JSON; where none is there, the items have no pixels. With it, one at least has to be there.

Order: as in the JSON. Memory: the document (see coco_file).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from excavate.errors import SourceError
from excavate.model import (
    NO_SPLIT,
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    SourceOptions,
    as_text,
    batches_of,
)
from excavate.sources.coco_annotations import Reading
from excavate.sources.coco_file import CocoFile, Record, read_coco
from excavate.sources.file_stores import FileStore, store_at
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.splits import chosen

USED = ("id", "file_name", "width", "height")
PAGES = ("flickr_url", "coco_url", "url")


@dataclass(frozen=True, slots=True)
class _Opened:
    file: CocoFile
    pictures: FileStore | None
    masks: FileStore | None


class Coco:
    """One COCO JSON. Reads it at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path = path
        self._json = existing(path, "file")
        self._images = options.images
        chosen([NO_SPLIT], options.split, f"coco:{path}")

    def describe(self) -> Description:
        """Title, page and count. Raises SourceError with every fault of the JSON."""
        opened = self._opened
        said = opened.file.said
        return Description(
            dataset_id=dataset_name(self._json.stem),
            title=str(said.get("description") or self._json.stem),
            key_rule="the image's id in the JSON",
            fingerprint=fingerprint_of([opened.file.content, *self._seen()]),
            root=str(opened.pictures.root) if opened.pictures else None,
            source_revision=str(said["version"]) if said.get("version") else None,
            homepage=as_text(said.get("url")) or None,
            count=len(opened.file.images),
        )

    def categories(self) -> Sequence[Category]:
        """Supercategories before the first category they hold, categories in the JSON's order."""
        found: dict[str, Category] = {}
        for key, record in self._opened.file.categories.items():
            above = record.get("supercategory")
            parents = (f"super:{above}",) if above else ()
            for parent in parents:
                found.setdefault(parent, Category(parent, str(above), (), {"supercategory": True}))
            extra = {n: v for n, v in record.items() if n not in ("id", "name", "supercategory")}
            found[key] = Category(key, str(record["name"]), parents, extra)
        return list(found.values())

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Images in the JSON's order; panoptic PNGs are decoded as their images come."""
        return batches_of(self._items(start), size)

    def _items(self, start: int) -> Iterator[Item]:
        opened = self._opened
        reading = Reading(opened.file, opened.masks)
        for image in opened.file.images[start:]:
            key = str(image["id"])
            said = reading.of(key)
            name = str(image["file_name"])
            path, part = opened.pictures.place(name) if opened.pictures else (None, None)
            page = next((name for name in PAGES if image.get(name)), None)
            yield Item(
                key=key,
                width=_whole(image.get("width")),
                height=_whole(image.get("height")),
                path=path,
                part=part,
                licence=self._licence(image),
                source_url=as_text(image[page]) if page else None,
                labels=said.labels,
                regions=said.regions,
                attributes=[*self._attributes(image, page), *said.attributes],
            )

    def _licence(self, image: Record) -> str | None:
        licence = self._opened.file.licences.get(str(image.get("license")))
        if not licence:
            return None
        name, url = as_text(licence.get("name")), as_text(licence.get("url"))
        return f"{name} ({url})" if name and url else name or url

    def _attributes(self, image: Record, page: str | None) -> Iterator[Attribute]:
        for name, value in image.items():
            if name not in USED and name != page:
                yield Attribute(name, value, source=self._json.name)

    def _seen(self) -> Iterator[str]:
        opened = self._opened
        for image in opened.file.images:
            if opened.pictures:
                yield opened.pictures.seen(str(image["file_name"]))
        for group in opened.file.by_image.values() if opened.masks else ():
            for annotation in group:
                if opened.masks and "segments_info" in annotation:
                    yield opened.masks.seen(str(annotation.get("file_name")))

    @cached_property
    def _opened(self) -> _Opened:
        file = read_coco(self._json, self._path)
        if not file.images:
            raise SourceError("no images in the JSON", self._path)
        masks = _first_store(self._json.with_suffix("")) if file.panoptic else None
        return _Opened(file, self._pictures(file), masks)

    def _pictures(self, file: CocoFile) -> FileStore | None:
        if self._images is None:
            beside = store_at(self._json.parent)
            return beside if beside and _holds_any(beside, file) else None
        store = store_at(Path(self._images).expanduser())
        if store is None:
            raise SourceError("no such folder or zip", f"--images {self._images}", "Check the path")
        if not _holds_any(store, file):
            what = f"none of the {len(file.images)} pictures of {self._json.name} is in it"
            todo = "Check the path, or leave --images out to dig the annotations without pictures"
            raise SourceError(what, f"--images {self._images}", todo)
        return store


def _first_store(folder: Path) -> FileStore | None:
    return store_at(folder) or store_at(folder.with_name(folder.name + ".zip"))


def _holds_any(store: FileStore, file: CocoFile) -> bool:
    return any(store.has(str(image["file_name"])) for image in file.images)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def open_source(rest: str, options: SourceOptions) -> Coco:
    """The COCO JSON that `rest` names. Raises SourceError where there is no such file."""
    return Coco(rest, options)
