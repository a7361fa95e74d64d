"""The files of an AI Hub dataset: which split each is of, and which picture a JSON means.

A delivery keeps pictures and JSONs apart (`원천데이터` and `라벨링데이터`, `[원천]…` and `[라벨]…`,
`TS_…` and `TL_…`), or side by side. Names are compared in Unicode's composed form, for a Mac that
unpacked them wrote them in the other.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from excavate.errors import FaultList
from excavate.model import NO_SPLIT
from excavate.sources.file_stores import MOST_BYTES
from excavate.sources.folder_listing import PICTURES
from excavate.sources.json_text import HalfPairError, parsed
from excavate.sources.places import composed
from excavate.sources.splits import is_split

KOREAN_SPLITS = {"학습", "훈련", "검증", "평가", "시험", "학습용", "검증용", "평가용"}
# What tells a folder of pictures from one of labels: taken away, the two are called alike.
MARKS = re.compile(
    r"\[?(?:원천|라벨링|라벨)(?:데이터|이미지)?\]?|^[tv][sl][_ ]"
    r"|^(?:images?|labels?|annotations?|json|jpg|png)$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^\d+[.\-_ ]+(?=\D)")


def split_of(path: str) -> str:
    """The split that a folder of the path names, without the number before it."""
    for part in path.split("/")[:-1]:
        name = NUMBER.sub("", composed(part)).strip("[] ")
        if is_split(name) or name in KOREAN_SPLITS:
            return name
    return NO_SPLIT


@lru_cache(maxsize=4096)
def likeness(folder: str) -> tuple[str, ...]:
    """A folder without what marks it as one of pictures or of labels."""
    parts = (NUMBER.sub("", composed(part)) for part in folder.split("/"))
    plain = (MARKS.sub("", part).strip("_-. ").lower() for part in parts)
    return tuple(part for part in plain if part)


class Pictures:
    """The pictures of a dataset, to be asked for by the name that a JSON gives."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        self._folders: dict[tuple[str, ...], str] = {}
        self._paths: set[str] = set()
        self.meant: set[str] = set()
        self.ambiguous = self.unknown = 0  # asked for: several are called so, none is
        for path in paths:
            self._paths.add(path)
            folder = posixpath.dirname(path)
            self._folders.setdefault(likeness(folder), folder)
            name = composed(posixpath.basename(path))
            self._by_name.setdefault(name, []).append(path)
            self._by_stem.setdefault(posixpath.splitext(name)[0], []).append(path)

    def __len__(self) -> int:
        return len(self._paths)

    def not_meant(self) -> int:
        """How many pictures no JSON means."""
        return len(self._paths - self.meant)

    def of(self, names: Sequence[str], document: str) -> str | None:
        """The path of the picture that a JSON (by its path) means, be it there or not.

        `names`: what may be its name, with or without an ending, the best first. It lies beside
        the JSON or in a folder like the JSON's; only where there is no such folder, anywhere in
        the split. None where several could be meant, or nothing tells.
        """
        for name in names:
            inner = _plain(name)
            there = self._by_name.get(inner) or self._by_stem.get(inner) or []
            near = self._near(there, document)
            if len(near) == 1:
                self.meant.add(near[0])
                return near[0]
            if near:
                self.ambiguous += 1
                return None
        missing = self._missing(names, document)
        self.unknown += missing is None
        return missing

    def _missing(self, names: Sequence[str], document: str) -> str | None:
        """Where a picture that is named would lie."""
        named = next((_plain(name) for name in names if name.lower().endswith(PICTURES)), None)
        if named is None or not self._paths:
            return None
        own = posixpath.dirname(document)
        return posixpath.join(self._folders.get(likeness(own), own), named)

    def _near(self, there: list[str], document: str) -> list[str]:
        own = document.rpartition("/")[0]
        folders = [path.rpartition("/")[0] for path in there]
        beside = [path for path, folder in zip(there, folders, strict=True) if folder == own]
        if beside:
            return beside
        like = likeness(own)
        alike = [p for p, folder in zip(there, folders, strict=True) if likeness(folder) == like]
        if alike or like in self._folders:
            return alike
        return [path for path in there if split_of(path) == split_of(document)]


def _plain(name: str) -> str:
    return composed(name).replace("\\", "/").rpartition("/")[2]


def document_of(file: str, place: str, faults: FaultList) -> Any:
    """The JSON in a file, UTF-8 with or without its mark, or cp949; None with a fault told."""
    try:
        with open(file, "rb", buffering=0) as opened:
            size = os.fstat(opened.fileno()).st_size
            content = opened.read() if size <= MOST_BYTES else None
    except OSError as error:
        faults.add(place, f"cannot be read ({error.strerror})")
        return None
    if content is None:
        faults.add(place, f"{size:,} bytes, more than the {MOST_BYTES:,} allowed")
        return None
    text = _as_utf8(content)
    if text is None:
        faults.add(place, "neither UTF-8 nor cp949")
        return None
    try:
        document = parsed(text)
    except json.JSONDecodeError as error:
        faults.add(f"{place} line {error.lineno}", f"not JSON ({error.msg})")
        return None
    except HalfPairError as error:
        faults.add(place, str(error))
        return None
    except RecursionError:
        faults.add(place, "not JSON that can be read: nested too deep")
        return None
    if not isinstance(document, (dict, list)):
        faults.add(place, "neither a JSON object nor a list")
    else:
        return document
    return None


def _as_utf8(content: bytes) -> bytes | None:
    content = content.removeprefix(BOM_UTF8)
    try:
        content.decode()
    except UnicodeDecodeError:
        pass
    else:
        return content
    try:
        return content.decode("cp949").encode()
    except UnicodeDecodeError:
        return None
