"""Association: which values are on the same items less often than their numbers would make it.

Every value of every field against every value of the others, and against the other values of its
own field where items have several. Expected is the product of the margins: of N items of which
both fields say something, with_x * with_y / N (Know Your Data, Google 2021). The pairs seen less
often than that come first: they are the gaps.

Of each: observed / expected with 95 % bounds (the weaker one decides order and colour), nPMI
(Aka et al. 2021: normalised by -log p(x, y)), an exact two-sided hypergeometric p, and q, the
false discovery rate over all pairs that were looked at, also those not told (Benjamini and
Hochberg 1995, or Benjamini and Yekutieli 2001); pairs never seen together are held to it like any
other. With `bootstrap` the bounds of pairs seen at least ten times together come from resampled
items; of the rows those whose new bounds hold 1 are taken back.

Limits: a low ratio says that two things are rarely named together, not why; where both are rare
it says nothing. Values of fewer than `least` items are left out and counted. Time O(sum of squared
values per item + pairs); memory O(pairs), at most cooccurrence.MOST_PAIRS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from excavate.gaps.cooccurrence import (
    MOST_PAIRS,
    Membership,
    Pairs,
    Stated,
    counted,
    memberships,
)
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.pair_bootstrap import resampled
from excavate.gaps.pair_items import items_of_pairs
from excavate.gaps.pair_statistics import FEW, adjusted, exact_p, interval, npmi, weaker
from excavate.i18n import N_
from excavate.progress import Progress, silent

MEASURE = "association"
MOST_ROWS = 5_000  # of either direction
SHOWN = 500  # rows of either direction that name items
ROWS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("x_field", pa.string(), nullable=False),
        pa.field("x", pa.string(), nullable=False),
        pa.field("y_field", pa.string(), nullable=False),
        pa.field("y", pa.string(), nullable=False),
        pa.field("observed", pa.int64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("ratio", pa.float64(), nullable=False),
        pa.field("low", pa.float64(), nullable=False),
        pa.field("high", pa.float64(), nullable=False),
        pa.field("weaker", pa.float64(), nullable=False),
        pa.field("npmi", pa.float64(), nullable=False),
        pa.field("p", pa.float64(), nullable=False),
        pa.field("q", pa.float64(), nullable=False),
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is told: values of `least` items or more, pairs with q up to `alpha`.

    `bootstrap`: how many times the items are drawn again, 0 for analytic bounds alone.
    """

    least: int = 10
    alpha: float = 0.05
    correction: Literal["bh", "by"] = "bh"
    bootstrap: int = 0
    seed: int = 0
    most_pairs: int = MOST_PAIRS


