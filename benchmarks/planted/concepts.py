"""Are absent, present and unknown words told apart? Picture and word sides are both planted.

Each world has 60 concepts, each a direction among 64: 20 are in the dataset and in the control,
20 in the control alone, and 20 are in both while the word tower does not know them: it maps
their words, as it does nonsense, onto directions of their own ("scattered") or close to one
common direction ("huddled", as towers that read a script as unknown letters do). Pictures are
noise with one concept mixed in; prompts are off their concepts' directions by half. Beside the
states stands what the similarity alone would say: the 20 concepts of the lowest top ten.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.gaps.concepts import BLIND, PRESENT, STATES, THIN, Asked, Pictures, concepts
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.standing_out import Words
from excavate.gaps.vocabulary import Concept

DIMENSION, EACH, PICTURES, SEEDS, STRENGTH = 64, 20, 2000, 20, 0.7
TRUTH = [PRESENT] * EACH + [THIN] * EACH + [BLIND] * EACH
VOCABULARY = [Concept(f"c{n}", "planted", "", f"word {n}") for n in range(3 * EACH)]
Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Pictures here and in the control, and what the word tower says."""

    here: np.ndarray
    control: np.ndarray
    words: Words


def measure() -> list[Row]:
    """[{name, right, table, note}]: a confusion table for each kind of tower and each share."""
    return [confusion(huddled, share) for huddled in (False, True) for share in (0.003, 0.01, 0.05)]


def confusion(huddled: bool, share: float) -> Row:
    """Truth against state over SEEDS worlds in which a concept is in `share` of the pictures."""
    counted: Counter[tuple[str, str]] = Counter()
    naive = 0
    for seed in range(SEEDS):
        planted = world(seed, huddled, share)
        states = told(planted)
        counted.update(zip(TRUTH, states, strict=True))
        naive += sum(TRUTH[n] == BLIND for n in least_similar(planted))
    total = SEEDS * EACH
    table = {t: {s: counted[t, s] / total for s in STATES if counted[t, s]} for t in _kinds()}
    called = sum(counted[t, THIN] for t in _kinds())
    false = sum(counted[t, THIN] for t in (PRESENT, BLIND)) / max(1, called)
    kind = "huddled" if huddled else "scattered"
    return {
        "name": f"planted words, {kind}, each in {share:.1%} of the pictures",
        "right": sum(counted[t, t] for t in _kinds()) / (3 * total),
        "table": table,
        "note": f"absent told thin {table[THIN].get(THIN, 0):.0%}, there told present "
        f"{table[PRESENT].get(PRESENT, 0):.0%}, unknown told unknown "
        f"{table[BLIND].get(BLIND, 0):.0%}; wrong of those told thin {false:.1%} (by similarity "
        f"alone {naive / total:.0%} of those called absent are the encoder's own)",
    }


def _kinds() -> tuple[str, ...]:
    return PRESENT, THIN, BLIND


def world(seed: int, huddled: bool, share: float) -> World:
    """One planted world."""
    draw = np.random.default_rng([seed, huddled, round(share * 1000)])
    shown = unit(draw.standard_normal((3 * EACH, DIMENSION)))
    common = unit(draw.standard_normal((1, DIMENSION)))
    known = unit(shown[: 2 * EACH] + 0.5 * unit(draw.standard_normal((2 * EACH, DIMENSION))))

    def _unknown(count: int) -> np.ndarray:
        own = unit(draw.standard_normal((count, DIMENSION)))
        return unit(common + 0.1 * own) if huddled else own

    words = Words(np.concatenate([known, _unknown(EACH)]), _unknown(50))
    there = np.ones(3 * EACH, bool)
    there[EACH : 2 * EACH] = False
    here = pictures(draw, shown[there], share)
    return World(here, pictures(draw, shown, share), words)


def pictures(draw: np.random.Generator, shown: np.ndarray, share: float) -> np.ndarray:
    """Noise, with each concept mixed into about `share` of the pictures."""
    vectors = draw.standard_normal((PICTURES, DIMENSION)) / np.sqrt(DIMENSION)
    for direction in shown:
        vectors[draw.random(PICTURES) < share] += STRENGTH * direction
    return unit(vectors)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each row over its length."""
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def told(planted: World) -> list[str]:
    """The state of each concept, in the vocabulary's order."""
    names = np.array([f"d/all/{n}" for n in range(PICTURES)], object)
    sides = (Pictures(vectors, names) for vectors in (planted.here, planted.control))
    asked = Asked(*sides, Reference("dataset", "control"))
    outcome = concepts(VOCABULARY, {"en": planted.words}, asked, {})
    assert isinstance(outcome, Measured), outcome
    states = {row["concept"]: str(row["state"]) for row in outcome.rows.to_pylist()}
    return [states[concept.id] for concept in VOCABULARY]


def least_similar(planted: World) -> list[int]:
    """The EACH concepts whose ten most similar pictures are the least similar, uncalibrated."""
    top = np.sort(planted.here @ planted.words.prompts.T, axis=0)[-10:].mean(axis=0)
    return list(np.argsort(top, kind="stable")[:EACH])
