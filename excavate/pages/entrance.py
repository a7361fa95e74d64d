"""Entrance: what this is, the four stages, the datasets of this site and their lenses."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from excavate.catalog import browsing
from excavate.components.addresses import map_is_built
from excavate.components.gallery import grid
from excavate.components.terrain import dug_from
from excavate.dossiers.reading import read_archive
from excavate.i18n import N_, _, _n
from excavate.pages.parts import (
    PAGES,
    facts,
    layout_holding,
    lens_sentence,
    link,
    not_given_out,
    notice,
    site_or_notice,
    told,
)
from excavate.pages.spoken import absent_way
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.about import About

# numeral, what it is called, what people do there, its pages so far
STAGES = (
    (
        N_("Going out to mine"),
        N_("See which datasets there are, their character and terrain; dig one."),
        (("survey", N_("Survey")), ("find", N_("Bring a find")), ("items", N_("Items"))),
    ),
    (
        N_("Excavating inside and outside"),
        N_("How it was formed: walk its map, follow its neighbours."),
        (
            ("map", N_("Map")),
            ("taxonomy", N_("Taxonomy")),
            ("gaps", N_("Gaps")),
            ("compare", N_("Compare")),
        ),
    ),
    (
        N_("Data set-ting"),
        N_("Say what is absent; plan, collect, label and review together."),
        (
            ("room", N_("Room")),
            ("say", N_("Record as absent")),
            ("board", N_("Board")),
            ("judge", N_("Judge")),
            ("counter", N_("Counter-dataset")),
            ("draw", N_("Draw")),
        ),
    ),
    (
        N_("Presenting"),
        N_("Essays, findings, releases, exhibitions."),
        (("essay", N_("Essays")), ("release", N_("Release")), ("notebook", N_("Notebook"))),
    ),
)
COUNTS = (
    ("items", N_("items")),
    ("with_pixels", N_("with pixels")),
    ("labels", N_("source labels")),
    ("categories", N_("categories")),
    ("regions", N_("regions")),
    ("attributes", N_("attributes")),
    ("faults", N_("faults")),
)
PICTURES = 12  # of each dataset, evenly through the source's order


def show() -> None:
    """The whole page."""
    st.html(f'<div class="exc exc-wall">{opening()}{arc()}</div>')
    if not map_is_built():
        missing = _("The map's own component and the fonts are not built; plotly draws instead.")
        notice(_("A part is missing"), missing, "make setup")
    site = site_or_notice()
    if site is None:
        return
    with told():
        datasets = site.datasets()
        title = _n("{n} dataset in this site", "{n} datasets in this site", len(datasets))
        st.html(f'<div class="exc"><h2>{escape(title.format(n=len(datasets)))}</h2></div>')
        for row in datasets.to_dict("records"):
            show_dataset(site, row)
        show_lenses(site)


def opening() -> str:
    """Name and purpose."""
    name = escape(_("Mining the absent dataset"))
    if Settings.from_environment().shared:
        lead = _(
            "Look inside public visual datasets, and ask what is not there and why. What you "
            "write stays on the machine that opened this room; those who are in it see it."
        )
    else:
        lead = _(
            "Look inside public visual datasets, and ask what is not there and why. "
            "Everything here stays on this machine."
        )
    return f'<h1>{name}</h1><p class="exc-lead">{escape(lead)}</p>'


def arc() -> str:
    """The four stages; those without a page yet are drawn with a dashed line."""
    cells = []
    for place, (name, does, pages) in enumerate(STAGES, 1):
        links = "".join(link(path, _(title)) for path, title in pages if path in PAGES)
        later = f'<span class="exc-dashed">{escape(_("not open yet"))}</span>'
        cells.append(
            f"<li{'' if pages else ' class=exc-later'}>"
            f'<span class="exc-numeral">{place}</span><strong>{escape(_(name))}</strong>'
            f"<p>{escape(_(does))}</p>{links or later}</li>"
        )
    return f'<ol class="exc-arc">{"".join(cells)}</ol>'


def show_dataset(site: Site, row: dict[str, Any]) -> None:
    """One dataset: its title, counts, splits, licence, some pictures."""
    counts = "".join(
        f"<li><b>{int(row[key]):,}</b><span>{escape(_(name))}</span></li>" for key, name in COUNTS
    )
    body = (
        f'<article class="exc exc-dataset"><h3>{escape(row["title"])}</h3>'
        f"{not_given_out(row)}"
        f'<ul class="exc-counts">{counts}</ul>{facts(dataset_facts(row))}</article>'
    )
    st.html(body)
    few = min(PICTURES, int(row["items"]))
    spread = [k * int(row["items"]) // few for k in range(few)]
    with site.cursor() as cursor:
        seen = browsing.items_at(cursor, [row["dataset_id"]] * few, spread)
    st.html(grid(seen, kind="exc-strip"))
    items = link("items", _("See its items"), dataset=row["dataset_id"])
    about = About("dataset", {"dataset": row["dataset_id"]})
    absent = absent_way(about, key=f"dataset:{row['dataset_id']}")
    ways = f"{items}{way_to_map(site, row['dataset_id'])}{way_to_dossier(row)}{absent}"
    st.html(f'<p class="exc exc-ways">{ways}</p>')


def way_to_map(site: Site, dataset_id: str) -> str:
    """A link to the newest layout that holds a dataset; where there is none, that is drawn."""
    layout_id = layout_holding(site, dataset_id)
    if layout_id:
        return link("map", _("Walk its map"), layout=layout_id)
    return f'<span class="exc-dashed">{escape(_("not laid out yet"))}</span>'


def way_to_dossier(row: dict[str, Any]) -> str:
    """A link to the dossier of a dataset; where there is none, that is drawn."""
    archive = Settings.from_environment().archives
    dossiers = read_archive(archive).dossiers.values() if archive.is_dir() else ()
    for dossier in dossiers:
        if dug_from(dossier, [row]):
            return link("dossier", _("Read its dossier"), id=dossier.id)
    return f'<span class="exc-dashed">{escape(_("no dossier yet"))}</span>'


def dataset_facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What is known of a dataset; what is not stated is said to be so."""
    unstated = f'<span class="exc-unsaid">{escape(_("not stated"))}</span>'
    splits = " · ".join(f"{escape(str(s))} {n:,}" for s, n in row["splits"].items())
    reasons = " · ".join(f"{escape(str(r))} {n:,}" for r, n in row["fault_reasons"].items())
    revision = f'<span class="exc-mono">{escape(row["revision"][:12])}</span>'
    if isinstance(row["source_revision"], str):
        revision += f' · <span class="exc-mono">{escape(row["source_revision"][:40])}</span>'
    found = [
        (_("Name here"), f'<span class="exc-mono">{escape(row["dataset_id"])}</span>'),
        (_("Dug from"), f'<span class="exc-mono">{escape(row["source"])}</span>'),
        (_("Licence"), escape(row["licence"]) if isinstance(row["licence"], str) else unstated),
        (_("Splits"), splits),
        (_("Revision"), revision),
    ]
    if reasons:
        found.append((_("Faults by reason"), reasons))
    return found


def show_lenses(site: Site) -> None:
    """The encoders whose vectors this site holds, with the data behind each."""
    words = _(
        "An encoder lays pictures near one another by likeness. It judges likeness by what it was "
        "trained on, so every map is somebody's view."
    )
    head = f'<hr class="exc-rule"><h2>{escape(_("Lenses"))}</h2>'
    st.html(f'<div class="exc">{head}<p class="exc-note">{escape(words)}</p></div>')
    lenses = {
        (c.result["spec"], c.result["trained_on"]): c.result["has_text"] for c in site.embeddings()
    }
    if not lenses:
        notice(_("Nothing has been embedded yet"), code="excavate embed --help")
        return
    lines = [
        (f'<span class="exc-mono">{escape(spec)}</span>', lens_sentence(trained_on, has_text))
        for (spec, trained_on), has_text in lenses.items()
    ]
    rows = "".join(f"<dt>{spec}</dt><dd>{escape(text)}</dd>" for spec, text in lines)
    st.html(f'<div class="exc"><dl>{rows}</dl></div>')


show()
