"""Replies as threads: agree, contest, ask, add evidence; each can be answered in its turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.absence_html import named
from excavate.components.addresses import under
from excavate.components.moments import moment_html
from excavate.i18n import _, _n, spoken
from excavate.workshop.absence_types import word

if TYPE_CHECKING:
    from excavate.workshop.absence_record import Reply

DEEPEST = 6  # indented so far and no farther: a phone is narrow
AT_ONCE = 100  # answers that stand open; older threads are folded
Thread = list[tuple[int, "Reply"]]


def threads_html(absence_id: str, replies: Sequence[Reply], answering: bool) -> str:
    """All replies under what they answer, oldest first; `answering`: each offers to be answered."""
    below: dict[str, list[Reply]] = {}
    for one in replies:
        below.setdefault(one.about, []).append(one)
    if not replies:
        return f'<p class="exc-dashed">{escape(_("Nobody has answered yet."))}</p>'
    threads = _threads(absence_id, below)
    newest = _newest(threads)
    drawn = [_drawn(one, absence_id, answering) for one in threads]
    return _folded(threads[:newest], drawn[:newest]) + "".join(drawn[newest:])


def _threads(absence_id: str, below: Mapping[str, list[Reply]]) -> list[Thread]:
    """Each answer to the absence with all under it, as (depth, answer) in the order of reading."""
    seen: set[str] = set()
    threads = []
    for first in below.get(absence_id, ()):
        thread, waiting = [], [(0, first)]
        while waiting:  # no recursion: a thread is as deep as people make it
            depth, one = waiting.pop()
            if one.reply_id not in seen:
                seen.add(one.reply_id)
                thread.append((depth, one))
                waiting += [(depth + 1, under) for under in reversed(below.get(one.reply_id, ()))]
        threads.append(thread)
    return threads


def _newest(threads: Sequence[Thread]) -> int:
    """From which thread on about AT_ONCE answers stand open, the last one in any case."""
    count = 0
    for place in range(len(threads) - 1, -1, -1):
        count += len(threads[place])
        if count > AT_ONCE:
            return min(place + 1, len(threads) - 1)
    return 0


def _folded(threads: Sequence[Thread], drawn: Sequence[str]) -> str:
    count = sum(len(thread) for thread in threads)
    if not count:
        return ""
    words = escape(_n("{n} older answer", "{n} older answers", count).format(n=f"{count:,}"))
    return (
        f'<details class="exc-older" data-key="older"><summary>{words}</summary>'
        f"{''.join(drawn)}</details>"
    )


def _drawn(thread: Thread, absence_id: str, answering: bool) -> str:
    """A thread, each answer in what it answers down to DEEPEST; from there on one after another."""
    parts, open_now = [], 0
    for depth, one in thread:
        level = min(depth, DEEPEST)
        parts.append("</div>" * (open_now - level))
        deep = " exc-deepest" if depth >= DEEPEST else ""
        parts.append(
            f'<div class="exc-answer exc-answer-{escape(one.kind)}{deep}" id="r-{one.reply_id}">'
            f"{_said(one, absence_id, answering)}"
        )
        open_now = level + 1
    return "".join(parts) + "</div>" * open_now


def _said(one: Reply, absence_id: str, answering: bool) -> str:
    if one.withdrawn:
        return f'<p class="exc-quiet">{escape(_("taken back"))}</p>'
    when = moment_html(one.written_at)
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
