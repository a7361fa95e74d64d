"""Writing the exhibition into a release: pictures, typefaces, pages, nothing that has to run."""

from __future__ import annotations

import shutil
from pathlib import Path

from excavate.release.exhibition.essay_pages import take_essays
from excavate.release.exhibition.showing import show_all
from excavate.release.exhibition.site_pages import Beside, pages
from excavate.release.exhibition.typefaces import take_typefaces
from excavate.release.record import Contents, Lost

ASSETS = Path(__file__).with_name("assets")
NAMED = (
    "README.md", "RIGHTS.md", "NOT-HELD.md", "finding-aid.html", "CITATION.cff", "manifest.json",
    "annotations.jsonl", "croissant.json", "items.parquet", "items.csv", "catalogue.pdf",
)  # fmt: skip


def write_exhibition(contents: Contents, folder: Path) -> list[Lost]:
    """Write `exhibition/`; pages link to what of the release lies there by now."""
    site = folder / "exhibition"
    (site / "assets").mkdir(parents=True, exist_ok=True)
    faces = take_typefaces(site / "assets")
    for file in sorted(ASSETS.iterdir()):
        shutil.copyfile(file, site / "assets" / file.name)
    sheet = site / "assets" / "exhibition.css"
    sheet.write_text(faces + sheet.read_text("utf-8"), encoding="utf-8")
    shown = show_all(contents, site)
    essays = take_essays(contents, site)
    for name, text in pages(contents, shown, essays, _beside(folder)):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    return list(_lost(contents))


def _beside(folder: Path) -> Beside:
    found = tuple(name for name in NAMED if (folder / name).is_file())
    return Beside(found, "catalogue.pdf" in found)


def _lost(contents: Contents) -> list[Lost]:
    """What a wall cannot hold: boxes of labels, and finds of the room that say no absence."""
    boxes = sum(label.box is not None for one in contents.plates for label in one.labels)
    if not boxes:
        return []
    return [Lost("exhibition", "boxes of source labels are not drawn", boxes, "items.parquet")]
