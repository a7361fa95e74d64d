"""Errors people can act on: what happened, where, and what to do about it.

ExcavateError
├── SourceError      a dataset cannot be read; carries every fault found, not only the first
│   └── RefusedError what a person gave in the app cannot be kept as it is; every fault of it
├── SiteError        a site cannot be opened, written or locked
├── NotFoundError    a dataset, item, embedding or layout that the site does not hold
├── WithdrawnError   a dataset that is not dug: its makers took it back, or it is lost or enclosed
├── ReleaseError     a counter-dataset that may not go out as it is; every reason, member by member
├── NotAllowedError  what a person's role in the room does not reach
├── EncoderError     an encoder cannot be made, or cannot do what was asked of it
└── MissingPartError an optional part (a package, the built frontend) is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputFault:
    """One thing wrong with what was given, and its place (a file, a line, a key).

    `of`: the id of the one it is a fault of, where several were given together.
    """

    place: str
    what: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class ExcavateError(Exception):
    """Something a person can act on. `str()` is one line: what, where, what to do."""

    def __init__(self, what: str, where: str = "", todo: str = "") -> None:
        self.what, self.where, self.todo = what, where, todo
        super().__init__(what, where, todo)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}. {self.todo}" if self.todo else line


class SourceError(ExcavateError):
    """A dataset cannot be read. `faults` holds the first of them, `count` says how many."""

    SHOWN = 20

    def __init__(
        self,
        what: str,
        where: str = "",
        todo: str = "",
        faults: Iterable[InputFault] = (),
        count: int | None = None,
    ) -> None:
        super().__init__(what, where, todo)
        self.faults = tuple(faults)[: self.SHOWN]
        self.count = len(self.faults) if count is None else count

    def __str__(self) -> str:
        listed = "".join(f"\n  {fault}" for fault in self.faults)
        more = self.count - len(self.faults)
        return super().__str__() + listed + (f"\n  and {more} more" if more > 0 else "")


class RefusedError(SourceError):
    """What a person gave in the app cannot be kept as it is; `faults` holds all of it."""

    SHOWN = 10_000


class SiteError(ExcavateError):
    """A site cannot be opened, written or locked."""


class NotFoundError(ExcavateError):
    """The site does not hold the dataset, item, embedding or layout that was asked for."""


class WithdrawnError(ExcavateError):
    """A dataset that is not dug: withdrawn, lost or enclosed. `dossier` is the id that says so."""

    def __init__(self, what: str, dossier: str, todo: str = "") -> None:
        super().__init__(what, dossier, todo)
        self.dossier = dossier


class ReleaseError(ExcavateError):
    """A counter-dataset that may not go out as it is. `faults` holds every reason, all of them."""

    def __init__(self, what: str, where: str, todo: str, faults: Iterable[InputFault]) -> None:
        super().__init__(what, where, todo)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return super().__str__() + "".join(f"\n  {fault}" for fault in self.faults)


class NotAllowedError(ExcavateError):
    """What a person's role in the room does not reach, or what is not theirs to change."""


class StaleError(ExcavateError):
    """Somebody else wrote the same thing since it was looked at; nothing is replaced unseen."""


class EncoderError(ExcavateError):
    """An encoder cannot be made here, or cannot do what was asked of it."""


class MissingPartError(ExcavateError):
    """An optional part is not installed; the message says how to get it."""


class FaultList:
    """Collects every fault of one input, so that they are reported together.

    Keeps the first `SourceError.SHOWN` and counts the rest: constant memory.
    """

    def __init__(self) -> None:
        self.count = 0
        self._first: list[InputFault] = []

    def add(self, place: str, what: str) -> None:
        self.count += 1
        if len(self._first) < SourceError.SHOWN:
            self._first.append(InputFault(place, what))

    def raise_if_any(self, what: str, where: str = "", todo: str = "") -> None:
        """Raise one SourceError that lists all faults collected, if there are any."""
        if self.count:
            raise SourceError(f"{what} ({self.count})", where, todo, self._first, self.count)
