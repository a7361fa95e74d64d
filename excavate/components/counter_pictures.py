"""Members of a counter-dataset as pictures: letterboxed; places kept empty as dashed frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.catalog.browsing import items_named
from excavate.components.counter_words import KINDS, blanks, called, is_veiled
from excavate.components.drawn_here import made_url, member_href
from excavate.components.faces import BLURRED, meet
from excavate.components.gallery import TINY, frame
from excavate.counter.records import Member
from excavate.i18n import _, _n

if TYPE_CHECKING:
    from excavate.site import Site

Rows = Mapping[str, Mapping[str, Any]]


def rows_of(site: Site | None, item_ids: Iterable[str]) -> Rows:
    """What the catalog holds of some items, by their ids; nothing of those that are gone."""
    wanted = [one for one in item_ids if one]
    if site is None or not site.generation or not wanted:
        return {}
    with site.cursor() as cursor:
        found = items_named(cursor, wanted).to_dict("records")
    return {str(row["item_id"]): row for row in found}


def chosen_rows(site: Site | None, members: Sequence[Member]) -> Rows:
    """The catalog's rows of the members that were chosen from it."""
    return rows_of(site, [one.item_id for one in members])


def picture_html(member: Member, rows: Rows, *, small: bool = True) -> str:
    """The picture of a member, or the drawn emptiness in its place."""
    alt = escape(member.alt_en or member.alt_ko or called(member))
    if member.kind == "empty":
        return f'<span class="exc-hollow exc-kept-empty">{escape(_("kept empty"))}</span>'
    if member.kind == "chosen":
        row = rows.get(member.item_id)
        gone = f'<span class="exc-hollow">{escape(_("not in the catalog any more"))}</span>'
        return frame(row, alt) if row is not None else gone
    return _made(member, alt, small=small)


def _made(member: Member, alt: str, *, small: bool) -> str:
    kinds = ["exc-tiny"] if 0 < max(member.width, member.height) < TINY else []
    if is_veiled(member):
        meet()
        kinds.append(BLURRED)
    look = f' class="{" ".join(kinds)}"' if kinds else ""
    address = made_url(member) + ("&small=1" if small else "")
    return f'<img{look} loading="lazy" decoding="async" src="{escape(address)}" alt="{alt}">'


def grid_html(members: Sequence[Member], rows: Rows, *, names: bool = True) -> str:
    """All members as a tight grid, each linked to what is known of it."""
    figures = "".join(_figure(member, rows, names) for member in members)
    return f'<div class="exc exc-grid exc-members">{figures}</div>'


def _figure(member: Member, rows: Rows, names: bool) -> str:
    out = " exc-left-out" if member.left_out else ""
    link = escape(member_href(member))
    marks = " · ".join(_marks(member, names))
    return (
        f'<figure class="exc-member exc-member-{member.kind}{out}" '
        f'id="m-{escape(member.member_id)}">'
        f'<a href="{link}" data-page target="_self">{picture_html(member, rows)}</a>'
        f'<figcaption><span lang="{escape(member.language)}">{escape(called(member))}</span>'
        f"<small>{escape(marks)}</small></figcaption></figure>"
    )


def _marks(member: Member, names: bool) -> list[str]:
    """Quiet words under a picture: who, what is blank, that it is left out."""
    found = [member.shown_name] if names and member.shown_name else []
    if member.left_out:
        found.append(_("left out"))
    blank = len(blanks(member))
    if blank:
        found.append(_n("{n} blank", "{n} blank", blank).format(n=blank))
    return found or [_(KINDS[member.kind])]
