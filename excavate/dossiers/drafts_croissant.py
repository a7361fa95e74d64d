"""What a Croissant file says (1.0 and 1.1, with the RAI vocabulary), read as plain JSON.

Keys are met with their usual prefixes (sc:, cr:, rai:, prov:) or as whole addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.dossiers.statements import Document, Statement, is_answer, licence_kind, writable
from excavate.errors import SourceError

if TYPE_CHECKING:
    from excavate.dossiers.schema import Topic

PREFIX = re.compile(
    r"^(sc|schema|cr|croissant|rai|prov|dct|dc):"
    r"|^https?://(schema\.org/|mlcommons\.org/croissant/(RAI/|1\.\d/)?|www\.w3\.org/ns/prov#"
    r"|purl\.org/dc/terms/)"
)
SHOWN = 12  # files or fields named in one fact
# Key -> what its words are about, and the questions that they answer beside.
PLAIN: dict[str, tuple[Topic, tuple[str, ...]]] = {
    "alternateName": ("names", ()),
    "description": ("names", ("composition-items",)),
    "url": ("names", ()),
    "sameAs": ("names", ()),
    "license": ("licence", ()),
    "usageInfo": ("licence", ()),
    "conditionsOfAccess": ("access", ()),
    "creator": ("makers", ()),
    "author": ("makers", ()),
    "citeAs": ("makers", ()),
    "citation": ("makers", ()),
    "funder": ("funder", ()),
    "funding": ("funder", ()),
    "publisher": ("access", ("maintenance-host",)),
    "maintainer": ("access", ("maintenance-host",)),
    "datePublished": ("year", ()),
    "isBasedOn": ("ancestors", ()),
    "wasDerivedFrom": ("ancestors", ()),
    "isLiveDataset": ("access", ("maintenance-updates",)),
}
RAI: dict[str, tuple[Topic, tuple[str, ...]]] = {
    "dataCollection": ("collection", ()),
    "dataCollectionType": ("collection", ()),
    "dataCollectionMissingData": ("gaps", ()),
    "dataCollectionRawData": ("image_source", ()),
    "dataCollectionTimeframe": ("collection", ("collection-time",)),
    "dataPreprocessingProtocol": ("collection", ("preprocessing-done",)),
    "dataImputationProtocol": ("collection", ("preprocessing-done",)),
    "dataManipulationProtocol": ("collection", ("preprocessing-done",)),
    "dataReleaseMaintenancePlan": ("access", ("maintenance-updates",)),
    "personalSensitiveInformation": ("people", ("composition-sensitive",)),
    "dataAnnotationProtocol": ("labour", ()),
    "dataAnnotationPlatform": ("labour_platform", ()),
    "dataAnnotationAnalysis": ("labour", ()),
    "annotationsPerItem": ("labour", ()),
    "annotatorDemographics": ("labour_who", ()),
    "machineAnnotationTools": ("labour", ()),
    "dataSocialImpact": ("critics", ()),
    "dataBiases": ("skews", ()),
    "dataLimitations": ("gaps", ()),
    "dataUseCases": ("use", ()),
}
FORM = ("name", "conformsTo", "distribution", "recordSet")


def read_croissant(text: str, file: Path) -> Document:
    """All that a Croissant file says. Raises SourceError where it is no such file."""
    try:
        return _document(json.loads(text), file)
    except json.JSONDecodeError as error:
        what = f"this is not JSON ({error.msg})"
        raise SourceError(what, f"{file}:{error.lineno}", "Check the file") from error
    except ValueError as error:  # a number of five thousand digits
        raise SourceError("this is not JSON (malformed)", str(file), "Check the file") from error
    except RecursionError as error:
        raise SourceError("this nests too deeply", str(file), "Check the file") from error


def _document(record: Any, file: Path) -> Document:
    keyed = {bare(key): value for key, value in record.items()} if isinstance(record, dict) else {}
    if "croissant" not in " ".join(words(keyed.get("conformsTo"))).lower():
        todo = "Its conformsTo has to name a version of Croissant"
        raise SourceError("this JSON is no Croissant file", str(file), todo)
    where = f"{file.resolve().parent.name}/{file.name}"
    name = " ".join(words(keyed.get("name"))).strip() or file.resolve().parent.name
    unused = [k for k in keyed if not k.startswith("@") and k not in (*PLAIN, *RAI, *FORM)]
    left_out = (f"the keys {', '.join(unused)}",) if unused else ()
    statements = list(_statements(keyed, where))
    return Document(name, f"Croissant metadata of {name}", _kind(keyed), statements, left_out)


def bare(key: str) -> str:
    """A key without its vocabulary: rai:dataBiases is dataBiases."""
    return PREFIX.sub("", key)


def words(value: Any) -> list[str]:
    """What a value says in words: of a thing its name, else its address; of a list each."""
    if isinstance(value, list):
        return [word for inner in value for word in words(inner)]
    if isinstance(value, Mapping):
        keyed = {bare(key): inner for key, inner in value.items()}
        for key in ("@value", "name", "url", "@id"):
            if key in keyed:
                return words(keyed[key])
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    text = "" if value is None else writable(str(value))
    return [text] if is_answer(text) else []


def _statements(keyed: Mapping[str, Any], where: str) -> Iterator[Statement]:
    for key, (topic, answers) in (PLAIN | RAI).items():
        said = words(keyed.get(key))
        if said:
            beside = (*answers, f"rai-{key}") if key in RAI else answers
            # Prose as it is; short values with their key, which says what they are.
            text = said[0] if len(said) == 1 and " " in said[0] else f"{key}: {', '.join(said)}"
            yield Statement(
                topic, text, f"{where}, {key}", _address(said), beside, _terrain(key, said),
                ancestors=tuple(said) if topic == "ancestors" else (),
            )  # fmt: skip
    yield from _files(keyed.get("distribution"), where)
    yield from _records(keyed.get("recordSet"), where)


def _address(said: list[str]) -> str | None:
    first = said[0].strip()
    return first if re.fullmatch(r"https?://[^\s/]\S*", first) else None


def _terrain(key: str, said: list[str]) -> tuple[tuple[str, Any], ...]:
    if key == "datePublished" and (year := re.match(r"(19|20)\d\d", said[0])):
        return (("year", int(year[0])),)
    if key == "license" and (kind := licence_kind(said[0])) and len(said) == 1:
        return (("licence", kind),)
    return ()


def _files(value: Any, where: str) -> Iterator[Statement]:
    tables = _tables(value)
    named = [
        " ".join(words(one.get("name") or one.get("@id")))
        + "".join(f" ({kind})" for kind in words(one.get("encodingFormat"))[:1])
        for one in tables
    ]
    if named:
        shown = ", ".join(named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
        yield Statement("access", f"{len(named):,} files: {shown}", f"{where}, distribution")


def _records(value: Any, where: str) -> Iterator[Statement]:
    for table in _tables(value):
        name = " ".join(words(table.get("name") or table.get("@id")))
        kinds = {bare(kind) for kind in words(table.get("dataType"))}
        place = f"{where}, recordSet, {name}"
        rows = table.get("data")
        if isinstance(rows, list) and kinds & {"Enumeration", "Split"}:
            topic: Topic = "counts" if "Split" in kinds else "taxonomy"
            listed = [" ".join(_row_words(row)) for row in rows if isinstance(row, Mapping)]
            answers = ("composition-splits",) if topic == "counts" else ()
            yield Statement(topic, f"{name}: {', '.join(listed)}", place, answers=answers)
            continue
        fields = [_field(one) for one in _tables(table.get("field"))]
        if fields:
            shown = ", ".join(fields[:SHOWN]) + (" …" if len(fields) > SHOWN else "")
            yield Statement("metadata", f"{name}: {shown}", place)


def _row_words(row: Mapping[str, Any]) -> list[str]:
    return [word for value in row.values() for word in words(value)][:1]


def _field(table: Mapping[str, Any]) -> str:
    kinds = ", ".join(bare(kind) for kind in words(table.get("dataType")))
    name = " ".join(words(table.get("name") or table.get("@id")))
    return f"{name} ({kinds})" if kinds else name


def _tables(value: Any) -> list[dict[str, Any]]:
    given = value if isinstance(value, list) else [value]
    return [
        {bare(key): inner for key, inner in one.items()} for one in given if isinstance(one, dict)
    ]


def _kind(keyed: Mapping[str, Any]) -> str:
    kinds = {
        bare(kind)
        for table in _tables(keyed.get("recordSet"))
        for one in _tables(table.get("field"))
        for kind in words(one.get("dataType"))
    }
    return "video" if "VideoObject" in kinds and "ImageObject" not in kinds else "image"
