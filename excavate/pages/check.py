"""Hand-check: two people, each alone, judge pictures of a finding mixed with controls."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from excavate.catalog import browsing
from excavate.components.gallery import frame
from excavate.components.hand_check_state import WANTED, result_rows
from excavate.components.live import follow
from excavate.errors import NotFoundError, RefusedError
from excavate.gaps.hand_cases import asked_of, cases_of
from excavate.gaps.handcheck import Case
from excavate.gaps.records import sentence
from excavate.gaps.stored import Finding, finding
from excavate.i18n import N_, _
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import facts, link, notice, site_or_notice
from excavate.pages.who import ask_author, remember, show_faults
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.hand_checks import HandCheck, begin, hand_check, say
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop

SEED = 0
WORDS = {"yes": N_("Yes"), "no": N_("No"), "cannot say": N_("I cannot say")}


def show() -> None:
    """The whole page."""
    site, workshop = site_or_notice(), workshop_or_notice()
    if site is None or workshop is None:
        return
    try:
        shown = finding(site.folder, st.query_params.get("finding", ""))
    except NotFoundError:
        head(_("Hand-check"), "")
        body = _("It may have been put aside, or the link was cut short.")
        notice(_("This site holds no such finding"), body)
        st.html(f'<p class="exc exc-ways">{link("gaps", _("See all findings"))}</p>')
        return
    words = _("Pictures of a finding, mixed with others that it does not name. You are not told "
              "which is which; two people answer, each alone. What you see is in one order for "
              "everybody.")  # fmt: skip
    head(_("Hand-check"), words)
    author = person()
    check = hand_check(workshop, shown.id)
    if author is None:
        ask_to_begin(site, workshop, shown)
    elif check is None or check.waiting(author.person_id):
        judge(site, workshop, shown, author, check)
    else:
        show_end(shown, check, author)
    follow(workshop, "own")


def person() -> Author | None:
    """Who judges in this session; None before they said so."""
    kept = st.session_state.get("hand-check-author")
    return kept if isinstance(kept, Author) else None


def ask_to_begin(site: Site, workshop: Workshop, shown: Finding) -> None:
    """A name and the consent; the sample is drawn when the first person begins."""
    with st.form(key="hand-check-form", border=False):
        author = ask_author("hand-check")
        pressed = st.form_submit_button(_("Begin"), type="primary")
    if pressed:
        try:
            check = begin(workshop, author, shown.id, drawn(site, workshop, shown), SEED)
        except RefusedError as error:
            show_faults(error)
            return
        remember(author)
        st.session_state["hand-check-asks"] = author
        if not namesake(check, author):
            enter(author)
            st.rerun()
    ask_whether_the_same(hand_check(workshop, shown.id))


def namesake(check: HandCheck, author: Author) -> str | None:
    """The person of this name who has answered here before, in another visit."""
    same = [p for p, name in check.names.items() if name == author.shown_name]
    return same[0] if same and author.person_id not in same else None


def ask_whether_the_same(check: HandCheck | None) -> None:
    """A reload forgets who one is: go on as the one of that name, or be another."""
    author = st.session_state.get("hand-check-asks")
    known = namesake(check, author) if check and isinstance(author, Author) else None
    if check is None or known is None or not isinstance(author, Author):
        return
    words = _("Somebody called {name} has answered {n} of {all} here.")
    told = len(check.cases) - len(check.waiting(known))
    notice(words.format(name=author.shown_name, n=told, all=len(check.cases)))
    same = replace(author, person_id=known)
    st.button(_("That is me: go on"), on_click=enter, args=(same,), type="primary")
    st.button(_("I am somebody else"), on_click=enter, args=(author,))


def enter(author: Author) -> None:
    """From now on this session judges as them."""
    st.session_state["hand-check-author"] = author
    st.session_state.pop("hand-check-asks", None)


def drawn(site: Site, workshop: Workshop, shown: Finding) -> list[Case]:
    """The sample that stands, or a new one."""
    there = hand_check(workshop, shown.id)
    return list(there.cases) if there else cases_of(site, shown, SEED)


def judge(
    site: Site, workshop: Workshop, shown: Finding, author: Author, check: HandCheck | None
) -> None:
    """The next picture under its question, and three answers."""
    if check is None:
        check = begin(workshop, author, shown.id, drawn(site, workshop, shown), SEED)
    waiting = check.waiting(author.person_id)
    number = st.session_state.get(f"hand-check-back-{check.check_id}", waiting[0])
    done = len(check.cases) - len(waiting)
    words = _("{n} of {all} answered").format(n=done, all=len(check.cases))
    st.progress(done / len(check.cases), text=words)
    show_case(site, shown, check.cases[number])
    for column, (given, name) in zip(st.columns(4), WORDS.items(), strict=False):
        column.button(
            _(name), key=f"{number}-{given}", use_container_width=True,
            on_click=answer, args=(workshop, author, check, number, given),
        )  # fmt: skip
    before = [n for n in range(len(check.cases)) if n not in waiting and n < number]
    if before and st.button(_("Back to the one before"), type="tertiary"):
        st.session_state[f"hand-check-back-{check.check_id}"] = before[-1]
        st.rerun()


def answer(workshop: Workshop, author: Author, check: HandCheck, number: int, given: str) -> None:
    """Keep an answer; pressed twice it is one."""
    ids = st.session_state.setdefault("hand-check-ids", {})
    place = f"{check.check_id} {number}"
    say(workshop, author, check, number, given, ids.setdefault(place, new_id()))
    ids.pop(place)
    st.session_state.pop(f"hand-check-back-{check.check_id}", None)


def show_case(site: Site, shown: Finding, case: Case) -> None:
    """One picture, or two beside each other, without a word on where they come from."""
    pictures = "".join(picture(site, one) for one in (case.beside, case.item) if one)
    st.html(
        f'<div class="exc exc-judged"><h2>{escape(asked_of(shown, case))}</h2>'
        f'<div class="exc-judged-pictures">{pictures}</div></div>'
    )


def picture(site: Site, item_id: str) -> str:
    """A picture without its name or labels: they would tell what it is taken for."""
    with site.cursor() as cursor:
        item = browsing.one_item(cursor, item_id)
        if item is None:
            raise NotFoundError("no such item", item_id, "It may have gone in a later dig")
        row: Any = browsing.items_at(cursor, [item["dataset_id"]], [item["ordinal"]]).iloc[0]
    return f'<div class="exc-frame">{frame(row, escape(_("a picture to judge")))}</div>'


def show_end(shown: Finding, check: HandCheck, author: Author) -> None:
    """Thanks, and the result where two have finished."""
    if check.finished < WANTED:
        body = _("The result is shown when two people have answered everything.")
        notice(_("You have answered everything"), body)
    else:
        found = facts(result_rows(check.result))
        names = ", ".join(check.names[one] for one in check.result.people)
        st.html(
            f'<div class="exc"><h2>{escape(_("What two people say"))}</h2>'
            f'<p class="exc-quiet">{escape(sentence(shown))}</p>{found}'
            f"<p><small>{escape(names)}</small></p></div>"
        )
    st.html(f'<p class="exc exc-ways">{link("finding", _("See the finding"), id=shown.id)}</p>')
    if st.button(_("Somebody else judges here")):
        for key in ("hand-check-author", "author-name", "author-consent", "hand-check-who"):
            st.session_state.pop(key, None)
        st.rerun()


show()
