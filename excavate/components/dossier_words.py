"""The words of the dossiers in the language of the run: topics, kinds, countries, numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from excavate.i18n import N_, _, spoken

if TYPE_CHECKING:
    from excavate.dossiers.schema import Said

TOPICS = {
    "names": N_("Names"),
    "year": N_("Year"),
    "makers": N_("Makers"),
    "funder": N_("Funder"),
    "purpose": N_("Purpose as stated"),
    "image_source": N_("Where its images come from"),
    "collection": N_("How it was collected"),
    "consent": N_("Consent"),
    "people": N_("People inside it"),
    "labour": N_("Labour"),
    "labour_who": N_("Who did the work"),
    "labour_number": N_("How many did it"),
    "labour_platform": N_("Platform of the work"),
    "labour_pay": N_("Pay"),
    "labour_hours": N_("Hours"),
    "taxonomy": N_("Taxonomy"),
    "counts": N_("Counts as published"),
    "metadata": N_("Metadata"),
    "licence": N_("Licence"),
    "access": N_("Access"),
    "contested": N_("Contested categories"),
    "skews": N_("Published skews"),
    "gaps": N_("Gaps that are known"),
    "label_errors": N_("Label errors"),
    "duplicates": N_("Duplicates"),
    "status": N_("Status"),
    "refusal": N_("Refusal"),
    "law": N_("Law"),
    "use": N_("Use"),
    "critics": N_("Critics"),
    "ancestors": N_("Made from"),
    "descendants": N_("What was made from it"),
}
# The layers of a dossier, from its making to its afterlife.
STRATA = (
    (N_("Its making"), ("names", "year", "makers", "funder", "purpose")),
    (N_("Out of what"), ("image_source", "collection", "consent", "people")),
    (
        N_("By whose labour"),
        ("labour", "labour_who", "labour_number", "labour_platform", "labour_pay", "labour_hours"),
    ),
    (N_("How it is ordered"), ("taxonomy", "counts", "metadata", "licence", "access")),
    (
        N_("What is known to be wrong"),
        ("contested", "skews", "gaps", "label_errors", "duplicates"),
    ),
    (
        N_("Its afterlife"),
        ("status", "refusal", "law", "use", "critics", "ancestors", "descendants"),
    ),
)
IMAGES_FROM = {
    "web search": N_("web search"),
    "photo platform": N_("photo platform"),
    "social media": N_("social media"),
    "commissioned": N_("commissioned"),
    "museum": N_("museum"),
    "scanned documents": N_("scanned documents"),
    "handwritten or drawn": N_("handwritten or drawn"),
    "surveillance": N_("surveillance"),
    "police or state": N_("police or state"),
    "film or television": N_("film or television"),
    "field observation": N_("field observation"),
    "other datasets": N_("other datasets"),
    "own photographs": N_("own photographs"),
    "web crawl": N_("web crawl"),
}
LABOUR = {
    "crowd platform": N_("crowd platform"),
    "employed annotators": N_("employed annotators"),
    "students": N_("students"),
    "makers themselves": N_("makers themselves"),
    "volunteers": N_("volunteers"),
    "players of a game": N_("players of a game"),
    "curators": N_("curators"),
    "those depicted": N_("those depicted"),
    "state programme": N_("state programme"),
    "machine": N_("machine"),
}
LICENCES = {
    "public domain": N_("public domain"),
    "open": N_("open licence"),
    "non-commercial": N_("non-commercial"),
    "research terms": N_("research terms"),
    "custom terms": N_("its own terms"),
    "links only": N_("links only"),
    "none stated": N_("no licence stated"),
    "not public": N_("not public"),
}
STATES = {
    "active": N_("active"),
    "redacted": N_("redacted"),
    "withdrawn": N_("withdrawn"),
    "lost": N_("lost"),
    "enclosed": N_("enclosed"),
}
# What the Survey is coloured, counted and filtered by: name in the URL -> title, its words.
FACETS: dict[str, tuple[str, dict[str, str]]] = {
    "images_from": (N_("Images from"), IMAGES_FROM),
    "labour": (N_("Labour"), LABOUR),
    "licence": (N_("Licence"), LICENCES),
    "status": (N_("Status"), STATES),
    "countries": (N_("Makers in"), {}),
}


def facet_value(facet: str, value: str | None) -> str:
    """A value of a facet in words; None is not known."""
    if value is None:
        return _("not known")
    if facet == "countries":
        return country(value)
    return _(FACETS[facet][1].get(value, value))


def country(code: str) -> str:
    """A country's name in the language of the run; its code where there is none."""
    return str(_territories(spoken()).get(code, code))


@lru_cache(maxsize=2)
def _territories(language: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(language).territories)


def short_number(number: int) -> str:
    """A number in few signs: 60,000 is 60K, or 6만. Of any length: babel's own stop at 28."""
    from decimal import localcontext

    from babel.numbers import format_compact_decimal

    with localcontext() as exact:
        exact.prec = number.bit_length() + 10
        return str(format_compact_decimal(number, locale=spoken(), fraction_digits=1))


def in_words(said: Said) -> tuple[str, str]:
    """(text, language): in the language of the run where it stands in it, else in the other."""
    here = spoken()
    text = getattr(said, here)
    if text is not None:
        return str(text), here
    other = "en" if here == "ko" else "ko"
    return str(getattr(said, other)), other
