"""`iiif:URL`, `iiif:FILE` or `iiif:GLOB`: Manifests and Collections, Presentation 2 and 3.

The key is the canvas' id; where an earlier Manifest has the same, `MANIFEST#ID`. A canvas is an
item, and what is painted on it its picture (iiif_pictures); one on which nothing is painted is an
item without pixels, and says so (attribute `empty`); where what is painted could not be read, it
says how much (`unread`); one of video or sound alone is left out.
Annotations become regions (iiif_annotations), ranges a taxonomy, every other property of canvas,
Manifest and Collection an attribute, one a language (`metadata.Title@en`).

Regions are in pixels of the picture, where its size is not the canvas', scaled from it; `extra`
then has the box `on_canvas`, verbatim.

A file: nothing is fetched, pictures are those that lie below its folder. A URL, or a file with
`fetch=yes`: documents and pictures are asked of the web (excavate.sources.web), pictures no
larger than they need be; one that cannot be had is a fault of its item, unless nothing at all
can be reached (iiif_fetching). At most ten documents for each Manifest of `most` are asked for.

Order: as in the documents. Memory: the documents, and the pictures of a batch, which ends at a
number of bytes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from glob import has_magic
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from excavate.errors import FaultList
from excavate.model import (
    NO_SPLIT,
    Attribute,
    Batch,
    Category,
    Description,
    Item,
    SourceOptions,
    batch_of,
)
from excavate.sources.collecting import collector_paused
from excavate.sources.cutting import MOST_BYTES
from excavate.sources.iiif_fetching import Fetching
from excavate.sources.iiif_items import Pixels, local_pixels, region_table, scale_of
from excavate.sources.iiif_manifests import Canvas
from excavate.sources.iiif_pictures import sized_address
from excavate.sources.iiif_reading import ASK, Asked, Index, read_all
from excavate.sources.iiif_words import first_words, id_of, many
from excavate.sources.places import dataset_name, fingerprint_of, is_address
from excavate.sources.splits import chosen
from excavate.sources.web_error import WebError

if TYPE_CHECKING:  # httpx is loaded where the web is asked
    from excavate.sources.web import Web

PLAIN_NAMES = ("manifest", "collection", "index", "info", "iiif")
MOST_MANIFESTS, LONGEST = 100, 1024
_Read = tuple[str, Canvas, Pixels]


@dataclass(frozen=True, slots=True)
class _Wishes:
    fetch: bool
    pictures: bool
    most: int
    size: int


class Iiif:
    """Manifests of IIIF. Reads them, and asks the web for them, at the first question."""

    def __init__(self, rest: str, options: SourceOptions, web: Web | None = None) -> None:
        self._rest, self._given = rest, web
        self._wishes = _wishes(rest, options)
        chosen([NO_SPLIT], options.split, f"iiif:{rest}")

    def describe(self) -> Description:
        """Title, rights and count. Raises SourceError with every fault of the documents."""
        index = self._index
        node, rights = index.first.node, {c.licence for _, c in index.canvases}
        return Description(
            dataset_id=dataset_name(_name(index.first.name, self._rest)),
            title=first_words(node.get("label")) or _name(index.first.name, self._rest),
            key_rule="the canvas' id; after its Manifest's name where an earlier one has the same",
            fingerprint=fingerprint_of(self._seen()),
            root=str(index.documents.root) if index.documents.root else None,
            licence=rights.pop() if len(rights) == 1 else None,
            homepage=next(
                filter(None, map(id_of, many(node.get("homepage", node.get("related"))))), None
            ),
            count=len(index.canvases),
            left_out=(*index.left_out, *self._not_fetched()),
        )

    def categories(self) -> Sequence[Category]:
        """The ranges of the Manifests."""
        return self._index.categories

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Canvases in order; pictures are fetched as they come, where that is wanted."""
        run: list[_Read] = []
        weight = 0
        for key, canvas in islice(self._index.canvases, start, None):
            pixels = self._pixels(canvas)
            heavy = len(pixels.content or b"")
            if run and (len(run) == size or weight + heavy > MOST_BYTES):
                yield _batch(run)
                run, weight = [], 0
            run.append((key, canvas, pixels))
            weight += heavy
        if run:
            yield _batch(run)

    def _pixels(self, canvas: Canvas) -> Pixels:
        picture = canvas.paintings.main
        if picture is None:
            return Pixels()
        path, _ = self._index.documents.picture(picture.address, canvas.document)
        if path and not picture.selector and self._index.documents.root:
            return local_pixels(self._index.documents.root, path, picture.size)
        if not self._fetches or path:
            return Pixels(size=None if picture.selector else picture.size)
        address = sized_address(picture, self._wishes.size)
        found = self._pictures.picture(address)
        if isinstance(found, WebError):
            return Pixels(content=b"", size=picture.size, fault=f"{found.where}: {found.what}")
        return Pixels.of(found.content, address)

    def _addresses(self) -> Iterator[str]:
        """Where the pictures of all canvases lie."""
        for _, canvas in self._index.canvases:
            if canvas.paintings.main:
                yield sized_address(canvas.paintings.main, self._wishes.size)

    @property
    def _fetches(self) -> bool:
        return self._wishes.fetch and self._wishes.pictures

    def _seen(self) -> Iterator[str | bytes]:
        index = self._index
        yield repr(self._wishes)
        for document in index.documents.read.values():
            yield document.name
            yield document.content
        for _, canvas in index.canvases:
            picture = canvas.paintings.main
            if picture and index.documents.root:
                path, _ = index.documents.picture(picture.address, canvas.document)
                yield index.documents.seen(path) if path else ""

    def _not_fetched(self) -> Iterator[str]:
        if self._fetches:
            return
        index, elsewhere, cut, closed = self._index, 0, 0, 0
        for _, canvas in index.canvases:
            picture = canvas.paintings.main
            if picture:
                path, _ = index.documents.picture(picture.address, canvas.document)
                asked = sized_address(picture, self._wishes.size).lower().startswith("https:")
                elsewhere += path is None and asked
                closed += path is None and not asked
                cut += path is not None and bool(picture.selector)
        if elsewhere:
            yield f"pictures that lie on the web: {elsewhere:,}, not fetched ({ASK})"
        if closed:
            yield f"pictures whose address is no https one, and is not asked: {closed:,}, not read"
        if cut:
            yield f"pictures beside the file that are meant cut or turned: {cut:,}, not read"

    @cached_property
    def _web(self) -> Web:
        from excavate.sources.web import Web

        return self._given or Web()

    @cached_property
    def _pictures(self) -> Fetching:
        return Fetching(self._web, self._addresses, self._rest if is_address(self._rest) else None)

    @cached_property
    def _index(self) -> Index:
        web = (lambda: self._web) if self._wishes.fetch else None
        with collector_paused():
            return read_all(Asked(self._rest, web, self._wishes.most))


