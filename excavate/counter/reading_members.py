"""Members of counter-datasets as they stand: one alone, some, or those of a plan.

Whoever asks for one reads that one, whatever lies beside it; a plan's are kept until something of
it is written again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from excavate.counter.givers import beside_the_giver
from excavate.counter.plans import plans
from excavate.counter.records import GivenRights, LeftOut, Member, Place, Rights
from excavate.errors import NotFoundError
from excavate.workshop import media
from excavate.workshop.by_topic import kept_by
from excavate.workshop.store import Workshop

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
JOIN (
    SELECT member_id AS first_id, min(writing) AS first, min(rowid) AS place  -- in a batch
    FROM member GROUP BY member_id
) ON first_id = member_id
WHERE room_id = $1 AND {which} ORDER BY first, place, member_id
"""
RIGHTS = """
SELECT member_id, creator, source, licence, ground, ground_reason, contributor_consent,
    depicted_consent, unknowns, consent_version, depicted_version, batch_id, written_at,
    person_id, shown_name
FROM rights_now WHERE room_id = $1 AND {which}
"""
PLACED = """
SELECT member_id, layout_id, encoder, x, y, nearest FROM member_places
WHERE room_id = $1 AND {which}
QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
"""
OUT = """
SELECT member_id, reason, language, shown_name FROM left_out_now
WHERE room_id = $1 AND out AND {which}
"""
GIVERS = """
SELECT member_id, arg_max(t.contributor_consent, t.writing),
    arg_max(t.depicted_consent, t.writing), coalesce(max(t.writing) <= max(w.writing), false)
FROM member_rights t JOIN members_now m USING (member_id, person_id)
LEFT JOIN withdrawn w ON w.what_id = 'member_rights/' || member_id || '/' || person_id
    AND w.manner <> 'shown' AND NOT w.moderating
WHERE t.room_id = $1 AND {which} GROUP BY member_id
"""
CONSENTS = "SELECT row_id, consent_ko, consent_en FROM plan WHERE room_id = $1"
ONE = "member_id = $2"
SOME = "member_id IN (SELECT unnest($2::VARCHAR[]))"
OF_PLAN = "member_id IN (SELECT member_id FROM member WHERE plan_id = $2)"


@kept_by("counter", "room", "finds")
def _read_so_far(workshop: Workshop) -> dict[str, tuple[Member, ...]]:
    """{plan_id: its members}, of the plans that were asked for since the last writing."""
    return {}


def members(workshop: Workshop, plan_id: str) -> list[Member]:
    """The members of a plan as they stand, in the order they were put in."""
    kept = _read_so_far(workshop)  # before the rows: what comes meanwhile is read again
    if plan_id not in kept:
        kept[plan_id] = tuple(_read(workshop, OF_PLAN, plan_id))
    return list(kept[plan_id])


def all_members(workshop: Workshop) -> list[Member]:
    """The members of every plan that stands, plan by plan."""
    return list(chain(*(members(workshop, plan.given.plan_id) for plan in plans(workshop))))


def one_member(workshop: Workshop, member_id: str) -> Member:
    """One member as it stands. Raises NotFoundError."""
    found = _read(workshop, ONE, member_id)
    if not found:
        raise _no_member(member_id)
    return found[0]


def some_members(workshop: Workshop, member_ids: Sequence[str]) -> list[Member]:
    """Several members as they stand, in the order of their ids. Raises NotFoundError."""
    found = {one.member_id: one for one in _read(workshop, SOME, list(member_ids))}
    if gone := [one for one in member_ids if one not in found]:
        raise _no_member(gone[0])
    return [found[one] for one in member_ids]


def picture_of(workshop: Workshop, member: Member) -> bytes | None:
    """The file of a drawn or uploaded member; None of others, and where the file is gone."""
    return media.kept(workshop.folder.path, member.sha256) if member.sha256 else None


def _read(workshop: Workshop, which: str, asked: str | list[str]) -> list[Member]:
    """Those of them whose plan stands; `which`: ONE, SOME or OF_PLAN."""
    standing = {plan.given.plan_id: plan.given for plan in plans(workshop)}
    with workshop.cursor() as cursor:

        def rows(query: str) -> list[tuple[Any, ...]]:
            found = cursor.execute(query.format(which=which), [workshop.room_id, asked])
            return list(found.fetchall())

        read = [row for row in rows(MEMBERS) if row[1] in standing]
        if not read:
            return []
        texts = {row[0]: row[1:] for row in cursor.execute(CONSENTS, [workshop.room_id]).fetchall()}
        givers = {row[0]: row[1:] for row in rows(GIVERS)}
        rights = {row[0]: row[1:] for row in rows(RIGHTS)}
        places = {row[0]: _place(row[1:]) for row in rows(PLACED)}
        out = {row[0]: LeftOut(*row[1:]) for row in rows(OUT)}
    found = []
    for row in read:
        plan = standing[row[1]]
        stands = partial(_stands, texts, (plan.consent_ko, plan.consent_en))
        said = _rights(rights[row[0]], stands) if row[0] in rights else None
        if said and row[0] in givers:
            said = beside_the_giver(said, row[19], *givers[row[0]])
        found.append(_member(row, said, places.get(row[0]), out.get(row[0])))
    return found


def _member(
    row: Sequence[Any], rights: Rights | None, place: Place | None, out: LeftOut | None
) -> Member:
    found_by, removed = json.loads(row[16]), tuple(json.loads(row[17]))
    return Member(*[*row[:16], found_by, removed, *row[18:], rights, place, out])


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


def _no_member(member_id: str) -> NotFoundError:
    todo = "It may have been taken back, or its counter-dataset was"
    return NotFoundError("no such member", member_id, todo)
