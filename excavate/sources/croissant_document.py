"""A Croissant file as mlcroissant reads and checks it, in plain records of ours.

mlcroissant parses the JSON-LD and finds its faults, and that is all it is asked for. Its reading
of records would decode every picture, unpack archives into a cache that all datasets of a machine
share (by the hash of a relative path), let a tar write where it likes, and download what is not
there. A context that would be fetched is refused before it sees the file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.sources import json_text
from excavate.sources.places import is_address

MEND = "Correct the file"
ONE_AT_A_TIME = threading.Lock()  # what _shut does holds for the whole process


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field's values come from: a file or set of files, or another field."""

    place: str
    column: str | None = None
    path: str | None = None  # JSONPath
    prop: str | None = None  # a property of the file: content, filename, fullpath, …
    transforms: tuple[tuple[str, str], ...] = ()
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record set; `name` without the record set's, sub-fields with a dot."""

    key: str
    name: str
    types: frozenset[str]  # last parts of their addresses: Text, ImageObject, BoundingBox, …
    source: Origin | None
    refers: Origin | None


@dataclass(frozen=True, slots=True)
class RecordSet:
    """A record set, its sub-fields as fields of their own."""

    key: str
    keys: tuple[str, ...]
    types: frozenset[str]
    fields: tuple[Field, ...]
    rows: tuple[dict[str, Any], ...] | None  # where they stand in the file itself


@dataclass(frozen=True, slots=True)
class FileNode:
    """A FileObject (one file) or FileSet (those that `includes` matches)."""

    key: str
    address: str | None
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    within: tuple[str, ...]
    forms: tuple[str, ...]
    sha256: str | None

    @property
    def is_set(self) -> bool:
        """Whether it names files by a pattern."""
        return bool(self.includes)


@dataclass(frozen=True)
class Croissant:
    """What the file says."""

    content: bytes = field(repr=False)
    name: str
    version: str | None
    licence: str | None
    homepage: str | None
    citation: str | None
    files: dict[str, FileNode]
    record_sets: dict[str, RecordSet]


