"""What measures said of two sides: the finding of Compare, figures, what one does not reach."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from excavate.catalog import browsing
from excavate.components.command_lines import gaps_command
from excavate.components.finding_words import interval
from excavate.components.gallery import grid
from excavate.components.side_by_side import unmeasured
from excavate.components.veiled_finding import hidden_of
from excavate.gaps.gathering import part_of
from excavate.gaps.numbers import is_share, said
from excavate.gaps.question import Question
from excavate.gaps.records import held_against, sentence, why_not
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.shelf import shelf
from excavate.gaps.sides import Beside, Line, beside, lines
from excavate.i18n import _
from excavate.pages.parts import choose, link
from excavate.pages.veiling import as_shown, hidden_here, show_veil_of

if TYPE_CHECKING:
    from excavate.gaps.finding import Figure
    from excavate.gaps.stored import Finding
    from excavate.site import Site

COMPARE, COVERAGE = "compare", "coverage"
PICTURES = 24
GROUPS = 4
Names = tuple[str, str]


def standing(site: Site) -> list[Finding]:
    """The findings that stand at the site's revisions, oldest first, as this session sees them."""
    revisions = site.revisions()
    there = shelf(site.folder).by_id.values()
    return [as_shown(site, f) for f in there if f.stands(revisions)]


def command(site: Site, dataset: str, measure: str, reference: str = "") -> str:
    """How it is measured."""
    return gaps_command(site.folder.path.name, Question(measure, dataset, reference or None))


def show_what_was_said(site: Site, names: Names) -> None:
    """The sentence of the measure `compare` over these two; how to measure it where nobody has."""
    fitting = [
        f
        for f in standing(site)
        if f.measure == COMPARE and {f.dataset, f.question.reference} == set(names)
    ]
    if not fitting:
        asked = (
            f'<code class="exc-mono">{escape(command(site, names[0], COMPARE, names[1]))}</code>'
        )
        words = escape(_("Counts are below. Nobody has laid their measures side by side yet:"))
        st.html(f'<p class="exc exc-quiet exc-small-print">{words} {asked}</p>')
        return
    newest = fitting[-1]
    way = link("finding", _("How it was measured"), id=newest.id)
    words = escape(sentence(newest))
    st.html(f'<p class="exc exc-sentence">{words}</p><p class="exc exc-ways">{way}</p>')


def show_reach(site: Site, names: Names) -> None:
    """Pictures of what each has that the other does not reach, from findings of `coverage`."""
    title = escape(_("What one has that the other does not reach"))
    st.html(f'<div class="exc"><h2 class="exc-part">{title}</h2></div>')
    with st.container(key="compare-reach"):
        for column, (has, lacks) in zip(
            st.columns(2, gap="large"), (names, names[::-1]), strict=True
        ):
            with column:
                show_unreached(site, has, lacks)


def show_unreached(site: Site, has: str, lacks: str) -> None:
    """The items of one side that no item of the other lies near."""
    words = escape(_("{has} has, {lacks} does not reach").format(has=has, lacks=lacks))
    st.html(f'<div class="exc"><h3>{words}</h3></div>')
    found = [
        f
        for f in standing(site)
        if f.measure == COVERAGE and f.dataset == lacks and f.question.reference == has
    ]
    if not found:
        asked = command(site, lacks, COVERAGE, has)
        st.html(f'<div class="exc">{unmeasured(_("nobody has asked yet:"), asked)}</div>')
        return
    newest = found[-1]
    way = link("finding", _("How it was measured"), id=newest.id)
    if not newest.is_measured:
        st.html(f'<div class="exc">{unmeasured(why_not(newest))}</div>')
    else:
        ids = [one for row in newest.first_rows(GROUPS) for one in (row.get("items") or ())[:6]]
        with site.cursor() as cursor:
            items = browsing.items_named(cursor, list(dict.fromkeys(ids))[:PICTURES])
        bases = [part_of(site, name).dataset for name in (has, lacks)]
        shown = hidden_here(site, bases).captions(items)
        st.html(f'<p class="exc">{escape(sentence(newest))}</p>{grid(shown)}')
    st.html(f'<p class="exc exc-ways">{way}</p>')


def versions(site: Site, names: Names) -> list[tuple[Finding, Finding]]:
    """(the newest finding of an older revision, the newest that stands), asked alike."""
    revisions = site.revisions()
    newest: dict[str, dict[bool, Finding]] = {}
    for found in shelf(site.folder).by_id.values():
        if found.dataset in names and found.measure != COMPARE:
            newest.setdefault(repr(found.question), {})[found.stands(revisions)] = found
    return [(two[False], two[True]) for two in newest.values() if len(two) == 2]


def show_versions(site: Site, names: Names) -> None:
    """Links that lay what was measured on an older revision beside what stands now."""
    lines = []
    for old, new in versions(site, names):
        title = f"{saying_of(new.measure).title()} · {new.dataset}"
        lines.append(f"<li>{link('compare', title, a=old.id, b=new.id)}</li>")
    if lines:
        words = escape(_("Measured on an older revision, and again"))
        drawn = f'<h2 class="exc-part">{words}</h2><ul class="exc-branches">{"".join(lines)}</ul>'
        st.html(f'<div class="exc">{drawn}</div>')


