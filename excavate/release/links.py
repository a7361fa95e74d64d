"""Whether the pages of a release find what they name: each link within it leads to a file of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMING = ("src", "href", "poster", "data")
STYLED = re.compile(r"""url\(\s*["']?([^"')\s]+)""", re.IGNORECASE)  # in styles
FETCHED = ("img", "script", "link", "source", "video", "audio", "iframe", "embed", "object")


class _Links(HTMLParser):
    """(tag, address) of everything that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag names, its styles and its pictures of other sizes too."""
        self._style = tag == "style"
        for name, value in ((name, value) for name, value in attrs if value):
            if name in NAMING:
                self.found.append((tag, value))
            elif name in ("srcset", "imagesrcset"):
                self.found += [("img", one.split()[0]) for one in value.split(",") if one.strip()]
            elif name == "style":
                self._styled(value)

    def handle_endtag(self, tag: str) -> None:
        """What comes after styles is none."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Keep what styles name."""
        if self._style:
            self._styled(data)

    def _styled(self, style: str) -> None:
        self.found += [("link", one) for one in STYLED.findall(style)]


def lost_links(page: Path, folder: Path) -> Iterator[str]:
    """What a page names and does not find, and what it would fetch from elsewhere."""
    reader = _Links()
    reader.feed(page.read_text("utf-8"))
    here = page.parent.relative_to(folder).as_posix()
    for tag, address in dict.fromkeys(reader.found):
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") or parts.netloc:
            if tag in FETCHED:
                yield f"would fetch {address} from elsewhere"
        elif not parts.scheme and parts.path and not _leads(folder, here, unquote(parts.path)):
            yield f"names {address}, which is not there"


def _leads(folder: Path, here: str, path: str) -> bool:
    inside = posixpath.normpath(posixpath.join(here, path))
    return not inside.startswith(("..", "/")) and (folder / inside).exists()
