"""What is found when a picture is held against what is there: records of alike.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Like:
    """Something a picture is like: a catalog item, a member, or one that is both."""

    item_id: str
    member_id: str
    likeness: float  # 1.0: the same bytes; else a correlation or a cosine
    turn: str = ""  # how it lies to the picture, one of hashing.TURNS; empty: as it is


@dataclass(frozen=True, slots=True)
class Alike:
    """What is like a picture.

    `not_looked`: (sentence, what stands in its blank) of each that could not be compared.
    """

    exact: tuple[Like, ...] = ()
    near: tuple[Like, ...] = ()
    nearest: tuple[Like, ...] = ()
    not_looked: tuple[tuple[str, str], ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether it is likely there already."""
        return bool(self.exact or self.near)


@dataclass(slots=True)
class Looked:
    """What one kind of comparison found, and what it could not look at."""

    found: list[Like] = field(default_factory=list)
    unlooked: list[tuple[str, str]] = field(default_factory=list)
