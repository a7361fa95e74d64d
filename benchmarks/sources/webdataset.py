"""A WebDataset: 10,000 samples in ten shards, a class, a text and eight fields of JSON each."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import excavate.sources.webdataset  # noqa: F401 - what is imported is no part of the reading

PARSER = "tarfile and json"
COUNTED = ("labels", "attributes")
SHARDS, FIELDS = 10, 8


def make(folder: Path, count: int, ending: str = ".tar") -> str:
    """Ten annotations a sample; its picture is a few bytes that nobody decodes here."""
    samples = count // (FIELDS + 2)
    for shard in range(SHARDS):
        file = folder / f"train-{shard:06}{ending}"
        with tarfile.open(file, "w:gz" if ending.endswith("gz") else "w") as archive:
            for number in range(samples * shard // SHARDS, samples * (shard + 1) // SHARDS):
                said = {f"field{n}": n * number for n in range(FIELDS)}
                _add(archive, f"{number:08}.jpg", b"\xff\xd8" * 500)
                _add(archive, f"{number:08}.cls", str(number % 10).encode())
                _add(archive, f"{number:08}.txt", f"caption {number}".encode())
                _add(archive, f"{number:08}.json", json.dumps(said).encode())
    return f"webdataset:{folder}/*{ending}"


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def bare(folder: Path) -> int:
    """The standard library's tarfile, every word read and parsed."""
    count = 0
    for file in sorted(folder.glob("train-*")):
        with tarfile.open(file) as archive:
            for member in archive:
                if member.name.endswith(".jpg"):
                    continue
                content = archive.extractfile(member).read()  # type: ignore[union-attr]
                said = json.loads(content) if member.name.endswith(".json") else content.decode()
                count += len(said) if isinstance(said, dict) else 1
    return count
