"""What of a finding can be judged by eye: its cases, and what is asked of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from excavate.gaps.gathering import of_part, part_of
from excavate.gaps.handcheck import SIZE, Case, draw
from excavate.gaps.registry import REGISTRY, saying_of

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row
    from excavate.site import Site

ROWS = 50  # of a finding, the strongest, that a sample is drawn from


def judged_rows(finding: Finding) -> list[dict[str, object]]:
    """The rows that two people can be asked about, numbered as they stand in the finding.

    A row that nobody can judge by eye keeps its place, without items.
    """
    asks = saying_of(finding.measure).judge
    return [
        row if row.get("items") and asks(finding, row) else {**row, "items": []}
        for row in finding.first_rows(ROWS)
    ]


def cases_of(site: Site, finding: Finding, seed: int, size: int = SIZE) -> list[Case]:
    """A blinded sample of a finding's items and controls; empty where nothing can be judged.

    Controls come from the datasets that the finding's items are of, and no row of it names them.
    Items without pixels are nothing to look at and are left out on both sides.
    """
    rows = judged_rows(finding)
    datasets = sorted({item.partition("/")[0] for row in rows for item in _items(row)})
    shown, said = _looked_at(site, datasets, finding.parameters.get("field"))
    kept = [{**row, "items": [item for item in _items(row) if item in shown]} for row in rows]
    return draw(
        kept, list(shown), size, seed, pairs=REGISTRY[finding.measure].pairs, said=said,
        named=named_by(finding),
    )  # fmt: skip


def named_by(finding: Finding) -> set[str]:
    """Whatever lists of any row name: its items, its members, what is nearest to it."""
    texts = [f.name for f in finding.rows.schema if _holds_texts(f.type)]
    columns = [finding.rows[name].combine_chunks().flatten() for name in texts]
    return {text for column in columns for text in column.to_pylist() if text is not None}


def _holds_texts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) and pa.types.is_string(kind.value_type))


def asked_of(finding: Finding, case: Case) -> str:
    """What is asked of a case, in the language of this run."""
    row: Row = finding.first_rows(ROWS)[case.row]
    if case.given is not None:
        row = {**row, "given": case.given}
    return saying_of(finding.measure).judge(finding, row) or ""


def _items(row: Row) -> list[str]:
    return list(row.get("items") or [])


def _looked_at(
    site: Site, datasets: list[str], field: str | None
) -> tuple[dict[str, None], dict[str, str]]:
    """(the ids of all items with pixels, in order; the first label of each that has one).

    Of the field that the finding is about, where it is about one.
    """
    shown: dict[str, None] = {}
    said: dict[str, str] = {}
    for name in datasets:
        items = site.items(part_of(site, name).dataset)
        items = items[items["pixels"] == "read"]
        labels = of_part(site.labels(name), items)
        if field is not None:
            labels = labels[labels["field"] == field]
        labels = labels.drop_duplicates("item_id")
        shown |= dict.fromkeys(items["item_id"])
        said |= dict(zip(labels["item_id"], labels["value"], strict=True))
    return shown, said
