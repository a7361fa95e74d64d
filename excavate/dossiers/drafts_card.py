"""What a Hugging Face dataset card says: its YAML, and the sections of its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.dossiers.card_yaml import left_out, read_yaml, words, yaml_statements
from excavate.dossiers.statements import Document, Statement, is_answer

if TYPE_CHECKING:
    from excavate.dossiers.schema import Topic

FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
FENCE = re.compile(r"\s*(```|~~~)")
FIELD = re.compile(r"[-*]\s*\*\*([^*:]+):?\*\*:?\s*(.*)")
ADDRESS = re.compile(r"https?://[^\s)\]>]+")
# Heading -> what its words are about, and the questions that they answer beside.
SECTIONS: dict[str, tuple[Topic, tuple[str, ...]]] = {
    "dataset summary": ("names", ("composition-items",)),
    "supported tasks and leaderboards": ("use", ()),
    "supported tasks": ("use", ()),
    "data instances": ("metadata", ()),
    "data fields": ("metadata", ("composition-labels",)),
    "data splits": ("counts", ("composition-splits",)),
    "dataset preprocessing": ("access", ("composition-links",)),
    "curation rationale": ("purpose", ()),
    "source data": ("image_source", ()),
    "initial data collection and normalization": ("collection", ()),
    "data collection and processing": ("collection", ("preprocessing-done",)),
    "who are the source language producers": ("image_source", ()),
    "who are the source data producers": ("image_source", ()),
    "annotations": ("labour", ()),
    "annotation process": ("labour", ("preprocessing-done", "rai-dataAnnotationProtocol")),
    "who are the annotators": ("labour_who", ()),
    "personal and sensitive information": (
        "people", ("composition-sensitive", "rai-personalSensitiveInformation"),
    ),
    "social impact of dataset": ("critics", ("rai-dataSocialImpact",)),
    "discussion of biases": ("skews", ()),
    "bias, risks, and limitations": ("skews", ("rai-dataLimitations",)),
    "other known limitations": ("gaps", ()),
    "dataset structure": ("metadata", ()),
    "recommendations": ("gaps", ()),
    "uses": ("use", ()),
    "direct use": ("use", ("rai-dataUseCases",)),
    "out-of-scope use": ("use", ("uses-unfit",)),
    "dataset curators": ("makers", ()),
    "licensing information": ("licence", ()),
    "citation information": ("makers", ()),
    "citation": ("makers", ()),
}  # fmt: skip
FORM = ("table of contents",)  # of the card itself, not of the dataset
LISTS = ("dataset description", "dataset sources", "dataset details")  # - **Homepage:** …
# A line of those lists -> what it is about, and the questions that it answers beside.
FIELDS: dict[str, tuple[Topic, tuple[str, ...]]] = {
    "point of contact": ("names", ("maintenance-contact",)),
    "curated by": ("makers", ()),
    "funded by": ("funder", ()),
    "shared by": ("access", ("maintenance-host",)),
    "license": ("licence", ()),
}


@dataclass(slots=True)
class Section:
    """A heading and the lines below it, up to the next heading."""

    level: int
    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The title as SECTIONS writes it."""
        return plain(self.title)


def plain(title: str) -> str:
    """A heading or the name of a field as the tables above write it."""
    return re.sub(r"[*_`]|\[optional\]", "", title, flags=re.I).strip(" :?").lower()


def read_card(text: str, file: Path) -> Document:
    """All that a card says. Raises SourceError where its YAML cannot be read."""
    front = FRONT.match(text)
    where = f"{file.resolve().parent.name}/{file.name}"
    record = read_yaml(front[1], str(file)) if front else {}
    sections = list(_sections(text[front.end() :] if front else text))
    named = (*words(record.get("pretty_name")), _title(sections), file.resolve().parent.name)
    name = next(one for one in named if one is not None).strip()
    of_yaml = list(yaml_statements(record, where))
    statements = [*of_yaml, *_begun(sections, where), *_described(sections, where)]
    statements += _prose(sections, where)
    beside = [*left_out(record, of_yaml, where)]
    beside += [f"the section “{section.title}”" for section in _unplaced(sections)]
    return Document(name, f"Dataset card of {name}", _kind(record), statements, tuple(beside))


