"""JSON as it is written: parsed fast where that loses nothing, else as Python's own parser does.

orjson is several times faster, and strict where `json` is not; a whole number beyond 64 bits it
would round. What it refuses, `json` reads or names the line of.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import orjson

from excavate.errors import SourceError
from excavate.model import as_json
from excavate.sources.places import is_text

HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # JSON can write half of a pair, no UTF-8 can
ALIKE = bytes.maketrans(b"123456789", b"000000000")
LONG = b"0" * 19  # digits of what may be a whole number that 64 bits do not hold
SHORT = 200  # bytes of what may be said often


class HalfPairError(ValueError):
    """JSON that holds half of a surrogate pair: no text in any encoding."""

    def __init__(self) -> None:
        super().__init__("text that is no Unicode (half of a surrogate pair)")


def parsed(content: bytes) -> Any:
    """The value of a JSON, NaN and numbers of any length included.

    Raises json.JSONDecodeError with the place, HalfPairError, or another ValueError.
    """
    if LONG not in content.translate(ALIKE):  # far faster than a regular expression
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError:
            pass
    # json itself lets halves of surrogate pairs pass as bytes: decode strictly
    value = json.loads(content.decode(json.detect_encoding(content)))
    if HALF.search(content) and not is_text(json.dumps(value, ensure_ascii=False)):
        raise HalfPairError
    return value


def document(content: bytes, where: str, todo: str) -> Any:
    """The value of a JSON file. Raises SourceError that names its line and says `todo`."""
    try:
        return parsed(content)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"not JSON at {place} ({error.msg})", where, todo) from error
    except HalfPairError as error:
        raise SourceError(str(error), where, todo) from error
    except (ValueError, RecursionError) as error:  # UTF-8 that is none, numbers without an end
        raise SourceError(f"not JSON ({error})", where, todo) from error


def compact(value: Any) -> str:
    """What was read from a JSON as JSON; a number that is none becomes text ("NaN")."""
    try:
        content = orjson.dumps(value)
    except TypeError:  # a whole number beyond 64 bits, or nested deeper than it goes
        return as_json(value)
    return as_json(value) if b"null" in content else content.decode()  # its word for NaN, too


def spelled(value: Any) -> str:
    """As model.as_json spells what was read from a JSON, once for what is often said again."""
    try:
        content = orjson.dumps(value)
    except TypeError:
        return as_json(value)
    often = len(content) <= SHORT and b"null" not in content
    return _spelled(content) if often else as_json(value)


@lru_cache(maxsize=4096)
def _spelled(content: bytes) -> str:
    return as_json(orjson.loads(content))


def written(value: Any) -> str:
    """Lists and objects of plain finite values as JSON."""
    return orjson.dumps(value).decode()
