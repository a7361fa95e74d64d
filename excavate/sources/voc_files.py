"""Where a folder of Pascal VOC keeps what: XMLs, pictures, lists of splits, names of classes."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from excavate.errors import FaultList
from excavate.sources.files_below import (
    FilesBelow,
    by_stem,
    counted,
    files_below,
    folder_of,
    others_said,
    top_splits,
)
from excavate.sources.places import below, composed
from excavate.sources.splits import in_order
from excavate.sources.voc_lists import Lists, read_lists

ANNOTATIONS = ("Annotations", "annotations")
IMAGES = ("JPEGImages", "images", "Images")
PLAIN = re.compile(r"[\w -][\w. -]*")
MASKS = ("SegmentationClass", "SegmentationObject")


@dataclass
class VocFiles:
    """What was found. XMLs are named from `annotations`, pictures from `images`."""

    annotations: Path
    images: Path
    xmls: Mapping[str, str]  # path -> stamp
    pictures: Mapping[str, str]
    lists: Lists
    unread: list[str]  # paths from the folder

    @cached_property
    def splits(self) -> list[str]:
        """The splits there are; none where nothing says so."""
        if self._memberships:
            return in_order(split for of in self._memberships.values() for split in of)
        return top_splits((*self.xmls, *self.pictures))

    def of_split(self, split: str, paths: Mapping[str, str]) -> list[str]:
        """Those of the XMLs or pictures that belong to a split; all where there are none."""
        if not self.splits:
            return list(paths)
        if not self._memberships:
            return [path for path in paths if path.startswith(f"{split}/")]
        return [path for path in paths if split in self._memberships[_stem(path)]]

    def picture_of(self, xml: str, named: str | None) -> str:
        """The picture that an XML names, else its namesake; the named one where none is there."""
        own = _stem(xml)
        name = _plain(named) or own
        beside = posixpath.join(posixpath.dirname(xml), name) if "/" in xml else name
        if not self.pictures:
            return beside
        for exact in (composed(beside), composed(name)):
            if exact in self._known:
                return self._known[exact]
        only = self._by_name.get(posixpath.basename(name), [])
        if len(only) == 1:
            return only[0]
        for stem in (beside, _stem(beside), own, posixpath.basename(own)):
            if stem in self._by_stem:
                return self._by_stem[stem]
        return beside

    def seen(self) -> Iterator[str]:
        """What a fingerprint is made of."""
        for files in (self.xmls, self.pictures):
            yield from (f"{path} {stamp}" for path, stamp in files.items())
        yield from (*self.lists.class_names, *self.unread)
        for split, names in self.lists.splits.items():
            yield from (split, *names)

    def left_out(self) -> Iterator[str]:
        """What was found and is not read, a sentence a sort."""
        masks = [path for path in self.unread if path.startswith(MASKS)]
        if masks:
            yield f"{counted(len(masks), 'file')} of masks in {' and '.join(MASKS)}: not read"
        yield from others_said(path for path in self.unread if not path.startswith(MASKS))
        yield from self.lists.left_out(self._stems)

    @cached_property
    def _stems(self) -> set[str]:
        return {_stem(path) for path in (*self.xmls, *self.pictures)}

    @cached_property
    def _memberships(self) -> dict[str, list[str]]:
        return self.lists.memberships(self._stems)

    @cached_property
    def _known(self) -> dict[str, str]:
        return {composed(path): path for path in self.pictures}

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return by_stem(self.pictures)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.pictures:
            found[posixpath.basename(path)].append(path)
        return dict(found)


def voc_files(folder: Path, given: Mapping[str, str], faults: FaultList) -> VocFiles:
    """Walk a folder of Pascal VOC. Faults of the listing and of the lists go to `faults`."""
    tree = files_below(folder, faults)
    annotations = folder_of(folder, given.get("annotations"), ANNOTATIONS, "annotations") or folder
    images = folder_of(folder, given.get("images"), IMAGES, "images") or folder
    with_xml = within(tree, annotations, faults)
    with_pictures = within(tree, images, faults)
    xmls = {path: with_xml.stamps[path] for path in with_xml.ending(".xml")}
    pictures = {path: with_pictures.stamps[path] for path in with_pictures.pictures()}
    lists = read_lists(tree, faults)
    used = {*below_folder(folder, annotations, xmls), *below_folder(folder, images, pictures)}
    used.update(lists.read, lists.single)
    unread = [path for path in tree.stamps if path not in used]
    return VocFiles(annotations, images, xmls, pictures, lists, unread)


def within(tree: FilesBelow, folder: Path, faults: FaultList) -> FilesBelow:
    """The part of a tree that lies in a folder; a walk of its own where that lies elsewhere."""
    if folder == tree.root:
        return tree
    if not folder.is_relative_to(tree.root):
        return files_below(folder, faults)
    prefix = f"{folder.relative_to(tree.root).as_posix()}/"
    inner = {p[len(prefix) :]: s for p, s in tree.stamps.items() if p.startswith(prefix)}
    return FilesBelow(folder, inner)


def below_folder(root: Path, folder: Path, paths: Mapping[str, str]) -> Iterator[str]:
    """Paths in a folder as seen from the root; none where it lies elsewhere."""
    if folder.is_relative_to(root):
        inner = folder.relative_to(root).as_posix()
        yield from (posixpath.join(inner, path) if inner != "." else path for path in paths)


def _stem(path: str) -> str:
    return posixpath.splitext(path)[0]


def _plain(name: str | None) -> str | None:
    """A file name as an XML gives it, without what leads out of the folder (C:\\…)."""
    if not name:
        return None
    if PLAIN.fullmatch(name):
        return name
    inner = below(Path(), name)
    return inner if inner and "\\" not in name else posixpath.basename(name.replace("\\", "/"))
