"""Tables of shares that a column can be held against: shipped ones, and any CSV of one's own.

A shipped table NAME is `tables/NAME.csv` with `tables/NAME.toml` beside it, which says its title,
source, year, key columns, value column and aliases. Of one's own CSV the key columns are `key`
(default: the first column) and the numbers are in `value` (default: the last one).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, NotFoundError, SourceError

SHIPPED = Path(__file__).with_name("tables")
PREFIX = "table:"
LONGEST_CODE = 3  # letters
Records = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Names with their weights. `number` finds a name by any of its keys, casefolded.

    `codes`: keys of two or three capitals, which small letters do not mean: "mm" is no Myanmar.
    `about`: what columns are called that say what the table is about.
    """

    name: str
    note: str  # source and year, where they are known
    revision: str  # sha256 of what was read
    names: Sequence[str]
    weights: Sequence[float]
    number: Mapping[str, int]
    codes: frozenset[str] = frozenset()
    about: tuple[str, ...] = ()

    def find(self, value: str, any_case: bool = False) -> int | None:
        """Which name a value means: letter for letter, capitals and outer spaces aside.

        `any_case`: codes too may stand in small letters.
        """
        key = folded(value)
        if not any_case and key in self.codes and value.strip() != key.upper():
            return None
        return self.number.get(key)

    def is_about(self, column: str) -> bool:
        """Whether a column's name ends in a word that says what the table is about."""
        name = column.partition(":")[2]
        return any(_ends_in(name, word) for word in self.about)


def _ends_in(name: str, word: str) -> bool:
    """country: artist.country, birthCountry, but not subcountry; 국가: 출생국가."""
    end = name[-len(word) :]
    before = name[: -len(word)][-1:]
    glued = before.isascii() and before.isalpha() and end.islower()
    return end.casefold() == word.casefold() and not glued


def folded(value: str) -> str:
    """A key as it is compared."""
    return " ".join(value.split()).casefold()


def shipped() -> list[str]:
    """The names of the tables that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.csv"))


def read_reference(
    said: str, key: Sequence[str] | None = None, value: str | None = None
) -> ReferenceTable:
    """`table:NAME` of those shipped, or the path of a CSV.

    Raises NotFoundError where there is none, SourceError with every fault of the table.
    """
    if not said.startswith(PREFIX):
        return _table(Path(said), key, value, {})
    name = said.removeprefix(PREFIX)
    if name not in shipped():
        there = ", ".join(PREFIX + one for one in shipped())
        raise NotFoundError("no such table", said, f"There are: {there}; or name a CSV file")
    header = SHIPPED / f"{name}.toml"
    with open(header, "rb") as stream:
        told = tomllib.load(stream)
    return _table(SHIPPED / f"{name}.csv", key or told["key"], value or told["value"], told)


def _table(
    file: Path, key: Sequence[str] | None, value: str | None, told: Mapping[str, Any]
) -> ReferenceTable:
    content = _content(file)
    records, columns = _records(content, file)
    keys, weigh = list(key or columns[:1]), value or columns[-1]
    _check_columns(columns, [*keys, weigh], file)
    number, weights = _read(records, keys, weigh, file)
    number |= _aliases(told.get("aliases", {}), number)
    said = json.dumps([told, keys, weigh], sort_keys=True, ensure_ascii=False).encode()
    revision = hashlib.sha256(content + said).hexdigest()
    note = ", ".join(str(told[n]) for n in ("source", "year") if n in told)
    names = [record[keys[0]].strip() for record in records]
    codes = frozenset(_codes(records, keys, told.get("aliases", {})))
    about = tuple(told.get("about", keys))
    title = told.get("title", file.name)
    return ReferenceTable(title, note, revision, names, weights, number, codes, about)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        there = ", ".join(PREFIX + one for one in shipped())
        why = error.strerror or "it cannot be read"
        raise NotFoundError(f"no such table ({why})", str(file), f"Shipped: {there}") from None


def _records(content: bytes, file: Path) -> tuple[Records, list[str]]:
    """(a dict a line, the columns' names)."""
    todo = "Save it as CSV in UTF-8, the columns' names in the first line"
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        found = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"no CSV ({error})", str(file), todo) from None
    columns = [name for name in reader.fieldnames or () if name]
    if not columns or not found:
        raise SourceError("the table is empty", str(file), todo)
    return found, columns


def _check_columns(columns: Sequence[str], asked: Sequence[str], file: Path) -> None:
    missing = [name for name in dict.fromkeys(asked) if name not in columns]
    if missing:
        todo = f"Its columns: {', '.join(columns)}. Say --set key=COLUMN --set value=COLUMN"
        raise SourceError(f"no such column: {', '.join(missing)}", str(file), todo)


def _read(
    records: Records, keys: Sequence[str], weigh: str, file: Path
) -> tuple[dict[str, int], list[float]]:
    """({key as compared: number of its row}, the weights)."""
    faults = FaultList()
    number: dict[str, int] = {}
    weights: list[float] = []
    for n, record in enumerate(records):
        weights.append(_weight(record.get(weigh), f"line {n + 2}", faults))
        said = {folded(record.get(key) or "") for key in keys}
        if not folded(record.get(keys[0]) or ""):
            faults.add(f"line {n + 2}", f"nothing under {keys[0]}")
        for one in sorted(said - {""}):
            if number.setdefault(one, n) != n:
                faults.add(f"line {n + 2}", f"{one!r} stands in line {number[one] + 2} already")
    if not faults.count and not sum(weights) > 0:
        faults.add(weigh, "no row has a number above zero")
    todo = "Each key stands once, with a number of zero or more"
    faults.raise_if_any("nothing can be held against this table", str(file), todo)
    return number, weights


def _codes(records: Records, keys: Sequence[str], aliases: Mapping[str, str]) -> Iterator[str]:
    for said in [*(record.get(key) or "" for record in records for key in keys), *aliases]:
        text = said.strip()
        if text.isascii() and text.isalpha() and text.isupper() and len(text) <= LONGEST_CODE:
            yield folded(text)


def _weight(said: str | None, place: str, faults: FaultList) -> float:
    try:
        weight = float((said or "").replace(",", ""))
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        faults.add(place, f"{said!r} is no number of zero or more")
        return 0.0
    return weight


def _aliases(said: Mapping[str, str], number: Mapping[str, int]) -> dict[str, int]:
    known = {folded(alias): number[folded(key)] for alias, key in said.items()}
    return {alias: n for alias, n in known.items() if alias not in number}
