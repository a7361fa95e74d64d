"""Members that are likely the picture of one that was refused or taken back.

The same bytes, the same catalog item, the same picture to the eye (the perceptual hash that the
measure of duplicates uses, in any of eight positions), or a neighbour so near that it is one.
Two drawings are held against each other by their bytes alone: many hands write one seven.
What somebody took back themselves does not stop them from giving it anew; what a reviewer hid
does.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from excavate.counter.records import Member
from excavate.counter.refusals import STANDING
from excavate.i18n import N_
from excavate.release.chosen import chosen_items
from excavate.release.standing import Standing, is_by_reference
from excavate.workshop import media

if TYPE_CHECKING:
    import numpy as np

    from excavate.workshop.store import Workshop

GONE = f"""
WITH stands AS ({STANDING})
SELECT m.member_id, m.kind, m.person_id, coalesce(m.sha256, ''), coalesce(m.item_id, ''),
    coalesce(r.depicted_consent = 'refused', false)
        OR m.member_id IN (SELECT member_id FROM stands),
    m.member_id IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown' AND moderating)
FROM (
    SELECT * FROM member WHERE room_id = $1
    QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
) m LEFT JOIN rights_now r USING (member_id)
WHERE r.depicted_consent = 'refused' OR m.member_id IN (SELECT member_id FROM stands)
   OR m.member_id IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
"""  # noqa: S608
OF_REFUSED = (
    N_("it is likely a picture that a person seen in it refused"),
    N_("Look at both; leave it out, or put an empty place where it was"),
)
OF_WITHDRAWN = (
    N_("it is likely a picture that was taken back"),
    N_("Look at it and ask; leave it out, or put an empty place where it was"),
)
NEIGHBOUR = 0.995  # cosine from which the nearest item is the picture itself
BITS, ALIKE, CERTAIN, SHORTEST = 6, 0.9, 32, 16  # as gaps/duplicates.py has them


@dataclass(frozen=True, slots=True)
class _Gone:
    member_id: str
    kind: str
    person_id: str
    sha256: str
    item_id: str
    refused: bool
    moderated: bool  # a reviewer hid it

    def concerns(self, member: Member) -> bool:
        """Whether it may stop a member: not itself, not what its own giver alone took back."""
        own = self.person_id == member.person_id and not (self.refused or self.moderated)
        return self.member_id != member.member_id and not own


def likely_same(workshop: Workshop, stands: Standing) -> dict[str, list[tuple[str, str]]]:
    """{member_id: why and what to do} of the members that look like what was refused or taken
    back. Pictures are decoded only where there is one to hold them against."""
    with workshop.cursor() as cursor:
        gone = [_Gone(*row) for row in cursor.execute(GONE, [workshop.room_id]).fetchall()]
    found: dict[str, list[tuple[str, str]]] = {}
    if not gone:
        return found
    eyes = _Eyes(workshop, stands, gone)
    for member in stands.members:
        against = [one for one in gone if one.concerns(member)]
        same = [one for one in against if _is_same(member, one)] or eyes.alike(member, against)
        if same:
            refused = any(one.refused for one in same)
            found[member.member_id] = [OF_REFUSED if refused else OF_WITHDRAWN]
    return found


def _is_same(member: Member, gone: _Gone) -> bool:
    if gone.sha256:
        return gone.sha256 == member.sha256
    near = member.place.nearest if member.place else ()
    return bool(gone.item_id) and (
        gone.item_id == member.item_id
        or any(item == gone.item_id and alike >= NEIGHBOUR for item, alike in near)
    )


class _Eyes:
    """Sees whether a member is, to the eye, one of the pictures that are gone."""

    def __init__(self, workshop: Workshop, stands: Standing, gone: Sequence[_Gone]) -> None:
        import numpy as np

        from excavate.gaps.hashing import hashes_of

        self._folder, self._site = workshop.folder.path, stands.site
        self._items = chosen_items(self._site, [one.item_id for one in gone if one.item_id]) | dict(
            stands.chosen
        )
        waves = [(one, self._waves(one.sha256, one.item_id)) for one in gone]
        self._gone = [one for one, found in waves if found is not None]
        kept = [found for _one, found in waves if found is not None]
        self._seen = np.concatenate(kept) if kept else np.zeros((0, 64))
        self._hashes = hashes_of(self._seen)[0]

    def alike(self, member: Member, against: Sequence[_Gone]) -> list[_Gone]:
        """Those of the gone ones that this member's picture is, in any of eight positions."""
        drawn = member.kind == "drawn"
        held = {one.member_id for one in against if not (drawn and one.kind == "drawn")}
        if not self._gone or not held or member.kind == "empty" or is_by_reference(member):
            return []
        own = self._waves(member.sha256, member.item_id)
        places = self._near(own) if own is not None else set()
        return [o for n, o in enumerate(self._gone) if n in places and o.member_id in held]

    def _near(self, own: np.ndarray) -> set[int]:
        import numpy as np

        from excavate.gaps.hashing import TURNS, hashes_of, likeness, scaled, turned

        mine, found = hashes_of(own)[0], set[int]()
        for turn in range(len(TURNS)):
            differing = np.bitwise_count(mine ^ turned(self._hashes, turn))
            at = np.flatnonzero(differing <= BITS)
            one, other = np.repeat(scaled(own), len(at), axis=0), scaled(self._seen[at])
            close = likeness(one, other, np.full(len(at), turn)) >= ALIKE
            found |= set(at[close].tolist())
        return found

    def _waves(self, sha256: str, item_id: str) -> np.ndarray | None:
        """Float64 (1, 64); None of a picture that is not there or says too little."""
        content = media.kept(self._folder, sha256) if sha256 else None
        item = self._items.get(item_id)
        if item is not None:
            shown = self._site.thumbnail(item.dataset, item.revision, item.ordinal)
            content = shown[0] if shown else None
        return _waves_of(content) if content is not None else None


def _waves_of(content: bytes) -> np.ndarray | None:
    from PIL import Image

    from excavate.gaps.hashing import hashes_of, small_grey, waves_of

    picture = Image.open(io.BytesIO(content))
    picture.draft("L", (64, 64))  # a JPEG need not be decoded whole
    if min(picture.size) < SHORTEST:
        return None
    waves = waves_of(small_grey(picture)[None])
    return waves if hashes_of(waves)[1][0] >= CERTAIN else None
