"""The catalog's tables as frames: what notebooks, the command line and measures start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

DATASETS = """
SELECT d.dataset_id, d.title, d.source, d.options, d.revision, d.source_revision, d.key_rule,
       d.licence, d.homepage, d.citation, d.root, d.items, d.code_version, d.dug_at,
       d.dossier, d.withdrawn,
       (SELECT count(*) FROM item i WHERE i.dataset_id = d.dataset_id AND i.pixels = 'read')
           AS with_pixels,
       (SELECT count(*) FROM label l WHERE l.dataset_id = d.dataset_id) AS labels,
       (SELECT count(*) FROM category c WHERE c.dataset_id = d.dataset_id) AS categories,
       (SELECT count(*) FROM region r WHERE r.dataset_id = d.dataset_id) AS regions,
       (SELECT count(*) FROM attribute a WHERE a.dataset_id = d.dataset_id) AS attributes,
       (SELECT count(*) FROM added_label l WHERE l.dataset_id = d.dataset_id) AS added_labels,
       (SELECT count(*) FROM fault f WHERE f.dataset_id = d.dataset_id) AS faults
FROM dataset d ORDER BY d.dug_at, d.dataset_id
"""
SPLITS = """
SELECT dataset_id, split, count(*) AS items FROM item GROUP BY ALL
ORDER BY dataset_id, min(ordinal)
"""
FAULT_REASONS = """
SELECT dataset_id, reason, count(*) AS faults FROM fault GROUP BY ALL ORDER BY ALL
"""
ADDED_SETS = """
SELECT dataset_id, source, said_by, count(DISTINCT ordinal) AS items, count(*) AS labels,
       sum(count)::BIGINT AS judgements, count(DISTINCT annotator) AS annotators
FROM added_label GROUP BY ALL ORDER BY ALL
"""
TAXONOMIES = """
SELECT taxonomy AS name, source, revision, added_at,
       (SELECT count(*) FROM taxonomy_node n WHERE n.taxonomy = t.taxonomy) AS nodes,
       (SELECT count(*) FROM taxonomy_edge e WHERE e.taxonomy = t.taxonomy) AS edges
FROM taxonomy t ORDER BY name
"""
TAXONOMY_NODES = """
SELECT n.node_id, n.name,
       coalesce(list(e.parent ORDER BY p.ordinal) FILTER (e.kind = 'is-a'), []) AS parents,
       coalesce(list(e.parent ORDER BY p.ordinal) FILTER (e.kind = 'part'), []) AS part_of,
       n.extra
FROM taxonomy_node n
LEFT JOIN taxonomy_edge e ON e.taxonomy = n.taxonomy AND e.child = n.node_id
LEFT JOIN taxonomy_node p ON p.taxonomy = e.taxonomy AND p.node_id = e.parent
WHERE n.taxonomy = $1 GROUP BY n.ordinal, n.node_id, n.name, n.extra ORDER BY n.ordinal
"""
# $1 is a dataset_id, or NULL for all of them.
FRAMES = {
    "items": """
SELECT * FROM items WHERE $1 IS NULL OR dataset_id = $1 ORDER BY dataset_id, ordinal""",
    "labels": """
SELECT * FROM labels WHERE $1 IS NULL OR dataset_id = $1
ORDER BY dataset_id, ordinal, position""",
    "regions": """
SELECT * FROM regions WHERE $1 IS NULL OR dataset_id = $1
ORDER BY dataset_id, ordinal, position""",
    "attributes": """
SELECT * FROM attributes WHERE $1 IS NULL OR dataset_id = $1
ORDER BY dataset_id, ordinal, added, source, name""",
    "added_labels": """
SELECT * FROM added_labels WHERE $1 IS NULL OR dataset_id = $1
ORDER BY dataset_id, ordinal, source, said_by, position""",
    "faults": """
SELECT * FROM faults WHERE $1 IS NULL OR dataset_id = $1 ORDER BY dataset_id, ordinal, reason""",
    "categories": """
SELECT dataset_id, category_id, name, extra FROM category
WHERE $1 IS NULL OR dataset_id = $1 ORDER BY dataset_id, ordinal""",
    "category_parents": """
SELECT * FROM category_parent WHERE $1 IS NULL OR dataset_id = $1 ORDER BY ALL""",
}
THUMBNAIL = """
SELECT t.webp, i.sha256 FROM thumbnail t
JOIN item i ON i.dataset_id = t.dataset_id AND i.ordinal = t.ordinal
JOIN dataset d ON d.dataset_id = t.dataset_id
WHERE t.dataset_id = $1 AND t.ordinal = $2 AND d.revision = $3
  AND i.dataset_id = $1 AND i.ordinal = $2
"""
ITEM_PLACE = """
SELECT i.dataset_id, i.ordinal, i.sha256, i.format, i.path, i.part, d.root, d.revision
FROM item i JOIN dataset d USING (dataset_id) WHERE i.item_id = ?
"""
REVISIONS = "SELECT dataset_id, revision, root FROM dataset ORDER BY dug_at, dataset_id"


def datasets(cursor: Any) -> DataFrame:
    """One row a dataset, with its counts, `splits` and `fault_reasons` as {name: count}."""
    frame = cursor.execute(DATASETS).df()
    for column, sql in (("splits", SPLITS), ("fault_reasons", FAULT_REASONS)):
        counted: dict[str, dict[str, int]] = {}
        for dataset_id, name, count in cursor.execute(sql).fetchall():
            counted.setdefault(dataset_id, {})[name] = count
        frame[column] = [counted.get(d, {}) for d in frame["dataset_id"]]
    return frame


def frame(cursor: Any, name: str, dataset_id: str | None) -> DataFrame:
    """The rows of one view (a key of FRAMES), of one dataset or of all, in source order."""
    return cursor.execute(FRAMES[name], [dataset_id]).df()


def added_sets(cursor: Any) -> DataFrame:
    """Labels from elsewhere by set: dataset_id, source, said_by, items, labels, judgements,
    annotators."""
    return cursor.execute(ADDED_SETS).df()


def taxonomies(cursor: Any) -> DataFrame:
    """The taxonomies on their own: name, source, revision, added_at, nodes, edges."""
    return cursor.execute(TAXONOMIES).df()


def taxonomy_nodes(cursor: Any, name: str) -> DataFrame:
    """The nodes of one taxonomy in its order: node_id, name, parents, part_of, extra."""
    return cursor.execute(TAXONOMY_NODES, [name]).df()


def revisions(cursor: Any) -> dict[str, str]:
    """{dataset_id: revision}, in the order they were dug."""
    return {d: revision for d, revision, _ in cursor.execute(REVISIONS).fetchall()}
