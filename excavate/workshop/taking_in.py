"""Taking in a conversation that another room exported (JSON Lines): ids kept, twice adds nothing.

Names and times come along. What does not fit is told line by line, all at once, and then nothing
is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from excavate.errors import FaultList
from excavate.workshop.about import to_json
from excavate.workshop.annotations_in import about_given, line_faults, read_line
from excavate.workshop.ids import derived_id, new_id
from excavate.workshop.store import Row, Workshop
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import ERASED

NOBODY = "00000000-0000-7000-8000-000000000000"  # who said what comes without a name
CONSENT = "Taken in from a file: what was agreed to stands in the room it comes from."
STANDING = {name: f"SELECT row_id FROM {name}" for name in TABLES}  # noqa: S608
ANSWERED = tuple(
    f"SELECT DISTINCT {TABLES[name].key} FROM {name}"  # noqa: S608
    for name in ("absence", "reply", "translation", "evidence", "find", "find_fact")
)
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
    rows: list[Row] = []
    people: dict[str, str] = {}
    named: dict[str, list[str]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"line {number}"
        said = read_line(line)
        found = list(line_faults(said, place))
        for fault in found:
            faults.add(fault.place, fault.what)
        if not found:
            rows += _rows(said)
            people |= _person(said)
            named.setdefault(said["of"], []).append(place)
    for lost in set(named) - _standing(workshop) - {row.row_id for row in rows} - {""}:
        for place in named[lost]:
            faults.add(place, f"said of {lost}, which is neither in this file nor in the room")
    todo = "Export it anew, or mend these lines; nothing was taken in"
    faults.raise_if_any("this is no conversation that can be taken in", where, todo)
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


def _standing(workshop: Workshop) -> set[str]:
    """The ids of what something can be said of."""
    with workshop.cursor() as cursor:
        return {one for query in ANSWERED for (one,) in cursor.execute(query).fetchall()}


def _rows(said: dict[str, Any]) -> list[Row]:
    """The row of one thing; of a tombstone the empty row it stands for, too."""
    if said["kind"] != "tombstone":
        return [_row(said)]
    nothing = {"about": {"kind": "nothing", "value": {}}, "visibility": "public"}
    gone = _row({**said, "kind": "absence", "more": nothing})
    stone = {"table_name": "absence", "what_id": said["id"], "manner": said["more"]["manner"],
             "moderating": False}  # fmt: skip
    return [gone, Row("withdrawal", derived_id(said["id"], ERASED), NOBODY, stone)]


def _row(said: dict[str, Any]) -> Row:
    columns = {**COLUMNS[said["kind"]](said), "written_at": _utc(said["at"])}
    return Row(said["kind"], said["id"], said["person"] or NOBODY, columns)


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
    return given if isinstance(given, int) and 0 <= given < 1 << 31 else 0


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


def _person(said: dict[str, Any]) -> dict[str, str]:
    return {said["person"]: said["name"]} if said["person"] else {NOBODY: "anonymous"}


def _person_row(person_id: str, name: str) -> Row:
    columns = {"shown_name": name, "language": "en", "consented_to": CONSENT}
    return Row("person", new_id(), person_id, columns)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
