"""Finding: one finding under its own link: sentence, chart, pictures, every row, downloads."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from excavate import charts
from excavate.charts_findings import bars_of
from excavate.components.absent_link import absent_link
from excavate.components.addresses import under
from excavate.components.bars_drawn import bars_figure
from excavate.components.bars_html import bars_html
from excavate.components.chart_host import browser_path
from excavate.components.finding_card import Around, against, head, said_html
from excavate.components.finding_checks import settings_html
from excavate.components.finding_method import method_html
from excavate.components.finding_rows import PAGE, rows_table
from excavate.components.finding_words import (
    FOUND,
    UNMEASURED,
    asked_line,
    command_for,
    figures_html,
    state_of,
)
from excavate.components.row_items import items_of_row
from excavate.components.veiled_finding import hidden_of
from excavate.gaps.intersections import MEASURE as CELLS
from excavate.gaps.records import sentence, why_not
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import Shelf, shelf
from excavate.gaps.stored import Finding, Row
from excavate.i18n import _, _n, spoken
from excavate.pages.finding_shown import around_each, map_link
from excavate.pages.judge_ways import show_judge_way
from excavate.pages.keep_here import show_keep
from excavate.pages.paging import asked_page, show_turns
from excavate.pages.parts import link, notice, site_or_notice
from excavate.pages.spoken import may_speak, show_absent_way
from excavate.pages.veiling import as_shown, show_veil_of
from excavate.site import Site
from excavate.workshop.about import About

GROUPS, PICTURES = 4, 12  # rows, and pictures of each


def show() -> None:
    """The whole page."""
    site = site_or_notice()
    if site is None:
        return
    st.html(f'<p class="exc exc-ways">{link("gaps", _("All findings"))}</p>')
    held, asked = shelf(site.folder), st.query_params.get("id", "")
    if asked not in held.by_id:
        body = _("Its link is that of another site, or it was never measured here.")
        notice(_("There is no such finding"), body, "excavate findings list")
        return
    show_veil_of([hidden_of(site, held.one(asked))])
    finding = as_shown(site, held.one(asked))
    named = f"{saying_of(finding.measure).title()} · {finding.dataset}"
    st.set_page_config(page_title=f"{named} · Excavate")
    (around,) = around_each(site, [finding], GROUPS, PICTURES)
    show_said(site, held, finding, around)
    show_keep("finding", {"finding_id": finding.id})
    if any(map(items_of_row, finding.first_rows(1))):
        show_judge_way(finding=finding.id)
    if state_of(finding) == FOUND:
        show_chart(finding)
        st.html(f'<div class="exc">{around.pictures}</div>')
    show_absent_way(About("finding", {"finding_id": finding.id}))
    st.html(f'<div class="exc">{downloads(finding)}</div>')
    if state_of(finding) == FOUND:
        show_rows(site, finding)
    if state_of(finding) != UNMEASURED:
        settings = settings_html(finding, held.robust.get(finding.id), site.folder.path.name)
        st.html(f'<div class="exc">{settings}</div>')
    st.html(f'<div class="exc">{method_html(finding, around.lens, True)}</div>')


def show_said(site: Site, held: Shelf, finding: Finding, around: Around) -> None:
    """The sentence with its numbers; or the reason why there is none."""
    if state_of(finding) == UNMEASURED:
        inner = unmeasured(site, finding)
    else:
        inner = (
            f"{said_html(finding, linked=False)}{figures_html(finding)}"
            f"{against(finding, around.lens)}{around.checks}"
        )
    asked = escape(asked_line(held.asked, finding))
    st.html(
        f'<article class="exc exc-finding exc-finding-{state_of(finding)} exc-finding-alone">'
        f'{head(finding, around)}{inner}<p class="exc-quiet">{asked}</p></article>'
    )


def unmeasured(site: Site, finding: Finding) -> str:
    """The reason, and the command that asks again."""
    reason = escape(_("Not measured: {why}.").format(why=why_not(finding)))
    todo = escape(_("This says neither that there is a gap nor that there is none."))
    command = escape(command_for(finding, site.folder.path.name))
    return f'<h1 class="exc-sentence">{reason}</h1><p>{todo}</p><p><code>{command}</code></p>'


def show_chart(finding: Finding) -> None:
    """The strongest rows drawn, and the sentence that says what is drawn."""
    bars = bars_of(finding)
    if bars is None:
        return
    figure = bars_figure(bars, charts.paper(st.context.theme.type))
    with st.container(key="chart-with-room"):
        st.plotly_chart(figure, key="finding-chart", config=chart_config(finding))
    st.html(f'<div class="exc exc-chart-narrow">{bars_html(bars)}</div>')
    more = finding.rows.num_rows > len(bars.labels)
    words = _("The first {n} of {all} rows are drawn.") if more else _("All rows are drawn.")
    said = words.format(n=len(bars.labels), all=f"{finding.rows.num_rows:,}")
    st.html(
        f'<p class="exc exc-note exc-small-print">{escape(sentence(finding))} {escape(said)}</p>'
    )


def chart_config(finding: Finding) -> dict[str, Any]:
    """Plotly's own bar; it saves the chart where the host has no browser to draw it."""
    name = {"filename": f"{finding.measure}-{finding.id}", "format": "svg"}
    bar = {"displaylogo": False, "toImageButtonOptions": name}
    kept = {"modeBarButtons": [["toImage"]], "displayModeBar": True}
    return bar | (kept if browser_path() is None else {"displayModeBar": False})


