"""items.parquet: a row for each plate, its picture inside, as `datasets` knows pictures.

An empty place and an item by reference are rows without a picture. Written some rows at a time.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from excavate.release.record import Contents, Lost, Plate
from excavate.release.rows import COLUMNS, rows

FILE = "items.parquet"
PICTURE = ("image.bytes", "image.path")
TOGETHER = 64  # rows held, and rows of a group
PAGE = 8  # rows after which a page may end, once it has a megabyte
HELD = 32 << 20  # bytes of pictures held, and of a group, unless one alone is larger


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write the table; it holds all that the other tables hold, and the pictures."""
    import pyarrow.parquet as pq

    schema = _schema()
    words = list(COLUMNS)  # pictures are compressed already, and no two are the same
    form = {"compression": dict.fromkeys(words, "zstd") | dict.fromkeys(PICTURE, "none"),
            "use_dictionary": words, "write_statistics": words,
            "write_batch_size": PAGE}  # fmt: skip
    with pq.ParquetWriter(folder / FILE, schema, **form) as out:
        for table in _tables(contents, folder, schema):
            out.write_table(table)
    return _lost(contents)


def _tables(contents: Contents, folder: Path, schema: Any) -> Iterator[Any]:
    import pyarrow as pa

    for some in _together(contents, folder):
        words = (
            pa.array([row[name] for _plate, row in some], schema.field(name).type)
            for name in COLUMNS
        )
        yield pa.table([_pictures(folder, [plate for plate, _row in some]), *words], schema=schema)


def _together(contents: Contents, folder: Path) -> Iterator[list[tuple[Plate, dict[str, Any]]]]:
    """Rows that are held at once: few enough, and not too much of pictures."""
    some: list[tuple[Plate, dict[str, Any]]] = []
    held = 0
    for plate, row in rows(contents):
        size = (folder / plate.file).stat().st_size if plate.file else 0
        if some and (len(some) == TOGETHER or held + size > HELD):
            yield some
            some, held = [], 0
        some.append((plate, row))
        held += size
    if some:
        yield some


def _pictures(folder: Path, plates: Sequence[Plate]) -> Any:
    """The picture column; null where there is none."""
    import pyarrow as pa

    files = [folder / plate.file if plate.file else None for plate in plates]
    names = [file.name if file else None for file in files]
    return pa.StructArray.from_arrays(
        [_side_by_side(files), pa.array(names, pa.string())],
        names=["bytes", "path"],
        mask=pa.array([file is None for file in files], pa.bool_()),
    )


def _side_by_side(files: Sequence[Path | None]) -> Any:
    """The bytes of files, read into one buffer: an Arrow array that is made of a list copies them
    as it grows, which took four times as long."""
    import pyarrow as pa

    ends = array("i", [0, *accumulate(file.stat().st_size if file else 0 for file in files)])
    held = bytearray(ends[-1])
    for file, start, end in zip(files, ends, ends[1:], strict=False):
        if file:
            with file.open("rb", buffering=0) as content:
                content.readinto(memoryview(held)[start:end])
    there = pa.array([file is not None for file in files], pa.bool_()).buffers()[1]  # one bit each
    parts = [there, pa.py_buffer(ends), pa.py_buffer(held)]
    return pa.BinaryArray.from_buffers(pa.binary(), len(files), parts)


def _schema() -> Any:
    """The Arrow schema; its metadata tells `datasets` what the picture column is."""
    import pyarrow as pa

    picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    types = {"int64": pa.int64(), "bool": pa.bool_(), "string": pa.string()}
    fields = [("image", picture), *((name, types[kind]) for name, kind in COLUMNS.items())]
    features = {"image": {"_type": "Image"}} | {
        name: {"dtype": kind, "_type": "Value"} for name, kind in COLUMNS.items()
    }
    said = json.dumps({"info": {"features": features}})
    return pa.schema(fields, metadata={"huggingface": said})


def _lost(contents: Contents) -> list[Lost]:
    """The rooms' wall texts, what was said of the absences: no columns of an item."""
    return lost_of_tables(contents, "parquet")


def lost_of_tables(contents: Contents, name: str) -> list[Lost]:
    """What no table of items holds, whatever its format."""
    texts = sum(bool(room.text_ko or room.text_en) for room in contents.rooms)
    found = [
        Lost(name, "wall texts of the rooms", texts, "manifest.json"),
        Lost(name, "what was said of the absences, one voice each",
             len(contents.conversation.said), "annotations.jsonl"),
        Lost(name, "what was measured again", len(contents.measured), "README.md"),
        Lost(name, "members that are left out, and why", len(contents.left_out), "RIGHTS.md"),
        Lost(name, "what the plan asks for, keeps out, and who decides", _decided(contents),
             "README.md"),
        Lost(name, "strokes of drawings: where they lie, not the strokes",
             sum(bool(plate.member.strokes) for plate in contents.plates), "items/*.strokes.json"),
    ]  # fmt: skip
    return [one for one in found if one.count]


def _decided(contents: Contents) -> int:
    given = contents.plan.given
    said = (given.wanted, given.excluded_ko or given.excluded_en, given.decides)
    return sum(bool(one) for one in said)
