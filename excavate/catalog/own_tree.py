"""A dataset's own categories as a taxonomy, and the labels that name a node of it."""

from __future__ import annotations

from typing import Any

from excavate.catalog.taxonomy_reading import Taxonomy
from excavate.catalog.tree import circles, tree_of
from excavate.errors import ExcavateError, NotFoundError

DATASET = "SELECT revision FROM dataset WHERE dataset_id = ?"
NODES = """
SELECT category_id, name FROM category WHERE dataset_id = ? ORDER BY ordinal, category_id
"""
EDGES = """
SELECT DISTINCT c.place, p.place FROM category_parent e
JOIN (SELECT category_id, row_number() OVER (ORDER BY ordinal, category_id) - 1 AS place
      FROM category WHERE dataset_id = $1) c ON c.category_id = e.category_id
JOIN (SELECT category_id, row_number() OVER (ORDER BY ordinal, category_id) - 1 AS place
      FROM category WHERE dataset_id = $1) p ON p.category_id = e.parent_id
WHERE e.dataset_id = $1 ORDER BY ALL
"""
# What is said of how many items, by whether it names a category of the dataset.
SAID = """
SELECT field, value, category_id, count(DISTINCT ordinal) AS items FROM label
WHERE dataset_id = ? GROUP BY ALL ORDER BY field, value, category_id
"""
# Each item with the number of what is said of it, in the order of SAID.
SAID_OF = """
WITH said AS (
    SELECT field, value, category_id, row_number() OVER (ORDER BY field, value, category_id) - 1
        AS place
    FROM (SELECT DISTINCT field, value, category_id FROM label WHERE dataset_id = $1)
)
SELECT DISTINCT l.ordinal, s.place FROM label l JOIN said s ON s.field = l.field
    AND s.value = l.value AND s.category_id IS NOT DISTINCT FROM l.category_id
WHERE l.dataset_id = $1 ORDER BY ALL
"""
GROWN = "SELECT DISTINCT dataset_id FROM category_parent"
LABELLED = "SELECT 1 FROM label WHERE dataset_id = ? LIMIT 1"
EXTRA_OWN = "SELECT extra FROM category WHERE dataset_id = $1 AND category_id = $2"
EXTRA = "SELECT extra FROM taxonomy_node WHERE taxonomy = $1 AND node_id = $2"


def own_taxonomy(cursor: Any, dataset: str) -> Taxonomy:
    """The categories of a dataset with their edges; its name is the dataset's.

    Raises NotFoundError where the site has no such dataset, or it declares no categories;
    ExcavateError where a category lies below itself.
    """
    found = cursor.execute(DATASET, [dataset]).fetchall()
    if not found:
        raise NotFoundError("no such dataset in this site", dataset, "See excavate show")
    nodes = cursor.execute(NODES, [dataset]).fetchall()
    if not nodes:
        todo = "Hold its labels against a taxonomy on its own instead"
        raise NotFoundError("this dataset declares no categories", dataset, todo)
    edges = cursor.execute(EDGES, [dataset]).fetchall()
    ids, names = [row[0] for row in nodes], [row[1] for row in nodes]
    try:
        tree = tree_of(len(nodes), edges)
    except ValueError as error:
        circle = " > ".join(ids[node] for node in circles(len(nodes), edges)[0])
        raise ExcavateError("a category lies below itself", circle, "Mend the source") from error
    return Taxonomy(dataset, "", found[0][0], ids, names, {}, tree, 0, False)


def grown(cursor: Any) -> set[str]:
    """The datasets whose categories lie below one another."""
    return {name for (name,) in cursor.execute(GROWN).fetchall()}


def extra_of(cursor: Any, tree: str, node: str, *, own: bool) -> str | None:
    """What the source says of a node besides, as JSON text; None where it says nothing."""
    found = cursor.execute(EXTRA_OWN if own else EXTRA, [tree, node]).fetchall()
    return found[0][0] if found else None
