"""Verifying a dataset in a catalog that is being built: what must hold before it is published."""

from __future__ import annotations

import hashlib
from typing import Any

from excavate.errors import FaultList, SourceError

DUPLICATES = """
SELECT item_id, count(*) FROM item WHERE dataset_id = ?
GROUP BY item_id HAVING count(*) > 1 ORDER BY min(ordinal)
"""
UNKNOWN_CATEGORIES = """
SELECT l.category_id, i.item_id FROM label l
JOIN item i USING (dataset_id, ordinal)
LEFT JOIN category c ON c.dataset_id = l.dataset_id AND c.category_id = l.category_id
WHERE l.dataset_id = ? AND l.category_id IS NOT NULL AND c.category_id IS NULL
ORDER BY l.ordinal, l.position LIMIT 1000
"""
UNKNOWN_PARENTS = """
SELECT p.category_id, p.parent_id FROM category_parent p
LEFT JOIN category c ON c.dataset_id = p.dataset_id AND c.category_id = p.parent_id
WHERE p.dataset_id = ? AND c.category_id IS NULL ORDER BY ALL LIMIT 1000
"""
USABLE = """
SELECT count(*) FILTER (pixels <> 'fault'), count(*) FROM item WHERE dataset_id = ?
"""
FIRST_FAULTS = """
SELECT i.item_id, f.reason, f.detail FROM fault f JOIN item i USING (dataset_id, ordinal)
WHERE f.dataset_id = ? ORDER BY f.ordinal LIMIT 20
"""
# A hair's breadth is rounding in the source, not a box off the picture. What is no box is judged
# by the box around it; a point has none but its place.
OFF_PICTURE = """
INSERT INTO fault
SELECT r.dataset_id, r.ordinal, 'region-off-picture',
    CASE r.kind
        WHEN 'point' THEN format('region {}: a point at x {} y {} on a picture of {} x {}',
            r.position, r.x, r.y, i.width, i.height)
        ELSE format('region {}: {} x {} y {} width {} height {} on a picture of {} x {}',
            r.position, r.kind, r.x, r.y, r.width, r.height, i.width, i.height) END
FROM region r JOIN item i USING (dataset_id, ordinal)
WHERE r.dataset_id = ? AND i.width IS NOT NULL AND r.x IS NOT NULL
  AND (r.x < -0.01 OR r.y < -0.01
       OR r.x + r.width > i.width + 0.01 OR r.y + r.height > i.height + 0.01)
ORDER BY r.ordinal, r.position
"""
MASK_MISSING = """
INSERT INTO fault
SELECT dataset_id, ordinal, 'mask-missing',
    format('region {}: {}', position, json_extract_string(extra, '$.mask_missing'))
FROM region
WHERE dataset_id = ? AND json_extract_string(extra, '$.mask_missing') IS NOT NULL
ORDER BY ordinal, position
"""
# Each row as one line of JSON: nulls explicit, numbers in their shortest form.
CONTENT = (
    """SELECT to_json([item_id, sha256, pixels, width::VARCHAR, height::VARCHAR, licence, creator,
        source_url]) FROM item WHERE dataset_id = ? ORDER BY ordinal""",
    """SELECT to_json([ordinal::VARCHAR, field, value, category_id, said_by])
    FROM label WHERE dataset_id = ? ORDER BY ordinal, position""",
    """SELECT to_json([ordinal::VARCHAR, kind, x::VARCHAR, y::VARCHAR, width::VARCHAR,
        height::VARCHAR, geometry, value, category_id, extra])
    FROM region WHERE dataset_id = ? ORDER BY ordinal, position""",
    """SELECT to_json([ordinal::VARCHAR, name, value, said_by, source])
    FROM attribute WHERE dataset_id = ? AND NOT added ORDER BY ordinal, name, source, value""",
    """SELECT to_json([category_id, name, extra])
    FROM category WHERE dataset_id = ? ORDER BY ordinal""",
    """SELECT to_json([category_id, parent_id])
    FROM category_parent WHERE dataset_id = ? ORDER BY ALL""",
)


def verify(connection: Any, dataset_id: str, source: str) -> None:
    """Raise one SourceError with all that must not be published. Spills rather than grows."""
    faults = FaultList()
    for item_id, count in _rows(connection, DUPLICATES, dataset_id):
        faults.add(item_id, f"this key stands {count} times")
    for category, item_id in _rows(connection, UNKNOWN_CATEGORIES, dataset_id):
        faults.add(item_id, f"names a category that the taxonomy lacks ({category})")
    for category, parent in _rows(connection, UNKNOWN_PARENTS, dataset_id):
        faults.add(f"category {category}", f"names a parent that the taxonomy lacks ({parent})")
    faults.raise_if_any("faults in the index", source, "Mend the source; nothing was changed")
    _refuse_unusable(connection, dataset_id, source)


def record_faulty_regions(connection: Any, dataset_id: str) -> None:
    """A fault row for each region that crosses the picture's edge, or whose mask is missing.

    The regions themselves stay verbatim.
    """
    connection.execute(OFF_PICTURE, [dataset_id])
    connection.execute(MASK_MISSING, [dataset_id])


def revision(connection: Any, dataset_id: str) -> str:
    """sha256 over all that the source said of this dataset, in order. Streams; O(rows)."""
    digest = hashlib.sha256()
    for number, sql in enumerate(CONTENT):
        digest.update(f"{number}\n".encode())
        cursor = connection.cursor()
        cursor.execute(sql, [dataset_id])
        while rows := cursor.fetchmany(10_000):
            digest.update("".join(f"{line}\n" for (line,) in rows).encode())
    return digest.hexdigest()


def _refuse_unusable(connection: Any, dataset_id: str, source: str) -> None:
    usable, count = connection.execute(USABLE, [dataset_id]).fetchone()
    if not count:
        raise SourceError("no items found", source, "Check the path, and --split if it was given")
    if not usable:
        faults = FaultList()
        for item_id, reason, detail in _rows(connection, FIRST_FAULTS, dataset_id):
            faults.add(item_id, f"{reason}: {detail}")
        faults.raise_if_any(f"none of {count} items can be used", source, "Nothing was changed")


def _rows(connection: Any, sql: str, dataset_id: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(sql, [dataset_id]).fetchall()
    return found
