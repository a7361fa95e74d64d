"""Rights and consent, for many at once: what is blank is listed, and can be said at any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from excavate.board_route import site_or_none
from excavate.catalog.browsing import one_item
from excavate.components.counter_pictures import chosen_rows, picture_html
from excavate.components.counter_words import COLUMNS, blanks, called
from excavate.components.drafts import forget_typed, keep_typed
from excavate.counter.deciding import may_change
from excavate.counter.members import members
from excavate.counter.records import GivenRights, Member, Plan
from excavate.counter.rights import give_rights
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, _n, spoken
from excavate.pages.collect_fields import JUST
from excavate.pages.parts import PAGES, notice, show_error
from excavate.pages.picking import Cell, pick
from excavate.pages.rights_fields import Stated, ask_rights, decided, said_before
from excavate.pages.who import ask_author, here, remember, show_faults
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop

MOST_READ = 60  # items whose own licence and creator are looked up


def show_rights(workshop: Workshop, plan: Plan) -> None:
    """Those whose rights are blank, or those that the link or the last press names."""
    looks = here(workshop)
    held = [m for m in members(workshop, plan.given.plan_id) if m.kind != "empty"]
    theirs = {m.person_id for m in held}
    changes = {one for one in theirs if may_change(workshop, looks.person_id, (one,))}
    mine = [m for m in held if m.person_id in changes]
    named = _named(mine)
    shown = named or [m for m in mine if blanks(m)]
    others = sum(bool(blanks(m)) for m in held if m.person_id not in changes)
    if named and _just():
        words = _n("{n} member is in. Whose is it, and who agreed?",
                   "{n} members are in. Whose are they, and who agreed?", len(named))  # fmt: skip
        st.html(f'<div class="exc exc-notice exc-recorded" role="status"><strong>'
                f"{escape(words.format(n=len(named)))}</strong></div>")  # fmt: skip
    if others:
        words = _n("{n} more is blank, put in by somebody else: they or a reviewer say it",
                   "{n} more are blank, put in by others: they or a reviewer say it",
                   others)  # fmt: skip
        st.html(f'<p class="exc exc-note">{escape(words.format(n=others))}</p>')
    if not shown:
        notice(_("Nothing of yours is blank"), _("Every member that you put in has its rights."))
        return
    _ask(workshop, plan, shown)


def _named(mine: Sequence[Member]) -> list[Member]:
    one = st.query_params.get("of", "")
    just = [one] if one else _just()
    return [m for m in mine if m.member_id in just]


def _just() -> list[str]:
    """What the press before put in; who comes by a link is shown all that is blank."""
    return list(st.session_state.get(JUST, [])) if st.query_params.get("just") else []


def _ask(workshop: Workshop, plan: Plan, shown: Sequence[Member]) -> None:
    scope = f"rights:{plan.given.plan_id}"
    keep_typed(scope)
    draft = st.session_state.setdefault(f"draft {scope}", new_id())
    site = site_or_none()
    rows = chosen_rows(site, shown)
    with st.container(key="rights-form"), st.form(key=f"rights-{draft}", border=False):
        picked = pick("rights", [_cell(one, rows) for one in shown], width=104)
        st.html(f'<p class="exc exc-note">{escape(_blank_words(shown))}</p>')
        if len(shown) > 1:
            words = _("What you leave blank stays as each of them has it.")
            st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        rights = shown[0].rights if len(shown) == 1 else None
        said = said_before(rights)
        given = ask_rights(draft, plan, said, _unsaid(stated_of(site, shown), shown))
        author = ask_author(draft)
        given = decided(draft, given, author.shown_name, said)
        sent = st.form_submit_button(_("Say this of what is ticked"), type="primary")
    keep = len(shown) > 1
    if sent and _is_said(workshop, author, draft, picked, given, keep=keep):
        remember(author)
        forget_typed(scope)
        st.session_state.pop(f"draft {scope}")
        _go_on(plan, picked)


def _unsaid(stated: Stated, shown: Sequence[Member]) -> Stated:
    """Of many: what one of them has already is proposed to none, else it would replace it."""
    had = [m.rights.given for m in shown if m.rights] if len(shown) > 1 else []
    return replace(
        stated, creator="" if any(one.creator for one in had) else stated.creator,
        source="" if any(one.source for one in had) else stated.source,
    )  # fmt: skip


def _is_said(
    workshop: Workshop, author: Author, draft: str, picked: Sequence[str], given: GivenRights,
    *, keep: bool,
) -> bool:  # fmt: skip
    """Say it of all that are ticked; where it cannot be, what is wrong is told."""
    try:
        give_rights(workshop, author, draft, picked, given, keep=keep)
    except RefusedError as error:
        show_faults(error)
        return False
    except ExcavateError as error:
        show_error(error)
        return False
    return True


def _go_on(plan: Plan, picked: Sequence[str]) -> None:
    """To those put in just now that nothing was said of yet, else to the plan."""
    left = [m for m in st.session_state.pop(JUST, []) if m not in picked]
    if left:
        st.session_state[JUST] = left
        st.rerun()
    query = {"id": plan.given.plan_id, "lang": spoken()}
    st.switch_page(PAGES["counter"], query_params=query)


def _blank_words(shown: Sequence[Member]) -> str:
    """Which columns are blank among them; what is left blank here stops a release."""
    found = [_(word) for column, word in COLUMNS.items() if any(column in blanks(m) for m in shown)]
    if not found:
        return _("Nothing is blank; what you write here stands in its place.")
    return _("Blank so far: {columns}. What stays blank stops a release.").format(
        columns=", ".join(found)
    )


def _cell(member: Member, rows: Mapping[str, Any]) -> Cell:
    blank = len(blanks(member))
    words = _n("{n} blank", "{n} blank", blank).format(n=blank) if blank else _("all said")
    html = (
        f'<figure class="exc exc-pick exc-member-{member.kind}">'
        f'<span class="exc-plan-frame">{picture_html(member, rows)}</span>'
        f"<figcaption><span>{escape(called(member))}</span><small>{escape(words)}</small>"
        "</figcaption></figure>"
    )
    return Cell(member.member_id, html, _("of this one"))


def stated_of(site: Site | None, shown: Sequence[Member]) -> Stated:
    """Creator and source, where all have the same; who drew, of drawings; licences verbatim."""
    if all(m.kind == "drawn" for m in shown):
        return Stated(_same(m.shown_name for m in shown), _("drawn here"))
    if site is None or not site.generation:
        return Stated()
    with site.cursor() as cursor:
        found = [one_item(cursor, m.item_id) if m.item_id else None for m in shown[:MOST_READ]]
    said = [one or {} for one in found]
    licences = {str(one[k]) for one in said for k in ("licence", "dataset_licence") if one.get(k)}
    sources = (str(one.get("homepage") or one.get("title") or "") for one in said)
    return Stated(
        _same(str(one.get("creator") or "") for one in said), _same(sources),
        tuple(sorted(licences)),
    )  # fmt: skip


def _same(said: Iterable[str]) -> str:
    """What all say alike; nothing where they differ."""
    found = set(said)
    return found.pop() if len(found) == 1 else ""
