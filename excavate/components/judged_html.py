"""What came of a judging as HTML: each picture with its answers, reasons and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from excavate.components.gallery import frame, item_href
from excavate.counter.agreement import Agreement, Spread, agreement, spreads
from excavate.i18n import _, _n, spoken
from excavate.workshop.judging import APART, CANNOT, REFUSE, Judgement, Judging, long_frame

COLUMNS_MOST = 3  # rounds beside each other


@dataclass(frozen=True, slots=True)
class Told:
    """One closed round: its number in the judging, its answers, and how far they agree."""

    number: int
    voices: tuple[Judgement, ...]
    agreement: Agreement
    spreads: Mapping[int, Spread]

    def counts(self, item: int) -> dict[str, int]:
        """{code: how many} of one item, with those that are no choice."""
        found: dict[str, int] = {}
        for one in self.of(item):
            found[one.choice] = found.get(one.choice, 0) + 1
        return found

    def of(self, item: int) -> list[Judgement]:
        """What everybody says of one item."""
        return [one for one in self.voices if one.number == item]

    def said(self, choice: str) -> int:
        """How many answers of the whole round are this one."""
        return sum(one.choice == choice for one in self.voices)


def told_of(number: int, said: Sequence[Judgement]) -> Told:
    """A round's answers with what is counted over them."""
    frame_ = long_frame(said)
    by_item = {int(str(one.item)): one for one in spreads(frame_)}
    return Told(number, tuple(said), agreement(frame_), by_item)


def by_disagreement(told: Told, items: int) -> list[int]:
    """The numbers of the items, those most disagreed on first; ties by who could not say or
    refused, then in the order in which they were shown."""

    def key(item: int) -> tuple[float, int, int]:
        spread, counts = told.spreads.get(item), told.counts(item)
        apart = sum(counts.get(one, 0) for one in APART)
        differing = spread.disagreement if spread else None
        return (1.0 if differing is None else -differing, -apart, item)

    return sorted(range(items), key=key)


def one_item(
    judging: Judging, rounds: Sequence[Told], item: int, row: Any, words: Mapping[str, str],
    label: str, note: str,
) -> str:  # fmt: skip
    """One picture with everybody's answers to it, of the last rounds, and the reasons."""
    newest = rounds[-1]
    picture = frame(row, escape(_("Picture {n}").format(n=item + 1))) if row is not None else ""
    where = escape(item_href(judging.items[item].item_id))
    shown = (
        f'<a href="{where}" data-page="item" target="_self">{picture}</a>' if picture
        else f'<span class="exc-hollow">{escape(_("not in the catalog any more"))}</span>'
    )  # fmt: skip
    bars = "".join(bar_list(one, item, words, len(rounds) > 1) for one in rounds[-COLUMNS_MOST:])
    return (
        f'<article class="exc-judged-item"><figure>{shown}<figcaption>{label}{note}</figcaption>'
        f"</figure><div><h3>{escape(differs(newest, item))}</h3>"
        f'<div class="exc-bars-of-rounds">{bars}</div>{reasons(newest, item, words)}'
        "</div></article>"
    )


def differs(told: Told, item: int) -> str:
    """How far people disagree on one picture, with its n; or why that is not measured."""
    number = _("Picture {n}").format(n=item + 1)
    spread = told.spreads.get(item)
    if not told.of(item):
        return f"{number} · {_('nobody answered')}"
    if spread is None or spread.disagreement is None:
        return f"{number} · {_('not measured: fewer than two chose')}"
    if not spread.disagreement:
        said = _n("{n} chose alike", "all {n} chose alike", sum(spread.counts.values()))
        return f"{number} · {said.format(n=sum(spread.counts.values()))}"
    n = sum(spread.counts.values())
    words = _("{share} % of {n} pairs of answers differ")
    share = f"{100 * spread.disagreement:.0f}"
    return f"{number} · {words.format(share=share, n=n * (n - 1) // 2)}"


def bar_list(told: Told, item: int, words: Mapping[str, str], titled: bool) -> str:
    """How the answers of one round are spread: a bar for each by its share, with its count."""
    counts = told.counts(item)
    whole = max(1, sum(counts.values()))
    head = _("Round {n}").format(n=told.number) if titled else ""
    rows = "".join(
        bar(text, counts.get(code, 0), whole, code in APART)
        for code, text in words.items()
        if code not in APART or counts.get(code)
    )
    return f'<div><h4>{escape(head)}</h4><ul class="exc-vote-bars">{rows}</ul></div>'


def bar(text: str, count: int, whole: int, apart: bool) -> str:
    """One answer: its words, its share as a length, its count."""
    kind = ' class="exc-vote-apart"' if apart else ""
    length = f'<i style="--share:{count / whole:.3f}"></i>'
    return f"<li{kind}><span>{escape(text)}</span>{length}<b>{count}</b></li>"


def reasons(told: Told, item: int, words: Mapping[str, str]) -> str:
    """Who chose what, and why, where they said so."""
    found = []
    for code, text in words.items():
        said = [one for one in told.of(item) if one.choice == code]
        if said:
            found.append(f"<dt>{escape(text)}</dt><dd><ul>{lines(said)}</ul></dd>")
    return f'<dl class="exc-voices">{"".join(found)}</dl>' if found else ""


def lines(said: Sequence[Judgement]) -> str:
    """Each who gave a reason on a line of their own; the others' names on one."""
    silent = " · ".join(f"<bdi>{escape(one.shown_name)}</bdi>" for one in said if not one.reason)
    told = "".join(voice(one) for one in said if one.reason)
    return told + (f'<li class="exc-quiet">{silent}</li>' if silent else "")


def voice(one: Judgement) -> str:
    """One person's name and reason."""
    language = "" if one.language == spoken() else f' lang="{escape(one.language)}"'
    reason = f"<span{language}><bdi>{escape(one.reason or '')}</bdi></span>"
    return f"<li><b><bdi>{escape(one.shown_name)}</bdi></b> {reason}</li>"


def source_label(labels: Sequence[tuple[str, str]]) -> str:
    """What the source said of it, verbatim, beside what the room says."""
    title = escape(_("Source label"))
    if not labels:
        return f'<small>{title}: <span class="exc-unsaid">{escape(_("none"))}</span></small>'
    said = "; ".join(f"{field}: {value}" for field, value in labels[:3])
    more = f" +{len(labels) - 3}" if len(labels) > 3 else ""
    return f"<small>{title}: <bdi>{escape(said)}</bdi>{more}</small>"


def refusals(told: Told) -> tuple[int, int]:
    """(could not say, refused) of a whole round."""
    return told.said(CANNOT), told.said(REFUSE)