def show_rows(site: Site, finding: Finding) -> None:
    """Every row, a page at a time, each with its way to the map."""
    count = finding.rows.num_rows
    page = asked_page(count, PAGE, "rows")
    rows = finding.rows.slice(page * PAGE, PAGE).to_pylist(maps_as_pydicts="strict")
    links = [row_ways(site, finding, page * PAGE + at, row) for at, row in enumerate(rows)]
    title = _n("{n} row", "{n} rows", count).format(n=f"{count:,}")
    st.html(
        f'<div class="exc"><h2 class="exc-part">{escape(title)}</h2>'
        f"{rows_table(finding, rows, links, page * PAGE)}</div>"
    )
    show_turns(count, PAGE, page, "rows")


def row_ways(site: Site, finding: Finding, number: int, row: Row) -> str:
    """The ways of one row: to its items on the map, and to say that it is absent."""
    named = items_of_row(row)
    on_map = map_link(site.folder, finding, number, row, site.layouts()) if named else ""
    said = absent_link(row_about(site, finding, number)) if may_speak() else ""
    return " ".join(way for way in (on_map, said) if way)


def row_about(site: Site, finding: Finding, number: int) -> About:
    """What a row is of: a cell of attributes, where it is one that nothing of is veiled."""
    whole = shelf(site.folder).one(finding.id)
    there = any(f"{whole.dataset}/".startswith(f"{name}/") for name in site.revisions())
    if whole.measure == CELLS and there:  # of a split, too: NAME/SPLIT
        pattern = whole.rows["pattern"][number].as_py(maps_as_pydicts="strict")
        if finding.rows["pattern"][number].as_py(maps_as_pydicts="strict") == pattern:
            return About("cell", {"dataset": whole.dataset, "values": pattern})
    return About("finding", {"finding_id": finding.id, "row": number})


def downloads(finding: Finding) -> str:
    """Links to the files of this finding; each carries its provenance."""
    base = under(f"/finding/{finding.id}")
    files = [("csv", "CSV"), ("parquet", "Parquet"), ("json", "JSON")]
    drawn = state_of(finding) == FOUND
    if drawn and browser_path() is not None:
        files += [("svg", _("chart as SVG")), ("png", _("chart as PNG"))]
    links = "".join(
        f'<a href="{base}.{ending}?lang={spoken()}" download>{escape(words)}</a>'
        for ending, words in files
    )
    note = ""
    if drawn and browser_path() is None:
        words = _("The chart is saved by the camera above it: no Chromium was found on the host.")
        note = f'<p class="exc-quiet">{escape(words)}</p>'
    title = escape(_("Take it with you, with its provenance"))
    return f'<h2 class="exc-part">{title}</h2><p class="exc-ways">{links}</p>{note}'


show()
