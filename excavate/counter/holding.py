"""What is measured again rests on: a part of a dataset, and the members that are held beside it.

Members that are in the dataset already add nothing to it and are counted apart, as are those
without a picture or a vector. They are there by their id or their bytes; to a measure that sees,
by their vector too. Pictures are embedded only when such a measure asks for them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.counter.before_after import held_by
from excavate.counter.landing import embed_member
from excavate.counter.measuring_asked import Asked
from excavate.counter.members import members
from excavate.counter.records import Member, Plan
from excavate.errors import NotFoundError
from excavate.gaps.gathering import Part, Seen, common_encoder, items_of, part_of, said_of, seen

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

Embedded = tuple[np.ndarray, tuple[int, ...]]  # vectors, and the place of the member of each


@dataclass(frozen=True)
class Held:
    """A part of a dataset and the members held beside it, through one encoder.

    members: those that add something. Their vectors are made when they are first asked for, and
    that raises ExcavateError where one cannot be embedded.
    """

    part: Part
    members: tuple[Member, ...]
    already: int
    seen: Seen | None
    embed: Callable[[], Embedded]
    counts: Mapping[str, Mapping[str, int]]  # field -> category -> items
    codes: Mapping[str, Mapping[str, str]]  # field -> item_id -> its one category
    revisions: Mapping[str, str]
    digest: str

    @property
    def encoder(self) -> str | None:
        """Its identity; None where the dataset was never embedded."""
        return self.seen.encoder if self.seen else None

    @cached_property
    def _embedded(self) -> Embedded:
        vectors, places = self.embed()
        rows = with_direction(vectors)
        return vectors[rows], tuple(places[row] for row in rows.tolist())

    @cached_property
    def _own(self) -> np.ndarray:
        """Bool: which of those embedded have the vector of an item of the dataset."""
        there = self.seen.vectors if self.seen else np.zeros((0, 0), np.float32)
        return held_by(self._embedded[0], there[with_direction(there)])

    @property
    def same(self) -> int:
        """How many members the encoder cannot tell from an item of the dataset."""
        return int(self._own.sum())

    @property
    def vectors(self) -> np.ndarray:
        """float32 (m, d): of the members that have one with a direction, and not one of D's."""
        kept: np.ndarray = self._embedded[0][~self._own]
        return kept

    @property
    def places(self) -> tuple[int, ...]:
        """Which of the members have a vector, row by row."""
        return tuple(compress(self._embedded[1], ~self._own))

    def told(self, sees: bool = False) -> dict[str, Any]:
        """What every sentence may say; of a measure that sees, how many it could not see."""
        same, name = self.same if sees else 0, self.part.name
        said = {"dataset": name, "members": len(self.members) - same, "already": self.already}
        without = {"without": len(self.members) - len(self._embedded[1])} if sees else {}
        return said | {"same": same} | without

    @cached_property
    def field(self) -> str:
        """The labels that most members speak in; "" where none says a word of the dataset."""
        said = [member.label for member in self.members if member.label]
        found = {f: sum(one in names for one in said) for f, names in self.counts.items()}
        best = max(sorted(found), key=found.__getitem__, default="")
        return best if best and found[best] else ""


def gathered(site: Site, workshop: Workshop, plan: Plan, asked: Asked) -> Held:
    """What there is to measure; nothing is embedded yet."""
    everyone = measurable(workshop, plan.given.plan_id)
    items = items_of(site, asked.part)
    added = _added(everyone, set(items["item_id"]), set(items["sha256"].dropna()))
    there = _seen(site, asked)

    def embed() -> Embedded:
        return _embedded(site, workshop, added, there, asked.part.dataset)

    counts, codes = _said(site, asked.part, items)
    names = [asked.part.dataset, *([asked.reference] if asked.reference else [])]
    revisions = site.revisions()
    used = {part_of(site, name).dataset: "" for name in names}
    return Held(
        asked.part, added, len(everyone) - len(added), there, embed, counts, codes,
        {name: revisions[name] for name in used}, digest(everyone),
    )  # fmt: skip


def _added(everyone: Sequence[Member], ids: set[str], files: set[str]) -> tuple[Member, ...]:
    """The members that are no item of the dataset, neither by their id nor by their bytes."""
    return tuple(
        one for one in everyone
        if not (one.kind == "chosen" and one.item_id in ids)
        and not {one.sha256, one.item_sha256} & files
    )  # fmt: skip


def measurable(workshop: Workshop, plan_id: str) -> list[Member]:
    """The members that stand and hold something; what is left out of releases is left out here."""
    return [m for m in members(workshop, plan_id) if m.kind != "empty" and m.left_out is None]


def digest(everyone: Sequence[Member]) -> str:
    """What the numbers rest on of the members, without a word of anybody's."""
    said = [[m.member_id, m.sha256 or m.item_sha256, m.label] for m in everyone]
    return hashlib.sha256(json.dumps(sorted(said), ensure_ascii=False).encode()).hexdigest()


def with_direction(vectors: np.ndarray) -> np.ndarray:
    """The rows (int64) of vectors (n, d) that are finite and not zero, as gaps/coverage.py asks."""
    lengths = np.linalg.norm(vectors, axis=1)
    return np.flatnonzero(np.isfinite(lengths) & (lengths > 0))


def vectors_of(site: Site, names: Sequence[str], encoder: str | None) -> list[str]:
    """The ids of the vector files of datasets or splits through one encoder, as they are now."""
    found: list[str] = []
    for name in names:
        with suppress(NotFoundError):
            parts = site.embedding(encoder, part_of(site, name).dataset).parts
            found += [one.made.id for one in parts]
    return found


def _seen(site: Site, asked: Asked) -> Seen | None:
    encoder = asked.encoder
    if encoder is None and asked.reference:
        encoder = common_encoder(site, [asked.part, part_of(site, asked.reference)])
    found = seen(site, asked.part, encoder)
    return found if found is not None and len(found.vectors) else None


def _embedded(
    site: Site, workshop: Workshop, added: Sequence[Member], there: Seen | None, dataset: str
) -> Embedded:
    if there is None:
        return np.zeros((0, 0), np.float32), ()
    vectors, places = [], []
    for place, member in enumerate(added):
        try:
            vectors.append(embed_member(site, workshop, member, there.encoder, dataset))
            places.append(place)
        except NotFoundError:  # an item that this encoder never saw
            continue
    width = there.vectors.shape[1]
    whole = np.stack(vectors) if vectors else np.zeros((0, width), np.float32)
    return np.asarray(whole, np.float32), tuple(places)


def _said(
    site: Site, part: Part, items: Any
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, str]]]:
    """The source's labels: how many of each, empty categories too; and the one of each item."""
    names = site.categories(part.dataset)["name"].dropna().astype(str)
    ids, counts, codes = items["item_id"].to_numpy(object), {}, {}
    for key, (at, values) in said_of(site, part, items["ordinal"].to_numpy()).items():
        kind, _, name = key.partition(":")
        if kind != "label":
            continue
        said = values.to_pylist()
        found = dict(sorted(Counter(said).items()))
        if set(names) & set(found):
            found |= {one: 0 for one in names if one not in found}
        counts[name] = found
        if len(np.unique(at)) == len(at):
            codes[name] = dict(zip(ids[at], said, strict=True))
    return counts, codes
