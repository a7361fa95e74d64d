"""What goes on in the room, small: what sixty pages ask for every few seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from excavate.workshop.groups import apart
from excavate.workshop.rounds import Round, open_round
from excavate.workshop.store import Workshop


def clock_ms() -> int:
    """The server's clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def now_of(workshop: Workshop) -> dict[str, Any]:
    """Versions, the round that is open, whether the groups are apart, the server's clock."""
    versions = workshop.topics
    return {
        "version": workshop.version,
        "topics": dict(versions),
        "round": _told(open_round(workshop)),
        "apart": apart(workshop),
        "clock": clock_ms(),
    }


def _told(one: Round | None) -> dict[str, Any] | None:
    """The round as the script draws it; `most` is all the time it was given, in milliseconds."""
    if one is None or one.opened_at is None or one.ends_at is None:
        return None
    return {
        "id": one.round_id, "kind": one.kind, "page": one.page,
        "ko": one.prompt_ko, "en": one.prompt_en,
        "anonymous": one.anonymous, "judging": one.judging_id, "ends": _ms(one.ends_at),
        "most": round((one.ends_at - one.opened_at).total_seconds() * 1000),
    }  # fmt: skip


def _ms(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
