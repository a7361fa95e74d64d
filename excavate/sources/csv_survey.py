"""The first reading of a CSV: that it is one, how many rows, which key, which values.

Fast while all is well. Where anything is amiss the strict reader goes over the files and tells
every fault with its line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from excavate.errors import FaultList, SourceError
from excavate.sources.csv_batches import Vocabulary
from excavate.sources.csv_plan import LARGE, Form, Plan
from excavate.sources.csv_reading import (
    BLOCK,
    BROKEN,
    STRADDLES,
    blocks,
    is_web,
    oddly_quoted,
    rises,
    texts,
)
from excavate.sources.csv_strict import header, rows_of_length
from excavate.sources.file_stores import MISSING
from excavate.sources.files_below import counted
from excavate.sources.places import below, is_address, stamp

MOST_SPLITS = 50
Run = tuple[Path, str]  # a file and a split of it


class Places:
    """Where pictures lie below a root: each folder's links are followed once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._inside: dict[Path, bool] = {}

    def seen(self, cell: str) -> str | None:
        """What tells a picture from a later one, or that it is missing; None outside the root."""
        path = below(self.root, cell)
        if path is None:
            return None
        file = self.root / path
        if file.parent not in self._inside:
            self._inside[file.parent] = file.parent.resolve().is_relative_to(self.root)
        if not self._inside[file.parent]:
            return None
        try:
            if file.is_symlink() and not file.resolve().is_relative_to(self.root):
                return None
            return stamp(file)
        except OSError:
            return MISSING


@dataclass
class Survey:
    """What the first reading found."""

    files: Mapping[Path, str]
    form: Form
    plan: Plan
    words: Vocabulary
    places: Places | None  # None where no column names pictures
    rows: dict[Run, int] = field(default_factory=dict)
    key: str | None = None  # None: the row's number
    key_rule: str = "the row's number in its file, from 1"
    pictures: Any = field(default_factory=hashlib.sha256)  # over what tells them from later ones
    addresses: int = 0
    elsewhere: int = 0  # addresses that are none of the web
    block: int = BLOCK  # bytes read at once
    kept: dict[Path, list[Any]] = field(default_factory=dict)

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was found and not read."""
        found = {"a web address": self.addresses, "an address not of the web": self.elsewhere}
        return tuple(
            f"{counted(count, 'picture')} named by {what}: not opened"
            for what, count in found.items()
            if count
        )

    def blocks(self, file: Path) -> Iterator[pa.RecordBatch]:
        """The rows of a file, all columns."""
        if file in self.kept:
            return iter(self.kept[file])
        return self.columns(file, self.plan.columns)

    def columns(self, file: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Some columns of a file, read anew."""
        return blocks(file, self.form, names, self.plan.labels, self.block)


def survey(
    files: Mapping[Path, str], form: Form, plan: Plan, root: Path | None, keep: bool, where: str
) -> Survey:
    """Read all files once. Raises one SourceError with every fault of every file."""
    for block in (BLOCK, LARGE):
        places = Places(root) if root else None
        found = Survey(files, form, plan, Vocabulary(plan), places, block=block)
        try:
            amiss, why = _read(found, keep), ""
        except BROKEN as error:
            amiss, why = True, str(error).splitlines()[0]
        if STRADDLES not in why:
            break
        why = f"a row of more than {LARGE:,} bytes"
    if amiss:
        _tell(found, where)
    if why:  # and yet the strict reader found nothing
        raise SourceError(f"cannot be read ({why})", where, "Save it again as CSV UTF-8")
    if not sum(found.rows.values()):
        raise SourceError("no row under the header", where)
    splits = {split for _, split in found.rows}
    if len(splits) > MOST_SPLITS:
        what = f"{len(splits):,} different splits in column {plan.split!r}"
        raise SourceError(what, where, f"At most {MOST_SPLITS}: name another split_column")
    return found


def _read(found: Survey, keep: bool) -> bool:
    """Survey every file; whether anything may be amiss."""
    amiss, rising = False, _Rising(found.plan)
    for file, split in found.files.items():
        amiss = amiss or oddly_quoted(file, found.form)
        needed = dict.fromkeys([*found.plan.keys, *found.plan.labels, *_others(found.plan)])
        names = found.plan.columns if keep else list(needed) or found.plan.columns[:1]
        rising.begin(file)
        for block in found.columns(file, names):
            if keep:
                found.kept.setdefault(file, []).append(block)
            rising.add(block)
            found.words.learn(block)
            amiss = _count(found, file, split, block) or amiss
            amiss = _look(found, block) or amiss
    return _choose_key(found, rising) or amiss


