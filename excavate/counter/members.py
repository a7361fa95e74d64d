"""Members of counter-datasets: chosen, drawn, uploaded, or a place kept empty; each with a reason.

A drawn or uploaded one keeps its file in media/; of a chosen one the catalog's id, hash and
revision are kept, never a copy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from excavate.counter.deciding import refuse_others
from excavate.counter.given_members import (
    PICTURE,
    PLACES,
    catalog_state,
    made_picture,
    member_faults,
    mending_faults,
    tidied,
)
from excavate.counter.plans import one_plan, plans, takes_only_empty
from excavate.counter.records import GivenMember, GivenRights, LeftOut, Member, Place, Rights
from excavate.errors import InputFault, NotFoundError
from excavate.settings import Settings
from excavate.workshop import media
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.finds import drop_unrecorded
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop

if TYPE_CHECKING:
    from excavate.site import Site

MEMBERS = """
SELECT member_id, plan_id, kind, reason, language, coalesce(label, ''), alt_ko, alt_en,
    coalesce(item_id, ''), coalesce(item_sha256, ''), coalesce(item_revision, ''),
    coalesce(m.sha256, ''), coalesce(f.media_type, ''), coalesce(f.width, 0),
    coalesce(f.height, 0), coalesce(strokes, ''), found_by, removed, written_at, person_id,
    shown_name
FROM members_now m LEFT JOIN (
    SELECT sha256, any_value(media_type) AS media_type, any_value(width) AS width,
        any_value(height) AS height FROM media GROUP BY sha256
) f ON f.sha256 = m.sha256
JOIN (SELECT member_id AS first_id, min(writing) AS first FROM member GROUP BY member_id)
    ON first_id = member_id
WHERE room_id = $1 ORDER BY first, member_id
"""
RIGHTS = """
SELECT member_id, creator, source, licence, ground, ground_reason, contributor_consent,
    depicted_consent, unknowns, consent_version, depicted_version, batch_id, written_at,
    person_id, shown_name
FROM rights_now WHERE room_id = $1
"""
PLACED = """
SELECT member_id, layout_id, encoder, x, y, nearest FROM member_places WHERE room_id = $1
QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
"""
OUT = "SELECT member_id, reason, language, shown_name FROM left_out_now WHERE room_id = $1 AND out"
CONSENTS = "SELECT row_id, consent_ko, consent_en FROM plan WHERE room_id = $1"
STANDING = """
SELECT row_id, kind, item_id, item_sha256, item_revision, sha256, strokes, found_by, removed,
    language, plan_id
