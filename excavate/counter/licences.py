"""Licences and statements of rights that a member may carry; the list stands in licences.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from excavate.workshop.absence_types import Words

FILE = Path(__file__).with_name("licences.toml")


@dataclass(frozen=True, slots=True)
class Licence:
    """One licence or statement. `pixels`: whether a release may carry the picture under it.

    `required` is what has to be shown beside the picture; "" where nothing has to be.
    """

    code: str
    uri: str
    name: Words
    family: str  # cc, rightsstatements, kogl or other
    pixels: bool
    required: Words
    changes: bool = True  # whether changed pictures may be given on


def _read() -> Mapping[str, Licence]:
    kept = tomllib.loads(FILE.read_text("utf-8"))["licences"]
    return MappingProxyType(
        {
            code: Licence(
                code,
                one["uri"],
                Words(one["en"], one["ko"]),
                one["family"],
                one["pixels"],
                Words(one.get("required_en", ""), one.get("required_ko", "")),
                one.get("changes", True),
            )
            for code, one in kept.items()
        }
    )


LICENCES: Mapping[str, Licence] = _read()
