"""Members' pictures made small, for grids: each made once and held in memory, a few hundred."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from excavate.workshop import media

LONGEST = 480  # pixels of the longest side
HELD = 400  # of some 30 KB each
MEDIA_TYPE = "image/webp"


@lru_cache(maxsize=HELD)
def small_picture(folder: Path, sha256: str) -> bytes | None:
    """A picture of media/ as a WebP of at most LONGEST; None where there is none by that hash."""
    from PIL import Image

    content = media.kept(folder, sha256)
    if content is None:
        return None
    picture = Image.open(io.BytesIO(content))
    drawn = max(picture.size) <= LONGEST
    picture.draft(None, (LONGEST, LONGEST))
    picture.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    picture.save(out, "WEBP", **({"lossless": True} if drawn else {"quality": 82}))
    return out.getvalue()
