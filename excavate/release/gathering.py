"""Gathering what a release says, once, for every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from excavate import __version__
from excavate.counter import measured_again
from excavate.counter.records import Member
from excavate.errors import SiteError
from excavate.release.chosen import Chosen, ChosenPictures
from excavate.release.gate import Stopped, place_of, refuse_stopped, why_unread
from excavate.release.record import Contents, OutOfIt, Plate
from excavate.release.standing import Standing, is_by_reference, standing
from excavate.workshop import media
from excavate.workshop.absence_record import Absence
from excavate.workshop.said import Conversation, conversation
from excavate.workshop.seeing import absences

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def gather(
    site: Site, workshop: Workshop, plan_id: str, base: str, *, version: str = "1",
    essays: Sequence[tuple[str, Path]] = (),
) -> Contents:  # fmt: skip
    """What a release of this counter-dataset holds now. The gate is not asked here.

    Raises NotFoundError where there is no such plan, ReleaseError that names every chosen item
    whose picture cannot be had, or is another now: the gate reads none.
    """
    return gathered(site, workshop, standing(site, workshop, plan_id), base, version, essays)


def gathered(
    site: Site, workshop: Workshop, stands: Standing, base: str, version: str,
    essays: Sequence[tuple[str, Path]],
) -> Contents:  # fmt: skip
    """As `gather`, of what was read already."""
    reader = _Reader(site, workshop, stands.chosen)
    plates = tuple(reader.plate(number, one, stands) for number, one in _numbered(stands))
    refuse_stopped(reader.unread, stands.plan.given.name)
    seen = answered_in_public(workshop, stands.plan.given.answers)
    return Contents(
        plan=stands.plan,
        version=version,
        made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        base=base.rstrip("/"),
        code_version=__version__,
        generation=site.generation,
        revisions=_revisions(site, stands),
        rooms=stands.rooms,
        plates=plates,
        left_out=tuple(OutOfIt(m, m.left_out.reason) for m in stands.left_out if m.left_out),
        absences=seen,
        conversation=said_of(conversation(workshop, None), seen),
        measured=tuple(_measured(site, workshop, stands.plan.given.plan_id)),
        essays=tuple(essays),
        picture=reader.picture,
    )


def answered_in_public(workshop: Workshop, answers: Iterable[str]) -> tuple[Absence, ...]:
    """Those of the absences that everybody may see, in the order they were said."""
    wanted = set(answers)
    seen = absences(workshop, None) if wanted else []
    return tuple(o for o in seen if o.absence_id in wanted and o.visibility == "public")


def said_of(whole: Conversation, seen: Iterable[Absence]) -> Conversation:
    """What was said of these absences, and of what was said of them; one voice each. An answer
    that was taken back still holds those that stand under it."""
    known, kept = set[str](), []
    for absence in seen:
        known |= {absence.absence_id, *(one.reply_id for one in absence.replies)}
    for one in whole.said:  # an answer is written after what it answers
        if one.id in known or one.of in known:
            known.add(one.id)
            kept.append(one)
    return Conversation(whole.room_id, whole.title, tuple(kept))


class _Reader:
    """Makes plates of members, and reads their pictures one at a time."""

    def __init__(self, site: Site, workshop: Workshop, chosen: Mapping[str, Chosen]) -> None:
        self.folder, self.chosen = workshop.folder.path, chosen
        self.pictures = ChosenPictures(site)
        self.unread: list[Stopped] = []

    def plate(self, number: int, member: Member, stands: Standing) -> Plate:
        """The plate of a member, at its place."""
        room, hung = stands.hung.get(member.member_id, (None, None))
        item = self.chosen.get(member.item_id)
        return Plate(
            number=number,
            member=member,
            room=room,
            title_ko=hung.title_ko if hung else "",
            title_en=hung.title_en if hung else "",
            size=hung.size if hung else "",
            credit=hung.credit if hung else "",
            reference=_reference(member, item) if member.kind == "chosen" else {},
            labels=item.labels if item else (),
            **self._shown(number, member, item),
        )

    def picture(self, plate: Plate) -> bytes:
        """The bytes of a plate's picture. Raises SiteError where they are gone."""
        item = self.chosen.get(plate.member.item_id)
        if item is not None:
            held = self.pictures.read(item)
            content = held.content if held else None
        else:
            content = media.kept(self.folder, plate.member.sha256)
        if content is None:
            todo = "Put it back from a backup of the site, or leave the member out"
            raise SiteError("the picture of a member is gone", plate.file, todo)
        return content

    def _shown(self, number: int, member: Member, item: Chosen | None) -> dict[str, Any]:
        if member.kind == "empty":
            return _of_picture("", "", "", 0, 0)
        if member.kind != "chosen":
            file = _file(number, member.media_type)
            return _of_picture(file, member.sha256, member.media_type, member.width, member.height)
        size = (item.width or 0, item.height or 0) if item else (0, 0)
        if is_by_reference(member):
            return _of_picture("", member.item_sha256, "", *size, by_reference=True)
        held = self.pictures.read(item) if item else None
        if held is None:
            self._unread(number, member, *why_unread(item, self.pictures))
            return _of_picture("", "", "", *size)
        return _of_picture(_file(number, held.media_type), held.sha256, held.media_type, *size)

    def _unread(self, number: int, member: Member, what: str, todo: str) -> None:
        where = place_of(number, member)
        self.unread.append(Stopped(member.member_id, what, where, todo, number, member.kind))


def _of_picture(
    file: str, sha256: str, media_type: str, width: int, height: int, *, by_reference: bool = False
) -> dict[str, Any]:
    return {"file": file, "sha256": sha256, "media_type": media_type, "width": width,
            "height": height, "by_reference": by_reference}  # fmt: skip


def _file(number: int, media_type: str) -> str:
    return f"items/{number:04d}.{ENDINGS[media_type]}"


def _numbered(stands: Standing) -> Iterable[tuple[int, Member]]:
    return enumerate(stands.members, start=1)


def _measured(site: Site, workshop: Workshop, plan_id: str) -> Iterable[Mapping[str, Any]]:
    """What was measured again of the members and datasets as they are now."""
    for record in measured_again.measured_of(site, plan_id, workshop):
        if measured_again.stands(site, workshop, record):
            yield record


def _reference(member: Member, item: Chosen | None) -> dict[str, str]:
    """What a chosen item is called elsewhere: enough to find it again without us."""
    named = {
        "item_id": member.item_id,
        "sha256": member.item_sha256,
        "revision": member.item_revision,
        "dataset": member.item_id.partition("/")[0],
    }
    if item is None:
        return {**named, "source": ""}
    more = {"source": in_public(item.source), "title": item.title, "url": item.source_url,
            "homepage": item.homepage, "licence": item.licence or item.dataset_licence,
            "creator": item.creator}  # fmt: skip
    return named | {key: value for key, value in more.items() if value}


def in_public(source: str) -> str:
    """A source as others may read it: of a place on this machine the last name alone."""
    kind, colon, rest = source.partition(":")
    if kind == "hf" or "://" in rest:
        return source
    return f"{kind}{colon}{PurePath(rest).name}"


def _revisions(site: Site, stands: Standing) -> dict[str, str]:
    """Of the datasets that items were chosen from, and of the one it is held against."""
    wanted = {item.dataset for item in stands.chosen.values()} | {stands.plan.given.against}
    there = site.revisions() if site.generation else {}  # people may make before anything is dug
    return {name: revision for name, revision in there.items() if name in wanted}
