"""Which values of a dossier rest on no fact whose source was seen, and how that is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier

VALUES = ("year", "items", "images_from", "labour", "licence", "countries")


def rests_on_seen(dossier: Dossier, because: Iterable[str]) -> bool:
    """Whether one of the facts that a value rests on was looked up and seen."""
    return any(fact.verified for fact in dossier.facts_named(because))


def unverified_values(dossier: Dossier) -> frozenset[str]:
    """The Survey's values of a dossier, and `status`, that rest on no fact that was seen."""
    ground = dossier.terrain
    known: dict[str, Sequence[str]] = {
        name: ground.because.get(name, ())  # type: ignore[call-overload]
        for name in VALUES
        if getattr(ground, name)
    }
    if dossier.status:
        known["status"] = dossier.status.because
    return frozenset(name for name, facts in known.items() if not rests_on_seen(dossier, facts))


def unverified_mark() -> str:
    """*unverified* in its dashed frame, as HTML."""
    return f'<span class="exc-mark-unverified">{escape(_("unverified"))}</span>'


def marked(html: str, unverified: bool) -> str:
    """A value as HTML, with *unverified* behind it where it is."""
    return f"{html} {unverified_mark()}" if html and unverified else html
