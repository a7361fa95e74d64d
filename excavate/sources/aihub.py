"""`aihub:DIR`: a dataset of Korea's AI Hub, unpacked: pictures, and the JSONs that label them.

The key is the JSON's path, without its ending; where one JSON holds several pictures, with their
id behind a '#'. The split is the folder called `1.Training`, `Validation` or the like, without its
number. Which picture a JSON means is said by a file name in it, else by its own; folders of the
same name but for `원천데이터` and `라벨링데이터` belong together. A picture that is named and not
there is left for the catalog to find missing, unless there are no pictures at all.

What is read of a JSON stands in aihub_documents; four numbers of a box are x, y, width, height,
or with `boxes=xyxy` its corners. `left_out` says which places were not understood and how often,
how many boxes were taken so unasked, which pictures have no JSON and which items no picture, and
that zips and XMLs were not read. Built from published descriptions
of the schemas (docs/sources.md names them), not from the data, which only residents of Korea get.

Order: by split, then path. Memory: paths and categories; what was read waits on disk.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from excavate.errors import FaultList, SourceError
from excavate.model import Batch, Category, Description, SourceOptions, as_text
from excavate.sources.aihub_documents import Reader, Said
from excavate.sources.aihub_files import Pictures, document_of, split_of
from excavate.sources.aihub_keys import file_names, roles, size_of
from excavate.sources.aihub_shapes import XYWH, XYXY
from excavate.sources.files_below import FilesBelow, counted, files_below, others_said
from excavate.sources.places import composed, dataset_name, existing, fingerprint_of
from excavate.sources.read_once import ReadOnce, Rows
from excavate.sources.splits import chosen, in_order

AS_XYWH = "four numbers of a box taken as x, y, width, height"
NAMED = 20  # places that were not understood; the others are counted


@dataclass(frozen=True, slots=True)
class _Opened:
    files: FilesBelow
    pictures: Pictures
    reader: Reader
    kept: ReadOnce
    read: list[str]
    whole: bool  # every split was read
    assumed: int  # boxes of four numbers, of which nobody said what they are


class AiHub:
    """A dataset of AI Hub. Reads every JSON at the first question, once."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self.root = path, existing(path, "folder")
        self._split, self._options = options.split, options
        self._form = options.given.get("boxes", XYWH)
        if self._form not in (XYWH, XYXY):
            what = f"neither {XYWH} nor {XYXY}"
            raise SourceError(what, f"boxes={self._form}", "Say what four numbers of a box are")

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every fault of every JSON."""
        opened = self._opened
        stamps = opened.files.stamps
        return Description(
            dataset_id=dataset_name(self.root.name),
            title=composed(self.root.name),
            key_rule="path of the JSON without its ending, and # with the image's id where it "
            "holds several",
            fingerprint=fingerprint_of(
                [*(f"{path} {seen}" for path, seen in stamps.items()), self._form, *opened.read]
            ),
            root=str(self.root) if len(opened.pictures) else None,
            homepage="https://aihub.or.kr",
            count=opened.kept.count,
            left_out=tuple(_left_out(opened)),
        )

    def categories(self) -> Sequence[Category]:
        """The classes by their names, those the JSONs list and those they use, each once."""
        found: dict[str, Category] = {}
        for name, record in self._opened.reader.categories.items():
            above = record.get("supercategory")
            parents = (f"super:{above}",) if isinstance(above, str) and above else ()
            for parent in parents:
                found.setdefault(parent, Category(parent, str(above), (), {"supercategory": True}))
            extra = {n: v for n, v in record.items() if n not in ("name", "supercategory")}
            found[name] = Category(name, name, parents, extra)
        return list(found.values())

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Pictures in the order of split and path of their JSONs."""
        return self._opened.kept.batches(size, start)

    @cached_property
    def _opened(self) -> _Opened:
        faults = FaultList()
        files = files_below(self.root, faults)
        documents = [(split_of(path), path) for path in files.ending(".json")]
        if not documents:
            faults.raise_if_any("the dataset cannot be dug", self._path, "Correct these")
            what = "; ".join(("no JSON in the folder", *_not_read(files)))
            raise SourceError(what, self._path, "Unpack the zips of labels here")
        read = chosen(in_order(split for split, _ in documents), self._split, self._path)
        asked = [(split, path) for name in read for split, path in documents if split == name]
        pictures, reader = Pictures(files.pictures()), Reader(self._form)
        reading = _Reading(self.root, pictures, reader, faults)
        kept = ReadOnce(asked, reading.take)
        faults.raise_if_any("the dataset cannot be dug", self._path, "Correct these")
        assumed = 0 if "boxes" in self._options.given else reader.assumed
        whole = len(asked) == len(documents)
        return _Opened(files, pictures, reader, kept, read, whole, assumed)


