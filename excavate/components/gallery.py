"""Pictures as HTML: grids, strips and single frames. Everything from a dataset is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from excavate.components.addresses import picture_url, thumbnail_url
from excavate.components.faces import BLURRED, MARK, blurred
from excavate.i18n import _, spoken

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.site import Site

TINY = 64  # pictures with a longest side below this are shown pixel by pixel
CAPTION_LABELS = 3


def item_href(item_id: str, language: str | None = None) -> str:
    """The link of an item's own page."""
    return "/item?" + urlencode({"id": item_id, "lang": language or spoken()})


def caption(labels: Sequence[tuple[str, str]]) -> str:
    """What the source said of an item in a few words; says so where it said nothing."""
    if not labels:
        return _("no source label")
    values = list(dict.fromkeys(value for _field, value in labels))
    more = len(values) - CAPTION_LABELS
    shown = ", ".join(v if len(v) <= 60 else v[:59] + "…" for v in values[:CAPTION_LABELS])
    return f"{shown} +{more}" if more > 0 else shown


def frame(row: Any, alt: str) -> str:
    """One picture letterboxed in its frame; a drawn emptiness where there is none."""
    if row["pixels"] != "read":
        return hollow(row["pixels"])
    tiny = max(row["width"] or 0, row["height"] or 0) < TINY
    source = thumbnail_url(row["dataset_id"], row["revision"], int(row["ordinal"]))
    kinds = [kind for kind, is_so in (("exc-tiny", tiny), (BLURRED, blurred(row))) if is_so]
    look = f' class="{" ".join(kinds)}"' if kinds else ""
    return f'<img{look} loading="lazy" decoding="async" src="{escape(source)}" alt="{alt}">'


def hollow(pixels: str) -> str:
    """The frame of an item without pixels, or with pixels that cannot be read."""
    if pixels == "fault":
        return f'<span class="exc-hollow exc-hatched">{escape(_("unreadable"))}</span>'
    return f'<span class="exc-hollow">{escape(_("no pixels"))}</span>'


def figure(row: Any, under: str = "") -> str:
    """A picture with its caption, linked to its page. `under`: a second, quiet line (HTML)."""
    text = escape(caption(row["labels"]))
    unsaid = "" if row["labels"] else ' class="exc-unsaid"'
    quiet = f"<small>{under}</small>" if under else ""
    link = escape(item_href(row["item_id"]))
    return (
        f'<figure><a href="{link}" data-page="item" target="_self">{frame(row, text)}</a>'
        f"<figcaption><span{unsaid}>{text}</span>{quiet}</figcaption></figure>"
    )


def grid(items: DataFrame, unders: Sequence[str] | None = None, kind: str = "exc-grid") -> str:
    """A grid of pictures with captions; `unders` are quiet second lines, HTML already safe."""
    rows = items.to_dict("records")
    lines = unders if unders is not None else [""] * len(rows)
    cells = "".join(figure(row, line) for row, line in zip(rows, lines, strict=True))
    return f'<div class="{kind}">{cells}</div>'


def large(item: Any, overlay: str | None) -> str:
    """An item's picture at its best, with the overlay of its regions where it has some."""
    text = escape(caption([(row["field"], row["value"]) for row in item["labels"]]))
    width, height = item["width"] or 4, item["height"] or 3
    tiny = " exc-tiny" if max(width, height) < TINY else ""
    tiny += f" {BLURRED}" if blurred(item) else ""
    inner = hollow(item["pixels"])
    if item["pixels"] == "read":
        inner = f'<img class="exc-whole{tiny}" src="{picture_url(item["item_id"])}" alt="{text}">'
    if overlay:
        what = escape(_("regions as the source drew them"))
        inner += f'<img class="exc-overlay" src="{escape(overlay)}" alt="{what}">'
    shape = f"aspect-ratio:{width}/{height};--shape:{width / height:.4f}"
    return f'<div class="exc-large" style="{shape}">{inner}</div>'


def point_card(site: Site, layout_id: str, index: int, mode: str) -> dict[str, Any]:
    """What the map shows of one point: thumbnail, caption, item_id. Raises NotFoundError."""
    from excavate.catalog import browsing
    from excavate.components.points import colours_of, layout_rows
    from excavate.errors import NotFoundError

    rows = layout_rows(site, layout_id)
    if not 0 <= index < len(rows):
        raise NotFoundError("no such point", str(index))
    at = rows.iloc[index]
    with site.cursor() as cursor:
        found = browsing.items_at(cursor, [at["dataset_id"]], [at["ordinal"]])
    if found.empty:
        raise NotFoundError("no such item", str(at["item_id"]))
    row = found.iloc[0]
    thumbnail = thumbnail_url(row["dataset_id"], row["revision"], int(row["ordinal"]))
    colours = colours_of(site, layout_id, mode)
    said = ", ".join(dict.fromkeys(value for _field, value in row["labels"][:CAPTION_LABELS]))
    if colours.values is not None and colours.values[index] == colours.values[index]:
        said = f"{said}\n{colours.title}: {colours.values[index]:.3f}".strip()
    return {
        "item_id": row["item_id"],
        "caption": said or row["item_id"],
        "thumbnail": thumbnail + (MARK if blurred(row) else "")
        if row["pixels"] == "read"
        else None,
    }
