"""The layout of the digits against plain `umap.UMAP(random_state=42).fit`, in fresh processes.

Each process is timed from its first import on, JIT included. Trustworthiness (k = 15) of both
layouts is taken in the same space, and by scikit-learn as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

from benchmarks.real import PROJECT


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is theirs to ours in time."""
    plain, ours = _run("plain"), _run("ours")
    worse = plain["trust"] - ours["trust"]
    return [
        {
            "name": "digits laid out (wanted: trust lower by <= 0.01)",
            "ours_s": ours["seconds"],
            "theirs_s": plain["seconds"],
            "ratio": plain["seconds"] / ours["seconds"],
            "note": f"trustworthiness ours {ours['trust']:.4f}, plain {plain['trust']:.4f}, "
            f"lower by {worse:.4f}; by sklearn {ours['sklearn']:.4f} and {plain['sklearn']:.4f}",
        }
    ]


def _run(kind: str) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.layout", kind]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _main(kind: str) -> None:
    begun = time.perf_counter()
    from sklearn.datasets import load_digits

    from excavate.embedding.vectors import normalised

    vectors = normalised(load_digits().data)
    points = _ours(vectors) if kind == "ours" else _plain(load_digits().data)
    seconds = time.perf_counter() - begun

    from sklearn.manifold import trustworthiness as by_sklearn

    from excavate.embedding.trust import trustworthiness

    trust = trustworthiness(vectors, points, 15).value
    theirs = by_sklearn(load_digits().data, points, n_neighbors=15)
    print(json.dumps({"seconds": seconds, "trust": trust, "sklearn": float(theirs)}))


def _ours(vectors: Any) -> Any:
    from excavate.embedding.arranging import Parameters, arrange
    from excavate.embedding.nearest import nearest

    return arrange(vectors, *nearest(vectors, 30), Parameters()).points


def _plain(pixels: Any) -> Any:
    import umap

    return umap.UMAP(random_state=42).fit(pixels).embedding_


if __name__ == "__main__":
    _main(sys.argv[1])
