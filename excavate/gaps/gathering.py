"""What measures take from a site: parts of datasets, columns an item long, vectors with ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from excavate.site import Site


SPLIT = "SELECT 1 FROM item WHERE dataset_id = $1 AND split = $2 LIMIT 1"
# $1 is a dataset_id, $2 a split or NULL for all of them; what is counted are stated values.
SAID = {
    "label": """
SELECT l.field AS name, l.ordinal, l.value FROM label l JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2) ORDER BY l.ordinal, l.position""",
    "attribute": """
SELECT a.name, a.ordinal, a.value FROM attribute a JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2)
ORDER BY a.ordinal, a.added, a.source, a.name""",
}
FIELDS = {
    "label": """
SELECT l.field AS name, count(*), count(DISTINCT l.value)
FROM label l JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2) GROUP BY name ORDER BY name""",
    "attribute": """
SELECT a.name, count(*), count(DISTINCT a.value)
FROM attribute a JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2) GROUP BY a.name ORDER BY a.name""",
}

VALUES = {
    "label": """
SELECT l.value, count(*) FROM label l JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2) AND l.field = $3
GROUP BY l.value ORDER BY l.value""",
    "attribute": """
SELECT a.value, count(*) FROM attribute a JOIN item i USING (dataset_id, ordinal)
WHERE dataset_id = $1 AND ($2 IS NULL OR i.split = $2) AND a.name = $3 AND a.value IS NOT NULL
GROUP BY a.value ORDER BY a.value""",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset, or one split of it."""

    dataset: str
    split: str | None = None

    @property
    def name(self) -> str:
        """NAME, or NAME/SPLIT."""
        return f"{self.dataset}/{self.split}" if self.split else self.dataset


@dataclass(frozen=True, slots=True)
class Seen:
    """The vectors of a part through one encoder, and whose they are.

    vectors: float32 (n, d), L2-normalised; item_ids, splits: (n,) of str; ordinals: int64 (n,).
    """

    vectors: np.ndarray
    item_ids: np.ndarray
    ordinals: np.ndarray
    splits: np.ndarray
    encoder: str  # identity
    spec: str
    made: tuple[str, ...]  # ids of the vector files, for the provenance


def part_of(site: Site, name: str) -> Part:
    """What NAME or NAME/SPLIT means in this site. Raises NotFoundError."""
    there = site.revisions()
    if name in there:
        return Part(name)
    dataset, _, split = name.rpartition("/")
    if dataset in there and _has_split(site, dataset, split):
        return Part(dataset, split)
    todo = f"There are: {', '.join(there) or 'none'}; a split is NAME/SPLIT"
    raise NotFoundError("no such dataset", name, todo)


def _has_split(site: Site, dataset: str, split: str) -> bool:
    with site.cursor() as cursor:
        return cursor.execute(SPLIT, [dataset, split]).fetchone() is not None


def items_of(site: Site, part: Part) -> DataFrame:
    """The items of a part in the source's order, as Site.items()."""
    items = site.items(part.dataset)
    return items if part.split is None else items[items["split"] == part.split]


def of_part(frame: DataFrame, items: DataFrame) -> DataFrame:
    """The rows of a frame (labels, attributes, regions, …) that are about these items."""
    return frame[frame["ordinal"].isin(items["ordinal"])]


def columns_of(site: Site, part: Part, items: DataFrame | None = None) -> dict[str, Any]:
    """What is said once of each item, by name: `label:FIELD` and `attribute:NAME`.

    Each a list of str or None, in the order of the items. A field of which an item has several
    values is no column.
    """
    items = items_of(site, part) if items is None else items
    found = {}
    for name, (at, values) in said_of(site, part, items["ordinal"].to_numpy()).items():
        if len(np.unique(at)) == len(at):
            column: list[str | None] = [None] * len(items)
            for item, value in zip(at.tolist(), values.to_pylist(), strict=True):
                column[item] = value
            found[name] = column
    return found


