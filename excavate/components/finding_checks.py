"""How far a finding was checked: other settings, and two people's eyes. Three states each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.finding_words import UNMEASURED, state_of
from excavate.components.hand_check_state import state
from excavate.gaps.registry import saying_of
from excavate.i18n import _, spoken
from excavate.workshop.hand_checks import hand_check

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding, Row
    from excavate.workshop.store import Workshop


def checks_html(
    folder: SiteFolder, finding: Finding, workshop: Workshop | None, pictured: Row | None
) -> str:
    """Whether it holds in other settings, and what a hand-check said.

    pictured: its first row that names items; None where there is nothing to look at.
    """
    if state_of(finding) == UNMEASURED:
        return ""
    by_hand = by_eye(finding, workshop, pictured) if workshop and pictured else ""
    return f'<ul class="exc-checks">{robustness(folder, finding)}{by_hand}</ul>'


def robustness(folder: SiteFolder, finding: Finding) -> str:
    """In how many other settings it holds; that nobody looked yet is said, not left blank."""
    return f'<li class="exc-unlooked">{escape(_("robustness not looked at"))}</li>'


def by_eye(finding: Finding, workshop: Workshop, pictured: Row) -> str:
    """How far its hand-check is, with the way there; nothing where eyes cannot judge it."""
    if saying_of(finding.measure).judge(finding, pictured) is None:
        return ""
    check = hand_check(workshop, finding.id)
    link = escape("/check?" + urlencode({"finding": finding.id, "lang": spoken()}))
    way = f'<a href="{link}" data-page target="_self">{escape(_("Check it by hand"))}</a>'
    look = ' class="exc-unlooked"' if check is None or check.result.precision is None else ""
    return f"<li{look}>{state(check)} {way}</li>"
