"""labelme: numbers that no column holds, masks that are too large, files that are not meant."""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import put
from tests.sources.fixtures_labelme import labelme_json, labelme_splits, shape


def read(root: Path, *shapes: dict[str, Any], split: str | None = None) -> Whole:
    """What is read of a folder, with a JSON of these shapes where there are any."""
    if shapes:
        put(root / "a.json", labelme_json("a.png", *shapes))
    return joined(open_source(f"labelme:{root}", SourceOptions(split=split)).batches(100))


def left_out(root: Path) -> tuple[str, ...]:
    """What the source says it did not read."""
    return open_source(f"labelme:{root}").describe().left_out


HELD = 2**52
FAR = 1.7e308


@pytest.mark.parametrize("far", [HELD + 1, 2**64, 10**20, -(10**20), 10**400])
@pytest.mark.parametrize("kind", ["polygon", "rectangle", "point", "points", "line", "circle"])
def test_numbers_that_no_column_holds_are_kept_as_written(
    kind: str, far: int, tmp_path: Path
) -> None:
    count = {"point": 1, "points": 2, "polygon": 3}.get(kind, 2)
    points = [[far, 1], [2, 2], [3, 3]][:count]
    (region,) = read(tmp_path, shape(kind, points=points))["regions"]
    assert (region["kind"], region["x"], region["geometry"]) == ("box", None, None)
    assert json.loads(region["extra"])["points"] == points
    assert left_out(tmp_path) == ("1 shape whose numbers are too large: kept without a place",)


@pytest.mark.parametrize(
    "given",
    [
        shape("circle", (1e308, 1), (-1e308, 1)),
        shape("circle", (0, 0), (FAR, 0)),
        shape("line", (-FAR, 0), (FAR, 0)),
        shape("polygon", (-FAR, 0), (FAR, 0), (0, 1)),
        shape("rectangle", (-FAR, 0), (FAR, 1)),
    ],
)
def test_what_reaches_beyond_all_numbers_has_no_place(
    given: dict[str, Any], tmp_path: Path
) -> None:
    (region,) = read(tmp_path, given)["regions"]
    assert (region["kind"], region["x"]) == ("box", None)
    assert json.loads(region["extra"])["points"] == given["points"]
    assert left_out(tmp_path) == ("1 shape whose numbers are too large: kept without a place",)


@pytest.mark.parametrize("far", [HELD, -HELD, 1e20])
def test_the_largest_numbers_have_a_place(far: float, tmp_path: Path) -> None:
    corners = [[0, 0], [far, 1], [2, 2]]
    said = [shape("polygon", points=corners), shape("rectangle", points=corners[:2])]
    polygon, box, point = read(tmp_path, *said, shape("point", (far, 1)))["regions"]
    assert polygon["x"] == box["x"] == min(far, 0)
    assert json.loads(polygon["geometry"]) == [[0, 0, far, 1, 2, 2]]
    assert (point["x"], json.loads(point["geometry"])) == (far, [far, 1])


def test_all_points_of_a_shape_or_none(tmp_path: Path) -> None:
    points = [[1, 1], [2**60, 1]]
    (region,) = read(tmp_path, shape("points", points=points))["regions"]
    assert json.loads(region["extra"]) == {"shape_type": "points", "points": points}


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def bomb(side: int, first: bytes = b"") -> str:
    """A small PNG that says it is a square of this side, in base64."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + first + head + body).decode()


TOO_MANY = "of the type mask with too many pixels"
NO_PNG = "of the type mask whose PNG cannot be read"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("mask", "why"),
    [
        (bomb(30_000), TOO_MANY),
        (bomb(8_000), TOO_MANY),
        (bomb(30_000, chunk(b"tEXt", b"a\0" + b"b" * 40)), TOO_MANY),
        (bomb(300), NO_PNG),
        (base64.b64encode(b"GIF89a\1\0\1\0\0\0\0;" + b" " * 40).decode(), NO_PNG),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), NO_PNG),
        ("고양이", NO_PNG),
        (["list"], NO_PNG),
    ],
)
def test_masks_that_cannot_be_read(mask: Any, why: str, tmp_path: Path) -> None:
    (region,) = read(tmp_path, shape("mask", (1, 1), (2, 2), mask=mask))["regions"]
    assert (region["kind"], region["x"]) == ("box", None)
    assert json.loads(region["extra"])["mask"] == mask
    assert left_out(tmp_path) == (f"1 shape {why}: kept without a place",)


def test_the_mask_of_another_type_stays(tmp_path: Path) -> None:
    corners = ((0, 0), (3, 0), (3, 2))
    said = [None, "iVBORw0KGgo=", None]
    regions = read(tmp_path, *(shape("polygon", *corners, mask=m) for m in said))["regions"]
    assert [json.loads(r["extra"]) for r in regions] == [
        {"shape_type": "polygon"},
        {"shape_type": "polygon", "mask": "iVBORw0KGgo="},
        {"shape_type": "polygon"},
    ]


def test_a_json_of_another_kind_beside_the_splits(tmp_path: Path) -> None:
    labelme_splits(tmp_path)
    put(tmp_path / "config.json", "{}")
    items = read(tmp_path)["items"]
    assert [item["key"] for item in items] == ["train/a.json", "train/b.json", "val/a.json"]
    assert [item["split"] for item in items] == ["train", "train", "val"]
    assert len(read(tmp_path, split="val")["items"]) == 1
    strange = "1 JSON of another kind (config.json the first): not read"
    assert left_out(tmp_path)[0] == strange


def test_a_json_of_labelme_beside_the_splits_switches_them_off(tmp_path: Path) -> None:
    labelme_splits(tmp_path)
    put(tmp_path / "config.json", "{}")
    put(tmp_path / "more.json", labelme_json("a.png"))
    assert {item["split"] for item in read(tmp_path)["items"]} == {"all"}
    assert left_out(tmp_path)[:2] == (
        "1 JSON of another kind (config.json the first): not read",
        "the folders train and val are no splits: more.json lies beside",
    )


def test_a_broken_json_beside_the_splits_is_a_fault_once(tmp_path: Path) -> None:
    labelme_splits(tmp_path)
    put(tmp_path / "broken.json", "{")
    with pytest.raises(SourceError) as error:
        read(tmp_path)
    assert [fault.place for fault in error.value.faults] == ["broken.json"]


def test_pipes_are_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "b.json")
    assert len(read(tmp_path, shape("point", (1, 1)))["items"]) == 1
    said = "1 thing neither file nor folder (b.json the first): not read"
    assert left_out(tmp_path) == (said,)
