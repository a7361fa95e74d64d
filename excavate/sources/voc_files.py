"""Where a folder of Pascal VOC keeps what: XMLs, pictures, lists of splits, names of classes."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from excavate.errors import FaultList
from excavate.model import NO_SPLIT
from excavate.sources.files_below import (
    FilesBelow,
    by_stem,
    counted,
    files_below,
    folder_of,
    others_said,
    top_splits,
    unsplit_said,
    within,
)
from excavate.sources.places import below, composed
from excavate.sources.splits import in_order
from excavate.sources.telling import irregular_said
from excavate.sources.voc_lists import UNION, UNLISTED, Lists, read_lists

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
    irregular: list[str]

    @cached_property
    def splits(self) -> list[str]:
        """The splits there are; none where nothing says so."""
        if not self.lists.splits:
            return top_splits((*self.xmls, *self.pictures))
        unlisted = [] if self._stems <= self._memberships.keys() else [UNLISTED]
        return in_order([*(s for of in self._memberships.values() for s in of), *unlisted])

    def splits_of(self, picture: str, xml: str | None = None) -> list[str]:
        """Those of a picture and its XML: of lists, all that name the one or the other."""
        if not self.splits:
            return [NO_SPLIT]
        if not self.lists.splits:
            return [(xml or picture).partition("/")[0]]
        found = dict.fromkeys(self._memberships.get(_stem(picture), ()))
        if xml:
            found |= dict.fromkeys(self._memberships.get(_stem(xml), ()))
        return [split for split in found if split != UNION or len(found) == 1] or [UNLISTED]

    def picture_of(self, xml: str, named: str | None) -> str:
        """The picture that an XML names, else its namesake; the named one where none is there."""
        own = _stem(xml).removeprefix(self._between)
        name = _plain(named) or posixpath.basename(own)
        beside = posixpath.join(posixpath.dirname(xml), name).removeprefix(self._between)
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
        yield repr((self.lists.class_names, self.unread, self.irregular))
        for split, names in self.lists.splits.items():
            yield from (f"list {split} {len(names)}", *names)

    def left_out(self, pictures: Iterable[str] = ()) -> Iterator[str]:
        """What was found and is not read, a sentence a sort; `pictures` are those of XMLs."""
        masks = [path for path in self.unread if path.startswith(MASKS)]
        if masks:
            yield f"{counted(len(masks), 'file')} of masks in {' and '.join(MASKS)}: not read"
        said = {*masks, *self.lists.elsewhere}
        yield from others_said(path for path in self.unread if path not in said)
        yield from irregular_said(self.irregular)
        yield from self.lists.left_out(self._stems.union(map(_stem, pictures)))
        if not self.splits:
            yield from unsplit_said((*self.xmls, *self.pictures))

    @cached_property
    def _stems(self) -> set[str]:
        return {_stem(path) for path in (*self.xmls, *self.pictures)}

    @cached_property
    def _memberships(self) -> dict[str, list[str]]:
        return self.lists.memberships()

    @cached_property
    def _between(self) -> str:
        """The way from the folder of XMLs to that of pictures, where it lies within."""
        inner = self.images.is_relative_to(self.annotations) and self.images != self.annotations
        return f"{self.images.relative_to(self.annotations).as_posix()}/" if inner else ""

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
    images = folder_of(folder, given.get("images"), IMAGES, "images")
    annotations = folder_of(folder, given.get("annotations"), ANNOTATIONS, "annotations")
    annotations = annotations or (images if images and _all_below(tree, images) else folder)
    images = images or folder
    with_xml, with_pictures = within(tree, annotations, faults), within(tree, images, faults)
    xmls = {path: with_xml.stamps[path] for path in with_xml.ending(".xml")}
    pictures = {path: with_pictures.stamps[path] for path in with_pictures.pictures()}
    lists = read_lists(tree, set(map(_stem, (*xmls, *pictures))), faults)
    used = {*below_folder(folder, annotations, xmls), *below_folder(folder, images, pictures)}
    used.update(lists.read, lists.single)
    unread = [path for path in tree.stamps if path not in used]
    irregular = sorted({*tree.irregular, *with_xml.irregular, *with_pictures.irregular})
    return VocFiles(annotations, images, xmls, pictures, lists, unread, irregular)


def _all_below(tree: FilesBelow, images: Path) -> bool:
    """Whether every XML lies in the folder of pictures, as beside its picture."""
    xmls = tree.ending(".xml")
    return bool(xmls) and all((tree.root / path).is_relative_to(images) for path in xmls)


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
    if inner and "\\" not in name:
        return inner
    last = posixpath.basename(name.replace("\\", "/"))
    return None if last in ("", ".", "..") else last