def _others(plan: Plan) -> list[str]:
    return [name for name in (plan.split, plan.picture) if name]


def _count(found: Survey, file: Path, split: str, block: Any) -> bool:
    """Count the rows of each split; whether one has none."""
    if found.plan.split is None:
        found.rows[file, split] = found.rows.get((file, split), 0) + len(block)
        return False
    names = texts(block[found.plan.split])
    for name, count in zip(*pc.value_counts(names.drop_null()).flatten(), strict=True):
        run = (file, name.as_py())
        found.rows[run] = found.rows.get(run, 0) + count.as_py()
    return bool(names.null_count)


def _look(found: Survey, block: Any) -> bool:
    """Look at the places of pictures; whether one leaves the root."""
    if found.places is None or found.plan.picture is None:
        return False
    amiss = False
    for cell in texts(block[found.plan.picture]).to_pylist():
        if cell and is_address(cell):
            web = is_web(cell)
            found.addresses += web
            found.elsewhere += not web
        elif cell:
            seen = found.places.seen(cell)
            amiss = amiss or seen is None
            found.pictures.update(f"{cell}\0{seen}\0".encode())
    return amiss


class _Rising:
    """Which of the columns that may be the key rise from row to row: they need no memory."""

    def __init__(self, plan: Plan) -> None:
        self._split = plan.split
        self.all_rise = dict.fromkeys(plan.keys, True)
        self.filled = dict.fromkeys(plan.keys, True)
        self._last: dict[str, str | None] = {}

    def begin(self, file: Path) -> None:
        if self._split is None:  # else the rows of one split lie in several files
            self._last = {}

    def add(self, block: Any) -> None:
        for name in self.all_rise:
            column = texts(block[name])
            self.filled[name] = self.filled[name] and not column.null_count
            if self.all_rise[name]:
                self.all_rise[name] = rises(column, self._last.get(name))
                self._last[name] = column[-1].as_py()


def _choose_key(found: Survey, rising: _Rising) -> bool:
    """Choose the key; whether the one that was named will not do."""
    for name in found.plan.keys:
        if rising.filled[name] and (rising.all_rise[name] or _unique(found, name)):
            found.key, found.key_rule = name, f"column {name!r}"
            return False
    if found.plan.keys and not found.plan.key_wanted:
        tried = ", ".join(map(repr, found.plan.keys))
        found.key_rule += f" (not unique in every row: {tried})"
    return found.plan.key_wanted


def _unique(found: Survey, name: str) -> bool:
    """Whether no value comes twice in a split. Memory: the column."""
    split = found.plan.split
    held: dict[str, list[Any]] = {}
    for file, of_file in found.files.items():
        names = [name] if split is None else [name, split]
        for block in found.kept.get(file) or found.columns(file, names):
            column = texts(block[name])
            for value in [of_file] if split is None else texts(block[split]).unique().to_pylist():
                kept = column if split is None else column.filter(pc.equal(block[split], value))
                held.setdefault(value or "", []).append(kept)
    whole = [pa.chunked_array(columns, pa.string()) for columns in held.values()]
    return all(pc.count_distinct(column).as_py() == len(column) for column in whole)


def _tell(found: Survey, where: str) -> None:
    """Raise one SourceError with every fault that the strict reader finds, if it finds any."""
    faults = FaultList()
    keys: dict[tuple[str, str], str] = {}
    for file, split in found.files.items():
        names = header(file, found.form, FaultList()) or []
        for line, cells in rows_of_length(file, found.form, len(names), faults):
            row = dict(zip(names, cells, strict=True))
            _check_row(found, f"{file.name} line {line}", split, row, keys, faults)
    faults.raise_if_any("the table cannot be dug", where, "Correct these")


def _check_row(
    found: Survey,
    place: str,
    split: str,
    row: Mapping[str, str],
    keys: dict[tuple[str, str], str],
    faults: FaultList,
) -> None:
    plan = found.plan
    if plan.split is not None:
        split = row[plan.split]
        if not split:
            faults.add(place, f"no split: {plan.split!r} is empty")
    if plan.key_wanted:
        key = row[plan.keys[0]]
        before = keys.setdefault((split, key), place)
        if not key:
            faults.add(place, f"no key: {plan.keys[0]!r} is empty")
        elif before != place:
            faults.add(place, f"the key {key!r} again (first in {before})")
    picture = row[plan.picture] if plan.picture else ""
    if picture and found.places and not is_address(picture) and not found.places.seen(picture):
        faults.add(place, f"{picture!r} leaves the folder")
