"""Browsing the catalog: filters, sorting, pages of items, and the counts that menus show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

# What a person may sort by; nothing else ever reaches ORDER BY.
ORDERS = {
    "source": "i.dataset_id, i.ordinal",
    "key": "i.key, i.dataset_id, i.ordinal",
    "largest": "i.width::BIGINT * i.height DESC NULLS LAST, i.dataset_id, i.ordinal",
    "smallest": "i.width::BIGINT * i.height NULLS LAST, i.dataset_id, i.ordinal",
    "labels": "(SELECT count(*) FROM label l WHERE l.dataset_id = i.dataset_id"
    " AND l.ordinal = i.ordinal) DESC, i.dataset_id, i.ordinal",
}
MATCHING = """
FROM item i JOIN dataset d USING (dataset_id)
WHERE ($dataset IS NULL OR i.dataset_id = $dataset)
  AND ($split IS NULL OR i.split = $split)
  AND ($pixels IS NULL OR i.pixels = $pixels)
  AND ($field IS NULL OR ($state = 'empty') <> EXISTS (
        SELECT 1 FROM label l WHERE l.dataset_id = i.dataset_id AND l.ordinal = i.ordinal
        AND l.field = $field AND ($value IS NULL OR l.value = $value)))
  AND ($attribute IS NULL OR EXISTS (
        SELECT 1 FROM attribute a WHERE a.dataset_id = i.dataset_id AND a.ordinal = i.ordinal
        AND a.name = $attribute
        AND ($attribute_value IS NULL OR a.value = $attribute_value)))
  AND (NOT $faults OR EXISTS (
        SELECT 1 FROM fault f WHERE f.dataset_id = i.dataset_id AND f.ordinal = i.ordinal))
"""
SHOWN = (
    "SELECT i.item_id, i.dataset_id, d.revision, i.ordinal, i.split, i.key, i.width, i.height,"
    " i.pixels"
)
LABELS_OF = """
SELECT l.dataset_id, l.ordinal, l.field, l.value FROM label l
JOIN (SELECT unnest($datasets) AS dataset_id, unnest($ordinals) AS ordinal) w
  USING (dataset_id, ordinal)
ORDER BY l.dataset_id, l.ordinal, l.position
"""
ITEMS_AT = """
SELECT i.item_id, i.dataset_id, d.revision, i.ordinal, i.split, i.key, i.width, i.height,
       i.pixels
FROM item i JOIN dataset d USING (dataset_id)
JOIN (SELECT unnest($datasets) AS dataset_id, unnest($ordinals) AS ordinal) w
  ON w.dataset_id = i.dataset_id AND w.ordinal = i.ordinal
"""
ITEMS_NAMED = f"""
{SHOWN} FROM item i JOIN dataset d USING (dataset_id)
WHERE i.item_id IN (SELECT unnest($ids))
"""
LABEL_FIELDS = """
SELECT field, count(DISTINCT value) AS distinct_values, count(*) AS labels FROM label
WHERE ($dataset IS NULL OR dataset_id = $dataset) GROUP BY field ORDER BY labels DESC, field
"""
LABEL_VALUES = """
SELECT value, count(*) AS items FROM (
    SELECT DISTINCT dataset_id, ordinal, value FROM label
    WHERE field = $field AND ($dataset IS NULL OR dataset_id = $dataset))
GROUP BY value ORDER BY items DESC, value LIMIT $limit
"""
ATTRIBUTE_NAMES = """
SELECT name, count(DISTINCT value) AS distinct_values, count(value) AS stated, count(*) AS items
FROM attribute WHERE ($dataset IS NULL OR dataset_id = $dataset)
GROUP BY name ORDER BY name
"""
ATTRIBUTE_VALUES = """
SELECT value, count(*) AS items FROM (
    SELECT DISTINCT dataset_id, ordinal, value FROM attribute
    WHERE name = $name AND value IS NOT NULL AND ($dataset IS NULL OR dataset_id = $dataset))
GROUP BY value ORDER BY items DESC, value LIMIT $limit
"""
COUNT = "SELECT count(*) "
DATASETS = "SELECT dataset_id, items FROM dataset ORDER BY dug_at, dataset_id"
SPLITS = """
SELECT split, count(*) AS items FROM item WHERE ($dataset IS NULL OR dataset_id = $dataset)
GROUP BY split ORDER BY min(ordinal), split
"""
# One value an item, the first the source gives; the map can paint a point only once.
FIRST_LABELS = """
SELECT dataset_id, ordinal, arg_min(value, position) AS value, count(*) AS given
FROM label WHERE field = $name AND dataset_id IN (SELECT unnest($datasets))
GROUP BY dataset_id, ordinal
"""
FIRST_ATTRIBUTES = """
SELECT dataset_id, ordinal, first(value ORDER BY added, source) AS value, count(*) AS given
FROM attribute WHERE name = $name AND value IS NOT NULL
  AND dataset_id IN (SELECT unnest($datasets))
