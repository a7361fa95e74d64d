"""Arrays of labels or counts (.npy, .npz) as tables of text, a row an item. Never unpickled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.catalog.tables import GivenTable
from excavate.errors import FaultList, SourceError

ENDINGS = (".npy", ".npz")
WHOLE = 2.0**53  # whole numbers below are exact as floats
CORRECT = "Correct it; nothing was changed"
NO_PICKLE = "holds Python objects (pickle), which are never read: write its values as a CSV"


def is_array(file: Path) -> bool:
    """Whether a file is read as arrays, by its ending."""
    return file.suffix.lower() in ENDINGS


def read_arrays(file: Path, chosen: Sequence[str]) -> GivenTable:
    """The columns of a NumPy file as text; `chosen` names arrays of an .npz (all without).

    A two-dimensional array has one column for each of its own, numbered from 0; a
    one-dimensional one is a column by the array's name ("label" in an .npy). Not a number
    (NaN) is null. Raises SourceError with every fault: no such array, another shape or length,
    values that are neither whole numbers nor text, Python objects. Reads it all into memory.
    """
    if not file.is_file():
        raise SourceError("no such file", str(file), "Check the path")
    faults = FaultList()
    arrays = dict(_arrays(file, chosen, faults))
    columns: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        if array.ndim == 2 and len(arrays) > 1:
            faults.add(f"{file.name} {name}", "a table beside others: choose it with --column")
            continue
        columns |= _columns(name, array, file.name, faults)
    _check_lengths(columns, file.name, faults)
    faults.raise_if_any("no table to join", str(file), CORRECT)
    rows = len(next(iter(columns.values())))
    places = pa.chunked_array([pa.array(range(1, rows + 1), pa.int64())])
    return GivenTable(file.name, {n: _texts(c) for n, c in columns.items()}, places, "row")


def _arrays(
    file: Path, chosen: Sequence[str], faults: FaultList
) -> Iterator[tuple[str, np.ndarray]]:
    try:
        opened: Any = np.load(file, allow_pickle=False)
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        faults.add(file.name, _why(error))
        return
    if isinstance(opened, np.ndarray):
        if chosen:
            faults.add(file.name, "one array without a name: leave --column out")
        yield "label", opened
        return
    with opened:
        for name in chosen or opened.files:
            if name not in opened.files:
                there = ", ".join(map(repr, opened.files))
                faults.add(file.name, f"no array {name!r}; there are {there}")
                continue
            try:
                yield name, opened[name]
            except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
                faults.add(f"{file.name} {name}", _why(error))


def _why(error: Exception) -> str:
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return NO_PICKLE if "allow_pickle" in said else f"no array of NumPy's ({said})"


def _columns(name: str, array: np.ndarray, file: str, faults: FaultList) -> dict[str, np.ndarray]:
    if array.ndim not in (1, 2) or not array.size:
        shape = " x ".join(map(str, array.shape)) or "a single value"
        faults.add(f"{file} {name}", f"a list or a table is wanted, this is {shape}")
        return {}
    if array.dtype.kind not in "biufU":
        faults.add(f"{file} {name}", f"neither numbers nor text ({array.dtype})")
        return {}
    if array.ndim == 1:
        return {name: array}
    return {str(number): array[:, number] for number in range(array.shape[1])}


def _check_lengths(columns: dict[str, np.ndarray], file: str, faults: FaultList) -> None:
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        told = ", ".join(f"{name} {len(column):,}" for name, column in columns.items())
        faults.add(file, f"arrays of several lengths ({told}): choose with --column")


def _texts(column: np.ndarray) -> pa.ChunkedArray:
    """Numbers in their shortest form, whole ones without a point; NaN is null."""
    if column.dtype.kind == "f":
        empty = np.isnan(column)
        numbers = np.where(empty, 0, column).astype("float64")
        if np.all((np.abs(numbers) < WHOLE) & (numbers == np.trunc(numbers))):
            numbers = numbers.astype("int64")
        return pa.chunked_array([pa.array(numbers, mask=empty).cast(pa.string())])
    native = column.dtype.newbyteorder("=") if column.dtype.kind != "b" else np.dtype("int8")
    return pa.chunked_array([pa.array(np.ascontiguousarray(column, native)).cast(pa.string())])