def _batch(run: list[_Read]) -> Batch:
    items = [_item(key, canvas, pixels) for key, canvas, pixels in run]
    rows = [(canvas.rows, scale_of(canvas, pixels.size)) for _, canvas, pixels in run]
    with collector_paused():
        return replace(batch_of(items), regions=region_table(rows))


def _item(key: str, canvas: Canvas, pixels: Pixels) -> Item:
    picture, source = canvas.paintings.main, canvas.document.name
    size = pixels.size or canvas.size
    return Item(
        key=key,
        content=pixels.content,
        path=pixels.path,
        width=round(size[0]) if size else None,
        height=round(size[1]) if size else None,
        licence=canvas.licence,
        creator=canvas.creator,
        source_url=picture.address if picture else None,
        labels=canvas.labels,
        attributes=[*canvas.attributes, *_of_picture(canvas, pixels, source)],
    )


def _of_picture(canvas: Canvas, pixels: Pixels, source: str) -> Iterator[Attribute]:
    size = canvas.size
    if canvas.paintings.empty:
        yield Attribute("empty", True, source=source)
    if canvas.paintings.unread:
        yield Attribute("unread", canvas.paintings.unread, said_by="machine", source=source)
    if size and pixels.size and size != pixels.size:
        yield Attribute("canvas.size", list(size), source=source)
    if pixels.address:
        yield Attribute("fetched", pixels.address, said_by="machine", source=source)
    if pixels.fault:
        yield Attribute("not_fetched", pixels.fault, said_by="machine", source=source)
    yield from _painted(canvas, source)


def _painted(canvas: Canvas, source: str) -> Iterator[Attribute]:
    picture = canvas.paintings.main
    if picture:
        yield Attribute("picture", picture.body, source=source)
        if picture.others:
            yield Attribute("choice", list(picture.others), source=source)
        if picture.selector:
            yield Attribute("picture.selector", picture.selector, source=source)
        if picture.box:
            yield Attribute("picture.on_canvas", list(picture.box), source=source)


def _name(name: str, rest: str) -> str:
    """What a person would call it: the file's name, or its folder's where that one says little."""
    path = urlsplit(name).path if is_address(name) else posixpath.abspath(rest)
    there = [part for part in path.split("/") if part] or [urlsplit(name).netloc]
    parts = there if is_address(name) else [part for part in there if not has_magic(part)]
    if len(parts) < len(there):  # a glob is called by its folder
        return parts[-1] if parts else "iiif"
    stem = posixpath.splitext(parts[-1])[0]
    return parts[-2] if stem.lower() in PLAIN_NAMES and len(parts) > 1 else stem


def _wishes(rest: str, options: SourceOptions) -> _Wishes:
    """What was asked for. Raises one SourceError with every option that is none."""
    faults, given = FaultList(), options.given

    def chosen_of(name: str, otherwise: bool) -> bool:
        said = given.get(name)
        if said not in (None, "yes", "no"):
            faults.add(f"--option {name}={said}", "yes or no")
        return otherwise if said is None else said == "yes"

    def number(name: str, otherwise: int, most: int) -> int:
        said = given.get(name, str(otherwise))
        fine = said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= most
        if not fine:
            faults.add(f"--option {name}={said}", f"a whole number from 1 to {most:,}")
        return int(said) if fine else otherwise

    wishes = _Wishes(
        fetch=chosen_of("fetch", is_address(rest)),
        pictures=chosen_of("pictures", True),
        most=number("most", MOST_MANIFESTS, 100_000),
        size=number("size", LONGEST, 20_000),
    )
    if is_address(rest) and not wishes.fetch:
        faults.add("--option fetch=no", "an address is read by asking the web")
    faults.raise_if_any("options that cannot be followed", f"iiif:{rest}", "Correct these")
    return wishes


def open_source(rest: str, options: SourceOptions) -> Iiif:
    """The Manifests that `rest` names; nothing is asked of the web yet."""
    return Iiif(rest, options)
