"""A CSV read fast, by Arrow: every column text, verbatim; what it may misread is seen first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from excavate.sources.csv_plan import Form

CHUNK = 2**18  # bytes looked at together: more leave the cache
BLOCK = 2 * 2**20
QUOTE, NEWLINES, BOM = 0x22, (0x0A, 0x0D), b"\xef\xbb\xbf"
NUMBER = ""  # the column of row numbers, from 1; no column of a CSV is called so
STRADDLES = "straddl"  # in the words of Arrow
BROKEN = (pa.ArrowException, UnicodeError)


def oddly_quoted(file: Path, form: Form) -> bool:
    """Whether a quotation mark stands where Arrow may read otherwise than a strict reader.

    That is where a field is begun elsewhere than after a border, or ended elsewhere than before
    one. Memory: CHUNK.
    """
    if form.encoding.startswith(("utf-16", "utf-32")):
        return True
    borders = np.zeros(256, bool)
    borders[[QUOTE, ord(form.separator), *NEWLINES]] = True
    inside = False
    for before, chunk, after in _chunks(file):
        whole = np.frombuffer(chunk, np.uint8)
        marks = np.flatnonzero(whole == QUOTE)
        if len(marks) and not borders[_beside(whole, marks, inside, before, after)].all():
            return True
        inside = bool((len(marks) + inside) % 2)
    return inside


def blocks(
    file: Path, form: Form, columns: Iterable[str], encoded: Iterable[str], size: int = BLOCK
) -> Iterator[pa.RecordBatch]:
    """The named columns, in blocks of about `size` bytes, with the rows' numbers.

    Columns that are `encoded` come as dictionaries, the others as text; an empty cell is null.
    Raises one of BROKEN where the file is no CSV, or a row is longer than a block (STRADDLES).
    """
    kinds = dict.fromkeys(columns, pa.string())
    kinds |= {name: pa.dictionary(pa.int32(), pa.string()) for name in encoded if name in kinds}
    reader = arrow_csv.open_csv(
        pa.OSFile(str(file)),
        read_options=arrow_csv.ReadOptions(
            encoding="utf8" if form.is_utf8 else form.encoding, block_size=size
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=form.separator, newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types=kinds,
            include_columns=list(kinds),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    first = 1
    for block in reader:
        if len(block):
            numbers = pa.array(np.arange(first, first + len(block)))
            yield block.append_column(NUMBER, numbers)
        first += len(block)


def is_web(address: str) -> bool:
    """Whether an address is one that a browser asks the web for."""
    return address.lower().startswith(("https://", "http://"))


def texts(column: pa.Array) -> pa.Array:
    """A column of a block as plain text."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def rises(column: pa.Array, last: str | None) -> bool:
    """Whether each key is longer than the one before, or as long and greater: none comes twice.

    `last` is the key before the first.
    """
    if column.null_count:
        return False
    keys = pa.concat_arrays([pa.array([last or ""], pa.string()), column])
    lengths = pc.binary_length(keys).to_numpy()
    longer = lengths[1:] > lengths[:-1]
    greater = pc.greater(keys.slice(1), keys.slice(0, len(column)))
    same = (lengths[1:] == lengths[:-1]) & greater.to_numpy(zero_copy_only=False)
    return bool((longer | same).all())


def _beside(whole: Any, marks: Any, inside: bool, before: int, after: int) -> Any:
    """The byte before each mark that opens a field, after each that closes one."""
    steps = np.where((np.arange(len(marks)) + inside) % 2, 1, -1)
    places = marks + steps
    found = whole.take(places, mode="clip")
    if places[0] < 0:
        found[0] = before
    if places[-1] == len(whole):
        found[-1] = after
    return found


def _chunks(file: Path) -> Iterator[tuple[int, bytes, int]]:
    """(byte before, chunk, byte after), a line's end where the file begins and ends."""
    with open(file, "rb") as opened:
        before, chunk = NEWLINES[0], opened.read(CHUNK).removeprefix(BOM)
        while chunk:
            following = opened.read(CHUNK)
            yield before, chunk, following[0] if following else NEWLINES[0]
            before, chunk = chunk[-1], following