class _Reading:
    """Takes JSONs in, one by one."""

    def __init__(self, root: Path, pictures: Pictures, reader: Reader, faults: FaultList) -> None:
        self._root, self._pictures, self._reader, self._faults = (
            f"{root}/",
            pictures,
            reader,
            faults,
        )
        self._seen: dict[tuple[str, str], str] = {}

    def take(self, document: tuple[str, str], rows: Rows) -> None:
        """Read one JSON (split, path) and add what it says."""
        split, path = document
        content = document_of(self._root + path, path, self._faults)
        if content is None:
            return
        try:
            for which, said in self._reader.pictures(content):
                self._add(which, document, said, rows)
        except RecursionError:
            self._faults.add(path, "not JSON that can be read: nested too deep")

    def _add(self, which: str | None, document: tuple[str, str], said: Said, rows: Rows) -> None:
        split, path = document
        stem = composed(posixpath.splitext(path)[0])
        key, alone = (stem, True) if which is None else (f"{stem}#{which}", False)
        if (split, key) in self._seen:
            self._faults.add(path, f"{key!r} again (first in {self._seen[split, key]})")
            return
        self._seen[split, key] = path
        paths, values = zip(*said.attributes, strict=True) if said.attributes else ((), ())
        means = roles(paths)
        names, ids = file_names(means, values)
        own = [stem.rpartition("/")[2]] if alone else []
        picture = self._pictures.of([*names, *own, *ids], path)
        row = rows.item(key, split, picture, size=size_of(means, values))
        source = path.rpartition("/")[2]
        rows.labels += [(row, f, v, category, "source") for (f, v), category in said.labels.items()]
        rows.regions += [(row, *region) for region in said.regions]
        rows.attributes += [(row, n, as_text(v), "metadata", source) for n, v in said.attributes]


def _left_out(opened: _Opened) -> Iterator[str]:
    for path, times in opened.reader.unknown.most_common(NAMED):
        yield f"{path}: {counted(times, 'place')} not understood, kept as written"
    more = len(opened.reader.unknown) - NAMED
    if more > 0:
        yield f"places not understood below {counted(more, 'path')} more"
    lost = opened.reader.lost
    if lost:
        named = ", ".join(list(lost)[:NAMED]) + (", …" if len(lost) > NAMED else "")
        yield f"{counted(lost.total(), 'annotation')} of pictures not listed ({named}): not read"
    if opened.assumed:
        yield f"{AS_XYWH} in {counted(opened.assumed, 'place')} (boxes={XYXY} reads corners)"
    yield from _not_known(opened)
    yield from _not_read(opened.files)


def _not_known(opened: _Opened) -> Iterator[str]:
    pictures = opened.pictures
    if not len(pictures):
        yield "no pictures in the folder: items without pixels"
    for times, why in ((pictures.ambiguous, "several are"), (pictures.unknown, "none is")):
        if times and len(pictures):
            yield f"{counted(times, 'item')} whose picture is not known: {why} called so"
    if pictures.not_meant() and opened.whole:
        yield f"{counted(pictures.not_meant(), 'picture')} without a JSON: not read"


def _not_read(files: FilesBelow) -> Iterator[str]:
    zips, xmls = files.ending(".zip", ".tar", ".egg"), files.ending(".xml")
    if zips:
        named = ", ".join(posixpath.basename(path) for path in zips[:NAMED])
        more = ", …" if len(zips) > NAMED else ""
        yield f"{counted(len(zips), 'archive')} not unpacked, not read ({composed(named)}{more})"
    if xmls:
        yield f"{counted(len(xmls), 'XML')}: not read (voc: reads those of Pascal VOC)"
    known = {*zips, *xmls, *files.pictures(), *files.ending(".json")}
    yield from others_said(path for path in files.stamps if path not in known)


def open_source(rest: str, options: SourceOptions) -> AiHub:
    """The dataset in the folder that `rest` names. Raises SourceError where it is none."""
    return AiHub(rest, options)
