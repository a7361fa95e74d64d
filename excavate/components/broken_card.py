"""The card of a finding whose files cannot be read: broken, which is no state of a finding."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from excavate.components.finding_words import command_for
from excavate.gaps.registry import saying_of
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding


def broken_card(finding: Finding, what: str, todo: str, site: str) -> str:
    """Which finding it is, what broke and what to do; no sentence of it, no number.

    what, todo: in the language of this run.
    """
    title = saying_of(finding.measure).title()
    label, broken = escape(f"{title} · {finding.dataset}"), escape(_("cannot be drawn"))
    words = escape(
        _("This finding stands, but it cannot be drawn: that is neither a gap nor a result.")
    )
    return (
        '<article class="exc exc-finding exc-finding-unmeasured exc-finding-broken"'
        f' id="f-{finding.id}" aria-label="{label}"><p class="exc-finding-head">'
        f'<strong>{escape(title)}</strong> <span class="exc-mono">{escape(finding.dataset)}</span>'
        f' <span class="exc-tag exc-hatched"><b>{broken}</b></span></p>'
        f'<h2 class="exc-sentence">{escape(what)}</h2><p>{words}</p><p>{escape(todo)}</p>'
        f"<p><code>{escape(command_for(finding, site))}</code></p></article>"
    )
