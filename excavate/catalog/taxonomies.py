"""Taxonomies on their own, in a site: added in a new generation, carried by every dig."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from excavate import __version__
from excavate.catalog.amending import amended
from excavate.catalog.taxonomy_checks import GivenTaxonomy
from excavate.catalog.taxonomy_files import read_taxonomy
from excavate.errors import ExcavateError, SiteError
from excavate.model import as_json
from excavate.sources.places import dataset_name, fingerprint_of

THERE = "SELECT source, revision FROM taxonomy WHERE taxonomy = ?"
FORGET = (
    "DELETE FROM taxonomy_node WHERE taxonomy = ?",
    "DELETE FROM taxonomy_edge WHERE taxonomy = ?",
    "DELETE FROM taxonomy WHERE taxonomy = ?",
)
INSERT = "INSERT INTO taxonomy VALUES (?, ?, ?, ?, ?)"
INSERT_NODES = "INSERT INTO taxonomy_node SELECT ?, ordinal, id, name, extra FROM nodes"
INSERT_EDGES = "INSERT INTO taxonomy_edge SELECT ?, child, parent, kind FROM edges"


@dataclass(frozen=True, slots=True)
class AddedTaxonomy:
    """What was added. `unchanged`: it was there already, word for word."""

    name: str
    nodes: int
    edges: int
    replaced: bool
    unchanged: bool
    generation: str


def add_taxonomy(site: Path, source: str, name: str | None = None) -> AddedTaxonomy:
    """Read a taxonomy and keep it in the site, under a name of its own (the source's, without).

    The same source under the same name is replaced whole. Raises SourceError with every fault
    of the input, SiteError where another taxonomy has the name or the site cannot be written;
    then nothing is changed. O(nodes + edges).
    """
    given = read_taxonomy(source)
    chosen = _checked_name(name or given.name)
    revision = _revision(given)
    with amended(site) as amendment:
        found = amendment.connection.execute(THERE, [chosen]).fetchall()
        if found and found[0][0] != source and name is None:
            todo = f"Give --name another, or --name {chosen} to replace it"
            raise SiteError(f"another taxonomy has this name ({found[0][0]})", chosen, todo)
        unchanged = found == [(source, revision)]
        if unchanged:
            amendment.wanted = False
        else:
            _write(amendment.connection, chosen, source, revision, given)
    counts = (len(given.nodes), len(given.edges))
    replaced = bool(found) and not unchanged
    return AddedTaxonomy(chosen, *counts, replaced, unchanged, amendment.generation)


def _checked_name(name: str) -> str:
    if dataset_name(name) != name:
        todo = "Give --name small letters, digits, dot, dash and underscore, at most 64"
        raise ExcavateError("cannot name a taxonomy", repr(name), todo)
    return name


def _revision(given: GivenTaxonomy) -> str:
    """sha256 over nodes and edges in order, whatever their lines."""
    nodes = (as_json([*node[:3]]) for node in given.nodes)
    edges = (as_json([*edge[:3]]) for edge in given.edges)
    return fingerprint_of((*nodes, "edges", *edges))


def _write(connection: Any, name: str, source: str, revision: str, given: GivenTaxonomy) -> None:
    for sql in FORGET:
        connection.execute(sql, [name]).fetchall()
    connection.register("nodes", _nodes(given))
    connection.execute(INSERT_NODES, [name]).fetchall()
    connection.unregister("nodes")
    connection.register("edges", _edges(given))
    connection.execute(INSERT_EDGES, [name]).fetchall()
    connection.unregister("edges")
    now = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(INSERT, [name, source, revision, __version__, now]).fetchall()


def _nodes(given: GivenTaxonomy) -> pa.Table:
    ids, names, extras, _ = zip(*given.nodes, strict=True)
    return pa.table(
        {
            "ordinal": pa.array(range(len(ids)), pa.int64()),
            "id": pa.array(ids, pa.string()),
            "name": pa.array(names, pa.string()),
            "extra": pa.array([as_json(e) if e else None for e in extras], pa.string()),
        }
    )


def _edges(given: GivenTaxonomy) -> pa.Table:
    columns = list(zip(*given.edges, strict=True)) or [(), (), ()]
    named = zip(("child", "parent", "kind"), columns, strict=False)
    return pa.table({name: pa.array(column, pa.string()) for name, column in named})
