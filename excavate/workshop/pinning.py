"""Pinning what is pointed at: whether it is there, and what it is at this moment.

What is kept of a picture is its sha256 and the revision it was seen at, of a fact the sha256 of
its words, of a cell how many items were in it: enough to notice a change, and no copy of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, InputFault, NotFoundError
from excavate.workshop.about import PLACE, About

if TYPE_CHECKING:
    from excavate.dossiers.reading import Archive
    from excavate.site import Site

ITEM = """
SELECT i.dataset_id, i.sha256, d.revision FROM item i JOIN dataset d USING (dataset_id)
WHERE i.item_id = $1
"""
ITEMS = """
SELECT i.item_id, i.dataset_id, i.sha256, d.revision FROM item i JOIN dataset d USING (dataset_id)
WHERE i.item_id IN (SELECT unnest($1::VARCHAR[]))
"""
CATEGORY = """
SELECT count(*) FROM (
    SELECT 1 FROM category WHERE dataset_id = $1 AND (category_id = $2 OR name = $3)
    UNION ALL SELECT 1 FROM label WHERE dataset_id = $1 AND value = $3
    UNION ALL SELECT 1 FROM region WHERE dataset_id = $1 AND value = $3
)
"""
NODE = """
SELECT (SELECT count(*) FROM taxonomy_node n
        WHERE n.taxonomy = $1 AND (n.node_id = $2 OR ($2 IS NULL AND n.name = $3))),
       (SELECT any_value(revision) FROM taxonomy WHERE taxonomy = $1)