def fields_of(site: Site, part: Part) -> dict[str, tuple[int, int]]:
    """{`label:FIELD` or `attribute:NAME`: (times it is said, different values)}, by name.

    Counted by the catalog: a moment, however long the columns are.
    """
    found: dict[str, tuple[int, int]] = {}
    with site.cursor() as cursor:
        for kind, sql in FIELDS.items():
            rows = cursor.execute(sql, [part.dataset, part.split]).fetchall()
            found |= {f"{kind}:{name}": (said, values) for name, said, values in rows}
    return found


def values_of(site: Site, part: Part, name: str) -> dict[str, int]:
    """{value: times it is said} of a `label:FIELD` or `attribute:NAME`, in their order."""
    kind, _, field = name.partition(":")
    with site.cursor() as cursor:
        return dict(cursor.execute(VALUES[kind], [part.dataset, part.split, field]).fetchall())


def said_of(
    site: Site, part: Part, ordinals: np.ndarray
) -> dict[str, tuple[np.ndarray, pa.StringArray]]:
    """What labels and attributes say, by field as in `fields_of`: (numbers of items, values).

    Numbers are places in `ordinals`, which ascend; in the source's order, an item may come twice.
    """
    found: dict[str, tuple[np.ndarray, pa.StringArray]] = {}
    with site.cursor() as cursor:
        for kind, sql in SAID.items():
            table = cursor.sql(sql, params=[part.dataset, part.split]).to_arrow_table()
            found |= {f"{kind}:{name}": said for name, said in _by_name(table, ordinals).items()}
    return found


def _by_name(table: pa.Table, ordinals: np.ndarray) -> dict[str, tuple[np.ndarray, pa.StringArray]]:
    at = np.searchsorted(ordinals, table["ordinal"].to_numpy())
    known = np.append(ordinals, -1)[at] == table["ordinal"].to_numpy()
    coded = table["name"].combine_chunks().dictionary_encode()
    codes = np.where(known, coded.indices.to_numpy(), len(coded.dictionary))  # others stand last
    order = np.argsort(codes, kind="stable")
    at, values = at[order], table["value"].combine_chunks().take(pa.array(order))
    ends = np.cumsum(np.bincount(codes, minlength=len(coded.dictionary) + 1)).tolist()
    starts = [0, *ends]
    return {
        name: (at[start:end], values[start:end])
        for name, start, end in zip(coded.dictionary.to_pylist(), starts, ends, strict=False)
        if end > start
    }


def seen(site: Site, part: Part, encoder: str | None = None) -> Seen | None:
    """The part's vectors, by the newest encoder if none is named; None where it has none.

    Items without pixels have no vector and are left out.
    """
    try:
        lens = site.embedding(encoder, part.dataset)
    except NotFoundError:
        return None
    rows = lens.rows.merge(site.items(part.dataset)[["item_id", "split"]], on="item_id", how="left")
    at = np.flatnonzero(rows["split"] == part.split) if part.split else slice(None)
    return Seen(
        lens.vectors[at],
        rows["item_id"].to_numpy(object)[at],
        rows["ordinal"].to_numpy()[at],
        rows["split"].to_numpy(object)[at],
        lens.identity,
        lens.spec,
        tuple(one.made.id for one in lens.parts),
    )


def lenses_of(site: Site, dataset: str) -> set[str]:
    """The identities of the encoders that a dataset was seen through."""
    return {
        str(made.provenance["encoder"])
        for made in site.embeddings()
        if made.provenance["dataset"] == dataset
    }


def common_encoders(site: Site, parts: Sequence[Part]) -> set[str]:
    """The encoders that all of these parts were seen through."""
    return set.intersection(*(lenses_of(site, part.dataset) for part in parts))


def common_encoder(site: Site, parts: Sequence[Part]) -> str | None:
    """The newest encoder that all of these parts were seen through."""
    both = common_encoders(site, parts)
    fitting = [e for made in site.embeddings() if (e := str(made.provenance["encoder"])) in both]
    return fitting[-1] if fitting else None
