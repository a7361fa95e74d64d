"""A finding in the words around it: its state, its numbers, its lens, what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.components.command_lines import gaps_command
from excavate.gaps.absence_types import named
from excavate.gaps.lenses import lens_line as lens_line
from excavate.gaps.lenses import lenses as lenses
from excavate.gaps.numbers import is_share, said
from excavate.gaps.registry import REGISTRY, run_of, saying_of
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.asked import Asked
    from excavate.gaps.finding import Figure
    from excavate.gaps.stored import Finding

FOUND, NOTHING, UNMEASURED = "found", "nothing", "unmeasured"
STATES = {
    FOUND: N_("something found"),
    NOTHING: N_("measured, nothing found"),
    UNMEASURED: N_("not measured"),
}
LONGEST = 400  # signs of one parameter


def state_of(finding: Finding) -> str:
    """Which of the three states a finding is in; its rows are not read for it."""
    if not finding.is_measured:
        return UNMEASURED
    return FOUND if finding.made.result.get("rows") else NOTHING


def base_of(finding: Finding) -> str:
    """The dataset that was measured, without its split."""
    names = finding.made.provenance["revisions"]
    return next((n for n in names if f"{finding.dataset}/".startswith(f"{n}/")), finding.dataset)


def types_of(finding: Finding) -> tuple[str, ...]:
    """The types of absence that its measure is a proxy of."""
    return REGISTRY[finding.measure].types


def types_line(finding: Finding) -> str:
    """The names of those types."""
    return ", ".join(map(named, types_of(finding)))


def figures_html(finding: Finding, most: int | None = None) -> str:
    """The numbers in front, each with its interval where it is an estimate.

    most: only so many; those that are estimated first, and none that is zero.
    """
    heading = saying_of(finding.measure).column
    shown = list(finding.figures.items())
    if most is not None:
        telling = [(name, one) for name, one in shown if one.value or one.low is not None]
        shown = sorted(telling or shown, key=lambda pair: pair[1].low is None)[:most]
    cells = [
        _figure(heading(name), figure, is_share(finding.measure, name)) for name, figure in shown
    ]
    return f'<ul class="exc-counts exc-figures">{"".join(cells)}</ul>' if cells else ""


def _figure(name: str, figure: Figure, share: bool) -> str:
    bounds = interval(figure, share)
    quiet = f"<small>{escape(bounds)}</small>" if bounds else ""
    return f"<li><b>{said(figure.value, share)}</b><span>{escape(name)}</span>{quiet}</li>"


def interval(figure: Figure, share: bool = False) -> str:
    """Its 95 % interval in words; "" where it is counted, not estimated."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = said(figure.low, share), said(figure.high, share)
    return _("95 %: {low} to {high}").format(low=low, high=high)


def asked_line(asked: Asked, finding: Finding | None = None) -> str:
    """How much was asked of the site: who asks often finds something by chance."""
    parts = [
        (_("One of {findings} asked of this site") if finding else _("{findings} of this site"))
        .format(findings=_n("{n} finding", "{n} findings", asked.findings)
                .format(n=f"{asked.findings:,}")),
        _("{n} could not be measured").format(n=f"{asked.not_measured:,}"),
        _n("{n} comparison", "{n} comparisons", asked.tested).format(n=f"{asked.tested:,}"),
    ]  # fmt: skip
    if asked.failed:
        failed = _n("{n} question failed", "{n} questions failed", asked.failed)
        parts.append(failed.format(n=f"{asked.failed:,}"))
    return " · ".join(parts)


def command_for(finding: Finding, site: str) -> str:
    """The command that asks the same again."""
    return gaps_command(site, finding.question)


def parameters(finding: Finding) -> list[tuple[str, str, str]]:
    """(name, value, what it means) of every parameter, resolved."""
    known = run_of(finding.measure).PARAMETERS
    given: Mapping[str, Any] = finding.made.provenance["parameters"]
    return [
        (name, _value(value), _(known[name].means) if name in known else "")
        for name, value in given.items()
    ]


def _value(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(map(str, value)) or "–"
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = "–" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
