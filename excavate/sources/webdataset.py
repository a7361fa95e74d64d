"""`webdataset:GLOB`: tar shards (.tar, .tar.gz, .tgz, .tar.zst), read as they lie.

The key is the format's own `__key__`: the member's path up to the first dot of its name. A key
that comes again in another shard of the split gets `@SHARD`, so that nothing is lost. Of a sample:

- the picture: the first member whose field is jpg, png, webp and the like, or else ends so
  (`left.png`); other pictures are counted in `left_out`;
- `cls`, `txt`, `caption` and the like: labels of that field, verbatim but for the line's end;
- `json`: each key an attribute, nested values as JSON; `caption`, `label`, `class` and `category`
  that hold text or a number are labels instead. A licence, creator or address fills the item's
  own column too. What is no JSON object stays one attribute, as it is.

Splits come from the shards' names. Shards are sorted, samples in the order of their pictures (of
their first members, where they have none). Links, devices and names that lead out are passed over
and counted; nothing is unpacked to the disk. A shard that is a link is named as the link, and its
originals are found where that leads. Every shard is read to its end: one that does not come up to
its checksum, breaks off, or is followed by more, is told. Memory: some 200 bytes a sample, three
times that of the shard being walked; pictures of packed shards a few at a time, and their text
that lies far from its sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import (
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    Label,
    SourceOptions,
    as_text,
    batch_of,
)
from excavate.sources.cutting import MOST_BYTES
from excavate.sources.files_below import counted
from excavate.sources.json_text import parsed
from excavate.sources.places import composed, dataset_name, fingerprint_of, stamp
from excavate.sources.rights import rights_of
from excavate.sources.splits import chosen, in_order
from excavate.sources.tar_members import ENDINGS
from excavate.sources.webdataset_contents import Contents
from excavate.sources.webdataset_shards import (
    Place,
    Shard,
    common,
    is_picture,
    picture_of,
    read_shard,
    shards_of,
)

LABELLING = frozenset(("caption", "label", "class", "category"))
NAMED = 20  # sentences of what is left out


class WebDataset:
    """Tar shards. Their headers are walked once, at the first question."""

    def __init__(self, pattern: str, options: SourceOptions) -> None:
        self._pattern, self._options = pattern, options
        self._files = shards_of(pattern)
        self._given = common(self._files)
        self.root = common(file.resolve() for file in self._files)

    def describe(self) -> Description:
        """Name and count. Raises SourceError with every shard that cannot be read at all."""
        shards = self._shards
        seen = [f"{shard.name} {stamp(shard.path)}" for shard in shards]
        name = _stem(self._files[0].name) if len(self._files) == 1 else self._given.name
        return Description(
            dataset_id=dataset_name(name),
            title=composed(name) or "webdataset",
            key_rule="__key__: path in the tar to the name's first dot; @SHARD if it comes again",
            fingerprint=fingerprint_of(seen),
            root=str(self.root),
            count=sum(len(shard.keys) for shard in shards),
            left_out=tuple(self._left_out()),
        )

    def categories(self) -> Sequence[Category]:
        """None: the format names no classes."""
        return []

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Samples by split and shard; light enough to be held."""
        run: list[Item] = []
        weight = 0
        for item in self._items(start):
            heavy = len(item.content or b"")
            if run and (len(run) == size or weight + heavy > MOST_BYTES):
                yield batch_of(run)
                run, weight = [], 0
            run.append(item)
            weight += heavy
        if run:
            yield batch_of(run)

    def _items(self, start: int) -> Iterator[Item]:
        split, met = "", set[str]()
        for shard in self._shards:
            if shard.split != split:
                split, met = shard.split, set()
            keys = list(_once(shard, met))
            if start < len(keys):
                yield from self._samples(shard, keys, start)
            start = max(0, start - len(keys))

    def _samples(self, shard: Shard, keys: list[str], start: int) -> Iterator[Item]:
        contents = Contents(shard, start)
        try:
            for number in range(start, len(keys)):
                yield _item(contents, shard, keys[number], shard.sample(number))
        finally:
            contents.close()

    @cached_property
    def _shards(self) -> list[Shard]:
        faults = FaultList()
        shards = [read_shard(file, self._given, self.root) for file in self._files]
        for shard in shards:
            if shard.broken and not shard.keys:
                faults.add(shard.name, shard.broken)
        faults.raise_if_any("shards that cannot be read", self._pattern, "Mend or leave these out")
        if not any(shard.keys for shard in shards):
            what = "; ".join(("no samples in the shards", *_odd(shards)))
            todo = "A sample is a picture, cls, txt or json: 0001.jpg, 0001.json"
            raise SourceError(what, self._pattern, todo)
        there = in_order(shard.split for shard in shards)
        read = chosen(there, self._options.split, self._pattern)
        return [shard for split in read for shard in shards if shard.split == split]

    def _left_out(self) -> Iterator[str]:
        yield from _odd(self._shards)
        pictures = Counter(name for shard in self._shards for name in _second_pictures(shard))
        for name, count in sorted(pictures.items()):
            yield f"more than one picture a sample: {name} {count:,}, not read"
        broken = [shard for shard in self._shards if shard.broken]
        for shard in broken[:NAMED]:
            unsure = ", which may be wrong" if shard.unsure else ""
            samples = counted(len(shard.keys), "sample")
            yield f"{shard.name}: {shard.broken}; {samples} read before it{unsure}"
        if len(broken) > NAMED:
            yield f"{len(broken) - NAMED:,} more shards are damaged: read up to there"
        again = sum(1 for _ in self._repeated())
        if again:
            yield f"keys that come again in another shard: {again:,}, called KEY@SHARD"

    def _repeated(self) -> Iterator[str]:
        met: set[tuple[str, str]] = set()
        for shard in self._shards:
            for key in shard.keys:
                if (shard.split, key) in met:
                    yield key
                met.add((shard.split, key))


