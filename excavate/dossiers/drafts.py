"""Drafts: a first dossier from a dataset card or a Croissant file, for somebody to read.

Every fact quotes the document and says where in it the words stand. What the makers' own
document says of them is one voice; a draft has heard no other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.dossiers.statements import quotation
from excavate.errors import ExcavateError, SourceError

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier
    from excavate.dossiers.statements import Document, Statement

LARGEST = 20_000_000  # bytes
HANGUL = re.compile("[가-힣]")
HEADER = """\
A draft that a machine wrote. Its one source: {title}.
Nobody has read it yet: check each fact against its place, say more, then take
draft = true out. Its kind is assumed. How to write a dossier: archives/README.md."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, the comment for the top of its file, and what the document has beside."""

    dossier: Dossier
    header: str
    left_out: tuple[str, ...]


def draft_from(file: Path, dossier_id: str | None = None) -> Drafted:
    """A draft from a dataset card (.md) or a Croissant file (.json).

    Raises SourceError where the file is neither, or says nothing that could be a fact.
    """
    document = _document(file)
    if not document.statements:
        todo = "Write the dossier by hand: archives/README.md shows how"
        raise SourceError("this says nothing that could be a fact", str(file), todo)
    name = dossier_id or _id_of(document.name) or _id_of(file.resolve().parent.name)
    if not name or _id_of(name) != name:
        todo = "Give --id small letters, digits and dashes, at most 64"
        raise ExcavateError("cannot name a dossier", repr(name or document.name), todo)
    header = HEADER.format(title=document.title)
    return Drafted(_dossier(document, name), header, tuple(document.left_out))


def write_draft(drafted: Drafted, folder: Path) -> Path:
    """Write a draft as ID.toml into a folder, never over a file that is there."""
    from excavate.dossiers.writing import to_toml

    path = folder / f"{drafted.dossier.id}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(to_toml(drafted.dossier, drafted.header))
    except FileExistsError as error:
        todo = "Give the draft another --id, or take that file away first"
        raise ExcavateError("there is a dossier already", str(path), todo) from error
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise ExcavateError(what, str(path), "Name another folder with --to") from error
    return path


def _document(file: Path) -> Document:
    from excavate.dossiers.drafts_card import read_card
    from excavate.dossiers.drafts_croissant import read_croissant

    if not file.is_file():
        raise SourceError("no such file", str(file), "Check the path")
    if file.stat().st_size > LARGEST:
        raise SourceError(f"larger than {LARGEST:,} bytes", str(file), "Is it a card?")
    readers = {".md": read_card, ".markdown": read_card, ".json": read_croissant}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        todo = "Give a dataset card (README.md) or a Croissant file (.json)"
        raise SourceError("a dossier cannot be drafted from this", str(file), todo)
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("this is not written in UTF-8", str(file), "Save it so") from error
    return reader(text, file)


def _id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:65].strip("-")[:64].rstrip("-")


def _dossier(document: Document, dossier_id: str) -> Dossier:
    facts, because, terrain = [], {}, {}
    counts: list[dict[str, Any]] = []
    ancestors: list[dict[str, Any]] = []
    for number, said in enumerate(document.statements, 1):
        fact_id = f"{dossier_id}-{number:02}"
        facts.append(_fact(said, fact_id, document.title))
        for key, value in said.terrain:
            if key not in terrain:
                terrain[key], because[key] = value, [fact_id]
        counts += [
            {"of": of, "number": n, "split": split, "version": version, "because": [fact_id]}
            for of, n, split, version in said.counts
        ]
        ancestors += [{"name": name, "because": [fact_id]} for name in said.ancestors]
    record = {"id": dossier_id, "kind": document.kind, "name": _name(document.name)}
    return _validated(
        record
        | {"draft": True, "terrain": {**terrain, "because": because}}
        | {"count": counts, "ancestor": ancestors, "fact": facts},
        document,
    )


def _name(name: str) -> dict[str, str]:
    """A name under the language that its script shows: a Korean one is its makers' own."""
    return {"ko": name, "ko_is": "given"} if HANGUL.search(name) else {"en": name}


def _validated(record: dict[str, Any], document: Document) -> Dossier:
    from pydantic import ValidationError

    from excavate.dossiers.schema import Dossier
    from excavate.dossiers.wording import schema_faults

    try:
        return Dossier.model_validate(record)
    except ValidationError as error:
        faults = schema_faults(error, document.title)
        todo = "Mend the document, or write the dossier by hand"
        raise SourceError("a dossier cannot hold what this says", "", todo, faults) from error


def _fact(said: Statement, fact_id: str, title: str) -> dict[str, Any]:
    text = quotation(said.text)
    language = "ko" if HANGUL.search(text) else "en"
    return {
        "id": fact_id,
        "topic": said.topic,
        "text": {language: text},
        "source": title,
        "url": said.url,
        "status": "seen",
        "seen_in": said.place,
        "answers": list(said.answers),
    }
