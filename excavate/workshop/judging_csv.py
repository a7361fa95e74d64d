"""A judging as a long table: a row for each item, annotator and round, with all the voices."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from excavate.workshop.cells import safe_cell
from excavate.workshop.judging import Judging, rounds_of, voices
from excavate.workshop.rounds import CLOSED
from excavate.workshop.store import Workshop

COLUMNS = (
    "judging_id", "question_ko", "question_en", "round", "round_id", "number", "item_id",
    "sha256", "revision", "annotator", "shown_name", "choice", "choice_ko", "choice_en", "reason",
    "language", "written_at",
)  # fmt: skip


def judging_csv(workshop: Workshop, judging: Judging) -> str:
    """The answers of every closed round; none is left out, merged or weighed against another.

    Begins with the mark by which spreadsheets read Korean; cells that they would run are harmless.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(workshop, judging):
        writer.writerow([safe_cell(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _rows(workshop: Workshop, judging: Judging) -> Iterator[tuple[object, ...]]:
    words = {one.code: (one.ko, one.en) for one in judging.choices}
    for place, one in enumerate(rounds_of(workshop, judging.judging_id), 1):
        said = voices(workshop, judging.judging_id, one.round_id) if one.state == CLOSED else []
        for voice in said:
            item = judging.items[voice.number]
            yield (
                judging.judging_id, judging.question_ko, judging.question_en, place, one.round_id,
                voice.number + 1, item.item_id, item.sha256, item.revision, voice.person_id,
                voice.shown_name, voice.choice, *words.get(voice.choice, ("", "")), voice.reason,
                voice.language, f"{voice.written_at:%Y-%m-%dT%H:%M:%SZ}",
            )  # fmt: skip
