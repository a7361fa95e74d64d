"""What is told of one node of a tree: the ways up to it, its counts, its empty branches."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from excavate.catalog.ways import count_ways, ways_up
from excavate.components.held_tree import TOP, Branches, Kept, Said
from excavate.components.icicle_drawn import View, slate, tally
from excavate.i18n import _, _n

WAYS_SHOWN = 6
EMPTY_SHOWN = 15
SAID_SHOWN = 12


def anchor(view: View, node: int, inner: str) -> str:
    """A link to a node; `inner` is HTML already safe."""
    return f'<a href="{escape(view.href(node, False))}" data-page target="_self">{inner}</a>'


def trail(view: View, node: int) -> str:
    """Every way from the whole down to a node, each a line of links."""
    if node == TOP:
        return ""
    tree = view.branches.taxonomy.tree
    ways = ways_up(tree, node, WAYS_SHOWN)
    lines = "".join(f"<li>{_way(view, way)}</li>" for way in ways)
    more = count_ways(tree, node) - len(ways)
    if more:
        words = _n("and {n} more way up", "and {n} more ways up", more).format(n=f"{more:,}")
        lines += f'<li class="exc-quiet">{escape(words)}</li>'
    several = ""
    if len(ways) > 1:
        words = _("It lies below several others, so the icicle draws it in each of these places.")
        several = f'<p class="exc-note">{escape(words)}</p>'
    label = escape(_("Ways up"))
    return f'<nav class="exc exc-trail" aria-label="{label}"><ul>{lines}</ul>{several}</nav>'


def _way(view: View, way: Sequence[int]) -> str:
    whole = anchor(view, TOP, view.title(TOP))
    above = [anchor(view, node, _short(view, node)) for node in way[:-1]]
    here = f'<b aria-current="page">{_short(view, way[-1])}</b>'
    return ' <i aria-hidden="true">›</i> '.join([whole, *above, here])


def _short(view: View, node: int) -> str:
    """The first of a node's names, whole in the heading."""
    if node in view.veil.nodes:
        return view.title(node)
    names = view.branches.taxonomy.more_names.get(node)
    return escape(names[0]) if names else view.title(node)


def counts(view: View, node: int) -> list[tuple[str, str]]:
    """(what is counted, the number) of a node."""
    branches, kept = view.branches, view.kept
    found = []
    if kept is not None and kept.labelled:
        found.append((_("Items at or below"), f"{view.items(node):,}"))
        if node != TOP:
            found.append((_("Items here"), f"{int(kept.own[node]):,}"))
    found.append((_("Nodes below"), f"{branches.nodes_below(node):,}"))
    if kept is not None and kept.labelled:
        itself = int(node != TOP and not view.items(node))
        found.append((_("of them empty"), f"{view.empty(node) - itself:,}"))
    if node != TOP:
        found.append((_("Steps below a root"), f"{branches.depth[node]:,}"))
        name = f'<span class="exc-mono">{escape(branches.taxonomy.ids[node])}</span>'
        found.append((_("Name in the tree"), name))
    elif branches.alone:
        found.append((_("Nodes that stand alone"), f"{len(branches.alone):,}"))
    return found


def extras(text: str | None, veiled: bool) -> list[tuple[str, str]]:
    """What the source says of a node besides, verbatim; nothing where the name is veiled."""
    if not text or veiled:
        return []
    said = json.loads(text)
    pairs = said.items() if isinstance(said, dict) else [("", said)]
    return [
        (str(name), escape(", ".join(map(str, v)) if isinstance(v, list) else str(v)))
        for name, v in pairs
    ]


def empty_branches(view: View, kept: Kept, node: int) -> list[int]:
    """The top nodes of the empty branches below a node, the largest first."""
    within = set(view.branches.below(node)) - {node}
    return [top for top in kept.tops if top in within]


def empty_list(view: View, tops: Sequence[int]) -> str:
    """The largest empty branches, each a link with how many nodes it holds."""
    rows = "".join(
        f"<li>{anchor(view, top, f'<span>{view.title(top)}</span>')}"
        f"<b>{int(view.branches.sizes[top]):,}</b></li>"
        for top in tops[:EMPTY_SHOWN]
    )
    more = len(tops) - EMPTY_SHOWN
    if more > 0:
        words = _("and {n} smaller ones").format(n=f"{more:,}")
        rows += f'<li class="exc-quiet">{escape(words)}</li>'
    return f'<ol class="exc-branches">{rows}</ol>'


