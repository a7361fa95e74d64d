"""Routes of a judging: its pictures, without a name, and how far a round is, in numbers alone."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from excavate.components.judging_words import progress_sentence
from excavate.gaps.records import speaking
from excavate.i18n import DEFAULT, LANGUAGES
from excavate.workshop.judging import Judging, one_judging, progress

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.workshop.store import Workshop


def judged_picture(request: Request) -> Response:
    """The best picture of one item of a judging. Its address tells nothing of what it is."""
    from excavate.routes import (
        ASK_AGAIN,
        SHOWN_INLINE,
        answer,
        refusal,
        served_site,
        served_workshop,
    )

    judging = _judging(served_workshop(), request.path_params["judging"])
    number = int(request.path_params["number"])
    if number >= len(judging.items):
        return refusal(404, "no such picture")
    found = served_site().original(judging.items[number].item_id)
    if found is None or found[1] not in SHOWN_INLINE:
        return refusal(404, "no picture")
    return answer(request, *found, ASK_AGAIN)


def judging_progress(request: Request) -> Response:
    """How many take part and how many are through, as a piece of HTML; nobody's answers."""
    from excavate.routes import ASK_AGAIN, answer, served_workshop

    workshop, asked = served_workshop(), request.query_params
    judging = _judging(workshop, asked.get("judging", ""))
    language = asked.get("lang", "")
    with speaking(language if language in LANGUAGES else DEFAULT):
        drawn = progress_sentence(progress(workshop, judging, asked.get("round", ""))).encode()
    return answer(request, drawn, "text/html", hashlib.sha256(drawn).hexdigest()[:32], ASK_AGAIN)


@lru_cache(maxsize=16)
def _judging(workshop: Workshop, judging_id: str) -> Judging:
    """A judging is written once and never changed."""
    return one_judging(workshop, judging_id)
