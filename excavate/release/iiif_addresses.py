"""The http(s) addresses of a release's parts, as its Manifest and its annotations name them."""

from __future__ import annotations

from urllib.parse import quote

from excavate.release.record import Contents


def in_folder(contents: Contents, path: str) -> str:
    """The address of a file of the release."""
    return f"{contents.base}/{quote(path)}"


def manifest(contents: Contents) -> str:
    """The Manifest's own."""
    return in_folder(contents, "manifest.json")


def canvas(contents: Contents, member_id: str) -> str:
    """The canvas of a member."""
    return f"{contents.base}/canvas/{member_id}"


def absence_canvas(contents: Contents, absence_id: str) -> str:
    """The empty canvas of an absence."""
    return f"{contents.base}/canvas/absence/{absence_id}"


def annotation(contents: Contents, said_id: str) -> str:
    """One annotation."""
    return f"{contents.base}/annotation/{said_id}"