def read_croissant(file: Path, where: str) -> Croissant:
    """Read and check a Croissant file. Raises one SourceError with all its faults."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", where) from error
    document = json_text.document(content, where, MEND)
    if not isinstance(document, dict) or "@context" not in document:
        raise SourceError(
            "no Croissant: it has no @context", where, "Give a Croissant metadata.json"
        )
    _refuse_fetching(document, where)
    return _plain(content, _checked(document, file, where))


def _refuse_fetching(document: Any, where: str) -> None:
    """Refuse contexts that lie on the web or in other files: parsing them would fetch them."""
    faults = FaultList()
    for place, context in _contexts(document):
        if isinstance(context, str) or (
            isinstance(context, list) and any(isinstance(one, str) for one in context)
        ):
            faults.add(place, f"{context} would have to be fetched")
        elif isinstance(context, dict) and "@import" in context:
            faults.add(place, "its @import would have to be fetched")
    faults.raise_if_any("contexts that lie elsewhere", where, "Write the context into the file")


def _contexts(document: Any) -> Iterator[tuple[str, Any]]:
    """Every context, wherever it stands: of a node, in a list, in the definition of a term."""
    waiting = [("", document, False)]
    while waiting:
        place, node, is_context = waiting.pop()
        if is_context:
            yield place, node
        inner: list[tuple[str, Any, bool]] = []
        if isinstance(node, dict):
            inner = [(f"{place}.{n}".lstrip("."), v, n == "@context") for n, v in node.items()]
        elif isinstance(node, list):  # its texts were yielded with it
            plain = [(n, v) for n, v in enumerate(node) if not isinstance(v, str)]
            inner = [(f"{place}[{n}]", v, is_context) for n, v in plain]
        waiting += reversed(inner)


@contextmanager
def _shut() -> Iterator[None]:
    """Nothing is fetched by rdflib, and little logged, until the block ends.

    The wall behind _refuse_fetching: a context that this overlooked is an error, not a request.
    """
    from rdflib.plugins.shared.jsonld import context

    loader: Any = context

    def refuse(source: Any, *_: Any, **__: Any) -> Any:
        raise ValueError(f"{source} would have to be fetched")

    with ONE_AT_A_TIME:
        was, logged = loader.source_to_json, logging.root.manager.disable
        loader.source_to_json = refuse
        logging.disable(logging.WARNING)  # its warnings are about style
        try:
            yield
        finally:
            loader.source_to_json = was
            logging.disable(logged)


def _checked(document: Any, file: Path, where: str) -> Any:
    import mlcroissant

    try:
        with _shut():
            return mlcroissant.Dataset(jsonld=str(file)).metadata
    except mlcroissant.ValidationError as error:
        faults = FaultList()
        for line in str(error).partition(" warning(s) ")[0].splitlines():
            if line.strip().startswith("-"):
                place, _, what = line.strip(" -").partition("] ")
                faults.add(place.lstrip("["), what or place)
        faults.raise_if_any("faults in the Croissant file", where, MEND)
        raise SourceError(f"no Croissant ({error})", where, MEND) from error
    except Exception as error:  # whatever a graph it does not expect makes it raise
        line = (str(error).splitlines() or [type(error).__name__])[0]
        raise SourceError(f"mlcroissant cannot read it ({line})", where, MEND) from error


def _plain(content: bytes, said: Any) -> Croissant:
    licences = [_text(getattr(one, "name", one)) for one in said.license or ()]
    return Croissant(
        content=content,
        name=_text(said.name) or "",
        version=_text(said.version),
        licence=", ".join(one for one in licences if one) or None,
        homepage=_text(said.url),
        citation=_text(said.cite_as),
        files={node.id: _file(node) for node in said.distribution},
        record_sets={one.id: _record_set(one) for one in said.record_sets},
    )


def _text(said: Any) -> str | None:
    """A text; the words "None", which some files have, are none."""
    found = next(iter(said.values()), None) if isinstance(said, dict) else said
    return None if found is None or str(found) in ("", "None") else str(found)


def _file(node: Any) -> FileNode:
    address = getattr(node, "content_url", None)
    return FileNode(
        key=node.id,
        address=address if address is None or is_address(address) else address.strip(),
        includes=tuple(getattr(node, "includes", None) or ()),
        excludes=tuple(getattr(node, "excludes", None) or ()),
        within=tuple(str(getattr(one, "uuid", one)) for one in node.contained_in or ()),
        forms=tuple(node.encoding_formats or ()),
        sha256=getattr(node, "sha256", None),
    )


def _record_set(node: Any) -> RecordSet:
    return RecordSet(
        key=node.id,
        keys=tuple(node.key or ()),
        types=_types(node),
        fields=tuple(_fields(node.fields, f"{node.id}/", "")),
        rows=None if node.data is None else tuple(node.data),
    )


def _fields(nodes: Any, prefix: str, above: str) -> Iterator[Field]:
    for node in nodes:
        name = above + _last(str(node.id).removeprefix(prefix), above)
        if node.sub_fields:
            yield from _fields(node.sub_fields, prefix, f"{name}.")
        else:
            yield Field(node.id, name, _types(node), _origin(node.source), _origin(node.references))


def _last(name: str, above: str) -> str:
    return name.rpartition("/")[2] if above else name


def _types(node: Any) -> frozenset[str]:
    found = frozenset(
        str(one).rpartition("/")[2].rpartition("#")[2] for one in node.data_types or ()
    )
    return found | {"Enumeration"} if getattr(node, "is_enumeration", None) else found


def _origin(source: Any) -> Origin | None:
    place = source.field or source.file_object or source.file_set or source.distribution
    if not source or not place:
        return None
    transforms = tuple(
        (kind, getattr(one, kind))
        for one in source.transforms
        for kind in ("regex", "replace", "separator", "json_path", "format")
        if getattr(one, kind)
    )
    extract = source.extract
    prop = extract.file_property.name if extract.file_property else None
    return Origin(place, extract.column, extract.json_path, prop, transforms, source.format)
