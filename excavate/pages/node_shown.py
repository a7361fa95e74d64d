"""What the Taxonomy page shows around its icicle: findings, search, a node's items and gaps."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from excavate.catalog import browsing
from excavate.catalog.own_tree import extra_of
from excavate.components.branch_panel import (
    SAID_SHOWN,
    counts,
    empty_branches,
    empty_list,
    extras,
    listed,
    matched_lists,
    said_below,
)
from excavate.components.command_lines import gaps_command
from excavate.components.gallery import grid
from excavate.components.held_tree import OWN, TOP, Kept
from excavate.gaps.question import Question
from excavate.gaps.records import sentence
from excavate.gaps.stored import findings
from excavate.i18n import _, _n
from excavate.pages.paging import asked_page, show_turns
from excavate.pages.parts import facts, link, notice
from excavate.pages.spoken import show_absent_way, with_dataset
from excavate.routes import served_site
from excavate.workshop.about import About

if TYPE_CHECKING:
    from collections.abc import Sequence

    from excavate.components.icicle_drawn import View
    from excavate.gaps.stored import Finding
    from excavate.site import Site

PICTURES = 24
LISTED = 120
FOUND = 40


def show_findings(site: Site, dataset: str | None, tree: str, view: View) -> None:
    """What the measure said of this dataset on this tree, with its link; how to ask it.

    A sentence that names what is veiled is not read out; its link stands.
    """
    if dataset is None:
        return
    found = finding_of(site, dataset, tree)
    if found is None:
        words = _("Nobody has measured it yet:")
        held = None if tree == OWN else f"taxonomy:{tree}"
        asked = Question("taxonomy", dataset, held)
        command = gaps_command(site.folder.path.name, asked)
        body = f'{escape(words)} <code class="exc-mono">{escape(command)}</code>'
        st.html(f'<p class="exc exc-quiet exc-small-print">{body}</p>')
        return
    way = link("finding", _("How it was measured"), id=found.id)
    veiled = {view.branches.taxonomy.ids[node] for node in view.veil.nodes}
    first = found.first_rows(1) if veiled else []
    hidden = any(row.get("node_id") in veiled for row in first)
    words = _("Its sentence names what is veiled.") if hidden else sentence(found)
    st.html(f'<p class="exc exc-ways"><span>{escape(words)}</span>{way}</p>')


def finding_of(site: Site, dataset: str, tree: str) -> Finding | None:
    """The newest finding of the measure `taxonomy` that stands, of this dataset and tree."""
    revisions = site.revisions()
    wanted = None if tree == OWN else tree
    fitting = [
        f
        for f in findings(site.folder, dataset, ["taxonomy"])
        if f.dataset == dataset and f.stands(revisions)
        and f.parameters.get("taxonomy") == wanted
    ]  # fmt: skip
    return fitting[-1] if fitting else None


def ask_words() -> None:
    """A field for a name of a node, which lives in the link."""
    st.session_state["tree-words"] = st.query_params.get("q", "")

    def write() -> None:
        words = st.session_state["tree-words"].strip()
        if words:
            st.query_params["q"] = words
        else:
            st.query_params.pop("q", None)

    st.text_input(_("Find a node by its name"), key="tree-words", max_chars=100, on_change=write)


def show_found(view: View) -> None:
    """The nodes that have the words in their name, letter for letter but for capitals."""
    words = st.query_params.get("q", "").casefold()
    if not words:
        return
    taxonomy = view.branches.taxonomy
    found = [
        node
        for node, name in enumerate(taxonomy.names)
        if words in name.casefold() or words == taxonomy.ids[node].casefold()
    ]
    total = _n("{n} node has it in its name", "{n} nodes have it in their names", len(found))
    more = f" · {_('the first {n} are shown').format(n=FOUND)}" if len(found) > FOUND else ""
    line = (
        f'<p class="exc-quiet" role="status">{escape(total.format(n=f"{len(found):,}") + more)}</p>'
    )
    st.html(f'<div class="exc">{line}{listed(view, found[:FOUND])}</div>')
    if not found:
        asked = st.query_params.get("q", "")
        sought = About("search", {"words": asked} | with_dataset(view_dataset()))
        show_absent_way(sought, _("Record as absent: what was looked for"))


def view_dataset() -> str | None:
    """The dataset of the link, where it names one."""
    asked = st.query_params.get("dataset")
    return asked if asked and asked in served_site().revisions() else None


def show_all_below(view: View, node: int) -> None:
    """All nodes directly below one, the largest first, page by page."""
    below = sorted(
        view.branches.children(node), key=lambda n: (-int(view.branches.sizes[n]), n)
    )  # fmt: skip
    page = asked_page(len(below), LISTED, "from")
    shown = below[page * LISTED : (page + 1) * LISTED]
    title = _n("{n} node directly below", "{n} nodes directly below", len(below))
    head = f"<h2>{escape(title.format(n=f'{len(below):,}'))}</h2>"
    st.html(f'<div class="exc exc-part">{head}{listed(view, shown)}</div>')
    show_turns(len(below), LISTED, page, "from")


def show_node(site: Site, dataset: str | None, tree: str, view: View, node: int) -> None:
    """The chosen node: counts, what the source says of it, empty branches below it, items."""
    st.html(
        f'<div class="exc"><h2 class="exc-part">{view.title(node)}</h2>'
        f"{facts([*counts(view, node), *said_of(site, dataset, tree, view, node)])}</div>"
    )
    show_ways_in(dataset, tree, view, node)
    kept = view.kept
    if kept is not None and kept.labelled and dataset is not None:
        show_empty(dataset, view, kept, node)
        show_items(site, dataset, view, kept, node)
    show_matches(view)


def show_ways_in(dataset: str | None, tree: str, view: View, node: int) -> None:
    """The way to say what is absent at this node; of the whole tree, of its dataset."""
    if node != TOP:
        show_absent_way(category_of(dataset, tree, view, node))
    elif dataset:
        words = _("Record as absent: of the whole dataset")
        show_absent_way(About("dataset", {"dataset": dataset}), words, key=f"dataset:{dataset}")


def category_of(dataset: str | None, tree: str, view: View, node: int) -> About:
    """A node of a dataset's own categories, or of a tree that it is held against."""
    taxonomy = view.branches.taxonomy
    hurts = node in view.veil.nodes  # a link, too, says no name that is veiled
    name = "" if hurts else taxonomy.names[node]
    named = {"name": name or taxonomy.ids[node]} | with_dataset(dataset)
    held = {} if tree == OWN else {"taxonomy": tree}
    return About("category", named | held | {"node_id": taxonomy.ids[node]})


