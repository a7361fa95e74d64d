"""The pieces of our typeface that a drawing needs, put into it: it then looks alike anywhere."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from pathlib import Path

from excavate.components.addresses import FONTS

FAMILY = "Pretendard Variable"
FACE = re.compile(r"@font-face\s*\{(.*?)\}", re.DOTALL)
SOURCE = re.compile(r"url\(([^)]+)\)")
RANGE = re.compile(r"unicode-range:\s*([^;}]+)")
TEXT = re.compile(r">([^<]*)<")


def with_fonts(svg: str) -> str:
    """An SVG with the pieces of the typeface that its text needs; as it is where none is built."""
    signs = {ord(sign) for text in TEXT.findall(svg) for sign in text}
    faces = "".join(
        _face(file, ranges)
        for file, ranges in _pieces()
        if file.is_file() and any(low <= sign <= high for sign in signs for low, high in ranges)
    )
    if not faces:
        return svg
    end = svg.index(">") + 1
    return f"{svg[:end]}<style>{faces}</style>{svg[end:]}"


@lru_cache(maxsize=1)
def _pieces() -> tuple[tuple[Path, tuple[tuple[int, int], ...]], ...]:
    """(file, the ranges of signs it holds) of each piece, as the style sheet of fonts says."""
    sheet = FONTS / "fonts.css"
    if not sheet.is_file():
        return ()
    found = []
    for face in FACE.findall(sheet.read_text("utf-8")):
        source, ranges = SOURCE.search(face), RANGE.search(face)
        if FAMILY in face and source and ranges:
            file = FONTS / source[1].strip("'\"")
            found.append((file, tuple(map(_range, ranges[1].split(",")))))
    return tuple(found)


def _range(text: str) -> tuple[int, int]:
    low, _dash, high = text.strip().removeprefix("U+").partition("-")
    return int(low, 16), int(high or low, 16)


def _face(file: Path, ranges: tuple[tuple[int, int], ...]) -> str:
    content = base64.b64encode(file.read_bytes()).decode()
    spread = ",".join(f"U+{low:x}-{high:x}" for low, high in ranges)
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:45 920;unicode-range:{spread};'
        f'src:url(data:font/woff2;base64,{content}) format("woff2")}}'
    )
