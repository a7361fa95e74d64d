"""Small Croissant datasets, made for tests."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.sources.fixtures import png, put

CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform", "wd": "https://www.wikidata.org/wiki/",
}  # fmt: skip
IMAGES = "images"


def described(files: Iterable[Any], sets: Iterable[Any], **more: Any) -> dict[str, Any]:
    """A Croissant document."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "Small Things",
        "description": "Made for a test.",
        "license": "https://x.example/by",
        "url": "https://x.example/small",
        "version": "1.2.0",
        "citeAs": "Kim 2026",
        "distribution": list(files),
        "recordSet": list(sets),
    } | more


def held(root: Path, key: str, address: str, form: str, **more: Any) -> dict[str, Any]:
    """A FileObject, with the checksum of the file where it is there."""
    file = root / address
    digest = hashlib.sha256(file.read_bytes() if file.is_file() else b"").hexdigest()
    said = {"contentUrl": address, "encodingFormat": form, "sha256": digest}
    return {"@type": "cr:FileObject", "@id": key, "name": key} | said | more


def matching(key: str, pattern: str, *within: str) -> dict[str, Any]:
    """A FileSet."""
    said = {"@type": "cr:FileSet", "@id": key, "name": key, "includes": pattern}
    inside = {"containedIn": [{"@id": one} for one in within]} if within else {}
    return said | {"encodingFormat": "image/png"} | inside


def from_set(place: str, prop: str, **more: Any) -> dict[str, Any]:
    """Where a property of files comes from."""
    return {"source": {"fileSet": {"@id": place}, "extract": {"fileProperty": prop}} | more}


def from_file(place: str, **extract: str) -> dict[str, Any]:
    """Where a column or JSONPath comes from."""
    return {"source": {"fileObject": {"@id": place}, "extract": extract}}


def one_field(key: str, kind: str | list[str], **more: Any) -> dict[str, Any]:
    """A field."""
    return {"@type": "cr:Field", "@id": key, "name": key, "dataType": kind} | more


def record_set(name: str, *fields: Any, **more: Any) -> dict[str, Any]:
    """A record set."""
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": list(fields)} | more


def refers(key: str) -> dict[str, Any]:
    """To a field."""
    return {"references": {"field": {"@id": key}}}


def written(root: Path, document: Any) -> str:
    """The source string of a document."""
    text = document if isinstance(document, (str, bytes)) else json.dumps(document)
    put(root / "metadata.json", text)
    return f"croissant:{root / 'metadata.json'}"


BOXES = [
    {"id": 1, "picture": "a", "bbox": [0, 1, 2, 3], "kind": 7, "note": "첫"},
    {"id": 2, "picture": "b", "bbox": [0.5, 0, 1, 1], "kind": 9},
    {"id": 3, "picture": "a", "bbox": "off", "kind": None, "note": "x"},
    {"id": 4, "picture": "gone", "bbox": [0, 0, 1, 1], "kind": 7, "note": None},
]


