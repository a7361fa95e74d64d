"""`croissant:FILE`: the pictures that a Croissant metadata.json describes, where they lie here.

Items are the records of the first record set with a field of type sc:ImageObject that comes from
files (`--option records=ID` takes another). The key is the record set's own, where it names one
field without doubles; else the picture's path, inside its archive or below the folder.

A field that refers to an enumeration is a label (without a category where that does not list its
value), a field that is the split is the split, every other one an attribute. Record sets that
refer to the pictures' say more of them: a bounding box or mask is a region, a text a label, the
rest stands in the region's `extra` or as an attribute.

Nothing is fetched and nothing unpacked to the disk: files with an address of the web are read
where a file of that name lies beside FILE, and else said to lie elsewhere. mlcroissant reads and
checks FILE (croissant_document says why no more than that).

Order: by split, then as in the files. Memory: the tables; pictures are read as they are needed.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import (
    NO_SPLIT,
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    Label,
    Region,
    SourceOptions,
    as_text,
    batches_of,
)
from excavate.sources.croissant_document import Croissant, Field, RecordSet, read_croissant
from excavate.sources.croissant_files import Elsewhere, Files, Found
from excavate.sources.croissant_records import (
    PICTURE,
    SPLIT,
    Reading,
    Records,
    categories_of,
    is_split,
    owner,
    picture_field,
    visual,
)
from excavate.sources.croissant_regions import said_of
from excavate.sources.places import dataset_name, existing, fingerprint_of
from excavate.sources.rights import rights_of
from excavate.sources.splits import chosen, in_order

Enumerations = dict[str, dict[str, Category]]
HUB = "https://huggingface.co/datasets/"


@dataclass(slots=True)
class _Index:
    said: Croissant
    files: Files
    main: Records
    picture: Field
    places: list[tuple[Found, int]]
    splits: list[str | None]
    read: list[str]
    keys: list[str]
    key_rule: str
    enumerations: Enumerations
    labels: dict[int, list[Label]] = field(default_factory=lambda: defaultdict(list))
    regions: dict[int, list[Region]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[int, list[Attribute]] = field(default_factory=lambda: defaultdict(list))
    left_out: list[str] = field(default_factory=list)
    without: dict[Found, set[int]] = field(default_factory=dict)  # rows that hold no picture


class CroissantSource:
    """The pictures of one Croissant file. Reads it at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._file = existing(path, "file")
        self._path, self._options = path, options

    def describe(self) -> Description:
        """Name, version, licence, citation. Raises SourceError with every fault of the file."""
        index = self._index
        return Description(
            dataset_id=dataset_name(index.said.name),
            title=index.said.name or self._file.stem,
            key_rule=index.key_rule,
            fingerprint=fingerprint_of(
                [index.said.content, *index.files.seen(), index.main.record_set.key, *index.read]
            ),
            root=str(self._file.parent),
            source_revision=index.said.version,
            licence=index.said.licence,
            homepage=index.said.homepage,
            citation=index.said.citation,
            count=sum(1 for _ in self._rows()),
            left_out=tuple(index.left_out),
        )

    def categories(self) -> Sequence[Category]:
        """The values of the enumerations that the pictures' fields refer to."""
        held = self._index.enumerations.values()
        return [category for named in held for category in named.values()]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Records by split; pixels are read where they are needed."""
        return batches_of(self._items(), size, start)

    def _rows(self) -> Iterator[tuple[str, int]]:
        """(split, row) of the records to read; in one walk where there are no splits."""
        index = self._index
        by_split: dict[str, list[int]] = defaultdict(list)
        for row, split in enumerate(index.splits):
            by_split[split or NO_SPLIT].append(row)
        for split in index.read:
            yield from ((split, row) for row in by_split[split])

    def _items(self) -> Iterator[Item]:
        index = self._index
        listed = frozenset(
            one.key
            for one, _ in index.main.fields()
            if one.types & {"Label", "Enumeration"}
            or (owner(one.refers, index.said) or "") in index.enumerations
        )
        for split, row in self._rows():
            labels, attributes = _said(index, row, listed, self._file.name)
            rights = rights_of({one.name: as_text(one.value) for one in attributes})
            path, part = _place(index, *index.places[row])
            yield Item(
                key=index.keys[row],
                split=split,
                path=path,
                part=part,
                licence=rights.get("licence"),
                creator=rights.get("creator"),
                source_url=rights.get("source_url"),
                labels=[*labels, *index.labels.get(row, ())],
                regions=index.regions.get(row, ()),
                attributes=[*attributes, *index.attributes.get(row, ())],
            )

    @cached_property
    def _index(self) -> _Index:
        said = read_croissant(self._file, self._path)
        main = self._main(said)
        faults = FaultList()
        files = Files(self._file.parent, said, faults)
        reading = Reading(said, files, faults)
        picture = picture_field(main, said)
        if picture is None or picture.source is None:
            raise SourceError("no field with pictures", main.key)
        try:
            places = list(reading.tables.rows(picture, picture.source))
        except Elsewhere as error:
            faults.raise_if_any("files that cannot be used", self._path, "Correct these")
            raise _elsewhere(str(error), self._path) from error
        records = reading.records(main, picture)
        enumerations = _enumerations(said, reading, records)
        index = _with_keys(said, files, records, picture, places, enumerations)
        self._others(index, reading)
        faults.raise_if_any("files that cannot be used", self._path, "Correct these")
        index.without = _without(reading, picture.source.column, places)
        if not places:
            raise SourceError(f"no pictures in {picture.source.place}", self._path)
        there = in_order(split or NO_SPLIT for split in index.splits)
        index.read = chosen(there, self._options.split, self._path)
        return index

    def _main(self, said: Croissant) -> RecordSet:
        wanted, there = self._options.given.get("records"), visual(said)
        named = ", ".join(one.key for one in there)
        if wanted is not None:
            for one in there:
                if one.key == wanted:
                    return one
            what = f"no record set {wanted!r} that holds pictures"
            raise SourceError(what, self._path, f"There are: {named}" if named else "")
        if not there:
            what = "nothing visual in it: no record set has a field of type sc:ImageObject"
            raise SourceError(what, self._path)
        return there[0]

    def _others(self, index: _Index, reading: Reading) -> None:
        """What the other record sets say of the pictures, or why it is not read."""
        main, said = index.main.record_set, index.said
        for one in said.record_sets.values():
            if one.key == main.key or one.key in index.enumerations:
                continue
            link = next((f for f in one.fields if owner(f.refers, said) == main.key), None)
            why = _not_read(one, link, said, main.key)
            if why:
                index.left_out.append(f"record set {one.key} {why}: not read")
            elif link:
                self._joined(index, reading, one, link)
        index.left_out += index.main.left_out
        index.left_out += _unlisted(index, index.main, reading)
        for address in dict.fromkeys(index.main.elsewhere):
            index.left_out.append(f"fields that lie elsewhere, at {address}: not read")
        for name in index.files.unchecked:
            index.left_out.append(f"{name} is too large for its checksum: not looked at")

    def _joined(self, index: _Index, reading: Reading, record_set: RecordSet, link: Field) -> None:
        records = reading.records(record_set)
        target = link.refers.place if link.refers else ""
        rows: dict[str | None, list[int]] = defaultdict(list)
        for row, value in enumerate(index.main.columns.get(target, ())):
            rows[as_text(value)].append(row)
        rows.pop(None, None)
        enumerations = _enumerations(index.said, reading, records)
        index.enumerations |= {k: v for k, v in enumerations.items() if k not in index.enumerations}
        lost = 0
        links = records.columns.get(link.key, [None] * records.count)
        for number, value in enumerate(links):
            if not (named := rows.get(as_text(value), ())):
                lost += 1
                continue
            found = said_of(records, number, link, _category_of(index), self._file.name)
            for row in named:
                index.labels[row] += found.labels
                index.regions[row] += found.regions
                index.attributes[row] += found.attributes
        if lost:
            what = f"records of {record_set.key} that name no picture"
            index.left_out.append(f"{what}: {lost:,}, not read")
        index.left_out += records.left_out
        index.left_out += _unlisted(index, records, reading, link)
        for address in dict.fromkeys(records.elsewhere):
            index.left_out.append(
                f"record set {record_set.key} lies elsewhere, at {address}: not read"
            )


def _without(
    reading: Reading, column: str | None, places: list[tuple[Found, int]]
) -> dict[Found, set[int]]:
    """By file, the rows that hold no picture, where pictures are cells of a column."""
    files = dict.fromkeys(found for found, _row in places if reading.tables.holds_pictures(found))
    return {one: reading.tables.without_picture(one, column) for one in files} if column else {}


def _not_read(one: RecordSet, link: Field | None, said: Croissant, main: str) -> str | None:
    """Why a record set says nothing of the pictures; None for lists that others refer to, too."""
    if picture_field(one, said):
        return f"holds pictures too (--option records={one.key} reads it)"
    if any(f.source and owner(f.source, said) for f in one.fields):
        return "joins others"
    if link is None and not (_is_list(one) and _is_wanted(one, said)):
        return f"does not refer to {main}"
    return None


def _is_list(one: RecordSet) -> bool:
    """Whether it is a list of values that others choose from."""
    return one.rows is not None or "Enumeration" in one.types


def _is_wanted(one: RecordSet, said: Croissant) -> bool:
    """Whether any field chooses from it, or it lists the splits."""
    fields = [field for other in said.record_sets.values() for field in other.fields]
    return bool(one.types & SPLIT) or any(owner(f.refers, said) == one.key for f in fields)


def _unlisted(
    index: _Index, records: Records, reading: Reading, link: Field | None = None
) -> Iterator[str]:
    """What is said of enumerations that were not read, and of values that are in none."""
    for one, values in records.fields():
        key = owner(one.refers, index.said)
        if key is None or key not in index.enumerations or one is link:
            continue
        listed = reading.records(index.said.record_sets[key])
        for address in dict.fromkeys(listed.elsewhere):
            yield f"enumeration {key} lies elsewhere, at {address}: not read"
        yield from listed.left_out
        there = index.enumerations[key]
        count = sum(v is not None and as_text(v) not in there for v in values)
        if count:
            yield f"values of {one.key} that are not in {key}: {count:,}, without a category"


def _elsewhere(address: str, where: str) -> SourceError:
    todo = "Put its files beside the Croissant file"
    if address.startswith(HUB):
        name = "/".join(address.removeprefix(HUB).partition("/tree/")[0].split("/")[:2])
        todo += f", or dig hf:{name}"
    return SourceError(f"its pictures lie elsewhere, at {address}", where, todo)


def _category_of(index: _Index) -> Any:
    def category(one: Field, value: Any) -> Category | None:
        named = index.enumerations.get(owner(one.refers, index.said) or "")
        return named.get(as_text(value) or "") if named else None

    return category


def _said(
    index: _Index, row: int, listed: frozenset[str], source: str
) -> tuple[list[Label], list[Attribute]]:
    """What the record itself says; `listed`: keys of the fields that are labels."""
    labels: list[Label] = []
    attributes: list[Attribute] = []
    category_of = _category_of(index)
    for one, values in index.main.fields():
        value = values[row]
        category = category_of(one, value)
        if category:
            labels.append(Label(one.name, category.name, category.category_id))
        elif value is not None and one.key in listed:
            labels.append(Label(one.name, str(as_text(value))))
        elif PICTURE not in one.types:
            attributes.append(Attribute(one.name, value, source=source))
    return labels, attributes


def _place(index: _Index, found: Found, row: int) -> tuple[str | None, str | None]:
    """Path and part of a picture; a cell of a Parquet file is COLUMN:ROW. None of an empty one."""
    source = index.picture.source
    if row in index.without.get(found, ()):
        return None, None
    if source and source.column:
        return found.path, f"{source.column}:{row}"
    return found.path, found.part


def _enumerations(said: Croissant, reading: Reading, records: Records) -> Enumerations:
    """The enumerations that fields of these records refer to; splits are none."""
    wanted = [
        key
        for one, _ in records.fields()
        if (key := owner(one.refers, said)) and not is_split(one, said)
    ]
    found: Enumerations = {}
    for key in dict.fromkeys(wanted):
        record_set = said.record_sets[key]
        if _is_list(record_set):
            found[key] = categories_of(reading.records(record_set), prefix=True)
    return found


def _with_keys(
    said: Croissant,
    files: Files,
    records: Records,
    picture: Field,
    places: list[tuple[Found, int]],
    enumerations: Enumerations,
) -> _Index:
    """The index with keys and splits: the record set's key, or the pictures' paths."""
    column = next((v for f, v in records.fields() if is_split(f, said)), None)
    plain: list[Any] = column or [None] * len(places)
    splits = [as_text(value) or None for value in plain]
    keys, rule = _keys(records, picture, places)
    return _Index(said, files, records, picture, places, splits, [], keys, rule, enumerations)


def _keys(
    records: Records, picture: Field, places: list[tuple[Found, int]]
) -> tuple[list[str], str]:
    said = records.record_set
    wanted = {key if "/" in key else f"{said.key}/{key}" for key in said.keys}
    for one, values in records.fields():
        texts = [as_text(value) for value in values]
        if {one.key} == wanted and None not in texts and len(set(texts)) == len(texts):
            return [str(text) for text in texts], f"the field {one.key}"
    if picture.source and picture.source.column:
        return [f"{found.name}:{row}" for found, row in places], "file and row of the picture"
    names = [found.name for found, _ in places]
    if len(set(names)) == len(names):
        return names, "path of the picture, inside its archive or below the folder"
    whole = [posixpath.join(found.path, found.name) for found, _ in places]
    seen: Counter[str] = Counter()
    for number, name in enumerate(whole):
        seen[name] += 1
        whole[number] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return whole, "archive and path of the picture"


def open_source(rest: str, options: SourceOptions) -> CroissantSource:
    """The Croissant file that `rest` names. Raises SourceError where there is none."""
    return CroissantSource(rest, options)
