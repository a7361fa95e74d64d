"""finding-aid.html: the archivist's description of a release, by the elements of ISAD(G).

One page without scripts or anything from outside: Korean, English or both by a switch of its own.
Pictures are those of the folder that it lies in.
"""

from __future__ import annotations

from pathlib import Path

from excavate.release.record import Contents, Lost
from excavate.release.templating import html
from excavate.release.told import told

FILE = "finding-aid.html"


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write finding-aid.html; it names everything, and holds no labels of parts of pictures."""
    html("finding-aid.html", told(contents), folder / FILE)
    boxes = sum(bool(label.box) for plate in contents.plates for label in plate.labels)
    what = "what the source says of parts of pictures"
    return [Lost("finding-aid", what, boxes, "items.parquet")] if boxes else []
