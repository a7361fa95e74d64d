"""How a finding was measured: method, parameters, provenance, versions, one press away."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from excavate.components.finding_words import parameters
from excavate.embedding.spec import short_name
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding

SHOWN_VERSIONS = 12


def method_html(finding: Finding, lens: Sequence[tuple[str, str | None]], opened: bool) -> str:
    """A drawer: what the measure does, its limits, every parameter, what it was measured on."""
    said, result = finding.made.provenance, finding.made.result
    ours = f"<p>{escape(_extension())}</p>" if REGISTRY[finding.measure].extension else ""
    body = (
        f"<p>{escape(saying_of(finding.measure).meaning())}</p>{ours}"
        f"{_parameters(finding)}<dl>{_facts(finding, lens)}</dl>"
    )
    versions = " · ".join(f"{n} {v}" for n, v in list(result["versions"].items())[:SHOWN_VERSIONS])
    seconds = _("{n} s").format(n=f"{result['seconds']:,.1f}")
    made = f"{finding.made.made_at[:16].replace('T', ' ')} UTC · {seconds} · {versions}"
    number = _("version {n} of the measure").format(n=said["version"])
    return (
        f'<details class="exc-method"{" open" if opened else ""}>'
        f"<summary>{escape(_('How it was measured'))}</summary><div>{body}"
        f'<p class="exc-quiet">{escape(made)} · {escape(number)}</p></div></details>'
    )


def _extension() -> str:
    return _("This measure is our own extension, not one of the literature.")


def _parameters(finding: Finding) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td>'
        f"<td><small>{escape(means)}</small></td></tr>"
        for name, value, means in parameters(finding)
    )
    return f'<table class="exc-said exc-parameters"><tbody>{rows}</tbody></table>' if rows else ""


def _facts(finding: Finding, lens: Sequence[tuple[str, str | None]]) -> str:
    said = finding.made.provenance
    revisions = " · ".join(f"{n} @ {r[:12]}" for n, r in said["revisions"].items())
    encoders = ", ".join(short_name(spec) for spec, _trained in lens)
    given = [
        (_("Measured on"), finding.dataset),
        (_("Revision"), revisions),
        (_("Held against, as asked"), said["reference"] or _("nothing named; the measure's own")),
        (_("Encoder"), encoders or _("none: counts only")),
        (_("Finding"), finding.id),
    ]
    return "".join(
        f'<dt>{escape(name)}</dt><dd class="exc-mono">{escape(value)}</dd>' for name, value in given
    )
