"""What one person gave, to take along: JSON for machines, Markdown for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from excavate import __version__
from excavate.workshop.authors import Author
from excavate.workshop.minutes import plain
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import ERASED, WITHDRAWABLE, Given, given_by

ROWS = {
    table: f"""
SELECT * EXCLUDE (room_id, person_id), {thing.what} AS what_id FROM {table}
WHERE room_id = $1 AND person_id = $2 ORDER BY writing, row_id
"""  # noqa: S608
    for table, thing in WITHDRAWABLE.items()
}
TITLES = {
    "absence": "Absences", "reply": "Replies", "translation": "Translations",
    "evidence": "Evidence", "sorting": "Sortings", "stance": "Stances", "find": "Finds",
    "find_fact": "Facts of finds", "judgement": "Judgements", "hand_answer": "Hand-checks",
    "round": "Prompts of rounds", "judging": "Judgings", "room_group": "Names of groups",
    "plan": "Plans of counter-datasets", "member": "Members of counter-datasets",
    "member_rights": "Rights of members", "left_out": "Members left out",
    "curation": "Orders of counter-datasets", "note": "Notebook",
    "presentation": "Presentation", "labour": "Time",
}  # fmt: skip


def own_record(workshop: Workshop, author: Author) -> dict[str, Any]:
    """Everything one gave in the room with every wording, one's own private things included."""
    manners = {one.what_id: one.manner for one in given_by(workshop, author.person_id)}
    given: dict[str, list[dict[str, Any]]] = {}
    with workshop.cursor() as cursor:
        for table, query in ROWS.items():
            found = cursor.execute(query, [workshop.room_id, author.person_id])
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            given[table] = [_record(row, manners) for row in rows]
    return {
        "excavate": __version__, "exported_at": _moment(datetime.now(UTC)),
        "room_id": workshop.room_id, "person_id": author.person_id,
        "shown_name": author.shown_name, "given": {k: rows for k, rows in given.items() if rows},
    }  # fmt: skip


def as_json(workshop: Workshop, author: Author) -> str:
    """The record as JSON."""
    return json.dumps(own_record(workshop, author), ensure_ascii=False, indent=1)


def as_markdown(workshop: Workshop, author: Author) -> str:
    """What one gave as text, kind by kind, in its last wording; nothing in it is markup."""
    given = given_by(workshop, author.person_id)
    parts = [f"# {plain(author.shown_name)}\n"]
    for table, title in TITLES.items():
        these = [one for one in given if one.table == table]
        if these:
            parts.append(f"## {title}\n\n" + "\n".join(_line(one) for one in these) + "\n")
    return "\n".join(parts)


def _line(one: Given) -> str:
    when = f"{one.written_at:%Y-%m-%d %H:%M} UTC"
    state = "" if one.manner == "shown" else f", {one.manner}"
    words = "" if one.manner == ERASED else "\n  ".join(map(plain, one.words.splitlines()))
    return f"- {when}{state}: {words}"


def _record(row: dict[str, Any], manners: dict[str, str]) -> dict[str, Any]:
    state = manners.get(str(row["what_id"]), "shown")
    return {k: _moment(v) if isinstance(v, datetime) else v for k, v in row.items()} | {
        "state": state
    }


def _moment(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat()


def kinds_of(given: Sequence[Given]) -> dict[str, int]:
    """{table: how many}, in the order they are listed."""
    counts = {table: sum(one.table == table for one in given) for table in TITLES}
    return {table: count for table, count in counts.items() if count}
