"""Counted time in words: by day and activity, and what it comes to at wages and piece rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.components.addresses import under
from excavate.components.dossier_words import in_words
from excavate.i18n import N_, _, _n, spoken
from excavate.workshop.piece_rates import PieceRate
from excavate.workshop.wages import HOLIDAY_HOURS, HOME, Wage, wage_of

if TYPE_CHECKING:
    from excavate.workshop.labour_sums import RoomTime

ACTIVITY_NAMES = {
    "look": N_("looking"), "say": N_("saying"), "respond": N_("answering"),
    "sort": N_("sorting"), "judge": N_("judging"), "collect": N_("collecting"),
    "label": N_("labelling"), "review": N_("reviewing"), "other": N_("other pages"),
}  # fmt: skip


def lasting(seconds: float) -> str:
    """A length of time in words: seconds below a minute, else minutes."""
    if seconds < 60:
        return _n("{n} second", "{n} seconds", round(seconds)).format(n=round(seconds))
    minutes = seconds / 60
    said = f"{minutes:,.1f}" if minutes < 10 else f"{minutes:,.0f}"
    return _n("{n} minute", "{n} minutes", 1 if said == "1.0" else 2).format(n=said)


def money(amount: Decimal, currency: str) -> str:
    """An amount as it is written where the currency is: 1,234 won, 1.23 USD."""
    if currency == "KRW":
        whole = f"{amount:,.0f}" if amount >= 10 else f"{amount:,.1f}"
        return _("{amount} won").format(amount=whole)
    return f"{amount:,.2f} {currency}"


def days_html(days: Mapping[str, Mapping[str, float]]) -> str:
    """A table of days and activities, the newest day first."""
    rows = "".join(
        f"<tr><td>{escape(day)}</td><td>{escape(_activities(by))}</td>"
        f"<td>{escape(lasting(sum(by.values())))}</td></tr>"
        for day, by in sorted(days.items(), reverse=True)
    )
    heads = "".join(f"<th>{escape(name)}</th>" for name in (_("Day"), _("What"), _("Together")))
    head, body = f"<thead><tr>{heads}</tr></thead>", f"<tbody>{rows}</tbody>"
    return f'<table class="exc-said exc-counted">{head}{body}</table>'


def _activities(by: Mapping[str, float]) -> str:
    named = sorted(by.items(), key=lambda pair: -pair[1])
    return ", ".join(
        f"{_(ACTIVITY_NAMES.get(name, name))} {lasting(seconds)}" for name, seconds in named
    )


def at_wage_html(seconds: float, year: int, site: Path | None = None, country: str = HOME) -> str:
    """The same time at that year's minimum wage, with and without the weekly holiday allowance.

    Where no wage is stated for the year that is said; another year's never stands in.
    """
    wage = wage_of(year, country, site)
    if wage is None:
        words = _("No minimum wage of {year} is stated here. Another year's is not used.")
        return f'<p class="exc-dashed">{escape(words.format(year=year))}</p>'
    plain = _("At the minimum wage of {year}, {hourly} an hour: {sum}.").format(
        year=year, hourly=money(wage.per_hour, wage.currency),
        sum=money(wage.of(seconds), wage.currency),
    )  # fmt: skip
    return f"<p>{escape(plain)}{_source(wage)}</p>{_holiday(wage, seconds)}"


def _holiday(wage: Wage, seconds: float) -> str:
    if wage.country != HOME:
        return ""
    words = _("With the weekly holiday allowance, due to those who work {hours} hours a week or "
              "more (48 hours paid for 40): {sum}.").format(
        hours=HOLIDAY_HOURS, sum=money(wage.of(seconds, holiday=True), wage.currency)
    )  # fmt: skip
    return f"<p>{escape(words)}{unverified()}</p>"


def _source(wage: Wage) -> str:
    named = wage.source_ko if spoken() == "ko" and wage.source_ko else wage.source
    said = _("Source: {source}").format(source=named)
    seen = f" ({wage.seen_in})" if wage.seen_in else ""
    mark = unverified() if wage.status != "seen" else ""
    return f"<br><small>{escape(said + seen)}</small>{mark}"


def unverified() -> str:
    """The mark of what no source was seen for."""
    return f' <span class="exc-mark-unverified">{escape(_("unverified"))}</span>'


def outside_the_act_html() -> str:
    """On whom the minimum wage does not reach; unverified until a source is given."""
    words = _("Crowdworkers paid by the piece mostly stand outside the Minimum Wage Act: the "
              "figures above are a comparison, not what anyone was owed.")  # fmt: skip
    return f'<p class="exc-note">{escape(words)}{unverified()}</p>'


def at_rates_html(pieces: int, rates: Sequence[PieceRate]) -> str:
    """What so many pieces would have been paid at the rates that dossiers tell of."""
    if not rates:
        words = escape(_("No dossier here tells what was paid for an item."))
        return f'<p class="exc-dashed">{words}</p>'
    return "".join(_rate(pieces, rate) for rate in rates)


def _rate(pieces: int, rate: PieceRate) -> str:
    low, high = rate.of(pieces)
    currency = rate.figure.currency
    total = (
        money(low, currency) if low == high else f"{money(low, currency)}–{money(high, currency)}"
    )
    words = _n(
        "{n} item at the rate told of {dossier}, {rate} an item: {sum}.",
        "{n} items at the rate told of {dossier}, {rate} an item: {sum}.",
        pieces,
    )
    each = money(rate.of(1)[0], currency)
    said = words.format(n=f"{pieces:,}", dossier=rate.dossier, rate=each, sum=total)
    mark = "" if rate.fact.verified else unverified()
    source = _("Source: {source}").format(source=rate.fact.source)
    asked = escape(under(f"/dossier?id={rate.dossier_id}&lang={spoken()}#{rate.fact.id}"))
    text, language = in_words(rate.fact.text)
    return (
        f'<p>{escape(said)}{mark}<br><small><a href="{asked}" data-page target="_self">'
        f'{escape(source)}</a> · <span lang="{language}">{escape(text)}</span></small></p>'
    )


def weighed_html(
    pieces: int, years: Sequence[RoomTime], rates: Sequence[PieceRate], site: Path | None = None
) -> str:
    """A judged set held against piece rates and each year's wage; what was not counted is said.

    `pieces`: answers given, by everyone together. No year is told below three people.
    """
    if not years:
        words = _("Not measured: fewer than three people here had their time counted, and a sum "
                  "of fewer would name them.")  # fmt: skip
        told = f'<p class="exc-dashed exc-hatched">{escape(words)}</p>'
        return f"{at_rates_html(pieces, rates)}{told}{outside_the_act_html()}"
    told = "".join(_one_year(one, site) for one in years)
    return f"{at_rates_html(pieces, rates)}{told}{outside_the_act_html()}"


def _one_year(one: RoomTime, site: Path | None) -> str:
    words = _n(
        "{year}: {n} person had their time counted: {time} together.",
        "{year}: {n} people had their time counted: {time} together.",
        one.people,
    )
    long = _n("{n} minute", "{n} minutes", one.minutes).format(n=f"{one.minutes:,}")
    said = words.format(year=one.year, n=one.people, time=long)
    return f"<p>{escape(said)}</p>{at_wage_html(60 * one.minutes, one.year, site)}"
