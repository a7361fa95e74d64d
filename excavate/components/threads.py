"""Replies as threads: agree, contest, ask, add evidence; each can be answered in its turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.absence_html import named
from excavate.components.addresses import under
from excavate.i18n import _, spoken
from excavate.workshop.absence_types import word

if TYPE_CHECKING:
    from excavate.workshop.absence_record import Reply

DEEPEST = 6  # indented so far and no farther: a phone is narrow


def threads_html(absence_id: str, replies: Sequence[Reply], answering: bool) -> str:
    """All replies under what they answer, oldest first; `answering`: each offers to be answered."""
    below: dict[str, list[Reply]] = {}
    for one in replies:
        below.setdefault(one.about, []).append(one)
    if not replies:
        return f'<p class="exc-dashed">{escape(_("Nobody has answered yet."))}</p>'
    return _level(absence_id, absence_id, below, answering, 0, set())


def _level(
    at: str, absence_id: str, below: Mapping[str, list[Reply]], answering: bool, depth: int,
    seen: set[str],
) -> str:  # fmt: skip
    drawn = []
    for one in below.get(at, ()):
        if one.reply_id in seen:
            continue
        seen.add(one.reply_id)
        inner = _level(one.reply_id, absence_id, below, answering, depth + 1, seen)
        deep = " exc-deepest" if depth >= DEEPEST else ""
        drawn.append(
            f'<div class="exc-answer exc-answer-{escape(one.kind)}{deep}" id="r-{one.reply_id}">'
            f"{_said(one, absence_id, answering)}{inner}</div>"
        )
    return "".join(drawn)


def _said(one: Reply, absence_id: str, answering: bool) -> str:
    if one.withdrawn:
        return f'<p class="exc-quiet">{escape(_("taken back"))}</p>'
    when = f"{one.written_at:%m-%d %H:%M}"
    kind = escape(word("replies", one.kind))
    way = _answer_link(one, absence_id) if answering else ""
    return (
        f'<p lang="{escape(one.language)}">{escape(one.text)}</p>'
        f"<small><b>{kind}</b> · {named(one.shown_name)} · {when}{way}</small>"
    )


def _answer_link(one: Reply, absence_id: str) -> str:
    query = {"id": absence_id, "to": one.reply_id, "lang": spoken()}
    target = escape(under(f"/absence?{urlencode(query)}"))
    words = escape(_("Answer this"))
    return f' · <a href="{target}" data-page target="_self">{words}</a>'
