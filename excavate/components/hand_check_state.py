"""How far the hand-check of a finding is, and what it came to, in a sentence or a table."""

from __future__ import annotations

from html import escape

from excavate.gaps.finding import Figure
from excavate.gaps.hand_cases import ROWS
from excavate.gaps.handcheck import Judged
from excavate.i18n import _, _n
from excavate.workshop.hand_checks import HandCheck

WANTED = 2  # people


def state(check: HandCheck | None) -> str:
    """One sentence, escaped: not begun, how many have judged, or the precision."""
    if check is None:
        return escape(_("Nobody has checked it by hand yet."))
    if check.finished < WANTED:
        words = _n("{n} of two people has judged its pictures.",
                   "{n} of two people have judged its pictures.", check.finished)  # fmt: skip
        return escape(words.format(n=check.finished))
    result = check.result
    if result.precision is None:
        return escape(_("Two people judged its pictures, and could not say of any."))
    words = _(
        "Checked by hand: two people confirm {share} of {n} pictures of its strongest rows "
        "({rows} at most); of {m} controls {other}."
    )
    return escape(words.format(
        share=percent(result.precision), n=result.n, m=result.n_controls, rows=ROWS,
        other=percent(result.controls),
    ))  # fmt: skip


def percent(figure: Figure | None) -> str:
    """A share with its interval: "75 % (53 to 89)"; not measured where there is none."""
    if figure is None:
        return _("not measured")
    if figure.low is None or figure.high is None:
        return f"{100 * figure.value:.0f} %"
    return _("{share} % ({low} to {high})").format(
        share=f"{100 * figure.value:.0f}", low=f"{100 * figure.low:.0f}",
        high=f"{100 * figure.high:.0f}",
    )  # fmt: skip


def result_rows(result: Judged) -> list[tuple[str, str]]:
    """(name, value) pairs of what two people say together, escaped."""
    chance = _("not measured: both gave one answer only")
    kappa = chance if result.kappa is None else f"{result.kappa:.2f}"
    ours = _("confirmed by both, of the pictures of its strongest rows ({rows} at most)")
    pairs = (
        (ours.format(rows=ROWS), percent(result.precision), result.n),
        (_("confirmed by both, of the controls"), percent(result.controls), result.n_controls),
        (_("answered alike, of all"), percent(result.agreement), None),
        (_("agreement beyond chance (Cohen's kappa)"), kappa, None),
    )
    return [
        (escape(name), escape(value if n is None else f"{value} · n = {n}"))
        for name, value, n in pairs
    ]
