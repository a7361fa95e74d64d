"""What the neighbours say of a lasso, as it is kept and told; it may have come from a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from excavate.gaps.lasso import NOT_MEASURED, ONLY_LAYOUT, REASONS, SUPPORTED
from excavate.i18n import N_, _
from excavate.workshop.about import LONGEST

SHARES, COUNTS = ("value", "low", "high", "chance"), ("items", "k")
LARGEST = 1 << 53
SHORT = 40  # signs of what a reason names
NUMBERS = {
    "together": N_(
        "Of the {k} nearest neighbours of these {items} items, {value} % are inside, too "
        "(95 %: {low} to {high} %; by chance {chance} %)."
    ),
    "apart": N_(
        "Half-way between items on opposite sides it is emptier than between items on one side in "
        "{value} % of comparisons (95 %: {low} to {high} %; by chance {chance} %; {items} items)."
    ),
}
MEANING = {
    ("together", SUPPORTED): N_("The group holds in embedding space, too."),
    ("together", ONLY_LAYOUT): N_(
        "In embedding space these are neighbours hardly more often than by chance: only the layout "
        "shows them as a group."
    ),
    ("apart", SUPPORTED): N_("The place is empty in embedding space, too."),
    ("apart", ONLY_LAYOUT): N_(
        "In embedding space it is no emptier between them than beside them: only the layout shows "
        "a hole."
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the neighbours say of a lasso: the verdict, and what it rests on as it is kept."""

    verdict: str
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The verdict with its numbers, or why there is none, in the language of the run."""
        said = self.record
        if verdict_faults(self.verdict, said):
            return _("What this rests on cannot be read.")
        parts = []
        if said.get("value") is not None:
            numbers = {name: _percent(said[name]) for name in SHARES}
            counts = {"k": said["k"], "items": f"{said['items']:,}"}
            parts.append(_(NUMBERS[said["kind"]]).format(**numbers, **counts))
        if said.get("why"):
            why = _(str(said["why"])).format(**said.get("details") or {})
            parts.append(_("Not measured: {why}.").format(why=why))
        elif (said.get("kind"), self.verdict) in MEANING:
            parts.append(_(MEANING[said["kind"], self.verdict]))
        if said.get("lens"):
            parts.append(_("Encoder: {name}.").format(name=said["lens"]))
        return " ".join(parts)

    def as_record(self) -> dict[str, Any]:
        """As the workshop keeps it, under `measured`."""
        return dict(self.record)


def _percent(share: float) -> str:
    """A share in percent; a small one with the digits that tell it from none."""
    return f"{100 * share:.0f}" if share == 0 or share >= 0.01 else f"{100 * share:.1g}"


def verdict_faults(verdict: Any, measured: Any) -> list[str]:
    """What keeps a verdict and what it rests on from being read: both may come from a file."""
    if verdict not in (None, SUPPORTED, ONLY_LAYOUT, NOT_MEASURED):
        return ["no such verdict"]
    if not isinstance(measured, Mapping):
        return ["what was measured is no record"]
    if not measured:
        return []
    return [*_number_faults(measured), *_word_faults(measured)]


def _number_faults(said: Mapping[str, Any]) -> Iterator[str]:
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in NUMBERS:
        yield f"kind: one of: {', '.join(NUMBERS)}"
    needed = SHARES if said.get("value") is not None else ()
    if not all(_is_number(said.get(name)) and 0 <= said[name] <= 1 for name in needed):
        yield "shares lie between 0 and 1"
    counts = [said.get(name) for name in (COUNTS if needed else ())]
    if not all(type(one) is int and 0 <= one < LARGEST for one in counts):
        yield "counts are whole numbers"


def _word_faults(said: Mapping[str, Any]) -> Iterator[str]:
    """The reason is one of ours with what it names, and names are short."""
    why, details = said.get("why") or "", said.get("details") or {}
    if why not in ("", *REASONS):
        yield "no such reason"
    elif not isinstance(details, Mapping) or not set(_named(why)) <= set(details):
        yield "the reason does not say what it names"
    elif not all(_is_short(one) for one in details.values()):
        yield "the reason names what is no number"
    if not isinstance(said.get("lens") or "", str) or len(said.get("lens") or "") > LONGEST:
        yield "no name of an encoder"


def _named(message: str) -> list[str]:
    return [name for _text, name, _spec, _conversion in Formatter().parse(message) if name]


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _is_short(given: Any) -> bool:
    if isinstance(given, str):
        return len(given) <= SHORT
    return _is_number(given) and abs(given) < LARGEST


def told_of(verdict: str | None, measured: Mapping[str, Any]) -> Told:
    """A verdict as it was kept with a piece of evidence."""
    return Told(verdict or NOT_MEASURED, measured)
