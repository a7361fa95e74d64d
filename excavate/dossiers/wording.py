"""What is wrong with a dossier, in plain sentences: the schema's faults, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from excavate.dossiers.schema import Dossier
from excavate.errors import InputFault

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

FORMS = {
    "country": "write a country as two capital letters of ISO 3166-1, as KR",
    "date": 'write a date as "2009", "2009-06" or "2009-06-20"',
    "dossier": "write an id with small letters, digits and dashes, at most 64",
    "option": "write an option's name as its source has it, in small letters",
    "fact": "write a fact's id as the dossier's id, a dash and two digits or more, as cifar-01",
}
KINDS = {
    "string": 'write text in "quotes"',
    "int": "write a whole number, without quotes or thousands signs",
    "bool": "write true or false, without quotes",
    "list": "write a list: [ … ], or the table's name in double brackets: [[ … ]]",
    "dict": "write a table of key = value",
    "model": "write a table of key = value",
}


def schema_faults(error: ValidationError, file: str) -> list[InputFault]:
    """Every fault that the schema found in one file, in the order of the file's keys."""
    return [InputFault(f"{file}: {place(fault['loc'])}", said(fault)) for fault in error.errors()]


def place(loc: tuple[int | str, ...]) -> str:
    """Where it is, as TOML people count: ("fact", 1, "status") is fact[2].status."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(part for part in parts if part != ".[key]").removeprefix(".") or "the file"


def said(fault: ErrorDetails) -> str:
    """One sentence for one fault: what is there, and what to write."""
    kind, given, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return _unknown_key(fault["loc"])
    if kind == "literal_error":
        known = context["expected"].replace("' or '", "', '")
        return f"{shown(given)} is not one of {known}"
    if kind == "string_pattern_mismatch":
        return f"{shown(given)} will not do: {FORMS[_form(context['pattern'])]}"
    if kind == "string_too_short":
        return "is empty; leave the key out where nothing is known"
    if kind == "too_short":
        return "is empty; name at least one fact"
    if kind == "value_error":
        return str(context["error"])
    return _not_of_its_kind(kind, given, context)


def shown(given: Any) -> str:
    """A value as it may stand in a message: short, on one line."""
    try:
        text = str(given).lower() if isinstance(given, bool) else str(given)
    except (ValueError, RecursionError):
        return '"…"'  # thousands of digits, or of tables within tables
    line = re.sub(r"\s+", " ", text)
    return f'"{line[:59]}…"' if len(line) > 60 else f'"{line}"'


def _not_of_its_kind(kind: str, given: Any, context: Mapping[str, Any]) -> str:
    limits = {"greater_than_equal": ("ge", "less"), "less_than_equal": ("le", "more")}
    if kind in limits:
        key, beyond = limits[kind]
        number = shown(given).strip('"')
        return f"{number} is {beyond} than {context[key]}, which cannot be"
    expected = KINDS.get(kind.removesuffix("_type"))
    if expected is None:
        return f"{shown(given)} does not fit here ({kind})"
    return f"{shown(given)} will not do: {expected}"


def _form(pattern: str) -> str:
    if "A-Z" in pattern:
        return "country"
    if r"\d{4}" in pattern:
        return "date"
    if pattern.startswith("^[a-z]["):
        return "option"
    return "fact" if pattern.endswith("-[0-9]{2,}$") else "dossier"


def _unknown_key(loc: tuple[int | str, ...]) -> str:
    near = get_close_matches(str(loc[-1]), list(_keys_at(loc[:-1])), n=1)
    return "no such key" + (
        f"; did you mean {near[0]}?" if near else "; archives/README.md names all"
    )


def _keys_at(loc: tuple[int | str, ...]) -> Iterator[str]:
    """The keys that the schema knows in the table at `loc`."""
    table: type[BaseModel] = Dossier
    for part in loc:
        if isinstance(part, str) and part in table.model_fields:
            table = next(_tables(table.model_fields[part].annotation), table)
    return iter(table.model_fields)


def _tables(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)
