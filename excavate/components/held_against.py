"""What a dossier says was published, held against what the catalog counts. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from excavate.dossiers.digs import same_place

if TYPE_CHECKING:
    from excavate.dossiers.schema import Count, Dig, Dossier

Verdict = Literal["equal", "near", "differs", "not counted"]
NEAR = 0.05  # of an 'about' number: what lies within counts as the same
COUNTED = {"items", "categories", "regions", "labels", "attributes"}
PARTIAL = ("limit", "split")  # options of a dig that leave something out
ALIKE = ({"train", "training"}, {"validation", "valid", "val"}, {"test", "testing"})


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


@dataclass(frozen=True, slots=True)
class Comparison:
    """The published numbers of a dossier beside one dataset of the site.

    `others` are of another version than the one dug, or of nothing that the catalog counts so.
    `partly`: what was left out in digging; a difference then says nothing.
    """

    held: tuple[Held, ...]
    others: tuple[Count, ...]
    partly: tuple[str, ...]


def held_against(dossier: Dossier, row: Mapping[str, Any]) -> Comparison:
    """Each published number of a dossier against a row of `Site.datasets()`.

    The version is that of the dossier's dig which the row comes from; where it comes from none,
    the one that the row's own names hold.
    """
    dig = dig_of(dossier, row)
    version = dig.version if dig else _version_named(dossier.count, row)
    held = tuple(_held(count, row) for count in dossier.count if _of_version(count, version))
    others = tuple(count for count in dossier.count if not _of_version(count, version))
    part = (dig.part,) if dig and dig.part else ()
    return Comparison(held, others, (*part, *partly_dug(row)))


def dig_of(dossier: Dossier, row: Mapping[str, Any]) -> Dig | None:
    """The dossier's dig that a dataset comes from: by its source, its name, or a part it names."""
    for dig in dossier.dig:
        if same_place(dig.source, str(row["source"])) or dig.dataset == row["dataset_id"]:
            return dig
    named = _names(row)
    parts = [dig for dig in dossier.dig if dig.part and _plain(dig.part) in named]
    return parts[0] if len(parts) == 1 else None


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
    wanted = count.split.lower()
    names = next((alike for alike in ALIKE if wanted in alike), {wanted})
    found = [n for name, n in row["splits"].items() if str(name).lower() in names]
    return int(found[0]) if count.of == "items" and len(found) == 1 else None


def _of_version(count: Count, version: str | None) -> bool:
    """Whether a count is of a version; "V4, boxes" is of V4."""
    of = count.version
    return of is None or version in (of, of.partition(",")[0])


def _version_named(counts: Sequence[Count], row: Mapping[str, Any]) -> str | None:
    """The longest of the versions that a dataset's name or source holds."""
    named = _names(row)
    versions = {count.version for count in counts if count.version}
    return max((v for v in sorted(versions) if _plain(v) in named), key=len, default=None)


def _names(row: Mapping[str, Any]) -> str:
    return _plain(f"{row['dataset_id']} {row['title']} {row['source']}")


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
