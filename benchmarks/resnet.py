"""What a real encoder sees: ResNet-56's 10-NN label accuracy on CIFAR-10's test split.

Through the whole house: dug, embedded, and each test picture's ten nearest in the test split
voting with its own left out. It should be near 0.8; far from that, preprocessing is wrong.
"""

from __future__ import annotations

import tempfile
import time
from typing import Any

import numpy as np

from benchmarks.real import SHARED, cifar10


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, accuracy, note}]."""
    from excavate import dig, open_site
    from excavate.embedding.neighbours import nearest

    weights = SHARED / "weights/resnet-cifar10/resnet56-4bfd9763.onnx"
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        dig(cifar10(), folder, split="test", encoder=f"onnx:{weights}", only="catalogue")
        dig(cifar10(), folder, split="test", encoder=f"onnx:{weights}", only="embed")
        seconds = time.perf_counter() - begun
        site = open_site(folder)
        labels = site.labels().query("field == 'label'")["value"].to_numpy()
        rows, _ = nearest(np.asarray(site.embedding().vectors), 10)
        site.close()
    kinds, codes = np.unique(labels, return_inverse=True)
    votes = np.stack([(codes[rows] == kind).sum(1) for kind in range(len(kinds))], 1)
    accuracy = float((votes.argmax(1) == codes).mean())
    return [
        {
            "name": "ResNet-56, 10-NN label accuracy on CIFAR-10 test (near 0.8)",
            "ours_s": seconds,
            "accuracy": accuracy,
            "note": f"accuracy {accuracy:.4f} over {len(codes):,} pictures; dug and embedded",
        }
    ]
