"""What stands around a finding on its card and its page: pictures, lens, way to the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.catalog import browsing
from excavate.components.finding_card import Around
from excavate.components.finding_checks import checks_html
from excavate.components.finding_words import FOUND, lenses, state_of
from excavate.components.gallery import figure
from excavate.components.row_items import items_of_row, named_items, strip_title
from excavate.components.veiled_finding import VeiledFinding
from excavate.errors import ExcavateError
from excavate.gaps.registry import saying_of
from excavate.gaps.shelf import shelf
from excavate.i18n import _
from excavate.pages.parts import link
from excavate.pages.put_here import put_way
from excavate.pages.spoken import absent_way
from excavate.routes import served_workshop
from excavate.workshop.about import About

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.catalog.computed import Computed
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding, Row
    from excavate.site import Site
    from excavate.workshop.store import Workshop

ON_CARD = 8
LOOKED_THROUGH = 24  # rows, for those that name items
A_GROUP = 3  # so many items of one row are shown as its own
Pictured = tuple[int, "Row"]  # a row with its number


def around_each(
    site: Site, found: Sequence[Finding], groups: int = 1, each: int = ON_CARD
) -> list[Around]:
    """What stands around each of some findings; all pictures are asked for at once.

    groups: of so many rows the pictures are shown, `each` of a row.
    """
    revisions, layouts, workshop = site.revisions(), site.layouts(), _workshop()
    held = shelf(site.folder)
    shown = [pictured_rows(finding) for finding in found]
    wanted = [one for rows in shown for _at, row in rows for one in items_of_row(row)[:each]]
    with site.cursor() as cursor:
        pictures = by_id(browsing.items_named(cursor, wanted))
    return [
        Around(
            lenses(site.folder, finding),
            finding.stands(revisions),
            site.folder.path.name,
            strips(finding, rows, captioned(finding, pictures), groups, each),
            checks_html(
                finding, held.robust.get(finding.id), workshop, rows[0][1] if rows else None
            ),
            card_ways(
                map_link(site.folder, finding, *rows[0], layouts) if rows else "",
                finding,
                named_items(rows[0][1]) if rows else (),
            ),
            finding.id in held.settings,
        )
        for finding, rows in zip(found, shown, strict=True)
    ]


def card_ways(on_map: str, finding: Finding, items: Sequence[str] = ()) -> str:
    """To the map; to say of the whole finding what is absent; its items to a counter-dataset."""
    put = put_way(items, "finding", finding.id)
    return on_map + absent_way(About("finding", {"finding_id": finding.id})) + put


def pictured_rows(finding: Finding) -> list[Pictured]:
    """(number, row) of the strongest rows that name items."""
    if state_of(finding) != FOUND:
        return []
    return [
        (at, row) for at, row in enumerate(finding.first_rows(LOOKED_THROUGH)) if items_of_row(row)
    ]


def by_id(items: DataFrame) -> dict[str, Mapping[str, Any]]:
    """Rows of items by their ids."""
    return {row["item_id"]: row for row in items.to_dict("records")}


def captioned(
    finding: Finding, pictures: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Mapping[str, Any]]:
    """The pictures, their captions veiled where the finding's names are."""
    if not isinstance(finding, VeiledFinding):
        return pictures
    said = finding.hidden.labels
    return {one: {**row, "labels": said(row["labels"])} for one, row in pictures.items()}


def strips(
    finding: Finding,
    rows: Sequence[Pictured],
    pictures: Mapping[str, Mapping[str, Any]],
    groups: int,
    each: int,
) -> str:
    """The pictures nearest to the void: of the first rows, or one of each where they name one."""
    if not rows:
        return ""
    say = saying_of(finding.measure).row
    if len(items_of_row(rows[0][1])) < A_GROUP:
        few = [(items_of_row(row)[0], say(finding, row)) for _at, row in rows]
        return strip(_("The strongest rows"), few[: each * groups], pictures)
    alike: dict[tuple[str, ...], list[Row]] = {}  # one strip for rows that show the same
    for _at, row in rows[:groups]:
        alike.setdefault(tuple(items_of_row(row)[:each]), []).append(row)
    return "".join(
        strip(
            strip_title(finding.measure, these, [say(finding, row) for row in these]),
            [(one, "") for one in shown],
            pictures,
        )
        for shown, these in alike.items()
    )


def strip(
    title: str, items: Sequence[tuple[str, str]], pictures: Mapping[str, Mapping[str, Any]]
) -> str:
    """A grid of (item, what is said under it); that items are gone, or unseen, is said."""
    there = [(pictures[one], said) for one, said in items if one in pictures]
    head = f'<p class="exc-quiet exc-strip-head">{escape(title)}</p>'
    if not there:
        gone = escape(_("The items that it names are not in this site any more."))
        return f'{head}<p class="exc-dashed">{gone}</p>'
    if all(row["pixels"] == "none" for row, _said in there):
        return f'{head}<p class="exc-dashed">{links_to(there)}</p>'
    cells = "".join(figure(row, escape(said)) for row, said in there)
    return f'{head}<div class="exc-grid exc-nearest">{cells}</div>'


def links_to(items: Sequence[tuple[Mapping[str, Any], str]]) -> str:
    """Items without pixels, by their keys: there is nothing to draw frames around."""
    links = " · ".join(link("item", str(row["key"]), id=row["item_id"]) for row, _said in items)
    return f"{escape(_('no pixels'))}: {links}"


def map_link(
    folder: SiteFolder, finding: Finding, number: int, row: Row, layouts: Sequence[Computed]
) -> str:
    """The way to the map with the row's items marked; drawn where they are not laid out."""
    specs = [spec for spec, _trained in lenses(folder, finding)]
    layout = layout_of(items_of_row(row), layouts, specs)
    if layout is None:
        return f'<span class="exc-dashed">{escape(_("not laid out yet"))}</span>'
    return link("map", _("On the map"), layout=layout.id, finding=finding.id, row=str(number + 1))


def layout_of(
    items: Sequence[str], layouts: Sequence[Computed], specs: Sequence[str]
) -> Computed | None:
    """The newest layout that holds the first item's dataset; one of these encoders goes first."""
    if not items:
        return None
    holding = [
        layout
        for layout in layouts
        if any(items[0].startswith(f"{name}/") for name, _rev in layout.provenance["datasets"])
    ]
    fitting = [one for one in holding if one.result["spec"] in specs] or holding
    return fitting[-1] if fitting else None


def _workshop() -> Workshop | None:
    """Where hand-checks stand; findings are shown without it, too."""
    try:
        return served_workshop()
    except ExcavateError:
        return None
