"""Pictures as artists and archives bring them: checked by what they are, kept as pixels alone.

A file is told by its content, never by its name; its size is read from its header before anything
is decoded. It is encoded anew, so nothing that a camera wrote beside the pixels comes along, and
what was found and left behind is named.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from excavate.counter.picture_kinds import HEIF, REFUSED, kind_of
from excavate.counter.picture_records import records_of
from excavate.errors import MissingPartError, SourceError
from excavate.workshop import media

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 10_000_000  # as .streamlit/config.toml: the server takes nothing larger
MOST_PIXELS = 50_000_000  # a camera's; decoded, each takes three bytes, for a moment six
LONGEST = 4_000  # pixels of the longest side as it is kept: a print of 34 cm at 300 to the inch
KEPT_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "TIFF": "PNG",
           HEIF: "JPEG"}  # fmt: skip
FRAMES = "other frames"
PROFILE = "colour profile, turned into sRGB"
LOST_PROFILE = "colour profile that cannot be read"
WHERE = "the picture"


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture as it will be kept, and what of its file's own record was left behind.

    `came_as` is the sha256 of the file as it came: what a catalog knows a picture by.
    """

    picture: media.Picture
    removed: tuple[str, ...]  # words of picture_records.REMOVED
    came_as: str


def taken(content: bytes, max_pixels: int) -> Taken:
    """Decode a file and encode its first picture anew: upright, in sRGB, with nothing beside it.

    JPEG, PNG, WebP, TIFF and HEIC. A TIFF is kept as PNG, a HEIC as JPEG; what is longer than
    `LONGEST` is made smaller. Raises SourceError where it is none of these, too large or broken,
    MissingPartError where it is a HEIC and no library reads it here.
    """
    if len(content) > MAX_BYTES:
        raise refused(f"more than {MAX_BYTES // 1_000_000} MB", "Give a smaller picture")
    kind = kind_of(content)
    if kind in REFUSED:
        raise refused(REFUSED[kind], "Save it as a JPEG, PNG, WebP or TIFF")
    with media.one_at_a_time:
        picture = _opened(content, kind)
        _refuse_large(picture, min(max_pixels, MOST_PIXELS))
        return _encoded(picture, kind, content)


def refused(what: str, todo: str) -> SourceError:
    """Why a picture is not taken."""
    return SourceError(what, WHERE, todo)


def _opened(content: bytes, kind: str) -> Image:
    from PIL import Image

    try:
        if kind == HEIF:
            return _heif(content)
        return Image.open(io.BytesIO(content), formats=[kind])
    except MissingPartError:
        raise
    except Image.DecompressionBombError as error:
        raise refused(f"more than {MOST_PIXELS} pixels", "Give a smaller picture") from error
    except Exception as error:  # decoders raise anything on broken files
        what = "no JPEG, PNG, WebP, TIFF or HEIC picture that can be read"
        raise refused(what, "Save it as one") from error


def _heif(content: bytes) -> Image:
    try:
        from pillow_heif.as_plugin import HeifImageFile
    except ImportError as error:
        todo = "Save it as a JPEG, or on the host run: pip install pillow-heif"
        raise MissingPartError("HEIC pictures cannot be read here", WHERE, todo) from error
    opening: Callable[..., Image] = HeifImageFile
    return opening(io.BytesIO(content))


def _refuse_large(picture: Image, most: int) -> None:
    if picture.width * picture.height > most:
        raise refused(f"more than {most} pixels", "Give a smaller picture")


def _encoded(picture: Image, kind: str, content: bytes) -> Taken:
    from excavate.catalog.thumbnails import eight_bit, upright

    try:
        removed = records_of(picture)
        more = [FRAMES] if has_more_frames(picture) else []
        if picture.format == "JPEG":
            picture.draft(None, (LONGEST, LONGEST))  # decodes a large one smaller at once
        picture.load()
        plain, said = _in_srgb(upright(picture))
        kept = KEPT_AS[str(picture.format)]
        made = media.encoded(eight_bit(plain), kept, LONGEST)
    except Exception as error:  # as above
        raise refused("broken, it cannot be read to its end", "Save it again") from error
    came_as = hashlib.sha256(content).hexdigest()
    return Taken(made, (*removed, *more, *said), came_as)


def has_more_frames(picture: Any) -> bool:
    """Whether a file holds more than its first picture."""
    if picture.format != "TIFF":
        return int(getattr(picture, "n_frames", 1)) > 1
    try:
        picture.seek(1)  # counting them would walk through as many as somebody wrote
    except EOFError:
        return False
    finally:
        picture.seek(0)
    return True


def _in_srgb(picture: Image) -> tuple[Image, list[str]]:
    """The picture in the colours every screen takes for granted, and what that changed."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture, []
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).casefold():
            return picture, []
        mode = "RGBA" if picture.mode in ("RGBA", "LA", "PA") else "RGB"
        source = picture.convert(mode) if picture.mode in ("P", "PA", "LA") else picture
        turned = ImageCms.profileToProfile(
            source, own, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except Exception:  # a broken profile must not cost the picture
        return picture, [LOST_PROFILE]
    return turned or picture, [PROFILE]
