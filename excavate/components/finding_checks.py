"""How far a finding was checked: other settings, and two people's eyes. Three states each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.finding_words import UNMEASURED, state_of
from excavate.components.hand_check_state import state
from excavate.gaps.registry import saying_of
from excavate.gaps.saying.robustness import changed, sentence
from excavate.i18n import _, spoken
from excavate.workshop.hand_checks import hand_check

if TYPE_CHECKING:
    from excavate.gaps.robustness import Robustness, Setting
    from excavate.gaps.stored import Finding, Row
    from excavate.workshop.store import Workshop


def checks_html(
    finding: Finding, robust: Robustness | None, workshop: Workshop | None, pictured: Row | None
) -> str:
    """Whether it holds in other settings, and what a hand-check said.

    robust: None where nobody looked; pictured: its first row that names items, if one does.
    """
    if state_of(finding) == UNMEASURED:
        return ""
    by_hand = by_eye(finding, workshop, pictured) if workshop and pictured else ""
    return f'<ul class="exc-checks">{in_other_settings(robust)}{by_hand}</ul>'


def in_other_settings(robust: Robustness | None) -> str:
    """In how many of them it holds; that nobody looked yet is said, not left blank."""
    if robust is None:
        return f'<li class="exc-unlooked">{escape(_("robustness not looked at"))}</li>'
    look = "" if robust.measured else ' class="exc-unlooked exc-hatched"'
    return f"<li{look}><span>{escape(sentence(robust))}</span></li>"


def settings_html(finding: Finding, robust: Robustness | None, site: str) -> str:
    """Every other setting and what came of it; where nobody looked, the command that does."""
    title = f'<h2 class="exc-part">{escape(_("In other settings"))}</h2>'
    if robust is None:
        words = escape(_("Nobody has asked it in other settings yet: what holds in one alone may "
                         "be of the setting, not of the dataset."))  # fmt: skip
        command = escape(f"excavate findings robust {finding.id} --site {site}")
        return f"{title}<p>{words}</p><p><code>{command}</code></p>"
    heads = (_("what differs"), _("rows"), _("place of the first row"))
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    rows = "".join(_setting(one) for one in robust.settings)
    return (
        f"{title}<p>{escape(sentence(robust))}</p>"
        f'<div class="exc-rows" tabindex="0" role="region" aria-label="{escape(heads[0])}">'
        f'<table class="exc-said"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _setting(setting: Setting) -> str:
    differs = escape(changed(setting))
    if setting.finding:
        link = escape("/finding?" + urlencode({"id": setting.finding, "lang": spoken()}))
        differs = f'<a href="{link}" data-page target="_self">{differs}</a>'
    if not setting.measured:
        why = escape(_("Not measured: {why}.").format(
            why=_(setting.why).format(**(setting.details or {}))))  # fmt: skip
        return f'<tr><td>{differs}</td><td colspan="2" class="exc-hatched"><b>{why}</b></td></tr>'
    place = _place(setting)
    return f"<tr><td>{differs}</td><td>{setting.rows:,}</td><td>{escape(place)}</td></tr>"


def _place(setting: Setting) -> str:
    """The place of the first row there; "–" where nothing was found to look for."""
    if not setting.ranks:
        return "–"
    if not setting.moves[0]:
        return _("cannot move it")
    return _("not there") if setting.ranks[0] is None else f"{setting.ranks[0]:,}"


def by_eye(finding: Finding, workshop: Workshop, pictured: Row) -> str:
    """How far its hand-check is, with the way there; nothing where eyes cannot judge it."""
    if saying_of(finding.measure).judge(finding, pictured) is None:
        return ""
    check = hand_check(workshop, finding.id)
    link = escape("/check?" + urlencode({"finding": finding.id, "lang": spoken()}))
    way = f'<a href="{link}" data-page target="_self">{escape(_("Check it by hand"))}</a>'
    look = ' class="exc-unlooked"' if check is None or check.result.precision is None else ""
    return f"<li{look}>{state(check)} {way}</li>"
