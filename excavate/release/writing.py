"""Writing a release: staged beside its place, checksummed, then there in one step or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.authors import Author
    from excavate.workshop.store import Workshop

BASE = "http://127.0.0.1:8000"  # where `python -m http.server` in the folder shows it


def release(
    site: Site, workshop: Workshop, plan_id: str, to: Path, *, formats: Sequence[str] = (),
    base: str = BASE, essays: Sequence[tuple[str, Path]] = (), author: Author | None = None,
    record: bool = True,
) -> Path:  # fmt: skip
    """Write the next version of a counter-dataset as `to/NAME-vN`; returns that folder.

    `formats` are names of BY_CHOICE; `base` is where the folder will be published; `record`: the
    workshop is told of it. Raises ReleaseError with all that the gate stops, SiteError where the
    folder cannot be written.
    """
    raise NotImplementedError
