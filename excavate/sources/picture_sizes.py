"""The size of a picture as it is shown, from its header: turned where EXIF says so."""

from __future__ import annotations

import os
import threading
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Size = tuple[int, int]
_SILENT = threading.Lock()  # warnings are switched off for all threads at once
ORIENTATION = 274  # the EXIF tag; from 5 to 8 the picture is shown on its side


def size_of(path: str) -> Size | None:
    """Width and height as the picture is shown; None where no header can be read.

    A pipe or a device is no picture: it is not opened, for that could wait for ever.
    """
    from PIL import Image

    if not os.path.isfile(path):  # noqa: PTH113 - fast
        return None
    try:
        with _SILENT, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                width, height = picture.size
                turned = _is_turned(picture)
    except Exception:  # Pillow's decoders raise anything; the catalog says what is wrong with it
        return None
    return (height, width) if turned else (width, height)


def _is_turned(picture: Image) -> bool:
    if "exif" not in picture.info:  # a TIFF's size is turned by Pillow already
        return False
    try:
        return picture.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    except Exception:  # a broken EXIF block must not cost the size
        return False
