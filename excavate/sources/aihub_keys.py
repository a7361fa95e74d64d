"""Which keys of AI Hub's JSONs name places, classes, pictures and sizes.

Keys are compared small, without signs and spaces, for no two datasets write them alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
NUMBERS = ("id", "classid", "categoryid", "labelid")  # of a category
NO_IDS = ("codename", "name", "path", "file", "image", "img")  # files where they end like one
WIDTHS = ("width", "imagewidth", "imgwidth", "이미지너비", "imgw", "imagew", "너비", "가로")
HEIGHTS = ("height", "imageheight", "imgheight", "이미지높이", "imgh", "imageh", "높이", "세로")

OF_IMAGE = ("image", "img", "이미지")


class Plan(NamedTuple):
    """What the keys of a record mean."""

    shapes: tuple[tuple[str, str], ...]  # (key, what it is called)
    corners: tuple[str, ...]  # keys of a box written into the record itself
    classes: tuple[tuple[str, bool], ...]  # (key, whether it may say an id), the best first
    kinds: tuple[str, ...]
    places: bool  # whether it names a place


@lru_cache(maxsize=4096)
def plan(names: tuple[str, ...]) -> Plan:
    """What the keys of a record mean."""
    plain = {plain_name(name): name for name in reversed(names)}
    corners = next((c for c in CORNERS if all(part in plain for part in c)), ())
    shapes = [(name, SHAPES[key]) for key, name in plain.items() if key in SHAPES]
    return Plan(
        tuple(sorted(shapes, key=lambda pair: names.index(pair[0]))),
        tuple(plain[part] for part in corners),
        tuple((plain[key], key in IDS) for key in CLASSES if key in plain),
        tuple(plain[key] for key in KINDS if key in plain),
        bool(shapes or corners),
    )


def category_of(record: dict[str, Any]) -> tuple[str | None, Any]:
    """The name and the id of a category of a list of them; None for what it does not say."""
    means = plan(tuple(record)).classes
    named = [key for key, _ in means if isinstance(record[key], str) and record[key]]
    name = "name" if "name" in named else next(iter(named), None)
    plain = {plain_name(key): key for key in reversed(record) if key != name}
    number = next((record[plain[key]] for key in NUMBERS if key in plain), None)
    return (None if name is None else record[name]), number


def holds_places(value: Any) -> bool:
    """Whether a place is named anywhere in it."""
    if isinstance(value, dict):
        return plan(tuple(value)).places or any(map(holds_places, value.values()))
    return isinstance(value, list) and any(map(holds_places, value))


class Roles(NamedTuple):
    """Which of a picture's attributes, by their numbers, may say its file and its size."""

    files: tuple[tuple[int, int], ...]  # (its place in FILES, number)
    sizes: tuple[tuple[int, int, tuple[int, ...]], ...]  # (width, height, files beside if needed)


@lru_cache(maxsize=4096)
def roles(paths: tuple[str, ...]) -> Roles:
    """What attributes of these paths may say: the last key of each tells."""
    records: dict[str, dict[str, int]] = {}  # by its path: its keys, and the number of each
    for number, path in enumerate(paths):
        above, _, key = path.rpartition(".")
        records.setdefault(above, {}).setdefault(plain_name(key), number)
    keys = [(key, number) for record in records.values() for key, number in record.items()]
    sizes = (size for above, record in records.items() for size in _sizes(above, record))
    return Roles(
        tuple((FILES.index(key), number) for key, number in keys if key in FILES),
        tuple(sizes),
    )


def _sizes(above: str, record: Mapping[str, int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """What may be the picture's size in one record: keys that say image, or a file beside them."""
    whose = plain_name(above.rpartition(".")[2])
    files = tuple(number for key, number in record.items() if key in FILES)
    for width, height in zip(WIDTHS, HEIGHTS, strict=True):
        if width in record and height in record:
            if any(word in part for word in OF_IMAGE for part in (whose, width)):
                yield record[width], record[height], ()
            elif files:
                yield record[width], record[height], files


def file_names(means: Roles, values: Sequence[Any]) -> tuple[list[str], list[str]]:
    """(what may be the picture's file name, what may be it without an ending), the best first."""
    said = ((rank, values[number]) for rank, number in means.files)
    ranked = sorted((rank, value) for rank, value in said if isinstance(value, str) and value)
    files = [value for _, value in ranked if value.lower().endswith(PICTURES)]
    ids = [v for rank, v in ranked if v not in files and FILES[rank] not in NO_IDS]
    return files, ids


def size_of(means: Roles, values: Sequence[Any]) -> tuple[int | None, int | None]:
    """The picture's width and height, where one record that tells of it says both, whole."""
    for width, height, files in means.sizes:
        found = _whole(values[width]), _whole(values[height])
        if all(found) and (not files or any(_is_file(values[number]) for number in files)):
            return found
    return None, None


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and value.lower().endswith(PICTURES)


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if type(value) is int and 0 < value < 2**31 else None
