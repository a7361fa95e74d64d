"""The time one gave: counting turned on or off, what was counted, what it comes to."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.labour_words import (
    at_rates_html,
    at_wage_html,
    days_html,
    lasting,
    outside_the_act_html,
)
from excavate.dossiers.reading import read_archive
from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.parts import choose as choose_one
from excavate.pages.parts import show_error, told
from excavate.settings import Settings
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.labour import IDLE, by_day, choose, counted, judged_by, recording
from excavate.workshop.labour_sums import FEWEST
from excavate.workshop.piece_rates import piece_rates
from excavate.workshop.store import Workshop
from excavate.workshop.wages import HOME, wages_of

KEY = "labour-on"


def show_time(workshop: Workshop, author: Author) -> None:
    """The switch, and what was counted by day, held against that year's minimum wage."""
    title = escape(_("My time"))
    words = _("If you want, the time in which you are active here is counted: the page is seen "
              "and was touched within {idle} seconds. You see it, and may take it back. The room "
              "sees no more than a sum without names, of {fewest} people or more. Off, nothing "
              "is recorded or sent.")  # fmt: skip
    said = escape(words.format(idle=IDLE, fewest=FEWEST))
    st.html(
        f'<div class="exc"><h2 class="exc-part">{title}</h2><p class="exc-note">{said}</p></div>'
    )
    if KEY not in st.session_state:
        st.session_state[KEY] = recording(workshop, author.person_id)
    st.toggle(_("Count my time"), key=KEY, on_change=_turn, args=(workshop, author))
    error = st.session_state.pop("labour-failed", None)
    if error is not None:
        show_error(error)
    show_counted(workshop, author)


def _turn(workshop: Workshop, author: Author) -> None:
    try:
        choose(workshop, author, new_id(), bool(st.session_state[KEY]))
    except ExcavateError as error:
        st.session_state["labour-failed"] = error
        st.session_state.pop(KEY, None)


def show_counted(workshop: Workshop, author: Author) -> None:
    """What was counted; that nothing was is said, and is no zero."""
    found = counted(workshop, author.person_id)
    if not found:
        words = escape(_("Nothing was counted."))
        st.html(f'<div class="exc"><p class="exc-dashed">{words}</p></div>')
        return
    hours = _hours_east()
    days = by_day(found, hours)
    st.html(f'<div class="exc">{days_html(days)}</div>')
    years: dict[int, float] = {}
    for day, by in days.items():
        years[int(day[:4])] = years.get(int(day[:4]), 0.0) + sum(by.values())
    with told():
        country = _country(workshop)
        for year, seconds in sorted(years.items()):
            head = _("{year}: {time}").format(year=year, time=lasting(seconds))
            weighed = at_wage_html(seconds, year, workshop.folder.path, country)
            st.html(f'<div class="exc"><h3>{escape(head)}</h3>{weighed}</div>')
        st.html(f'<div class="exc">{_pieces(workshop, author)}{outside_the_act_html()}</div>')


def _country(workshop: Workshop) -> str:
    """Whose minimum wage: asked only where a table of the site's own states several."""
    countries = {country for country, _year in wages_of(workshop.folder.path)} - {HOME}
    stated = [HOME, *sorted(countries)]
    if not countries:
        return HOME
    return choose_one(_("Minimum wage of"), "wage", stated, str) or HOME


def _pieces(workshop: Workshop, author: Author) -> str:
    """What one's own answers would have been paid by the piece; nothing where there are none."""
    pieces = judged_by(workshop, author.person_id)
    if not pieces:
        return ""
    rates = piece_rates(read_archive(Settings.from_environment().archives))
    return at_rates_html(pieces, rates)


def _hours_east() -> float:
    """How far the browser's clock lies east of UTC, in hours."""
    offset = st.context.timezone_offset
    return -offset / 60 if offset is not None else 0.0
