"""`openimages:DIR`: the CSVs of Open Images as published, with their hierarchy and pictures.

The key is the ImageID. Tables are known by their columns (see openimages_files), splits by the
names of files or folders, or by the column Subset. Of each image:

- boxes: regions, in pixels where the picture lies in DIR, else without place; the corners (0 to
  1), the flags and all other columns are in `extra`, verbatim. Their classes are labels `box`;
- image-level labels: labels whose field is the Source (verification, crowdsource-verification,
  machine). **Confidence 0 says that the class was looked for and is not there**: it becomes an
  attribute `verified-absent`, NAME (LabelName), its source FILE: SOURCE, and is never a label
  (`machine-absent` where a machine said so). Other confidences than 0 and 1 are the attribute
  `confidence`, an object of LabelName and number. Where the table has further columns, each of
  its rows is an attribute `image-label` too, as JSON;
- relationships: an attribute `relationship` each, as JSON; the lists of images: every column an
  attribute; licence, creator and page from the first list that has them.

Masks, point labels and narratives are counted in `left_out`, and so are pictures that are of no
image. The hierarchies, as one graph, and the descriptions of the classes are the taxonomy; a
LabelName in neither is its own name and no category.

Order: split, then ImageID. Memory: 64 MB of CSV, or a few blocks of each table (openimages_rows);
some 40 bytes a picture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions
from excavate.sources.openimages_files import CsvTable, Found, files_of
from excavate.sources.openimages_hierarchy import Hierarchies, read_descriptions
from excavate.sources.openimages_objects import coded
from excavate.sources.openimages_pictures import Pictures, unread
from excavate.sources.openimages_rows import Chunk, Rows, subsets
from excavate.sources.openimages_tables import Names, Sizes, are_numbers, batch, cut_by_items
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.splits import chosen, in_order

AHEAD = 2  # chunks made at the same time: Arrow works without holding the interpreter
NEEDED = "Give the CSVs as Open Images publishes them (ImageID,Source,LabelName,Confidence,…)"


@dataclass(slots=True)
class _Survey:
    """What was counted of one split."""

    items: int = 0
    here: int = 0  # pictures that lie in the folder
    unplaced: int = 0  # boxes without a place in pixels
    labels: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Part:
    """One split."""

    split: str
    rows: Rows
    pictures: Pictures
    seen: _Survey


@dataclass(frozen=True, slots=True)
class _Opened:
    parts: list[_Part]
    found: Found
    names: Names
    categories: list[Category]
    left_out: tuple[str, ...]


class OpenImages:
    """A folder of Open Images' files. Reads each table through once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self.root = existing(path, "folder")
        self._path, self._options = path, options

    def describe(self) -> Description:
        """Name and counts. Raises SourceError with every fault of the tables."""
        opened = self._opened
        splits = [part.split for part in opened.parts]
        pictured = [f"{folder.name} {folder.seen}" for folder in opened.found.pictures]
        seen = [*opened.found.stamps, *splits, *pictured, *opened.left_out]
        return Description(
            dataset_id=dataset_name(self.root.name),
            title=self.root.name or "Open Images",
            key_rule="ImageID",
            fingerprint=fingerprint_of(seen),
            root=str(self.root),
            count=sum(part.seen.items for part in opened.parts),
            left_out=opened.left_out,
        )

    def categories(self) -> Sequence[Category]:
        """The hierarchy, then what only the class descriptions name."""
        return self._opened.categories

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Images by split and id; the sizes of pictures are read as they come."""
        for part in self._opened.parts:
            if start >= part.seen.items:
                start -= part.seen.items
                continue
            for whole in self._wholes(part):
                yield from cut_by_items(whole, size, start)
                start = max(0, start - len(whole))

    def _wholes(self, part: _Part) -> Iterator[Batch]:
        """A batch a chunk, a few of them in the making at a time."""
        with ThreadPoolExecutor(AHEAD) as pool:
            making: deque[Future[Batch]] = deque()
            for chunk in part.rows.chunks():
                making.append(pool.submit(self._batch, part, chunk))
                if len(making) > AHEAD:
                    yield making.popleft().result()
            while making:
                yield making.popleft().result()

    def _batch(self, part: _Part, chunk: Chunk) -> Batch:
        unknown: Sizes = [None] * len(chunk.ids)
        if not part.pictures.folders:
            return batch(chunk, part.split, [None] * len(chunk.ids), unknown, self._opened.names)
        paths = part.pictures.paths(chunk.ids)
        boxed = any(table.kind == "boxes" for table, _, _ in chunk.tables)
        sizes = part.pictures.sizes(paths) if boxed else unknown
        return batch(chunk, part.split, paths, sizes, self._opened.names)

    @cached_property
    def _opened(self) -> _Opened:
        faults = FaultList()
        found = files_of(self.root, faults)
        if not (found.tables or faults.count):
            what = "; ".join(("no table of Open Images in the folder", *found.left_out()))
            raise SourceError(what, self._path, NEEDED)
        splits = _splits(found.tables, faults)
        faults.raise_if_any("the tables cannot be read", self._path, NEEDED)
        read = chosen(splits, self._split, self._path)
        parts = [self._part(split, found, faults) for split in read]
        categories, doubted = self._taxonomy(found, faults)
        faults.raise_if_any("faults in the tables", self._path, NEEDED)
        names = Names({c.category_id: c.name for c in categories})
        strays = self._strays(read, splits, found)
        said = (*found.left_out(), *strays, *doubted, *_unplaced(parts), *_unknown(parts, names))
        return _Opened(parts, found, names, categories, said)

    @property
    def _split(self) -> str | None:
        return self._options.split

    def _part(self, split: str, found: Found, faults: FaultList) -> _Part:
        own = [t for t in found.tables if t.split == split or t.by_subset]
        if split == NO_SPLIT:
            own = [t for t in found.tables if t.split is None and not t.by_subset]
        rows = Rows(own, split, faults)
        pictures = Pictures.of(self.root, split, found.pictures)
        seen = rows.surveyed(lambda chunks: _survey(chunks, pictures))
        if not seen.here:
            pictures = Pictures(self.root, ())
        return _Part(split, rows, pictures, seen)

    def _strays(self, read: Sequence[str], splits: Sequence[str], found: Found) -> Iterator[str]:
        """Pictures that are not read, where all splits are read that they could be of."""
        owners: dict[str, set[str]] = {}
        for split in splits:
            for folder in Pictures.of(self.root, split, found.pictures).folders:
                owners.setdefault(folder.name, set()).add(split)
        own = [f for f in found.pictures if f.name in owners and owners[f.name] <= set(read)]
        return unread(own, [f for f in found.pictures if f.name not in owners])

    def _taxonomy(self, found: Found, faults: FaultList) -> tuple[list[Category], list[str]]:
        """The hierarchy, then what only a list of class descriptions names; what is in doubt."""
        names: dict[str, str] = {}
        doubted: list[str] = []
        hierarchies = Hierarchies()
        for file in (*found.descriptions, *found.hierarchies):
            name = file.relative_to(self.root).as_posix()
            try:
                if file in found.hierarchies:
                    hierarchies.add(file)
                else:
                    own = read_descriptions(file)
                    doubted += _otherwise(name, own, names)
                    names |= {i: name for i, name in own.items() if i not in names}
            except SourceError as error:
                faults.add(name, _inner(error))
        said = hierarchies.categories(names)
        there = {category.category_id for category in said}
        return [*said, *(Category(i, n) for i, n in names.items() if i not in there)], doubted


def _otherwise(file: str, own: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    other = [label for label, name in own.items() if names.get(label, name) != name]
    if other:
        yield (
            f"{file}: names that another list of classes gives otherwise: {len(other):,} "
            f"({other[0]} the first): that one's are kept"
        )


def _inner(error: SourceError) -> str:
    listed = "; ".join(map(str, error.faults))
    return f"{error.what}: {listed}" if listed else error.what


def _splits(tables: Sequence[CsvTable], faults: FaultList) -> list[str]:
    said = {t.split for t in tables if t.split}
    said |= {name for t in tables if t.by_subset for name in subsets(t, faults)}
    plain = any(t.split is None and not t.by_subset for t in tables)
    return in_order(said) + ([NO_SPLIT] if plain else [])


def _survey(chunks: Iterable[Chunk], pictures: Pictures) -> _Survey:
    """Count what has to be told before anything is read."""
    seen = _Survey()
    for chunk in chunks:
        here = pictures.here(chunk.ids) if pictures.folders else None
        seen.items += len(chunk.ids)
        seen.here += 0 if here is None else int(here.sum())
        for table, rows, places in chunk.tables:
            if table.kind in ("boxes", "labels"):
                seen.labels.update(coded(rows["LabelName"]).dictionary.to_pylist())
            if table.kind == "boxes":
                placed = 0 if here is None else (here[places] & are_numbers(rows)).sum()
                seen.unplaced += len(places) - int(placed)
    return seen


def _unplaced(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        if part.seen.unplaced:
            yield (
                f"{part.split}: boxes whose picture is not here, or whose corners are no numbers: "
                f"{part.seen.unplaced:,}: no place in pixels; what is said of them is in extra"
            )


def _unknown(parts: Sequence[_Part], names: Names) -> Iterator[str]:
    unknown = sorted({label for part in parts for label in part.seen.labels} - set(names.known))
    if unknown:
        named = ", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else "")
        yield f"labels that no list of classes has: {len(unknown):,} ({named}): read without one"


def open_source(rest: str, options: SourceOptions) -> OpenImages:
    """The folder that `rest` names. Raises SourceError where it is none."""
    return OpenImages(rest, options)
