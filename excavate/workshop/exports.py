"""A room's conversation as a file: JSON Lines of W3C Web Annotations, CSV, Markdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from excavate.errors import NotFoundError
from excavate.workshop.annotations_out import jsonl
from excavate.workshop.minutes import csv_table, markdown
from excavate.workshop.roles import role_in
from excavate.workshop.said import Conversation, conversation
from excavate.workshop.store import Workshop

KINDS: dict[str, Callable[[Conversation], str]] = {
    "jsonl": jsonl,
    "csv": csv_table,
    "md": lambda said: markdown(said, datetime.now(UTC)),
}
MEDIA_TYPES = {
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def export_now(workshop: Workshop, kind: str, viewer: str | None, *, own: bool = False) -> bytes:
    """What a viewer takes away; None as viewer is the host at their machine.

    `own`: only what they said themselves, private things and notes too. In a shared room only a
    facilitator takes what others said; for everybody else it is their own. Raises NotFoundError
    for another kind than jsonl, csv and md.
    """
    if kind not in KINDS:
        raise NotFoundError("no such export", kind, f"There are: {', '.join(KINDS)}")
    role, group_id = "facilitator", None
    if workshop.shared and viewer is not None:
        with workshop.cursor() as cursor:
            role, group_id = role_in(cursor, workshop.room_id, viewer)
    own = own or role != "facilitator"
    said = conversation(workshop, viewer, role=role, group_id=group_id, own=own)
    return KINDS[kind](said).encode()
