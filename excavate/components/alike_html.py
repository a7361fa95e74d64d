"""What is like a picture, as HTML: the same, nearly the same, the nearest; what went uncompared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from excavate.components.counter_pictures import Rows, picture_html
from excavate.components.counter_words import called
from excavate.components.drawn_here import member_href
from excavate.components.gallery import caption, frame, item_href
from excavate.counter.likeness import Alike, Like
from excavate.counter.records import Member
from excavate.gaps.hashing import TURNS
from excavate.i18n import N_, _

SHOWN = 6
TURNED = {
    TURNS[1]: N_("mirrored"), TURNS[2]: N_("upside down, mirrored"), TURNS[3]: N_("upside down"),
    TURNS[4]: N_("turned, mirrored"), TURNS[5]: N_("a quarter turned"),
    TURNS[6]: N_("a quarter turned"), TURNS[7]: N_("turned, mirrored"),
}  # fmt: skip
Members = Mapping[str, Member]


def verdict(found: Alike) -> str:
    """In one sentence whether it is there already; plain words, for a box or a line."""
    in_it = any(one.member_id for one in (*found.exact, *found.near))
    if found.exact:
        same = _("It is in this counter-dataset already")
        return same if in_it else _("The same file is in the catalog")
    if found.near:
        near = _("Nearly the same picture is in this counter-dataset")
        return near if in_it else _("Nearly the same picture is in the catalog")
    return _("Nothing here is the same picture")


def alike_html(found: Alike, rows: Rows, members: Members) -> str:
    """All that it is like, the same first; and what could not be compared, which is no answer."""
    parts = [
        _strip(_("The same"), found.exact, rows, members, measured=False),
        _strip(_("Nearly the same"), found.near, rows, members),
        _strip(_("The nearest"), found.nearest, rows, members),
    ]
    look = " exc-alike-there" if found.is_there else ""
    head = f'<p class="exc-alike-said">{escape(verdict(found))}</p>'
    return f'<div class="exc exc-alike{look}">{head}{"".join(parts)}{_unlooked(found)}</div>'


def _unlooked(found: Alike) -> str:
    said = [_(what).format(what=blank) for what, blank in found.not_looked]
    if not said:
        return ""
    words = _("Not compared: {reasons}").format(reasons="; ".join(dict.fromkeys(said)))
    return f'<p class="exc-note exc-alike-unlooked">{escape(words)}</p>'


def _strip(
    title: str, found: Sequence[Like], rows: Rows, members: Members, *, measured: bool = True
) -> str:
    if not found:
        return ""
    cells = "".join(_figure(one, rows, members, measured) for one in found[:SHOWN])
    return (
        f'<div class="exc-alike-strip"><h4>{escape(title)}</h4>'
        f'<div class="exc-strip">{cells}</div></div>'
    )


def _figure(one: Like, rows: Rows, members: Members, measured: bool) -> str:
    number = f"{one.likeness:.3f}" if measured else ""
    said = [number, _(TURNED[one.turn]) if one.turn in TURNED else ""]
    said.append(_("in it already") if one.member_id else "")
    under = f"<small>{escape(' · '.join(filter(None, said)))}</small>"
    picture, words, target = _shown(one, rows, members)
    return (
        f'<figure><a href="{escape(target)}" target="_blank" rel="noopener noreferrer">{picture}'
        f"</a><figcaption><span>{escape(words)}</span>{under}</figcaption></figure>"
    )


def _shown(one: Like, rows: Rows, members: Members) -> tuple[str, str, str]:
    """(picture, words, link) of a member or of an item; an item that is gone is an empty frame."""
    member, row = members.get(one.member_id), rows.get(one.item_id)
    if member is not None:
        return picture_html(member, rows), called(member), member_href(member)
    if row is None:
        words = one.item_id or one.member_id
        return f'<span class="exc-hollow">{escape(words)}</span>', words, item_href(one.item_id)
    words = caption(row["labels"])
    return frame(row, escape(words)), words, item_href(one.item_id)
