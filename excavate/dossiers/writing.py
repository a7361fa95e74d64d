"""A dossier as TOML: in the order of the schema, what is not known left out, long text wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from excavate.dossiers.schema import Dossier

WIDTH = 96
TABLES = ("status", "terrain")
LISTS = ("dig", "count", "ancestor", "descendant", "fact")
BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")


def to_toml(dossier: Dossier, header: str = "") -> str:
    """The text of a dossier's file, ending in a newline. `header` becomes comments at its top.

    Reading it again gives an equal Dossier; the same dossier gives the same text.
    """
    record = dossier.model_dump(exclude_defaults=True)
    lines = [f"# {_printable(line)}".rstrip() for line in header.splitlines()]
    lines += [""] if lines else []
    lines += _pairs({k: v for k, v in record.items() if k not in (*TABLES, *LISTS)})
    for name in TABLES:
        if name in record:
            lines += ["", f"[{name}]", *_pairs(record[name])]
    for name in LISTS:
        for table in record.get(name, []):
            lines += ["", f"[[{name}]]", *_pairs(table)]
    return "\n".join(lines) + "\n"


def _printable(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _pairs(table: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """`key = value` lines; a table within is written with dots (text.en = …)."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, f"{before}{key}.")
        else:
            yield f"{before}{key} = {_value(value, len(before) + len(key) + 3)}"


def _value(value: Any, indent: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value, indent)
    quoted = [_quoted(inner) for inner in value]
    line = f"[{', '.join(quoted)}]"
    if len(line) + indent <= WIDTH:
        return line
    return "[\n" + "".join(f"  {inner},\n" for inner in quoted) + "]"


def _text(text: str, indent: int) -> str:
    quoted = _quoted(text)
    if "\n" not in text and len(quoted) + indent <= WIDTH:
        return quoted
    bare = '""' not in text and not text.endswith('"')  # quotes may then stand as they are
    body = "\n".join(_wrapped(_escaped(line, bare)) for line in text.split("\n"))
    return f'"""\n{body}"""'


def _escaped(line: str, bare_quotes: bool) -> str:
    if not bare_quotes:
        return _quoted(line)[1:-1]
    return '"'.join(_quoted(part)[1:-1] for part in line.split('"'))


def _wrapped(escaped: str) -> str:
    """One line over several: a backslash at the end joins the next, as TOML has it."""
    lines = [""]
    for word in BETWEEN_WORDS.split(escaped):
        if lines[-1] and len(lines[-1]) + len(word) + 3 > WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return " \\\n".join(lines)


def _quoted(text: str) -> str:
    import tomli_w

    return tomli_w.dumps({"x": text})[len("x = ") : -1]
