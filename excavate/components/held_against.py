"""What a dossier says was published, held against what the catalog counts. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from excavate.dossiers.schema import Count

Verdict = Literal["equal", "near", "differs", "not counted"]
NEAR = 0.05  # of an 'about' number: what lies within counts as the same
COUNTED = {"items", "categories", "regions", "labels", "attributes"}
PARTIAL = ("limit", "split")  # options of a dig that leave something out


@dataclass(frozen=True, slots=True)
class Held:
    """One published number beside the catalog's. `counted` is None where it counts no such."""

    published: Count
    counted: int | None
    verdict: Verdict

    @property
    def difference(self) -> int:
        """How many more the catalog holds; negative where it holds fewer."""
        return (self.counted or 0) - self.published.number


def held_against(counts: Sequence[Count], row: Mapping[str, Any]) -> list[Held]:
    """Each published number against a row of `Site.datasets()`, those of its version only.

    Where counts name versions, those that the dataset's name or source does not hold are left.
    """
    return [_held(count, row) for count in counts if _of_version(count, counts, row)]


def partly_dug(row: Mapping[str, Any]) -> list[str]:
    """The options by which only a part was dug; a difference then says nothing."""
    try:
        options = json.loads(row.get("options") or "{}")
    except ValueError:
        return []
    return [f"--{name} {options[name]}" for name in PARTIAL if options.get(name) is not None]


def _held(count: Count, row: Mapping[str, Any]) -> Held:
    counted = _counted(count, row)
    if counted is None:
        return Held(count, None, "not counted")
    if counted == count.number:
        return Held(count, counted, "equal")
    near = count.about and abs(counted - count.number) <= NEAR * count.number
    return Held(count, counted, "near" if near else "differs")


def _counted(count: Count, row: Mapping[str, Any]) -> int | None:
    if count.of not in COUNTED:
        return None
    if count.split is None:
        return int(row[count.of])
    splits = {str(name).lower(): n for name, n in row["splits"].items()}
    found = splits.get(count.split.lower())
    return int(found) if count.of == "items" and found is not None else None


def _of_version(count: Count, counts: Sequence[Count], row: Mapping[str, Any]) -> bool:
    versions = {other.version for other in counts}
    if count.version is None or len(versions) == 1:
        return True
    named = _plain(f"{row['dataset_id']} {row['title']} {row['source']}")
    longer = [v for v in versions if v and _plain(v) in named]
    fitting = max(longer, key=len, default=None)
    return fitting == count.version


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
