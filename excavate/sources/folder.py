"""`folder:PATH`: pictures in class folders of any depth; the path is the taxonomy.

PATH may be a zip of such a folder, read in place. The key is the picture's path relative to
PATH. A picture in `animals/cats` has the label `animals/cats` (field `folder`), whose category
has the name `cats` and the parent `animals`; an empty folder is a category without items. Top
folders called train, val, test and the like, if all are, are splits and not categories.
`metadata.csv` or `metadata.jsonl` (see folder_metadata) may lie in PATH, and in each split's
folder: its columns become attributes. What else lies there and is not read, files of other kinds
too, is counted in `left_out`; only what starts with a dot, and `__MACOSX`, is passed over in
silence.

Order: by path, part by part. Memory: one string a picture, and a row of metadata.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from excavate.errors import FaultList, SourceError
from excavate.model import (
    NO_SPLIT,
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    Label,
    SourceOptions,
    batches_of,
)
from excavate.sources.folder_listing import PICTURES, Listing, listing
from excavate.sources.folder_metadata import NAMES, Metadata
from excavate.sources.folder_zip import ZipFolder
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.rights import rights_of
from excavate.sources.splits import chosen

NAMED = 20  # metadata files in wrong places; the others are counted
KEY_RULE = "path of the picture relative to the folder"


@dataclass(frozen=True, slots=True)
class _Index:
    listing: Listing
    metadata: Metadata
    there: list[str]  # the splits that are folders; empty where there are none
    read: list[str]
    left_out: tuple[str, ...]


class Folder:
    """A folder of pictures. Walks it once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._zip = ZipFolder(existing(path, "file")) if _is_zip(path) else None
        self._place = self._zip.file if self._zip else existing(path, "folder")
        self.root = self._place.parent if self._zip else self._place
        self._path, self._options = path, options

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every fault of listing and metadata."""
        index = self._index
        seen = index.listing.fingerprint()
        said = [self._content(name) for name in index.listing.metadata]
        return Description(
            dataset_id=dataset_name(self._place.stem if self._zip else self._place.name),
            title=self._place.name or "folder",
            key_rule=KEY_RULE,
            fingerprint=fingerprint_of(
                [seen, *index.listing.metadata, *said, *index.read, *index.left_out]
            ),
            root=str(self.root),
            count=sum(1 for _ in self._pictures()),
            left_out=index.left_out,
        )

    def categories(self) -> Sequence[Category]:
        """One for each folder, its parent the folder around it."""
        inner = (self._inner(folder) for folder in self._index.listing.folders)
        ids = sorted({path for path in inner if path}, key=lambda path: path.split("/"))
        return [_category(path) for path in ids]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """All pictures in order of split, then path; pixels are read where they are needed."""
        return batches_of(self._items(), size, start)

    def _items(self) -> Iterator[Item]:
        for split, path in self._pictures():
            folder = self._inner(posixpath.dirname(path))
            said = self._index.metadata.of(path)
            rights = rights_of({name: value for name, value, _ in said})
            yield Item(
                key=path,
                split=split,
                path=self._place.name if self._zip else path,
                part=self._zip.member(path) if self._zip else None,
                labels=(Label("folder", folder, folder),) if folder else (),
                attributes=[Attribute(name, value, source=file) for name, value, file in said],
                licence=rights.get("licence"),
                creator=rights.get("creator"),
                source_url=rights.get("source_url"),
            )

    def _pictures(self) -> Iterator[tuple[str, str]]:
        index = self._index
        for split in index.read:
            for path in index.listing.pictures:
                if not index.there or path.startswith(f"{split}/"):
                    yield split, path

    def _content(self, name: str) -> bytes:
        with self._opened(name) as file:
            return file.read()

    def _opened(self, name: str) -> IO[bytes]:
        return self._zip.open(name) if self._zip else (self.root / name).open("rb")

    def _inner(self, folder: str) -> str:
        return folder.partition("/")[2] if self._index.there else folder

    @cached_property
    def _index(self) -> _Index:
        faults = FaultList()
        found = self._zip.listing(faults) if self._zip else listing(self.root, faults)
        there = found.splits()
        deeper = [f for f in found.metadata if posixpath.dirname(f) not in ("", *there)]
        found.metadata = [f for f in found.metadata if posixpath.dirname(f) in ("", *there)]
        left_out = (*found.left_out(), *_passed_over(deeper))
        metadata = self._metadata(found, faults)
        faults.raise_if_any("the folder cannot be dug", self._path, "Correct these")
        if not found.pictures:
            what = "; ".join(("no pictures in the folder", *left_out))
            raise SourceError(what, self._path, f"It may hold {' '.join(PICTURES)}")
        read = chosen(there or [NO_SPLIT], self._options.split, self._path)
        return _Index(found, metadata, there, read, left_out)

    def _metadata(self, found: Listing, faults: FaultList) -> Metadata:
        metadata = Metadata(self._opened, found.pictures, faults)
        for name in found.metadata:
            twin = posixpath.join(posixpath.dirname(name), NAMES[0])
            if name != twin and twin in found.metadata:
                faults.add(name, f"{twin} is there too: keep one of them")
            else:
                metadata.read(name)
        metadata.check()
        return metadata


def _passed_over(metadata: list[str]) -> Iterator[str]:
    for path in metadata[:NAMED]:
        folder, name = posixpath.split(path)
        yield f"{name} in {folder}/ is not at the root: not read"
    if len(metadata) > NAMED:
        yield f"{len(metadata) - NAMED:,} more metadata files are not at the root: not read"


def _is_zip(path: str) -> bool:
    place = Path(path).expanduser()
    return place.suffix.lower() == ".zip" and place.is_file()


def _category(path: str) -> Category:
    parent, name = posixpath.split(path)
    return Category(path, name, (parent,) if parent else ())


def open_source(rest: str, options: SourceOptions) -> Folder:
    """The folder that `rest` names. Raises SourceError where it is none."""
    return Folder(rest, options)