def show_figures(site: Site, names: Names) -> None:
    """The same figures for both, measure by measure."""
    there = [f for f in standing(site) if f.measure != COMPARE and f.measure in REGISTRY]
    ours, theirs = ([f for f in there if f.dataset == name] for name in names)
    title = escape(_("The same measures of both"))
    st.html(f'<div class="exc"><h2 class="exc-part">{title}</h2></div>')
    found = beside(ours, theirs, names)
    if not found:
        asked = " && ".join(
            gaps_command(site.folder.path.name, Question("", name)) for name in names
        )
        st.html(f'<div class="exc">{unmeasured(_("nobody has asked yet:"), asked)}</div>')
        return
    measures = list(dict.fromkeys(one.measure for one in found))
    chosen = choose(_("Measure"), "measure", [None, *measures], _measure_name)
    drawn = [section(site, one, names) for one in found if chosen in (None, one.measure)]
    st.html(f'<div class="exc">{"".join(drawn)}</div>')


def _measure_name(name: str | None) -> str:
    return saying_of(name).title() if name else _("all of them")


def section(site: Site, found: Beside, names: Names) -> str:
    """One measure: who was asked, then its figures line by line."""
    title = escape(saying_of(found.measure).title())
    heads = "".join(
        f"<th>{escape(name)}<br>{_way(one)}</th>"
        for name, one in zip(names, (found.a, found.b), strict=True)
    )
    if found.a and found.b and found.is_measured:
        told = lines(found.a.figures, found.b.figures)
        body = "".join(_figure_row(found.measure, line, found.alike, names) for line in told)
    else:
        sides = zip((found.a, found.b), names, strict=True)
        cells = "".join(_cell(name, _alone(site, found.measure, one, name)) for one, name in sides)
        body = f"<tr><th></th>{cells}<td></td></tr>"
    note = ""
    if found.a and found.b and not found.alike:
        words = _("Asked in different settings: the numbers stand side by side, uncompared.")
        note = f'<p class="exc-note">{escape(words)}</p>'
    difference = escape(_("difference"))
    return (
        f'<h3>{title}</h3>{note}<div class="exc-beside exc-figures-beside"><table><thead><tr>'
        f"<th></th>{heads}<th>{difference}</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


def _way(found: Finding | None) -> str:
    if found is None:
        return ""
    against = escape(held_against(found))
    return f"<small>{against} {link('finding', _('finding'), id=found.id)}</small>"


def _alone(site: Site, measure: str, found: Finding | None, name: str) -> str:
    """One side where the other cannot be held beside it."""
    if found is None:
        return unmeasured(_("nobody has asked yet:"), command(site, name, measure))
    if not found.is_measured:
        return unmeasured(why_not(found))
    return escape(sentence(found))


def _cell(head: str, inner: str) -> str:
    """A cell that says whose it is where the table is stacked, on narrow screens."""
    return f'<td data-side="{escape(head)}">{inner}</td>'


def _figure_row(measure: str, line: Line, alike: bool, names: Names) -> str:
    name = escape(saying_of(measure).column(line.name))
    share = is_share(measure, line.name)
    difference = ""
    if alike and line.difference is not None:
        sign = "+" if line.difference > 0 else ""
        words = {True: _("apart"), False: _("not apart"), None: ""}[line.apart]
        difference = f"{sign}{said(line.difference, share)} <small>{escape(words)}</small>"
    sides = zip(names, (line.a, line.b), strict=True)
    cells = "".join(_cell(head, _number(figure, share)) for head, figure in sides)
    last = _cell(_("difference"), difference) if difference else "<td></td>"
    return f"<tr><th>{name}</th>{cells}{last}</tr>"


def _number(figure: Figure | None, share: bool) -> str:
    if figure is None:
        return unmeasured("")
    bounds = interval(figure, share)
    quiet = f"<br><small>{escape(bounds)}</small>" if bounds else ""
    return f"<b>{said(figure.value, share)}</b>{quiet}"


def show_two_findings(site: Site, a: Finding, b: Finding) -> None:
    """Two findings, or two versions of one, with their sentences and figures."""
    show_veil_of(hidden_of(site, one) for one in (a, b))
    a, b = as_shown(site, a), as_shown(site, b)
    alike = a.measure == b.measure and dict(a.parameters) == dict(b.parameters)
    for found in (a, b):
        title = f"{saying_of(found.measure).title()} · {found.dataset} · {found.made.made_at}"
        way = link("finding", _("How it was measured"), id=found.id)
        st.html(
            f'<div class="exc"><h2 class="exc-part">{escape(title)}</h2>'
            f'<p>{escape(sentence(found))}</p><p class="exc-ways">{way}</p></div>'
        )
    if a.measure != b.measure:
        words = _("They are of different measures: their numbers cannot be compared.")
        st.html(f'<p class="exc exc-notice exc-quiet">{escape(words)}</p>')
        return
    drawn = section(site, Beside(a.measure, a, b, alike), (a.id[:8], b.id[:8]))
    st.html(f'<div class="exc">{drawn}</div>')
