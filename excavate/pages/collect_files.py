"""Files: several at once, each told by its content and held against what is there already."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.alike_html import alike_html
from excavate.components.counter_pictures import chosen_rows, rows_of
from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.member_html import removed_words
from excavate.counter.alike import Alike, alike
from excavate.counter.landing import land
from excavate.counter.members import members, some_members
from excavate.counter.records import GivenMember, Plan
from excavate.counter.taking_pictures import MAX_BYTES, Taken, taken
from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.collect_fields import ask_label, ask_reason, go_to_rights, put_in
from excavate.pages.error_words import worded
from excavate.pages.parts import notice
from excavate.pages.who import ask_author, remember
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.ids import derived_id, new_id
from excavate.workshop.store import Workshop

KINDS = ["jpg", "jpeg", "png", "webp", "tif", "tiff", "heic", "heif"]
MOST = 24  # at once: all of them lie in memory until they are put in
CHECKED = "collect-checked"
TOO_MANY = "collect-too-many"


@dataclass(frozen=True, slots=True)
class Brought:
    """One file as it was checked: what is kept of it, or why it cannot be."""

    name: str
    file_id: str
    content: bytes
    taken: Taken | None
    like: Alike | None
    why: tuple[str, str] = ("", "")  # what is wrong, and what to do


def ask_files(workshop: Workshop, plan: Plan) -> None:
    """The files, what was found in each, one reason; broken ones keep nobody from the others."""
    scope = f"collect-files:{plan.given.plan_id}"
    keep_typed(scope)
    draft = st.session_state.setdefault(f"draft {scope}", new_id())
    given = st.file_uploader(
        _("JPEG, PNG, WebP, TIFF or HEIC, at most {n} MB each").format(n=MAX_BYTES // 1_000_000),
        type=KINDS, accept_multiple_files=True, key=f"{draft}-files",
        max_upload_size=MAX_BYTES // 1_000_000,
    )  # fmt: skip
    note = _("Place, time, serial numbers and names that a camera wrote into a file do not come "
             "along; what was found there is named.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(note)}</p>')
    if len(given) > MOST:
        st.session_state[TOO_MANY] = len(given)
        st.session_state.pop(f"draft {scope}")  # the next one holds none; what is typed stays
        st.rerun()
    show_too_many(empty=not given)
    brought = [_checked(workshop, plan, one) for one in given]
    _keep_only(brought)
    show_broken([one for one in brought if one.taken is None])
    whole = [one for one in brought if one.taken is not None]
    if whole:
        _ask(workshop, plan, scope, draft, whole)


def show_too_many(*, empty: bool) -> None:
    """That more were brought than lie in memory at once, and none was taken; until others are."""
    if not empty:
        st.session_state.pop(TOO_MANY, None)
    elif TOO_MANY in st.session_state:
        words = _("At most {n} at once: none of the {given} were taken. Choose again, at most {n}")
        notice(words.format(n=MOST, given=st.session_state[TOO_MANY]))


def _ask(workshop: Workshop, plan: Plan, scope: str, draft: str, whole: list[Brought]) -> None:
    site = site_or_none()
    with st.container(key="collect-form"), st.form(key=f"files-{draft}", border=False):
        wanted = [one for one in whole if ask_one(workshop, plan, site, one)]
        reason = ask_reason(draft, many=len(whole) > 1)
        label = ask_label(draft, plan, _("What they are called"))
        author = ask_author(draft)
        sent = st.form_submit_button(_("Put what is ticked in"), type="primary")
    if not sent:
        return
    if not wanted:
        notice(_("Nothing is ticked"))
        return
    named = [(one.name, _given(plan, one, draft, reason, label)) for one in wanted]
    if put_in(workshop, author, named, site):
        ids = [given.member_id for _name, given in named]
        _land(site, workshop, ids)
        _done(author, scope)
        go_to_rights(plan, ids)


def _given(plan: Plan, one: Brought, draft: str, reason: str, label: str) -> GivenMember:
    """A file as it is put in; its id is made of the form's and its own, so that a retry is it."""
    return GivenMember(
        derived_id(draft, one.file_id), plan.given.plan_id, "uploaded", reason,
        picture=one.content, label=label, alt_ko=_alt(one, "ko"), alt_en=_alt(one, "en"),
        found_by={"way": "file"},
    )  # fmt: skip


