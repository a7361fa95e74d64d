"""What came of a judging: where people disagree, why, how far, and what it cost in minutes."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

import streamlit as st

from excavate.catalog import browsing
from excavate.components.judged_html import (
    Told,
    by_disagreement,
    one_item,
    refusals,
    source_label,
    told_of,
)
from excavate.components.judging_desk import question_language, question_of
from excavate.components.judging_words import (
    agreement_sentences,
    apart_sentence,
    change_sentence,
    choice_words,
    kappa_sentence,
)
from excavate.components.labour_words import weighed_html
from excavate.counter.agreement import Coefficient, alpha_change, change
from excavate.i18n import _, _n, spoken
from excavate.pages.ground import archive_or_notice
from excavate.pages.judge_rounds import show_presses
from excavate.pages.parts import link, notice, table
from excavate.pages.veiling import hidden_here, show_veil_of
from excavate.pages.who import reaches
from excavate.site import Site
from excavate.workshop.judged_items import changed
from excavate.workshop.judging import (
    Judgement,
    Judging,
    answers_of,
    long_frame,
    rounds_of,
    voices,
)
from excavate.workshop.judging_csv import judging_csv
from excavate.workshop.labour_sums import given_to
from excavate.workshop.piece_rates import piece_rates
from excavate.workshop.rounds import CLOSED
from excavate.workshop.store import Workshop


def show_judged(site: Site, workshop: Workshop, judging: Judging) -> None:
    """The whole page of one judging, once a round of it is closed."""
    words = question_of(judging)
    st.html(
        f'<div class="exc"><h1>{escape(_("Look and judge"))}</h1><h2 class="exc-asked" '
        f'lang="{question_language(judging)}"><bdi>{escape(words)}</bdi></h2></div>'
    )
    told = closed_rounds(workshop, judging)
    if not any(one.voices for one in told):
        body = _("The answers are shown once a round is closed.")
        notice(_("Nothing to see of it yet"), body)
        st.html(f'<p class="exc exc-ways">{link("judge", _("See all judgings"))}</p>')
        return
    st.html(f'<div class="exc">{summary(told[-1])}{beside(told)}</div>')
    show_items(site, judging, told)
    show_minutes(workshop, judging, told[-1])
    show_end(workshop, judging)


def closed_rounds(workshop: Workshop, judging: Judging) -> list[Told]:
    """The closed rounds with what is counted over them, in their order."""
    return [
        _told(workshop, judging.judging_id, one.round_id, number, _stamp(workshop))
        for number, one in enumerate(rounds_of(workshop, judging.judging_id), 1)
        if one.state == CLOSED
    ]


def _stamp(workshop: Workshop) -> tuple[int, ...]:
    """What the answers and the names in them hang on."""
    return tuple(workshop.topics[topic] for topic in ("judge", "round", "room", "board"))


@lru_cache(maxsize=32)
def _told(
    workshop: Workshop, judging_id: str, round_id: str, number: int, _stamp: tuple[int, ...]
) -> Told:
    return told_of(number, voices(workshop, judging_id, round_id))


def summary(told: Told) -> str:
    """How far people agree in the newest round, and who could not say or refused."""
    people = len({one.person_id for one in told.voices})
    said = [*agreement_sentences(told.agreement, people), apart_sentence(*refusals(told))]
    lines = "".join(f"<li>{escape(one)}</li>" for one in said)
    method = _("The interval is a bootstrap (BCa, with Student's t): the pictures are drawn again "
               "2,000 times, the people stay. It is meant to hold in 95 of 100 draws of pictures. "
               "Simulated with 20 pictures it held in 92 to 97; for alpha, where one answer is "
               "given to most pictures and agreement is low, in 83 to 90 only. It says how far the "
               "number hangs on these pictures, not what other people would say. Agreement is no "
               "measure of who is right.")  # fmt: skip
    how = escape(_("How this is counted"))
    return (
        f'<ul class="exc-agreed">{lines}</ul><details class="exc-method"><summary>{how}</summary>'
        f"<div><p>{escape(kappa_sentence(told.agreement.kappa))}</p><p>{escape(method)}</p></div>"
        "</details>"
    )


def beside(told: list[Told]) -> str:
    """Rounds beside each other: before and after the conversation."""
    if len(told) < 2:
        return ""
    heads = ("", _("people"), _("answers"), _("the same, of pairs"), _("Krippendorff's alpha"),
             _("cannot say"), _("refuse"))  # fmt: skip
    rows = [round_row(one) for one in told]
    moved, both, shift = between(told[-2].voices, told[-1].voices)
    words = _n("Of {both} answers that the same people gave to the same pictures in the last two "
               "rounds, {n} changed.",
               "Of {both} answers that the same people gave to the same pictures in the last two "
               "rounds, {n} changed.", moved)  # fmt: skip
    title = escape(_("Rounds beside each other"))
    said = escape(words.format(both=f"{both:,}", n=f"{moved:,}"))
    drawn = f'<div class="exc-rows">{table(heads, rows)}</div>'
    how = escape(change_sentence(shift))
    return f'<h2 class="exc-part">{title}</h2>{drawn}<p>{said} {how}</p>'


@lru_cache(maxsize=8)
def between(
    before: tuple[Judgement, ...], after: tuple[Judgement, ...]
) -> tuple[int, int, Coefficient]:
    """(answers that changed, answers given in both rounds, how alpha changed)."""
    frames = long_frame(before), long_frame(after)
    return *change(*frames), alpha_change(*frames)


def round_row(told: Told) -> list[str]:
    """One round in numbers, not measured where there is nothing to say."""
    found, none = told.agreement, escape(_("not measured"))
    observed, alpha = found.observed, found.alpha
    shares = [none if one.value is None else figure(one, times, digits)
              for one, times, digits in ((observed, 100, 0), (alpha, 1, 2))]  # fmt: skip
    people = len({one.person_id for one in told.voices})
    name = escape(_("Round {n}").format(n=told.number))
    return [name, str(people), f"{len(told.voices):,}", *shares, *map(str, refusals(told))]


def figure(one: Any, times: int, digits: int) -> str:
    """A number with its interval, for a table."""
    unit = " %" if times == 100 else ""
    said = f"{times * one.value:.{digits}f}{unit}"
    if one.low is None:
        return said
    return f"{said} <small>({times * one.low:.{digits}f}–{times * one.high:.{digits}f})</small>"


def show_items(site: Site, judging: Judging, told: list[Told]) -> None:
    """The pictures, those most disagreed on first, each with all its voices."""
    title = _("Where the room disagrees most comes first")
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(title)}</h2></div>')
    ids = [one.item_id for one in judging.items]
    rows, notes = today(site, site.generation, judging)
    hidden = hidden_here(site, sorted(set(rows["dataset_id"])))
    show_veil_of([hidden])
    there = {row["item_id"]: row for row in hidden.captions(rows).to_dict("records")}
    words = choice_words(judging.choices, spoken(), told[-1].voices)
    drawn = [
        one_item(
            judging, told, item, there.get(ids[item]), words,
            source_label(there[ids[item]]["labels"]) if ids[item] in there else "",
            note(notes.get(ids[item], "")),
        )
        for item in by_disagreement(told[-1], len(ids))
    ]  # fmt: skip
    st.html(f'<div class="exc exc-judged-items">{"".join(drawn)}</div>')


@lru_cache(maxsize=8)
def today(site: Site, _generation: str, judging: Judging) -> tuple[Any, dict[str, str]]:
    """The items as they stand in the catalog now, and which of them changed or went."""
    with site.cursor() as cursor:
        rows = browsing.items_named(cursor, [one.item_id for one in judging.items])
    return rows, changed(site, judging.items)


def note(what: str) -> str:
    """That a picture is not the one that was judged."""
    said = {"changed": _("The picture has changed since it was judged."), "gone": ""}.get(what, "")
    return f'<small class="exc-dashed">{escape(said)}</small>' if said else ""


def show_minutes(workshop: Workshop, judging: Judging, told: Told) -> None:
    """The minutes of those who had them counted, held against piece rates and the wage."""
    given = given_to(workshop, judging.judging_id)
    said = len(told.voices)
    if given.years:
        said = answers_of(workshop, judging.judging_id, given.people)
        words = _n(
            "{n} answer of those who had their time counted, of all rounds.",
            "{n} answers of those who had their time counted, of all rounds.",
            said,
        )
    else:
        words = _n("{n} answer of this round.", "{n} answers of this round.", said)
    archive = archive_or_notice()
    rates = piece_rates(archive) if archive else []
    weighed = weighed_html(said, given.years, rates, workshop.folder.path)
    title, lead = escape(_("What it would have been paid")), escape(words.format(n=f"{said:,}"))
    st.html(f'<div class="exc"><h2 class="exc-part">{title}</h2><p>{lead}</p>{weighed}</div>')


def show_end(workshop: Workshop, judging: Judging) -> None:
    """The long table to take along, and the ways on."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Take it along"))}</h2></div>')
    words = _("A row for each picture, person and round: every voice, none merged.")
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    st.download_button(
        _("Download as CSV"), lambda: judging_csv(workshop, judging), mime="text/csv",
        file_name=f"excavate-judging-{judging.judging_id[:8]}.csv", on_click="ignore",
    )  # fmt: skip
    if reaches(workshop, "facilitator"):
        show_presses(workshop, judging, rounds_of(workshop, judging.judging_id))
    st.html(f'<p class="exc exc-ways">{link("judge", _("See all judgings"))}</p>')
