"""A linear probe: what the embedding alone would call each item, never having seen its label.

Multinomial logistic regression on standardised embeddings (Alain and Bengio 2016), cross-fitted:
an item's probabilities come from a model fitted without its fold.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from excavate.progress import Progress, silent

ITERATIONS = 300
MOST = 50_000  # items that one model learns from
USUAL, FLOPS, A_CELL = 60, 2e10, 1e-7  # iterations; a second; seconds for an item and a class


def probe(
    vectors: np.ndarray,
    codes: np.ndarray,
    folds: int = 5,
    seed: int = 0,
    strength: float = 0.1,
    progress: Progress = silent,
    most: int = MOST,
) -> np.ndarray:
    """Out-of-sample probabilities, float64 (n, classes), of a label for each item.

    vectors (n, d), finite; codes (n,) of ints from 0, -1 for an item whose label is not to be
    learned: it gets the mean of all folds' models. Every class needs `folds` items, for the
    folds are stratified. `strength` is the inverse of the penalty. Of more than `most` items a
    model learns from a seeded sample. Equal to scikit-learn's cross_val_predict over the same
    folds. O(n d classes) an iteration.
    """
    from sklearn.model_selection import StratifiedKFold

    known = np.flatnonzero(codes >= 0)
    unknown = np.flatnonzero(codes < 0)
    found = np.zeros((len(codes), int(codes.max()) + 1))
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for done, (seen, held) in enumerate(split.split(known, codes[known])):
        progress("probe", done, folds)
        taught = known[sampled(codes[known], seen, most, seed)]
        model = fitted(vectors[taught], codes[taught], strength)
        found[known[held]] = model.predict_proba(vectors[known[held]])
        if len(unknown):
            found[unknown] += model.predict_proba(vectors[unknown]) / folds
    progress("probe", folds, folds)
    return found


def fitted(vectors: np.ndarray, codes: np.ndarray, strength: float) -> Any:
    """The model of one fold: a scikit-learn pipeline, in one thread (it is many small products)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=strength, max_iter=ITERATIONS, random_state=0)
    )
    with threadpool_limits(1):
        return model.fit(np.asarray(vectors, np.float64), codes)


def sampled(codes: np.ndarray, rows: np.ndarray, most: int, seed: int) -> np.ndarray:
    """At most `most` of the rows, drawn by the seed, in order; each label keeps one at least."""
    if len(rows) <= most:
        return rows
    drawn = np.random.default_rng(seed).permutation(rows)
    _, firsts = np.unique(codes[drawn], return_index=True)
    rest = np.delete(drawn, firsts)[: max(0, most - len(firsts))]
    return np.sort(np.concatenate([drawn[firsts], rest]))


def seconds_of(items: int, dimension: int, classes: int, folds: int) -> float:
    """About how long the probe takes, on one core."""
    taught = min(items, MOST)
    an_iteration = taught * classes * (A_CELL + 4 * dimension / FLOPS)
    return folds * USUAL * an_iteration
