"""Small tar shards of a WebDataset."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.sources.fixtures import png, put

Named = tuple[str, bytes]


def tar(members: Iterable[Named | tarfile.TarInfo], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of these members, as the standard library writes it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            entry = tarfile.TarInfo(member[0])
            entry.size = len(member[1])
            archive.addfile(entry, io.BytesIO(member[1]))
    return out.getvalue()


def odd(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A member that is no file."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def sample(key: str, number: int) -> list[Named]:
    """A picture with all kinds of words."""
    said = f'{{"caption": "셋", "label": 3, "license": "by", "size": [{number}, 1], "gone": null}}'
    return [
        (f"{key}.png", png(2 + number, 2)),
        (f"{key}.cls", f"{number}\n".encode()),
        (f"{key}.txt", "두 마리".encode()),
        (f"{key}.json", said.encode()),
    ]


def shards(root: Path) -> str:
    """Two shards of train, one of them packed, and one of val; a key that comes again."""
    first = [*sample("00/a", 0), ("00/b.left.JPG", png()), ("00/b.txt", b"no class")]
    put(root / "train-000000.tar", tar([odd("00", tarfile.DIRTYPE), *first]))
    put(root / "train-000001.tar.gz", gzip.compress(tar([*sample("c", 1), *sample("00/a", 2)])))
    put(root / "val.tgz", gzip.compress(tar([("c.txt", b"alone"), ("README", b"")])))
    return f"webdataset:{root}/*"