def association(
    fields: Mapping[str, Stated],
    item_ids: Sequence[str],
    rule: Rule | None = None,
    progress: Progress = silent,
    left_out: Mapping[str, str] | None = None,
) -> Outcome:
    """Pairs of values seen together less, then more, often than their margins would give.

    `fields`: what each says of the items, by number in `item_ids`; called `label:…` or
    `attribute:…`. `left_out`: {a field that was not looked at: the one that it only sorts}.
    """
    rule = rule or Rule()
    given = {"fields": list(fields), **{n: getattr(rule, n) for n in Rule.__slots__}}
    given |= {"left_out": dict(left_out or {})}
    if not len(item_ids):
        return NotMeasured(MEASURE, given, N_("there are no items"))
    if not fields:
        return NotMeasured(MEASURE, given, N_("no attribute or label was chosen"))
    members = memberships(fields, len(item_ids), rule.least, rule.most_pairs)
    pairs = counted(members, progress)
    if not len(pairs.both):
        why = N_("no two values have {least} items each and could be apart")
        return NotMeasured(MEASURE, given, why, {"least": rule.least})
    measured = _judged(pairs, rule)
    told, columns, taken_back = _told(measured, rule, members, progress)
    figures = _figures(measured, taken_back, members)
    figures |= {"initials": Figure(len(left_out or ())), "items": Figure(len(item_ids))}
    rows = _rows(told, columns, members, item_ids)
    return Measured(MEASURE, given, Reference("independence"), rows, figures, len(pairs.both))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Pairs with their p and q; `telling`: those to be told; `thin`: seen less than expected."""

    pairs: Pairs
    p: np.ndarray
    q: np.ndarray
    telling: np.ndarray
    thin: np.ndarray


def _judged(pairs: Pairs, rule: Rule) -> _Judged:
    p = exact_p(*pairs.counts)
    q = adjusted(p, rule.correction)
    bound = weaker(*interval(*pairs.counts))
    return _Judged(pairs, p, q, (q <= rule.alpha) & (bound != 1), bound < 1)


def _told(
    judged: _Judged, rule: Rule, members: Sequence[Membership], progress: Progress
) -> tuple[Pairs, dict[str, np.ndarray], np.ndarray]:
    """(the pairs of the rows, the weakest bounds first cut off; their numbers; pairs taken back).

    Taken back are those whose bounds hold 1 when the items are drawn again.
    """
    at = np.concatenate([_strongest(judged, judged.thin), _strongest(judged, ~judged.thin)])
    pairs = judged.pairs.take(at)
    low, high = interval(*pairs.counts)
    often = np.flatnonzero(pairs.both >= FEW)
    if rule.bootstrap and len(often):
        drawn = resampled(pairs.take(often), members, rule.bootstrap, rule.seed, progress)
        low[often], high[often] = drawn
    columns = {"low": low, "high": high, "weaker": weaker(low, high)}
    columns |= {"p": judged.p[at], "q": judged.q[at]}
    order = np.lexsort((pairs.y, pairs.x, pairs.y_field, pairs.x_field, _rank(pairs, low, high)))
    order = order[columns["weaker"][order] != 1]
    kept = {name: values[order] for name, values in columns.items()}
    return pairs.take(order), kept, at[columns["weaker"] == 1]


def _strongest(judged: _Judged, side: np.ndarray) -> np.ndarray:
    at = np.flatnonzero(judged.telling & side)
    pairs = judged.pairs.take(at)
    return at[np.argsort(_rank(pairs, *interval(*pairs.counts)), kind="stable")[:MOST_ROWS]]


def _rank(pairs: Pairs, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Thin pairs by their bound, from 0 on; the others behind, the furthest from 1 first."""
    bound = weaker(low, high)
    thin = pairs.both * pairs.total < pairs.with_x * pairs.with_y
    return np.asarray(np.where(thin, np.minimum(bound, 1), 2 + 1 / np.maximum(bound, 1)))


def _figures(
    judged: _Judged, taken_back: np.ndarray, members: Sequence[Membership]
) -> dict[str, Figure]:
    telling = judged.telling.copy()
    telling[taken_back] = False
    return {
        "pairs": Figure(len(judged.pairs.both)),
        "fewer": Figure(int((telling & judged.thin).sum())),
        "never": Figure(int((telling & (judged.pairs.both == 0)).sum())),
        "more": Figure(int((telling & ~judged.thin).sum())),
        "values": Figure(sum(len(m.names) for m in members)),
        "left_out": Figure(sum(m.left_out for m in members)),
    }


def _rows(
    pairs: Pairs,
    columns: Mapping[str, np.ndarray],
    members: Sequence[Membership],
    item_ids: Sequence[str],
) -> pa.Table:
    names = [m.field for m in members]
    both, with_x, with_y, total = pairs.counts
    expected = with_x * with_y / total
    said: dict[str, Any] = {
        "kind": [
            _kind(names[a], names[b]) for a, b in zip(pairs.x_field, pairs.y_field, strict=True)
        ],
        "x_field": [names[n] for n in pairs.x_field],
        "x": [members[f].names[v] for f, v in zip(pairs.x_field, pairs.x, strict=True)],
        "y_field": [names[n] for n in pairs.y_field],
        "y": [members[f].names[v] for f, v in zip(pairs.y_field, pairs.y, strict=True)],
        "observed": both,
        "expected": expected,
        "ratio": both / expected,
        "npmi": npmi(*pairs.counts),
        "items": items_of_pairs(pairs, members, item_ids, SHOWN),
        **columns,
    }
    return pa.table({n: pa.array(said[n], ROWS.field(n).type) for n in ROWS.names}, schema=ROWS)


def _kind(one: str, other: str) -> str:
    """label-label, label-attribute or attribute-attribute: what stands before the colon."""
    return "-".join(sorted((one.partition(":")[0], other.partition(":")[0]), reverse=True))
