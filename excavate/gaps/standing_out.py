"""What stands out when words are held against pictures, calibrated for each prompt by itself.

Cosine similarities of a prompt mean little as such: each prompt has its own level and spread. A
prompt's level is the median of the control's similarities and its spread that of their lower
half, which the pictures that show the thing do not widen. The bar is set by words that mean
nothing: where half of them lift no more than one picture in 1 / `noise` of the control. Pictures
above a prompt's bar are its hits. Pictures of another style than the control's move every
similarity: a prompt's level here may lie as far from that in the control as nonsense words' do
(mean +- 3 standard deviations), and its bar moves along; only what lies beyond is the dataset's
having much of the thing, or none. A prompt is *heard* where it has more hits in the control than
any nonsense word, and more than chance and their spread allow: otherwise the encoder may not
know it. The interval of a share takes the bar as given.

O((n + m) x prompts x d) time; memory of `CHUNK` prompts at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

CHUNK = 64  # prompts at once
DRAWS = 4000
SIGMAS = 3.0
TO_SIGMA = 1.4826  # median absolute deviation -> standard deviation of a normal


@dataclass(frozen=True, slots=True)
class Words:
    """One language's prompts (c, d) and nonsense words (k, d), L2-normalised float32.

    A row of zeros stands for a prompt that is lacking.
    """

    prompts: np.ndarray
    nonsense: np.ndarray


@dataclass(frozen=True, slots=True)
class Standing:
    """What the prompts (c,) of one language set apart. NaN where it is not measured.

    share, control_share: of the pictures above the bar, here and in the control. score: share
    over control_share, with its 95 % bounds. heard: in the control; stands_out: here.
    """

    measured: np.ndarray
    share: np.ndarray
    control_share: np.ndarray
    score: np.ndarray
    low: np.ndarray
    high: np.ndarray
    heard: np.ndarray
    stands_out: np.ndarray
    bar: float  # in spreads above the level
    shift: float  # how far nonsense words' levels here lie from those in the control, in spreads


def standing(
    words: Words, here: np.ndarray, control: np.ndarray | None, noise: float, seed: int
) -> Standing:
    """Hold prompts against pictures `here` (n, d) and those of a control (m, d), normalised.

    Without a control the level and the spread are of the pictures here, and there is no score.
    """
    against = here if control is None else control
    level, spread, tops = _levels(words.nonsense, against, noise)
    known = spread > 0
    bar = float(np.median((tops - level)[known] / spread[known])) if known.any() else np.nan
    levels, spreads, _ = _levels(words.prompts, against, noise)
    measured = (spreads > 0) & words.prompts.any(axis=1) & np.isfinite(bar)
    style = _style(words.nonsense, here, level, spread)
    theirs = _hits(words.prompts, against, levels + bar * spreads)
    hits = _hits(words.prompts, here, style.bars(words.prompts, here, levels, spreads, bar))
    nothing = _hits(words.nonsense, against, level + bar * spread)[known]
    nothing_here = _hits(
        words.nonsense, here, style.bars(words.nonsense, here, level, spread, bar)
    )[known]
    heard, stands_out = theirs > _most(nothing), hits > _most(nothing_here)
    ratio = _ratio(hits, len(here), theirs, len(against), seed)
    compared = measured & (theirs > 0) & (control is not None)
    score, low, high = (np.where(compared, numbers, np.nan) for numbers in ratio)
    share = np.where(measured, hits / len(here), np.nan)
    control_share = np.where(measured, theirs / len(against), np.nan)
    return Standing(
        measured, share, control_share, score, low, high, heard & measured, stands_out & measured,
        bar, style.shift,
    )  # fmt: skip


def _levels(
    prompts: np.ndarray, pictures: np.ndarray, noise: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(median, spread of the lower half, the 1 - noise quantile) of each prompt's similarities."""
    level, spread, top = (np.zeros(len(prompts)) for _ in range(3))
    for chosen, found in similar(prompts, pictures):
        quarter, middle, high = np.quantile(found, [0.25, 0.5, 1 - noise], axis=1)
        level[chosen], top[chosen] = middle, high
        spread[chosen] = TO_SIGMA * (middle - quarter)
    return level, np.where(spread > 1e-6, spread, 0.0), top


