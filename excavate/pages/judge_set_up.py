"""Setting up a judging: a question in both languages, its choices, the pictures, the time."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from excavate.components.drafts import forget_typed, keep_typed
from excavate.errors import ExcavateError, InputFault, RefusedError
from excavate.gaps.records import sentence
from excavate.gaps.shelf import shelf
from excavate.i18n import N_, _, _n, spoken
from excavate.pages.ground import head
from excavate.pages.parts import PAGES, choose, link, notice, show_error
from excavate.pages.selection import selected_ids
from excavate.pages.who import ask_author, remember, show_faults
from excavate.site import Site
from excavate.workshop.authors import Author, refuse
from excavate.workshop.ids import new_id
from excavate.workshop.judged_items import from_dataset, from_finding, from_list, from_selection
from excavate.workshop.judging import (
    MOST,
    MOST_ITEMS,
    USUAL,
    Choice,
    GivenJudging,
    JudgedItem,
)
from excavate.workshop.judging_begun import begin_judging
from excavate.workshop.rounds import GivenRound, open_round
from excavate.workshop.store import Workshop

SCOPE = "judge-set-up"
OPEN_CHOICES = 3  # shown at once; the others a press away
SOURCES = {
    "dataset": N_("A dataset, drawn by lot"), "finding": N_("A finding"),
    "selection": N_("The selection on the map"), "list": N_("A list of ids"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the pictures come from: a dataset, a finding, a selection or ids; how many; seed."""

    source: str
    name: str
    ids: tuple[str, ...]
    size: int
    seed: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form holds; `pressed`: now, later, or empty before it was sent."""

    question: tuple[str, str]
    choices: tuple[Choice, ...]
    wanted: Wanted
    minutes: int
    author: Author
    pressed: str


def show_set_up(site: Site, workshop: Workshop) -> None:
    """The whole form; what was typed is kept in the tab until it is written."""
    words = _("One question, two to seven answers, the same pictures for everybody. “I cannot "
              "say” and “I refuse” always stand beside your answers.")  # fmt: skip
    head(_("Set up a judging"), words)
    if open_round(workshop):
        notice(_("Another round is open: opening this one closes it."))
    keep_typed(SCOPE)
    draft = st.session_state.setdefault("judging-draft", new_id())
    source = ask_source(site)
    asked = ask(site, draft, source)
    st.html(f'<p class="exc exc-ways">{link("judge", _("See all judgings"))}</p>')
    if asked.pressed and written(site, workshop, draft, asked):
        remember(asked.author)
        forget_typed(SCOPE)
        for key in ("judging-draft", f"round-of-{draft}"):
            st.session_state.pop(key, None)
        st.switch_page(PAGES["judge"], query_params={"lang": spoken()})


def ask(site: Site, draft: str, source: str) -> Asked:
    """The form: everything that is written with one press."""
    with st.form(key=f"judging-{draft}", border=False):
        question = both(draft, "question", _("The question"))
        choices = ask_choices(draft)
        wanted = ask_items(site, draft, source)
        minutes = int(st.number_input(_("Minutes"), 1, 180, 10, key=f"{draft}-minutes"))
        author = ask_author(draft)
        left, right = st.columns(2)
        now = left.form_submit_button(_("Set up and open now"), type="primary")
        later = right.form_submit_button(_("Set up, open later"))
    pressed = "now" if now else "later" if later else ""
    return Asked(question, choices, wanted, minutes, author, pressed)


def written(site: Site, workshop: Workshop, draft: str, asked: Asked) -> bool:
    """Write what was given; where it cannot be, say everything that is wrong with it."""
    try:
        items = items_of(site, asked.wanted)
        given = GivenJudging(
            draft, *asked.question, asked.choices, items, asked.wanted.seed, drawn(asked.wanted)
        )
        write(workshop, asked.author, given, asked.minutes, asked.pressed == "now")
    except RefusedError as error:
        show_faults(error)
        return False
    except ExcavateError as error:
        show_error(error)
        return False
    return True


def write(workshop: Workshop, author: Author, given: GivenJudging, minutes: int, now: bool) -> None:
    """The judging, its first round, and its opening; pressed twice, they are there once."""
    round_id = st.session_state.setdefault(f"round-of-{given.judging_id}", new_id())
    first = GivenRound(
        round_id, "judge", given.question_ko, given.question_en, minutes * 60, True,
        given.judging_id,
    )  # fmt: skip
    begin_judging(workshop, author, given, first, now)


def both(draft: str, name: str, label: str) -> tuple[str, str]:
    """The same in Korean and in English; one of them may be left out."""
    ko, en = st.columns(2)
    korean = ko.text_input(f"{label} · 한국어", key=f"{draft}-{name}-ko")
    english = en.text_input(f"{label} · English", key=f"{draft}-{name}-en")
    return (korean or "").strip(), (english or "").strip()


def ask_choices(draft: str) -> tuple[Choice, ...]:
    """Two to seven answers, each with the key it is chosen by."""
    title = _("The answers to choose from")
    words = _("In both languages, or in one. What you leave empty is left out.")
    st.html(
        f'<div class="exc"><h3>{escape(title)}</h3><p class="exc-note">{escape(words)}</p></div>'
    )
    named = [_("Answer {n}").format(n=n) for n in range(1, MOST + 1)]
    given = [both(draft, f"choice-{n}", named[n]) for n in range(OPEN_CHOICES)]
    with st.expander(_("More answers")):
        given += [both(draft, f"choice-{n}", named[n]) for n in range(OPEN_CHOICES, MOST)]
    written = [pair for pair in given if any(pair)]
    return tuple(Choice(str(n), *pair) for n, pair in enumerate(written, 1))


def ask_source(site: Site) -> str:
    """Where the pictures come from; outside the form, for the fields follow it."""
    there = [
        name for name in SOURCES
        if (name != "selection" or len(selected_ids(site)))
        and (name != "finding" or shelf(site.folder).by_id)
    ]  # fmt: skip
    if st.query_params.get("finding") and "from" not in st.query_params:
        st.query_params["from"] = "finding"
    return str(choose(_("The pictures come from"), "from", there, lambda one: _(SOURCES[str(one)])))


def ask_items(site: Site, draft: str, source: str) -> Wanted:
    """The fields of one source; a number of pictures and the lot's seed, where they are drawn."""
    name = ""
    ids: tuple[str, ...] = ()
    if source == "dataset":
        name = str(st.selectbox(_("Dataset"), with_pixels(site), key=f"{draft}-dataset") or "")
    elif source == "finding":
        name = ask_finding(site, draft)
    elif source == "selection":
        ids = tuple(selected_ids(site))
        words = _n(
            "{n} item is selected on the map.", "{n} items are selected on the map.", len(ids)
        )
        st.html(f'<p class="exc exc-note">{escape(words.format(n=f"{len(ids):,}"))}</p>')
    else:
        typed = st.text_area(_("Ids of the items, one a line"), key=f"{draft}-ids")
        ids = tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
        return Wanted(source, name, ids, len(ids), 0)
    return Wanted(source, name, ids, *ask_draw(draft))


