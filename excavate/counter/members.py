"""Members of counter-datasets: chosen, drawn, uploaded, or a place kept empty; each with a reason.

A drawn or uploaded one keeps its file in media/; of a chosen one the catalog's id, hash and
revision are kept, never a copy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.counter.deciding import is_ones_own
from excavate.counter.given_members import (
    PICTURE,
    PLACES,
    Made,
    catalog_states,
    made_picture,
    member_faults,
    mending_faults,
    tidied,
)
from excavate.counter.plans import one_plan, takes_only_empty
from excavate.counter.reading_members import (
    all_members,
    members,
    one_member,
    picture_of,
    some_members,
)
from excavate.counter.records import GivenMember
from excavate.errors import InputFault, NotAllowedError
from excavate.settings import Settings
from excavate.workshop import media
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.finds import drop_unrecorded
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop
from excavate.workshop.tables import TABLES

if TYPE_CHECKING:
    from excavate.site import Site

MOST = 500  # members that are put in at once
STANDING = """
SELECT row_id, kind, item_id, item_sha256, item_revision, sha256, strokes, found_by, removed,
    language, plan_id
FROM member WHERE room_id = $1 AND member_id = $2 ORDER BY writing DESC LIMIT 1
"""
STANDS = "SELECT count(*) FROM member WHERE row_id = $1"
THERE = "SELECT row_id FROM member WHERE row_id IN (SELECT unnest($1::VARCHAR[]))"
KEPT = (
    "kind", "item_id", "item_sha256", "item_revision", "sha256", "strokes", "found_by", "removed",
    "language", "plan_id",
)  # fmt: skip
Said = tuple[Row, media.Picture | None]  # a row, and the file that it names


def add_member(
    workshop: Workshop, author: Author, given: GivenMember, settings: Settings, site: Site | None
) -> bool:
    """Put something into a counter-dataset; True where it is new. Raises as `add_members`."""
    return bool(add_members(workshop, author, [given], settings, site))


def add_members(
    workshop: Workshop, author: Author, given: Sequence[GivenMember], settings: Settings,
    site: Site | None,
) -> int:  # fmt: skip
    """Put several things in, all of them or none; how many are new.

    `site` is asked for chosen items. What stands already stays as it is, so that a retry is
    harmless. Raises RefusedError with every fault of every one (`of`: whose it is), NotFoundError
    where there is no such plan, SiteError where a picture cannot be kept.
    """
    wanted = list({one.member_id: tidied(one) for one in given}.values())
    if not 1 <= len(wanted) <= MOST:
        refuse([InputFault(PLACES["kind"], f"1 to {MOST} of them at once")])
    faults = [*author_faults(author), *_filling_faults(workshop, wanted)]
    at = catalog_states(site, wanted, faults)
    said = []
    for one in wanted:
        wrong = list(member_faults(one))
        made = made_picture(one, settings, wrong)
        faults += [replace(fault, of=one.member_id) for fault in wrong]
        columns = _columns(author, one) | at.get(one.item_id, {})
        said.append(_said(Row("member", one.member_id, author.person_id, columns), made))
    refuse(faults)
    with workshop.writing:
        refuse(_filling_faults(workshop, wanted))  # a plan's next version may have come in between
        return _kept(workshop, author, said)


def correct_member(
    workshop: Workshop, author: Author, row_id: str, given: GivenMember, settings: Settings
) -> bool:
    """Mend one's own member: its words, and where new strokes or a new file are given, those.

    What it is (its kind, its item, how it was found) stays; what was said of the rights of a file
    is not said of another. True where it is new. Raises RefusedError, NotAllowedError where it is
    somebody else's: a reviewer hides words and never writes them. NotFoundError.
    """
    stands = one_member(workshop, given.member_id)
    given = tidied(replace(given, kind=stands.kind, plan_id=stands.plan_id))
    if not is_ones_own(workshop, author.person_id, stands.person_id):
        raise NotAllowedError("only who put it in can mend it", given.member_id, "Ask them")
    faults = [*author_faults(author), *mending_faults(given)]
    made = made_picture(given, settings, faults)
    refuse(faults)
    with workshop.cursor() as cursor:
        row = cursor.execute(STANDING, [workshop.room_id, given.member_id]).fetchone()
    columns = _columns(author, given) | dict(zip(KEPT, row[1:], strict=True))
    if made:
        columns["strokes"] = given.strokes or None
    before = row[0] if row[0] != row_id else None
    said = _said(Row("member", row_id, stands.person_id, columns, before), made)
    another = stands.kind == "uploaded" and made and made.picture.sha256 != stands.sha256
    blank = [_blank_rights(author, given.member_id)] if another else []
    return bool(_kept(workshop, author, [said], blank))


def _filling_faults(workshop: Workshop, given: Sequence[GivenMember]) -> list[InputFault]:
    """Of what would fill an absence that is refused, redacted or withdrawn."""
    what = "what it answers is refused, redacted or withdrawn: only a place kept empty stands"
    plans = {one.plan_id: one_plan(workshop, one.plan_id) for one in given}
    held_back = {name for name, plan in plans.items() if takes_only_empty(workshop, plan)}
    return [
        InputFault(PLACES["kind"], what, one.member_id)
        for one in given
        if one.kind != "empty" and one.plan_id in held_back
    ]


def _said(row: Row, made: Made | None) -> Said:
    """The row of a member, of a made one with the file that it names."""
    if made is None:
        return row, None
    of_file = {"sha256": made.picture.sha256, "removed": json.dumps(made.removed)}
    return replace(row, columns={**row.columns, **of_file}), made.picture


def _kept(
    workshop: Workshop, author: Author, said: Sequence[Said], beside: Sequence[Row] = ()
) -> int:
    """Write those that do not stand yet, with their files; how many they are."""
    with workshop.writing:  # nobody erases the same picture in between
        with workshop.cursor() as cursor:
            there = cursor.execute(THERE, [[row.row_id for row, _picture in said]]).fetchall()
        new = [one for one in said if (one[0].row_id,) not in there]
        if not new:
            return 0
        pictures = {one.sha256: one for _row, one in new if one}.values()
        rows = [*person_rows(workshop, author), *(row for row, _picture in new)]
        rows += [*beside, *(_media_row(author, one) for one in pictures)]
        try:
            for one in pictures:
                media.keep(workshop.folder.path, one)
            return len(new) if once(workshop, rows, STANDS, new[-1][0].row_id) else 0
        finally:
            for one in pictures:
                drop_unrecorded(workshop, one)


def _blank_rights(author: Author, member_id: str) -> Row:
    """Nobody has said anything of the new file yet."""
    columns = dict.fromkeys(TABLES["member_rights"].columns, "")
    columns |= {"member_id": member_id, "batch_id": new_id(), "unknowns": "{}"}
    return Row("member_rights", new_id(), author.person_id, columns)


def _media_row(author: Author, picture: media.Picture) -> Row:
    columns = {"sha256": picture.sha256, "media_type": picture.media_type,
               "width": picture.width, "height": picture.height,
               "bytes": len(picture.content)}  # fmt: skip
    return Row("media", new_id(), author.person_id, columns)


def _columns(author: Author, given: GivenMember) -> dict[str, Any]:
    return {
        "member_id": given.member_id, "plan_id": given.plan_id, "kind": given.kind,
        "item_id": None, "item_sha256": None, "item_revision": None, "sha256": None,
        "strokes": given.strokes or None, "label": given.label or None, "reason": given.reason,
        "language": author.language, "alt_ko": given.alt_ko, "alt_en": given.alt_en,
        "found_by": json.dumps(dict(given.found_by), ensure_ascii=False), "removed": "[]",
    }  # fmt: skip


__all__ = [
    "PICTURE", "add_member", "add_members", "all_members", "correct_member", "members",
    "one_member", "picture_of", "some_members",
]  # fmt: skip
