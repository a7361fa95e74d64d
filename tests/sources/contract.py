"""What every source keeps to, whatever its format. `check` raises AssertionError if one fails."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from excavate.errors import SourceError
from excavate.model import (
    ATTRIBUTE_COLUMNS,
    ITEM_COLUMNS,
    LABEL_COLUMNS,
    REGION_COLUMNS,
    REGION_KINDS,
    SAID_BY,
    Batch,
    Source,
    SourceOptions,
)

SCHEMAS = {
    "items": ITEM_COLUMNS,
    "labels": LABEL_COLUMNS,
    "regions": REGION_COLUMNS,
    "attributes": ATTRIBUTE_COLUMNS,
}
Whole = dict[str, list[dict[str, Any]]]


def check(make: Callable[[SourceOptions], Source]) -> None:
    """Check a source that `make` opens anew each time."""
    source = make(SourceOptions())
    batches = list(source.batches(1000))
    whole = joined(batches)
    assert whole["items"], "a fixture without items says nothing"
    check_tables(batches)
    check_description(source, make(SourceOptions()), whole)
    check_order(make, whole)
    check_values(source, whole)
    check_splits(make, source, whole)


def joined(batches: Iterable[Batch]) -> Whole:
    """All rows of the batches, `row` counted through."""
    whole: Whole = {name: [] for name in SCHEMAS}
    for batch in batches:
        before = len(whole["items"])
        for name, rows in whole.items():
            for record in getattr(batch, name).to_pylist():
                rows.append(record | ({} if name == "items" else {"row": record["row"] + before}))
    return whole


def check_tables(batches: list[Batch]) -> None:
    """Schemas to the letter, no null where none may be, rows in order and within the batch."""
    for batch in batches:
        for name, schema in SCHEMAS.items():
            table: pa.Table = getattr(batch, name)
            assert table.schema.equals(schema), name
            table.validate(full=True)
            assert not [f.name for f in schema if not f.nullable and table[f.name].null_count]
            if name != "items":
                rows = table["row"].to_pylist()
                assert rows == sorted(rows)
                assert all(0 <= row < len(batch) for row in rows)


def check_description(source: Source, again: Source, whole: Whole) -> None:
    """Said the same twice; the count is right; the root is absolute."""
    said = source.describe()
    assert said == again.describe()
    assert said.fingerprint
    assert said.key_rule
    check_name(said.dataset_id)
    assert said.count in (None, len(whole["items"]))
    assert said.root is None or Path(said.root).is_absolute()


def check_name(dataset_id: str) -> None:
    """An id that a dig accepts: small letters of any script in NFC, digits, '.', '-' and '_'."""
    assert re.fullmatch(r"[^\W_][\w.-]{0,63}", dataset_id), dataset_id
    assert unicodedata.normalize("NFC", dataset_id).lower() == dataset_id


def check_order(make: Callable[[SourceOptions], Source], whole: Whole) -> None:
    """Any batch size gives the same; starting at n is skipping n; so does reading twice."""
    source = make(SourceOptions())
    for size in (1, 2, 3, 7):
        batches = list(source.batches(size))
        assert all(0 < len(batch) <= size for batch in batches)
        assert joined(batches) == whole
    count = len(whole["items"])
    for start in {0, 1, 2, count // 2, count - 1, count, count + 5}:
        assert joined(make(SourceOptions()).batches(2, start)) == later(whole, start)


def later(whole: Whole, start: int) -> Whole:
    """The rows from item `start` on."""
    found: Whole = {"items": whole["items"][start:]}
    for name in ("labels", "regions", "attributes"):
        kept = [record for record in whole[name] if record["row"] >= start]
        found[name] = [record | {"row": record["row"] - start} for record in kept]
    return found


def check_values(source: Source, whole: Whole) -> None:
    """Keys are unique, categories exist, paths stay below the root, JSON is JSON."""
    keys = [(item["split"], item["key"]) for item in whole["items"]]
    assert len(set(keys)) == len(keys)
    categories = source.categories()
    ids = [category.category_id for category in categories]
    assert len(set(ids)) == len(ids)
    assert {parent for c in categories for parent in c.parents} <= set(ids)
    referred = {record["category_id"] for name in ("labels", "regions") for record in whole[name]}
    assert referred - {None} <= set(ids)
    root = source.describe().root
    for item in whole["items"]:
        assert not (item["path"] and (root is None or not within(root, item["path"])))
        assert item["path"] or not item["part"]
        assert not item["mode"] or len(item["content"]) == item["width"] * item["height"]
    for region in whole["regions"]:
        assert region["kind"] in REGION_KINDS
        assert region["kind"] == "box" or json.loads(region["geometry"])
        assert region["extra"] is None or json.loads(region["extra"])
    for record in (*whole["labels"], *whole["attributes"]):
        assert record["said_by"] in SAID_BY


def within(root: str, path: str) -> bool:
    """Whether a path stays below the root, links followed."""
    return (Path(root) / path).resolve().is_relative_to(Path(root))


def check_splits(make: Callable[[SourceOptions], Source], source: Source, whole: Whole) -> None:
    """Each split alone is that part of the whole; one that is not there is named, with those."""
    names = list(dict.fromkeys(item["split"] for item in whole["items"]))
    parts = [joined(make(SourceOptions(split=n)).batches(4))["items"] for n in names]
    assert [item for part in parts for item in part] == whole["items"]
    with pytest.raises(SourceError, match="no split 'nope'") as refused:
        make(SourceOptions(split="nope")).describe()
    assert names == ["all"] or all(name in str(refused.value) for name in names)