def _sections(text: str) -> Iterator[Section]:
    """The headings with their lines; a # within a code block is no heading."""
    here, fenced = Section(0, ""), False
    for line in text.splitlines():
        fenced ^= bool(FENCE.match(line))
        heading = None if fenced else HEADING.match(line)
        if heading:
            yield here
            here = Section(len(heading[1]), heading[2])
        else:
            here.lines.append(line)
    yield here


def _title(sections: list[Section]) -> str | None:
    titles = (section.title for section in sections if section.level == 1)
    return re.sub(r"^Dataset Card for\s+", "", next(titles, ""), flags=re.IGNORECASE) or None


def _kind(record: dict[str, Any]) -> str:
    tasks = " ".join(words(record.get("task_categories")))
    return "video" if "video" in tasks and "image" not in tasks else "image"


def _first(sections: list[Section]) -> list[Section]:
    """What stands before the first heading, and below the title of the whole."""
    title = next((section for section in sections if section.level == 1), sections[0])
    own = [] if title.key in (*SECTIONS, *LISTS) else [title]
    return sections[:1] + [section for section in own if section is not sections[0]]


def _begun(sections: list[Section], where: str) -> Iterator[Statement]:
    """The words that a card begins with."""
    for section in _first(sections):
        text = "\n".join(section.lines)
        if is_answer(text):
            place = f"{where}, {section.title or 'before the first heading'}"
            yield Statement("names", text, place, answers=("composition-items",))


def _described(sections: list[Section], where: str) -> Iterator[Statement]:
    """The lists at the top of a card (homepage, paper, contact), and the words beside them."""
    for section in sections:
        if section.key not in LISTS:
            continue
        prose = []
        for line in section.lines:
            field = FIELD.match(line.strip())
            if field is None:
                prose.append(line)
            elif is_answer(field[2]):
                yield _field(plain(field[1]), field[1].strip(), field[2].strip(), section, where)
        if is_answer("\n".join(prose)):
            place = f"{where}, {section.title}"
            yield Statement("names", "\n".join(prose), place, answers=("composition-items",))


def _field(key: str, name: str, said: str, section: Section, where: str) -> Statement:
    topic, answers = FIELDS.get(key, ("names", ()))
    address = ADDRESS.search(said)
    place = f"{where}, {section.title}, {name}"
    return Statement(topic, f"{name}: {said}", place, address and address[0], answers)


def _prose(sections: list[Section], where: str) -> Iterator[Statement]:
    for section, known in _gathered(sections):
        topic, answers = SECTIONS[known]
        text = "\n".join(section.lines)
        if is_answer(text):
            yield Statement(topic, text, f"{where}, {section.title}", answers=answers)


def _gathered(sections: list[Section]) -> Iterator[tuple[Section, str]]:
    """The sections that are known, each with the unknown ones that stand below it."""
    here: Section | None = None
    for section in sections:
        if section.key in SECTIONS:
            if here:
                yield here, here.key
            here = Section(section.level, section.title, list(section.lines))
        elif here and section.level > here.level:
            if is_answer("\n".join(section.lines)):
                here.lines += [section.title, *section.lines]
        elif here:
            yield here, here.key
            here = None
    if here:
        yield here, here.key


def _unplaced(sections: list[Section]) -> Iterator[Section]:
    below = 7  # the level of the known section that takes what stands below it
    first = _first(sections)
    for section in sections:
        if section.key in SECTIONS:
            below = section.level
        elif section.level <= below:
            below = 7
            own = section.key in (*FORM, *LISTS) or any(section is one for one in first)
            if not own and is_answer("\n".join(section.lines)):
                yield section
