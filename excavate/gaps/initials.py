"""Attributes that only sort others: the initial of a name, kept beside the name itself.

What such a letter is together with says what the names are, twice. An attribute is an index of
another where each of its values is one letter or figure, the other has more values, and these
begin with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from excavate.gaps.cooccurrence import Stated

NEARLY = 0.98  # of the other's values begin with it: some names are spelled in several ways


def indexes(chosen: Sequence[str], fields: Mapping[str, Stated]) -> dict[str, str]:
    """{a chosen field that is an index: the field that it sorts}. O(stated values x fields)."""
    found = {}
    for name in chosen:
        letters = _firsts(fields[name])
        if not letters or any(len(letter.strip()) != 1 for letter in letters.values()):
            continue
        values = len(set(letters.values()))
        sorted_ones = (
            other
            for other, said in fields.items()
            if other != name and _sorts(letters, values, _firsts(said))
        )
        by = next(sorted_ones, None)
        if by is not None:
            found[name] = by
    return found


def _firsts(said: Stated) -> dict[int, str]:
    """{item: the first value that it states}."""
    items, first = np.unique(said.items, return_index=True)
    values = pa.array(said.values, pa.string()).take(pa.array(first)).to_pylist()
    return {int(n): v for n, v in zip(items, values, strict=True) if v is not None and v.strip()}


def _sorts(letters: Mapping[int, str], values: int, texts: Mapping[int, str]) -> bool:
    pairs = {(text, letters[item]) for item, text in texts.items() if item in letters}
    if values < 2 or len({text for text, _ in pairs}) <= values:
        return False
    begin = sum(_initial(text) == _initial(letter) for text, letter in pairs)
    return begin >= NEARLY * len(pairs)


def _initial(text: str) -> str:
    return unicodedata.normalize("NFD", text.strip().casefold())[:1]
