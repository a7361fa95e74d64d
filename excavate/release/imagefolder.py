"""An image folder of the Hub's kind: `items/metadata.jsonl` beside the pictures."""

from __future__ import annotations

from pathlib import Path

from excavate.release.annotations import json_line
from excavate.release.items_parquet import lost_of_tables
from excavate.release.record import Contents, Lost
from excavate.release.rows import rows

FILE = "items/metadata.jsonl"


def write(contents: Contents, folder: Path) -> list[Lost]:
    """A line for each plate that has a picture: `file_name` and all its columns."""
    without = shown = 0
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as out:
        for plate, row in rows(contents):
            if not plate.file:
                without += 1
                continue
            said = {"file_name": Path(plate.file).name, **row}
            del said["file"]
            out.write(json_line(said))
            shown += 1
    lost = lost_of_tables(contents, "imagefolder")
    if without:
        what = "plates without a picture: empty places and items by reference"
        lost.append(Lost("imagefolder", what, without, "items.parquet"))
    if not shown:
        what = "an image folder without a picture: the library datasets does not open it"
        lost.append(Lost("imagefolder", what, without, "items.parquet"))
    return lost
