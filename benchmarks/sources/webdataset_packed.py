"""The same WebDataset in shards packed with gzip, which can only be read onward."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sources import webdataset

PARSER = "tarfile, gzip and json"
COUNTED = webdataset.COUNTED


def make(folder: Path, count: int) -> str:
    """As webdataset has it; each sample's picture lies before its words."""
    return webdataset.make(folder, count, ".tar.gz")


def bare(folder: Path) -> int:
    """The standard library's tarfile, every word read and parsed."""
    return webdataset.bare(folder)
