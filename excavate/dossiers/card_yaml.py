"""What the YAML of a dataset card says: licence, annotators, sizes, classes, ancestors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from excavate.dossiers.statements import Statement, is_answer, licence_kind

LABOUR = {"crowdsourced": "crowd platform", "machine-generated": "machine"}
USED = (
    "pretty_name", "license", "licenses", "annotations_creators", "source_datasets",
    "size_categories", "dataset_info", "extra_gated_prompt", "task_categories",
)  # fmt: skip


def yaml_statements(record: Mapping[str, Any], where: str) -> Iterator[Statement]:
    """What the keys of a card's YAML say, each quoted with its key."""
    yield from _licence(record, where)
    yield from _annotators(record, where)
    yield from _ancestors(record, where)
    if sizes := words(record.get("size_categories")):
        place = f"{where}, size_categories"
        yield Statement("counts", f"size_categories: {', '.join(sizes)}", place)
    if prompt := words(record.get("extra_gated_prompt")):
        yield Statement("access", prompt[0], f"{where}, extra_gated_prompt")
    infos = record.get("dataset_info")
    infos = infos if isinstance(infos, list) else [infos]
    tables = [table for table in infos if isinstance(table, Mapping)]
    for table in tables:
        yield from _configuration(table, where, alone=len(tables) == 1)


def words(value: Any) -> list[str]:
    """The plain values of a key that may hold one or a list; what says nothing is left out."""
    given = value if isinstance(value, list) else [value]
    plain = (str(one) for one in given if isinstance(one, str | int | float))
    return [one for one in plain if is_answer(one)]


def _licence(record: Mapping[str, Any], where: str) -> Iterator[Statement]:
    for key in ("license", "licenses"):
        if names := words(record.get(key)):
            kinds = {licence_kind(name) for name in names}
            kind = kinds.pop() if len(kinds) == 1 else None
            terrain = (("licence", kind),) if kind else ()
            text = f"{key}: {', '.join(names)}"
            yield Statement("licence", text, f"{where}, {key}", terrain=terrain)


def _annotators(record: Mapping[str, Any], where: str) -> Iterator[Statement]:
    if who := words(record.get("annotations_creators")):
        kinds = sorted({LABOUR[name] for name in who if name in LABOUR})
        terrain = (("labour", kinds),) if kinds else ()
        text, place = f"annotations_creators: {', '.join(who)}", f"{where}, annotations_creators"
        yield Statement("labour_who", text, place, terrain=terrain)


def _ancestors(record: Mapping[str, Any], where: str) -> Iterator[Statement]:
    named = [name for name in words(record.get("source_datasets")) if name != "original"]
    if named:
        bare = (name.removeprefix("extended|").removeprefix("other-") for name in named)
        names = tuple(dict.fromkeys(name for name in bare if name and name != "other"))
        text = f"source_datasets: {', '.join(named)}"
        yield Statement("ancestors", text, f"{where}, source_datasets", ancestors=names)


def _configuration(table: Mapping[str, Any], where: str, *, alone: bool) -> Iterator[Statement]:
    """One configuration of dataset_info: its splits, its fields, its classes."""
    version = None if alone else str(table.get("config_name") or "").strip() or None
    place = f"{where}, dataset_info" + (f", {version}" if version else "")
    sizes = dict(_sizes(table))
    if sizes:
        text = ", ".join(f"{split}: {number:,}" for split, number in sizes.items())
        counts = tuple(("items", number, split, version) for split, number in sizes.items())
        total = sum(sizes.values())
        terrain = (("items", total),) if alone and total else ()
        yield Statement("counts", text, place, counts=counts, terrain=terrain)
    features = table.get("features")
    fields = [one for one in features if isinstance(one, Mapping)] if features else []
    named = [f"{one['name']} ({kind_of(one)})" for one in fields if one.get("name")]
    if named:
        yield Statement("metadata", f"fields: {', '.join(named)}", f"{place}, features")
    for one in fields:
        if names := class_names(one):
            text = f"{len(names):,} classes of {one.get('name')}: {', '.join(names)}"
            where_said = f"{place}, {one.get('name')}"
            count = ("categories", len(names), None, version)
            yield Statement("taxonomy", text, where_said, counts=(count,))


def _sizes(table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    splits = table.get("splits")
    for split in splits if isinstance(splits, list) else ():
        number = split.get("num_examples") if isinstance(split, Mapping) else None
        if isinstance(number, int) and str(split.get("name") or "").strip():
            yield str(split["name"]), number


def kind_of(field: Mapping[str, Any]) -> str:
    """The type of a field, as far as one word says it."""
    dtype = field.get("dtype")
    if isinstance(dtype, Mapping):
        return next(iter(dtype), "unknown")
    nested = next((str(key) for key in field if key != "name"), "unknown")
    return str(dtype) if dtype else nested


def class_names(field: Mapping[str, Any]) -> list[str]:
    """The class names of a ClassLabel field, in order; empty where it is none."""
    dtype = field.get("dtype")
    label = dtype.get("class_label") if isinstance(dtype, Mapping) else None
    names = label.get("names") if isinstance(label, Mapping) else None
    if isinstance(names, Mapping):
        names = list(names.values())
    return [str(name) for name in names] if isinstance(names, list) else []
