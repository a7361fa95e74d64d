"""`voc:DIR`: Pascal VOC, an XML for each picture.

The XMLs lie in DIR's `Annotations` (or `annotations`), the pictures in its `JPEGImages` (or
`images`); `--option annotations=FOLDER` and `--option images=FOLDER` name other folders, seen
from DIR. Where there are no such folders, XMLs and pictures lie side by side anywhere below DIR,
or below its `images`.

An XML's picture is the one that its `filename` names, else the one called as the XML is. The key
is the picture's path relative to the folder of pictures. A picture without XML is an item without
regions (its attribute `annotation_file` is empty); an XML whose picture is not there is an item
whose picture is missing.

An `object` is a region of kind box, its name verbatim. VOC counts pixels from 1 and names the
last one inside: x is xmin as written, width is xmax - xmin, nothing is shifted. Numbers that are
not whole stand in `extra` as written (`bndbox`); so do pose, truncated, difficult, occluded,
actions and any other field. A `part` is a region of its own, whose `part_of` says which object of
the XML it belongs to, from 0. All else is an attribute (`source.database`, `segmented`, …).

The names are the categories, after those of a `class_names.txt`, `labels.txt` or `classes.txt`
in DIR. Splits are the lists in `ImageSets/Main`, which name XMLs or pictures; what is in two lists
is an item in each (a `trainval` that only repeats the others is none). Else top folders called
train, valid, test are the splits. Every XML is read, whatever split is asked for. An XML may have
no entities of its own. Order: by split; in it the XMLs by path, then the pictures without one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions, as_text
from excavate.sources.collecting import collector_paused
from excavate.sources.files_below import content_of, counted
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.read_once import CHUNK, IN_MEMORY, Spool, in_turn
from excavate.sources.splits import chosen
from excavate.sources.voc_files import VocFiles, voc_files
from excavate.sources.voc_xml import Objects, Picture, XmlError, parsed, picture_of

KEY_RULE = "path of the picture relative to the folder of pictures"


@dataclass
class _Reading:
    """Reads XMLs and pictures into rows; keeps what is to be said of all of them."""

    files: VocFiles
    faults: FaultList
    spools: dict[str, Spool]  # by split, those that were asked for
    objects: Objects = field(default_factory=Objects)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)  # picture -> split -> its XML
    strange: dict[str, None] = field(default_factory=dict)  # XMLs of another kind

    def read_all(self) -> None:
        """Every XML once, whatever its splits, then the pictures that no XML has."""
        with collector_paused():
            for xml in self.files.xmls:
                self._read(xml)
            for picture in self.files.pictures:
                if picture not in self.taken:
                    self._add_alone(picture)
        for spool in self.spools.values():
            spool.cut(1)

    def _add_alone(self, picture: str) -> None:
        for split in self.files.splits_of(picture):
            if spool := self.spools.get(split):
                row = spool.rows.item(picture, split, path=picture)
                spool.rows.attributes.append((row, "annotation_file", None, "metadata", ""))
                spool.cut(CHUNK)

    def _read(self, xml: str) -> None:
        """Add an item to each split it is of, unless the XML is a fault or of another kind."""
        try:
            root = parsed(content_of(f"{self.files.annotations}/{xml}"))
        except OSError as error:
            return self.faults.add(xml, f"cannot be read ({error.strerror})")
        except XmlError as error:
            return self.faults.add(xml, str(error))
        if root.tag != "annotation":
            self.strange[xml] = None
            return
        try:
            self._add(root, xml)
        except RecursionError:
            self.faults.add(xml, "its elements are nested too deeply")

    def _add(self, root: Element, xml: str) -> None:
        said = picture_of(root)
        picture = self.files.picture_of(xml, said.filename)
        taken = self.taken.setdefault(picture, {})
        without_box = self.objects.without_box
        for split in self.files.splits_of(picture, xml):
            other = taken.setdefault(split, xml)
            if other != xml:
                return self.faults.add(xml, f"its picture is {picture}, as that of {other} is")
            if spool := self.spools.get(split):
                self.objects.without_box = without_box  # counted once, whatever the splits
                self._add_to(spool, said, split, picture, xml)

    def _add_to(self, spool: Spool, said: Picture, split: str, picture: str, xml: str) -> None:
        rows, file = spool.rows, posixpath.basename(xml)
        size = (said.width, said.height)
        row = rows.item(picture, split, picture, size=size, creator=said.creator)
        rows.attributes.append((row, "annotation_file", xml, "metadata", file))
        if said.filename not in (None, picture, posixpath.basename(picture)):
            rows.attributes.append((row, "filename", said.filename, "metadata", file))
        rows.attributes += [(row, n, as_text(v), "metadata", file) for n, v in said.said]
        self.objects.read(said.objects, row, rows)
        spool.cut(CHUNK)


class Voc:
    """A folder of Pascal VOC. Reads every XML once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self._options = path, options
        self._folder = existing(path, "folder")

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every fault of every XML."""
        files = self._read.files
        return Description(
            dataset_id=dataset_name(self._folder.name),
            title=self._folder.name or "voc",
            key_rule=KEY_RULE,
            fingerprint=fingerprint_of([*files.seen(), *self._splits(files)]),
            root=str(files.images),
            count=sum(spool.count for spool in self._read.spools.values()),
            left_out=tuple(self._left_out(self._read)),
        )

    def categories(self) -> Sequence[Category]:
        """The names of the list of classes, then those that the XMLs add, as they appear."""
        reading = self._read
        names = dict.fromkeys([*reading.files.lists.class_names, *reading.objects.names])
        return [Category(name, name) for name in names]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Of each split the XMLs by path, then the pictures without one by path."""
        return in_turn(self._read.spools.values(), size, start)

    @cached_property
    def _read(self) -> _Reading:
        faults = FaultList()
        files = voc_files(self._folder, self._options.given, faults)
        splits = self._splits(files)
        share = IN_MEMORY // len(splits)
        reading = _Reading(files, faults, {split: Spool(share) for split in splits})
        reading.read_all()
        faults.raise_if_any("faults in the folder", self._path, "Correct these")
        if not any(spool.count for spool in reading.spools.values()):
            what = "; ".join(("no XML of Pascal VOC and no picture", *self._left_out(reading)))
            todo = "Give the folder that holds Annotations and JPEGImages"
            raise SourceError(what, self._path, todo)
        return reading

    def _splits(self, files: VocFiles) -> list[str]:
        return chosen(files.splits or [NO_SPLIT], self._options.split, f"voc:{self._path}")

    def _left_out(self, reading: _Reading) -> Iterator[str]:
        yield from reading.files.left_out(reading.taken)
        if count := reading.objects.without_box:
            yield f"{counted(count, 'object')} without a box of four numbers: kept in extra"
        if strange := list(reading.strange):
            named = f"{counted(len(strange), 'XML')} of another kind ({strange[0]} the first)"
            yield f"{named}: not read"


def open_source(rest: str, options: SourceOptions) -> Voc:
    """The folder that `rest` names. Raises SourceError where it is none."""
    return Voc(rest, options)
