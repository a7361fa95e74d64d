"""How many items of a dataset, or of one split, have each value: of a label field, an attribute."""

from __future__ import annotations

from typing import Any

LABELS = """
SELECT l.value, count(DISTINCT l.ordinal) AS items
FROM label l JOIN item i USING (dataset_id, ordinal)
WHERE l.dataset_id = $dataset AND l.field = $name AND ($split IS NULL OR i.split = $split)
GROUP BY l.value ORDER BY items DESC, l.value
"""
ATTRIBUTES = """
SELECT a.value, count(DISTINCT a.ordinal) AS items
FROM attribute a JOIN item i USING (dataset_id, ordinal)
WHERE a.dataset_id = $dataset AND a.name = $name AND a.value IS NOT NULL
  AND ($split IS NULL OR i.split = $split)
GROUP BY a.value ORDER BY items DESC, a.value
"""
NAMES = """
SELECT 'label' AS kind, field AS name, count(DISTINCT ordinal) AS items FROM label
WHERE dataset_id = $dataset GROUP BY field
UNION ALL
SELECT 'attribute', name, count(DISTINCT ordinal) FROM attribute
WHERE dataset_id = $dataset AND value IS NOT NULL GROUP BY name
ORDER BY kind DESC, items DESC, name
"""
SPREAD = """
SELECT ordinal FROM (
    SELECT ordinal, row_number() OVER (ORDER BY ordinal) - 1 AS place FROM item
    WHERE dataset_id = $dataset AND ($split IS NULL OR split = $split))
WHERE place % $step = 0 ORDER BY ordinal LIMIT $few
"""
COLUMNS = {"label": LABELS, "attribute": ATTRIBUTES}


def column_names(cursor: Any, dataset: str) -> list[str]:
    """`label:FIELD` and `attribute:NAME` of all that is said of a dataset's items, labels first,
    those said of most items before others."""
    found = cursor.execute(NAMES, {"dataset": dataset}).fetchall()
    return [f"{kind}:{name}" for kind, name, _items in found]


def items_by_value(cursor: Any, dataset: str, split: str | None, column: str) -> dict[str, int]:
    """{value: items that have it} of a column (see column_names), the most frequent first."""
    kind, _colon, name = column.partition(":")
    bound = {"dataset": dataset, "split": split, "name": name}
    return dict(cursor.execute(COLUMNS[kind], bound).fetchall())


def spread_ordinals(
    cursor: Any, dataset: str, split: str | None, items: int, few: int
) -> list[int]:
    """A few of the `items` of a dataset or split, evenly through the source's order."""
    step = max(1, items // few)
    bound = {"dataset": dataset, "split": split, "step": step, "few": few}
    return [ordinal for (ordinal,) in cursor.execute(SPREAD, bound).fetchall()]
