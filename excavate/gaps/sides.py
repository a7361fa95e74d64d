"""Findings of two datasets laid side by side: which of them can be compared, and their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from excavate.gaps.finding import Figure

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding


@dataclass(frozen=True, slots=True)
class Beside:
    """The findings of one measure on both sides, None where nobody asked. `alike`: whether both
    were asked in the same settings; else their numbers are not compared."""

    measure: str
    a: Finding | None
    b: Finding | None
    alike: bool

    @property
    def is_measured(self) -> bool:
        """Whether both were measured."""
        return all(side is not None and side.is_measured for side in (self.a, self.b))


@dataclass(frozen=True, slots=True)
class Line:
    """One figure on both sides; None where that side has none. `difference` and `apart` (whether
    the 95 % intervals exclude each other) are None where they cannot be told."""

    name: str
    a: Figure | None
    b: Figure | None
    difference: float | None = None
    apart: bool | None = None


def beside(
    ours: Sequence[Finding], theirs: Sequence[Finding], names: tuple[str, str]
) -> list[Beside]:
    """Measure by measure, the findings asked alike on both sides, else the newest of each.

    Of those asked alike the ones that were measured; where none was, the newest.

    ours, theirs: the findings of each side, oldest first. Asked alike means the same measure,
    encoder and parameters, and references that are the same or mirror each other.
    """
    found = []
    for measure in dict.fromkeys(f.measure for f in (*ours, *theirs)):
        first = {_asked(f, names): f for f in ours if f.measure == measure}
        second = {_asked(f, names): f for f in theirs if f.measure == measure}
        shared = [asked for asked in first if asked in second]
        if shared:
            alike = [Beside(measure, first[one], second[one], True) for one in shared]
            found += [one for one in alike if one.is_measured] or alike[-1:]
        else:
            last = [next(reversed(side.values()), None) for side in (first, second)]
            found.append(Beside(measure, last[0], last[1], False))
    return found


def _asked(finding: Finding, names: tuple[str, str]) -> str:
    """How it was asked, whichever side it is about."""
    question = finding.question
    other = "the other" if question.reference in names else question.reference
    told = [other, question.encoder, dict(question.parameters)]
    return json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)


def lines(a: Mapping[str, Figure], b: Mapping[str, Figure]) -> list[Line]:
    """The figures of two findings by name, in the order of the first."""
    found = []
    for name in dict.fromkeys([*a, *b]):
        one, other = a.get(name), b.get(name)
        if one is None or other is None:
            found.append(Line(name, one, other))
        else:
            found.append(Line(name, one, other, one.value - other.value, _apart(one, other)))
    return found


def _apart(a: Figure, b: Figure) -> bool | None:
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return None
    return a.high < b.low or b.high < a.low
