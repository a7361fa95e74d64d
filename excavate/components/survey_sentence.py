"""What the Survey's chart shows, in words, for the screen reader and the shared screen alike."""

from __future__ import annotations

from collections.abc import Sequence

from excavate.components.terrain import Place
from excavate.components.terrain_sheet import axes
from excavate.i18n import _, _n


def sentence(places: Sequence[Place]) -> str:
    """How many there are and how far they reach; what is unknown, unverified or brought, apart."""
    known = [place for place in places if place.kind != "find"]
    words = _n("{n} dataset", "{n} datasets", len(known)).format(n=len(known))
    said = [_("{datasets}, by the year they were published and how many pictures they hold, each "
              "step upward ten times as many.").format(datasets=words)]  # fmt: skip
    years = [place.year for place in known if place.year]
    if years:
        reach = _("They reach from {first} to {last}.")
        said.append(reach.format(first=min(years), last=max(years)))
    return " ".join([*said, *_counted(known), *_brought(places)])


def _counted(places: Sequence[Place]) -> list[str]:
    gone = [place for place in places if place.state == "withdrawn"]
    sure = [place for place in gone if "status" not in place.unverified]
    doubted = [place for place in places if place.unverified & {"year", "items"}]
    counts = (
        (n := len(sure), _n("{n} was withdrawn: hollow and struck.",
                            "{n} were withdrawn: hollow and struck.", n)),
        (n := len(gone) - len(sure), _n("{n} was withdrawn, unverified: struck with dashes.",
                                        "{n} were withdrawn, unverified: struck with dashes.", n)),
        (n := sum(not p.year for p in places), _n("Of {n} the year is not known.",
                                                  "Of {n} the year is not known.", n)),
        (n := sum(not p.items for p in places), _n("Of {n} the size is not known.",
                                                   "Of {n} the size is not known.", n)),
        (n := len(doubted), _n("Of {n} the year or the size is unverified: its name is dashed.",
                               "Of {n} the year or the size is unverified: their names are dashed.",
                               n)),
    )  # fmt: skip
    return [words.format(n=count) for count, words in counts if count]


def _brought(places: Sequence[Place]) -> list[str]:
    """The finds, which count for nothing else here, and those that lie beyond the axes."""
    finds = [place for place in places if place.kind == "find"]
    reach = axes(places)
    beyond = sum(reach.beyond_years(find) or reach.beyond_sizes(find) for find in finds)
    counts = (
        (len(finds), _n("{n} find was brought here, unverified.",
                        "{n} finds were brought here, unverified.", len(finds))),
        (beyond, _n("{n} of them lies beyond the axes and stands at their edge.",
                    "{n} of them lie beyond the axes and stand at their edge.", beyond)),
    )  # fmt: skip
    return [words.format(n=count) for count, words in counts if count]
