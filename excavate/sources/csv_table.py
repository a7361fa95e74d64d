"""`csv:FILE`: a table of metadata, with or without pictures, its columns mapped by options.

FILE may be a glob: each file is a split then, called by the word in its name that means one
(train, val, test), or by its name. The first line names the columns. All cells are text,
verbatim ('007' stays '007'); an empty cell is null.

The key is the column `key=`, else the first of `id`, `key`, `file`, … that is unique, else the
row's number. Columns of `labels=` become labels, their values categories `COLUMN:VALUE` below one
for the column; every other column is an attribute, also where it fills licence, creator, address
or path. `multiple=` cuts cells, and trims the parts. Pictures are looked for only where `picture=`
names a column; addresses become the item's source and are not opened. Anything that is no CSV is
an error, with all its lines.

Order: by split, then the rows'. Memory: a block, and KEPT bytes of a file that is read at once;
the keys, where they do not rise.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions
from excavate.sources import csv_reading, csv_strict
from excavate.sources.csv_batches import batches
from excavate.sources.csv_plan import Form, Plan, form, plan
from excavate.sources.csv_survey import Survey, survey
from excavate.sources.places import dataset_name, existing, fingerprint_of, stamp
from excavate.sources.splits import chosen, in_order, is_split

KEPT = 32 * 2**20  # bytes of CSV that are parsed once and kept, not parsed twice


@dataclass(frozen=True, slots=True)
class _Opened:
    files: dict[Path, str]  # file -> its split
    form: Form
    plan: Plan
    root: Path | None
    survey: Survey


class CsvTable:
    """CSV files with one header. Surveys them at the first question."""

    def __init__(self, text: str, options: SourceOptions) -> None:
        self._text, self._options = text, options
        self._files = _matching(text)

    def describe(self) -> Description:
        """Name, key and count. Raises SourceError with every fault of options and files."""
        opened, name = self._opened, _name(list(self._files))
        seen = opened.survey
        return Description(
            dataset_id=dataset_name(name),
            title=self._options.given.get("title", name),
            key_rule=seen.key_rule,
            fingerprint=fingerprint_of([*self._seen(), seen.pictures.digest(), *self._read]),
            root=str(opened.root) if opened.root else None,
            count=sum(n for (_, split), n in seen.rows.items() if split in self._read),
            left_out=seen.left_out,
        )

    def categories(self) -> Sequence[Category]:
        """A category for each label column, and below it one for each of its values."""
        return self._opened.survey.words.categories()

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Rows in order of split, file, line; label columns whole, cut without copying."""
        opened = self._opened
        for split in self._read:
            for file in opened.files:
                rows = opened.survey.rows.get((file, split), 0)
                if start >= rows:
                    start -= rows
                    continue
                blocks = _from(self._blocks(file, split), start)
                start, seen = 0, opened.survey
                yield from batches(
                    opened.plan, seen.key, seen.words, file.name, split, blocks, size
                )

    def _blocks(self, file: Path, split: str) -> Iterator[Any]:
        opened = self._opened
        found = opened.survey.blocks(file)
        return found if opened.plan.split is None else _of_split(found, opened.plan.split, split)

    @cached_property
    def _read(self) -> list[str]:
        there = list(dict.fromkeys(split for _, split in self._opened.survey.rows))
        return chosen(in_order(there), self._options.split, self._where)

    @property
    def _where(self) -> str:
        return f"csv:{self._text}"

    def _seen(self) -> Iterator[str]:
        for file in self._files:
            yield file.name
            yield stamp(file)
        for name, value in sorted(self._options.given.items()):
            yield f"{name}={value}"

    @cached_property
    def _opened(self) -> _Opened:
        faults = FaultList()
        written = form(self._options.given, self._files[0].suffix.lower() == ".tsv", faults)
        faults.raise_if_any("options that cannot be followed", self._where, "Correct these")
        columns = self._columns(written, faults)
        meant = plan(self._options.given, columns, faults)
        faults.raise_if_any("options that do not fit the table", self._where, "Correct these")
        root = self._root() if meant.picture else None
        kept = sum(file.stat().st_size for file in self._files) <= KEPT
        splits = _splits(self._files)
        seen = survey(splits, written, meant, root, kept, self._where)
        return _Opened(splits, written, meant, root, seen)

    def _root(self) -> Path:
        given = self._options.given.get("root")
        return existing(given, "folder") if given else self._files[0].parent

    def _columns(self, written: Form, faults: FaultList) -> list[str]:
        headers = {file: csv_strict.header(file, written, faults) for file in self._files}
        faults.raise_if_any("no table", self._where, "Correct it")
        first = headers[self._files[0]] or []
        for file, names in headers.items():
            for name in sorted(set(first) ^ set(names or ())):
                faults.add(f"{file.name} line 1", f"column {name!r} is not in every file")
        faults.raise_if_any("tables that cannot be dug together", self._where, "Correct them")
        return first


def _matching(text: str) -> list[Path]:
    """The files of a glob, `~` and `**` too, sorted by path."""
    place = Path(text).expanduser()
    if place.is_dir():
        raise SourceError("this is a folder", text, f"Write csv:{text.rstrip('/')}/*.csv")
    found = [str(place)] if place.is_file() else glob.glob(str(place), recursive=True)  # noqa: PTH207
    files = sorted({path.resolve() for path in map(Path, found) if path.is_file()})
    if not files:
        raise SourceError("no file matches", text, "Check the path; a glob in quotation marks")
    return files


def _splits(files: Sequence[Path]) -> dict[Path, str]:
    """Each file's split: the word in its name that means one, if that tells them apart."""
    words = [_word(file) for file in files]
    if len(files) == 1:
        return {files[0]: words[0] or NO_SPLIT}
    if None not in words and len(set(words)) == len(files):
        return {file: str(word) for file, word in zip(files, words, strict=True)}
    above = os.path.commonpath([file.parent for file in files])
    inner = [file.relative_to(above).with_suffix("").as_posix() for file in files]
    names = inner if len(set(inner)) == len(files) else [file.name for file in files]
    return dict(zip(files, names, strict=True))


def _word(file: Path) -> str | None:
    return next((word for word in re.split(r"[\W_]+", file.stem) if is_split(word)), None)


def _name(files: Sequence[Path]) -> str:
    """What the files' names share, or their folder's name."""
    shared = os.path.commonprefix([file.stem for file in files]).rstrip("_-. ")  # noqa: RUF071
    return shared if len(shared) > 2 or len(files) == 1 else files[0].parent.name


def _from(blocks: Iterator[Any], start: int) -> Iterator[Any]:
    for block in blocks:
        if start < len(block):
            yield block.slice(start)
        start = max(0, start - len(block))


def _of_split(blocks: Iterator[Any], column: str, split: str) -> Iterator[Any]:
    import pyarrow.compute as pc

    for block in blocks:
        kept = block.filter(pc.equal(csv_reading.texts(block[column]), split))
        if len(kept):
            yield kept


def open_source(rest: str, options: SourceOptions) -> CsvTable:
    """The table that `rest` names. Raises SourceError where there is no such file."""
    return CsvTable(rest, options)
