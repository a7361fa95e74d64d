"""Places: source strings as paths, paths that stay below their root, names and fingerprints."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from excavate.errors import SourceError


def below(root: Path, path: str) -> str | None:
    """`path` made plain, relative to `root` ('a/./b' is 'a/b'); None where it leaves the root.

    Looks at the text only: a symbolic link is judged where the file is opened.
    """
    plain = posixpath.normpath(path)
    if "\0" in path or posixpath.isabs(plain) or re.match(r"[A-Za-z]:[\\/]", path):
        return None
    return None if plain in ("", ".", "..") or plain.startswith("../") else plain


def is_address(path: str) -> bool:
    """Whether a path is an address of the web, which nothing here opens."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None


def existing(text: str, kind: str) -> Path:
    """The absolute path of a file or folder (`kind`) that a person named; `~` is expanded."""
    place = Path(text).expanduser()
    found = place.is_dir() if kind == "folder" else place.is_file()
    if not found:
        what = f"this is not a {kind}" if place.exists() else f"no such {kind}"
        raise SourceError(what, text, "Check the path")
    return place.resolve()


def dataset_name(text: str) -> str:
    """A dataset id made from a name, at most 64 long; 'dataset' where nothing is left.

    Small letters of any script, digits, '.', '-' and '_', a letter or digit first, in Unicode's
    composed form (NFC). Spaces and slashes become '-', all else is dropped.
    """
    spaced = re.sub(r"[\s/]+", "-", composed(text).lower())
    plain = composed(re.sub(r"[^\w.-]+", "", composed(spaced))).lower()
    return re.sub(r"^[\W_]+", "", plain)[:64].rstrip("-.") or "dataset"


def composed(text: str) -> str:
    """Text in NFC: a Mac writes file names in another form, in which no Korean one is equal."""
    return unicodedata.normalize("NFC", text)


def is_text(words: str) -> bool:
    """Whether this can be written as UTF-8 (file systems and JSON allow what cannot)."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


def stamp(file: Path | os.DirEntry[str]) -> str:
    """Size and time of change of a file, as far as a fingerprint needs them."""
    seen = file.stat()
    return f"{seen.st_size} {seen.st_mtime_ns}"


def fingerprint_of(parts: Iterable[str | bytes]) -> str:
    """A sha256 over the parts, each with its length, so that none runs into the next."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(f"{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()
