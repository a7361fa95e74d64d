"""Where a YOLO folder keeps what: pictures by split, and the label file of each."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from excavate.errors import FaultList
from excavate.model import NO_SPLIT
from excavate.sources.files_below import (
    FilesBelow,
    counted,
    folder_of,
    others_said,
    text_lines,
    top_splits,
    unsplit_said,
    within,
)
from excavate.sources.folder_listing import PICTURES, of_a_system
from excavate.sources.places import below
from excavate.sources.splits import in_order
from excavate.sources.telling import irregular_said
from excavate.sources.yolo_config import CLASS_FILES, CONFIGS, Config


@dataclass
class YoloFiles:
    """Pictures are named from the root; label files too, or in full where they lie elsewhere."""

    root: Path
    splits: dict[str, list[str]] = field(default_factory=dict)  # split -> pictures, as they come
    labels: dict[str, str] = field(default_factory=dict)  # picture -> its label file
    stamps: dict[str, str] = field(default_factory=dict)  # picture or label file -> stamp
    told: list[str] = field(default_factory=list)

    def seen(self) -> Iterator[str]:
        """What a fingerprint is made of."""
        for split, pictures in self.splits.items():
            yield split
            for picture in pictures:
                label = self.labels.get(picture, "")
                stamps = f"{self.stamps.get(picture)} {self.stamps.get(label)}"
                yield f"{picture} {label} {stamps}"
        yield from self.told


def yolo_files(
    tree: FilesBelow, config: Config, given: Mapping[str, str], faults: FaultList
) -> YoloFiles:
    """Find pictures and label files: by data.yaml, by options, or by the folders' names."""
    finding = _Finding(tree, given, faults)
    files = finding.files
    if config.splits and "images" not in given:
        for split in in_order(config.splits):
            finding.add_split(split, config.splits[split])
    else:
        finding.by_folders()
    finding.tell_rest(config)
    return files


