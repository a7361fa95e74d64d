"""Taxonomy: a whole tree as an icicle, and what a dataset has and lacks at each of its nodes."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from excavate.catalog.own_tree import grown
from excavate.components.branch_panel import legend, trail
from excavate.components.held_tree import OWN, TOP, Kept, branches_read, kept_read
from excavate.components.icicle_drawn import BY_ITEMS, BY_NODES, COUNT, DEFICIT, View, drawn
from excavate.components.veil import NO_VEIL
from excavate.errors import NotFoundError
from excavate.gaps.runs.taxonomy import NUMBERS
from excavate.i18n import N_, _, _n
from excavate.pages.ground import head
from excavate.pages.node_shown import (
    ask_words,
    show_all_below,
    show_findings,
    show_found,
    show_node,
)
from excavate.pages.parts import choose, href, notice, site_or_notice
from excavate.pages.veiling import show_veil, veil_of_session
from excavate.site import Site

ALONE = "-"  # no dataset: the tree alone, in the link
COLOURS = {COUNT: N_("how many items"), DEFICIT: N_("how much is lacking")}
HEIGHTS = {BY_NODES: N_("nodes of the tree"), BY_ITEMS: N_("items")}


def show() -> None:
    """The whole page."""
    lead = _("A tree of categories, whole: what a dataset fills of it, and which branches it "
             "leaves empty. Empty is thin against this one tree; whether it ought to be filled "
             "is for people to say.")  # fmt: skip
    head(_("Taxonomy"), lead)
    site = site_or_notice()
    if site is None:
        return
    asked = ask(site)
    if asked is None:
        notice(
            _("Not measured: there is no tree of categories here"),
            _("No dataset here declares categories, and no taxonomy was added."),
            f"excavate taxonomy add wordnet:DIR --site {site.folder.path.name}",
        )
        return
    show_tree(site, *asked)


def ask(site: Site) -> tuple[str | None, str] | None:
    """(the dataset, the tree) of the link, with menus; None where the site has no tree."""
    rows = site.datasets().to_dict("records")
    trees = list(site.taxonomies()["name"])
    with site.cursor() as cursor:
        branched = grown(cursor)
    own = [row["dataset_id"] for row in rows if row["categories"]]
    names = [row["dataset_id"] for row in rows if row["categories"] or trees]
    names.sort(key=lambda name: (name not in branched, name not in own))
    if not names and not trees:
        return None
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        dataset = choose(
            _("Dataset"), "dataset", [*names, *([ALONE] if trees else [])],
            lambda n: _("none: the tree alone") if n == ALONE else str(n), ("node", "every"),
        )  # fmt: skip
        offered = [*([OWN] if dataset in own else []), *trees]
        tree = choose(
            _("Tree"), "tree", offered,
            lambda n: _("its own categories") if n == OWN else str(n), ("node", "every", "q"),
        )  # fmt: skip
        if dataset != ALONE:
            choose(_("Colour"), "colour", list(COLOURS), lambda v: _(COLOURS[v or COUNT]))
            choose(_("Height"), "height", list(HEIGHTS), lambda v: _(HEIGHTS[v or BY_NODES]))
        ask_words()
    return (None if dataset == ALONE else dataset), str(tree)


def show_tree(site: Site, dataset: str | None, tree: str) -> None:
    """The tree from the link's node on, and what is told of that node."""
    view = looked_at(site, dataset, tree)
    node = node_asked(view)
    view = replace(view, veil=veil_of_session(view.branches))
    show_held(dataset, view)
    show_findings(site, dataset, tree, view)
    show_found(view)
    st.html(trail(view, node) + drawn(view, node) + legend(view))
    show_veil(view.branches, node)
    if st.query_params.get("every"):
        show_all_below(view, node)
    show_node(site, dataset, tree, view, node)


def looked_at(site: Site, dataset: str | None, tree: str) -> View:
    """The tree, what the dataset has on it, and how the link looks at them."""
    branches = branches_read(site, tree, dataset)
    kept = kept_read(site, tree, dataset) if dataset else None
    asked = st.query_params
    same = {name: asked.get(name) for name in ("dataset", "tree", "colour", "height")}

    def to(node: int, every: bool) -> str:
        name = None if node == TOP else branches.taxonomy.ids[node]
        return href("taxonomy", **same, node=name, every="1" if every else None)

    height = asked.get("height", BY_NODES)
    if kept is None or not kept.labelled:
        height = BY_NODES
    colour = asked.get("colour", COUNT)
    return View(branches, kept, NO_VEIL, to, colour, height, dataset is not None)


def node_asked(view: View) -> int:
    """The node of the link; the whole where it names none. A wrong one is told."""
    asked = st.query_params.get("node")
    if not asked:
        return TOP
    try:
        return view.branches.taxonomy.node(asked)
    except NotFoundError:
        notice(_("This tree has no node of this name"), asked)
        return TOP


def show_held(dataset: str | None, view: View) -> None:
    """What the dataset fills of the tree, in one sentence; that it has no labels where so."""
    branches, kept = view.branches, view.kept
    total = len(branches.depth)
    words = _("{tree}: {nodes} nodes.").format(tree=branches.taxonomy.name, nodes=f"{total:,}")
    if dataset and kept is None:
        notice(
            _("Not measured: {dataset} has no labels").format(dataset=dataset),
            _("Without labels nobody knows which branches it fills: that is not empty."),
        )
    elif dataset and kept is not None and not kept.labelled and kept.matches.only_numbers:
        notice(
            _("Not measured: {why}.").format(why=_(NUMBERS).format(dataset=dataset)),
            _("A number may be a node's id; it is never taken for a node's name."),
        )
    elif dataset and kept is not None and not kept.labelled:
        notice(
            _("Not measured: none of its labels is a node of this tree"),
            _("Labels are matched by id, else by name, letter for letter; nothing is guessed."),
        )
    elif kept is not None:
        words = filled(str(dataset), kept, total)
    st.html(f'<p class="exc exc-lens" role="status">{escape(words)}</p>')


def filled(dataset: str, kept: Kept, total: int) -> str:
    """How many nodes have items at or below them, and how many items met no node."""
    full = int((kept.items > 0).sum())
    words = _("{dataset} fills {full} of {total} nodes with {items} items; {empty} are empty.")
    said = words.format(dataset=dataset, full=f"{full:,}", total=f"{total:,}",
                        items=f"{kept.labelled:,}", empty=f"{total - full:,}")  # fmt: skip
    if kept.unmatched_items:
        left = _n(
            "{n} labelled item names no node of it.", "{n} labelled items name no node of it.",
            kept.unmatched_items,
        )  # fmt: skip
        said += " " + left.format(n=f"{kept.unmatched_items:,}")
    return said


show()