def _stem(name: str) -> str:
    ending = next(
        ending for ending in sorted(ENDINGS, key=len)[::-1] if name.lower().endswith(ending)
    )
    return name[: -len(ending)]


def _once(shard: Shard, met: set[str]) -> Iterator[str]:
    for key in shard.keys:
        while key in met:
            key = f"{key}@{_stem(shard.name)}"
        met.add(key)
        yield key


def _odd(shards: Iterable[Shard]) -> Iterator[str]:
    total = sum((shard.odd for shard in shards), Counter[str]())
    said = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    for what, count in said[:NAMED]:
        yield f"{what}: {count:,}" + ("" if what.endswith("(joined to it)") else ", not read")
    if len(said) > NAMED:
        yield f"{len(said) - NAMED:,} more kinds of members: not read"


def _second_pictures(shard: Shard) -> Iterator[str]:
    if sum(is_picture(name) for name in shard.fields) > 1:
        for number in range(len(shard.keys)):
            places = shard.sample(number)
            first = picture_of(places)
            yield from (p[0] for p in places if is_picture(p[0]) and p != first)


def _item(contents: Contents, shard: Shard, key: str, places: list[Place]) -> Item:
    labels: list[Label] = []
    attributes: list[Attribute] = []
    rights: dict[str, str | None] = {}
    picture, content = picture_of(places), None
    for place in places:  # as they lie, so that what is packed is unpacked once
        if place == picture:
            content = contents.of(place) if shard.packed else None
        elif not is_picture(place[0]):
            _read(place[0], contents.of(place), shard, labels, attributes, rights)
    return Item(
        key=key,
        split=shard.split,
        content=content,
        path=shard.place if picture else None,
        part=f"{picture[1]}:{picture[2]}:{key}.{picture[0]}" if picture else None,
        labels=labels,
        attributes=attributes,
        licence=rights.get("licence"),
        creator=rights.get("creator"),
        source_url=rights.get("source_url"),
    )


def _read(
    field: str,
    content: bytes | None,
    shard: Shard,
    labels: list[Label],
    attributes: list[Attribute],
    rights: dict[str, str | None],
) -> None:
    """Take in one member that is text."""
    text = _text(content)
    if text is None:
        why = "cannot be read" if content is None else "not UTF-8"
        attributes.append(Attribute(f"{field} ({why})", None, source=shard.name))
    elif field.rpartition(".")[2] != "json":
        labels.append(Label(field, text.rstrip("\r\n")))
    else:
        _take_json(field, text, shard, labels, attributes, rights)


def _text(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None


def _take_json(
    field: str,
    text: str,
    shard: Shard,
    labels: list[Label],
    attributes: list[Attribute],
    rights: dict[str, str | None],
) -> None:
    document = _object(text)
    if document is None:
        attributes.append(Attribute(field, text, source=shard.name))
        return
    before = "" if field == "json" else f"{field[:-5]}."
    for name, value in document.items():
        if name in LABELLING and isinstance(value, (str, int)) and not isinstance(value, bool):
            labels.append(Label(before + name, str(value)))
        else:
            attributes.append(Attribute(before + name, value, source=shard.name))
    rights.update(
        rights_of({n: as_text(v) for n, v in document.items() if isinstance(v, str) and v})
    )


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object in it; None where it holds anything else, or text that is no Unicode."""
    try:
        found = parsed(text.encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def open_source(rest: str, options: SourceOptions) -> WebDataset:
    """The shards that `rest` names. Raises SourceError where there are none."""
    return WebDataset(rest, options)
