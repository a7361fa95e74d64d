"""What was drawn and brought here, beside the items: where it lies, and what is nearest to it."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from excavate.components.addresses import thumbnail_url, under
from excavate.components.gallery import caption, item_href
from excavate.components.hidden_names import hidden_in
from excavate.counter.forms import as_dataset
from excavate.counter.landing import MADE, dataset_of, points_of, seen_form
from excavate.counter.members import all_members
from excavate.embedding.spec import short_name
from excavate.i18n import _, spoken
from excavate.workshop.rounds import names_are_hidden

if TYPE_CHECKING:
    from excavate.counter.records import Member, Place
    from excavate.site import Site
    from excavate.workshop.store import Workshop

MOST = 300  # on one map, the newest first
LINES = 3  # to how many of its nearest a line is drawn
SHOWN = 6  # of the nearest, beside the sheet
_drawing = Lock()


def made_url(member: Member) -> str:
    """Where the picture of a drawn or uploaded member lies."""
    return under(f"/counter/picture?member={member.member_id}&v={member.sha256[:12]}")


def member_href(member: Member) -> str:
    """The link of a member: its place in its counter-dataset."""
    query = {"id": member.plan_id, "member": member.member_id, "lang": spoken()}
    return under(f"/counter?{urlencode(query)}")


def made_on(site: Site, workshop: Workshop, layout_id: str) -> str:
    """JSON of all made members on a layout: where, by whom, what they are nearest to.

    Names are left out while a round hides them.
    """
    hidden = names_are_hidden(workshop)
    state = (workshop.topics["counter"], workshop.topics["room"], hidden, workshop.room_id)
    with _drawing:  # thirty maps ask at once when something lands
        return _made_on(site, workshop, layout_id, state, site.generation, spoken())


@lru_cache(maxsize=16)
def _made_on(
    site: Site, workshop: Workshop, layout_id: str, state: tuple[Any, ...], _generation: str,
    _language: str,
) -> str:  # fmt: skip
    found = [m for m in all_members(workshop) if m.kind in MADE and m.sha256]
    here = [m for m in found if m.place is not None and m.place.layout_id == layout_id]
    shown = sorted(here, key=lambda one: one.written_at, reverse=True)[:MOST]
    near = sorted({item for one in shown for item in _nearest(one)})
    at = dict(zip(near, points_of(site, layout_id, near), strict=True)) if near else {}
    told = {
        "made": [_on_map(one, at, hidden=state[2]) for one in shown],
        "more": len(here) - len(shown),
        "elsewhere": len(found) - len(here),
    }
    return json.dumps(told, ensure_ascii=False)


def _nearest(member: Member) -> list[str]:
    return [item for item, _similar in member.place.nearest[:LINES]] if member.place else []


def _on_map(member: Member, at: Mapping[str, list[float]], *, hidden: bool) -> dict[str, Any]:
    place = member.place
    assert place is not None  # noqa: S101 - for the type checker
    return {
        "id": member.member_id, "x": place.x, "y": place.y, "picture": made_url(member),
        "by": "" if hidden else member.shown_name, "label": member.label,
        "href": member_href(member), "near": [at[item] for item in _nearest(member)],
    }  # fmt: skip


def landed(site: Site, member: Member, place: Place, against: str) -> dict[str, Any]:
    """What the one who draws sees of it: the dataset's form of it, and its nearest items."""
    made = site.layout_made(place.layout_id)
    dataset = dataset_of(made, against)
    lens = _("Cosine similarity, seen through {encoder}")
    return {
        "lens": lens.format(encoder=short_name(made.result["spec"])),
        "layout": place.layout_id, "x": place.x, "y": place.y,
        "nearest": nearest_shown(site, place), "form": form_shown(site, member, dataset),
    }  # fmt: skip


def nearest_shown(site: Site, place: Place) -> list[dict[str, Any]]:
    """The nearest items with their pictures and source labels, veiled where names are."""
    from excavate.catalog.browsing import items_named
    from excavate.components.faces import MARK, blurred

    near = dict(place.nearest[:SHOWN])
    with site.cursor() as cursor:
        rows = items_named(cursor, tuple(near)).to_dict("records")
    found = {row["item_id"]: row for row in rows}
    return [
        {
            "href": under(item_href(item)), "similarity": f"{similar:.3f}",
            "caption": caption(hidden_in(site, [row["dataset_id"]]).labels(row["labels"])),
            "picture": thumbnail_url(row["dataset_id"], row["revision"], int(row["ordinal"]))
            + (MARK if blurred(row) else ""),
            "tiny": max(row["width"] or 0, row["height"] or 0) < 64,
        }
        for item, similar in near.items() if (row := found.get(item)) is not None
    ]  # fmt: skip


def form_shown(site: Site, member: Member, dataset: str) -> dict[str, Any] | None:
    """A drawing as the dataset could hold it, as a data address; None where it has no form."""
    from excavate.counter.strokes import drawn

    form = seen_form(site, dataset)
    if member.kind != "drawn" or form.width is None:
        return None
    out = io.BytesIO()
    as_dataset(drawn(member.strokes), form).save(out, "PNG")
    address = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    words = _("As {dataset} could hold it: {w} × {h}")
    return {"picture": address,
            "words": words.format(dataset=dataset, w=form.width, h=form.height)}  # fmt: skip
