"""The clock of who has their time counted, in the frame of every page; nothing for anyone else."""

from __future__ import annotations

from excavate.components.labour_clock import activity_of, count_time
from excavate.pages.who import here
from excavate.workshop.labour import recording
from excavate.workshop.rounds import open_round
from excavate.workshop.store import Workshop


def count_here(workshop: Workshop, page: str) -> None:
    """Count the time on this page, where the one who looks has asked for it."""
    person = here(workshop).person_id
    if not person or not recording(workshop, person):
        return
    now = open_round(workshop)
    activity = activity_of(page, now.kind if now else None)
    judged = now.judging_id if now and activity == "judge" else None
    count_time(person, activity, judged or "")
