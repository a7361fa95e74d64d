"""What a file is by its first bytes: which pictures are taken, and which are refused by name."""

from __future__ import annotations

import re

HEIF = "HEIF"
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
BEGINNINGS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "PSD"),
    (b"BM", "BMP"),
    (b"\x1f\x8b", "SVG"),  # gzip: an SVG may come so, a picture of ours never
    (b"PK\x03\x04", "ZIP"),
)
SVG = re.compile(rb"^(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!doctype|<svg|<[\w.-]+:svg)", re.IGNORECASE)
REFUSED = {
    "SVG": "an SVG or a packed file: it can hold programs and call other places",
    "GIF": "a GIF",
    "PDF": "a PDF",
    "PSD": "a file of a picture program",
    "BMP": "a BMP",
    "ZIP": "a packed file",
    "AVIF": "an AVIF",
    "": "no JPEG, PNG, WebP, TIFF or HEIC picture",
}


def kind_of(content: bytes) -> str:
    """JPEG, PNG, TIFF, WEBP, HEIF, one of REFUSED; empty where nothing is known of it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        return _of_brand(content[8:12])
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return "SVG" if SVG.match(content[:200]) else ""


def _of_brand(brand: bytes) -> str:
    if brand in (b"avif", b"avis"):
        return "AVIF"
    return HEIF if brand in HEIF_BRANDS else ""