def said_of(
    site: Site, dataset: str | None, tree: str, view: View, node: int
) -> list[tuple[str, str]]:
    """What the source says of the node besides its name."""
    if node == TOP:
        return []
    taxonomy = view.branches.taxonomy
    name = str(dataset) if tree == OWN else tree
    with site.cursor() as cursor:
        text = extra_of(cursor, name, taxonomy.ids[node], own=tree == OWN)
    return extras(text, node in view.veil.nodes)


def show_empty(dataset: str, view: View, kept: Kept, node: int) -> None:
    """The largest branches below a node that have no item; or that there is none."""
    title = f'<h2 class="exc-part">{escape(_("Largest empty branches below"))}</h2>'
    if not view.items(node):
        words = _("Nothing of {dataset} lies here or below: this whole branch is empty.")
        notice(words.format(dataset=dataset))
        return
    tops = empty_branches(view, kept, node)
    body = empty_list(view, tops)
    if not tops:
        words = _("None: every node below has at least one item.")
        body = f'<p class="exc-quiet">{escape(words)}</p>'
    st.html(f'<div class="exc">{title}{body}</div>')


def show_items(site: Site, dataset: str, view: View, kept: Kept, node: int) -> None:
    """The first pictures at or below a node, and the ways to all of them on Items."""
    if not view.items(node):
        return
    if node in view.veil.nodes:
        words = _("Its items are not shown while its name is veiled.")
        st.html(f'<p class="exc exc-notice exc-quiet">{escape(words)}</p>')
        return
    ordinals = kept.under(view.branches.below(node))
    title = _n("{n} item at or below", "{n} items at or below", len(ordinals))
    head = f'<h2 class="exc-part">{escape(title.format(n=f"{len(ordinals):,}"))}</h2>'
    pictures = spread(site, dataset, unveiled(view, kept, ordinals), len(ordinals))
    st.html(f'<div class="exc">{head}</div>{ways(dataset, view, kept, node)}{pictures}')


