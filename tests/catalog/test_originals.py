"""Originals: found in whatever holds them, and nothing but files is ever opened."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from excavate.catalog.originals import OriginalError, Originals
from excavate.sources import file_stores
from tests.sources.fixtures import png, put


def refused(root: Path, path: str, part: str | None = None) -> str:
    """Why an original cannot be had."""
    with pytest.raises(OriginalError) as error:
        Originals(root).read(path, part)
    return str(error.value)


def zipped(content: bytes) -> bytes:
    """A zip of one member a.png."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.png", content)
    return out.getvalue()


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    os.mkfifo(tmp_path / "pipe.tar")
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path, "pipe.jpg") == "pipe.jpg is no file"
    assert refused(tmp_path, "pipe.tar", "0:5:a.jpg") == "pipe.tar is no file"
    assert refused(tmp_path, "folder") == "folder is no file"
    assert refused(tmp_path, "gone.jpg") == "no file gone.jpg"


def test_a_zip_that_ends_early_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped(png()))
    entry = content.index(b"PK\x01\x02")
    content[entry + 20 : entry + 28] = struct.pack("<II", 10**6, 10**6)
    put(tmp_path / "x.zip", bytes(content))
    assert refused(tmp_path, "x.zip", "a.png") == "x.zip a.png: ends early"


def test_a_column_may_be_called_as_a_clip_or_a_tar_would_be(tmp_path: Path) -> None:
    for name, column in (("a.parquet", "pts"), ("bare", "0:7"), ("other", "pts")):
        pq.write_table(pa.table({column: [png(), png(3, 3)]}), tmp_path / name)
        assert Originals(tmp_path).read(name, f"{column}:1") == png(3, 3)


def test_a_zip_without_its_ending_is_one(tmp_path: Path) -> None:
    put(tmp_path / "0a1b", zipped(png()))
    assert Originals(tmp_path).read("0a1b", "a.png") == png()


def test_one_limit_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_stores, "MOST_BYTES", 10)
    put(tmp_path / "a.png", bytes(11))
    put(tmp_path / "b.png", bytes(10))
    put(tmp_path / "x.zip", zipped(bytes(11)))
    assert refused(tmp_path, "a.png") == "a.png: 11 bytes, more than the 10 allowed"
    assert refused(tmp_path, "x.zip", "a.png") == "x.zip a.png: 11 bytes, more than the 10 allowed"
    assert len(Originals(tmp_path).read("b.png")) == 10
