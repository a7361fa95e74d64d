"""Values of a Croissant file's fields: columns of CSV and Parquet, JSONPaths, file properties.

Text stays as it is written (a CSV's cells are text), dates are not reformatted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from excavate.errors import FaultList
from excavate.sources.croissant_document import Field, Origin
from excavate.sources.croissant_files import Files, Found
from excavate.sources.croissant_transforms import by_path, transformed
from excavate.sources.file_stores import BROKEN, MOST_BYTES
from excavate.sources.json_text import parsed
from excavate.sources.tar_members import TarError

UNREADABLE = (*BROKEN, TarError, ValueError, UnicodeDecodeError, pa.ArrowException)


class Tables:
    """Reads the files of a dataset as tables, each once."""

    def __init__(self, files: Files, faults: FaultList) -> None:
        self._files, self._faults = files, faults
        self._read: dict[Found, Any] = {}

    def values(self, field: Field, origin: Origin) -> list[Any]:
        """The values of a field in the order of its files. Raises Elsewhere."""
        found: list[Any] = []
        for file in self._files.of(origin.place):
            found += self._of_file(field, origin, file)
        for kind, said in origin.transforms:
            try:
                found = transformed(found, kind, said)
            except ValueError as error:
                self._faults.add(field.key, str(error))
                return [None] * len(found)
        return found

    def rows(self, field: Field, origin: Origin) -> Iterator[tuple[Found, int]]:
        """(file, row in it) for each value of a field."""
        for file in self._files.of(origin.place):
            plain = origin.prop is not None or origin.path is not None
            count = len(self._of_file(field, origin, file)) if plain else self._count(file)
            yield from ((file, row) for row in range(count))

    def holds_pictures(self, file: Found) -> bool:
        """Whether its cells can be read again by their column and row: Parquet on the disk."""
        return file.part is None and file.name.lower().endswith(".parquet")

    def without_picture(self, file: Found, column: str) -> set[int]:
        """The rows of a Parquet file's picture column (bytes and path) that hold none at all."""
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self._files.path(file)) as parquet:
                kind = parquet.schema_arrow.field(column).type
                if not pa.types.is_struct(kind) or kind.get_field_index("path") < 0:
                    return set()
                held = parquet.read(columns=[f"{column}.path"])[column]
        except (KeyError, *UNREADABLE):  # told where its values are read
            return set()
        return {row for row, bare in enumerate(held.is_null().to_pylist()) if bare}

    def _count(self, file: Found) -> int:
        if self.holds_pictures(file):
            import pyarrow.parquet as pq

            try:
                return int(pq.read_metadata(self._files.path(file)).num_rows)
            except UNREADABLE as error:
                self._faults.add(file.name, f"cannot be read ({error})")
                return 0
        table = self._table(file)
        return 0 if table is None or isinstance(table, dict) else len(table)

    def _of_file(self, field: Field, origin: Origin, file: Found) -> list[Any]:
        if origin.prop in ("filename", "fullpath", "filepath", "content"):
            said = file.name.rpartition("/")[2] if origin.prop == "filename" else file.name
            return [said]
        if origin.prop:
            self._faults.add(field.key, f"file property {origin.prop} is not read")
            return []
        if self.holds_pictures(file) and origin.column:
            return self._parquet(field, origin.column, file)
        table = self._table(file)
        if table is None:
            return []
        if origin.path:
            return by_path(table, origin.path) if isinstance(table, (dict, list)) else []
        return self._column(field, origin.column or field.name, table, file)

    def _parquet(self, field: Field, name: str, file: Found) -> list[Any]:
        """One column of a Parquet file, so that pictures beside it are not read."""
        import pyarrow.parquet as pq

        try:
            count = pq.read_schema(self._files.path(file)).names.count(name)
            if count == 1:
                held: list[Any] = pq.read_table(self._files.path(file), columns=[name])[
                    name
                ].to_pylist()
                return held
            self._faults.add(field.key, _not_one(file, name, count))
        except UNREADABLE as error:
            self._faults.add(file.name, f"cannot be read ({error})")
        return []

    def _column(self, field: Field, name: str, table: Any, file: Found) -> list[Any]:
        if isinstance(table, list):
            if not any(isinstance(one, dict) and name in one for one in table):
                self._faults.add(field.key, f"{file.name} has no {name!r}")
            return [one.get(name) if isinstance(one, dict) else None for one in table]
        count = table.column_names.count(name) if isinstance(table, pa.Table) else 0
        if count == 1:
            held: list[Any] = table[name].to_pylist()
            return held
        self._faults.add(field.key, _not_one(file, name, count))
        return []

    def _table(self, file: Found) -> Any:
        if file not in self._read:
            try:
                self._read[file] = _parsed(self._files.content(file), file.name)
            except UNREADABLE as error:
                line = (str(error).splitlines() or [type(error).__name__])[0]
                self._faults.add(file.name, f"cannot be read ({line})")
                self._read[file] = None
        return self._read[file]


def _not_one(file: Found, name: str, count: int) -> str:
    return f"{file.name} has {f'{count} columns' if count else 'no column'} {name!r}"


def _parsed(content: bytes, name: str) -> Any:
    """A table of Arrow, a JSON document, or a list of JSON lines."""
    import gzip

    plain = name.lower()
    if plain.endswith(".gz"):
        with gzip.open(io.BytesIO(content)) as packed:
            content, plain = packed.read(MOST_BYTES + 1), plain[:-3]
        if len(content) > MOST_BYTES:
            raise ValueError(f"more than the {MOST_BYTES:,} bytes allowed")
    if plain.endswith((".csv", ".tsv")):
        return _csv(content, "\t" if plain.endswith(".tsv") else ",")
    if plain.endswith(".parquet"):
        import pyarrow.parquet as pq

        return pq.read_table(io.BytesIO(content))
    if plain.endswith(".json"):
        return parsed(content)
    if plain.endswith((".jsonl", ".ndjson")):
        return [parsed(line) for line in content.splitlines() if line.strip()]
    raise ValueError("CSV, TSV, JSON, JSON lines and Parquet are read")


def _csv(content: bytes, separator: str) -> pa.Table:
    from pyarrow import csv

    parsing = csv.ParseOptions(delimiter=separator, newlines_in_values=True)
    first = csv.open_csv(io.BytesIO(content), parse_options=parsing).schema.names
    return csv.read_csv(
        io.BytesIO(content),
        parse_options=parsing,
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in first},
            null_values=[""],
            strings_can_be_null=True,
        ),
    )
