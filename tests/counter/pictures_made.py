"""Files as cameras, scanners and programs write them, made by Pillow for the tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, PngImagePlugin

from tests.made import picture

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Somebody</dc:creator></x:xmpmeta>"


def with_everything() -> Image.Exif:
    """A record with a place, serial numbers, names, times, a device and words."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Camera 3"
    exif[0x0132], exif[0x013B] = "2026:11:21 10:00:00", "A. Photographer"
    exif[0x010E] = "My kitchen"
    exif.get_ifd(0x8769).update({0xA431: "SN-0042", 0xA430: "An Owner", 0x927C: b"maker"})
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 58.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    exif[0x8769] = exif[0x8825] = 0  # a TIFF writes only what is named among its tags
    return exif


def saved(kind: str, side: int = 40, made: Image.Image | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    (made or picture(7, side, side)).save(out, kind, **options)
    return out.getvalue()


def heif(**options: Any) -> bytes:
    from pillow_heif import from_pillow

    out = io.BytesIO()
    from_pillow(picture(7, 64, 64)).save(out, quality=90, **options)
    return out.getvalue()


def png_with_words() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "A. Photographer")
    said.add_text("Comment", "from my kitchen")
    return saved("PNG", pnginfo=said)


def bomb(side: int = 40_000) -> bytes:
    """A PNG whose header alone says that it is enormous."""
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(
            ">I", zlib.crc32(name + body)
        )  # fmt: skip

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
            + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))  # fmt: skip
