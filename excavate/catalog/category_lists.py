"""A list of categories that a person gives, to hold against a taxonomy: CSV, JSON, or lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.sources.json_text import document
from excavate.sources.places import is_text

TODO = "Give a CSV with id or name, JSON (a list), or an id a line"
NEWLINE = re.compile(r"\r\n|\r|\n")  # and not what splitlines takes for one beside
SHOWN = 60  # signs of a value in a message
Pair = tuple[str, str]


def categories_in(file: Path) -> list[Pair]:
    """(id, name) of a list: a CSV with the column id or name, JSON, or an id a line.

    JSON: a list of ids, of [number, id, name], or of objects with id or name; or an object of
    [id, name] by number, as ImageNet's class index is. Where one of id and name is lacking, the
    other stands for both. Raises SourceError with every entry that is none of these.
    """
    faults = FaultList()
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("cannot be read", str(file), "Give a UTF-8 file that is there") from error
    ending = file.suffix.lower()
    if ending == ".json":
        rows = list(_from_json(document(text.encode(), str(file), TODO), file.name, faults))
    elif ending == ".csv":
        rows = list(_from_csv(text, file.name, faults))
    else:
        rows = [(line.strip(), line.strip()) for line in NEWLINE.split(text) if line.strip()]
    faults.raise_if_any("no list of categories", str(file), TODO)
    if not rows:
        raise SourceError("no category in it", str(file), "Give at least one")
    return rows


def _from_json(value: Any, name: str, faults: FaultList) -> Iterator[Pair]:
    if isinstance(value, list):
        for number, entry in enumerate(value, 1):
            yield from _entry(entry, f"{name} entry {number}", faults)
    elif isinstance(value, dict) and all(re.fullmatch("[0-9]{1,9}", key) for key in value):
        for key in sorted(value, key=int):
            yield from _numbered(value[key], f'{name} "{key}"', faults)
    else:
        faults.add(name, "neither a list, nor an object of [id, name] by number")


def _entry(entry: Any, place: str, faults: FaultList) -> Iterator[Pair]:
    if isinstance(entry, dict):
        given = {key: entry[key] for key in ("id", "name") if key in entry}
        if given:
            yield from _pair([given.get("id", given.get("name")), *given.values()], place, faults)
            return
    elif isinstance(entry, list):
        if len(entry) == 3:
            yield from _pair(entry[1:], place, faults)
            return
    elif _plain(entry):
        yield str(entry), str(entry)
        return
    what = "neither an id, nor [number, id, name], nor an object with id or name"
    faults.add(place, f"{_shown(entry)} is {what}")


def _numbered(entry: Any, place: str, faults: FaultList) -> Iterator[Pair]:
    if isinstance(entry, list) and len(entry) == 2:
        yield from _pair(entry, place, faults)
    else:
        faults.add(place, f"{_shown(entry)} is not [id, name]")


def _pair(values: Iterable[Any], place: str, faults: FaultList) -> Iterator[Pair]:
    """The first of the values as the id, the last as the name; all of them have to be plain."""
    given = list(values)
    odd = list(dict.fromkeys(_shown(value) for value in given if not _plain(value)))
    for shown in odd:
        faults.add(place, f"{shown} is no id or name: write text, or a whole number")
    if not odd:
        yield str(given[0]), str(given[-1])


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and is_text(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "what nests so deeply"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _from_csv(text: str, name: str, faults: FaultList) -> Iterator[Pair]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    columns: list[str] = []
    try:
        for cells in reader:
            place = f"{name} line {begins}"
            if not columns:
                columns = cells
                if not _can_be_read(columns, place, faults):
                    return
            elif cells and len(cells) != len(columns):
                faults.add(place, f"{len(cells)} values for {len(columns)} columns")
            elif cells:  # an empty line says nothing
                row = dict(zip(columns, cells, strict=True))
                found = [cell for key in ("id", "name") if (cell := row.get(key, "")).strip()]
                if found:
                    yield found[0], found[-1]
                else:
                    faults.add(place, "neither an id nor a name")
            begins = reader.line_num + 1
    except csv.Error as error:
        faults.add(f"{name} line {begins}", f"not CSV ({error})")


def _can_be_read(columns: list[str], place: str, faults: FaultList) -> bool:
    counts = [columns.count(key) for key in ("id", "name")]
    if max(counts) > 1:
        faults.add(place, "two columns are named alike")
    elif not any(counts):
        faults.add(place, f"no column id or name; there are {', '.join(map(repr, columns))}")
    return max(counts) == 1