FROM member WHERE room_id = $1 AND member_id = $2 ORDER BY writing DESC LIMIT 1
"""
STANDS = "SELECT count(*) FROM member WHERE row_id = $1"
KEPT = (
    "kind", "item_id", "item_sha256", "item_revision", "sha256", "strokes", "found_by", "removed",
    "language", "plan_id",
)  # fmt: skip


def add_member(
    workshop: Workshop, author: Author, given: GivenMember, settings: Settings, site: Site | None
) -> bool:
    """Put something into a counter-dataset; True where it is new.

    `site` is asked for a chosen item. Raises RefusedError with every fault of what was given,
    NotFoundError where there is no such plan, SiteError where a picture cannot be kept.
    """
    given = tidied(given)
    plan = one_plan(workshop, given.plan_id)
    faults = [*author_faults(author), *member_faults(given)]
    if given.kind != "empty" and takes_only_empty(workshop, plan):
        what = "what it answers is refused, redacted or withdrawn: only a place kept empty stands"
        faults.append(InputFault(PLACES["kind"], what))
    at = catalog_state(site, given, faults)
    made = made_picture(given, settings, faults)
    refuse(faults)
    columns = _columns(author, given) | at
    if made:
        columns |= {"sha256": made.picture.sha256, "removed": json.dumps(made.removed)}
    said = Row("member", given.member_id, author.person_id, columns)
    return _kept(workshop, author, said, made.picture if made else None)


def correct_member(
    workshop: Workshop, author: Author, row_id: str, given: GivenMember, settings: Settings
) -> bool:
    """Mend one's own member: its words, and where new strokes or a new file are given, those.

    What it is (its kind, its item, how it was found) stays. True where it is new. Raises
    RefusedError, NotAllowedError where it is somebody else's, NotFoundError.
    """
    stands = one_member(workshop, given.member_id)
    given = tidied(replace(given, kind=stands.kind, plan_id=stands.plan_id))
    what = "only who put it in can mend it"
    refuse_others(workshop, author.person_id, (stands.person_id,), what, given.member_id)
    faults = [*author_faults(author), *mending_faults(given)]
    made = made_picture(given, settings, faults)
    refuse(faults)
    with workshop.cursor() as cursor:
        row = cursor.execute(STANDING, [workshop.room_id, given.member_id]).fetchone()
    columns = _columns(author, given) | dict(zip(KEPT, row[1:], strict=True))
    if made:
        columns |= {"sha256": made.picture.sha256, "removed": json.dumps(made.removed)}
        columns["strokes"] = given.strokes or None
    said = Row("member", row_id, stands.person_id, columns, row[0] if row[0] != row_id else None)
    return _kept(workshop, author, said, made.picture if made else None)


@kept_by("counter", "room", "finds")
def _members(workshop: Workshop) -> Mapping[str, Member]:
    """{member_id: it as it stands} of all plans that stand, in the order they were put in."""
    room = [workshop.room_id]
    standing = {plan.given.plan_id: plan.given for plan in plans(workshop)}
    with workshop.cursor() as cursor:
        rows = cursor.execute(MEMBERS, room).fetchall()
        texts = {row[0]: row[1:] for row in cursor.execute(CONSENTS, room).fetchall()}
        rights = {row[0]: row[1:] for row in cursor.execute(RIGHTS, room).fetchall()}
        places = {row[0]: _place(row[1:]) for row in cursor.execute(PLACED, room).fetchall()}
        out = {row[0]: LeftOut(*row[1:]) for row in cursor.execute(OUT, room).fetchall()}
    found = {}
    for row in (row for row in rows if row[1] in standing):
        plan = standing[row[1]]
        stands = partial(_stands, texts, (plan.consent_ko, plan.consent_en))
        said = _rights(rights[row[0]], stands) if row[0] in rights else None
        found[row[0]] = replace(
            _member(row), rights=said, place=places.get(row[0]), left_out=out.get(row[0])
        )
    return found


def members(workshop: Workshop, plan_id: str) -> list[Member]:
    """The members of a plan as they stand, in the order they were put in."""
    return [member for member in _members(workshop).values() if member.plan_id == plan_id]


def all_members(workshop: Workshop) -> list[Member]:
    """The members of every plan that stands."""
    return list(_members(workshop).values())


def one_member(workshop: Workshop, member_id: str) -> Member:
    """One member as it stands. Raises NotFoundError."""
    found = _members(workshop).get(member_id)
    if found is None:
        todo = "It may have been taken back, or its counter-dataset was"
        raise NotFoundError("no such member", member_id, todo)
    return found


def picture_of(workshop: Workshop, member: Member) -> bytes | None:
    """The file of a drawn or uploaded member; None of others, and where the file is gone."""
    return media.kept(workshop.folder.path, member.sha256) if member.sha256 else None


def _kept(workshop: Workshop, author: Author, said: Row, picture: media.Picture | None) -> bool:
    rows = [*person_rows(workshop, author), said]
    if picture:
        columns = {"sha256": picture.sha256, "media_type": picture.media_type,
                   "width": picture.width, "height": picture.height,
                   "bytes": len(picture.content)}  # fmt: skip
        rows.append(Row("media", new_id(), author.person_id, columns))
    with workshop.writing:  # nobody erases the same picture in between
        if picture:
            media.keep(workshop.folder.path, picture)
        try:
            return once(workshop, rows, STANDS, said.row_id)
        finally:
            drop_unrecorded(workshop, picture)


def _columns(author: Author, given: GivenMember) -> dict[str, Any]:
    return {
        "member_id": given.member_id, "plan_id": given.plan_id, "kind": given.kind,
        "item_id": None, "item_sha256": None, "item_revision": None, "sha256": None,
        "strokes": given.strokes or None, "label": given.label or None, "reason": given.reason,
        "language": author.language, "alt_ko": given.alt_ko, "alt_en": given.alt_en,
        "found_by": json.dumps(dict(given.found_by), ensure_ascii=False), "removed": "[]",
    }  # fmt: skip


def _member(row: Sequence[Any]) -> Member:
    read = [json.loads(row[16]), tuple(json.loads(row[17]))]
    return Member(*[*row[:16], *read, *row[18:]])


def _rights(row: Sequence[Any], stands: Any) -> Rights:
    creator, source, licence, ground, reason, contributor, depicted, unknowns, *rest = row
    given = GivenRights(
        creator, source, licence, ground, reason, contributor, depicted, json.loads(unknowns),
        rest[0] or rest[1],
    )  # fmt: skip
    agreed = contributor == "not-needed" or (contributor == "given" and stands(rest[0]))
    shown = depicted in ("nobody", "public") or (depicted == "given" and stands(rest[1]))
    return Rights(*[given, *rest, agreed, shown])


def _stands(texts: Mapping[str, Any], now: tuple[str, str], version: str) -> bool:
    """Whether the text of a version is, word for word, the one that stands."""
    return any(now) and texts.get(version) == now


def _place(row: Sequence[Any]) -> Place:
    nearest = tuple((str(item), float(near)) for item, near in json.loads(row[4]))
    return Place(*[*row[:4], nearest])


__all__ = [
    "PICTURE", "add_member", "all_members", "correct_member", "members", "one_member",
    "picture_of",
]  # fmt: skip