def unveiled(view: View, kept: Kept, ordinals: np.ndarray) -> np.ndarray:
    """The items whose labels, and so whose captions, name nothing that is veiled."""
    veiled = kept.under(sorted(view.veil.nodes))
    return ordinals[~np.isin(ordinals, veiled)]


def spread(site: Site, dataset: str, ordinals: np.ndarray, whole: int) -> str:
    """Some of the items, evenly through the source's order, and how many of them these are."""
    few = min(PICTURES, len(ordinals))
    chosen = [int(ordinals[place * len(ordinals) // few]) for place in range(few)]
    with site.cursor() as cursor:
        rows = browsing.items_at(cursor, [dataset] * few, chosen)
    said = []
    if few < len(ordinals):
        said.append(_("{few} of them, evenly through the source's order").format(few=few))
    if hidden := whole - len(ordinals):
        words = _n("{n} item under a veiled name is not shown",
                   "{n} items under veiled names are not shown", hidden)  # fmt: skip
        said.append(words.format(n=f"{hidden:,}"))
    note = f'<p class="exc-note">{escape(" · ".join(said))}</p>' if said else ""
    return note + grid(rows)


def ways(dataset: str, view: View, kept: Kept, node: int) -> str:
    """The source labels at or below a node, verbatim, each a link to its items."""
    said = [one for one in said_below(view, kept, node) if one.node not in view.veil.nodes]
    links = "".join(
        f"<span>{link('items', one.value, dataset=dataset, field=one.field, value=one.value)}"
        f" <b>{one.items:,}</b></span>"
        for one in said[:SAID_SHOWN]
    )
    more = len(said) - SAID_SHOWN
    rest = _n("and {n} more label", "and {n} more labels", more).format(n=f"{more:,}")
    tail = f'<span class="exc-quiet">{escape(rest)}</span>' if more > 0 else ""
    return f'<p class="exc exc-ways exc-said-ways">{links}{tail}</p>' if links else ""


def show_matches(view: View) -> None:
    """How the labels met the tree, list by list; only where there is something to say."""
    kept = view.kept
    if kept is None:
        return
    lists = [(title, lines) for title, lines in matched_lists(view, kept) if lines]
    if not lists:
        return
    ways_of = {"id": _("by id"), "name": _("by name"), "one of its names": _("by one of its names")}
    met = ", ".join(
        f"{ways_of[way]} {count:,}" for way, count in kept.matches.counts.items() if count
    )
    words = _("Found: {ways}.").format(ways=met or _("none"))
    st.html(
        f'<div class="exc"><h2 class="exc-part">{escape(_("How its labels met the tree"))}</h2>'
        f'<p class="exc-note">{escape(words)}</p></div>'
    )
    for title, lines in lists:
        with st.expander(title.format(n=f"{len(lines):,}")):
            st.html(f'<div class="exc">{_lines(lines)}</div>')


def _lines(lines: Sequence[str]) -> str:
    rest = len(lines) - LISTED
    more = f"<li>{escape(_('and {n} more').format(n=f'{rest:,}'))}</li>" if rest > 0 else ""
    rows = "".join(f"<li>{line}</li>" for line in lines[:LISTED])
    return f'<ul class="exc-lines">{rows}{more}</ul>'
