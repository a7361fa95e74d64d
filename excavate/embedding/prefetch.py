"""Reading pictures in threads, ahead of the network by a bounded number of batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from excavate.embedding.encoder import Encoder

if TYPE_CHECKING:
    from PIL.Image import Image

AHEAD = 2  # batches being read while one is in the network
RUN = 8  # pictures a thread takes at a time


class Readable(Protocol):
    """What embedding needs of a dataset's pictures; `catalog.pictures.Pictures` is one."""

    dataset_id: str
    revision: str
    rows: pa.Table  # ordinal int64, item_id string, sha256 string: items with pixels
    from_thumbnails: int  # opens so far that had to fall back to a lossy thumbnail

    def __len__(self) -> int: ...

    def open(self, index: int) -> Image:
        """Picture `index` of `rows`, upright, 8 bit (L, RGB or RGBA). Thread-safe."""
        ...


def prepared_batches(
    pictures: Readable, encoder: Encoder, batches: Sequence[np.ndarray], workers: int
) -> Iterator[np.ndarray]:
    """Each batch of picture numbers as the array the encoder takes, in order.

    At most `AHEAD` batches wait in memory beside the one handed out. A picture that cannot be
    opened raises here, in the caller's thread.
    """

    def read(run: np.ndarray) -> list[np.ndarray]:
        return [encoder.prepare(pictures.open(int(index))) for index in run]

    pool = ThreadPoolExecutor(max(1, workers), thread_name_prefix="read-pictures")
    try:
        waiting: deque[list[Future[list[np.ndarray]]]] = deque()
        coming = iter(batches)
        for batch in islice(coming, AHEAD):
            waiting.append(_submitted(pool, read, batch))
        while waiting:
            runs = waiting.popleft()
            for batch in islice(coming, 1):
                waiting.append(_submitted(pool, read, batch))
            yield np.stack([one for run in runs for one in run.result()])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ThreadPoolExecutor, read, batch):  # type: ignore[no-untyped-def]
    return [pool.submit(read, batch[i : i + RUN]) for i in range(0, len(batch), RUN)]
