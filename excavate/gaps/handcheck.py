"""The hand-check of a finding: what two people, who do not see which is which, say of its items.

A random sample of the items that the finding's strongest rows name, and as many controls that no
row of it names, in one random order, each under the question of a row. *Yes* confirms the row. The
share confirmed by both among the finding's is its precision; among the controls it says how
easily people say yes. Intervals: Wilson 1927; agreement: Cohen's kappa (Cohen 1960).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.shares import share_bounds

ANSWERS = ("yes", "no", "cannot say")
SIZE = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One picture to judge: under the question of row `row`; `beside` where two are compared.

    `given`: what a control's own source says of it, where the question is about that.
    """

    row: int
    item: str
    control: bool
    beside: str | None = None
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a hand-check. None is "not measured": too few answers to say.

    `precision`, `controls`: the share that both confirmed, of the `n` and `n_controls` cases
    that both answered with yes or no. `agreement` is the share of all cases answered alike,
    kappa the same beyond chance; undefined where both gave one answer only.
    """

    people: tuple[str, ...]
    n: int
    n_controls: int
    precision: Figure | None
    controls: Figure | None
    agreement: Figure | None
    kappa: float | None


def draw(
    rows: Sequence[Mapping[str, Any]],
    others: Sequence[str],
    size: int = SIZE,
    seed: int = 0,
    *,
    pairs: bool = False,
    said: Mapping[str, str] | None = None,
    named: Collection[str] = (),
) -> list[Case]:
    """Cases in the order they are shown: up to `size` of the rows' items, as many controls.

    rows: with `items` (ids); others: ids of the dataset, from which controls are drawn. With
    `pairs` a row's items are compared: its first beside each of the rest. `said`: the source's
    label of each item, where the rows ask about it (a column `given`): what has none is no control
    then. `named`: whatever else the finding names, which is no control either. Seeded.
    """
    random = np.random.default_rng(seed)
    ours = list(dict.fromkeys(_named(rows, pairs)))
    chosen = [ours[n] for n in random.permutation(len(ours))[:size]]
    told = {item for row in rows for item in row.get("items") or ()}.union(named)
    labelled = any("given" in rows[row] for row, _, _ in chosen)
    free = [i for i in others if i not in told and (not labelled or i in (said or {}))]
    drawn = [free[n] for n in random.permutation(len(free))[: len(chosen)]]
    cases = [Case(row, item, False, beside) for row, item, beside in chosen]
    cases += [
        Case(row, item, True, beside, (said or {}).get(item) if "given" in rows[row] else None)
        for item, (row, _, beside) in zip(drawn, chosen, strict=False)
    ]
    return [cases[n] for n in random.permutation(len(cases))]


def _named(rows: Sequence[Mapping[str, Any]], pairs: bool) -> list[tuple[int, str, str | None]]:
    if not pairs:
        return [(n, item, None) for n, row in enumerate(rows) for item in row.get("items") or ()]
    groups = [(n, row.get("items") or []) for n, row in enumerate(rows)]
    return [(n, item, items[0]) for n, items in groups for item in items[1:]]


def judged(cases: Sequence[Case], answers: Mapping[str, Mapping[int, str]]) -> Judged:
    """The two people with the most answers (the first named of equals), held together.

    answers: {person: {number of the case: one of ANSWERS}}.
    """
    two = sorted(answers, key=lambda person: -len(answers[person]))[:2]
    if len(two) < 2:
        return Judged(tuple(two), 0, 0, None, None, None, None)
    first, second = (answers[person] for person in two)
    both = sorted(set(first) & set(second))
    told = [n for n in both if "cannot say" not in (first[n], second[n])]
    ours = [first[n] == second[n] == "yes" for n in told if not cases[n].control]
    controls = [first[n] == second[n] == "yes" for n in told if cases[n].control]
    alike = [first[n] == second[n] for n in both]
    return Judged(
        tuple(two), len(ours), len(controls), share(ours), share(controls), share(alike),
        kappa([first[n] for n in both], [second[n] for n in both]),
    )  # fmt: skip


def share(hits: Sequence[bool]) -> Figure | None:
    """A share with its Wilson interval (95 %); None of nothing."""
    n = len(hits)
    if not n:
        return None
    return Figure(sum(hits) / n, *share_bounds(sum(hits), n))


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa of two people's answers; None where chance alone would agree always."""
    if not first:
        return None
    n = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    by_chance = sum(first.count(answer) * second.count(answer) for answer in {*first, *second}) / (
        n * n
    )
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
