"""One member as HTML: why it is in, how it was found, its rights and whose words they are."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from excavate.components.counter_words import (
    COLUMNS,
    CONSENTS,
    DEPICTED,
    GROUNDS,
    KINDS,
    found_by,
    licence_name,
)
from excavate.components.gallery import item_href
from excavate.counter.picture_records import REMOVED
from excavate.counter.records import Member, Rights
from excavate.i18n import _

Facts = list[tuple[str, str]]  # names, and HTML that is safe


def member_facts(member: Member, *, names: bool = True) -> Facts:
    """What it is, who put it in and how it was found; of a file, what was taken out of it."""
    found: Facts = [(_("What it is"), escape(_(KINDS[member.kind])))]
    if names and member.shown_name:
        found.append((_("Put in by"), escape(member.shown_name)))
    found.append((_("Put in"), member.written_at.strftime("%Y-%m-%d %H:%M")))
    found.append((_("How it was found"), escape(found_by(member.found_by))))
    if member.item_id:
        address = escape(item_href(member.item_id))
        words = f'<a href="{address}" data-page target="_self">{escape(member.item_id)}</a>'
        found.append((_("Item"), words))
    if member.label:
        found.append((_("What it is called"), escape(member.label)))
    described = (
        (_("Described in words, Korean"), "ko", member.alt_ko),
        (_("Described in words, English"), "en", member.alt_en),
    )
    found += [(name, f'<span lang="{code}">{escape(said)}</span>')
              for name, code, said in described if said]  # fmt: skip
    if member.removed:
        found.append((_("Taken out of the file"), escape(removed_words(member.removed))))
    if member.sha256:
        size = f"{member.width:,} × {member.height:,}"
        found.append((_("Kept as"), escape(f"{member.media_type} · {size}")))
    return found


def removed_words(removed: Sequence[str]) -> str:
    """What was found in a file beside its pixels, and left behind."""
    return ", ".join(_(REMOVED[one]) if one in REMOVED else one for one in removed)


def rights_facts(member: Member, *, names: bool = True) -> Facts:
    """Creator, source, licence, consents: said, decided to be unknown, or blank.

    Without `names`, nothing tells who made it here or who decided.
    """
    rights = member.rights
    found = [(_(word), _said(rights, column, names)) for column, word in COLUMNS.items()]
    if not names and rights and rights.given.creator and member.kind in ("drawn", "uploaded"):
        hidden = f"<i>{escape(_('name hidden until the round closes'))}</i>"
        found[0] = (found[0][0], hidden)
    if rights and rights.given.ground:
        ground = _(GROUNDS.get(rights.given.ground, rights.given.ground))
        reason = escape(rights.given.ground_reason)
        found.append((_("Declared ground"), f"{escape(ground)}<br>{reason}"))
    return found


def _said(rights: Rights | None, column: str, names: bool) -> str:
    blank = f'<span class="exc-blank">{escape(_("blank"))}</span>'
    if rights is None:
        return blank
    unknown = rights.given.unknowns.get(column)
    if unknown:
        words = _("unknown, decided by {name}, because {reason}")
        name = unknown.get("by", "") if names else _("name hidden until the round closes")
        return escape(words.format(name=name, reason=unknown.get("because", "")))
    value = getattr(rights.given, column)
    if not value:
        return blank
    return escape(_word(column, value)) + _stale(rights, column, value)


def _word(column: str, value: str) -> str:
    if column == "licence":
        return licence_name(value)
    words = {"contributor_consent": CONSENTS, "depicted_consent": DEPICTED}.get(column, {})
    return _(words[value]) if value in words else value


def _stale(rights: Rights, column: str, value: str) -> str:
    """Consent that was given to another text is no consent to this one."""
    stands = {"contributor_consent": rights.consent_stands,
              "depicted_consent": rights.depicted_stands}.get(column, True)  # fmt: skip
    if value != "given" or stands:
        return ""
    return f' <span class="exc-blank">{escape(_("to an earlier text: ask again"))}</span>'
