"""The items of a judging: drawn from a dataset, taken from a finding, or named one by one.

Items without pixels are nothing to look at and are never drawn. Where the order could tell what
an item was taken for, it is shuffled; the seed is kept, so the same draw can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from excavate.errors import InputFault, NotFoundError
from excavate.gaps.stored import finding
from excavate.workshop.authors import refuse
from excavate.workshop.judging import USUAL, JudgedItem

if TYPE_CHECKING:
    from excavate.site import Site

ROWS = 50  # of a finding, the strongest
WITH_PIXELS = """
SELECT item_id FROM item WHERE dataset_id = ? AND pixels = 'read' ORDER BY ordinal
"""
NAMED = """
SELECT i.item_id, i.sha256, d.revision, i.pixels FROM item i JOIN dataset d USING (dataset_id)
WHERE i.item_id IN (SELECT unnest($ids))
"""
UNKNOWN_SHOWN = 5


def from_dataset(
    site: Site, dataset: str, size: int = USUAL, seed: int = 0
) -> tuple[JudgedItem, ...]:
    """A simple random sample of a dataset's items with pixels, without replacement.

    All of them where there are fewer. Raises NotFoundError where there is no such dataset.
    """
    if dataset not in site.revisions():
        raise NotFoundError("no such dataset", dataset, "See the Items page or excavate show")
    with site.cursor() as cursor:
        there = [one for (one,) in cursor.execute(WITH_PIXELS, [dataset]).fetchall()]
    return as_they_stand(site, _drawn(there, size, seed))


def from_selection(
    site: Site, item_ids: Sequence[str], size: int = USUAL, seed: int = 0
) -> tuple[JudgedItem, ...]:
    """A random sample of some items, such as those inside a lasso."""
    there = [one.item_id for one in _found(site, item_ids).values()]
    return as_they_stand(site, _drawn(there, size, seed))


def from_finding(
    site: Site, finding_id: str, size: int = USUAL, seed: int = 0
) -> tuple[JudgedItem, ...]:
    """The items of a finding's strongest rows, shuffled: the order gives nothing away.

    Raises NotFoundError where there is no such finding.
    """
    shown = finding(site.folder, finding_id)
    rows = shown.first_rows(ROWS)
    named = [str(one) for row in rows for one in row.get("items") or ()]
    there = list(_found(site, named))[:size]
    return as_they_stand(site, _drawn(there, size, seed))


def from_list(site: Site, item_ids: Sequence[str]) -> tuple[JudgedItem, ...]:
    """Items named one by one, in the order given. Raises RefusedError naming what is not there."""
    found = _found(site, item_ids)
    missing = [one for one in dict.fromkeys(item_ids) if one not in found]
    more = len(missing) - UNKNOWN_SHOWN
    faults = [InputFault(one, "no such item with pixels") for one in missing[:UNKNOWN_SHOWN]]
    if more > 0:
        faults.append(InputFault("Items", f"{more} more are not there either"))
    refuse(faults)
    return tuple(found.values())


def as_they_stand(site: Site, item_ids: Sequence[str]) -> tuple[JudgedItem, ...]:
    """Items in the order given, with the sha256 and the revision they have today."""
    return tuple(_found(site, item_ids).values())


def changed(site: Site, items: Sequence[JudgedItem]) -> dict[str, str]:
    """{item_id: gone or changed} of those whose picture is not the one that was judged."""
    today = _found(site, [one.item_id for one in items])
    found = {}
    for one in items:
        now = today.get(one.item_id)
        if now is None:
            found[one.item_id] = "gone"
        elif now.sha256 != one.sha256:
            found[one.item_id] = "changed"
    return found


def _drawn(there: Sequence[str], size: int, seed: int) -> list[str]:
    return random.Random(seed).sample(there, min(size, len(there)))  # noqa: S311 - no secret


def _found(site: Site, item_ids: Sequence[str]) -> dict[str, JudgedItem]:
    """Those that are there with pixels, each once, in the order given."""
    ids = list(dict.fromkeys(item_ids))
    with site.cursor() as cursor:
        rows: list[Any] = cursor.execute(NAMED, {"ids": ids}).fetchall()
    there = {row[0]: JudgedItem(*row[:3]) for row in rows if row[3] == "read"}
    return {one: there[one] for one in ids if one in there}