def annotated_parts(root: Path) -> tuple[list[Any], list[Any]]:
    """Pictures in a zip by split, a table of them, an enumeration, boxes and captions."""
    root.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(root / "pictures.zip", "w") as archive:
        for name in ("train/a.png", "test/b.png", "train/c.png", "notes.txt"):
            archive.writestr(name, png() if name.endswith(".png") else "x")
    put(root / "of.csv", "name,age,creator\na,007,Kim\nb,,Lee\n")
    put(root / "boxes.json", json.dumps({"annotations": BOXES}))
    put(root / "captions.jsonl", '{"of": "b", "text": "둘"}\n{"of": "b", "text": "two"}\n')
    files = [
        held(root, "zip", "pictures.zip", "application/zip"),
        matching("png", "*.png", "zip"),
        held(root, "of", "of.csv", "text/csv"),
        held(root, "boxes-file", "boxes.json", "application/json"),
        held(root, "captions-file", "captions.jsonl", "application/jsonlines"),
    ]
    kinds = [{"kinds/id": 7, "kinds/name": "cat"}, {"kinds/id": 9, "kinds/name": "개"}]
    sets = [
        record_set("kinds", one_field("kinds/id", "sc:Integer"), one_field("kinds/name", "sc:Text"),
                   dataType="sc:Enumeration", key={"@id": "kinds/id"}, data=kinds),
        record_set(
            IMAGES,
            one_field("images/name", "sc:Text",
                      references={"fileObject": {"@id": "of"}, "extract": {"column": "name"}},
                      **from_set("png", "filename", transform={"regex": r"(.*)\.png"})),
            one_field("images/content", "sc:ImageObject", **from_set("png", "content")),
            one_field("images/split", "sc:Text",
                      **from_set("png", "fullpath", transform={"regex": "^(train|test)/"})),
            one_field("images/age", "sc:Text", **from_file("of", column="age")),
            one_field("images/creator", "sc:Text", **from_file("of", column="creator")),
            key={"@id": "images/name"},
        ),
        record_set(
            "boxes",
            one_field("boxes/picture", "sc:Text", **refers("images/name"),
                      **from_file("boxes-file", jsonPath="$.annotations[*].picture")),
            one_field("boxes/bbox", "cr:BoundingBox",
                      **from_file("boxes-file", jsonPath="$.annotations[*].bbox")),
            one_field("boxes/kind", "sc:Integer", **refers("kinds/id"),
                      **from_file("boxes-file", jsonPath="$.annotations[*].kind")),
            one_field("boxes/note", "sc:Text",
                      **from_file("boxes-file", jsonPath="$.annotations[*].note")),
        ),
        record_set(
            "captions",
            one_field("captions/of", "sc:Text", **refers("images/name"),
                      **from_file("captions-file", column="of")),
            one_field("captions/text", "sc:Text", **from_file("captions-file", column="text")),
        ),
    ]  # fmt: skip
    return files, sets


def annotated(root: Path) -> str:
    """All of `annotated_parts`."""
    return written(root, described(*annotated_parts(root)))


def folder_of_pictures(root: Path) -> str:
    """A FileSet of files beside the Croissant file."""
    for name in ("pictures/1.png", "pictures/sub/2.png", "other.txt"):
        put(root / name, png())
    content = one_field("images/content", "sc:ImageObject", **from_set("png", "content"))
    return written(
        root, described([matching("png", "pictures/*.png")], [record_set(IMAGES, content)])
    )


def two_tars(root: Path, names: Iterable[str] = ("x/1.png", "x/2.png")) -> str:
    """Pictures in two tars with the same names inside."""
    root.mkdir(parents=True, exist_ok=True)
    for tar in ("a.tar", "b.tar.gz"):
        with tarfile.open(root / tar, "w:gz" if tar.endswith("gz") else "w") as archive:
            for name in names:
                file = put(root / "one.png", png())
                archive.add(file, arcname=name)
    (root / "one.png").unlink()
    files = [held(root, tar, tar, "application/x-tar") for tar in ("a.tar", "b.tar.gz")]
    files.append(matching("png", "*.png", "a.tar", "b.tar.gz"))
    content = one_field("images/content", "sc:ImageObject", **from_set("png", "content"))
    return written(root, described(files, [record_set(IMAGES, content)]))


def cells_of_parquet(root: Path) -> str:
    """Pictures in a column, as the hub's Parquet has them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    root.mkdir(parents=True, exist_ok=True)
    rows = {
        "image": [{"bytes": png(2 + n), "path": f"{n}.png"} for n in range(3)],
        "label": [1, 0, 1],
    }
    pq.write_table(pa.table(rows), root / "rows.parquet", row_group_size=2)
    place = from_file("cells", column="image")
    place["source"]["transform"] = {"jsonPath": "bytes"}
    names = [{"names/id": 0, "names/name": "no"}, {"names/id": 1, "names/name": "yes"}]
    sets = [
        record_set("names", one_field("names/id", "sc:Integer"), one_field("names/name", "sc:Text"),
                   dataType="sc:Enumeration", key={"@id": "names/id"}, data=names),
        record_set("rows", one_field("rows/image", "sc:ImageObject", **place),
                   one_field("rows/label", "sc:Integer", **refers("names/id"),
                             **from_file("cells", column="label"))),
    ]  # fmt: skip
    files = [held(root, "cells", "rows.parquet", "application/x-parquet")]
    return written(root, described(files, sets))
