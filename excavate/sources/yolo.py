"""`yolo:DIR`: YOLO's label files, one text of lines for each picture.

`data.yaml` names the classes and the splits (folders, lists of folders, or .txt lists of
pictures); every path has to stay in DIR. Without it the pictures are those of DIR's `images`, or
all below DIR; top folders called train, val2017 and the like are the splits; the names are those
of a `classes.txt` or `obj.names` (the line's number is the class, from 0), else each class is
called by its number. A picture's label file is where `images` in its path reads `labels`, or
beside it. `--option images=FOLDER`, `labels=FOLDER`, `data=FILE` and `names=FILE`, all seen from
DIR, say it otherwise.

The key is the picture's path from DIR. A line of 5 fields is a box, of 6 a box with a
`confidence`, of an odd number from 7 on a polygon; where data.yaml has a `kpt_shape`, a box with
`keypoints` in `extra`, in pixels. The line itself is kept in `extra` (`verbatim`): its numbers
are parts of the picture, so x, y, width and height are computed, from the size in the picture's
header (turned as EXIF says). Where the picture is not there or cannot be read, the region has no
place and the line alone stays; such lines are counted.

The attribute `label_file` is empty where a picture has none, which is something else than a
label file without lines. Labels (`class`) and categories: the classes. Order: split, then path
or the list's order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions
from excavate.sources.files_below import counted, files_below
from excavate.sources.picture_sizes import size_of
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.read_once import ReadOnce, Rows
from excavate.sources.splits import chosen
from excavate.sources.yolo_config import Config, read_config
from excavate.sources.yolo_files import YoloFiles, yolo_files
from excavate.sources.yolo_lines import Lines

KEY_RULE = "path of the picture relative to the folder"


@dataclass
class _Opened:
    config: Config
    files: YoloFiles
    lines: Lines
    faults: FaultList

    def read(self, record: tuple[str, str], rows: Rows) -> None:
        """Add one picture with the lines of its label file."""
        split, picture = record
        label = self.files.labels.get(picture)
        row = rows.item(picture, split, picture)
        rows.attributes.append((row, "label_file", label, "metadata", label or ""))
        if label is None:
            return
        try:
            place = os.path.join(self.files.root, label)  # noqa: PTH118 - ten thousand of them
            with open(place, "rb", buffering=0) as file:
                text = file.read().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "not UTF-8"
            return self.faults.add(label, f"cannot be read ({why})")
        if "\r" in text:  # as Windows and old Macs end their lines
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if text.strip():
            there = picture in self.files.stamps  # not a link into another folder, say
            size = size_of(f"{self.files.root}/{picture}") if there else None
            self.lines.read(text, size, label, row, rows)


class Yolo:
    """A folder of YOLO. Reads every label file once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self._options = path, options
        self._folder = existing(path, "folder")

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every fault of every file."""
        opened, once = self._read
        config = opened.config
        names = list(config.names.items())
        said = repr((names, config.keypoints, config.licence, config.homepage, config.told))
        return Description(
            dataset_id=dataset_name(self._folder.name),
            title=self._folder.name or "yolo",
            key_rule=KEY_RULE,
            fingerprint=fingerprint_of([*opened.files.seen(), said, *self._splits(opened.files)]),
            root=str(self._folder),
            licence=config.licence,
            homepage=config.homepage,
            count=once.count,
            left_out=tuple(self._left_out(opened)),
        )

    def categories(self) -> Sequence[Category]:
        """The classes by number; without names, those that a line speaks of."""
        opened, _ = self._read
        names = opened.config.names or {key: key for key in sorted(opened.lines.classes, key=int)}
        return [Category(key, name) for key, name in names.items()]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Pictures in order of split, then path or the list's order."""
        return self._read[1].batches(size, start)

    @cached_property
    def _read(self) -> tuple[_Opened, ReadOnce]:
        faults = FaultList()
        tree = files_below(self._folder, faults)
        config = read_config(tree, self._options.given, faults)
        files = yolo_files(tree, config, self._options.given, faults)
        opened = _Opened(config, files, Lines(config.names, config.keypoints, faults), faults)
        splits = self._splits(files) if files.splits else []
        records = ((split, picture) for split in splits for picture in files.splits[split])
        once = ReadOnce(records, opened.read)
        faults.raise_if_any("faults in the folder", self._path, "Correct these")
        if not once.count:
            what = "; ".join(("no picture and no label file", *self._left_out(opened)))
            raise SourceError(what, self._path, "Give the folder that holds images and labels")
        return opened, once

    def _splits(self, files: YoloFiles) -> list[str]:
        return chosen(list(files.splits) or [NO_SPLIT], self._options.split, f"yolo:{self._path}")

    def _left_out(self, opened: _Opened) -> Iterator[str]:
        yield from (*opened.config.told, *opened.files.told)
        if count := opened.lines.unplaced:
            yield f"{counted(count, 'line')} of pictures that cannot be read: kept without a place"


def open_source(rest: str, options: SourceOptions) -> Yolo:
    """The folder that `rest` names. Raises SourceError where it is none."""
    return Yolo(rest, options)
