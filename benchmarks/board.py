"""The board of a room with 2,000 absences: drawn first, drawn again after one more, asked again.

Bare is the same number of cards written from the rows by one f-string each: no groups, no
stances, nothing looked up, nothing packed.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

ABSENCES, PEOPLE, ROUNDS = 2_000, 60, 5
FIRST_S, KEPT_S = 1.0, 0.005


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to the bare loop's in time."""
    from excavate.components.board_asked import WAYS, Asked
    from excavate.components.board_html import AT_ONCE
    from excavate.components.board_kept import Looks, board_drawn
    from excavate.workshop.store import Workshop

    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        say_many(workshop)
        looks = Looks(None, "facilitator")
        first = _seconds(lambda: board_drawn(workshop, None, looks, Asked()))
        ways = [
            _seconds(lambda way=way: board_drawn(workshop, None, looks, Asked(by=way)))  # type: ignore[misc]
            for way in WAYS[1:]
        ]
        bare = min(_seconds(lambda: bare_cards(workshop, AT_ONCE)) for _ in range(ROUNDS))
        kept = min(_seconds(lambda: board_drawn(workshop, None, looks, Asked())) for _ in range(50))
        drawn = board_drawn(workshop, None, looks, Asked())
        then = _seconds(lambda: board_drawn(workshop, None, looks, Asked(at=workshop.version // 2)))
        workshop.close()
    sent = f"{len(drawn.packed) / 1000:.0f} KB packed, {len(drawn.content) / 1000:.0f} KB plain"
    first_name = f"Board of {ABSENCES:,} absences, first drawing (wanted: < {FIRST_S:g} s)"
    kept_name = f"Board that was drawn, asked for again (wanted: < {KEPT_S * 1000:g} ms)"
    return [
        _row(first_name, first, bare, f"{AT_ONCE} cards, {sent}"),
        _row("Board, drawn in another way of the same rows", max(ways), bare, "slowest of four"),
        _row("Board as it stood half way through the session", then, bare, "told, not wanted"),
        {"name": kept_name, "ours_s": kept, "note": "best of 50"},
    ]


def say_many(workshop: Any) -> None:
    """Absences with sortings, stances and answers, as a long evening leaves them; seeded."""
    from excavate.workshop.about import NOTHING, to_json
    from excavate.workshop.absence_record import STANCES
    from excavate.workshop.absence_types import TYPES
    from excavate.workshop.ids import new_id
    from excavate.workshop.store import Row

    dice, people = random.Random(7), [new_id() for _ in range(PEOPLE)]
    named = {"language": "ko", "consented_to": "x"}
    workshop.write([Row("person", new_id(), p, {"shown_name": f"사람 {n}", **named})
                    for n, p in enumerate(people)])  # fmt: skip
    unsaid = dict.fromkeys(("stance", "knownness", "agent", "position", "group_id", "round_id"))
    for number in range(ABSENCES):
        absence_id, who = new_id(), dice.choice(people)
        said = {"absence_id": absence_id, "statement": f"{number}번째로 없는 것. " * 6,
                "language": "ko", "about_kind": "nothing", "about": to_json(NOTHING),
                "visibility": "public", **unsaid}  # fmt: skip
        rows = [Row("absence", absence_id, who, said)]
        of = {"absence_id": absence_id}
        for person in dice.sample(people, 3):
            kind = {"type": dice.choice(list(TYPES)), "round_id": None}
            rows.append(Row("sorting", new_id(), person, of | kind))
            rows.append(Row("stance", new_id(), person, of | {"stance": dice.choice(STANCES)}))
            reply = {"reply_id": (reply_id := new_id()), "about": absence_id, "kind": "contest",
                     "text": "왜 그런가요?", "language": "ko"}  # fmt: skip
            rows.append(Row("reply", reply_id, person, reply))
        workshop.write(rows)


def bare_cards(workshop: Any, most: int) -> str:
    """So many cards from the rows, with the words escaped and nothing else done."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(
            "SELECT statement, shown_name, written_at FROM absences ORDER BY writing DESC"
        ).fetchall()
    return "".join(
        f"<article><p>{escape(statement)}</p><small>{escape(name)} · {when}</small></article>"
        for statement, name, when in rows[:most]
    )


def _seconds(act: Callable[[], Any]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _row(name: str, ours: float, theirs: float, note: str) -> dict[str, Any]:
    return {"name": name, "ours_s": ours, "theirs_s": theirs, "ratio": ours / theirs, "note": note}


if __name__ == "__main__":
    for row in measure():
        print(f"{row['ours_s'] * 1000:9.2f} ms  {row['name']} ({row['note']})")
