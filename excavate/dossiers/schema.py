"""What a dossier is: the record of how a public dataset came to be, every fact with its source.

One TOML file a dataset in `archives/`; archives/README.md says the same to whoever writes one.
What no fact says is left out, never guessed: an open question is itself something found.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

# What a fact is about. Questions of the documentation score are answered by topics.
Topic = Literal[
    "names", "year", "makers", "funder", "purpose",
    "image_source", "collection", "consent", "people",
    "labour", "labour_who", "labour_number", "labour_platform", "labour_pay", "labour_hours",
    "taxonomy", "counts", "metadata", "licence", "access",
    "contested", "skews", "gaps", "label_errors", "duplicates",
    "status", "refusal", "law", "use", "critics", "ancestors", "descendants",
]  # fmt: skip
ImagesFrom = Literal[
    "web search", "photo platform", "social media", "commissioned", "museum", "scanned documents",
    "handwritten or drawn", "surveillance", "police or state", "film or television",
    "field observation", "other datasets", "own photographs", "web crawl",
]  # fmt: skip
Labour = Literal[
    "crowd platform", "employed annotators", "students", "makers themselves", "volunteers",
    "players of a game", "curators", "those depicted", "state programme", "machine",
]  # fmt: skip
Licence = Literal[
    "public domain", "open", "non-commercial", "research terms", "custom terms", "links only",
    "none stated", "not public",
]  # fmt: skip
State = Literal["active", "redacted", "withdrawn", "lost", "enclosed"]

Grounded = Literal["year", "items", "images_from", "labour", "licence", "countries"]

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DossierId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
FactId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*-[0-9]{2,}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1
# As exactly as it is known: a year, a month or a day.
PartialDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Facts = Annotated[list[FactId], Field(min_length=1)]
MOST = 10**15  # no published number is larger; what is longer cannot even be printed
OptionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]


class Strict(BaseModel):
    """A table that knows its keys: any other is a fault, and so is "2009" for 2009."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Said(Strict):
    """Words in the languages they were written in; at least one of them."""

    en: Words | None = None
    ko: Words | None = None

    @model_validator(mode="after")
    def _one_language(self) -> Said:
        if self.en is None and self.ko is None:
            raise ValueError("write it in en, in ko, or in both")
        return self


class Name(Strict):
    """What it is called, in en, in ko, or in both.

    `ko_is`: whether the Korean name is its makers' or this archive's.
    """

    en: Words | None = None
    ko: Words | None = None
    ko_is: Literal["given", "ours"] = "ours"

    @model_validator(mode="after")
    def _one_language(self) -> Name:
        if self.en is None and self.ko is None:
            raise ValueError("write it in en, in ko, or in both")
        return self

    @property
    def plain(self) -> str:
        """The English name, else the Korean one."""
        return self.en or self.ko or ""


class Fact(Strict):
    """One statement with its source, and whether that source was seen.

    `status`: seen; recalled (nobody looked it up); brought (someone in a workshop said so).
    `link_only`: of the source no more than the text of a link to it was seen.
    """

    id: FactId
    topic: Topic
    text: Said
    source: Words
    url: Words | None = None
    status: Literal["seen", "recalled", "brought"]
    seen_in: Words | None = None
    link_only: bool = False
    note: Said | None = None
    disagrees_with: list[FactId] = []
    answers: list[Words] = []  # questions of the score beside those of the topic

    @property
    def verified(self) -> bool:
        """Whether its source was seen, and more of it than a link."""
        return self.status == "seen" and not self.link_only


class Terrain(Strict):
    """Where it lies on the Survey. Each value rests on facts, named in `because`."""

    year: Annotated[int, Field(ge=1900, le=2100)] | None = None  # first published
    items: Annotated[int, Field(ge=1, le=MOST)] | None = None  # pictures or clips, as published
    images_from: list[ImagesFrom] = []
    labour: list[Labour] = []
    licence: Licence | None = None
    countries: list[Country] = []  # where its makers worked
    because: dict[Grounded, Facts] = {}


class Status(Strict):
    """What became of it. Left out where no fact says: then it is not known."""

    state: State
    date: PartialDate | None = None
    because: Facts


class Count(Strict):
    """A published number, to be held against what the catalog counts."""

    of: Literal["items", "categories", "regions", "labels", "people", "attributes"]
    number: Annotated[int, Field(ge=0, le=MOST)]
    split: Words | None = None
    version: Words | None = None  # CIFAR-10, 2012, … where a dossier holds several
    about: bool = False  # rounded, or "more than"
    because: Facts


class Descent(Strict):
    """A dataset it was made from, or that was made from it: a dossier's id, or a name.

    `because` may name facts of any dossier: descent is often on record at one end only, or
    elsewhere.
    """

    name: Words
    dossier: DossierId | None = None
    because: Facts


class Dig(Strict):
    """The source string that digs it, and what its user should know first.

    `options` and `images` are what `--option` and `--images` say. `version`: whose counts are
    held against it (V4 is also "V4, boxes"). `part`: which part of the dataset this is, where it
    is not the whole; fewer than were published are then no finding.
    """

    source: Words
    options: dict[OptionName, Words] = {}
    images: Words | None = None
    version: Words | None = None
    part: Words | None = None
    dataset: Words | None = None  # the name in the site, where the source's own will not do
    note: Said | None = None


class Dossier(Strict):
    """Everything on record of one public dataset."""

    id: DossierId
    kind: Literal["image", "video", "image and video", "programme", "not public"]
    name: Name
    draft: bool = False  # written by a machine from a card; nobody has read it yet
    refused_as: list[Words] = []  # further names by which it is refused, where it is not dug
    status: Status | None = None
    terrain: Terrain = Terrain()
    dig: list[Dig] = []
    count: list[Count] = []
    ancestor: list[Descent] = []
    descendant: list[Descent] = []
    fact: Annotated[list[Fact], Field(min_length=1)]

    def facts_named(self, ids: Iterable[str]) -> list[Fact]:
        """The facts with these ids, in the order of the ids; ids that no fact has are left out."""
        by_id = {fact.id: fact for fact in self.fact}
        return [by_id[fact_id] for fact_id in ids if fact_id in by_id]
