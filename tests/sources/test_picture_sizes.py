"""The size of a picture as it is shown; what is no picture is never waited for."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from excavate.sources.picture_sizes import size_of
from tests.sources.fixtures import png, put


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "MPO"])
@pytest.mark.parametrize("turn", range(1, 10))
def test_the_size_is_that_of_the_picture_as_shown(form: str, turn: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = turn
    out = io.BytesIO()
    Image.new("RGB", (10, 8)).save(out, form, exif=exif)
    file = put(tmp_path / "a", out.getvalue())
    with Image.open(file) as picture:
        shown = ImageOps.exif_transpose(picture)
    assert size_of(str(file)) == shown.size


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II",
        b"Exif\0\0II*\0\x08",
        b"Exif\0\0II*\0\x08\0\0\0\x01",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12",
    ],
)
def test_a_broken_exif_does_not_cost_the_size(exif: bytes, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 8)).save(out, "JPEG", exif=exif)
    assert size_of(str(put(tmp_path / "a.jpg", out.getvalue()))) == (10, 8)


def test_what_is_no_picture_has_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert size_of(str(put(tmp_path / "cut.png", png()[:20]))) is None
    assert size_of(str(tmp_path / "none.png")) is None
    assert size_of(str(tmp_path / "pipe.png")) is None
