"""The readable pictures of one dataset, in the source's order, as an encoder wants them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import Image

from excavate.catalog.originals import OriginalError, Originals
from excavate.catalog.thumbnails import eight_bit, upright

PICTURES = """
SELECT i.ordinal, i.item_id, i.sha256, i.path, i.part, t.lossless
FROM item i JOIN thumbnail t USING (dataset_id, ordinal)
WHERE i.dataset_id = ? AND i.pixels = 'read' ORDER BY i.ordinal
"""
THUMBNAIL = "SELECT webp FROM thumbnail WHERE dataset_id = ? AND ordinal = ?"
THUMBNAILS = """
SELECT ordinal, webp FROM thumbnail
WHERE dataset_id = ? AND ordinal BETWEEN ? AND ? AND lossless ORDER BY ordinal
"""
AHEAD = 1024  # ordinals of lossless thumbnails fetched by one query


class Pictures:
    """Opens each picture from its original; from its thumbnail where that is every pixel.

    Memory: one row of identifiers an item, and `AHEAD` thumbnails. `open` may be called from
    several threads.
    """

    def __init__(self, connection: Any, dataset_id: str, revision: str, root: Path | None) -> None:
        self.dataset_id, self.revision = dataset_id, revision
        self.from_thumbnails = 0
        self._connection = connection
        self._originals = Originals(root)
        table = connection.cursor().sql(PICTURES, params=[dataset_id]).to_arrow_table()
        self.rows: pa.Table = table.select(["ordinal", "item_id", "sha256"])
        self._ordinals = table["ordinal"].to_numpy()
        self._lossless = table["lossless"].to_numpy()
        self._places = table.select(["path", "part", "sha256"])
        self._ahead: tuple[int, dict[int, bytes]] = (-1, {})

    def __len__(self) -> int:
        return len(self._ordinals)

    def open(self, index: int) -> Image.Image:
        """Picture `index` of `rows`, upright, 8 bit (L, RGB or RGBA).

        A large picture whose original is gone or was changed since comes from its lossy
        thumbnail and is counted in `from_thumbnails`.
        """
        if self._lossless[index]:
            return Image.open(io.BytesIO(self._lossless_thumbnail(int(self._ordinals[index]))))
        content = self._original(index)
        if content is None:
            self.from_thumbnails += 1
            content = self._thumbnail(int(self._ordinals[index]))
        picture = Image.open(io.BytesIO(content))
        return eight_bit(upright(picture))

    def _original(self, index: int) -> bytes | None:
        """The original's bytes; None where they are gone or are not those that were dug."""
        path, part, sha256 = (column[index].as_py() for column in self._places.columns)
        try:
            content = self._originals.read(path, part) if path else None
        except OriginalError:
            return None
        same = content is not None and hashlib.sha256(content).hexdigest() == sha256
        return content if same else None

    def _thumbnail(self, ordinal: int) -> bytes:
        found = self._connection.cursor().execute(THUMBNAIL, [self.dataset_id, ordinal]).fetchone()
        return bytes(found[0])

    def _lossless_thumbnail(self, ordinal: int) -> bytes:
        block = ordinal // AHEAD
        number, content = self._ahead
        if number != block:  # two threads may both fetch; either result serves
            bounds = [self.dataset_id, block * AHEAD, (block + 1) * AHEAD - 1]
            content = dict(self._connection.cursor().execute(THUMBNAILS, bounds).fetchall())
            self._ahead = (block, content)
        return content[ordinal]
