"""croissant.json: Croissant 1.0 with its vocabulary of responsible AI (RAI 1.0).

Its records are the rows of items.parquet, pictures included; the files that lie beside it are
named with their checksums. All addresses of files are relative: it reads offline, from the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from excavate.errors import SiteError
from excavate.release.checksums import written_digest
from excavate.release.citation import authors
from excavate.release.croissant_words import column_words, responsible
from excavate.release.describing import rights_address, title_of, whole_licence
from excavate.release.record import Contents, Lost

FILE = "croissant.json"
TABLE = "items.parquet"
PICTURE, KEY, LABELS = "image", "member_id", ("label",)
RECORDS = "items"
FORMS = {
    "items.parquet": "application/x-parquet", "annotations.jsonl": "application/jsonlines",
    "manifest.json": "application/ld+json",
}  # fmt: skip
TYPES = {"int64": "sc:Integer", "bool": "sc:Boolean", "double": "sc:Float"}
Node = dict[str, Any]
CONTEXT: Node = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write croissant.json beside items.parquet, which has to be there.

    Raises SiteError where it is not.
    """
    if not (folder / TABLE).is_file():
        raise SiteError("the table that it describes is not written yet", str(folder / TABLE))
    text = json.dumps(as_croissant(contents, folder), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FILE).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    texts = sum(bool(room.text_ko or room.text_en) for room in contents.rooms)
    return [Lost("croissant", "wall texts of the rooms", texts, "manifest.json")] if texts else []


def as_croissant(contents: Contents, folder: Path) -> Node:
    """The Croissant description of what lies in a folder."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        **_named(contents),
        "conformsTo": [
            "http://mlcommons.org/croissant/1.0",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "version": f"{contents.version}.0.0",
        "license": _licence(contents),
        "url": f"{contents.base}/",
        "creator": [{"@type": "Person", "name": name} for name in authors(contents)],
        "datePublished": f"{contents.made_at:%Y-%m-%d}",
        "inLanguage": ["ko", "en"],
        "citeAs": citation(contents),
        "isLiveDataset": False,
        **responsible(contents),
        "distribution": [_file(folder / name) for name in FORMS if (folder / name).is_file()],
        "recordSet": [_records(folder)],
    }


def _named(contents: Contents) -> Node:
    """Its name, its titles, and what its plan says of it."""
    given, title = contents.plan.given, title_of(contents)
    statement = [one for one in (given.statement_en, given.statement_ko) if one.strip()]
    return {
        "name": given.name,
        "alternateName": list(dict.fromkeys(o for o in (title.en, title.ko) if o.strip())),
        "description": "\n\n".join(statement) or title.en or title.ko,
    }


def citation(contents: Contents) -> str:
    """How it is cited, as BibTeX; braces in a name are left out."""
    title = title_of(contents)
    named = _plain(title.en or title.ko)
    people = " and ".join(f"{{{_plain(name)}}}" for name in authors(contents))
    key = f"{contents.plan.given.name}-v{contents.version}"
    return (
        f"@misc{{{key}, title = {{{named}}}, author = {{{people}}}, "
        f"year = {{{contents.made_at:%Y}}}, version = {{{contents.version}}}, "
        f"url = {{{contents.base}/}}}}"
    )


def _plain(name: str) -> str:
    return name.translate(dict.fromkeys(map(ord, "{}\\")))


def _licence(contents: Contents) -> str:
    """The one licence that all of it carries, or the page that tells each item's terms."""
    licence = whole_licence(contents)
    return licence.uri if licence else rights_address(contents)


def _file(file: Path) -> Node:
    return {"@type": "cr:FileObject", "@id": file.name, "name": file.name,
            "contentUrl": file.name, "contentSize": f"{file.stat().st_size} B",
            "encodingFormat": FORMS[file.name], "sha256": written_digest(file)}  # fmt: skip


def _records(folder: Path) -> Node:
    """The rows of the table as records: a field a column."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(folder / TABLE)
    made: Node = {"@type": "cr:RecordSet", "@id": RECORDS, "name": RECORDS,
                  "field": list(_fields(schema))}  # fmt: skip
    if KEY in schema.names:
        made["key"] = {"@id": f"{RECORDS}/{KEY}"}
    return made


def _fields(schema: Any) -> Iterator[Node]:
    for column in schema:
        name, is_picture = column.name, column.name == PICTURE
        source: Node = {"fileObject": {"@id": TABLE}, "extract": {"column": name}}
        if is_picture:
            source["transform"] = {"jsonPath": "bytes"}
        kind = "sc:ImageObject" if is_picture else TYPES.get(str(column.type), "sc:Text")
        made = {"@type": "cr:Field", "@id": f"{RECORDS}/{name}", "name": name,
                "dataType": [kind, "cr:Label"] if name in LABELS else kind,
                "source": source}  # fmt: skip
        yield made | ({"description": said} if (said := column_words(name)) else {})
