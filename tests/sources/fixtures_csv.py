"""Tables as CSV, one maker for each way that they are written."""

from __future__ import annotations

from pathlib import Path

from tests.sources.fixtures import png, put

MUSEUM = (
    "accession_number,title,materials,when,licence,page\r\n"
    '007,"Bowl, ""blue""",clay; glaze ,c. 1900,CC0,https://example.org/7\r\n'
    "\r\n"
    '12b,"Two\nlines",,,,\r\n'
    "9,항아리,clay,1.10,CC BY,\r\n"
)


def museum(root: Path) -> str:
    """Quotes, a line's end inside of a cell, an empty line, empty cells, a key out of order."""
    return f"csv:{put(root / 'museum.csv', MUSEUM)}"


def two_files(root: Path) -> str:
    """Two files whose names are splits; no column is unique."""
    put(root / "faces_train.csv", "file,age\na.jpg,3-9\na.jpg,20-29\nb.jpg,\n")
    put(root / "faces_val.csv", "age,file\n3-9,a.jpg\n")
    put(root / "a.jpg", png())
    return f"csv:{root}/faces_*.csv"
