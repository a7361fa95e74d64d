"""What lies nearest to a picture through the site's newest encoder: alike, not the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from excavate.counter.likeness import Like, Looked
from excavate.counter.records import Member
from excavate.errors import ExcavateError
from excavate.i18n import N_
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from PIL.Image import Image

    from excavate.embedding.lens import Embedding
    from excavate.site import Site

MOST_SEEN = 60  # made members that are seen through the encoder: the newest
OLDER = N_("only the newest {what} drawings and files were compared through the encoder")
_of_files: dict[tuple[str, str], np.ndarray] = {}  # by the hash of the file and the encoder


def nearest_to(
    site: Site, workshop: Workshop, picture: Image | str, held: Sequence[Member], k: int
) -> Looked:
    """The k nearest of the catalog and of the members; `picture` may be a catalog item's id.

    Where nothing was embedded, or the encoder cannot be had, that is what could not be looked at.
    """
    looked = Looked()
    try:
        lens = site.embedding()
        item = picture if isinstance(picture, str) else None
        own = lens.vector_of(item) if item else _seen(site, picture, lens)
        near = lens.nearest(own, k, without=item)
        made = _made(site, workshop, held, lens, looked)
    except ExcavateError as error:
        looked.unlooked.append((error.what, ""))
        return looked
    chosen = {one.item_id: one.member_id for one in held if one.item_id}
    items = zip(near["item_id"], near["similarity"], strict=True)
    found = [Like(str(one), chosen.get(str(one), ""), float(value)) for one, value in items]
    found += [Like("", one, float(vector @ own)) for one, vector in made]
    looked.found = sorted(found, key=lambda one: -one.likeness)[:k]
    return looked


def _seen(site: Site, picture: Image | str, lens: Embedding) -> np.ndarray:
    from PIL import Image

    if not isinstance(picture, Image.Image):
        raise TypeError("an id, or a picture")
    vector: np.ndarray = site.seen([picture], lens.identity)[0]
    return vector


def _made(
    site: Site, workshop: Workshop, held: Sequence[Member], lens: Embedding, looked: Looked
) -> list[tuple[str, np.ndarray]]:
    from excavate.counter.landing import embed_member

    made = [one for one in held if one.sha256]
    if len(made) > MOST_SEEN:
        looked.unlooked.append((OLDER, str(MOST_SEEN)))
    found = []
    for one in made[-MOST_SEEN:]:
        key = (one.sha256, lens.identity)
        if key not in _of_files:
            _of_files[key] = embed_member(site, workshop, one, lens.identity)
        found.append((one.member_id, _of_files[key]))
    return found
