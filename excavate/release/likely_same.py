"""Members that are likely the picture of one that was refused or taken back.

The same bytes, the same catalog item, the same picture to the eye (the perceptual hash that the
measure of duplicates uses, in any of eight positions), or a neighbour so near that it is one.
Two drawings are held against each other by their bytes alone: many hands write one seven.
What somebody took back themselves does not stop them from giving it anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from excavate.counter.records import Member
from excavate.i18n import N_
from excavate.release.standing import Standing
from excavate.workshop import media

if TYPE_CHECKING:
    import numpy as np

    from excavate.workshop.store import Workshop

GONE = """
SELECT m.member_id, m.kind, m.person_id, coalesce(m.sha256, ''), coalesce(m.item_id, ''),
    coalesce(r.depicted_consent = 'refused', false)
FROM (
    SELECT * FROM member WHERE room_id = $1
    QUALIFY row_number() OVER (PARTITION BY member_id ORDER BY writing DESC) = 1
) m LEFT JOIN rights_now r USING (member_id)
WHERE r.depicted_consent = 'refused'
   OR m.member_id IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
"""
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

    def concerns(self, member: Member) -> bool:
        """Whether it may stop a member: not itself, not what its own giver took back."""
        own = self.person_id == member.person_id and not self.refused
        return self.member_id != member.member_id and not own


def likely_same(workshop: Workshop, stands: Standing) -> dict[str, list[tuple[str, str]]]:
    """{member_id: why and what to do} of the members that look like what was refused or taken
    back. Pictures are decoded only where there is one to hold them against."""
    with workshop.cursor() as cursor:
        gone = [_Gone(*row) for row in cursor.execute(GONE, [workshop.room_id]).fetchall()]
    found: dict[str, list[tuple[str, str]]] = {}
    if not gone:
        return found
    seen = _seen(workshop, gone)
    for member in stands.members:
        against = [one for one in gone if one.concerns(member)]
        same = [one for one in against if _is_same(member, one)]
        same = same or _looks_same(workshop, member, against, seen)
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


def _seen(workshop: Workshop, gone: Iterable[_Gone]) -> dict[str, np.ndarray]:
    """The waves of the made pictures among them that can still be read."""
    waves = {one.sha256: _waves(workshop, one.sha256) for one in gone if one.sha256}
    return {sha256: found for sha256, found in waves.items() if found is not None}


def _looks_same(
    workshop: Workshop, member: Member, gone: Sequence[_Gone], seen: dict[str, np.ndarray]
) -> list[_Gone]:
    pairs = [o for o in gone if o.sha256 in seen and not o.kind == member.kind == "drawn"]
    own = _waves(workshop, member.sha256) if pairs and member.sha256 else None
    return [one for one in pairs if own is not None and _alike(own, seen[one.sha256])]


def _waves(workshop: Workshop, sha256: str) -> np.ndarray | None:
    """Float64 (1, 64) of a picture in media/; None of one that says too little to be compared."""
    from PIL import Image

    from excavate.gaps.hashing import hashes_of, small_grey, waves_of

    content = media.kept(workshop.folder.path, sha256)
    if content is None:
        return None
    picture = Image.open(io.BytesIO(content))
    picture.draft("L", (64, 64))  # a JPEG need not be decoded whole
    if min(picture.size) < SHORTEST:
        return None
    waves = waves_of(small_grey(picture)[None])
    certain = hashes_of(waves)[1]
    return waves if certain[0] >= CERTAIN else None


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two pictures are one to the eye, in any of eight positions."""
    import numpy as np

    from excavate.gaps.hashing import TURNS, hashes_of, likeness, scaled, turned

    mine, theirs = hashes_of(one)[0], hashes_of(other)[0]
    for turn in range(len(TURNS)):
        differing = int(np.bitwise_count(mine ^ turned(theirs, turn))[0])
        near = likeness(scaled(one), scaled(other), np.array([turn]))[0]
        if differing <= BITS and near >= ALIKE:
            return True
    return False
