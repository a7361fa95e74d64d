"""One member of a counter-dataset: seen whole, mended by who gave it, left out, taken back."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.counter_html import plan_href
from excavate.components.counter_pictures import chosen_rows, picture_html
from excavate.components.counter_words import called, is_veiled, titled
from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.member_html import member_facts, rights_facts
from excavate.counter.deciding import is_ones_own, may_change
from excavate.counter.leaving_out import leave_out, may_turn
from excavate.counter.members import correct_member, one_member
from excavate.counter.records import GivenMember, Member, Plan
from excavate.errors import ExcavateError, NotFoundError, RefusedError
from excavate.i18n import _
from excavate.pages.absence_acts import pressed, show_act_fault
from excavate.pages.parts import PAGES, facts, link, notice, show_error
from excavate.pages.who import ask_author, here, reaches, remember, show_faults
from excavate.settings import Settings
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import names_are_hidden
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide


def show_member(workshop: Workshop, plan: Plan, member_id: str) -> None:
    """The picture beside all that is said of it."""
    back = plan_href(plan.given.plan_id)
    way = f'<a href="{escape(back)}" data-page target="_self">{escape(titled(plan))}</a>'
    st.html(f'<p class="exc exc-ways">{way}</p>')
    try:
        member = one_member(workshop, member_id)
    except NotFoundError:
        notice(_("no such member"), _("It may have been taken back, or its counter-dataset was"))
        return
    keep_typed(member_id)
    show_act_fault()
    picture, said = st.columns([3, 2], gap="large")
    with picture:
        show_picture(member)
    with said:
        show_said(workshop, member)
        show_acts(workshop, plan, member)


def show_picture(member: Member) -> None:
    """As large as the page lets it be; of an empty place its dashed frame with the caption."""
    rows = chosen_rows(site_or_none(), [member])
    words = f'<figcaption lang="{escape(member.language)}">{escape(member.reason)}</figcaption>'
    inner = picture_html(member, rows, small=False)
    st.html(
        f'<figure class="exc exc-member-large exc-member-{member.kind}">{inner}{words}</figure>'
    )
    if is_veiled(member):
        note = _("It is veiled until it is said who can be seen in it, and that they agree.")
        st.html(f'<p class="exc exc-note">{escape(note)}</p>')


def show_said(workshop: Workshop, member: Member) -> None:
    """What is known of it, and its rights; of an empty place there are none."""
    names = not names_are_hidden(workshop)
    st.html(f'<div class="exc"><h1 class="exc-item-name">{escape(called(member))}</h1></div>')
    if member.left_out:
        reason = _("Left out of releases: {reason}").format(reason=member.left_out.reason)
        st.html(f'<p class="exc exc-notice" lang="{escape(member.left_out.language)}">'
                f"{escape(reason)}</p>")  # fmt: skip
    st.html(f'<div class="exc">{facts(member_facts(member, names=names))}</div>')
    if member.kind == "empty":
        return
    head, said = escape(_("Rights and consent")), rights_facts(member, names=names)
    st.html(f'<div class="exc exc-rights"><h2>{head}</h2>{facts(said)}</div>')


def show_acts(workshop: Workshop, plan: Plan, member: Member) -> None:
    """What who gave it, who decides and a reviewer can do."""
    looks = here(workshop)
    if not reaches(workshop, "participant"):
        return
    own = may_change(workshop, looks.person_id, (member.person_id,))
    if own and member.kind != "empty":
        way = link("collect", _("Say its rights and consent"), plan=plan.given.plan_id,
                   by="rights", of=member.member_id)  # fmt: skip
        st.html(f'<p class="exc exc-ways">{way}</p>')
    if is_ones_own(workshop, looks.person_id, member.person_id):
        with st.expander(_("Mend its words")):
            ask_mending(workshop, member)
    if may_turn(workshop, looks.person_id, member):
        words = _("Take it in again") if member.left_out else _("Leave it out of releases")
        with st.expander(words):
            ask_out(workshop, member)
    if own:
        with st.expander(_("Take it back")):
            ask_back(workshop, plan, member)


def ask_mending(workshop: Workshop, member: Member) -> None:
    """Reason, name and alt text anew; what it said before stays in the record."""
    kept = f"mend-draft-{member.member_id}"
    draft = st.session_state.setdefault(kept, new_id())
    with st.form(key=f"mend-{draft}", border=False):
        given = ask_words(draft, member)
        author = ask_author(draft)
        sent = st.form_submit_button(_("Mend it"))
    if not sent:
        return
    try:
        correct_member(workshop, author, draft, given, Settings.from_environment())
    except RefusedError as error:
        show_faults(error)
        return
    except ExcavateError as error:
        show_error(error)
        return
    remember(author)
    forget_typed(member.member_id, "correct-")
    st.session_state.pop(kept)
    st.rerun()


def ask_words(draft: str, member: Member) -> GivenMember:
    """Its words as they are now, to be said anew."""
    reason = st.text_area(_("Why it is in"), member.reason, key=f"{draft}-correct-reason")
    label = st.text_input(_("What it is called"), member.label, key=f"{draft}-correct-label")
    korean = st.text_input(
        _("Described in words, Korean"), member.alt_ko, key=f"{draft}-correct-alt-ko"
    )
    english = st.text_input(
        _("Described in words, English"), member.alt_en, key=f"{draft}-correct-alt-en"
    )
    return GivenMember(
        member.member_id, member.plan_id, member.kind, reason or "", label=label or "",
        alt_ko=korean or "", alt_en=english or "",
    )  # fmt: skip


def ask_out(workshop: Workshop, member: Member) -> None:
    """Left out with a reason that releases print; or taken in again."""
    kept = f"out-draft-{member.member_id}-{bool(member.left_out)}"
    draft = st.session_state.setdefault(kept, new_id())
    with st.form(key=f"out-{draft}", border=False):
        reason = ""
        if not member.left_out:
            reason = st.text_area(
                _("Why it is left out: this is printed in every release"), key=f"{draft}-out-reason"
            )
        author = ask_author(draft)
        words = _("Take it in again") if member.left_out else _("Leave it out of releases")
        sent = st.form_submit_button(words)
    if not sent:
        return
    try:
        leave_out(workshop, author, draft, member.member_id, reason or "", out=not member.left_out)
    except RefusedError as error:
        show_faults(error)
        return
    except ExcavateError as error:
        show_error(error)
        return
    remember(author)
    forget_typed(member.member_id, "out-")
    st.session_state.pop(kept)
    st.rerun()


def ask_back(workshop: Workshop, plan: Plan, member: Member) -> None:
    """Out of view and out of later releases."""
    looks = here(workshop)
    words = _("It goes out of view, and stays out of what is released later. It can be shown "
              "again.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    row_id = st.session_state.setdefault(f"hide-{member.member_id}", new_id())
    if st.button(_("Hide it"), key=f"press-hide-{member.member_id}"):
        author = Author(looks.person_id, looks.shown_name, looks.language, "")
        pressed(lambda: hide(workshop, author, row_id, "member", member.member_id))
        st.switch_page(PAGES["counter"], query_params={"id": plan.given.plan_id})