def ask_draw(draft: str) -> tuple[int, int]:
    """(how many pictures, the seed of the draw)."""
    many, lot = st.columns(2)
    size = many.number_input(
        _("How many pictures"), 1, MOST_ITEMS, USUAL, key=f"{draft}-size",
        help=_("All there are, where there are fewer."),
    )  # fmt: skip
    seed = lot.number_input(
        _("Number of the draw"), 0, None, 0, key=f"{draft}-seed",
        help=_("The same number draws the same pictures again."),
    )  # fmt: skip
    return int(size), int(seed)


def with_pixels(site: Site) -> list[str]:
    """The datasets of which there is something to look at."""
    there = site.datasets()
    return list(there["dataset_id"][there["with_pixels"] > 0])


def ask_finding(site: Site, draft: str) -> str:
    """One of the findings of the site, the one that the link names first."""
    known = shelf(site.folder).by_id
    asked = st.query_params.get("finding", "")
    newest = list(known)[::-1]
    ids = sorted(newest, key=lambda one: one != asked)
    return str(
        st.selectbox(
            _("Finding"), ids, key=f"{draft}-finding", format_func=lambda one: sentence(known[one])
        )
    )  # fmt: skip


def items_of(site: Site, wanted: Wanted) -> tuple[JudgedItem, ...]:
    """The items as they stand today. Raises RefusedError naming those that are not there."""
    if wanted.source == "list":
        if len(wanted.ids) > MOST_ITEMS:
            what = f"{len(wanted.ids)} items, at most {MOST_ITEMS} are kept"
            refuse([InputFault("Items", what)])
        return from_list(site, wanted.ids)
    if wanted.source == "selection":
        return from_selection(site, wanted.ids, wanted.size, wanted.seed)
    drawing = from_finding if wanted.source == "finding" else from_dataset
    return drawing(site, wanted.name, wanted.size, wanted.seed)


def drawn(wanted: Wanted) -> dict[str, str]:
    """What the pictures are from, as it is kept with them."""
    return {"from": wanted.source, "name": wanted.name}
