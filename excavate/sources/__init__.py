"""Sources: one file a format. Each reads a public dataset and yields Arrow batches.

A source string is `NAME` or `NAME:REST`; the registry below says which module reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from excavate.errors import SourceError
from excavate.sources.csv_options import OPTIONS as CSV_OPTIONS

if TYPE_CHECKING:  # the command line prints usage() before it needs Arrow
    from excavate.model import Source, SourceOptions

VOC_OPTIONS = {
    "annotations": "the folder of the XMLs, seen from DIR",
    "images": "the folder of the pictures, seen from DIR",
}
YOLO_OPTIONS = {
    "images": "the folder of the pictures, seen from DIR",
    "labels": "the folder of the label files, seen from DIR",
    "data": "the yaml that names classes and splits, seen from DIR",
    "names": "a text that names the classes, a line each, seen from DIR",
}
CROISSANT_OPTIONS = {"records": "the record set whose pictures are read (the first that has any)"}
IIIF_OPTIONS = {
    "fetch": "yes asks the web for what a FILE names and is not beside it (a URL: always)",
    "pictures": "no fetches the documents alone",
    "most": "how many Manifests are read (100)",
    "size": "the longest side of a fetched picture, where its service scales it (1024 pixels)",
}
VIDEO_OPTIONS = {
    "every": "seconds between the frames that are taken (1)",
    "most": "how many frames are taken of a clip, spread evenly",
    "keyframes": "yes takes only frames that stand for themselves",
}
AIHUB_OPTIONS = {"boxes": "xywh or xyxy: what four numbers of a box are; xywh unless it is said"}


class Entry(NamedTuple):
    """How a source is named: its module, what follows the colon, and the options it knows."""

    module: str
    follows: str = ""  # "" where nothing follows the colon
    options: Mapping[str, str] = MappingProxyType({})  # name -> what it says, a line each


REGISTRY: dict[str, Entry] = {
    "digits": Entry("excavate.sources.digits"),
    "folder": Entry("excavate.sources.folder", "PATH"),
    "parquet": Entry("excavate.sources.parquet", "GLOB"),
    "hf": Entry("excavate.sources.hf", "NAME[@REVISION][#CONFIG]"),
    "coco": Entry("excavate.sources.coco", "ANNOTATIONS.json"),
    "openimages": Entry("excavate.sources.openimages", "DIR"),
    "webdataset": Entry("excavate.sources.webdataset", "GLOB"),
    "video": Entry("excavate.sources.video", "DIR-OR-FILE", VIDEO_OPTIONS),
    "csv": Entry("excavate.sources.csv_table", "FILE", CSV_OPTIONS),
    "tate": Entry("excavate.sources.tate", "DIR"),
    "aihub": Entry("excavate.sources.aihub", "DIR", AIHUB_OPTIONS),
    "voc": Entry("excavate.sources.voc", "DIR", VOC_OPTIONS),
    "yolo": Entry("excavate.sources.yolo", "DIR", YOLO_OPTIONS),
    "labelme": Entry("excavate.sources.labelme", "DIR"),
    "iiif": Entry("excavate.sources.iiif", "URL-OR-FILE", IIIF_OPTIONS),
    "croissant": Entry("excavate.sources.croissant", "FILE", CROISSANT_OPTIONS),
}
TAKES_IMAGES = {"coco"}  # their pictures lie elsewhere than their index


def open_source(text: str, options: SourceOptions | None = None) -> Source:
    """The source that a source string names. Raises SourceError where none does."""
    name, colon, rest = text.partition(":")
    if name not in REGISTRY:
        raise SourceError("no such source", text, f"One of: {usage()}")
    entry = REGISTRY[name]
    if bool(rest) != bool(entry.follows):
        wanted = f"{name}:{entry.follows}" if entry.follows else name
        raise SourceError("this source is written otherwise", text, f"Write {wanted}")
    if options is None:
        from excavate.model import SourceOptions as NoOptions

        options = NoOptions()
    if options.images is not None and name not in TAKES_IMAGES:
        todo = f"Leave --images out; it is for {', '.join(sorted(TAKES_IMAGES))}"
        raise SourceError("--images is of no use to this source", text, todo)
    _refuse_options(name, entry, options.given)
    opener: Callable[[str, SourceOptions], Source] = import_module(entry.module).open_source
    return opener(rest, options)


def _refuse_options(name: str, entry: Entry, given: Mapping[str, str]) -> None:
    unknown = ", ".join(sorted(set(given) - set(entry.options)))
    if unknown:
        todo = f"It knows {', '.join(entry.options)}" if entry.options else "It takes no options"
        raise SourceError(f"no such option: {unknown}", name, todo)


def usage() -> str:
    """The ways to name a source, as `--help` and errors print them."""
    return ", ".join(f"{n}:{e.follows}" if e.follows else n for n, e in REGISTRY.items())
