"""What the YAML of a dataset card says: licence, annotators, sizes, classes, ancestors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from excavate.dossiers.statements import Statement, is_answer, licence_kind
from excavate.errors import SourceError

READ = ("config_name", "features", "splits")  # of a configuration of dataset_info
LABOUR = {"crowdsourced": "crowd platform", "machine-generated": "machine"}
LARGEST = 20_000_000  # characters, each alias (*a) written out
DEEPEST = 100  # tables and lists within one another
HUGE = 2**63  # a number beyond is none that a catalog or TOML holds
MEND = "Mend the head of the card"


def read_yaml(text: str, place: str) -> dict[str, Any]:
    """The YAML at the head of a card. Raises SourceError where it cannot be read.

    Aliases are weighed before they are followed: a few lines of them can stand for gigabytes.
    """
    import yaml

    try:
        record = _loaded(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 2}" if mark else ""  # after the --- of the first line
        what = f"its YAML cannot be read ({getattr(error, 'problem', None) or 'malformed'})"
        raise SourceError(what, f"{place}{line}", MEND) from error
    except (ValueError, RecursionError) as error:  # a 13th month; a thousand brackets
        what = f"its YAML cannot be read ({str(error)[:80]})"
        raise SourceError(what, place, MEND) from error
    if record is not None and not isinstance(record, dict):
        raise SourceError("its YAML is no table of key: value", place, MEND)
    return record or {}


def _loaded(text: str) -> Any:
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _weigh(node, {}, 0)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _weigh(node: Any, known: dict[int, int], depth: int) -> int:
    """The characters of a node with its aliases written out. Raises ValueError beyond LARGEST."""
    if isinstance(node.value, str):
        return len(node.value) + 1
    if id(node) not in known:
        if depth > DEEPEST:
            raise ValueError("nested too deeply, or a part of itself")
        pairs = isinstance(node.value[0], tuple) if node.value else False
        inner = [one for pair in node.value for one in pair] if pairs else node.value
        known[id(node)] = 1 + sum(_weigh(one, known, depth + 1) for one in inner)
    if known[id(node)] > LARGEST:
        raise ValueError("its aliases stand for too much")
    return known[id(node)]


def yaml_statements(record: Mapping[str, Any], where: str) -> Iterator[Statement]:
    """What the keys of a card's YAML say, each quoted with its key."""
    yield from _licence(record, where)
    if tasks := words(record.get("task_categories")):
        place = f"{where}, task_categories"
        yield Statement("use", f"task_categories: {', '.join(tasks)}", place)
    yield from _annotators(record, where)
    yield from _ancestors(record, where)
    if sizes := words(record.get("size_categories")):
        place = f"{where}, size_categories"
        yield Statement("counts", f"size_categories: {', '.join(sizes)}", place)
    if prompt := words(record.get("extra_gated_prompt")):
        yield Statement("access", prompt[0], f"{where}, extra_gated_prompt")
    tables = _tables(record)
    for table in tables:
        yield from _configuration(table, where, alone=len(tables) == 1)


def words(value: Any) -> list[str]:
    """The plain values of a key that may hold one or a list; what says nothing is left out."""
    given = value if isinstance(value, list) else [value]
    plain = (word(one) for one in given)
    return [one for one in plain if is_answer(one)]


def word(value: Any) -> str:
    """Text, or a number as text; nothing where a value is neither."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and abs(value) >= HUGE:
        return ""
    return str(value) if isinstance(value, int | float) else ""


def left_out(record: Mapping[str, Any], said: Iterable[Statement], where: str) -> Iterator[str]:
    """Sentences on the keys that hold something and became no fact (nor the name)."""
    places = [statement.place for statement in said]
    named = {key for key in record if any(f"{p},".startswith(f"{where}, {key},") for p in places)}
    if words(record.get("pretty_name")):
        named.add("pretty_name")
    unused = [str(key) for key in record if key not in named and not _says_nothing(record[key])]
    if unused:
        yield f"the YAML keys {', '.join(unused)}"
    inner = dict.fromkeys(str(key) for table in _tables(record) for key in table if key not in READ)
    if inner and "dataset_info" in named:
        yield f"the YAML keys {', '.join(inner)} of dataset_info"


def _says_nothing(value: Any) -> bool:
    given = value if isinstance(value, list) else [value]
    return all(
        one in (None, {}, []) or (isinstance(one, str) and not is_answer(one)) for one in given
    )


def _tables(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The configurations of dataset_info."""
    infos = record.get("dataset_info")
    listed = infos if isinstance(infos, list) else [infos]
    return [table for table in listed if isinstance(table, Mapping)]


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
    if named := words(record.get("source_datasets")):
        bare = (name.removeprefix("extended|").removeprefix("other-") for name in named)
        names = dict.fromkeys(name for name in bare if name not in ("", "other", "original"))
        text = f"source_datasets: {', '.join(named)}"
        yield Statement("ancestors", text, f"{where}, source_datasets", ancestors=tuple(names))


def _configuration(table: Mapping[str, Any], where: str, *, alone: bool) -> Iterator[Statement]:
    """One configuration of dataset_info: its splits, its fields, its classes."""
    version = None if alone else word(table.get("config_name")) or None
    place = f"{where}, dataset_info" + (f", {version}" if version else "")
    sizes = dict(_sizes(table))
    if sizes:
        text = ", ".join(f"{split}: {number:,}" for split, number in sizes.items())
        counts = tuple(("items", number, split, version) for split, number in sizes.items())
        total = sum(sizes.values())
        terrain = (("items", total),) if alone and total else ()
        yield Statement("counts", text, place, counts=counts, terrain=terrain)
    features = table.get("features")
    listed = features if isinstance(features, list) else []
    fields = [one for one in listed if isinstance(one, Mapping)]
    named = [f"{name} ({kind_of(one)})" for one in fields if (name := word(one.get("name")))]
    if named:
        yield Statement("metadata", f"fields: {', '.join(named)}", f"{place}, features")
    for one in fields:
        if names := class_names(one):
            name = word(one.get("name"))
            text = f"{len(names):,} classes of {name}: {', '.join(names)}"
            where_said = f"{place}, {name}"
            count = ("categories", len(names), None, version)
            yield Statement("taxonomy", text, where_said, counts=(count,))


def _sizes(table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    splits = table.get("splits")
    for split in splits if isinstance(splits, list) else ():
        name, number = _split(split) if isinstance(split, Mapping) else ("", -1)
        if name and 0 <= number < HUGE:
            yield name, number


def _split(split: Mapping[str, Any]) -> tuple[str, int]:
    number = split.get("num_examples")
    whole = isinstance(number, int) and not isinstance(number, bool)
    return word(split.get("name")), int(number or 0) if whole else -1


def kind_of(field: Mapping[str, Any]) -> str:
    """The type of a field, as far as one word says it."""
    dtype = field.get("dtype")
    if isinstance(dtype, Mapping):
        return next((word(key) for key in dtype), "unknown")
    return word(dtype) or next((word(key) for key in field if key != "name"), "unknown")


def class_names(field: Mapping[str, Any]) -> list[str]:
    """The class names of a ClassLabel field, in order; empty where it is none."""
    dtype = field.get("dtype")
    label = dtype.get("class_label") if isinstance(dtype, Mapping) else None
    names = label.get("names") if isinstance(label, Mapping) else None
    if isinstance(names, Mapping):
        names = list(names.values())
    return [word(name) for name in names] if isinstance(names, list) else []
