"""Whether what a file says is said of what is there and of its kind; no id means two things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from excavate.errors import InputFault
from excavate.workshop.store import Workshop
from excavate.workshop.tables import TABLES

# What each kind may be said of.
OF = {
    "translation": ("absence",), "evidence": ("absence",), "sorting": ("absence",),
    "stance": ("absence",), "find_fact": ("find",),
    "reply": ("absence", "reply", "translation", "evidence", "find", "find_fact"),
}  # fmt: skip
# Tables whose rows are of a thing that has an id of its own, beside the ids of its wordings.
NAMED = (
    "absence", "translation", "evidence", "reply", "find", "find_fact", "note", "round",
    "judging", "hand_check", "room_group",
)  # fmt: skip
ROWS = {name: f"SELECT row_id FROM {name}" for name in TABLES}  # noqa: S608
THINGS = {name: f"SELECT DISTINCT {TABLES[name].key} FROM {name}" for name in NAMED}  # noqa: S608
Read = Sequence[tuple[str, dict[str, Any]]]


def pointing_faults(workshop: Workshop, read: Read) -> Iterator[InputFault]:
    """Every fault of what lines name, each with the place of its line."""
    things, rows = _standing(workshop)
    here: dict[str, str] = {}
    for place, said in read:
        known = here.setdefault(said["id"], said["kind"])
        stands = rows.get(said["id"]) or things.get(said["id"]) or _table(said["kind"])
        if known != said["kind"] or stands != _table(said["kind"]):
            yield InputFault(place, "its id is that of another thing")
    kinds = things | {one: _table(kind) for one, kind in here.items()}
    for place, said in (one for one in read if one[1]["of"]):
        of = kinds.get(said["of"])
        if of is None:
            what = f"said of {said['of']}, which is neither in this file nor in the room"
            yield InputFault(place, what)
        elif of not in OF[said["kind"]]:
            yield InputFault(place, f"said of {said['of']}, which is of another kind ({of})")
    yield from _circle_faults(read)


def _circle_faults(read: Read) -> Iterator[InputFault]:
    """Answers that in the end answer themselves: no page could draw them."""
    above = {said["id"]: said["of"] for _place, said in read if said["kind"] == "reply"}
    ends: set[str] = set()
    for place, said in (one for one in read if one[1]["kind"] == "reply"):
        way, at = set[str](), said["id"]
        while at in above and at not in ends and at not in way:
            way.add(at)
            at = above[at]
        if at in way:
            yield InputFault(place, "it answers itself in the end")
        else:
            ends |= way


def _standing(workshop: Workshop) -> tuple[dict[str, str], dict[str, str]]:
    """{id: table} of all things, and of all rows."""
    with workshop.cursor() as cursor:
        things = {i: name for name in THINGS for (i,) in cursor.execute(THINGS[name]).fetchall()}
        rows = {i: name for name in ROWS for (i,) in cursor.execute(ROWS[name]).fetchall()}
    return things, rows


def _table(kind: str) -> str:
    return "absence" if kind == "tombstone" else kind
