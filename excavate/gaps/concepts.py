"""Concepts: which words find fewer pictures here than in a control, and which find none at all.

The words of a vocabulary, Korean and English each by itself, are held against the pictures
through an encoder that knows words (standing_out.py says how a prompt is calibrated). A low
similarity may be the encoder's own absence: only where the control answers to the words is a
dataset that does not called thin. Our extension of zero-shot retrieval (Radford et al. 2021).

States, each language by itself; a concept takes that of the language that hears it best:
thin       the control answers, and the 95 % bounds of share here / share there lie below `thin`
present    more pictures here stand above the bar than above that of any nonsense word, and not
           less than `thin` times their share in a control that answers
undecided  the control answers, and neither can be said
blind      nothing answers, neither here nor in the control: the encoder may not know the words,
           or neither shows it; or labels of the control name it and the words do not find them
not measured  there is no prompt, or all pictures are equally similar to it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.standing_out import Standing, Words, auc, similar, standing
from excavate.gaps.vocabulary import LANGUAGES, Concept
from excavate.i18n import N_

MEASURE = "concepts"
THIN, PRESENT, UNDECIDED, BLIND, UNMEASURED = (
    "thin", "present", "undecided", "blind", "not measured",
)  # fmt: skip
STATES = (THIN, BLIND, UNDECIDED, PRESENT, UNMEASURED)
LEAST = 20  # pictures; of fewer nothing can stand out
SHOWN = 12  # items a row
NAMED = 5  # pictures of the control that a label has to name for its AUC to be told
_PER_LANGUAGE = ("state", "score", "low", "high", "share", "control", "auc")


@dataclass(frozen=True, slots=True)
class Pictures:
    """L2-normalised float32 vectors (n, d) and whose they are, (n,) of str."""

    vectors: np.ndarray
    item_ids: np.ndarray


@dataclass(frozen=True, slots=True)
class Asked:
    """What is held against what, but for the words.

    named: {concept: (m,) of bool} where labels of the control name it. thin, noise, seed: the
    parameters of those names.
    """

    here: Pictures
    control: Pictures | None
    reference: Reference
    thin: float = 0.5
    noise: float = 0.001
    seed: int = 0
    named: Mapping[str, np.ndarray] = field(default_factory=dict)


def concepts(
    vocabulary: Sequence[Concept],
    spoken: Mapping[str, Words],
    asked: Asked,
    parameters: Mapping[str, Any],
) -> Outcome:
    """Rows: concept, group, ko, en, state, score, low, high, share, control, auc, items, …

    `spoken` has the words of each language in the vocabulary's order, all in the pictures' space.
    score: share of pictures above the bar here, over that in the control; None without a control
    and where the words are not heard.
    """
    why, details = _refusal(vocabulary, spoken, asked)
    if why:
        return NotMeasured(MEASURE, parameters, why, details)
    stood = {language: _standing(words, asked) for language, words in spoken.items()}
    if not any(one.measured.any() for one in stood.values()):
        why = N_("all pictures are equally similar to every word")
        return NotMeasured(MEASURE, parameters, why)
    told = {name: _told(name, vocabulary, spoken, one, asked) for name, one in stood.items()}
    best = [_best([told[name][n] for name in told]) for n in range(len(vocabulary))]
    rows = [
        _row(concept, {name: told[name][n] for name in told}, list(told)[best[n]])
        for n, concept in enumerate(vocabulary)
    ]
    items = _nearest(vocabulary, spoken, [list(told)[b] for b in best], asked.here)
    table = _table(rows, items)
    tested = sum(int(one.measured.sum()) for one in stood.values())
    return Measured(
        MEASURE, parameters, asked.reference, table, _figures(rows, stood, asked), tested
    )


def _refusal(
    vocabulary: Sequence[Concept], spoken: Mapping[str, Words], asked: Asked
) -> tuple[str | None, dict[str, Any]]:
    sides = [asked.here] + ([asked.control] if asked.control else [])
    fewest = min(len(side.vectors) for side in sides)
    if not vocabulary or not spoken:
        return N_("there are no words to look for"), {}
    if fewest < LEAST:
        why = N_("there are {pictures} pictures with vectors; {least} are needed")
        return why, {"pictures": fewest, "least": LEAST}
    arrays = [side.vectors for side in sides]
    arrays += [part for words in spoken.values() for part in (words.prompts, words.nonsense)]
    if not all(np.isfinite(array).all() for array in arrays):
        return N_("the vectors hold numbers that are not finite"), {}
    if any((side.vectors == side.vectors[0]).all() for side in sides):
        return N_("all items look the same to the encoder"), {}
    return None, {}


def _standing(words: Words, asked: Asked) -> Standing:
    control = asked.control.vectors if asked.control else None
    return standing(words, asked.here.vectors, control, asked.noise, asked.seed)


def _told(
    language: str,
    vocabulary: Sequence[Concept],
    spoken: Mapping[str, Words],
    stood: Standing,
    asked: Asked,
) -> list[dict[str, Any]]:
    """What one language says of each concept: _PER_LANGUAGE."""
    said = []
    for n, concept in enumerate(vocabulary):
        area = _area(concept, spoken[language].prompts[n], asked)
        state = _state(stood, n, asked.thin, area is None or area[1] > 0.5)
        numbers = (stood.score, stood.low, stood.high, stood.share, stood.control_share)
        values = [None if np.isnan(column[n]) else float(column[n]) for column in numbers]
        if asked.control is None:
            values[-1] = None
        if state == BLIND:  # a ratio of chance hits is no score
            values[:3] = [None] * 3
        said.append(dict(zip(_PER_LANGUAGE, [state, *values, area and area[0]], strict=True)))
    return said


def _area(concept: Concept, prompt: np.ndarray, asked: Asked) -> tuple[float, float, float] | None:
    named = asked.named.get(concept.id)
    if asked.control is None or named is None or not prompt.any():
        return None
    if min(named.sum(), (~named).sum()) < NAMED:
        return None
    return auc(asked.control.vectors @ prompt, named)


def _state(stood: Standing, n: int, thin: float, finds_labels: bool) -> str:
    if not stood.measured[n]:
        return UNMEASURED
    if not finds_labels:
        return BLIND
    if stood.heard[n] and stood.high[n] < thin:
        return THIN
    if stood.stands_out[n] and not (stood.heard[n] and stood.score[n] < thin):
        return PRESENT
    return UNDECIDED if stood.heard[n] or stood.stands_out[n] else BLIND


def _best(told: Sequence[Mapping[str, Any]]) -> int:
    """The language that hears a concept best: the one with most pictures above its bar."""
    deaf = {UNMEASURED: 2, BLIND: 1}

    def _order(n: int) -> tuple[int, float, int]:
        one = told[n]
        above = one["control"] if one["control"] is not None else one["share"] or 0.0
        return deaf.get(one["state"], 0), -above, n

    return min(range(len(told)), key=_order)


def _row(concept: Concept, told: Mapping[str, Mapping[str, Any]], best: str) -> dict[str, Any]:
    row: dict[str, Any] = {"concept": concept.id, "group": concept.group}
    row |= {language: concept.prompt(language) for language in LANGUAGES}
    row |= told[best]
    row["heard_in"] = best if told[best]["state"] not in (BLIND, UNMEASURED) else None
    for language in LANGUAGES:
        said = told.get(language, {"state": UNMEASURED})
        row |= {f"{language}_{name}": said.get(name) for name in _PER_LANGUAGE}
    return row


def _schema() -> pa.Schema:
    number, text = pa.float64(), pa.string()
    kinds = {"state": text} | dict.fromkeys(_PER_LANGUAGE[1:], number)
    columns = dict.fromkeys(("concept", "group", *LANGUAGES), text) | kinds
    columns["heard_in"] = text
    for language in LANGUAGES:
        columns |= {f"{language}_{name}": kind for name, kind in kinds.items()}
    return pa.schema([*columns.items(), ("items", pa.list_(text))])


def _table(rows: Sequence[dict[str, Any]], items: Sequence[list[str]]) -> pa.Table:
    """The thinnest first; then what the encoder may not know; what is there last."""

    def _order(n: int) -> tuple[int, float, float]:
        row = rows[n]
        high, score = (np.inf if row[n] is None else row[n] for n in ("high", "score"))
        return STATES.index(row["state"]), high, score

    ordered = [{**rows[n], "items": items[n]} for n in sorted(range(len(rows)), key=_order)]
    return pa.Table.from_pylist(ordered, _schema())


def _nearest(
    vocabulary: Sequence[Concept], spoken: Mapping[str, Words], best: Sequence[str], here: Pictures
) -> list[list[str]]:
    """The items most similar to each concept, by the words of its language; ties as they stand."""
    prompts = np.stack([spoken[best[n]].prompts[n] for n in range(len(vocabulary))])
    found: list[list[str]] = []
    for chosen, rows in similar(prompts, here.vectors):
        for prompt, row in zip(prompts[chosen], rows, strict=True):
            order = _top(row)[: SHOWN if prompt.any() else 0]
            found.append([str(item) for item in here.item_ids[order]])
    return found


def _top(row: np.ndarray) -> np.ndarray:
    """The places of the SHOWN highest numbers, the highest first; of equal ones the first."""
    count = min(SHOWN, len(row))
    near = np.flatnonzero(row >= np.partition(row, -count)[-count])
    return np.asarray(near[np.argsort(-row[near], kind="stable")][:count])


def _figures(
    rows: Sequence[Mapping[str, Any]], stood: Mapping[str, Standing], asked: Asked
) -> dict[str, Figure]:
    counted = Counter(row["state"] for row in rows)
    figures = {"concepts": len(rows)}
    figures |= {state.replace(" ", "_"): counted[state] for state in STATES}
    figures["disagree"] = sum(_disagree(row) for row in rows)
    for language in stood:
        figures[f"{language}_blind"] = sum(row[f"{language}_state"] == BLIND for row in rows)
    figures["items"] = len(asked.here.vectors)
    if asked.control:
        figures["control_items"] = len(asked.control.vectors)
    found = {name: Figure(number) for name, number in figures.items()}
    shifts = {f"{n}_shift": Figure(one.shift) for n, one in stood.items() if asked.control}
    return found | shifts


def _disagree(row: Mapping[str, Any]) -> bool:
    """Whether the two languages say different things of it, both being measured."""
    said = {row[f"{language}_state"] for language in LANGUAGES}
    return len(said) > 1 and UNMEASURED not in said
