"""Essays that go along: copied as they were rendered, and linked from the exhibition."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from excavate.release.record import Contents

TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
SAFE = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class EssayPage:
    """An essay's page, relative to the exhibition, and its title."""

    file: str
    title: str


def take_essays(contents: Contents, folder: Path) -> tuple[EssayPage, ...]:
    """The rendered essays: those of the release where they lie there, else copied to `essays/`.

    Their titles are read from their own pages.
    """
    found = []
    for place, (name, source) in enumerate(contents.essays, 1):
        plain = SAFE.sub("-", name.lower()).strip("-") or f"essay-{place}"
        file = f"essays/{plain}.html"
        if (folder.parent / file).is_file():
            file = f"../{file}"
        else:
            (folder / "essays").mkdir(exist_ok=True)
            shutil.copyfile(source, folder / file)
        found.append(EssayPage(file, title_of(source) or name))
    return tuple(found)


def title_of(file: Path) -> str:
    """What a page calls itself; empty where it does not."""
    found = TITLE.search(file.read_text("utf-8"))
    return html.unescape(" ".join(found[1].split())) if found else ""
