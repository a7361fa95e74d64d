"""One contract over every source of the registry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from excavate.model import Source, SourceOptions
from excavate.sources import REGISTRY, open_source
from tests.sources import (
    fixtures,
    fixtures_croissant,
    fixtures_iiif,
    fixtures_labelme,
    fixtures_voc,
    fixtures_yolo,
)
from tests.sources.contract import check
from tests.sources.fixtures_aihub import apart, beside, like_coco
from tests.sources.fixtures_csv import museum, two_files
from tests.sources.fixtures_openimages import published
from tests.sources.fixtures_tate import as_published, packed
from tests.sources.fixtures_video import clips, split_clips
from tests.sources.fixtures_webdataset import shards
from tests.sources.hub import NAME, asking, hub

MAKERS: dict[str, Callable[[Path], str]] = {
    "digits": lambda root: "digits",
    "folder": fixtures.class_folder,
    "folder, splits": fixtures.split_folder,
    "folder, zip": fixtures.class_zip,
    "parquet": fixtures.parquet_files,
    "coco, instances": fixtures.instances,
    "coco, captions": fixtures.captions,
    "coco, panoptic": fixtures.panoptic,
    "openimages": published,
    "webdataset": shards,
    "video": clips,
    "video, splits": split_clips,
    "csv": museum,
    "csv, two files": two_files,
    "tate": packed,
    "tate, as published": as_published,
    "aihub, apart": apart,
    "aihub, beside": beside,
    "aihub, like coco": like_coco,
    "voc": fixtures_voc.voc_year,
    "voc, beside": fixtures_voc.voc_beside,
    "yolo": fixtures_yolo.yolo_config,
    "yolo, plain": fixtures_yolo.yolo_plain,
    "labelme": fixtures_labelme.labelme_folders,
    "labelme, splits": fixtures_labelme.labelme_splits,
    "iiif, version 3": fixtures_iiif.version_3,
    "iiif, version 2": fixtures_iiif.version_2,
    "iiif, collection": fixtures_iiif.collection,
    "croissant": fixtures_croissant.annotated,
    "croissant, folder": fixtures_croissant.folder_of_pictures,
    "croissant, tars": fixtures_croissant.two_tars,
    "croissant, cells": fixtures_croissant.cells_of_parquet,
}
HUB = f"""
from tests.sources.contract import check
from excavate.sources import open_source
check(lambda options: open_source("hf:{NAME}", options))
print("kept")
"""


def test_every_source_is_held_to_the_contract() -> None:
    assert {name.partition(",")[0] for name in MAKERS} | {"hf"} == set(REGISTRY)


@pytest.mark.parametrize("name", MAKERS)
def test_contract(name: str, tmp_path: Path) -> None:
    text = MAKERS[name](tmp_path / "dataset")

    def make(options: SourceOptions) -> Source:
        return open_source(text, options)

    check(make)


@pytest.mark.parametrize("make", [fixtures.parquet_files, fixtures.split_folder])
def test_contract_of_the_hub(make: Callable[[Path], str], tmp_path: Path) -> None:
    folder, home = tmp_path / "hub", tmp_path / "home"
    home.mkdir()
    make(folder)
    for metadata in folder.rglob("metadata.*"):
        metadata.unlink()
    with hub(folder) as address:
        assert asking(address, home, HUB) == "kept\n"
