"""A site, opened for reading: its catalog as frames, its vectors and layouts as arrays.

site = excavate.open_site("sites/digits")
site.items(), site.labels(), site.embedding(), site.layout()
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.catalog import queries
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import CurrentCatalog
from excavate.catalog.originals import OriginalError, Originals
from excavate.errors import NotFoundError, SiteError
from excavate.settings import Settings

if TYPE_CHECKING:
    from pandas import DataFrame

# What a browser may show in place; anything else is not served as it is.
MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}


class Site:
    """One excavation, read-only. Safe to share between threads; follows new generations."""

    def __init__(self, path: Path | str, settings: Settings | None = None) -> None:
        self.folder = SiteFolder(path)
        self.settings = settings or Settings.from_environment()
        if not self.folder.path.is_dir():
            todo = "Name another folder, or dig into it: excavate dig digits --site DIR"
            raise SiteError("no such site", str(path), todo)
        self._catalog = CurrentCatalog(self.folder)

    @property
    def generation(self) -> str:
        """Name of the current catalog generation; empty before the first dig."""
        return self._catalog.generation

    def cursor(self) -> AbstractContextManager[Any]:
        """A DuckDB cursor on the current generation, for the length of a `with` block."""
        return self._catalog.cursor()

    def close(self) -> None:
        """Let go of the catalog file."""
        self._catalog.close()

    def datasets(self) -> DataFrame:
        """One row a dataset, with counts, splits and fault reasons."""
        with self.cursor() as cursor:
            return queries.datasets(cursor)

    def items(self, dataset: str | None = None) -> DataFrame:
        """One row an item, in the source's order."""
        return self._frame("items", dataset)

    def labels(self, dataset: str | None = None) -> DataFrame:
        """What the source said of each item, verbatim; several rows an item."""
        return self._frame("labels", dataset)

    def regions(self, dataset: str | None = None) -> DataFrame:
        """Boxes, polygons and masks, in pixels of the original."""
        return self._frame("regions", dataset)

    def attributes(self, dataset: str | None = None) -> DataFrame:
        """Named properties of items, with who said them and in what."""
        return self._frame("attributes", dataset)

    def faults(self, dataset: str | None = None) -> DataFrame:
        """What could not be read, and what lies off its picture."""
        return self._frame("faults", dataset)

    def categories(self, dataset: str | None = None) -> DataFrame:
        """The nodes of each source's taxonomy, empty ones too."""
        return self._frame("categories", dataset)

    def category_parents(self, dataset: str | None = None) -> DataFrame:
        """The edges of each source's taxonomy (a DAG)."""
        return self._frame("category_parents", dataset)

    def revisions(self) -> dict[str, str]:
        """{dataset_id: revision} of the current generation."""
        with self.cursor() as cursor:
            return queries.revisions(cursor)

    def thumbnail(self, dataset_id: str, revision: str, ordinal: int) -> tuple[bytes, str] | None:
        """(WebP bytes, etag) of one item's thumbnail; None where there is none."""
        with self.cursor() as cursor:
            found = cursor.execute(queries.THUMBNAIL, [dataset_id, ordinal, revision]).fetchone()
        return (bytes(found[0]), str(found[1])[:32]) if found else None

    def original(self, item_id: str) -> tuple[bytes, str, str] | None:
        """(bytes, media type, etag) of the best picture there is; None for an item without one.

        The original where it can be reached, is unchanged since it was dug, and is of a kind
        that browsers show in place; else the thumbnail.
        """
        with self.cursor() as cursor:
            found = cursor.execute(queries.ITEM_PLACE, [item_id]).fetchone()
        if found is None:
            raise NotFoundError("no such item", item_id, "See the Items page or excavate show")
        dataset_id, ordinal, sha256, kind, path, part, root, revision = found
        content = self._original(dataset_id, root, path, part, sha256)
        if content is not None and kind in MEDIA_TYPES:
            return content, MEDIA_TYPES[kind], sha256[:32]
        shown = self.thumbnail(dataset_id, revision, ordinal)
        return (shown[0], "image/webp", "t" + shown[1]) if shown else None

    def root(self, dataset_id: str) -> Path | None:
        """Where the originals of a dataset lie: EXCAVATE_ROOTS first, then the catalog."""
        moved = dict(self.settings.roots).get(dataset_id)
        if moved:
            return Path(moved)
        with self.cursor() as cursor:
            roots = {d: root for d, _, root in cursor.execute(queries.REVISIONS).fetchall()}
        root = roots.get(dataset_id)
        return (self.folder.path / root).resolve() if root else None

    def _original(
        self, dataset_id: str, root: str | None, path: str | None, part: str | None, sha256: str
    ) -> bytes | None:
        import hashlib

        if path is None or root is None:
            return None
        try:
            content = Originals(self.root(dataset_id)).read(path, part)
        except OriginalError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def _frame(self, name: str, dataset: str | None) -> DataFrame:
        with self.cursor() as cursor:
            return queries.frame(cursor, name, dataset)
