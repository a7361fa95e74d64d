"""Small JPEGs at once: Pillow parses their headers in Python, which costs more than decoding.

simplejpeg wraps the same libjpeg-turbo with the same transform, so the pixels are equal; what
it does not take plainly is left to Pillow, which also says what is wrong with a broken one.
"""

from __future__ import annotations

from PIL import Image


def small_jpeg(content: bytes, longest: int) -> Image.Image | None:
    """A JPEG of at most `longest` pixels a side as L or RGB; None leaves it to Pillow.

    None for what is no JPEG, is larger, broken, in other colours (CMYK), or has EXIF, which
    may turn it.
    """
    import simplejpeg

    if content[:2] != b"\xff\xd8":
        return None
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
        if max(height, width) > longest or colours not in ("Gray", "YCbCr"):
            return None
        if b"Exif\0" in content:
            return None
        if colours == "Gray":
            return Image.fromarray(simplejpeg.decode_jpeg(content, "GRAY")[:, :, 0])
        return Image.fromarray(simplejpeg.decode_jpeg(content, "RGB"))
    except ValueError:
        return None
