"""The Survey's table, and the datasets that were chosen to stand side by side."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from excavate.components.beside import Column, side_by_side
from excavate.components.dossier_words import FACETS, facet_value
from excavate.components.facts import by_topic, of_dossier, of_find
from excavate.components.terrain import Place
from excavate.components.terrain_words import shortened, struck
from excavate.components.unverified import marked
from excavate.i18n import _, _n, spoken
from excavate.pages.ground import page_href
from excavate.pages.parts import notice, table

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier
    from excavate.workshop.finds import Find

SIDES = 6  # so many stand side by side at most


def chosen(known: Container[str]) -> list[str]:
    """The ids that the link sets side by side: those that are known, each once."""
    asked = st.query_params.get("beside", "").split(",")
    return list(dict.fromkeys(one for one in asked if one in known))[:SIDES]


def show_beside(
    places: Sequence[Place], dossiers: Mapping[str, Dossier], brought: Mapping[str, Find]
) -> None:
    """The chosen datasets side by side; nothing where none is chosen."""
    known = {place.id: place for place in places}
    ids = chosen(known)
    if not ids:
        return
    title = _n("{n} dataset, set aside", "{n} datasets side by side", len(ids))
    st.html(f'<div class="exc" id="beside"><h2>{escape(title.format(n=len(ids)))}</h2></div>')
    st.html(side_by_side([_column(known[one], ids, dossiers, brought) for one in ids]))
    if len(ids) == 1:
        words = _("Choose another in the table below to see them side by side.")
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    st.html(_stays([known[one] for one in ids]))


def _stays(places: Sequence[Place]) -> str:
    """A line at the window's foot: which are chosen, and the way to where they stand."""
    count = _n("{n} chosen", "{n} chosen", len(places)).format(n=len(places))
    names = ", ".join(escape(shortened(place.name, 24)) for place in places)
    see = f'<a href="#beside">{escape(_("See side by side"))}</a>'
    return (
        f'<div class="exc exc-chosen" role="status"><b>{escape(count)}</b>'
        f"<span>{names}</span>{see}</div>"
    )


def show_table(places: Sequence[Place], found: Sequence[Place]) -> None:
    """Every dataset that the filter leaves, a line each."""
    title = _n("{n} dataset", "{n} datasets", len(found)).format(n=len(found))
    st.html(f'<div class="exc"><hr class="exc-rule"><h2>{escape(title)}</h2></div>')
    if not found:
        notice(_("Nothing here matches"), _("Loosen a filter above; nothing was removed."))
        return
    heads = ("", _("Name"), _("Year"), _("Size"), *[_(title) for title, _w in FACETS.values()])
    ordered = sorted(found, key=lambda p: (p.year is None, -(p.year or 0), p.name.lower()))
    ids = chosen({place.id for place in places})
    rows = [_row(place, ids) for place in ordered]
    label = escape(_("Datasets, newest first"))
    st.html(
        f'<div class="exc exc-wide-table" tabindex="0" role="region" aria-label="{label}">'
        f"{table(heads, rows)}</div>"
    )


def _row(place: Place, ids: Sequence[str]) -> list[str]:
    said = {
        "year": str(place.year or ""),
        "items": f"{place.items:,}" if place.items else "",
    }
    for facet in FACETS:
        values = place.facets.get(facet, ())
        said[facet] = escape(", ".join(facet_value(facet, value) for value in values))
    cells = [marked(words, name in place.unverified) or _unsaid() for name, words in said.items()]
    return [_choose(place, ids), _name(place), *cells]


def _name(place: Place) -> str:
    kind = f' class="{struck(place)}"' if struck(place) else ""
    where = escape(page_href(place))
    name = f'<a href="{where}" data-page target="_self"{kind}>{escape(place.name)}</a>'
    under = []
    if place.kind == "find":
        under.append(_("brought by {name}, unverified").format(name=place.brought_by))
        under += [_("contested here")] if place.contested else []
    if place.kind == "dug":
        under.append(_("no dossier yet"))
    if place.dug:
        under.append(_("dug here"))
    quiet = f"<br><small>{escape(' · '.join(under))}</small>" if under else ""
    mark = '<i class="exc-find-mark"></i>' if place.kind == "find" else ""
    return f"{mark}{name}{quiet}"


def _unsaid() -> str:
    return f'<span class="exc-empty">{escape(_("not known"))}</span>'


def _choose(place: Place, ids: Sequence[str]) -> str:
    words = _("Take away") if place.id in ids else _("Set beside")
    return _beside_link(place.id, words, ids)


def _beside_link(place_id: str, words: str, ids: Sequence[str]) -> str:
    """The link that takes a dataset to those chosen, or away; the seventh puts out the first."""
    here = {k: v for k, v in st.query_params.to_dict().items() if k not in ("lang", "beside")}
    ids = [one for one in ids if one != place_id] if place_id in ids else [*ids, place_id][-SIDES:]
    query = here | ({"beside": ",".join(ids)} if ids else {}) | {"lang": spoken()}
    target = escape(f"/survey?{urlencode(query)}")
    return f'<a href="{target}" data-page target="_self">{escape(words)}</a>'


def _column(
    place: Place,
    ids: Sequence[str],
    dossiers: Mapping[str, Dossier],
    brought: Mapping[str, Find],
) -> Column:
    if place.id in dossiers:
        facts = of_dossier(dossiers[place.id])
    else:
        facts = of_find(brought[place.id]) if place.id in brought else []
    return Column(place, by_topic(facts), _name(place), _choose(place, ids))
