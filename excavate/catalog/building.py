"""Building a generation aside, resumably, and publishing it when it has been verified.

The file being built carries every other dataset of the current generation over, then takes the
new dataset batch by batch, one transaction each. A dig that was cut off finds the file again and
goes on after the last committed item. Nothing a reader can see changes before `publish`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.catalog.folder import SiteFolder, replace_text
from excavate.catalog.opening import connect, schema
from excavate.errors import SiteError
from excavate.model import Batch, Category

TABLES = (
    "dataset", "item", "thumbnail", "category", "category_parent",
    "label", "region", "attribute", "added_label", "fault",
)  # fmt: skip
TAXONOMIES = ("taxonomy", "taxonomy_node", "taxonomy_edge")  # of no dataset, carried whole
ANNOUNCED = ".publishing"  # holds the name of the generation that is about to be current
TUNING = (
    "SET threads = 1",
    "SET memory_limit = '400MB'",  # DuckDB spills beyond it: flat in the number of items
    "SET wal_autocheckpoint = '64MB'",  # the default rewrites a half-full row group too often
)

BEGIN = "INSERT INTO building VALUES (?, 0, NULL)"
ATTACH = "ATTACH '{file}' AS older (READ_ONLY)"  # a file's name cannot be bound
IDENTITY = "SELECT identity FROM building"
ITEMS_DONE = "SELECT items_done FROM building"
SET_ITEMS_DONE = "UPDATE building SET items_done = ?"
CARRIED = "SELECT carried FROM building"
SET_CARRIED = "UPDATE building SET carried = ?"
FORGET_CATEGORIES = (
    "DELETE FROM category WHERE dataset_id = ?",
    "DELETE FROM category_parent WHERE dataset_id = ?",
)
INSERT_ITEMS = """
INSERT INTO item SELECT $1, ordinal, $1 || '/' || split || '/' || key, split, key, sha256,
    width, height, format, pixels, path, part, licence, creator, source_url FROM arriving
"""
INSERT_THUMBNAILS = """
INSERT INTO thumbnail SELECT ?, ordinal, lossless, webp FROM arriving
WHERE webp IS NOT NULL
"""
INSERT_FAULTS = """
INSERT INTO fault SELECT ?, ordinal, reason, detail FROM arriving
WHERE reason IS NOT NULL
"""
INSERT_LABELS = """
INSERT INTO label SELECT ?, ordinal, position, field, value, category_id, said_by FROM arriving
"""
INSERT_REGIONS = """
INSERT INTO region SELECT ?, ordinal, position, kind, x, y, width, height, geometry, value,
    category_id, extra FROM arriving
"""
INSERT_ATTRIBUTES = """
INSERT INTO attribute SELECT ?, ordinal, name, value, said_by, source, false FROM arriving
"""
INSERTS = {
    "item": (INSERT_ITEMS, INSERT_THUMBNAILS, INSERT_FAULTS),
    "label": (INSERT_LABELS,),
    "region": (INSERT_REGIONS,),
    "attribute": (INSERT_ATTRIBUTES,),
}
LEFT_BEHIND = """
SELECT count(*) FILTER (kind = 'attribute'), count(*) FILTER (kind = 'label') FROM (
    SELECT dataset_id, ordinal, 'attribute' AS kind FROM older.attribute WHERE added
    UNION ALL SELECT dataset_id, ordinal, 'label' FROM older.added_label
) a
JOIN older.item o ON o.dataset_id = a.dataset_id AND o.ordinal = a.ordinal
LEFT JOIN item i ON i.item_id = o.item_id
WHERE a.dataset_id = ? AND i.item_id IS NULL
"""
FORGET_ADDED = (
    "DELETE FROM attribute WHERE dataset_id = ? AND added",
    "DELETE FROM added_label WHERE dataset_id = ?",
)
FORGET_OTHERS = {t: f"DELETE FROM {t} WHERE dataset_id <> ?" for t in TABLES}  # noqa: S608
CARRY_OTHERS = {
    t: f"INSERT INTO {t} SELECT * FROM older.{t} WHERE dataset_id <> ?"  # noqa: S608
    for t in TABLES
}
CARRY_ADDED = (
    """
