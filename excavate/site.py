"""A site, opened for reading: its catalog as frames, its vectors and layouts as arrays.

site = excavate.open_site("sites/digits")
site.items(), site.labels(), site.embedding(), site.layout()
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.catalog import queries
from excavate.catalog.computed import Computed
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import CurrentCatalog
from excavate.catalog.originals import OriginalError, Originals
from excavate.errors import EncoderError, NotFoundError, SiteError
from excavate.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from pandas import DataFrame
    from PIL.Image import Image

    from excavate.embedding.encoder import Encoder
    from excavate.embedding.lens import Embedding

TEXTS_AT_ONCE = AT_ONCE = 64
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
        self._opening = threading.Lock()
        self._encoder = lru_cache(maxsize=2)(self._open_encoder)
        self._embedding = lru_cache(maxsize=8)(self._open_embedding)

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

    def added_labels(self, dataset: str | None = None) -> DataFrame:
        """Labels from elsewhere: by whom, how many said so; never the source's own."""
        return self._frame("added_labels", dataset)

    def added_sets(self) -> DataFrame:
        """The sets that labels from elsewhere came in, with their counts."""
        with self.cursor() as cursor:
            return queries.added_sets(cursor)

    def taxonomies(self) -> DataFrame:
        """The taxonomies on their own, that datasets can be held against."""
        with self.cursor() as cursor:
            return queries.taxonomies(cursor)

    def taxonomy(self, name: str) -> DataFrame:
        """The nodes of one taxonomy, with their parents and the wholes they are parts of.

        Raises NotFoundError where the site has none of this name.
        """
        with self.cursor() as cursor:
            found = queries.taxonomy_nodes(cursor, name)
        if found.empty:
            raise NotFoundError("no such taxonomy", name, "See excavate taxonomy show")
        return found

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
        """(WebP bytes, etag) of one item's thumbnail; None where there is none.

        A revision that was dug over a moment ago is still served to who is looking at it.
        """
        asked = [dataset_id, ordinal, revision]
        with self.cursor() as cursor:
            found = cursor.execute(queries.THUMBNAIL, asked).fetchone()
        if found is None:
            with self._catalog.older_cursor() as older:
                found = older and older.execute(queries.THUMBNAIL, asked).fetchone()
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

    def embeddings(self) -> list[Computed]:
        """Finished vectors of the datasets at their current revisions, oldest first."""
        from excavate.embedding.reading import vectors_of

        found = [v for d, rev in self.revisions().items() for v in vectors_of(self.folder, d, rev)]
        return sorted(found, key=lambda made: made.made_at)

    def embedding(self, encoder: str | None = None, dataset: str | None = None) -> Embedding:
        """The vectors by one encoder (a spec or an identity; the newest if none is named).

        Of one dataset, or of all that were embedded with it. Raises NotFoundError where there
        are none.
        """
        fitting = [
            made
            for made in self.embeddings()
            if encoder in (None, made.result["spec"], made.provenance["encoder"])
            and dataset in (None, made.provenance["dataset"])
        ]
        if not fitting:
            specs = sorted({str(made.result["spec"]) for made in self.embeddings()})
            there = f"There are: {', '.join(specs)}. " if specs else ""
            by = f" by {encoder}" if encoder else ""
            todo = f"{there}Run: excavate embed --site {self.folder.given}"
            raise NotFoundError(f"no embedding{by}", dataset or self.folder.given, todo)
        identity = fitting[-1].provenance["encoder"]
        return self._embedding(
            tuple(made.id for made in fitting if made.provenance["encoder"] == identity)
        )

    def layouts(self) -> list[Computed]:
        """Finished layouts whose datasets all stand at their current revisions, oldest first."""
        from excavate.embedding.reading import layouts_of

        return layouts_of(self.folder, self.revisions())

    def layout(self, layout_id: str | None = None) -> DataFrame:
        """dataset_id, ordinal, item_id, x, y, placed: one row a point, of the newest layout.

        Coordinates are for looking; nothing is measured in them.
        """
        from excavate.embedding.reading import load_layout

        return load_layout(self.layout_made(layout_id)).drop_columns(["sha256"]).to_pandas()

    def layout_made(self, layout_id: str | None = None) -> Computed:
        """The sidecar of a layout (the newest if none is named): provenance and result."""
        found = [made for made in self.layouts() if layout_id in (None, made.id)]
        if not found:
            todo = f"Run: excavate layout --site {self.folder.given}"
            raise NotFoundError("no such layout", layout_id or self.folder.given, todo)
        return found[-1]

    def neighbours_of(self, item_id: str, k: int = 20, encoder: str | None = None) -> DataFrame:
        """The k items nearest to one: item_id, dataset_id, ordinal, similarity. Exact."""
        return self.search(item=item_id, k=k, encoder=encoder)

    def search(
        self,
        *,
        text: str | None = None,
        image: Path | bytes | None = None,
        item: str | None = None,
        k: int = 20,
        encoder: str | None = None,
    ) -> DataFrame:
        """The k items nearest to words, a picture or an item, most similar first. Exact.

        Raises EncoderError where the encoder has no text, SourceError where the picture cannot
        be read, NotFoundError where the item has no vector.
        """
        if item is not None:
            lens = self._lens_of(item, encoder)
            return lens.nearest(lens.vector_of(item), k, without=item)
        lens = self.embedding(encoder)
        if image is not None:
            return lens.nearest(self._seen(image, lens), k)
        return lens.nearest(self._said(text or "", lens), k)

    def similarities(self, text: str, layout_id: str | None = None) -> np.ndarray:
        """Cosine similarity of words to every point of a layout, in its order: float32 (n,)."""
        made = self.layout_made(layout_id)
        lens = self._embedding(tuple(made.provenance["vectors"]))
        return lens.similarities(self._said(text, lens))

    def said(self, texts: Sequence[str], encoder: str | None = None) -> np.ndarray:
        """The vectors of words through one encoder: float32 (n, d), L2-normalised.

        Raises EncoderError where it knows no words or its weights are not those of the site,
        NotFoundError where nothing was embedded with it.
        """
        import numpy as np

        from excavate.embedding.vectors import normalised

        lens = self.embedding(encoder)
        runs = [texts[n : n + TEXTS_AT_ONCE] for n in range(0, len(texts), TEXTS_AT_ONCE)]
        said = [self._said_all(run, lens) for run in runs]
        return normalised(np.concatenate(said)) if said else np.zeros((0, 0), np.float32)

    def seen(self, pictures: Sequence[Image], encoder: str | None = None) -> np.ndarray:
        """The vectors of pictures through one encoder: float32 (n, d), L2-normalised.

        `encoder`: a spec or an identity, the newest the site was embedded with if none is named.
        Raises EncoderError where its weights are not those of the site, NotFoundError where
        nothing was embedded with it.
        """
        import numpy as np

        from excavate.embedding.vectors import normalised

        lens = self.embedding(encoder)
        with self._opening:
            opened = self._encoder(lens.spec, lens.identity)
            runs = [
                opened.encode(np.stack([opened.prepare(one) for one in pictures[n : n + AT_ONCE]]))
                for n in range(0, len(pictures), AT_ONCE)
            ]
        return normalised(np.concatenate(runs)) if runs else np.zeros((0, 0), np.float32)

    def _lens_of(self, item_id: str, encoder: str | None) -> Embedding:
        """All datasets through the newest encoder that this item's dataset was seen with."""
        own = self.embedding(encoder, item_id.partition("/")[0])
        return self.embedding(own.identity)

    def _said(self, text: str, lens: Embedding) -> np.ndarray:
        first: np.ndarray = self._said_all([text], lens)[0]
        return first

    def _said_all(self, texts: Sequence[str], lens: Embedding) -> np.ndarray:
        if not lens.has_text:
            todo = "Search by --item or --image, or embed with a CLIP encoder"
            raise EncoderError("this encoder knows no words", lens.spec, todo)
        with self._opening:
            return self._encoder(lens.spec, lens.identity).encode_text(texts)

    def lens_of_layout(self, layout_id: str | None = None) -> Embedding:
        """The vectors that a layout (the newest if none is named) was made of, in its order."""
        return self._embedding(tuple(self.layout_made(layout_id).provenance["vectors"]))

    def _seen(self, image: Path | bytes, lens: Embedding) -> np.ndarray:
        from excavate.catalog.thumbnails import open_picture

        picture = open_picture(image, self.settings.max_pixels)
        with self._opening:
            encoder = self._encoder(lens.spec, lens.identity)
            vectors: np.ndarray = encoder.encode(encoder.prepare(picture)[None])
        first: np.ndarray = vectors[0]
        return first

    def _open_encoder(self, spec: str, identity: str) -> Encoder:
        from excavate.embedding.encoders import open_encoder

        encoder = open_encoder(spec, self.settings)
        if encoder.identity != identity:
            todo = "Embed again, or put the weights back that were used"
            raise EncoderError(
                "these are other weights than the site was embedded with", spec, todo
            )
        return encoder

    def _open_embedding(self, ids: tuple[str, ...]) -> Embedding:
        from excavate.embedding.lens import embedding_of

        made = {vectors.id: vectors for vectors in self.embeddings()}
        missing: Sequence[str] = [one for one in ids if one not in made]
        if missing:
            raise NotFoundError("vectors are gone", missing[0], "Run: excavate embed")
        return embedding_of([made[one] for one in ids])
