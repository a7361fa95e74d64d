"""Pictures that people bring: checked by what they are, re-encoded, kept under their hash.

What a camera wrote beside the pixels (place, time, device) does not come along.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.errors import SiteError, SourceError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 10_000_000
MOST_PIXELS = 25_000_000  # a screenshot has fewer; decoded, each takes four bytes or more
LONGEST = 2_000  # pixels of the longest side as it is kept: it goes to every phone in the room
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
READ_AS = {"MPO": "JPEG"}  # a phone's photograph that holds several pictures: the first
SAVED = {"JPEG": {"quality": 90}, "PNG": {}, "WEBP": {"quality": 90, "method": 4}}
HASH = re.compile(r"[0-9a-f]{64}")
one_at_a_time = threading.Lock()  # a large picture takes some 300 MB while it is decoded


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it will be kept."""

    content: bytes
    sha256: str
    media_type: str
    width: int
    height: int


def prepared(content: bytes, max_pixels: int) -> Picture:
    """Decode a picture and encode it anew: pixels only, upright, the first frame.

    Raises SourceError where it is too large, no JPEG, PNG or WebP, or broken.
    """
    if len(content) > MAX_BYTES:
        raise _refused(f"more than {MAX_BYTES // 1_000_000} MB", "Give a smaller picture")
    with one_at_a_time:
        return _encoded_anew(content, max_pixels)


def keep(folder: Path, picture: Picture) -> Path:
    """Write a picture into media/, whole or not at all; once for each content."""
    target = folder / "media" / picture.sha256
    if target.is_file():
        return target
    aside = target.with_name(f".{picture.sha256}.{os.getpid()}.{threading.get_ident()}")
    try:
        target.parent.mkdir(exist_ok=True)
        with open(aside, "wb") as out:
            out.write(picture.content)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(target)
        _settle(target.parent)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        todo = "See that the disk has room and the folder can be written to, then try again"
        what = f"the picture cannot be kept ({error.strerror})"
        raise SiteError(what, str(target.parent), todo) from error
    return target


def kept(folder: Path, sha256: str) -> bytes | None:
    """The bytes of a picture in media/; None where there is none by that hash."""
    file = folder / "media" / sha256
    if not HASH.fullmatch(sha256) or not file.is_file():
        return None
    return file.read_bytes()


def _encoded_anew(content: bytes, max_pixels: int) -> Picture:
    from PIL import Image

    from excavate.catalog.thumbnails import eight_bit, upright

    try:
        picture = Image.open(io.BytesIO(content), formats=(*KINDS, *READ_AS))
    except Exception as error:  # Pillow's decoders raise anything on broken files
        raise _refused("neither a JPEG, a PNG nor a WebP picture", "Save it as one") from error
    kind = READ_AS.get(str(picture.format), str(picture.format))
    most = min(max_pixels, MOST_PIXELS)
    if picture.width * picture.height > most:
        raise _refused(f"more than {most} pixels", "Give a smaller picture")
    try:
        picture.load()
        plain = eight_bit(upright(picture))
    except Exception as error:
        raise _refused("broken, it cannot be read to its end", "Save it again") from error
    return encoded(plain, kind)


def encoded(plain: Image, kind: str, longest: int = LONGEST) -> Picture:
    """An 8-bit picture as it will be kept: one of KINDS, its longest side in pixels at most so."""
    plain = plain.convert("RGB") if kind == "JPEG" and plain.mode == "RGBA" else plain
    if max(plain.size) > longest:
        plain.thumbnail((longest, longest))
    out = io.BytesIO()
    plain.info.clear()
    plain.save(out, kind, **SAVED[kind])
    saved = out.getvalue()
    digest = hashlib.sha256(saved).hexdigest()
    return Picture(saved, digest, KINDS[kind], plain.width, plain.height)


def _refused(what: str, todo: str) -> SourceError:
    return SourceError(what, "the picture", todo)


def _settle(folder: Path) -> None:
    """Make a rename outlast a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