GROUP BY dataset_id, ordinal
"""
ITEM_SPLITS = """
SELECT dataset_id, ordinal, split AS value, 1 AS given FROM item
WHERE dataset_id IN (SELECT unnest($datasets)) AND $name IS NOT NULL
"""
# Every value an item has, in the source's order: for fields that give an item several.
ALL_LABELS = """
SELECT dataset_id, ordinal, value, min(position) AS place FROM label
WHERE field = $name AND dataset_id IN (SELECT unnest($datasets))
GROUP BY dataset_id, ordinal, value ORDER BY dataset_id, ordinal, place, value
"""
ALL_ATTRIBUTES = """
SELECT dataset_id, ordinal, value, min((added, source)) AS place FROM attribute
WHERE name = $name AND value IS NOT NULL AND dataset_id IN (SELECT unnest($datasets))
GROUP BY dataset_id, ordinal, value ORDER BY dataset_id, ordinal, place, value
"""
ITEM = """
SELECT i.*, d.title, d.source, d.source_revision, d.revision, d.licence AS dataset_licence,
       d.homepage, d.key_rule
FROM item i JOIN dataset d USING (dataset_id) WHERE i.item_id = $item_id
"""
OF_ITEM = {
    "labels": "SELECT field, value, category_id, said_by FROM label WHERE dataset_id = $dataset"
    " AND ordinal = $ordinal ORDER BY position",
    "regions": "SELECT r.position, r.kind, r.x, r.y, r.width, r.height, r.geometry, r.value,"
    " r.category_id, c.name AS category FROM region r LEFT JOIN category c"
    " ON c.dataset_id = r.dataset_id AND c.category_id = r.category_id"
    " WHERE r.dataset_id = $dataset AND r.ordinal = $ordinal ORDER BY r.position",
    "added_labels": "SELECT a.source, a.said_by, a.annotator, a.value, c.name AS category,"
    " a.count FROM added_label a LEFT JOIN category c"
    " ON c.dataset_id = a.dataset_id AND c.category_id = a.category_id"
    " WHERE a.dataset_id = $dataset AND a.ordinal = $ordinal"
    " ORDER BY a.source, a.said_by, a.position",
    "attributes": "SELECT name, value, said_by, source, added FROM attribute"
    " WHERE dataset_id = $dataset AND ordinal = $ordinal ORDER BY added, source, name",
    "faults": "SELECT reason, detail FROM fault WHERE dataset_id = $dataset"
    " AND ordinal = $ordinal ORDER BY reason, detail",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are wanted. None asks nothing. `state` 'empty' wants those without the label."""

    dataset: str | None = None
    split: str | None = None
    field: str | None = None
    value: str | None = None
    state: str = "given"
    attribute: str | None = None
    attribute_value: str | None = None
    pixels: str | None = None  # read, none or fault
    faults: bool = False


def count_items(cursor: Any, wanted: Filter) -> int:
    """How many items match."""
    return int(cursor.execute(COUNT + MATCHING, asdict(wanted)).fetchone()[0])


def browse_items(
    cursor: Any, wanted: Filter, order: str = "source", limit: int = 48, offset: int = 0
) -> DataFrame:
    """One page of matching items: item_id, dataset_id, revision, ordinal, split, key, width,
    height, pixels, and `labels` as a list of (field, value) in the source's order."""
    sql = f"{SHOWN} {MATCHING} ORDER BY {ORDERS[order]} LIMIT $limit OFFSET $offset"
    bound = {**asdict(wanted), "limit": limit, "offset": offset}
    return with_labels(cursor, cursor.execute(sql, bound).df())


def items_at(cursor: Any, datasets: Sequence[str], ordinals: Sequence[int]) -> DataFrame:
    """The items at (dataset, ordinal) pairs, in the order asked; columns as browse_items."""
    import pandas as pd

    asked = pd.DataFrame({"dataset_id": list(datasets), "ordinal": [int(o) for o in ordinals]})
    found = cursor.execute(ITEMS_AT, _pairs(asked)).df()
    if asked.empty:
        return with_labels(cursor, found)
    return with_labels(cursor, asked.merge(found, on=["dataset_id", "ordinal"], how="inner"))


