"""Reading one picture: what is kept, what is a fault."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.catalog.jpeg import small_jpeg
from excavate.catalog.originals import Originals
from excavate.catalog.thumbnails import LONGEST_SIDE, Reading, read_picture
from tests.made import encoded, picture

NOWHERE = Originals(None)


def read(content: bytes, max_pixels: int = 10**8) -> Reading:
    return read_picture(
        content, None, None, None, None, None, originals=NOWHERE, max_pixels=max_pixels
    )


def opened(reading: Reading) -> Image.Image:
    assert reading.webp is not None
    return Image.open(io.BytesIO(reading.webp))


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(1, LONGEST_SIDE),
    height=st.integers(1, 40),
    mode=st.sampled_from(["L", "RGB", "RGBA"]),
    seed=st.integers(0, 99),
)
def test_a_small_picture_is_kept_pixel_for_pixel(
    width: int, height: int, mode: str, seed: int
) -> None:
    drawn = picture(seed, width, height, mode)
    reading = read(encoded(drawn))
    assert (reading.pixels, reading.lossless) == ("read", True)
    assert (reading.width, reading.height) == (width, height)
    assert np.array_equal(np.asarray(opened(reading).convert(mode)), np.asarray(drawn))


@settings(max_examples=10, deadline=None)
@given(width=st.integers(257, 900), height=st.integers(1, 900))
def test_a_large_picture_shrinks_to_the_longest_side(width: int, height: int) -> None:
    reading = read(encoded(picture(1, width, height), "JPEG"))
    assert reading.lossless is False
    assert (reading.width, reading.height) == (width, height)
    assert max(opened(reading).size) == LONGEST_SIDE


def test_the_hash_is_of_the_file_or_of_mode_size_and_pixels() -> None:
    content = encoded(picture(3))
    assert read(content).sha256 == hashlib.sha256(content).hexdigest()
    raw = read_picture(b"\x07" * 12, "L", 4, 3, None, None, originals=NOWHERE, max_pixels=100)
    turned = read_picture(b"\x07" * 12, "L", 3, 4, None, None, originals=NOWHERE, max_pixels=100)
    assert raw.pixels == turned.pixels == "read"
    assert raw.sha256 == hashlib.sha256(b"L 4x3 " + b"\x07" * 12).hexdigest()
    assert raw.sha256 != turned.sha256


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    drawn = picture(5, 30, 10)
    exif = Image.Exif()
    exif[0x0112] = orientation
    reading = read(encoded(drawn, "PNG", exif=exif))
    expected = (10, 30) if orientation >= 5 else (30, 10)
    assert (reading.width, reading.height) == expected == opened(reading).size


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "I;16", "I", "F"])
def test_other_modes_are_read(mode: str) -> None:
    kind = "TIFF"
    if mode == "I;16":
        drawn = Image.fromarray(np.full((4, 4), 0x8000, "uint16"))
    else:
        drawn = picture(2, 4, 4).convert(mode)
    reading = read(encoded(drawn, kind))
    assert reading.pixels == "read", reading.detail
    assert opened(reading).size == (4, 4)
    if mode == "I;16":
        assert abs(int(np.asarray(opened(reading).convert("L")).mean()) - 128) <= 1


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(1, 64),
    height=st.integers(1, 64),
    mode=st.sampled_from(["L", "RGB"]),
    quality=st.integers(5, 100),
    subsampling=st.sampled_from([0, 1, 2]),
    progressive=st.booleans(),
)
def test_small_jpegs_have_pillows_pixels(
    width: int, height: int, mode: str, quality: int, subsampling: int, progressive: bool
) -> None:
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    content = encoded(picture(width * 64 + height, width, height, mode), "JPEG", **options)
    ours, theirs = small_jpeg(content, 256), Image.open(io.BytesIO(content))
    assert ours is not None
    assert (ours.mode, ours.size) == (theirs.mode, theirs.size)
    assert np.array_equal(np.asarray(ours), np.asarray(theirs))


def test_jpegs_that_are_not_plain_are_left_to_pillow() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = encoded(picture(1), "JPEG")
    assert small_jpeg(plain, 256) is not None
    for content in (
        encoded(picture(1), "JPEG", exif=exif),
        encoded(picture(1).convert("CMYK"), "JPEG"),
        encoded(picture(1, 300, 8), "JPEG"),
        encoded(picture(1), "PNG"),
        plain[: len(plain) // 2],
        b"",
    ):
        assert small_jpeg(content, 256) is None
    assert read(plain[:-40]).reason == "truncated"
    assert (read(plain).format, read(plain).width, read(plain).height) == ("JPEG", 20, 16)


def test_no_picture_is_no_fault() -> None:
    reading = read_picture(None, None, 7, 8, None, None, originals=NOWHERE, max_pixels=1)
    assert (reading.pixels, reading.reason, reading.width) == ("none", None, 7)


def test_a_truncated_picture_is_a_fault() -> None:
    content = encoded(picture(1, 200, 200), "JPEG")
    reading = read(content[: len(content) // 2])
    assert (reading.pixels, reading.reason) == ("fault", "truncated")
    assert reading.webp is None
    assert reading.sha256 is not None


def test_what_is_no_picture_is_a_fault() -> None:
    assert read(b"<svg onload=alert(1)>").reason == "unreadable"
    assert read(b"").reason == "unreadable"


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    reading = read(encoded(Image.new("1", (3000, 3000))), max_pixels=1_000_000)
    assert (reading.reason, reading.webp) == ("bomb", None)
    assert reading.detail == "3000 x 3000 pixels, more than the 1000000 allowed"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 400), flips=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255))))
def test_no_bytes_whatever_stop_the_dig(cut: int, flips: list[tuple[int, int]]) -> None:
    content = bytearray(encoded(picture(9, 12, 12), "PNG"))
    for place, value in flips:
        content[place % len(content)] = value
    reading = read(bytes(content[:cut] if cut < len(content) else content))
    assert (reading.pixels == "read") == (reading.reason is None)
    assert (reading.webp is None) == (reading.pixels == "fault")


def test_a_missing_file_and_a_path_that_leaves_the_root(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.png").write_bytes(encoded(picture(1)))
    (tmp_path / "root" / "link.png").symlink_to(tmp_path / "secret.png")
    originals = Originals(tmp_path / "root")
    for path, said in (
        ("gone.png", "no file gone.png"),
        ("../secret.png", "../secret.png leaves the root folder"),
        ("link.png", "link.png leaves the root folder"),
        (str(tmp_path / "secret.png"), "secret.png leaves the root folder"),
    ):
        reading = read_picture(
            None, None, None, None, path, None, originals=originals, max_pixels=10**6
        )
        assert reading.reason == "missing"
        assert str(reading.detail).endswith(said)
