"""Categories below which names are contested: by node id, in whichever tree the id stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

CONTESTED = Path(__file__).with_name("contested.toml")


@lru_cache(maxsize=1)
def contested() -> Mapping[str, Mapping[str, str]]:
    """{node id: {of, en, ko}}: why it is contested, in both languages."""
    entries = tomllib.loads(CONTESTED.read_text("utf-8"))["contested"]
    return {entry["id"]: entry for entry in entries}


def contested_in(ids: Sequence[str]) -> frozenset[int]:
    """The numbers of the contested ones among node ids."""
    return frozenset(node for node, one in enumerate(ids) if one in contested())