class _Finding:
    """Gathers the pictures of each split and looks for their labels."""

    def __init__(self, tree: FilesBelow, given: Mapping[str, str], faults: FaultList) -> None:
        root = tree.root
        self.files = YoloFiles(root, stamps=dict(tree.stamps))
        self._tree, self._given, self._faults = tree, given, faults
        self._lists: list[str] = []
        self._images = folder_of(root, given.get("images"), ("images",), "images") or root
        if not self._images.is_relative_to(root):
            faults.add(f"--option images={given['images']}", "leaves the folder")
            self._images = root
        self._inner = self._images.relative_to(root).as_posix()
        self._labels = folder_of(root, given.get("labels"), (), "labels")
        self._label_files = self._labels_by_stem()

    def add_split(self, split: str, places: list[str]) -> None:
        """The pictures of folders and lists, each once, then labels that have none."""
        pictures: dict[str, None] = {}
        for place in places:
            if place in self._tree.stamps:
                pictures |= dict.fromkeys(self._listed(place))
            else:
                inside = [p for p in self._tree.pictures() if _is_in(p, place)]
                pictures |= dict.fromkeys([*inside, *self._alone(place, inside)])
        self._add(split, list(pictures))

    def by_folders(self) -> None:
        """All pictures of the folder of images; its top folders are the splits, if called so."""
        pictures = [p for p in self._tree.pictures() if _is_in(p, self._inner)]
        pictures = [*pictures, *self._alone(self._inner, pictures)]
        inner = {posixpath.relpath(picture, self._inner): picture for picture in pictures}
        tops = top_splits(inner)
        for split in tops:
            self._add(split, [inner[p] for p in inner if p.startswith(f"{split}/")])
        if not tops:
            self._add(NO_SPLIT, pictures)
            self.files.told += unsplit_said(inner)

    def tell_rest(self, config: Config) -> None:
        """Say what was found and is not read."""
        read = {*self.files.labels, *self.files.labels.values(), *self._lists}
        read |= {p for pictures in self.files.splits.values() for p in pictures}
        read |= {config.file or "", config.names_file or ""}
        unread = [path for path in self._tree.stamps if path not in read]
        known = set(self._label_files.values())
        labels = [path for path in unread if _below_labels(path) or path in known]
        if labels:
            named = f"{counted(len(labels), 'label file')} of no picture ({labels[0]} the first)"
            self.files.told.append(f"{named}: not read")
        gone = set(labels)
        self.files.told += others_said(path for path in unread if path not in gone)
        self.files.told += irregular_said(self._tree.irregular)

    def _add(self, split: str, pictures: list[str]) -> None:
        self.files.splits[split] = pictures
        for picture in pictures:
            label = self._label_of(posixpath.splitext(picture)[0])
            if label:
                self.files.labels[picture] = label

    def _label_of(self, stem: str) -> str | None:
        if self._labels is not None:
            return self._label_files.get(posixpath.relpath(stem, self._inner))
        mirrored = _mirrored(stem, "images", "labels")
        return next((f"{s}.txt" for s in (mirrored, stem) if f"{s}.txt" in self._tree.stamps), None)

    def _alone(self, place: str, pictures: list[str]) -> list[str]:
        """The pictures that label files speak of and that are not there, without an ending."""
        there = {posixpath.splitext(picture)[0] for picture in pictures}
        if self._labels is not None:
            stems = (posixpath.join(self._inner, s) for s in self._label_files)
            stems = (posixpath.normpath(s) for s in stems)
        else:
            labels = (p for p in self._tree.ending(".txt") if _below_labels(p))
            stems = (_mirrored(p[:-4], "labels", "images") for p in labels)
        return [s for s in stems if s not in there and _is_in(s, place) and not _is_names(s)]

    def _labels_by_stem(self) -> dict[str, str]:
        """Stem from the folder of labels -> label file, where an option names that folder."""
        if self._labels is None:
            return {}
        files = within(self._tree, self._labels, self._faults)
        root, found = self.files.root, {}
        for path in files.ending(".txt"):
            file = self._labels / path
            name = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
            self.files.stamps[name] = files.stamps[path]
            found[path[:-4]] = name
        return found

    def _listed(self, file: str) -> Iterator[str]:
        """The pictures that a list names: './x' from the list's folder, 'x' from the root."""
        self._lists.append(file)
        here = posixpath.dirname(file)
        for line in text_lines(self.files.root / file, file, self._faults):
            name = line.strip()
            beside = posixpath.join(here, name)
            inner = below(self.files.root, beside if name.startswith("./") else name)
            if inner is None and name.startswith(f"{self.files.root}/"):
                inner = below(self.files.root, name.removeprefix(f"{self.files.root}/"))
            if inner is not None and inner not in self._tree.stamps:
                other = below(self.files.root, beside)
                inner = other if other in self._tree.stamps else inner
            if inner is not None and _leads_out(self.files.root, inner):
                inner = None
            if inner is None or not inner.lower().endswith(PICTURES):
                what = "leaves the folder" if inner is None else "is not called as a picture is"
                self._faults.add(file, f"{name} {what}")
            else:
                yield inner


def _leads_out(root: Path, path: str) -> bool:
    """Whether a path leaves by a link that the walk passed over."""
    hidden = any(map(of_a_system, path.split("/")))
    return hidden and not Path(os.path.realpath(root / path)).is_relative_to(root)


def _is_in(path: str, folder: str) -> bool:
    return folder in ("", ".") or path.startswith(f"{folder}/")


def _below_labels(path: str) -> bool:
    name = posixpath.basename(path)
    return (
        "labels" in PurePosixPath(path).parts[:-1]
        and path.endswith(".txt")
        and not _is_names(name.removesuffix(".txt"))
    )


def _is_names(stem: str) -> bool:
    return f"{posixpath.basename(stem)}.txt" in (*CLASS_FILES, *CONFIGS)


def _mirrored(path: str, old: str, new: str) -> str:
    """The path with its last folder called `old` called `new`, as YOLO pairs its files."""
    parts = path.split("/")
    for at in range(len(parts) - 2, -1, -1):
        if parts[at] == old:
            return "/".join([*parts[:at], new, *parts[at + 1 :]])
    return path
