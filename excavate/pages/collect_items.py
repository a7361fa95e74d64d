"""From the catalog: the items that a link carries, as pictures to be ticked, with one reason."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from excavate.components.alike_html import verdict
from excavate.components.counter_pictures import Rows, rows_of
from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.gallery import caption, frame, item_href
from excavate.components.put_link import carried_items
from excavate.counter.alike import Alike, items_alike
from excavate.counter.records import WAYS, GivenMember, Plan
from excavate.errors import ExcavateError
from excavate.i18n import N_, _, _n
from excavate.pages.collect_fields import ask_label, ask_reason, go_to_rights, put_in
from excavate.pages.parts import link, notice, show_error, site_or_notice
from excavate.pages.picking import Cell, pick
from excavate.pages.selection import LASSO
from excavate.pages.who import ask_author, remember
from excavate.site import Site
from excavate.workshop.ids import derived_id, new_id
from excavate.workshop.store import Workshop

MOST_CORNERS = 600  # of a lasso, as they are kept
AS_LABELLED = N_("each as its source labels it")
FOUND = {"search": "words", "finding": "finding_id", "neighbours": "item_id", "lasso": "layout_id"}


def asked_items() -> list[str]:
    """The items that the link carries."""
    return carried_items(st.query_params.get("ids", ""))


def ask_items(workshop: Workshop, plan: Plan) -> None:
    """The pictures, what they are like, one reason for all; where none is carried, the ways."""
    site = site_or_notice()
    if site is None:
        return
    wanted = asked_items()
    if not wanted:
        show_ways()
        return
    rows = rows_of(site, wanted)
    there = [one for one in wanted if one in rows]
    if len(there) < len(wanted):
        gone = len(wanted) - len(there)
        words = _n("{n} of them is not in this site any more",
                   "{n} of them are not in this site any more", gone)  # fmt: skip
        notice(words.format(n=gone))
    if there:
        _ask(workshop, plan, site, rows, there)


def show_ways() -> None:
    """Where items are found to be put in."""
    body = _("On the map draw a loop around them; on an item, among its neighbours, in a finding "
             "and among the items there is a link 'Put into a counter-dataset'.")  # fmt: skip
    notice(_("Choose items where you see them"), body)
    ways = [link("map", _("Map")), link("items", _("Items")), link("gaps", _("Gaps"))]
    st.html(f'<p class="exc exc-ways">{"".join(ways)}</p>')


def _ask(workshop: Workshop, plan: Plan, site: Site, rows: Rows, there: list[str]) -> None:
    scope = f"collect-items:{plan.given.plan_id}"
    keep_typed(scope)
    draft = st.session_state.setdefault(f"draft {scope}", new_id())
    likes = _likes(site, workshop, plan, there)
    with st.container(key="collect-form"), st.form(key=f"items-{draft}", border=False):
        picked = pick("items", [_cell(rows[one], likes[one]) for one in there])
        reason = ask_reason(draft, many=len(there) > 1)
        label = ask_label(draft, plan, _("What they are called"), first=_(AS_LABELLED))
        author = ask_author(draft)
        sent = st.form_submit_button(_("Put what is ticked in"), type="primary")
    if not sent:
        return
    if not picked:
        notice(_("Nothing is ticked"))
        return
    given = [_given(plan, rows[one], draft, reason, label) for one in picked]
    named = [(one.item_id, one) for one in given]
    if put_in(workshop, author, named, site):
        remember(author)
        forget_typed(scope)
        st.session_state.pop(f"draft {scope}")
        go_to_rights(plan, [one.member_id for one in given])


def _given(plan: Plan, row: Any, draft: str, reason: str, label: str) -> GivenMember:
    """An item as it is put in; its id is made of the form's and its own, so that a retry is it."""
    item_id = str(row["item_id"])
    called = _labelled(row) if label == _(AS_LABELLED) else label
    return GivenMember(
        derived_id(draft, item_id), plan.given.plan_id, "chosen", reason, item_id=item_id,
        label=called, found_by=_found_by(),
    )  # fmt: skip


def _cell(row: object, like: Alike | None) -> Cell:
    """One item; where it is likely there already, its box is not ticked and says so."""
    item: dict = row  # type: ignore[type-arg, assignment]
    words = escape(caption(item["labels"]))
    target = escape(item_href(item["item_id"]))
    there = like is not None and like.is_there
    said = f"<small>{escape(verdict(like))}</small>" if like is not None and there else ""
    html = (
        f'<figure class="exc exc-pick"><a href="{target}" target="_blank" '
        f'rel="noopener noreferrer">{frame(item, words)}</a>'
        f"<figcaption><span>{words}</span>{said}</figcaption></figure>"
    )
    tick = _("put it in all the same") if there else _("put it in")
    return Cell(str(item["item_id"]), html, tick, ticked=not there)


def _labelled(row: object) -> str:
    item: dict = row  # type: ignore[type-arg, assignment]
    return str(item["labels"][0][1]) if item["labels"] else ""


def _likes(
    site: Site, workshop: Workshop, plan: Plan, item_ids: list[str]
) -> dict[str, Alike | None]:
    """What each is like, kept in the session until a member is written; None: it broke off."""
    at = (plan.given.plan_id, workshop.topics["counter"], site.generation)
    kept = st.session_state.get("collect-likes")
    found: dict[str, Alike | None] = kept[1] if kept and kept[0] == at else {}
    new = [one for one in item_ids if one not in found]
    if new:
        try:
            found |= items_alike(site, workshop, new, plan.given.plan_id)
        except ExcavateError as error:
            show_error(error)
    st.session_state["collect-likes"] = (at, found)
    return {one: found.get(one) for one in item_ids}


def _found_by() -> dict[str, Any]:
    """How they were found, as the link says it; of a lasso its outline, while it is drawn."""
    asked = st.query_params
    way = asked.get("way", "item")
    said: dict[str, Any] = {"way": way if way in WAYS else "item"}
    drawn = st.session_state.get(LASSO) or {}
    if way == "lasso" and drawn.get("layout") == asked.get("of") and "outline" in drawn:
        outline = drawn["outline"][:MOST_CORNERS]
        said["polygon"] = [[round(float(x), 4), round(float(y), 4)] for x, y in outline]
    if asked.get("of"):
        said[FOUND.get(way, "of")] = asked["of"][:500]
    if asked.get("words"):
        said["words"] = asked["words"][:500]
    return said
