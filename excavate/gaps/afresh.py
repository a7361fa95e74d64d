"""A site as it stands, without what was found in it: to measure anew, and to leave no trace."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from excavate.gaps.stored import KIND
from excavate.site import Site


@contextmanager
def afresh(site: Site) -> Iterator[Site]:
    """The same catalog, vectors and hashes with no finding, for the length of a `with` block.

    What is asked of it is computed, not looked up, and kept in a folder that is removed after.
    """
    with tempfile.TemporaryDirectory(prefix="excavate-") as place:
        for entry in site.folder.path.iterdir():
            if entry.name == "CURRENT":
                shutil.copy(entry, place)  # a dig meanwhile changes nothing here
            elif entry.name != KIND:
                (Path(place) / entry.name).symlink_to(entry)
        other = Site(place, site.settings)
        other.folder.given = site.folder.given  # what is told names the site itself
        try:
            yield other
        finally:
            other.close()
