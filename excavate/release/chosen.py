"""Members that were chosen from the catalog: what it says of them, and their pictures."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from excavate.catalog.originals import OriginalError, Originals
from excavate.release.record import SourceLabel

if TYPE_CHECKING:
    from excavate.site import Site

ITEMS = """
SELECT i.item_id, i.dataset_id, i.ordinal, i.sha256, i.width, i.height, i.format, i.path, i.part,
    i.licence, i.creator, i.source_url, d.revision, d.source, d.title, d.licence, d.homepage,
    d.withdrawn, coalesce(t.lossless, false)
FROM item i JOIN dataset d USING (dataset_id) LEFT JOIN thumbnail t USING (dataset_id, ordinal)
WHERE i.item_id IN (SELECT unnest($1))
"""
LABELS = """
SELECT i.item_id, l.value, l.field FROM label l JOIN item i USING (dataset_id, ordinal)
WHERE i.item_id IN (SELECT unnest($1)) ORDER BY i.item_id, l.position
"""
BOXES = """
SELECT i.item_id, coalesce(r.value, c.name, r.category_id, ''), r.kind, r.x, r.y, r.width, r.height
FROM region r JOIN item i USING (dataset_id, ordinal) LEFT JOIN category c
    ON c.dataset_id = r.dataset_id AND c.category_id = r.category_id
WHERE i.item_id IN (SELECT unnest($1)) AND r.width IS NOT NULL ORDER BY i.item_id, r.position
"""
KEPT_AS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the catalog says of an item; `dataset_licence` and `licence` verbatim, or None."""

    item_id: str
    dataset: str
    ordinal: int
    sha256: str | None
    width: int | None
    height: int | None
    format: str | None
    path: str | None
    part: str | None
    licence: str | None
    creator: str | None
    source_url: str | None
    revision: str
    source: str
    title: str
    dataset_licence: str | None
    homepage: str | None
    withdrawn: str | None
    lossless: bool
    labels: tuple[SourceLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The bytes of a picture, and what they are."""

    content: bytes
    media_type: str
    sha256: str


def chosen_items(site: Site, item_ids: Sequence[str]) -> dict[str, Chosen]:
    """{item_id: what the catalog says of it now}; what it no longer holds is not there."""
    asked = [list(dict.fromkeys(item_ids))]
    if not asked[0]:
        return {}
    with site.cursor() as cursor:
        rows = cursor.execute(ITEMS, asked).fetchall()
        labels = _labels(cursor, asked)
    return {row[0]: Chosen(*[*row, tuple(labels.get(row[0], ()))]) for row in rows}


class ChosenPictures:
    """Reads the pictures of chosen items: the original's bytes where they are those that were
    dug, else the thumbnail where that is every pixel; None where neither is."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._originals = lru_cache(maxsize=16)(lambda dataset: Originals(site.root(dataset)))

    def read(self, item: Chosen) -> Held | None:
        """The best picture there is of an item."""
        content = self._original(item)
        if content is not None and item.format in KEPT_AS:
            return Held(content, KEPT_AS[item.format], item.sha256 or "")
        if item.lossless:
            found = self.site.thumbnail(item.dataset, item.revision, item.ordinal)
            return _held(found[0], "image/webp") if found else None
        return _held(_as_png(content), "image/png") if content is not None else None

    def is_at_hand(self, item: Chosen) -> bool:
        """Whether it can be read, without reading it where its file lies by itself."""
        if item.lossless:
            return True
        return self.lies_there(item) if item.part is None else self._original(item) is not None

    def lies_there(self, item: Chosen) -> bool:
        """Whether something lies where its original was, be it that or another picture."""
        if item.path is None:
            return False
        try:
            if item.part is None:
                return self._originals(item.dataset).locate(item.path).is_file()
            self._originals(item.dataset).read(item.path, item.part)
        except OriginalError:
            return False
        return True

    def _original(self, item: Chosen) -> bytes | None:
        if item.path is None:
            return None
        try:
            content = self._originals(item.dataset).read(item.path, item.part)
        except OriginalError:
            return None
        return content if hashlib.sha256(content).hexdigest() == item.sha256 else None


def _labels(cursor: Any, asked: list[list[str]]) -> dict[str, list[SourceLabel]]:
    found: dict[str, list[SourceLabel]] = {}
    for item_id, value, field in cursor.execute(LABELS, asked).fetchall():
        found.setdefault(item_id, []).append(SourceLabel(value, field))
    for item_id, value, kind, *box in cursor.execute(BOXES, asked).fetchall():
        found.setdefault(item_id, []).append(SourceLabel(value, kind, (*box,)))
    return found


def _held(content: bytes, media_type: str) -> Held:
    return Held(content, media_type, hashlib.sha256(content).hexdigest())


def _as_png(content: bytes) -> bytes:
    from PIL import Image

    from excavate.catalog.thumbnails import eight_bit, upright

    out = io.BytesIO()
    eight_bit(upright(Image.open(io.BytesIO(content)))).save(out, "PNG")
    return out.getvalue()