def ask_one(workshop: Workshop, plan: Plan, site: Site | None, one: Brought) -> bool:
    """One file: its picture, what it is like, whether it goes in; its description in words."""
    assert one.taken is not None  # noqa: S101 - for the type checker
    picture, said = st.columns([1, 3], gap="medium")
    there = one.like is not None and one.like.is_there
    with picture:
        st.html(_picture(one))
    with said:
        if one.like is not None:
            held = members(workshop, plan.given.plan_id)
            likes = (*one.like.exact, *one.like.near, *one.like.nearest)
            rows = {**chosen_rows(site, held), **rows_of(site, [like.item_id for like in likes])}
            st.html(alike_html(one.like, rows, {m.member_id: m for m in held}))
        words = _("put it in all the same") if there else _("put it in")
        ticked = st.checkbox(words, not there, key=f"tick-{one.file_id}")
        with st.expander(_("Describe it in words, for who cannot see it")):
            st.text_input(_("Described in words, Korean"), key=_alt_key(one, "ko"))
            st.text_input(_("Described in words, English"), key=_alt_key(one, "en"))
    return bool(ticked)


def show_broken(broken: list[Brought]) -> None:
    """Those that cannot be taken, each by its name with what to do; the others go on."""
    if not broken:
        return
    lines = "".join(
        f"<li><b>{escape(one.name)}</b>: {escape(worded(one.why[0]))}. "
        f"{escape(worded(one.why[1]))}</li>"
        for one in broken
    )
    head = escape(_("These cannot be taken; the others can"))
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{head}</strong>'
            f"<ul>{lines}</ul></div>")  # fmt: skip


def _picture(one: Brought) -> str:
    assert one.taken is not None  # noqa: S101 - for the type checker
    made = one.taken.picture
    shown = base64.b64encode(_small(made.content)).decode()
    size = f"{made.width:,} × {made.height:,}"
    taken_out = ""
    if one.taken.removed:
        words = _("Taken out of the file: {what}").format(what=removed_words(one.taken.removed))
        taken_out = f"<small>{escape(words)}</small>"
    return (
        '<figure class="exc exc-pick exc-file">'
        f'<img alt="" src="data:image/webp;base64,{shown}">'
        f"<figcaption><span>{escape(one.name)}</span><small>{size}</small>{taken_out}"
        "</figcaption></figure>"
    )


@st.cache_data(max_entries=100, show_spinner=False)
def _small(content: bytes) -> bytes:
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(content))
    picture.thumbnail((320, 320))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80)
    return out.getvalue()


def _checked(workshop: Workshop, plan: Plan, file: object) -> Brought:
    """What one file is; kept in the session while it lies there and nothing is put in."""
    given = file  # of Streamlit: name, file_id, getvalue
    name, file_id = given.name, given.file_id  # type: ignore[attr-defined]
    site = site_or_none()
    at = (file_id, plan.given.plan_id, workshop.topics["counter"])
    kept = st.session_state.setdefault(CHECKED, {})
    if at not in kept:
        kept[at] = _check(site, workshop, plan, name, file_id, given.getvalue())  # type: ignore[attr-defined]
    found: Brought = kept[at]
    return found


def _keep_only(brought: list[Brought]) -> None:
    """Let go of what was taken away again, and of what was checked before the last writing."""
    kept = st.session_state.get(CHECKED, {})
    st.session_state[CHECKED] = {
        at: one for at, one in kept.items() if any(one is other for other in brought)
    }


def _check(
    site: Site | None, workshop: Workshop, plan: Plan, name: str, file_id: str, content: bytes
) -> Brought:
    try:
        found = taken(content, Settings.from_environment().max_pixels)
    except ExcavateError as error:
        return Brought(name, file_id, content, None, None, (error.what, error.todo))
    try:
        like = alike(site, workshop, found, plan.given.plan_id)
    except ExcavateError:
        like = None
    return Brought(name, file_id, content, found, like)


def _land(site: Site | None, workshop: Workshop, member_ids: list[str]) -> None:
    """Place them on the map, where there is one; a picture that cannot be placed is in all the
    same."""
    if site is None:
        return
    for one in some_members(workshop, member_ids):
        try:
            land(site, workshop, one)
        except ExcavateError:
            return


def _done(author: Author, scope: str) -> None:
    remember(author)
    forget_typed(scope)
    st.session_state.pop(f"draft {scope}")
    st.session_state.pop(CHECKED, None)


def _alt_key(one: Brought, language: str) -> str:
    return f"alt-{language}-{one.file_id}"


def _alt(one: Brought, language: str) -> str:
    return str(st.session_state.get(_alt_key(one, language), ""))
