"""Reading a taxonomy on its own: WordNet as ImageNet's scholars share it, Open Images, a CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from excavate.catalog.tables import Needed, read_table
from excavate.catalog.taxonomy_checks import GivenTaxonomy, check_taxonomy
from excavate.errors import FaultList, SourceError
from excavate.sources.openimages_hierarchy import read_hierarchy
from excavate.sources.places import dataset_name, existing

USAGE = "wordnet:DIR, openimages:FILE-OR-DIR, FILE.csv"
NAMES, EDGES = "node_names.txt", "class_hierarchy.txt"
HIERARCHY = "bbox_labels_600_hierarchy.json"
DESCRIPTIONS = "class-descriptions-boxable.csv"
MEND = "Mend it; nothing was changed"


def read_taxonomy(source: str) -> GivenTaxonomy:
    """The taxonomy that a source string names (USAGE). Raises SourceError with every fault.

    A CSV has the columns id, name and parent, and may have kind (is-a, or part); a node with
    several parents has a row for each. Further columns are kept as they are. O(nodes + edges).
    """
    kind, colon, rest = source.partition(":")
    faults = FaultList()
    if colon and kind in READERS:
        if not rest:
            raise SourceError("no such taxonomy", source, f"One of: {USAGE}")
        given = READERS[kind](rest, faults)
    elif source.lower().endswith(".csv"):
        given = _csv(source, faults)
    else:
        raise SourceError("no such taxonomy", source, f"One of: {USAGE}")
    check_taxonomy(given, faults)
    faults.raise_if_any("faults in the taxonomy", source, MEND)
    return given


def _wordnet(rest: str, faults: FaultList) -> GivenTaxonomy:
    """A name a line (ID, tab, names between commas), an edge a line (PARENT, space, CHILD)."""
    folder = existing(rest, "folder")
    tried = (folder, folder / "wordnet", folder / "imagenet_class_hierarchy" / "wordnet")
    found = [place for place in tried if (place / NAMES).is_file() and (place / EDGES).is_file()]
    if not found:
        todo = f"Give the folder that has {NAMES} and {EDGES}"
        raise SourceError("no WordNet hierarchy in this folder", rest, todo)
    given = GivenTaxonomy("wordnet", nodes_in=NAMES, edges_in=EDGES)
    for number, (node, name) in _pairs(found[0] / NAMES, "\t", "ID, tab, NAME", faults):
        names = name.split(", ")
        given.nodes.append((node, name, {"names": names} if len(names) > 1 else {}, number))
    for number, (parent, child) in _pairs(found[0] / EDGES, " ", "PARENT, space, CHILD", faults):
        given.edges.append((child, parent, "is-a", number))
    return given


def _pairs(
    file: Path, between: str, form: str, faults: FaultList
) -> Iterator[tuple[int, tuple[str, str]]]:
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot be read ({error})", str(file), "Give it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        first, found, second = line.removesuffix("\r").partition(between)
        if first and second:
            yield number, (first, second)
        elif line.strip():
            faults.add(f"{file.name} line {number}", f"not {form}: {line[:60]!r}")


def _openimages(rest: str, faults: FaultList) -> GivenTaxonomy:
    place = Path(rest).expanduser()
    hierarchy = place / HIERARCHY if place.is_dir() else existing(rest, "file")
    descriptions = hierarchy.parent / DESCRIPTIONS
    named = descriptions if descriptions.is_file() else None
    given = GivenTaxonomy("openimages", nodes_in=hierarchy.name, edges_in=hierarchy.name)
    for category in read_hierarchy(existing(str(hierarchy), "file"), named):
        extra = dict(category.extra)
        wholes = extra.pop("part_of", ())
        node = category.category_id
        given.nodes.append((node, category.name, extra, 0))
        given.edges += [(node, parent, "is-a", 0) for parent in category.parents]
        given.edges += [(node, whole, "part", 0) for whole in wholes]
    return given


def _csv(source: str, faults: FaultList) -> GivenTaxonomy:
    file = existing(source, "file")
    table = read_table(file, Needed(("id", "name", "parent"), alone=True))
    columns = {name: column.to_pylist() for name, column in table.columns.items()}
    others = [name for name in columns if name not in ("id", "name", "parent", "kind")]
    given = GivenTaxonomy(dataset_name(file.stem), nodes_in=file.name, edges_in=file.name)
    first: dict[str, tuple[int, str, dict[str, Any]]] = {}
    kinds = columns.get("kind", [None] * len(table.places))
    rows = zip(
        table.places.to_pylist(), columns["id"], columns["name"], columns["parent"], kinds,
        strict=True,
    )  # fmt: skip
    said: dict[tuple[str, str | None, str], int] = {}
    for row, (line, node, name, parent, kind) in enumerate(rows):
        if node is None:
            faults.add(table.place(line), "the id is empty")
            continue
        extra = {other: columns[other][row] for other in others if columns[other][row] is not None}
        _add_row(given, first, (node, name, extra), line, faults)
        before = said.setdefault((node, parent, kind or "is-a"), line)
        if before != line:
            faults.add(table.place(line), f"{node!r}: said in line {before} already")
        elif parent is not None:
            given.edges.append((node, parent, kind or "is-a", line))
    return given


def _add_row(
    given: GivenTaxonomy,
    first: dict[str, tuple[int, str, dict[str, Any]]],
    row: tuple[str, str | None, dict[str, Any]],
    line: int,
    faults: FaultList,
) -> None:
    """A node by its first row; later rows say the same or leave it empty."""
    node, name, extra = row
    place = f"{given.nodes_in} line {line}"
    if node not in first:
        if name is None:
            faults.add(place, f"{node!r}: the name is empty")
        first[node] = (line, name or "", extra)
        given.nodes.append((node, name or "", extra, line))
        return
    above, its_name, its_extra = first[node]
    if name not in (None, its_name):
        faults.add(place, f"{node!r}: another name than in line {above} ({its_name!r})")
    for column, value in extra.items():
        if its_extra.get(column) != value:
            faults.add(place, f"{node!r}: another {column} than in line {above}")


READERS: dict[str, Callable[[str, FaultList], GivenTaxonomy]] = {
    "wordnet": _wordnet,
    "openimages": _openimages,
}
