"""What is asked of a board: how it is grouped, of whom, in which order, as it stood when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from excavate.components.addresses import under
from excavate.i18n import DEFAULT, LANGUAGES

WAYS = ("moment", "type", "dataset", "group", "place")
ORDERS = ("newest", "oldest", "answered")
LARGEST = 10**9  # a page or a writing beyond this is none of ours


@dataclass(frozen=True, slots=True)
class Asked:
    """A board as its address names it; whatever else stands in an address is not heard.

    `about`: a key of what absences are said of (board_about.keys_of); `at`: the writing it is
    shown as of, None for now; `page`: from 1, the newest first.
    """

    by: str = "moment"
    group: str = ""
    language: str = DEFAULT
    about: str = ""
    order: str = "newest"
    at: int | None = None
    page: int = 1
    presenter: bool = False
    names: bool = True
    zone: str = "UTC"  # whose hours are shown

    def query(self) -> dict[str, str]:
        """The same as an address carries it, without what goes without saying."""
        said = {
            "by": self.by if self.by != WAYS[0] else "", "group": self.group,
            "about": self.about, "order": self.order if self.order != ORDERS[0] else "",
            "at": str(self.at) if self.at is not None else "",
            "page": str(self.page) if self.page > 1 else "",
            "presenter": "1" if self.presenter else "",
            "names": "1" if self.presenter and self.names else "",
            "tz": self.zone if self.zone != "UTC" else "",
        }  # fmt: skip
        return {name: value for name, value in said.items() if value} | {"lang": self.language}


def asked_of(query: Mapping[str, str]) -> Asked:
    """What an address asks for. Names are shown, but before an audience only where asked."""
    presenter = query.get("presenter") == "1"
    return Asked(
        by=_one_of(query.get("by"), WAYS),
        group=query.get("group", ""),
        language=_one_of(query.get("lang"), (DEFAULT, *LANGUAGES)),
        about=query.get("about", ""),
        order=_one_of(query.get("order"), ORDERS),
        at=_number(query.get("at")),
        page=max(_number(query.get("page")) or 1, 1),
        presenter=presenter,
        names=query.get("names") == "1" if presenter else True,
        zone=_zone(query.get("tz")),
    )


def board_url(asked: Asked) -> str:
    """Where the board's HTML lies."""
    return under(f"/workshop/board?{urlencode(asked.query())}")


def _one_of(given: str | None, known: tuple[str, ...]) -> str:
    return given if given in known else known[0]


@lru_cache(maxsize=64)
def _zone(given: str | None) -> str:
    try:
        return ZoneInfo(given or "UTC").key
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return "UTC"


def _number(given: str | None) -> int | None:
    plain = given is not None and given.isascii() and given.isdecimal() and len(given) < 10
    return int(given) if plain and given is not None else None
