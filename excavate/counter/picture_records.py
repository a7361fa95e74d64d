"""What a file says beside its pixels: place, serial numbers, names. Found, named, left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from excavate.i18n import N_

PLACE, SERIAL, OWNER = "place", "serial numbers", "names of people"
TIME, DEVICE, WORDS = "time", "device", "descriptions"
MAKER, THUMBNAIL, XMP, IPTC = "maker's notes", "thumbnail", "XMP", "IPTC"
COMMENT, REST, UNREAD = "comment", "other EXIF", "a record that cannot be read"
REMOVED = {
    PLACE: N_("place"), SERIAL: N_("serial numbers"), OWNER: N_("names of people"),
    TIME: N_("time"), DEVICE: N_("device"), WORDS: N_("descriptions"),
    MAKER: N_("maker's notes"), THUMBNAIL: N_("thumbnail"), XMP: "XMP", IPTC: "IPTC",
    COMMENT: N_("comment"), REST: N_("other EXIF"), UNREAD: N_("a record that cannot be read"),
    "other frames": N_("other frames"),
    "colour profile, turned into sRGB": N_("colour profile, turned into sRGB"),
    "colour profile that cannot be read": N_("colour profile that cannot be read"),
}  # fmt: skip
SHAPE = {  # of the file itself: a TIFF has them as tags, and they say nothing of anybody
    0x00FE, 0x00FF, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010A, 0x0111, 0x0112, 0x0115,
    0x0116, 0x0117, 0x011A, 0x011B, 0x011C, 0x0128, 0x012D, 0x013D, 0x013E, 0x013F, 0x0140,
    0x0142, 0x0143, 0x0144, 0x0145, 0x0152, 0x0153, 0x015B, 0x0211, 0x0212, 0x0213, 0x0214,
    0x8769, 0x8825, 0x8773, 0x9000, 0x9101, 0xA000, 0xA001, 0xA002, 0xA003, 0xA005, 0x02BC, 0x83BB,
    0x0200, 0x0207, 0x0208, 0x0209,
}  # fmt: skip
EXIF_IFD, GPS_IFD, FIRST_IFD = 0x8769, 0x8825, 1
KINDS = {
    0x010F: DEVICE, 0x0110: DEVICE, 0x0131: DEVICE, 0x013C: DEVICE, 0xA433: DEVICE,
    0xA434: DEVICE, 0xC614: DEVICE,
    0x0132: TIME, 0x9003: TIME, 0x9004: TIME, 0x9010: TIME, 0x9011: TIME, 0x9012: TIME,
    0x9290: TIME, 0x9291: TIME, 0x9292: TIME,
    0xA431: SERIAL, 0xA435: SERIAL, 0xC62F: SERIAL, 0xA420: SERIAL, 0xC65D: SERIAL,
    0x013B: OWNER, 0x8298: OWNER, 0xA430: OWNER, 0x9C9D: OWNER,
    0x010E: WORDS, 0x9286: WORDS, 0x9C9B: WORDS, 0x9C9C: WORDS, 0x9C9E: WORDS, 0x9C9F: WORDS,
    0x927C: MAKER, 0x0201: THUMBNAIL, 0x0202: THUMBNAIL,
}  # fmt: skip
XMP_TAG, IPTC_TAG = 0x02BC, 0x83BB
TEXTS = {"author": OWNER, "copyright": OWNER, "creation time": TIME, "software": DEVICE,
         "source": DEVICE}  # fmt: skip
OURS = {"xml:com.adobe.xmp", "raw profile type exif", "raw profile type iptc"}


def records_of(picture: Any) -> tuple[str, ...]:
    """Each kind of record that an opened picture carries, in the order of REMOVED."""
    try:
        found = set(_records(picture))
    except Exception:  # decoders raise anything on broken records
        found = {UNREAD}
    return tuple(kind for kind in REMOVED if kind in found)


def _records(picture: Any) -> Iterator[str]:
    yield from _exif(picture)
    info = picture.info
    tags = getattr(picture, "tag_v2", {})
    if info.get("xmp") or "XML:com.adobe.xmp" in info or XMP_TAG in tags:
        yield XMP
    if info.get("photoshop") or IPTC_TAG in tags or "Raw profile type iptc" in info:
        yield IPTC
    if info.get("comment"):
        yield COMMENT
    if info.get("thumbnails"):
        yield THUMBNAIL
    yield from _texts(getattr(picture, "text", None) or {})


def _exif(picture: Any) -> Iterator[str]:
    exif = picture.getexif()
    own = {**exif, **exif.get_ifd(EXIF_IFD)}
    if exif.get_ifd(GPS_IFD):
        yield PLACE
    if exif.get_ifd(FIRST_IFD):
        yield THUMBNAIL
    for tag in own:
        if tag not in SHAPE:
            yield KINDS.get(tag, REST)


def _texts(texts: Any) -> Iterator[str]:
    """What a PNG's chunks of text say."""
    for name in texts:
        if name.casefold() not in OURS:
            yield TEXTS.get(name.casefold(), WORDS)
