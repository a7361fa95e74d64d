"""Beside a dossier: what the catalog counts of it here, and how it is dug or why it is not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from excavate.components.dossier_words import facet_value, in_words
from excavate.components.facts import fact_html, of_dossier, worded
from excavate.components.held_against import NEAR, Held, held_against
from excavate.components.unverified import marked, rests_on_seen, unverified_values
from excavate.dossiers.digs import may_be_dug
from excavate.i18n import N_, _
from excavate.pages.dig_here import needs_no_path, show_button
from excavate.pages.parts import layout_holding, link, not_given_out, table
from excavate.routes import served_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from excavate.dossiers.schema import Count, Dossier

COUNTED = {
    "items": N_("items"),
    "categories": N_("categories"),
    "regions": N_("regions"),
    "labels": N_("source labels"),
    "people": N_("people"),
    "attributes": N_("attributes"),
}


def show_dug(dossier: Dossier, row: dict[str, Any]) -> None:
    """One dataset of the site that this dossier is about: published numbers beside its own."""
    name = str(row["dataset_id"])
    title = _("Dug here as {name}").format(name=name)
    ways = link("items", _("See its items"), dataset=name)
    layout_id = layout_holding(served_site(), name)
    ways += link("map", _("Walk its map"), layout=layout_id) if layout_id else ""
    st.html(
        f'<div class="exc"><h2 class="exc-part">{escape(title)}</h2>{not_given_out(row)}'
        f'{_compared(dossier, row)}<p class="exc-ways">{ways}</p></div>'
    )


def _compared(dossier: Dossier, row: dict[str, Any]) -> str:
    if not dossier.count:
        words = _("No published number is on record to hold the catalog against.")
        return f'<p class="exc-dashed">{escape(words)}</p>'
    found = held_against(dossier, row)
    partly = ", ".join(found.partly)
    rows = [
        (_what(one.published), _published(dossier, one.published), _here(one),
         _verdict(one, bool(partly)))
        for one in found.held
    ]  # fmt: skip
    said = table((_("number of"), _("published"), _("in the catalog"), ""), rows) if rows else ""
    if partly:
        words = _("Only a part was dug ({options}); a difference says nothing then.")
        said += f'<p class="exc-quiet">{escape(words.format(options=partly))}</p>'
    return said + _of_others(dossier, found.others)


def _of_others(dossier: Dossier, counts: Sequence[Count]) -> str:
    """Published numbers that this dataset cannot be held against, so that none is lost."""
    if not counts:
        return ""
    words = escape(_("Of another version, or counted otherwise:"))
    lines = "".join(f"<li>{_what(count)}: {_published(dossier, count)}</li>" for count in counts)
    return f'<div class="exc-quiet"><p>{words}</p><ul>{lines}</ul></div>'


def _what(count: Count) -> str:
    more = [part for part in (count.version, count.split) if part]
    return escape(" · ".join([_(COUNTED[count.of]), *more]))


def _published(dossier: Dossier, count: Count) -> str:
    """A published number; unverified where no fact that it rests on was seen."""
    number = f"{count.number:,}"
    said = escape(_("about {n}").format(n=number) if count.about else number)
    return marked(said, not rests_on_seen(dossier, count.because))


def _here(held: Held) -> str:
    return "–" if held.counted is None else f"{held.counted:,}"


def _verdict(held: Held, partly: bool) -> str:
    if held.verdict == "not counted":
        return f'<span class="exc-empty">{escape(_("not counted here"))}</span>'
    if held.verdict == "equal":
        return escape(_("the same"))
    if held.verdict == "near":
        return escape(_("within {n} %").format(n=round(100 * NEAR)))
    if partly:
        return escape(_("a part"))
    return f'<strong class="exc-gap">{held.difference:+,}</strong>'


def show_dig(dossier: Dossier, *, dug: bool) -> None:
    """How it is dug: by a button, by a command, or why not at all."""
    title = _("Dig it again") if dug else _("Dig it")
    if not may_be_dug(dossier):
        title = _("It is not dug")
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(title)}</h2></div>')
    if not may_be_dug(dossier):
        st.html(_refused(dossier))
    elif not dossier.dig:
        words = _("No source is on record to dig it from.")
        st.html(f'<p class="exc exc-dashed">{escape(words)}</p>')
    elif not dug:
        _ways_to_dig(dossier)
    else:
        _commands(dossier)


def _refused(dossier: Dossier) -> str:
    """Why there is no button: its state, since when, and the facts that say so."""
    status = dossier.status
    if status is None:
        return ""
    state = facet_value("status", status.state)
    when = f"{state} · {status.date}" if status.date else state
    grounds = [fact for fact in of_dossier(dossier) if fact.id in status.because]
    because = "".join(fact_html(fact) for fact in grounds).replace(' id="', ' data-fact="')
    said = marked(f"<b>{escape(when)}</b>", "status" in unverified_values(dossier))
    head = f'<p class="exc-state">{said}</p><p>{escape(_("because"))}</p>'
    return f'<div class="exc exc-refused">{head}{because}</div>'


def _ways_to_dig(dossier: Dossier) -> None:
    """Each source that is on record; a button for the first that needs no path."""
    pressed = False
    for number, dig in enumerate(dossier.dig, 1):
        name = dossier.id if number == 1 else f"{dossier.id}#{number}"
        st.html(f'<div class="exc">{_source(dossier, number)}</div>')
        if needs_no_path(dig.source) and not pressed:
            show_button(name, dig.source)
            pressed = True
        else:
            st.html(f'<p class="exc"><code>{escape(_command(name))}</code></p>')


def _commands(dossier: Dossier) -> None:
    for number, _dig in enumerate(dossier.dig, 1):
        name = dossier.id if number == 1 else f"{dossier.id}#{number}"
        said = f"{_source(dossier, number)}<p><code>{escape(_command(name))}</code></p>"
        st.html(f'<div class="exc">{said}</div>')


def _source(dossier: Dossier, number: int) -> str:
    dig = dossier.dig[number - 1]
    note = f'<p class="exc-quiet">{worded(*in_words(dig.note))}</p>' if dig.note else ""
    words = _("This is a part of it: {part}").format(part=dig.part)
    part = f'<p class="exc-quiet">{escape(words)}</p>' if dig.part else ""
    return f'<p class="exc-mono">{escape(dig.source)}</p>{part}{note}'


def _command(name: str) -> str:
    return f"excavate dig {name} --site {served_site().folder.path.name}"