def said_below(view: View, kept: Kept, node: int) -> list[Said]:
    """What the source says at or below a node, the most frequent first."""
    within = set(view.branches.below(node))
    return sorted(
        (one for one in kept.said if one.node in within),
        key=lambda one: (-one.items, one.field, one.value),
    )


def listed(view: View, nodes: Sequence[int]) -> str:
    """Nodes as a list of links, each with what it lies below and what its cell says."""
    rows = "".join(
        f"<li>{anchor(view, node, f'<span>{view.title(node)}{_above(view, node)}</span>')}"
        f"<b>{escape(tally(view, node))}</b></li>"
        for node in nodes
    )
    return f'<ul class="exc-branches exc-branches-wide">{rows}</ul>'


def _above(view: View, node: int) -> str:
    above = view.branches.taxonomy.tree.parents[node]
    return f" <small>‹ {_short(view, above[0])}</small>" if above else ""


def legend(view: View) -> str:
    """What height, colour and lines stand for."""
    kept = view.kept
    if kept is None or not kept.labelled:
        return ""
    many, void = escape(f"{view.items(TOP):,}"), escape(_("empty: no item at or below"))
    if view.colour == "deficit":
        stops = ", ".join(slate(part / 10) for part in range(11))
        low, high = escape(_("as many as an even spread gives")), escape(_("all of it lacking"))
    else:
        stops, low, high = ", ".join(view.shades[::10]), "1", many
    thin = escape(_("thin: less than half of what an even spread over the leaves gives"))
    scale = f'<span class="exc-scale" style="background:linear-gradient(90deg,{stops})"></span>'
    return (
        f'<ul class="exc exc-legend exc-tree-legend"><li>{low}{scale}{high}</li>'
        f'<li><span class="exc-key exc-cell-thin"></span>{thin}</li>'
        f'<li><span class="exc-key exc-cell-empty"></span>{void}</li></ul>'
    )


@lru_cache(maxsize=4)
def _folded(branches: Branches) -> dict[str, int]:
    """The first node of each name without its capitals."""
    found: dict[str, int] = {}
    for node, name in enumerate(branches.taxonomy.names):
        for one in branches.taxonomy.more_names.get(node, [name]):
            found.setdefault(one.casefold(), node)
    return found


def near_misses(branches: Branches, names: Sequence[str]) -> list[tuple[str, int]]:
    """(name, node) of the names that differ from a node's in capitals alone. Told, not matched."""
    folded = _folded(branches) if names else {}
    return [(name, folded[name.casefold()]) for name in names if name.casefold() in folded]


def matched_lists(view: View, kept: Kept) -> list[tuple[str, list[str]]]:
    """(title, lines of HTML) of how the labels met the tree: renamed, ambiguous, not found."""
    matches = kept.matches
    several = [f"{escape(name)}: {_ids(view, nodes)}" for name, nodes in matches.ambiguous.items()]
    absent = [escape(name if one == name else f"{one} {name}") for one, name in matches.unmatched]
    renamed, nearly = _renamed(view, kept), _nearly(view, kept)
    return [
        (_n("{n} has the same id and another name", "{n} have the same id and another name",
            len(renamed)), renamed),
        (_n("{n} names several nodes, so none", "{n} name several nodes, so none",
            len(several)), several),
        (_n("{n} is not in this tree", "{n} are not in this tree", len(absent)), absent),
        (_n("{n} of these differs from a node's name in capitals alone",
            "{n} of these differ from a node's name in capitals alone", len(nearly)), nearly),
    ]  # fmt: skip


def _ids(view: View, nodes: Sequence[int]) -> str:
    ids = view.branches.taxonomy.ids
    return ", ".join(anchor(view, node, escape(ids[node])) for node in nodes)


def _renamed(view: View, kept: Kept) -> list[str]:
    number = {one: node for node, one in enumerate(view.branches.taxonomy.ids)}
    return [
        f"{escape(one if number[one] in view.veil.nodes else name)} → "
        f"{anchor(view, number[one], view.title(number[one]))}"
        for one, name, _there in kept.matches.renamed
    ]


def _nearly(view: View, kept: Kept) -> list[str]:
    names = [name for _id, name in kept.matches.unmatched]
    return [
        f"{escape(name)} → {anchor(view, node, view.title(node))}"
        for name, node in near_misses(view.branches, names)
        if node not in view.veil.nodes
    ]
