"""The icicle as nested lists of links: it can be read aloud, walked by keyboard and touched."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from excavate.charts import LIGHT, SHADES, quantity_colours
from excavate.components.held_tree import THIN, TOP, Branches, Kept
from excavate.components.icicle import Cell, Grower
from excavate.components.veil import Veil
from excavate.i18n import _, _n

BY_NODES, BY_ITEMS = "nodes", "items"  # what the height of a cell stands for
COUNT, DEFICIT = "count", "deficit"  # what its colour stands for


@dataclass(frozen=True)
class View:
    """What is looked at, and how. `href`: the link of a node (of all it holds, with `every`);
    `held`: whether a dataset is held against the tree, though it may have no labels."""

    branches: Branches
    kept: Kept | None
    veil: Veil
    href: Callable[[int, bool], str]
    colour: str = COUNT
    height: str = BY_NODES
    held: bool = False
    shades: list[str] = field(default_factory=quantity_colours)

    def items(self, node: int) -> int:
        """Items at or below a node, or all that name one."""
        if self.kept is None:
            return 0
        return self.kept.labelled if node == TOP else int(self.kept.items[node])

    def empty(self, node: int) -> int:
        """Nodes below a node, and itself, without items."""
        if self.kept is None:
            return 0
        return int((self.kept.items == 0).sum() if node == TOP else self.kept.empty[node])

    def deficit(self, node: int) -> float:
        """The share that is lacking of what an even spread over the leaves would give; 0 to 1."""
        if self.kept is None or node == TOP or not self.kept.targets[node]:
            return 0.0
        return max(0.0, 1 - self.items(node) / float(self.kept.targets[node]))

    def title(self, node: int) -> str:
        """The name of a node as HTML; of the whole, the tree's."""
        if node == TOP:
            return escape(self.branches.taxonomy.name)
        return self.veil.name(self.branches.taxonomy, node)


def drawn(view: View, node: int) -> str:
    """The icicle from a node on."""
    children = view.branches.children
    grower = Grower(children, lambda n: weight(view, n), view.branches.alone)
    cell = grower.grow(node)
    label = escape(_("Branches from left to right; a cell's height is its share."))
    return (
        f'<nav class="exc exc-icicle" aria-label="{label}"><ul>'
        f"{_cell(view, cell, here=True)}</ul></nav>"
    )


def weight(view: View, node: int) -> float:
    """How much of its parent's height a node gets."""
    if view.height == BY_ITEMS:
        return float(view.items(node))
    return float(view.branches.sizes[node])


def _cell(view: View, cell: Cell, *, here: bool = False) -> str:
    inner = "".join(_cell(view, child) for child in cell.children)
    below = f"<ul>{inner}</ul>" if inner else ""
    shown = _merged(view, cell) if cell.merged else _node(view, cell, here)
    return f'<li style="height:{cell.extent:.2f}px">{shown}{below}</li>'


def _node(view: View, cell: Cell, here: bool) -> str:
    kind, paint = look(view, cell.node)
    lines = max(1, int((cell.extent - 8) // 20))
    place = _places(view, cell.node)
    thin = f' <em class="exc-thin-word">{escape(_("thin"))}</em>' if kind == "thin" else ""
    words = (
        f'<span style="-webkit-line-clamp:{lines}">{view.title(cell.node)}</span>'
        f"<small>{escape(tally(view, cell.node))}{thin}{place}</small>"
    )
    if here:
        return f'<span class="exc-cell exc-cell-{kind} exc-cell-here"{paint}>{words}</span>'
    address = escape(view.href(cell.node, False))
    return (
        f'<a class="exc-cell exc-cell-{kind}"{paint} href="{address}" data-page'
        f' target="_self">{words}</a>'
    )


def _merged(view: View, cell: Cell) -> str:
    count, under = len(cell.merged), ""
    known = view.kept is not None and view.kept.labelled > 0
    empty = sum(not view.items(node) for node in cell.merged) if known else 0
    words = _("and {n} more")
    if cell.alone:
        words = _n("{n} stands alone", "{n} stand alone", count)
    if empty:
        some = _("{n} of them empty").format(n=f"{empty:,}")
        under = _("all empty") if empty == count else some
    kind = "empty" if known and empty == count else "merged"
    if view.held and not known:
        kind = "unmeasured"
    address = escape(view.href(cell.node, True))
    return (
        f'<a class="exc-cell exc-cell-{kind} exc-cell-many" href="{address}" data-page'
        f' target="_self"><span>{escape(words.format(n=f"{count:,}"))}</span>'
        f"<small>{escape(under)}</small></a>"
    )


def look(view: View, node: int) -> tuple[str, str]:
    """(unheld, unmeasured, empty, thin or filled; the style attribute that paints it)."""
    if view.kept is None or not view.kept.labelled:
        return "unmeasured" if view.held else "unheld", ""
    items = view.items(node)
    if not items:
        return "empty", ""
    kind = "thin" if view.deficit(node) > 1 - THIN else "filled"
    scale = view.shades[shade_of(items, view.items(TOP))]
    shade = slate(view.deficit(node)) if view.colour == DEFICIT else scale
    return kind, f' style="background:{shade};color:{ink_on(shade)}"'


def shade_of(items: int, most: int) -> int:
    """The step of the scale for a count: its logarithm's share of the largest's."""
    return round((SHADES - 1) * math.log1p(items) / math.log1p(max(items, most, 1)))


def slate(share: float) -> str:
    """From paper to slate, by how much is lacking; the same in both looks, as cividis is."""
    light, dark = (
        tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (LIGHT.ground, LIGHT.gap)
    )
    mixed = (round(a + (b - a) * share) for a, b in zip(light, dark, strict=True))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(colour: str) -> str:
    """Black or white, whichever can be read better on a colour (4.5 : 1 or more)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return "#000" if luminance > 0.179 else "#fff"


def tally(view: View, node: int) -> str:
    """What a cell says below its name."""
    if view.kept is None or not view.kept.labelled:
        count = view.branches.nodes_below(node)
        return _("{n} below").format(n=f"{count:,}") if count else ""
    items = view.items(node)
    return f"{items:,}" if items else _("empty")


def _places(view: View, node: int) -> str:
    """That a node lies below several others, and so is drawn in several places."""
    count = 0 if node == TOP else len(view.branches.taxonomy.tree.parents[node])
    if count < 2:
        return ""
    return f" <i>{escape(_('below {n} others').format(n=count))}</i>"
