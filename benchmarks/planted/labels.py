"""Do wrong labels come first? CIFAR-10's test set, judged by people; CIFAR-10N, read by others.

Of the test set 275 labels were judged, 54 of them found wrong (Northcutt et al. 2021). The 275
were picked by a model's own score and no other label was judged, so that average precision over
all 10,000 counts every unjudged label as right: it is verification-biased, and marked so. The
pool's weights are fitted on the given labels; none of the 54 is ever looked at. Beside it stand
the other ways to weigh the two opinions, all in the same run, so that nobody has to believe
that the best was picked.

CIFAR-10N: each of three people's readings of the training pictures as the given label, CIFAR's
own as the truth. The network behind the embeddings was trained on those pictures with those
labels: what it finds there is flattered, and marked so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.planted.cifar import SHARED, given_labels, seen
from excavate.gaps.confident import against, error_share
from excavate.gaps.probing import probe
from excavate.gaps.voices import PRIOR, log_pool, shares

DRAWS, LEAST = 500, 0.65
PUBLISHED = "label-errors/cross_validated_predicted_probabilities/cifar10_test_set_pyx.npy"
READINGS = ("random_label1", "random_label2", "random_label3")
Row = dict[str, Any]


def measure() -> list[Row]:
    """[{name, average_precision, low, high, note}]: the judged test labels, then CIFAR-10N."""
    return judged(seen("test")) + read_by_others(seen("train"))


def judged(vectors: np.ndarray) -> list[Row]:
    """The 54 of 275 by each way of scoring, within the judged and over all."""
    codes = given_labels("test")
    said = json.loads((SHARED / "label-errors/mturk/cifar10_mturk.json").read_text("utf-8"))
    chosen = np.array([one["id"] for one in said])
    wrong = np.zeros(len(codes), bool)
    wrong[chosen] = [one["mturk"]["given"] < 3 for one in said]
    rows = []
    for name, opinion in opinions(vectors, codes).items():
        margin, _ = against(opinion, codes)
        note = f"the {wrong.sum()} of {len(chosen)} judged; reach {LEAST} by the pool"
        rows.append(scored(f"{name}: within the judged", wrong[chosen], margin[chosen], note))
        note = f"of {len(codes):,}, the unjudged taken as right: verification-biased"
        rows.append(scored(f"{name}: over all", wrong, margin, note))
    return rows


def opinions(vectors: np.ndarray, codes: np.ndarray) -> Mapping[str, np.ndarray]:
    """Every way to weigh the opinions: probabilities (n, 10) by name."""
    counts = np.load(SHARED / "cifar10/cifar10h/data/cifar10h-counts.npy")
    published = np.asarray(np.load(SHARED / PUBLISHED), np.float64)
    published /= published.sum(axis=1, keepdims=True)
    found = {"CIFAR-10H's votes alone": shares(counts, 0.0)}
    for name, said in (("published", published), ("ResNet-56 probe", probe(vectors, codes))):
        pool = log_pool(said, counts, codes)
        print(f"  {name}: probe weighs {pool.probe:.2f}, people {pool.people:.2f}")
        found[f"{name}, cleanlab's normalised margin"] = said
        found[f"{name}, the pool of the measure"] = pool.probabilities
        found[f"{name}, mean pool"] = (said + shares(counts, 0.0)) / 2
        found[f"{name}, log pool of equal weights"] = _equal(said, counts)
    return found


def _equal(said: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The logarithmic pool with one half each."""
    pooled = np.sqrt(np.maximum(said, 1e-4) * shares(counts, PRIOR))
    return np.asarray(pooled / pooled.sum(axis=1, keepdims=True))


def read_by_others(vectors: np.ndarray) -> list[Row]:
    """CIFAR-10N: each reading as the given label; the probe alone, and with the other two."""
    with np.load(SHARED / "cifar10/cifar10n/cifar10n_labels.npz") as arrays:
        readings = {name: arrays[name] for name in ("clean_label", *READINGS)}
    clean = readings.pop("clean_label")
    rows = []
    for name, codes in readings.items():
        others = [np.eye(10)[other] for n, other in readings.items() if n != name]
        counts, said = np.sum(others, axis=0), probe(vectors, codes)
        ways = {
            "the other two alone": shares(counts, 0.0),
            "probe alone": said,
            "probe and the other two": log_pool(said, counts, codes).probabilities,
        }
        for way, opinion in ways.items():
            margin, _ = against(opinion, codes)
            rows.append(_noisy(f"CIFAR-10N {name}, {way}", codes != clean, margin))
        share = error_share(said, codes)
        rows[-2]["note"] += f"; confident learning puts it at {share.value:.2%}"
    return rows


def _noisy(name: str, wrong: np.ndarray, margin: np.ndarray) -> Row:
    worst = np.argsort(-margin, kind="stable")[: int(wrong.sum())]
    note = f"{wrong.mean():.2%} wrong, precision at that many {wrong[worst].mean():.3f}; flattered"
    return scored(name, wrong, margin, note, draws=50)


def scored(name: str, wrong: np.ndarray, margin: np.ndarray, note: str, draws: int = DRAWS) -> Row:
    """Average precision with its 95 % bootstrap interval over the items."""
    from sklearn.metrics import average_precision_score

    draw = np.random.default_rng(0)
    picks = (draw.integers(0, len(wrong), len(wrong)) for _ in range(draws))
    several = [average_precision_score(wrong[p], margin[p]) for p in picks if wrong[p].any()]
    low, high = np.quantile(several, [0.025, 0.975])
    value = float(average_precision_score(wrong, margin))
    said = f"AP {value:.3f} ({low:.3f} to {high:.3f}); {note}"
    return {"name": name, "average_precision": value, "low": float(low), "high": float(high),
            "note": said}  # fmt: skip