"""
FIELDS = """
SELECT DISTINCT field FROM label WHERE dataset_id = $1
UNION SELECT DISTINCT name FROM attribute WHERE dataset_id = $1
"""
IN_CELL = """
WITH wanted AS (SELECT unnest($3) AS field, unnest($4) AS value)
SELECT count(*) FROM (
    SELECT said.ordinal FROM (
        SELECT ordinal, field, value FROM label WHERE dataset_id = $1
        UNION SELECT ordinal, name, value FROM attribute WHERE dataset_id = $1
    ) said JOIN wanted USING (field, value)
    JOIN item i ON i.dataset_id = $1 AND i.ordinal = said.ordinal
    WHERE $2 IS NULL OR i.split = $2
    GROUP BY said.ordinal HAVING count(DISTINCT field) = $5
)
"""
At = dict[str, Any]
Value = Mapping[str, Any]
Telling = Callable[[str], None]


def pinned(site: Site | None, about: About, place: str = PLACE) -> tuple[About, list[InputFault]]:
    """What is pointed at with what it is now (`at`), and every fault of it that is not there.

    Without a site nothing is looked up. A lasso gets the items it means, if it named none.
    """
    if site is None or about.kind in ("nothing", "link"):
        return about, []
    faults: list[InputFault] = []
    value = dict(about.value)

    def told(what: str) -> None:
        faults.append(InputFault(place, what))

    try:
        at = state_of(site, None, replace(about, value=value), told)
        if about.kind == "lasso" and not faults:
            value, at = _with_items(site, value, at)
    except NotFoundError as error:
        told(error.what)
        at = {}
    return replace(about, value=value, at=at), faults


def pinned_items(site: Site, item_ids: Sequence[str]) -> dict[str, At]:
    """{item_id: what it is now}, of those of many items that are there: asked at once."""
    with site.cursor() as cursor:
        found = cursor.execute(ITEMS, [list(item_ids)]).fetchall()
    return {row[0]: dict(zip(("dataset", "sha256", "revision"), row[1:], strict=True))
            for row in found}  # fmt: skip


def state_of(site: Site, archive: Archive | None, about: About, told: Telling) -> At:
    """What is pointed at as it is now; `told` hears what of it is not there.

    `archive`: the dossiers; where None is given they are read as the site's settings say.
    Raises NotFoundError where nothing of it is there.
    """
    return STATES[about.kind](site, archive, about.value, told)


def _with_items(site: Site, value: At, at: At) -> tuple[At, At]:
    from excavate.workshop.lassoed import within

    items, count = within(site, About("lasso", value))
    return value | {"items": items}, at | {"count": count}


def _dataset(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    return _part(site, value["dataset"])


def _part(site: Site, name: str) -> At:
    from excavate.gaps.gathering import part_of

    part = part_of(site, name)
    return {"dataset": part.dataset, "revision": site.revisions()[part.dataset]}


def _item(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    with site.cursor() as cursor:
        found = cursor.execute(ITEM, [value["item_id"]]).fetchone()
    if found is None:
        raise NotFoundError("no such item", value["item_id"])
    return dict(zip(("dataset", "sha256", "revision"), found, strict=True))


def _category(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    at: At = {}
    name, node = value["name"], value.get("node_id")
    dataset, taxonomy = value.get("dataset"), value.get("taxonomy")
    if dataset:
        at = _part(site, dataset)
    with site.cursor() as cursor:
        if taxonomy and taxonomy not in (dataset, "own"):
            count, revision = cursor.execute(NODE, [taxonomy, node, name]).fetchone()
            at["taxonomy_revision"] = revision
        else:
            (count,) = cursor.execute(CATEGORY, [at.get("dataset"), node, name]).fetchone()
    if not count:
        told("no such category")
    return at


def _cell(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    at = _part(site, value["dataset"])
    split = value["dataset"].removeprefix(at["dataset"]).lstrip("/") or None
    named = {_field(name): said for name, said in value["values"].items()}
    with site.cursor() as cursor:
        there = {name for (name,) in cursor.execute(FIELDS, [at["dataset"]]).fetchall()}
        for name in named:
            if name not in there and name.partition("=")[0] not in there:
                told(f"nothing is stated of {name}")
        if set(named) <= there:
            asked = [at["dataset"], split, list(named), list(named.values()), len(named)]
            at["count"] = cursor.execute(IN_CELL, asked).fetchone()[0]
    return at


def _field(name: str) -> str:
    kind, colon, field = name.partition(":")
    return field if colon and kind in ("label", "attribute") else name


def _finding(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    from excavate.gaps.shelf import shelf

    found = shelf(site.folder).one(value["finding_id"])
    row = value.get("row")
    if row is not None and row >= int(found.made.result.get("rows", 0)):
        told("the finding has no such row")
    revisions = dict(found.made.provenance["revisions"])
    return {"dataset": found.dataset, "measure": found.measure, "revisions": revisions}


def _dossier(site: Site, archive: Archive | None, value: Value, told: Telling) -> At:
    from excavate.dossiers.reading import read_archive

    held = archive or read_archive(site.settings.archives)
    dossier = held.dossiers.get(value["dossier_id"])
    if dossier is None:
        raise NotFoundError("no such dossier", value["dossier_id"])
    fact = value.get("fact_id")
    if not fact:
        return {"sha256": _digest(dossier.model_dump(mode="json"))}
    found = dossier.facts_named([fact])
    if not found:
        raise NotFoundError("the dossier has no such fact", fact)
    return {"sha256": _digest(found[0].model_dump(mode="json"))}


def _digest(record: Any) -> str:
    said = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _search(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    at: At = {}
    if value.get("dataset"):
        at = _part(site, value["dataset"])
    else:
        at["revisions"] = site.revisions()
    encoder = value.get("encoder")
    if encoder:
        try:
            at["encoder"] = site.embedding(encoder, at.get("dataset")).identity
        except ExcavateError:
            told("nothing was seen through this encoder")
    return at


def _lasso(site: Site, _archive: Any, value: Value, told: Telling) -> At:
    layout = site.layout_made(value["layout_id"])
    datasets = [list(one) for one in layout.provenance["datasets"]]
    at: At = {"datasets": datasets, "encoder": layout.provenance["encoder"]}
    if len(datasets) == 1:
        at |= {"dataset": datasets[0][0], "revision": datasets[0][1]}
    return at


STATES: dict[str, Callable[[Any, Any, Value, Telling], At]] = {
    "dataset": _dataset, "item": _item, "part": _item, "category": _category, "cell": _cell,
    "finding": _finding, "dossier": _dossier, "search": _search, "lasso": _lasso,
}  # fmt: skip
