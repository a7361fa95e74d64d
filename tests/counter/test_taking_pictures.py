"""Uploads: whatever bytes come, a picture without its record, or a reason."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from excavate.counter.picture_records import REMOVED
from excavate.counter.taking_pictures import LONGEST, MAX_BYTES, taken
from excavate.errors import SourceError
from excavate.settings import MAX_PIXELS
from tests.counter.pictures_made import (
    XMP,
    bomb,
    heif,
    png_with_words,
    saved,
    with_everything,
)
from tests.made import picture

EVERYTHING = {"place", "serial numbers", "names of people", "time", "device", "descriptions",
              "maker's notes"}  # fmt: skip
BROKEN = {
    "empty": (b"", "no JPEG, PNG, WebP, TIFF or HEIC picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG or a packed file"),
    "svg with a head": (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "an SVG or a packed file"),
    "packed svg": (b"\x1f\x8b\x08\0", "an SVG or a packed file"),
    "gif": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "a GIF"),
    "pdf": (b"%PDF-1.7", "a PDF"),
    "words": ("그림이 아닙니다".encode(), "no JPEG, PNG, WebP, TIFF or HEIC picture"),
    "a JPEG cut short": (saved("JPEG", 200)[:900], "broken, it cannot be read to its end"),
    "a PNG cut short": (saved("PNG", 200)[:300], "broken, it cannot be read to its end"),
    "a head alone": (b"\xff\xd8\xff\xe0", "no JPEG, PNG, WebP, TIFF or HEIC picture that can"),
    "a bomb": (bomb(), "more than 50000000 pixels"),
    "a lesser bomb": (bomb(7_100), "more than 50000000 pixels"),
    "heavy": (b"\xff\xd8\xff" + bytes(MAX_BYTES), "more than 10 MB"),
    "a broken HEIC": (heif()[:200], "no JPEG, PNG, WebP, TIFF or HEIC picture that can"),
}


def opened(content: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(content))
    made.load()
    return made


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_no_picture_is_refused_by_name(name: str) -> None:
    content, what = BROKEN[name]
    with pytest.raises(SourceError) as told:
        taken(content, MAX_PIXELS)
    assert told.value.what.startswith(what)
    assert told.value.todo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_place_serial_numbers_and_names_stay_behind_and_are_named(kind: str) -> None:
    before = saved(kind, exif=with_everything())
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)  # it was there
    found = taken(before, MAX_PIXELS)
    assert set(found.removed) >= EVERYTHING
    assert set(found.removed) <= set(REMOVED)
    after = opened(found.picture.content)
    assert not dict(after.getexif())
    for secret in (b"SN-0042", b"Owner", b"Photographer", b"kitchen"):
        assert secret in before
        assert secret not in found.picture.content


def test_a_heic_is_kept_as_jpeg_without_its_record() -> None:
    found = taken(heif(exif=with_everything().tobytes(), xmp=XMP), MAX_PIXELS)
    assert found.picture.media_type == "image/jpeg"
    assert {"place", "serial numbers", "XMP"} <= set(found.removed)
    assert opened(found.picture.content).size == (64, 64)
    assert not dict(opened(found.picture.content).getexif())


def test_words_and_xmp_beside_the_pixels_stay_behind() -> None:
    assert set(taken(png_with_words(), MAX_PIXELS).removed) == {"names of people", "descriptions"}
    found = taken(saved("JPEG", xmp=XMP, comment=b"from home"), MAX_PIXELS)
    assert set(found.removed) == {"XMP", "comment"}
    assert b"Somebody" not in found.picture.content


def test_a_plain_picture_loses_nothing_and_a_lossless_one_no_pixel() -> None:
    before = picture(3, 60, 40)
    for kind, options in (("PNG", {}), ("TIFF", {})):
        found = taken(saved(kind, made=before, **options), MAX_PIXELS)
        assert found.removed == ()
        assert found.picture.media_type == "image/png"
        assert opened(found.picture.content).tobytes() == before.tobytes()


@pytest.mark.parametrize("turn", range(1, 9))
def test_what_a_camera_turned_stands_upright(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    content = saved("PNG", made=picture(5, 30, 20), exif=exif)
    expected = ImageOps.exif_transpose(opened(content))
    found = opened(taken(content, MAX_PIXELS).picture.content)
    assert found.size == expected.size
    assert found.tobytes() == expected.tobytes()


def test_only_the_first_of_several_frames_is_kept_and_that_is_said() -> None:
    frames = [picture(n, 20, 20) for n in (1, 2, 3)]
    for kind in ("TIFF", "WEBP", "PNG"):
        lossless = {"lossless": True} if kind == "WEBP" else {}
        content = saved(kind, made=frames[0], save_all=True, append_images=frames[1:], **lossless)
        found = taken(content, MAX_PIXELS)
        assert "other frames" in found.removed
        shown = opened(found.picture.content).convert("RGB")
        assert not getattr(shown, "is_animated", False)
        if kind != "WEBP":
            assert shown.tobytes() == frames[0].tobytes()


def test_a_colour_profile_is_turned_into_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = taken(saved("PNG", icc_profile=lab), MAX_PIXELS)
    assert found.removed == ()  # sRGB already
    found = taken(saved("PNG", icc_profile=b"nonsense"), MAX_PIXELS)
    assert found.removed == ("colour profile that cannot be read",)


def test_a_large_one_is_made_smaller_and_keeps_its_shape() -> None:
    wide = Image.new("RGB", (LONGEST + 1000, 500), "navy")
    found = taken(saved("PNG", made=wide), MAX_PIXELS).picture
    assert (found.width, found.height) == (LONGEST, 400)


def test_it_is_known_by_the_hash_of_the_file_as_it_came() -> None:
    import hashlib

    content = saved("PNG")
    assert taken(content, MAX_PIXELS).came_as == hashlib.sha256(content).hexdigest()


SEEDS = (saved("PNG", exif=with_everything()), saved("JPEG", exif=with_everything()),
         saved("TIFF", exif=with_everything()), saved("WEBP", exif=with_everything()))  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # Pillow's, of broken tags
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=12),
    st.integers(0, 4000),
)
def test_whatever_bytes_come_a_picture_or_a_reason(
    seed: bytes, changed: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(seed[: length or None])
    for place, value in changed:
        if place < len(content):
            content[place] = value
    try:
        found = taken(bytes(content), 1_000_000)
    except SourceError as error:
        assert all((error.what, error.todo))  # noqa: PT017 - either outcome is right
        return
    made = opened(found.picture.content)
    assert made.size == (found.picture.width, found.picture.height)
    assert made.mode in ("L", "RGB", "RGBA")
    assert not dict(made.getexif())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError):
        taken(content, MAX_PIXELS)
