"""A dataset of the Survey in a few words, for the chart, its lists and the table."""

from __future__ import annotations

from excavate.components.dossier_words import facet_value, short_number
from excavate.components.terrain import Place
from excavate.i18n import _

SHOWN = frozenset({"year", "items", "status"})  # what a mark's place and form say


def described(place: Place) -> str:
    """A place in a few words: name, year, size, what became of it, who brought it.

    Each value that rests on no source that was seen says so.
    """
    doubted = place.unverified if place.kind == "dossier" else frozenset()
    said = [place.name, _doubted(str(place.year), "year" in doubted) if place.year
            else _("year not known")]  # fmt: skip
    said.append(_doubted(size_words(place), bool(place.items) and "items" in doubted))
    if place.state and place.state != "active":
        said.append(_doubted(facet_value("status", place.state), "status" in doubted))
    if place.kind == "find":
        said.append(_("brought by {name}, unverified").format(name=place.brought_by))
    if place.dug:
        said.append(_("dug here"))
    return " · ".join(said)


def _doubted(words: str, doubted: bool) -> str:
    return f"{words} ({_('unverified')})" if doubted else words


def size_words(place: Place) -> str:
    """How many pictures, in few signs; that it is not known where it is not."""
    return short_number(place.items) if place.items else _("size not known")


def shortened(name: str, longest: int) -> str:
    """A name for the chart: without what explains it in brackets or behind a colon."""
    for cut in (" (", ": ", ", "):
        start = name.partition(cut)[0]
        if len(name) > longest and len(start) > 2:
            name = start
    name = name.partition(" (")[0] if name.endswith(")") else name
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def struck(place: Place) -> str:
    """The class of a name: struck where it was withdrawn, dashed where nobody saw a source."""
    if place.state != "withdrawn":
        return ""
    return "exc-struck exc-unsure" if "status" in place.unverified else "exc-struck"
