"""What a Croissant file asks to be done with values: regex, replace, separator, jsonPath.

The regular expressions are a stranger's. Some take years on a text of forty letters, so `regex`
is used, which Python's own `re` resembles and which can be told to give up.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import Any

SECONDS = 2.0  # for one value
IN_ALL = 60.0  # for all values of a field
STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[\"([^\"]*)\"\]|(\[\*\])|\[(\d+)\]")


def transformed(values: list[Any], kind: str, said: str) -> list[Any]:
    """The values after one transform; None stays None, and stands for what does not match.

    Raises ValueError where it cannot be followed, or takes too long.
    """
    if kind == "format":
        return values
    if kind == "regex":
        return _matched(values, said)
    return [None if value is None else _changed(value, kind, said) for value in values]


def _changed(value: Any, kind: str, said: str) -> Any:
    if kind == "json_path":
        return next(iter(by_path(value, said if said.startswith("$") else f"$.{said}")), None)
    if kind == "separator":
        return str(value).split(said)
    old, _, new = said.partition("/")
    return str(value).replace(old, new)


def _matched(values: list[Any], said: str) -> list[Any]:
    """The first group that matches, all that matches where there are no groups."""
    import regex  # type: ignore[import-untyped]

    try:
        pattern = regex.compile(said)
    except (regex.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{said!r} is no regular expression ({error})") from error
    found, ends = [], monotonic() + IN_ALL
    for value in values:
        left = min(SECONDS, ends - monotonic())
        try:
            match = pattern.match(str(value), timeout=max(0.0, left)) if value is not None else None
        except TimeoutError as error:
            raise ValueError(f"the regular expression {said!r} takes too long") from error
        groups = [group for group in match.groups() if group is not None] if match else []
        found.append(groups[0] if groups else str(value) if match else None)
    return found


def by_path(document: Any, path: str) -> list[Any]:
    """The values of a JSONPath; after a [*], None for those that have no such key."""
    steps = _steps(path)
    if steps is None:
        from jsonpath_rw import parse  # type: ignore[import-untyped]

        return [match.value for match in parse(path).find(document)]
    values = [document]
    for step in steps:
        key = step[1] or step[2] or step[3]
        if step[4]:
            values = [inner for value in values for inner in (value if type(value) is list else ())]
        elif step[5]:
            number = int(step[5])
            values = [v[number] if type(v) is list and number < len(v) else None for v in values]
        else:
            values = [value.get(key) if type(value) is dict else None for value in values]
    return values


def records_of(path: str) -> tuple[str, ...] | None:
    """The steps of a JSONPath up to its last [*]: two paths that share them have one value for
    each of the same things. None where that cannot be told (`$..name`, slices).
    """
    steps = _steps(path)
    if steps is None:
        return None
    last = max((place for place, step in enumerate(steps) if step[4]), default=-1)
    return tuple(step[1] or step[2] or step[3] or step[0] for step in steps[: last + 1])


def _steps(path: str) -> list[re.Match[str]] | None:
    """Its steps, where all are keys, numbers or [*]."""
    steps = list(STEP.finditer(path))
    plain = path.startswith("$") and "".join(step[0] for step in steps) == path[1:]
    return steps if plain else None
