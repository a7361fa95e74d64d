"""Links that lead out of this site: shown, never followed by us, and telling nobody from where."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit


def outward(url: str | None, text: str) -> str:
    """A link out, where it is http or https; else the text alone. Both are escaped."""
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return escape(text)
    rel = "noopener noreferrer nofollow"
    return f'<a href="{escape(url)}" rel="{rel}" target="_blank">{escape(text)}</a>'
