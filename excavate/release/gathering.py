"""Gathering what a release says, once, for every format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.release.record import Contents

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop


def gather(
    site: Site, workshop: Workshop, plan_id: str, base: str, *, version: str = "1",
    essays: Sequence[tuple[str, Path]] = (),
) -> Contents:  # fmt: skip
    """What a release of this counter-dataset holds now. The gate is not asked here.

    Raises NotFoundError where there is no such plan.
    """
    raise NotImplementedError
