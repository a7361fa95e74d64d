"""IIIF documents: Manifests, Collections and annotation pages, from files or from the web.

A file's references are looked for beside it first: under its own path, under the path that its
id gives it, or, for documents, under the last parts of the reference, where what lies there says
no other id. What is not there is asked of the web only where the person wants that.
"""

from __future__ import annotations

import glob
import os
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from excavate.errors import FaultList, SourceError
from excavate.sources.file_stores import FolderStore
from excavate.sources.iiif_words import Node, id_of, type_of
from excavate.sources.json_text import document as json_document
from excavate.sources.places import below, is_address
from excavate.sources.web_error import WebError

if TYPE_CHECKING:  # httpx is loaded where the web is asked
    from excavate.sources.web import Web

TYPES = ("Manifest", "Collection")
PAGES = ("AnnotationPage", "AnnotationList")
JSON = ("application/json", "application/", "text/plain", "text/json")  # the first is told
MEND = "Correct the file"
MOST_BYTES = 256 * 2**20


@dataclass(frozen=True)
class Document:
    """A JSON of IIIF. `name`: its path below the root, or its address."""

    name: str
    content: bytes = field(repr=False)
    node: Node = field(repr=False)
    on_web: bool = False

    @property
    def kind(self) -> str:
        """Manifest, Collection, AnnotationPage, …"""
        return type_of(self.node)


class TooManyError(Exception):
    """More documents of the web are named than are to be asked for."""


class Documents:
    """Finds and reads documents. `web` is None where nothing may be fetched.

    `most`: documents that are asked of the web because another one names them.
    """

    def __init__(self, root: Path | None, web: Callable[[], Web] | None, most: int) -> None:
        self.root, self.web = root, web
        self._left = most
        self.store = FolderStore(root) if root else None
        self.read: dict[str, Document] = {}  # every one read, for the fingerprint
        self._pictures: dict[tuple[str, str], tuple[str | None, str | None]] = {}

    def file(self, name: str) -> Document:
        """The document of a file below the root. Raises SourceError."""
        if name not in self.read:
            assert self.root is not None  # noqa: S101 - names below a root have one
            file = self.root / name
            try:
                if file.stat().st_size > MOST_BYTES:
                    raise SourceError(f"more than the {MOST_BYTES:,} bytes allowed", name)
                content = file.read_bytes()
            except OSError as error:
                raise SourceError(f"cannot be read ({error.strerror})", name) from error
            self.read[name] = Document(name, content, parsed(content, name))
        return self.read[name]

    def address(self, address: str) -> Document:
        """The document at an address. Raises SourceError."""
        if address not in self.read:
            assert self.web is not None  # noqa: S101 - asked only where it may be
            content = self.web().fetch(address, JSON).content
            self.read[address] = Document(address, content, parsed(content, address), True)
        return self.read[address]

    def referred(self, reference: str, by: Document, kinds: tuple[str, ...]) -> Document | None:
        """The document that another one names; None where it is not here and not to be fetched.

        Raises SourceError where it is there and cannot be read, TooManyError beyond the limit.
        """
        if not by.on_web:
            for name in self._beside(reference, by, loose=True):
                found = self.file(name)
                said = id_of(found.node)
                if found.kind in kinds and (not is_address(said) or said == reference):
                    return found
        if self.web and is_address(reference):
            if reference not in self.read:
                if not self._left:
                    raise TooManyError
                self._left -= 1
            return self.address(reference)
        return None

    def picture(self, address: str, by: Document) -> tuple[str | None, str | None]:
        """(path below the root, fault) of a picture that a local document names."""
        key = (address, by.name)
        if key not in self._pictures:
            self._pictures[key] = self._picture(address, by)
        return self._pictures[key]

    def seen(self, path: str) -> str:
        """Size and time of change of a picture below the root; "" where none can be there."""
        return self.store.seen(path) if self.store and self._is_file(path) else ""

    def _picture(self, address: str, by: Document) -> tuple[str | None, str | None]:
        if by.on_web or not address:
            return None, None
        for name in self._beside(address, by, loose=False):
            return name, None
        if is_address(address) or ":" in address.partition("/")[0] or "{{" in address:
            return None, None
        folder = posixpath.dirname(by.name)
        if below(Path(), posixpath.join(folder, unquote(address))) is None:
            return None, f"picture {address!r} leaves the folder"
        return posixpath.normpath(posixpath.join(folder, unquote(address))), None

    def _beside(self, reference: str, by: Document, loose: bool) -> Iterator[str]:
        """Paths of files below the root that a reference may mean, the most exact first."""
        folder = posixpath.dirname(by.name)
        for path in _paths(reference, id_of(by.node), loose):
            name = below(Path(), posixpath.join(folder, path))
            if name and self.store and self._is_file(name) and self.store.has(name):
                yield name

    def _is_file(self, name: str) -> bool:
        """Whether there is such a file at all, the quick question before the careful one."""
        return os.path.isfile(f"{self.root}/{name}")  # noqa: PTH113 - ten times as fast


