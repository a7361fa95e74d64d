"""Reading one picture: hash, size, and a thumbnail; or the reason why it cannot be read.

Runs in worker processes on Arrow tables, so it imports little. A picture that cannot be read is
a result like any other: a fault, never an exception.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import pyarrow as pa
from PIL import (
    Image,
    ImageFile,
    ImageOps,
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401 - else the first save imports every plugin there is
)

from excavate.catalog.jpeg import small_jpeg
from excavate.catalog.originals import OriginalError, Originals
from excavate.errors import SourceError

LONGEST_SIDE = 256
ORIENTATION = 0x0112
LOSSLESS = {"lossless": True, "quality": 0, "method": 0, "exact": True}
LOSSY = {"quality": 80, "method": 0}

READING_COLUMNS = pa.schema(
    [
        ("sha256", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("format", pa.string()),
        ("pixels", pa.string()),  # read, none or fault
        ("lossless", pa.bool_()),
        ("webp", pa.binary()),
        ("reason", pa.string()),  # of the fault
        ("detail", pa.string()),
    ]
)


@dataclass(slots=True)
class Reading:
    """What was found of one picture."""

    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    format: str | None = None
    pixels: str = "none"
    lossless: bool | None = None
    webp: bytes | None = None
    reason: str | None = None
    detail: str | None = None


class Fault(Exception):
    """Why a picture cannot be read: reason (one word) and detail."""


def read_table(items: pa.Table, root: str | None, max_pixels: int) -> pa.Table:
    """Read every picture of a table with ITEM_COLUMNS: one READING_COLUMNS row each, in order."""
    Image.MAX_IMAGE_PIXELS = None  # the header is checked against max_pixels before decoding
    originals = Originals(Path(root) if root else None)
    names = ("content", "mode", "width", "height", "path", "part")
    rows = zip(*(items[name].to_pylist() for name in names), strict=True)
    readings = [read_picture(*row, originals=originals, max_pixels=max_pixels) for row in rows]
    columns = [
        pa.array(list(map(attrgetter(field.name), readings)), field.type)
        for field in READING_COLUMNS
    ]
    return pa.Table.from_arrays(columns, schema=READING_COLUMNS)


def read_picture(
    content: bytes | None,
    mode: str | None,
    width: int | None,
    height: int | None,
    path: str | None,
    part: str | None,
    *,
    originals: Originals,
    max_pixels: int,
) -> Reading:
    """Hash and decode one picture, and make its thumbnail. Never raises over its content."""
    if content is None and path is None:
        return Reading(width=width, height=height)
    reading = Reading(width=width, height=height, pixels="fault")
    try:
        if mode is not None:
            picture = _from_raw(reading, content or b"", mode, width or 0, height or 0)
        else:
            picture = _from_file(reading, content, path, part, originals, max_pixels)
        _shrink(reading, picture)
        reading.pixels = "read"
    except Fault as fault:
        reading.reason, reading.detail = fault.args
    except Exception as error:  # Pillow's decoders raise anything on broken files
        reading.reason, reading.detail = _reason(error), described(error)
    return reading


def _from_raw(reading: Reading, raw: bytes, mode: str, width: int, height: int) -> Image.Image:
    reading.sha256 = hashlib.sha256(f"{mode} {width}x{height} ".encode() + raw).hexdigest()
    reading.format = "raw"
    return Image.frombytes(mode, (width, height), raw)


def _from_file(
    reading: Reading,
    content: bytes | None,
    path: str | None,
    part: str | None,
    originals: Originals,
    max_pixels: int,
) -> Image.Image:
    if content is None:
        try:
            content = originals.read(path or "", part)
        except OriginalError as error:
            raise Fault("missing", str(error)) from error
    reading.sha256 = hashlib.sha256(content).hexdigest()
    picture = small_jpeg(content, LONGEST_SIDE) or Image.open(io.BytesIO(content))
    reading.format = picture.format or "JPEG"
    if picture.width * picture.height > max_pixels:
        size = f"{picture.width} x {picture.height}"
        raise Fault("bomb", f"{size} pixels, more than the {max_pixels} allowed")
    reading.width, reading.height = displayed_size(picture)
    return picture


def _shrink(reading: Reading, picture: Image.Image) -> None:
    if max(picture.size) > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        reading.lossless = False
    else:
        reading.lossless = picture.mode not in ("I", "F") and not picture.mode.startswith("I;")
    picture = eight_bit(upright(picture))
    if isinstance(picture, ImageFile.ImageFile):
        picture = picture.copy()  # saving a file's picture copies it and resolves its path
    out = io.BytesIO()
    picture.save(out, "WEBP", **(LOSSLESS if reading.lossless else LOSSY))
    reading.webp = out.getvalue()


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "unreadable"
    return "truncated" if "truncated" in str(error).lower() else "unreadable"


def described(error: Exception) -> str:
    """What a decoder said, the same every time: without addresses in memory."""
    if isinstance(error, UnidentifiedImageError):
        return "not a picture of a kind that is read"
    return re.sub(r" at 0x[0-9a-f]+", "", f"{type(error).__name__}: {error}")[:300]


def open_picture(image: Path | bytes, max_pixels: int) -> Image.Image:
    """A picture given by a person: upright, 8 bit. Raises SourceError where it cannot be read."""
    where = str(image) if isinstance(image, Path) else "the picture"
    try:
        content = image.read_bytes() if isinstance(image, Path) else image
        picture = Image.open(io.BytesIO(content))
        if picture.width * picture.height > max_pixels:
            raise SourceError(f"more than {max_pixels} pixels", where, "Give a smaller picture")
        return eight_bit(upright(picture))
    except SourceError:
        raise
    except Exception as error:  # Pillow's decoders raise anything on broken files
        todo = "Give a JPEG, PNG, WebP, TIFF or GIF"
        what = f"cannot be read as a picture ({described(error)})"
        raise SourceError(what, where, todo) from error


def displayed_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height with EXIF orientation applied (5 to 8 turn the picture on its side)."""
    turned = _orientation(picture) in (5, 6, 7, 8)
    return (picture.height, picture.width) if turned else picture.size


def upright(picture: Image.Image) -> Image.Image:
    """The picture with EXIF orientation applied."""
    if _orientation(picture) == 1:
        return picture
    return ImageOps.exif_transpose(picture)


def _orientation(picture: Image.Image) -> int:
    if "exif" not in picture.info and picture.format not in ("TIFF", "MPO"):
        return 1  # parsing EXIF costs as much as decoding a small picture
    try:
        return int(picture.getexif().get(ORIENTATION, 1) or 1)
    except Exception:  # a broken EXIF block must not cost the picture
        return 1


def eight_bit(picture: Image.Image) -> Image.Image:
    """The picture as L, RGB or RGBA. Deeper greys keep their 8 highest bits; floats are 0..1."""
    if picture.mode in ("L", "RGB", "RGBA"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        return _from_deep(picture)
    has_alpha = picture.mode in ("LA", "PA", "RGBa", "La") or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    import numpy as np

    values = np.asarray(picture, dtype="float64")
    scale = 255.0 if picture.mode == "F" else 1 / 256
    return Image.fromarray(np.clip(values * scale, 0, 255).astype("uint8"), "L")
