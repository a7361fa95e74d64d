"""voc: XMLs of four objects each, as VOC2012 has two and a half."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

PARSER = "xml.etree.ElementTree, file by file"
COUNTED = ("regions",)
PER_FILE = 4
OBJECT = (
    "<object><name>{name}</name><pose>Left</pose><truncated>{odd}</truncated>"
    "<difficult>0</difficult><bndbox><xmin>{n}</xmin><ymin>{n}</ymin><xmax>{m}</xmax>"
    "<ymax>{m}</ymax></bndbox></object>\n"
)
HEAD = (
    "<annotation><folder>VOC2012</folder><filename>{stem}.jpg</filename>"
    "<source><database>The Database</database></source><size><width>500</width>"
    "<height>375</height><depth>3</depth></size><segmented>0</segmented>\n"
)


def make(folder: Path, count: int) -> str:
    """Annotations without pictures: they are looked at by the catalog, not by the source."""
    (folder / "Annotations").mkdir()
    (folder / "JPEGImages").mkdir()
    for first in range(0, count, PER_FILE):
        stem = f"2012_{first:06}"
        objects = (
            OBJECT.format(name=f"class {n % 20}", odd=n % 2, n=n % 90 + 1, m=n % 90 + 99)
            for n in range(first, first + PER_FILE)
        )
        text = HEAD.format(stem=stem) + "".join(objects) + "</annotation>\n"
        (folder / "Annotations" / f"{stem}.xml").write_text(text)
    return f"voc:{folder}"


def bare(folder: Path) -> int:
    """Parse every file and count its objects."""
    files = sorted((folder / "Annotations").iterdir())
    return sum(len(ElementTree.parse(file).findall("object")) for file in files)  # noqa: S314
