"""Pictures people bring: what they are decides, what a camera wrote beside them is left."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image, PngImagePlugin

from excavate.errors import SiteError, SourceError
from excavate.settings import MAX_PIXELS
from excavate.workshop.media import MAX_BYTES, keep, kept, prepared
from tests.made import encoded, picture


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # on its side
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(picture(1, 30, 20), "JPEG", exif=exif, comment=b"SecretComment")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_under_the_hash_of_what_lies_there(tmp_path, kind):
    found = prepared(encoded(picture(1), kind), MAX_PIXELS)
    keep(tmp_path, found)
    keep(tmp_path, found)
    content = kept(tmp_path, found.sha256)
    assert hashlib.sha256(content).hexdigest() == found.sha256
    assert Image.open(io.BytesIO(content)).format == kind
    assert [file.name for file in (tmp_path / "media").iterdir()] == [found.sha256]


def test_png_pixels_are_untouched():
    shown = Image.open(io.BytesIO(prepared(encoded(picture(4)), MAX_PIXELS).content))
    assert shown.tobytes() == picture(4).tobytes()


def test_nothing_comes_along_beside_the_pixels():
    given = with_exif()
    assert b"SecretCamera" in given
    found = prepared(given, MAX_PIXELS)
    assert (found.width, found.height) == (20, 30), "upright"
    shown = Image.open(io.BytesIO(found.content))
    assert not shown.getexif()
    assert b"Secret" not in found.content
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretName")
    assert b"SecretName" not in prepared(encoded(picture(1), pnginfo=text), MAX_PIXELS).content


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", encoded(picture(1), "GIF"),
     encoded(picture(1), "TIFF"), b"\xff\xd8\xff no more"],
)  # fmt: skip
def test_what_is_no_such_picture_is_refused(content):
    with pytest.raises(SourceError, match="neither a JPEG, a PNG nor a WebP picture"):
        prepared(content, MAX_PIXELS)


def test_a_broken_picture_is_refused():
    with pytest.raises(SourceError, match="broken, it cannot be read to its end"):
        prepared(encoded(picture(1, 200, 200))[:2000], MAX_PIXELS)


def test_bombs_are_refused_before_they_are_decoded():
    with pytest.raises(SourceError, match="more than 10 MB"):
        prepared(b"x" * (MAX_BYTES + 1), MAX_PIXELS)
    with pytest.raises(SourceError, match="more than 319 pixels"):
        prepared(encoded(picture(1)), 319)
    prepared(encoded(picture(1)), 320)


def test_a_name_that_is_no_hash_leads_nowhere(tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "secret").write_text("no")
    assert kept(tmp_path, "../secret") is None
    assert kept(tmp_path, "0" * 64) is None


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(SiteError, match="the picture cannot be kept"):
        keep(tmp_path, prepared(encoded(picture(1)), MAX_PIXELS))


def test_a_photograph_of_several_pictures_is_its_first(tmp_path):
    out = io.BytesIO()
    picture(1, 30, 20).save(out, "MPO", save_all=True, append_images=[picture(2, 30, 20)])
    assert Image.open(io.BytesIO(out.getvalue())).format == "MPO"
    found = prepared(out.getvalue(), MAX_PIXELS)
    shown = Image.open(io.BytesIO(found.content))
    assert (found.media_type, shown.format, shown.size) == ("image/jpeg", "JPEG", (30, 20))


def test_a_large_picture_is_made_smaller_and_a_huge_one_refused():
    found = prepared(encoded(Image.new("RGB", (4000, 1000), "red")), MAX_PIXELS)
    assert (found.width, found.height) == (2000, 500)
    with pytest.raises(SourceError, match="more than 25000000 pixels"):
        prepared(encoded(Image.new("1", (5001, 5000))), MAX_PIXELS)
