"""A figure fence read: TOML inside, every key known, every fault told with the fence's line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from excavate.errors import FaultList
from excavate.essays.blocks import Fence
from excavate.essays.form import CHARTS, OWN, ROBUSTNESS, FigureAsked, Words
from excavate.gaps.registry import REGISTRY

ID = re.compile(r"[a-z][a-z0-9-]{0,40}")
KINDS: dict[str, type] = {
    "id": str, "measure": str, "dataset": str, "reference": str, "encoder": str,
    "parameters": dict, "of": str, "chart": str, "rows": int, "show": list,
    "caption": dict, "say": dict,
}  # fmt: skip
NEEDED = ("id", "measure", "caption")
LINE = re.compile(r"\(at line (\d+)")
MOST_ROWS = 200


def figure_of(fence: Fence, dataset: str, file: str, faults: FaultList) -> FigureAsked | None:
    """The figure that a fence asks for; None where it cannot be read, which is among the faults.

    dataset: what is measured where the fence names none.
    """
    before = faults.count
    try:
        given = tomllib.loads(f"{fence.text}\n")
    except tomllib.TOMLDecodeError as error:
        found = LINE.search(str(error))
        faults.add(f"{file}:{fence.line + int(found[1] if found else 0)}", f"not TOML ({error})")
        return None
    place = f"{file}:{fence.line}"
    _check(given, place, faults)
    caption, say = (_words(given.get(key), place, key, faults) for key in ("caption", "say"))
    if faults.count > before or caption is None:
        return None
    own = {key: given[key] for key in ("reference", "encoder", "parameters") if key in given}
    return FigureAsked(
        given["id"], fence.line, given["measure"], caption,
        dataset=given.get("dataset", dataset), of=given.get("of", ""), say=say,
        chart=given.get("chart", "numbers"), rows=given.get("rows", 10),
        show=tuple(map(str, given.get("show", ()))), **own,
    )  # fmt: skip


def _check(given: dict[str, Any], place: str, faults: FaultList) -> None:
    for key in (one for one in NEEDED if one not in given):
        faults.add(place, f"a figure needs `{key}`")
    for key, value in given.items():
        if key not in KINDS:
            faults.add(place, f"`{key}` is no key of a figure; there are: {', '.join(KINDS)}")
        elif not isinstance(value, KINDS[key]) or isinstance(value, bool):
            faults.add(place, f"`{key}` has to be {_kind(KINDS[key])}")
    known: dict[str, Any] = {
        n: v for n, v in given.items() if n in KINDS and isinstance(v, KINDS[n])
    }
    if "id" in known and not ID.fullmatch(known["id"]):
        faults.add(place, f"`id` is small letters, digits and dashes, not {known['id']!r}")
    if "chart" in known and known["chart"] not in CHARTS:
        faults.add(place, f"`chart` is one of {', '.join(CHARTS)}, not {known['chart']!r}")
    if "rows" in known and not 1 <= known["rows"] <= MOST_ROWS:
        faults.add(place, f"`rows` is from 1 to {MOST_ROWS}, not {known['rows']}")
    _check_measure(known, place, faults)


def _check_measure(known: dict[str, Any], place: str, faults: FaultList) -> None:
    measure = known.get("measure", OWN[0])
    if measure not in (*REGISTRY, *OWN):
        there = ", ".join((*REGISTRY, *OWN))
        faults.add(place, f"there is no measure {measure!r}; there are: {there}")
    if (measure == ROBUSTNESS) != bool(known.get("of")):
        faults.add(place, "`of` names a figure, and is of `robustness` alone")


def _kind(kind: type) -> str:
    return {dict: "a table", int: "a whole number", list: "a list"}.get(kind, "text")


def _words(given: Any, place: str, key: str, faults: FaultList) -> Words | None:
    if not isinstance(given, dict):
        return None
    for language in ("ko", "en"):
        if not isinstance(given.get(language), str) or not given[language].strip():
            faults.add(place, f"`{key}` has no words in `{language}`")
    for language in sorted(set(given) - {"ko", "en"}):
        faults.add(place, f"`{key}.{language}`: an essay is in ko and en")
    return Words(str(given.get("ko", "")).strip(), str(given.get("en", "")).strip())
