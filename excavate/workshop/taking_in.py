"""Taking in a conversation that another room exported (JSON Lines): ids kept, twice adds nothing.

Names and times come along. What does not fit is told line by line, all at once, and then nothing
is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from excavate.errors import FaultList
from excavate.workshop.about import to_json
from excavate.workshop.annotations_in import about_given, line_faults, read_line
from excavate.workshop.ids import derived_id, new_id
from excavate.workshop.said_of import pointing_faults
from excavate.workshop.store import Row, Workshop
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import ERASED

NAMELESS = "anonymous"
CONSENT = "Taken in from a file: what was agreed to stands in the room it comes from."
STANDING = {name: f"SELECT row_id FROM {name}" for name in TABLES}  # noqa: S608
KNOWN = "SELECT DISTINCT person_id FROM person"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import added, and what stood already."""

    added: int
    stood: int
    people: int


def take_in(workshop: Workshop, text: str, where: str) -> TakenIn:
    """Add what a file of annotations says to the room, all of it or nothing.

    Raises SourceError with every fault of the file, each with its line.
    """
    faults = FaultList()
    read: list[tuple[str, dict[str, Any]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        said, place = read_line(line), f"line {number}"
        found = list(line_faults(said, place))
        for fault in found:
            faults.add(fault.place, fault.what)
        if not found:
            read.append((place, said))
    for fault in pointing_faults(workshop, read):
        faults.add(fault.place, fault.what)
    todo = "Export it anew, or mend these lines; nothing was taken in"
    faults.raise_if_any("this is no conversation that can be taken in", where, todo)
    rows = [row for _place, said in read for row in _rows(said)]
    people = {_who(said): said["name"] or NAMELESS for _place, said in read}
    return _write(workshop, rows, people)


def _write(workshop: Workshop, rows: Sequence[Row], people: Mapping[str, str]) -> TakenIn:
    with workshop.writing:
        with workshop.cursor() as cursor:
            tables = {row.table for row in rows}
            standing = {r for t in tables for (r,) in cursor.execute(STANDING[t]).fetchall()}
            known = {p for (p,) in cursor.execute(KNOWN).fetchall()}
        new = {row.row_id: row for row in rows if _is_new(row, standing)}
        named = [_person_row(p, name) for p, name in people.items() if p not in known]
        if new:
            workshop.write([*named, *new.values()])
    return TakenIn(len(new), len(rows) - len(new), len(named) if new else 0)


def _is_new(row: Row, standing: set[str]) -> bool:
    """What stands already stays as it is: no tombstone of elsewhere is set on it."""
    return row.row_id not in standing and row.columns.get("what_id") not in standing


def _rows(said: dict[str, Any]) -> list[Row]:
    """The row of one thing; of a tombstone the empty row it stands for, too."""
    if said["kind"] != "tombstone":
        return [_row(said)]
    nothing = {"about": {"kind": "nothing", "value": {}}, "visibility": "public"}
    gone = _row({**said, "kind": "absence", "more": nothing})
    stone = {"table_name": "absence", "what_id": said["id"], "manner": said["more"]["manner"],
             "moderating": False}  # fmt: skip
    return [gone, Row("withdrawal", derived_id(said["id"], ERASED), _who(said), stone)]


def _row(said: dict[str, Any]) -> Row:
    columns = {**COLUMNS[said["kind"]](said), "written_at": said["at"]}
    return Row(said["kind"], said["id"], _who(said), columns)


def _who(said: dict[str, Any]) -> str:
    """Who said it; where no name came along, somebody of its own: voices stay apart."""
    return said["person"] or derived_id(said["id"], NAMELESS)


def _absence(said: dict[str, Any]) -> dict[str, Any]:
    more = said["more"]
    about = about_given(more["about"])
    kept = {name: more.get(name) or None for name in ("stance", "knownness", "agent", "position")}
    return {"absence_id": said["id"], "statement": said["words"], "language": said["language"],
            "about_kind": about.kind, "about": to_json(about), **kept,
            "visibility": more["visibility"], "group_id": None, "round_id": None}  # fmt: skip


def _evidence(said: dict[str, Any]) -> dict[str, Any]:
    about, more = about_given(said["more"]["about"]), said["more"]
    measured = more.get("measured")
    return {"evidence_id": said["id"], "absence_id": said["of"], "kind": about.kind,
            "value": to_json(about), "verdict": more.get("verdict"),
            "measured": json.dumps(measured) if measured else None}  # fmt: skip


def _find_fact(said: dict[str, Any]) -> dict[str, Any]:
    more = said["more"]
    return {"fact_id": said["id"], "find_id": said["of"], "position": _place(more.get("place")),
            "topic": more["topic"], "text": said["words"], "language": said["language"],
            "source": more.get("source") or None}  # fmt: skip


def _place(given: Any) -> int:
    return given if type(given) is int and 0 <= given < 1 << 31 else 0


COLUMNS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "absence": _absence,
    "evidence": _evidence,
    "find_fact": _find_fact,
    "translation": lambda said: {
        "translation_id": said["id"], "absence_id": said["of"], "language": said["language"],
        "statement": said["words"],
    },
    "sorting": lambda said: {
        "absence_id": said["of"], "type": said["words"], "round_id": None,
    },
    "stance": lambda said: {"absence_id": said["of"], "stance": said["words"]},
    "reply": lambda said: {
        "reply_id": said["id"], "about": said["of"], "kind": said["more"]["kind"],
        "text": said["words"], "language": said["language"],
    },
    "find": lambda said: {
        "find_id": said["id"], "name": said["words"], "link": said["more"].get("link") or None,
        "why": said["more"]["why"], "language": said["language"], "sha256": None,
    },
}  # fmt: skip


def _person_row(person_id: str, name: str) -> Row:
    columns = {"shown_name": name, "language": "en", "consented_to": CONSENT}
    return Row("person", new_id(), person_id, columns)
