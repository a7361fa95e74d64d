"""Which keys of AI Hub's JSONs name places, classes, pictures and sizes.

Keys are compared small, without signs and spaces, for no two datasets write them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from excavate.sources.aihub_shapes import CORNERS, plain_name
from excavate.sources.folder_listing import PICTURES

SHAPES = {
    **dict.fromkeys(("polygon", "polygons", "segmentation", "폴리곤", "폴리곤좌표"), "polygon"),
    **dict.fromkeys(("polyline", "polylines", "linestring"), "polyline"),
    **dict.fromkeys(("points", "point", "coords", "coord", "coordinate", "coordinates"), "points"),
    **dict.fromkeys(("typevalue", "shapepoints", "좌표", "pointxy"), "points"),
    **dict.fromkeys(("bbox", "box", "boundingbox", "rect", "rectangle", "boxcoord"), "box"),
    **dict.fromkeys(("boundbox", "bndbox", "렉트좌표", "바운딩박스"), "box"),
}
CLASSES = (
    "classname", "categoryname", "labelname", "objectname", "objname", "class", "label",
    "category", "클래스", "클래스명", "객체명", "name", "objectclass", "classid", "labelid",
    "categoryid",
)  # fmt: skip
IDS = ("class", "label", "category", "objectclass", "classid", "labelid", "categoryid")
KINDS = ("type", "shape", "shapetype", "annotationtype", "labeltype", "tool")
LISTS = {"annotations", "annotation", "objects", "object", "labels", "shapes", "regions", "객체"}
SAYINGS = "라벨링"  # below it, every text is a label
FILES = (
    "filename", "imagefilename", "imgfilename", "imagename", "imgname", "imagefile", "이미지파일명",
    "파일명", "sourcedatanamejpg", "sourcedataname", "imagepath", "imgpath", "filepath", "codename",
    "sourcedataid", "imageid", "name", "path", "file", "image", "img",
)  # fmt: skip
NO_IDS = ("codename", "name", "path", "file", "image", "img")  # files where they end like one
WIDTHS = ("width", "imagewidth", "imgwidth", "이미지너비", "imgw", "imagew", "너비", "가로")
HEIGHTS = ("height", "imageheight", "imgheight", "이미지높이", "imgh", "imageh", "높이", "세로")


class Plan(NamedTuple):
    """What the keys of a record mean."""

    shapes: tuple[tuple[str, str], ...]  # (key, what it is called)
    corners: tuple[str, ...]  # keys of a box written into the record itself
    classes: tuple[tuple[str, bool], ...]  # (key, whether it may say an id), the best first
    kinds: tuple[str, ...]

    @property
    def places(self) -> bool:
        """Whether it names a place."""
        return bool(self.shapes or self.corners)


@lru_cache(maxsize=4096)
def plan(names: tuple[str, ...]) -> Plan:
    """What the keys of a record mean."""
    plain = {plain_name(name): name for name in reversed(names)}
    corners = next((c for c in CORNERS if all(part in plain for part in c)), ())
    shapes = ((name, SHAPES[key]) for key, name in plain.items() if key in SHAPES)
    return Plan(
        tuple(sorted(shapes, key=lambda pair: names.index(pair[0]))),
        tuple(plain[part] for part in corners),
        tuple((plain[key], key in IDS) for key in CLASSES if key in plain),
        tuple(plain[key] for key in KINDS if key in plain),
    )


def holds_places(value: Any) -> bool:
    """Whether a place is named anywhere in it."""
    if isinstance(value, dict):
        return plan(tuple(value)).places or any(map(holds_places, value.values()))
    return isinstance(value, list) and any(map(holds_places, value))


class Roles(NamedTuple):
    """Which of a picture's attributes, by their numbers, may say its file and its size."""

    files: tuple[tuple[int, int], ...]  # (its place in FILES, number)
    widths: tuple[int, ...]
    heights: tuple[int, ...]


@lru_cache(maxsize=4096)
def roles(paths: tuple[str, ...]) -> Roles:
    """What attributes of these paths may say: the last key of each tells."""
    keys = list(enumerate(plain_name(path.rpartition(".")[2]) for path in paths))
    return Roles(
        tuple((FILES.index(key), number) for number, key in keys if key in FILES),
        tuple(number for number, key in keys if key in WIDTHS),
        tuple(number for number, key in keys if key in HEIGHTS),
    )


def file_names(means: Roles, values: Sequence[Any]) -> tuple[list[str], list[str]]:
    """(what may be the picture's file name, what may be it without an ending), the best first."""
    said = ((rank, values[number]) for rank, number in means.files)
    ranked = sorted((rank, value) for rank, value in said if isinstance(value, str) and value)
    files = [value for _, value in ranked if value.lower().endswith(PICTURES)]
    ids = [v for rank, v in ranked if v not in files and FILES[rank] not in NO_IDS]
    return files, ids


def size_of(means: Roles, values: Sequence[Any]) -> tuple[int | None, int | None]:
    """The picture's width and height, where both are said as whole numbers."""
    width, height = (_first_whole(values, said) for said in (means.widths, means.heights))
    return (width, height) if width and height else (None, None)


def _first_whole(values: Sequence[Any], numbers: Iterable[int]) -> int | None:
    for number in numbers:
        if whole := _whole(values[number]):
            return whole
    return None


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if type(value) is int and 0 < value < 2**31 else None