def _paths(reference: str, base: str, loose: bool) -> Iterator[str]:
    """Paths relative to the folder of the document whose id is `base`."""
    plain = reference.partition("#")[0]
    if not is_address(plain):
        yield plain
        yield unquote(plain)
    elif is_address(base) and plain.startswith(around := base.rpartition("/")[0] + "/"):
        yield unquote(plain[len(around) :])
    if loose:
        try:
            place = urlsplit(plain).path
        except ValueError:  # "https://[x/y"
            return
        parts = [part for part in unquote(place).split("/") if part]
        yield from ("/".join(parts[n:]) for n in range(len(parts)))


def parsed(content: bytes, where: str) -> Node:
    """The JSON object of a document. Raises SourceError where it is none."""
    node: Node = json_document(content, where, MEND)
    if not isinstance(node, dict):
        raise SourceError("no IIIF: not a JSON object", where, MEND)
    return node


def opened(
    rest: str, web: Callable[[], Web] | None, most: int
) -> tuple[Documents, list[Document], int]:
    """The documents that a person named: an address, a file or a glob; and how many of the
    glob's files are no Manifest or Collection. Raises SourceError with all faults.
    """
    if is_address(rest):
        documents = Documents(None, web, most)
        return documents, [_wanted(documents.address(rest))], 0
    place = Path(rest).expanduser()
    if place.is_file():
        documents = Documents(place.resolve().parent, web, most)
        try:
            return documents, [_wanted(documents.file(place.resolve().name))], 0
        except SourceError as error:
            raise SourceError(error.what, rest, error.todo) from error
    return _globbed(rest, place, web, most)


def _wanted(document: Document) -> Document:
    if document.kind not in TYPES:
        what = f"no Manifest or Collection of IIIF, but {document.kind or 'without a type'}"
        raise SourceError(what, document.name, "Give the Manifest that names it")
    return document


def _globbed(
    rest: str, place: Path, web: Callable[[], Web] | None, most: int
) -> tuple[Documents, list[Document], int]:
    if not glob.has_magic(rest):
        what = "this is a folder" if place.is_dir() else "no such file"
        raise SourceError(what, rest, f"Give a file, an address, or a glob: iiif:{rest}/*.json")
    base = _without_magic(place)
    root = base.resolve()
    pattern = str(place.relative_to(base))
    found = sorted(glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207
    documents, faults = Documents(root, web, most), FaultList()
    there = [name for name in found if documents.store and documents.store.has(name)]
    read: list[Document] = []
    for name in there:
        try:
            read.append(documents.file(name))
        except SourceError as error:
            faults.add(name, error.what)
    faults.raise_if_any("files that cannot be read", rest, "Correct them, or narrow the glob")
    wanted = [document for document in read if document.kind in TYPES]
    if not wanted:
        raise SourceError("no Manifest or Collection in it", rest, "Check the glob")
    for document in read:
        if document.kind not in TYPES:
            del documents.read[document.name]
    return documents, wanted, len(read) - len(wanted)


def _without_magic(place: Path) -> Path:
    while glob.has_magic(str(place)):
        place = place.parent
    return place


def reason(error: SourceError) -> str:
    """What to say of a document that could not be had."""
    return f"{error.where}: {error.what}" if isinstance(error, WebError) else error.what
