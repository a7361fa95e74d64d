"""Bringing an older catalog up to the schema of this version: ordered, named steps.

A published generation is never changed: the steps are taken on a copy, which becomes the next
generation. Nothing is read again, nothing that people joined is lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from excavate.errors import SiteError

VERSION = "SELECT schema_version FROM catalog_version"
SET_VERSION = "UPDATE catalog_version SET schema_version = ?"
KEEP_DOSSIERS = """
ALTER TABLE dataset ADD COLUMN dossier VARCHAR;
ALTER TABLE dataset ADD COLUMN withdrawn VARCHAR;
"""
TAKE_ADDED_LABELS = """
CREATE TABLE added_label (
    dataset_id VARCHAR NOT NULL, ordinal BIGINT NOT NULL, said_by VARCHAR NOT NULL,
    source VARCHAR NOT NULL, position BIGINT NOT NULL, annotator VARCHAR, value VARCHAR NOT NULL,
    category_id VARCHAR, count BIGINT NOT NULL
);
CREATE VIEW added_labels AS
SELECT i.item_id, i.dataset_id, i.split, a.source, a.said_by, a.annotator, a.value,
       a.category_id, c.name AS category, a.count, a.ordinal, a.position
FROM added_label a JOIN item i USING (dataset_id, ordinal)
LEFT JOIN category c ON c.dataset_id = a.dataset_id AND c.category_id = a.category_id;
CREATE TABLE taxonomy (
    taxonomy VARCHAR NOT NULL, source VARCHAR NOT NULL, revision VARCHAR NOT NULL,
    code_version VARCHAR NOT NULL, added_at TIMESTAMP NOT NULL
);
CREATE TABLE taxonomy_node (
    taxonomy VARCHAR NOT NULL, ordinal BIGINT NOT NULL, node_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL, extra VARCHAR
);
CREATE TABLE taxonomy_edge (
    taxonomy VARCHAR NOT NULL, child VARCHAR NOT NULL, parent VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);
"""


class Step(NamedTuple):
    """What turns the schema before `version` into it."""

    version: int
    name: str
    sql: str


STEPS = (
    Step(2, "datasets keep their dossier", KEEP_DOSSIERS),
    Step(3, "labels from elsewhere, and taxonomies", TAKE_ADDED_LABELS),
)
SCHEMA_VERSION = STEPS[-1].version


def refuse_newer(found: int, where: Path | str) -> None:
    """Raise SiteError where a catalog was made by a later version than this."""
    if found > SCHEMA_VERSION:
        what = f"catalog schema {found}, this version reads {SCHEMA_VERSION}"
        raise SiteError(what, str(where), "Use a newer version of excavate")


def bring_up(connection: Any, where: Path | str) -> list[str]:
    """Take the steps that a catalog lacks, all or none; the names of those taken.

    The connection writes on a copy. Raises SiteError where the catalog is newer than this.
    """
    [(found,)] = connection.execute(VERSION).fetchall()
    refuse_newer(found, where)
    taken = [step for step in STEPS if step.version > found]
    if taken:
        connection.execute("BEGIN")
        for step in taken:
            connection.execute(step.sql)
        connection.execute(SET_VERSION, [SCHEMA_VERSION])
        connection.execute("COMMIT")
    return [step.name for step in taken]
