"""The board as HTML: what is absent, in columns or on maps, some of it at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from urllib.parse import urlencode

from excavate.components.addresses import under
from excavate.components.board_about import Ground
from excavate.components.board_asked import Asked
from excavate.components.board_cards import card
from excavate.components.board_groups import UNSORTED, Column, columns, leading
from excavate.components.board_map import map_html, placed
from excavate.components.board_safe import or_else
from excavate.i18n import N_, _, _n
from excavate.workshop.absence_record import Absence

AT_ONCE = 120  # cards that one page of a board sends
FIRST_OF = {
    "newest": N_("the newest {n} are shown here"), "oldest": N_("the oldest {n} are shown here"),
    "answered": N_("the {n} most answered are shown here"),
}  # fmt: skip


def board_html(
    absences: Sequence[Absence], asked: Asked, ground: Ground, groups: Mapping[str, str]
) -> str:
    """The whole fragment of these absences, which are all that the viewer may see and asked for.

    `groups`: {group_id: title} of the room. Everything people wrote stands escaped in it.
    """
    ordered = in_order(absences, asked.order)
    pages = max(-(-len(ordered) // AT_ONCE), 1)
    asked = replace(asked, page=min(asked.page, pages))
    here = ordered[(asked.page - 1) * AT_ONCE : asked.page * AT_ONCE]
    body = _places(here, asked, ground) if asked.by == "place" else ""
    if asked.by != "place":
        body = _columns(columns(here, ordered, asked.by, ground, groups), asked, ground)
    kind = " exc-presenter" if asked.presenter else ""
    return (
        f'<div class="exc exc-board exc-board-{asked.by}{kind}">{_count(ordered, asked)}'
        f"{body}{_turn(asked, pages)}</div>"
    )


def in_order(absences: Sequence[Absence], order: str) -> list[Absence]:
    """The newest, the oldest, or the most answered first; what is level, the newest first."""
    newest = sorted(absences, key=lambda one: (one.written_at, one.absence_id), reverse=True)
    if order == "oldest":
        return newest[::-1]
    if order == "answered":
        return sorted(newest, key=lambda one: -len(one.replies))
    return newest


def _count(absences: Sequence[Absence], asked: Asked) -> str:
    """How many there are, how many wait to be sorted."""
    said = _n("{n} absence", "{n} absences", len(absences)).format(n=len(absences))
    waiting = sum(leading(one) == UNSORTED for one in absences)
    rest = _n("{n} not sorted yet", "{n} not sorted yet", waiting).format(n=waiting)
    parts = [f"<b>{escape(said)}</b>", f"<span>{escape(rest)}</span>" if waiting else ""]
    if asked.presenter and len(absences) > AT_ONCE:
        parts.append(f"<span>{escape(_(FIRST_OF[asked.order]).format(n=AT_ONCE))}</span>")
    if not asked.presenter and asked.page == 1 and len(absences) > 1 and asked.order != "oldest":
        parts.append(f'<a href="#{_newest(absences)}">{escape(_("To the newest"))}</a>')
    return f'<p class="exc-board-count">{"".join(parts)}</p>'


def _newest(absences: Sequence[Absence]) -> str:
    newest = max(absences, key=lambda one: (one.written_at, one.absence_id), default=None)
    return f"a-{escape(newest.absence_id)}" if newest else ""


def _columns(found: Sequence[Column], asked: Asked, ground: Ground) -> str:
    if not found:
        return _nobody()
    wide = "".join(_column(one, asked, ground) for one in found if one.wide and one.key == UNSORTED)
    tall = "".join(_column(one, asked, ground) for one in found if not one.wide)
    rest = "".join(_column(one, asked, ground) for one in found if one.wide and one.key != UNSORTED)
    inner = f'<div class="exc-board-columns">{tall}</div>' if tall else ""
    return f"{wide}{inner}{rest}"


def _column(column: Column, asked: Asked, ground: Ground) -> str:
    """One column. What nobody has said yet is drawn as an empty place."""
    count = f' <b class="exc-board-n">{column.count}</b>' if column.count else ""
    note = f"<p>{escape(column.note)}</p>" if column.note else ""
    cards = "".join(card(one, asked, ground) for one in column.absences)
    if not column.absences:
        cards = f'<p class="exc-board-empty">{escape(_unsaid(column))}</p>'
    look = " exc-board-wide" if column.wide else ""
    return (
        f'<section class="exc-board-column{look}" data-key="c-{escape(column.key)}">'
        f"<header><h2>{escape(column.title)}{count}</h2>{note}</header>"
        f'<div class="exc-board-cards">{cards}</div></section>'
    )


def _unsaid(column: Column) -> str:
    return _("On another page of the board") if column.count else _("Nobody has said this yet")


def _nobody() -> str:
    return f'<p class="exc-board-empty">{escape(_("Nobody has said yet what is absent"))}</p>'


def _places(here: Sequence[Absence], asked: Asked, ground: Ground) -> str:
    """A map for each layout that is pointed at, the cards beside it; then all that has no place."""
    found, first, drawn = placed(here, ground), 1, []
    for layout_id, spots in found.items():
        assert ground.site is not None  # noqa: S101 - for the type checker
        cards = "".join(card(one.absence, asked, ground, first + n) for n, one in enumerate(spots))
        drawn.append(
            f'<section class="exc-board-placed" data-key="m-{escape(layout_id)}">'
            f"{or_else(partial(map_html, ground.site, layout_id, spots, first), '', layout_id)}"
            f'<div class="exc-board-cards">{cards}</div></section>'
        )
        first += len(spots)
    on_map = {one.absence.absence_id for spots in found.values() for one in spots}
    rest = tuple(one for one in here if one.absence_id not in on_map)
    title = _("Said of no place on a map")
    if rest:
        drawn.append(_column(Column("", title, "", rest, len(rest), True), asked, ground))
    return "".join(drawn) or _nobody()


def _turn(asked: Asked, pages: int) -> str:
    """Ways to what is older and newer, where the board has more than one page."""
    if pages == 1 or asked.presenter:
        return ""  # a wall says in its count how much of the board it shows
    ways = [
        _way(replace(asked, page=asked.page + step), words)
        for step, words in ((-1, _("Previous cards")), (1, _("More cards")))
        if 1 <= asked.page + step <= pages
    ]
    where = _("Page {n} of {all}").format(n=asked.page, all=pages)
    return f'<nav class="exc-board-turn"><small>{escape(where)}</small>{"".join(ways)}</nav>'


def _way(asked: Asked, words: str) -> str:
    address = escape(under("/board?" + urlencode(page_query(asked))))
    return f'<a href="{address}" data-page target="_self">{escape(words)}</a>'


def page_query(asked: Asked) -> dict[str, str]:
    """The query by which the page shows this board."""
    query = asked.query()
    if asked.presenter:
        query["view"] = "presenter"
    return {name: value for name, value in query.items() if name not in ("presenter", "tz")}
