"""Pictures as the wall shows them: small ones as they are, large ones as WebP of 640 px."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.counter.licences import LICENCES
from excavate.errors import ExcavateError

if TYPE_CHECKING:
    from PIL.Image import Image

    from excavate.release.record import Contents, Plate

THUMB = 640  # pixels of the longest side on the wall
LARGEST = 4096
COARSE = 96  # a picture with fewer is shown in whole, hard-edged pixels
SHOWN = {"image/png", "image/jpeg", "image/webp", "image/gif"}  # what every browser shows
AT_ONCE = 2
BATCH = 16  # pictures held in memory at a time


@dataclass(frozen=True, slots=True)
class Shown:
    """A plate's picture: its files, relative to the exhibition, and whether its pixels are few."""

    thumb: str
    full: str
    width: int
    height: int
    coarse: bool


def show_all(contents: Contents, folder: Path) -> dict[int, Shown]:
    """Write the thumbs of all plates that have a picture; {number: how it is shown}."""
    (folder / "thumbs").mkdir(parents=True, exist_ok=True)
    pictured = [one for one in contents.plates if one.file and not one.by_reference]
    found: dict[int, Shown] = {}
    with ThreadPoolExecutor(AT_ONCE) as hands:
        for start in range(0, len(pictured), BATCH):
            some = pictured[start : start + BATCH]
            held = [contents.picture(one) for one in some]
            made = hands.map(_shown, some, held, [folder] * len(some))
            found |= dict(zip((one.number for one in some), made, strict=True))
    return found


def _shown(plate: Plate, content: bytes, folder: Path) -> Shown:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as picture:
            wide, high = _upright(picture)
            full = _full(plate, picture, folder)
            thumb = full if _unchanged(plate) else f"thumbs/{plate.number:04d}.webp"
            if thumb != full:
                (folder / thumb).write_bytes(smaller(picture, THUMB))
    except (OSError, ValueError) as fault:
        todo = "Look at the member in the app, mend it or leave it out, then release again"
        raise ExcavateError(f"the picture cannot be shown ({fault})", plate.file, todo) from fault
    return Shown(thumb, full, wide, high, max(wide, high) <= COARSE)


def _full(plate: Plate, picture: Image, folder: Path) -> str:
    """The file of the release itself, or a copy that browsers show."""
    if plate.media_type in SHOWN:
        return f"../{plate.file}"
    name = f"thumbs/{plate.number:04d}-large.webp"
    (folder / name).write_bytes(smaller(picture.copy(), LARGEST))
    return name


def _unchanged(plate: Plate) -> bool:
    """Whether its licence lets it be shown only as it is: then no small one is made."""
    rights = plate.member.rights
    licence = LICENCES.get(rights.given.licence) if rights else None
    return licence is not None and not licence.changes and plate.media_type in SHOWN


def _upright(picture: Image) -> tuple[int, int]:
    """Its size as a browser shows it, turned as its camera was held."""
    wide, high = picture.size
    return (high, wide) if picture.getexif().get(0x0112, 1) in (5, 6, 7, 8) else (wide, high)


def smaller(picture: Image, longest: int) -> bytes:
    """The picture as WebP, no side longer than `longest`; without loss where it is small."""
    small = max(picture.size) <= longest
    picture.draft("RGB", (longest, longest))
    plain = _plain(picture)
    plain.thumbnail((longest, longest))
    out = io.BytesIO()
    lossless = small and max(picture.size) <= 256
    plain.save(out, "WEBP", lossless=lossless, quality=82, method=1)
    return out.getvalue()


def _plain(picture: Image) -> Image:
    """Upright, in a mode that WebP keeps."""
    from PIL import ImageOps

    ImageOps.exif_transpose(picture, in_place=True)
    clear = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if clear else "RGB")