INSERT INTO attribute SELECT a.dataset_id, i.ordinal, a.name, a.value, a.said_by, a.source, true
FROM older.attribute a
JOIN older.item o ON o.dataset_id = a.dataset_id AND o.ordinal = a.ordinal
JOIN item i ON i.item_id = o.item_id
WHERE a.dataset_id = ? AND a.added ORDER BY i.ordinal, a.source, a.name, a.value
""",
    # A category that the dataset no longer has is let go; what was said stays verbatim.
    """
INSERT INTO added_label
SELECT a.dataset_id, i.ordinal, a.said_by, a.source, a.position, a.annotator, a.value,
    c.category_id, a.count
FROM older.added_label a
JOIN older.item o ON o.dataset_id = a.dataset_id AND o.ordinal = a.ordinal
JOIN item i ON i.item_id = o.item_id
LEFT JOIN category c ON c.dataset_id = a.dataset_id AND c.category_id = a.category_id
WHERE a.dataset_id = ? ORDER BY i.ordinal, a.source, a.said_by, a.position
""",
)
FORGET_TAXONOMIES = {t: f"DELETE FROM {t}" for t in TAXONOMIES}  # noqa: S608
CARRY_TAXONOMIES = {t: f"INSERT INTO {t} SELECT * FROM older.{t}" for t in TAXONOMIES}  # noqa: S608
INSERT_CATEGORY = "INSERT INTO category VALUES (?, ?, ?, ?, ?)"
INSERT_PARENT = "INSERT INTO category_parent VALUES (?, ?, ?)"


class Building:
    """One dataset's way into a new generation of one site. Use under the site's lock.

    The file is the dataset's own, so another dig does not undo one that was cut off.
    """

    def __init__(self, folder: SiteFolder, dataset_id: str, identity: dict[str, Any]) -> None:
        self.folder, self.dataset_id = folder, dataset_id
        self.file = folder.path / f".building-{dataset_id}.duckdb"
        self._identity = json.dumps(identity, sort_keys=True)
        self.connection = self._resumed() or self._begun()
        self.items_done: int = self._one(ITEMS_DONE)

    def add(self, run: Sequence[tuple[Batch, pa.Table]]) -> None:
        """Commit batches with what was read of their pictures, in one transaction."""
        rows = _arriving(self.items_done, run)
        done = self.items_done + rows["item"].num_rows
        with self._transaction():
            for table, inserts in INSERTS.items():
                if rows[table].num_rows:
                    self._take(rows[table], inserts)
            self.connection.execute(SET_ITEMS_DONE, [done])
        self.items_done = done

    def add_categories(self, categories: Sequence[Category]) -> None:
        """Write the taxonomy, replacing what an earlier try wrote."""
        rows = [
            (self.dataset_id, c.category_id, c.name, number,
             json.dumps(c.extra, ensure_ascii=False) if c.extra else None)
            for number, c in enumerate(categories)
        ]  # fmt: skip
        edges = [(self.dataset_id, c.category_id, p) for c in categories for p in c.parents]
        with self._transaction():
            for sql in FORGET_CATEGORIES:
                self.connection.execute(sql, [self.dataset_id])
            if rows:
                self.connection.executemany(INSERT_CATEGORY, rows)
            if edges:
                self.connection.executemany(INSERT_PARENT, edges)

    def carry(self) -> tuple[int, int]:
        """Bring over what the current generation holds beside this dataset's own rows.

        Other datasets and all taxonomies, once; and the attributes and labels that people
        joined to this dataset's items. Returns how many attributes and how many labels belong
        to items that are no longer there.
        """
        base = self.folder.current()
        if base is None:
            return 0, 0
        with attached(self.connection, base):
            if self._one(CARRIED) != base.name:
                self._carry_others(base.name)
            with self._transaction():
                for sql in (*FORGET_ADDED, *CARRY_ADDED):
                    self.connection.execute(sql, [self.dataset_id])
            [(attributes, labels)] = self.connection.execute(
                LEFT_BEHIND, [self.dataset_id]
            ).fetchall()
        return attributes, labels

    def publish(self) -> Path:
        """Close the file, give it its name and swap CURRENT to it."""
        return publish(self.folder, self.connection, self.file)

    def close(self) -> None:
        """Leave the file for the next try."""
        self.connection.close()

    def _resumed(self) -> Any | None:
        if not self.file.exists():
            return None
        try:
            connection = connect(self.file, read_only=False)
            found = connection.execute(IDENTITY).fetchall()
        except Exception:  # cut off before it was begun, or not ours: start over
            found, connection = [], None
        if connection is not None and found == [(self._identity,)]:
            tune(connection)
            return connection
        if connection is not None:
            connection.close()
        return None

    def _begun(self) -> Any:
        discard(self.file)
        connection = connect(self.file, read_only=False)
        tune(connection)
        connection.execute(schema())
        connection.execute(BEGIN, [self._identity])
        return connection

    def _carry_others(self, base: str) -> None:
        with self._transaction():
            for table in TABLES:
                self.connection.execute(FORGET_OTHERS[table], [self.dataset_id])
                self.connection.execute(CARRY_OTHERS[table], [self.dataset_id])
            for table in TAXONOMIES:
                self.connection.execute(FORGET_TAXONOMIES[table])
                self.connection.execute(CARRY_TAXONOMIES[table])
            self.connection.execute(SET_CARRIED, [base])

    def _take(self, rows: pa.Table, inserts: Sequence[str]) -> None:
        self.connection.register("arriving", rows)
        for sql in inserts:
            self.connection.execute(sql, [self.dataset_id])
        self.connection.unregister("arriving")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def _one(self, sql: str) -> Any:
        return self.connection.execute(sql).fetchone()[0]


def tune(connection: Any) -> None:
    """Settings for writing much in little memory."""
    for statement in TUNING:
        connection.execute(statement)


@contextmanager
def attached(connection: Any, file: Path) -> Iterator[None]:
    """Another generation, readable as `older` within the block."""
    connection.execute(ATTACH.format(file=str(file).replace("'", "''")))
    try:
        yield
    finally:
        connection.execute("DETACH older")


def publish(folder: SiteFolder, connection: Any, file: Path) -> Path:
    """Checkpoint and close a verified catalog, name it as the next generation, swap CURRENT.

    The name is announced first, so that a kill between the naming and the swap loses nothing.
    """
    connection.execute("CHECKPOINT")
    connection.close()
    published = folder.next_generation()
    replace_text(folder.path / ANNOUNCED, published.name)
    file.replace(published)
    folder.publish(published)
    (folder.path / ANNOUNCED).unlink()
    discard(file)
    return published


def recover(folder: SiteFolder) -> None:
    """Finish a publishing that was cut off; mend a CURRENT that names nothing. Under the lock."""
    announced = folder.path / ANNOUNCED
    if announced.exists():
        named = folder.path / announced.read_text(encoding="utf-8").strip()
        if named in folder.generations():
            folder.publish(named)
        announced.unlink()
    try:
        folder.current()
    except SiteError:
        if there := folder.generations():
            folder.publish(there[-1])
        else:
            (folder.path / "CURRENT").unlink()


def discard(file: Path) -> None:
    """Remove an unfinished catalog with its log and what it spilled."""
    for ending in ("", ".wal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    rmtree(file.with_name(file.name + ".tmp"), ignore_errors=True)


def _arriving(start: int, run: Sequence[tuple[Batch, pa.Table]]) -> dict[str, pa.Table]:
    """The run's rows for each table, numbered from item `start` on."""
    parts: dict[str, list[pa.Table]] = {"item": [], "label": [], "region": [], "attribute": []}
    for batch, readings in run:
        parts["item"].append(_item_rows(start, batch.items, readings))
        parts["label"].append(_numbered(batch.labels, start))
        parts["region"].append(_numbered(batch.regions, start))
        parts["attribute"].append(_numbered(batch.attributes, start))
        start += len(batch)
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


def _item_rows(start: int, items: pa.Table, readings: pa.Table) -> pa.Table:
    if items.num_rows != readings.num_rows:
        raise SiteError("a reader returned another number of pictures than it was given")
    rows = items.drop_columns(["content", "mode", "width", "height"])
    for name in readings.schema.names:
        rows = rows.append_column(name, readings[name])
    ordinals = np.arange(start, start + items.num_rows, dtype="int64")
    return rows.append_column("ordinal", pa.array(ordinals))


def _numbered(table: pa.Table, start: int) -> pa.Table:
    """Replace `row` by the item's ordinal and number the rows of each item from 0."""
    row = table["row"].to_numpy()
    changes = np.r_[True, row[1:] != row[:-1]][: len(row)]
    firsts = np.flatnonzero(changes)
    position = np.arange(len(row)) - firsts[np.cumsum(changes) - 1] if len(row) else row
    ordinal = pa.array(row.astype("int64") + start)
    table = table.drop_columns(["row"]).append_column("ordinal", ordinal)
    return table.append_column("position", pa.array(position.astype("int32")))
