"""Minimum wages by country and year, and what minutes come to at them; every figure sourced.

Korea 2020-2026 is shipped; `wages.csv` in a site adds other countries and years, and takes the
place of what is shipped for the same. The columns, all of them needed:

    country   ISO 3166-1 alpha-2, e.g. KR        year      four digits
    currency  ISO 4217, e.g. KRW                 per_hour  a number above 0, e.g. 10320
    source    who says so                        source_ko the same in Korean, or left empty
    url       where, or left empty               status    seen or recalled
    seen_in   what of it was seen, or left empty

A year that no row states is not stated: the wage of another year never stands in for it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from excavate.errors import FaultList, SourceError

SHIPPED = Path(__file__).resolve().parent / "wage_tables" / "korea.csv"
OWN = "wages.csv"  # in a site
COLUMNS = (
    "country", "year", "currency", "per_hour", "source", "source_ko", "url", "status", "seen_in",
)  # fmt: skip
HOME = "KR"
LARGEST = 100_000  # bytes of a table
# 근로기준법 제55조, 제18조 ③: a paid day for a week of 40 hours; none below 15 hours a week.
HOLIDAY_FACTOR = Decimal(48) / Decimal(40)
HOLIDAY_HOURS = 15
FORMS = {
    "country": (re.compile(r"[A-Z]{2}"), "two capital letters (ISO 3166-1), like KR"),
    "year": (re.compile(r"(19|20)[0-9]{2}"), "a year of four digits"),
    "currency": (re.compile(r"[A-Z]{3}"), "three capital letters (ISO 4217), like KRW"),
    "status": (re.compile(r"seen|recalled"), "seen or recalled"),
    "source": (re.compile(r"(?s).*\S.*"), "say who says so"),
    "url": (re.compile(r"(https?://[^\s\"'<>]+)?"), "begins with https:// or http://, or is empty"),
}


@dataclass(frozen=True, slots=True)
class Wage:
    """The minimum wage of one country and year, an hour, and who says so."""

    country: str
    year: int
    currency: str
    per_hour: Decimal
    source: str
    source_ko: str
    url: str
    status: str
    seen_in: str

    def of(self, seconds: float, *, holiday: bool = False) -> Decimal:
        """What so many seconds come to; with `holiday`, the weekly holiday allowance (주휴수당)."""
        hours = Decimal(str(seconds)) / 3600
        return self.per_hour * hours * (HOLIDAY_FACTOR if holiday else 1)


Wages = Mapping[tuple[str, int], Wage]


def wage_of(year: int, country: str = HOME, site: Path | None = None) -> Wage | None:
    """The wage that is stated for this very year; None where none is.

    Raises SourceError where the site's own table cannot be read.
    """
    return wages_of(site).get((country, year))


def wages_of(site: Path | None = None) -> Wages:
    """What is shipped, and over it what the site's own table states."""
    file = site / OWN if site else None
    if file is None or not file.is_file():
        return _shipped()
    return {**_shipped(), **read_wages(file)}


def read_wages(file: Path) -> Wages:
    """The wages of a table. Raises SourceError with every fault of it."""
    rows, faults, found = _rows(file), FaultList(), {}
    for line, row in rows:
        before = faults.count
        for place, what in _faults(row):
            faults.add(f"line {line}, {place}", what)
        if faults.count > before:
            continue
        wage = _wage(row)
        if (wage.country, wage.year) in found:
            faults.add(f"line {line}", f"{wage.country} {wage.year} stands above already")
        found[wage.country, wage.year] = wage
    faults.raise_if_any("this table of wages has faults", file.name, "Mend them, then reload")
    return found


@lru_cache(maxsize=1)
def _shipped() -> Wages:
    return read_wages(SHIPPED)


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    content = file.read_bytes()[: LARGEST + 1]
    if len(content) > LARGEST:
        raise SourceError(f"a table of wages has at most {LARGEST} bytes", file.name)
    try:
        read = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        heads = tuple(read.fieldnames or ())
        if heads != COLUMNS:
            todo = f"Its first line is: {','.join(COLUMNS)}"
            raise SourceError("these are not the columns of a table of wages", file.name, todo)
        return [(read.line_num, row) for row in read]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"no CSV in UTF-8 ({error})", file.name) from error


def _faults(row: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    if None in row or None in row.values():
        yield "columns", f"needs {len(COLUMNS)} values"
        return
    for name, (form, what) in FORMS.items():
        if not form.fullmatch(row[name] or ""):
            yield name, what
    if not _amount(row["per_hour"] or ""):
        yield "per_hour", "a number above 0, without signs between its digits"


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 < found < 10**12 else None


def _wage(row: Mapping[str, str]) -> Wage:
    return Wage(
        row["country"], int(row["year"]), row["currency"], Decimal(row["per_hour"]),
        row["source"].strip(), row["source_ko"].strip(), row["url"], row["status"],
        row["seen_in"].strip(),
    )  # fmt: skip
