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
from excavate.errors import ExcavateError
from excavate.gaps.registry import saying_of
from excavate.i18n import _
from excavate.pages.parts import link
from excavate.routes import served_workshop

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.catalog.computed import Computed
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding, Row
    from excavate.site import Site
    from excavate.workshop.store import Workshop

ON_CARD = 8
LOOKED_THROUGH = 20  # rows, for the first that names items


def around_each(site: Site, found: Sequence[Finding], on_card: int = ON_CARD) -> list[Around]:
    """What stands around each of some findings; their pictures are asked for once."""
    revisions, layouts, workshop = site.revisions(), site.layouts(), _workshop()
    shown = [first_pictured(finding) for finding in found]
    wanted = [one for row in shown if row for one in items_of_row(row[1])[:on_card]]
    with site.cursor() as cursor:
        pictures = by_id(browsing.items_named(cursor, wanted))
    return [
        Around(
            lenses(site.folder, finding),
            finding.stands(revisions),
            site.folder.path.name,
            strip(finding, row, pictures, on_card) if row else "",
            checks_html(site.folder, finding, workshop, row[1] if row else None),
            map_link(site.folder, finding, *row, layouts) if row else "",
        )
        for finding, row in zip(found, shown, strict=True)
    ]


def first_pictured(finding: Finding) -> tuple[int, Row] | None:
    """(number, row) of the strongest row that names items; None where no row does."""
    if state_of(finding) != FOUND:
        return None
    rows = finding.first_rows(LOOKED_THROUGH)
    return next(((at, row) for at, row in enumerate(rows) if items_of_row(row)), None)


def items_of_row(row: Row) -> list[str]:
    """The items that a row names, the most telling first."""
    return [str(one) for one in row.get("items") or ()]


def by_id(items: DataFrame) -> dict[str, Mapping[str, Any]]:
    """Rows of items by their ids."""
    return {row["item_id"]: row for row in items.to_dict("records")}


def strip(
    finding: Finding, at: tuple[int, Row], pictures: Mapping[str, Mapping[str, Any]], most: int
) -> str:
    """The pictures nearest to the void of one row; items that are gone are counted."""
    ids = items_of_row(at[1])[:most]
    there = [pictures[one] for one in ids if one in pictures]
    if not there:
        gone = escape(_("The items that it names are not in this site any more."))
        return f'<p class="exc-dashed">{gone}</p>'
    words = _("Nearest to: {row}").format(row=saying_of(finding.measure).row(finding, at[1]))
    cells = "".join(figure(row) for row in there)
    return (
        f'<p class="exc-quiet exc-strip-head">{escape(words)}</p>'
        f'<div class="exc-strip">{cells}</div>'
    )


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