def items_named(cursor: Any, item_ids: Sequence[str]) -> DataFrame:
    """The items of these ids, in the order asked, without those that are not there."""
    found = cursor.execute(ITEMS_NAMED, {"ids": list(dict.fromkeys(item_ids))}).df()
    place = {item_id: at for at, item_id in enumerate(item_ids)}
    ordered = found.sort_values("item_id", key=lambda ids: ids.map(place), ignore_index=True)
    return with_labels(cursor, ordered)


def with_labels(cursor: Any, items: DataFrame) -> DataFrame:
    """The items with a column `labels`: (field, value) pairs in the source's order."""
    given: dict[tuple[str, int], list[tuple[str, str]]] = {}
    if len(items):
        for dataset, ordinal, field, value in cursor.execute(LABELS_OF, _pairs(items)).fetchall():
            given.setdefault((dataset, ordinal), []).append((field, value))
    keys = zip(items["dataset_id"], items["ordinal"], strict=True)
    return items.assign(labels=[given.get((d, int(o)), []) for d, o in keys])


def datasets(cursor: Any) -> DataFrame:
    """The datasets: dataset_id, items."""
    return cursor.execute(DATASETS).df()


def label_fields(cursor: Any, dataset: str | None = None) -> DataFrame:
    """The source's label fields: field, distinct_values, labels."""
    return cursor.execute(LABEL_FIELDS, {"dataset": dataset}).df()


def label_values(
    cursor: Any, field: str, dataset: str | None = None, limit: int = 500
) -> DataFrame:
    """The values of one label field by how many items carry them: value, items."""
    bound = {"field": field, "dataset": dataset, "limit": limit}
    return cursor.execute(LABEL_VALUES, bound).df()


def attribute_names(cursor: Any, dataset: str | None = None) -> DataFrame:
    """Attribute names: name, distinct_values, stated, items."""
    return cursor.execute(ATTRIBUTE_NAMES, {"dataset": dataset}).df()


def attribute_values(
    cursor: Any, name: str, dataset: str | None = None, limit: int = 500
) -> DataFrame:
    """The values of one attribute by how many items carry them: value, items."""
    bound = {"name": name, "dataset": dataset, "limit": limit}
    return cursor.execute(ATTRIBUTE_VALUES, bound).df()


def splits(cursor: Any, dataset: str | None = None) -> DataFrame:
    """The splits: split, items."""
    return cursor.execute(SPLITS, {"dataset": dataset}).df()


FIRST_VALUES: Mapping[str, str] = {
    "label": FIRST_LABELS,
    "attribute": FIRST_ATTRIBUTES,
    "split": ITEM_SPLITS,
}


def first_values(cursor: Any, kind: str, name: str, datasets: Sequence[str]) -> DataFrame:
    """One value an item, of a label field, an attribute or the split (a key of FIRST_VALUES).

    Columns dataset_id, ordinal, value, given (how many the source gave); items without: no row.
    """
    return cursor.execute(FIRST_VALUES[kind], {"name": name, "datasets": list(datasets)}).df()


ALL_VALUES: Mapping[str, str] = {"label": ALL_LABELS, "attribute": ALL_ATTRIBUTES}


def all_values(cursor: Any, kind: str, name: str, datasets: Sequence[str]) -> DataFrame:
    """Every value an item has of a label field or an attribute (a key of ALL_VALUES), each once.

    Columns dataset_id, ordinal, value; an item's values stand in the source's order.
    """
    found = cursor.execute(ALL_VALUES[kind], {"name": name, "datasets": list(datasets)}).df()
    return found[["dataset_id", "ordinal", "value"]]


def one_item(cursor: Any, item_id: str) -> dict[str, Any] | None:
    """Everything the catalog says of one item and its dataset; None where it holds none.

    Lists of rows stand under `labels`, `added_labels`, `regions`, `attributes`, `faults`.
    """
    rows = _rows(cursor.execute(ITEM, {"item_id": item_id}))
    if not rows:
        return None
    place = {"dataset": rows[0]["dataset_id"], "ordinal": rows[0]["ordinal"]}
    found = {name: _rows(cursor.execute(sql, place)) for name, sql in OF_ITEM.items()}
    return {**rows[0], **found}


def _rows(result: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _pairs(items: DataFrame) -> dict[str, list[Any]]:
    return {
        "datasets": items["dataset_id"].tolist(),
        "ordinals": [int(o) for o in items["ordinal"]],
    }
