"""Ready sessions: the three evenings of the workshop, as rounds to be put into the plan."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound

FILE = Path(__file__).with_name("sessions.toml")


@dataclass(frozen=True, slots=True)
class ReadyRound:
    """A round as a ready session brings it."""

    kind: str
    minutes: int
    ko: str
    en: str
    anonymous: bool = False
    page: str = ""


@dataclass(frozen=True, slots=True)
class ReadySession:
    """One evening: its name, what it is for and what to make ready, in both languages."""

    name: str
    title: Mapping[str, str]
    lead: Mapping[str, str]
    rounds: tuple[ReadyRound, ...]

    def given(self) -> list[GivenRound]:
        """Its rounds with new ids, ready for the plan."""
        return [
            GivenRound(new_id(), one.kind, one.ko, one.en, one.minutes * 60, one.anonymous,
                       page=one.page)
            for one in self.rounds
        ]  # fmt: skip


@lru_cache(maxsize=1)
def ready_sessions() -> tuple[ReadySession, ...]:
    """The sessions that come with the tool, in the order of the evenings."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        ReadySession(name, one["title"], one["lead"], tuple(ReadyRound(**r) for r in one["rounds"]))
        for name, one in held.items()
    )