def _hits(prompts: np.ndarray, pictures: np.ndarray, bars: np.ndarray) -> np.ndarray:
    hits = np.zeros(len(prompts), np.int64)
    for chosen, found in similar(prompts, pictures):
        hits[chosen] = (found > bars[chosen, None]).sum(axis=1)
    return hits


def _most(hits: np.ndarray) -> float:
    """The hits that a word may have and still mean nothing: beyond all nonsense words', and
    beyond their mean by SIGMAS of what they and chance spread.
    """
    if not len(hits):
        return 0.0
    mean = float(hits.mean())
    return max(float(hits.max()), mean + SIGMAS * float(np.sqrt(hits.var() + mean)))


def similar(prompts: np.ndarray, pictures: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """(which prompts, their similarities (c, n) to the pictures), CHUNK prompts at once."""
    for start in range(0, len(prompts), CHUNK):
        chosen = slice(start, start + CHUNK)
        yield chosen, prompts[chosen] @ pictures.T


@dataclass(frozen=True, slots=True)
class _Style:
    """What nonsense words do from the control to here: how far levels move, how spreads scale.

    In the control's spreads. shift: the mean distance that levels move.
    """

    lowest: float
    highest: float
    scale: float
    shift: float

    def bars(
        self,
        prompts: np.ndarray,
        here: np.ndarray,
        levels: np.ndarray,
        spreads: np.ndarray,
        bar: float,
    ) -> np.ndarray:
        """Each prompt's bar here: its level moved as far as style goes, its spread scaled."""
        moved, _ = _moved(prompts, here, levels, spreads)
        above = (np.clip(moved, self.lowest, self.highest) + bar * self.scale) * spreads
        return np.asarray(levels + above)


def _style(nonsense: np.ndarray, here: np.ndarray, level: np.ndarray, spread: np.ndarray) -> _Style:
    moved, scaled = (numbers[spread > 0] for numbers in _moved(nonsense, here, level, spread))
    if not len(moved):
        return _Style(0.0, 0.0, 1.0, 0.0)
    middle, reach = float(moved.mean()), SIGMAS * float(moved.std())
    shift = float(np.abs(moved).mean())
    return _Style(middle - reach, middle + reach, float(np.median(scaled)), shift)


def _moved(
    prompts: np.ndarray, here: np.ndarray, level: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How far each prompt's level lies from the control's, and its spread over the control's."""
    ours, wide, _ = _levels(prompts, here, 0.5)
    there, none = spread > 0, np.zeros_like(level)
    moved = np.divide(ours - level, spread, out=none.copy(), where=there)
    return moved, np.divide(wide, spread, out=none, where=there)


def _ratio(
    hits: np.ndarray, n: int, theirs: np.ndarray, m: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(ratio of two shares, its 95 % bounds): each share drawn from its Jeffreys posterior.

    Defined for no hits too, where a bootstrap of the pictures would say that it is certain.
    """
    draw = np.random.default_rng(seed)
    size = (DRAWS, len(hits))
    ours = draw.beta(hits + 0.5, n - hits + 0.5, size)
    control = draw.beta(theirs + 0.5, m - theirs + 0.5, size)
    low, high = np.quantile(ours / control, [0.025, 0.975], axis=0)
    score = (hits / n) / np.where(theirs > 0, theirs / m, np.nan)
    return score, np.fmin(low, score), np.fmax(high, score)


def auc(similar: np.ndarray, named: np.ndarray) -> tuple[float, float, float]:
    """Area under the ROC curve of similarities (n,) for pictures that are `named` (n,) of bool.

    With 95 % bounds by Hanley and McNeil (1982), clipped to 0..1. Both kinds have to be there.
    """
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    yes, no = int(named.sum()), int((~named).sum())
    ranks = rankdata(similar)[named].sum()
    area = float((ranks - yes * (yes + 1) / 2) / (yes * no))
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (yes - 1) * (one - area**2) + (no - 1) * (two - area**2)
    half = 1.96 * float(np.sqrt(max(spread, 0.0) / (yes * no)))
    return area, max(0.0, area - half), min(1.0, area + half)
