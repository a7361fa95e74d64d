"""What was measured again, drawn: without and with, on one scale, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from excavate.release.exhibition.words import Both, coded, say

APART = 30  # times: rows further apart are each drawn on a scale of their own


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; `low` and `high` are None where none was estimated."""

    value: float
    low: float | None
    high: float | None

    @property
    def said(self) -> Both:
        """The number as it is printed."""
        if self.low is None or self.high is None:
            return Both(number(self.value), number(self.value))
        return say("interval", value=number(self.value), low=number(self.low),
                   high=number(self.high))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an estimate stands on its scale: percent from the left."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One name: without, with and their difference; None: not measured."""

    name: Both
    before: Estimate | None
    after: Estimate | None
    difference: Estimate | None
    before_mark: Mark | None
    after_mark: Mark | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One measure made again: its rows on a scale, or why there is none."""

    name: Both
    said: Both
    rows: tuple[Row, ...]
    ends: tuple[str, str] | None  # None: each row has a scale of its own
    bare: bool  # whether a number stands without an interval
    why_not: Both | None
    provenance: Both


def drawn(record: Mapping[str, Any]) -> Drawn:
    """A record of what was measured again, as it is drawn."""
    why = record.get("not_measured")
    parts = {part: _estimates(record.get(part)) for part in ("before", "after", "difference")}
    names = list(dict.fromkeys([*parts["before"], *parts["after"]]))
    pairs = {name: [p[name] for p in (parts["before"], parts["after"]) if name in p]
             for name in names}  # fmt: skip
    every = [one for pair in pairs.values() for one in pair]
    whole = _scale(every)
    own = _apart(pairs.values())
    return Drawn(
        coded("measures", str(record.get("measure", ""))), _both(record.get("said")),
        tuple(_row(name, parts, _scale(pairs[name]) if own else whole) for name in names),
        None if own else (number(whole[0]), number(whole[1])),
        any(one.low is None for one in every), _both(why) if why else None, _provenance(record),
    )  # fmt: skip


def _apart(pairs: Iterable[list[Estimate]]) -> bool:
    """Whether rows are of such different size that one scale would hide the smaller ones."""
    sizes = [max(abs(one.value) for one in pair) for pair in pairs]
    some = [size for size in sizes if size]
    return bool(some) and max(some) > APART * min(some)


def _row(name: str, of: Mapping[str, Mapping[str, Estimate]], scale: tuple[float, float]) -> Row:
    before, after = of["before"].get(name), of["after"].get(name)
    return Row(
        coded("names", name.removeprefix("category:")), before, after, of["difference"].get(name),
        _mark(before, *scale), _mark(after, *scale),
    )  # fmt: skip


def _estimates(said: Any) -> dict[str, Estimate]:
    """{name: estimate} of what numbers a record holds; what is no number is not measured."""
    found = {}
    for name, one in said.items() if isinstance(said, Mapping) else ():
        parts = one if isinstance(one, Mapping) else {"value": one}
        value = _finite(parts.get("value"))
        if value is not None:
            found[str(name)] = Estimate(
                value, _finite(parts.get("low")), _finite(parts.get("high"))
            )
    return found


def _finite(said: Any) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        return None
    return float(said)


def _scale(estimates: list[Estimate]) -> tuple[float, float]:
    """From the least to the greatest that is drawn, with some room at both ends.

    From zero where a number has no interval: nothing else would say how small a difference is.
    """
    ends = list(_ends(estimates))
    if any(one.low is None for one in estimates):
        ends.append(0.0)
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    room = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    return (max(0.0, low - room) if low >= 0 else low - room), high + room


def _ends(estimates: list[Estimate]) -> Iterator[float]:
    for one in estimates:
        yield from (end for end in (one.value, one.low, one.high) if end is not None)


def _mark(one: Estimate | None, low: float, high: float) -> Mark | None:
    if one is None:
        return None

    def at(value: float | None) -> float:
        return round(100 * ((one.value if value is None else value) - low) / (high - low), 2)

    return Mark(at(one.value), at(one.low), at(one.high))


def _provenance(record: Mapping[str, Any]) -> Both:
    """Reference, encoder, parameters, revision, members: on one line in each language."""
    pieces = [
        say("against_reference", reference=record["reference"])
        if record.get("reference")
        else None,
        say("seen_through", encoder=record["encoder"]) if record.get("encoder") else None,
        _parameters(record.get("parameters")),
        _named("revision", str(record.get("revision") or "")[:12]),
        say("members", n=record["members"]) if record.get("members") is not None else None,
        _named("made", str(record.get("made_at", ""))[:10]),
    ]
    kept = [one for one in pieces if one]
    return Both(" · ".join(one.ko for one in kept), " · ".join(one.en for one in kept))


def _parameters(said: Any) -> Both | None:
    given = said.items() if isinstance(said, Mapping) else ()
    named = ", ".join(f"{key} {value}" for key, value in given if value not in ("", None))
    return _named("parameters", named) if named else None


def _named(key: str, value: Any) -> Both | None:
    name = say(key)
    return Both(f"{name.ko} {value}", f"{name.en} {value}") if value else None


def _both(said: Any) -> Both:
    if isinstance(said, Mapping):
        return Both(str(said.get("ko", "")), str(said.get("en", "")))
    return Both(str(said or ""), str(said or ""))


def number(value: float) -> str:
    """A number for people: whole ones whole, others as fine as they are large."""
    return _digits(value).replace("-", "−")


def _digits(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    size = abs(value)
    if size < 0.01:
        return f"{value:.2g}"
    return f"{value:.2f}" if size < 10 else f"{value:,.1f}" if size < 1000 else f"{value:,.0f}"
