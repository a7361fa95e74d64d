"""Which frames of a clip are taken: by the time at which they are shown, not by counting them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from excavate.errors import FaultList
from excavate.sources.clips import Clip

SHORTEST, LONGEST = Decimal("0.001"), Decimal(1_000_000)
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Sampling:
    """The options of a source of clips."""

    every: Fraction = Fraction(1)  # seconds
    most: int | None = None
    keyframes: bool = False


def sampling_of(given: Mapping[str, str]) -> Sampling:
    """The options as they were typed. Raises one SourceError with all that cannot be used."""
    faults = FaultList()
    every = _every(given.get("every", "1"), faults)
    most = given.get("most")
    if most is not None and not (most.isascii() and most.isdigit() and 0 < int(most) <= MOST):
        faults.add("most", f"{most!r} is no whole number from 1 to {MOST:,}")
    keyframes = given.get("keyframes", "no")
    if keyframes not in ("yes", "no"):
        faults.add("keyframes", f"{keyframes!r} is neither yes nor no")
    todo = "Write --option every=0.5 --option most=100 --option keyframes=yes"
    faults.raise_if_any("options that cannot be used", "video", todo)
    return Sampling(every, int(most) if most else None, keyframes == "yes")


def _every(text: str, faults: FaultList) -> Fraction:
    try:
        seconds = Decimal(text)
        if SHORTEST <= seconds <= LONGEST:
            return Fraction(seconds)
    except InvalidOperation:  # also from comparing what is no number
        pass
    faults.add("every", f"{text!r} is no number of seconds from {SHORTEST} to {LONGEST:,}")
    return Fraction(1)


def sampled(clip: Clip, sampling: Sampling) -> list[tuple[int, int]]:
    """(number from 0, time in ticks) of the frames that are taken, in order. O(frames)."""
    numbered = list(enumerate(clip.times))
    if sampling.keyframes:
        numbered = [(number, time) for number, time in numbered if time in clip.keys]
    taken = list(_on_screen(clip, numbered, sampling.every))
    return _spread(taken, sampling.most)


def _on_screen(
    clip: Clip, numbered: list[tuple[int, int]], every: Fraction
) -> Iterator[tuple[int, int]]:
    """Those that are shown at a multiple of `every`, one a millisecond at most."""
    ticks = every / clip.tick
    step, parts = ticks.numerator, ticks.denominator  # whole numbers are far faster
    last = -1
    for position, (number, time) in enumerate(numbered):
        shown = (time - clip.times[0]) * parts
        until = _until(clip, numbered, position) * parts
        stop = -(-shown // step) * step  # the first multiple that is not before it
        thousandth = clip.thousandth(time)
        if stop < until and thousandth > last:
            yield number, time
            last = thousandth


def _until(clip: Clip, numbered: list[tuple[int, int]], position: int) -> Fraction | int:
    """When the next one is shown, in ticks from the first; the last one is for one frame more."""
    if position + 1 < len(numbered):
        return numbered[position + 1][1] - clip.times[0]
    lasts = 1 / (clip.rate * clip.tick) if clip.rate else Fraction(1)
    return clip.times[-1] - clip.times[0] + max(lasts, Fraction(1))


def _spread(taken: list[tuple[int, int]], most: int | None) -> list[tuple[int, int]]:
    """`most` of them, evenly: the first and the last among them; of one, the first."""
    if most is None or len(taken) <= most:
        return taken
    if most == 1:
        return taken[:1]
    return [taken[n * (len(taken) - 1) // (most - 1)] for n in range(most)]
