"""What an absence is said of: a dataset, an item or a part of it, …, or nothing in particular.

What is pointed at is kept in words and ids, never as a copy of what lies there; `at` holds what
it was when somebody pointed at it (pinning.py), so that a later change is noticed (holding.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import InputFault, RefusedError
from excavate.i18n import N_

MOST_ITEMS = 200  # of a lasso; the others are found again from its outline
MOST_CORNERS = 400
FARTHEST = 1e6  # a corner beyond lies on no layout
LONGEST = 1000  # signs of one name
PLACE = N_("What it is said of")
XYWH = re.compile(r"percent:(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)")
# Of each kind: what must be said, what may be said.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "dataset": (("dataset",), ()),
    "item": (("item_id",), ()),
    "part": (("item_id", "xywh"), ()),
    "category": (("name",), ("dataset", "taxonomy", "node_id")),
    "cell": (("dataset", "values"), ()),
    "finding": (("finding_id",), ("row",)),
    "dossier": (("dossier_id",), ("fact_id",)),
    "search": (("words",), ("dataset", "encoder")),
    "lasso": (("layout_id",), ("polygon", "items")),
    "nothing": ((), ()),
}


@dataclass(frozen=True, slots=True)
class About:
    """What is pointed at (`value`, as KINDS says), and what it was then (`at`)."""

    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)
    at: Mapping[str, Any] = field(default_factory=dict)

    @property
    def dataset(self) -> str | None:
        """The dataset it lies in, where it lies in one."""
        named = self.value.get("dataset") or self.at.get("dataset")
        if named is None and "item_id" in self.value:
            named = str(self.value["item_id"]).partition("/")[0]
        return named if isinstance(named, str) else None


NOTHING = About("nothing")


def about_query(about: About) -> dict[str, str]:
    """`of` and `on`, as links to the page that says an absence carry them.

    A lasso goes by its outline where it has one: its items are found again in the layout.
    """
    value = dict(about.value)
    if about.kind == "lasso" and value.get("polygon"):
        value.pop("items", None)
    return {"of": about.kind, "on": _compact(value)}


def about_of(query: Mapping[str, str]) -> About:
    """What a link points at; without `of`, nothing in particular.

    Raises RefusedError with every fault of its form; whether it is there is seen when it is said.
    """
    try:
        value = json.loads(query.get("on") or "{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        value = None
    whole = isinstance(value, dict)
    about = About(query.get("of") or "nothing", value if whole else {})
    faults = [] if whole else [InputFault(PLACE, "the link is damaged")]
    faults += about_faults(about)
    if faults:
        raise RefusedError("not written yet", "", "Open it again from where you came", faults)
    return about


def to_json(about: About) -> str:
    """As the workshop keeps it: one JSON object, `at` beside the value."""
    return _compact({"value": dict(about.value), "at": dict(about.at)})


def from_json(kind: str, kept: str) -> About:
    """As it was kept; what erasure overwrote points at nothing."""
    try:
        said = json.loads(kept)
        return About(kind, said["value"], said["at"])
    except (ValueError, KeyError, TypeError):
        return About(kind)


def about_faults(about: About, place: str = PLACE) -> Iterator[InputFault]:
    """What is wrong with the form of what is pointed at: keys, kinds of values, sizes."""
    if about.kind not in KINDS:
        yield InputFault(place, f"one of: {', '.join(KINDS)}")
        return
    needed, allowed = KINDS[about.kind]
    missing = [name for name in needed if about.value.get(name) in (None, "", {}, [])]
    if about.kind == "lasso" and not (about.value.get("polygon") or about.value.get("items")):
        missing.append("polygon")
    unknown = [str(name) for name in about.value if name not in (*needed, *allowed)]
    if missing:
        yield InputFault(place, f"it does not say: {', '.join(missing)}")
    if unknown:
        yield InputFault(place, f"it says more than is known of: {', '.join(unknown)}")
    for name in (*needed, *allowed):
        given = about.value.get(name)
        if given is not None and name not in missing and not FORMS.get(name, _is_name)(given):
            yield InputFault(place, f"this is no {name.replace('_', ' ')}")


def part_of_item(about: About) -> tuple[float, float, float, float] | None:
    """x, y, width, height of a part, in percent of its picture; None where it is none."""
    found = XYWH.fullmatch(str(about.value.get("xywh", "")))
    if found is None:
        return None
    x, y, width, height = (float(number) for number in found.groups())
    inside = width > 0 and height > 0 and x + width <= 100.01 and y + height <= 100.01
    return (x, y, width, height) if inside else None


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _is_name(given: Any) -> bool:
    return isinstance(given, str) and 0 < len(given) <= LONGEST and _can_be_kept(given)


def _can_be_kept(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in text)


def _is_part(given: Any) -> bool:
    return part_of_item(About("part", {"xywh": given})) is not None


def _is_row(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 1 << 31


def _is_cell(given: Any) -> bool:
    return (
        isinstance(given, dict)
        and 0 < len(given) <= 20
        and all(_is_name(name) and _is_name(value) for name, value in given.items())
    )


def _is_polygon(given: Any) -> bool:
    return (
        isinstance(given, Sequence)
        and 3 <= len(given) <= MOST_CORNERS
        and all(isinstance(corner, Sequence) and len(corner) == 2 for corner in given)
        and all(_is_number(one) for corner in given for one in corner)
    )


def _is_number(given: Any) -> bool:
    real = isinstance(given, int | float) and not isinstance(given, bool)
    return real and -FARTHEST <= given <= FARTHEST  # no NaN either: it is not between


def _are_items(given: Any) -> bool:
    return (
        isinstance(given, Sequence)
        and not isinstance(given, str)
        and len(given) <= MOST_ITEMS
        and all(_is_name(one) for one in given)
    )


FORMS: dict[str, Callable[[Any], bool]] = {
    "xywh": _is_part, "row": _is_row, "values": _is_cell, "polygon": _is_polygon,
    "items": _are_items,
}  # fmt: skip
