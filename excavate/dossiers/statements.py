"""What a card or a Croissant file says of a dataset, on its way to a draft dossier."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from excavate.dossiers.schema import Topic

QUOTED = 700  # characters of a section that a draft quotes
# Words that stand where an answer was asked for and none was given.
NO_ANSWER = re.compile(
    r"[\s\[\](){}*_.>-]*"
    r"((needs )?more information( is)?( needed)?|n/?a|none|unknown|todo|tbd|not applicable)?"
    r"[\s\[\](){}*_.>-]*",
    re.IGNORECASE,
)
COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of the document, what they are about, and where in it they stand."""

    topic: Topic
    text: str
    place: str
    url: str | None = None
    answers: tuple[str, ...] = ()
    terrain: tuple[tuple[str, Any], ...] = ()  # what on the Survey rests on it: key, value
    counts: tuple[tuple[str, int, str | None, str | None], ...] = ()  # of, number, split, version
    ancestors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All that one document says. `left_out`: sentences on what a draft could not place."""

    name: str
    title: str  # how its facts name their source
    kind: str
    statements: Sequence[Statement]
    left_out: Sequence[str] = field(default_factory=tuple)


def is_answer(text: str) -> bool:
    """Whether words say anything: a form's own filling ('More Information Needed') does not."""
    return not NO_ANSWER.fullmatch(COMMENT.sub("", text))


def writable(text: str) -> str:
    """Text that can be written as UTF-8: half of a split sign (JSON allows it) becomes a ?."""
    return text.encode("utf-8", "replace").decode("utf-8")


def quotation(text: str) -> str:
    """The words as a fact quotes them: comments of the form out, at most QUOTED characters."""
    bare = html.unescape(COMMENT.sub("", writable(text))).replace("\r\n", "\n")
    bare = re.sub(r"\n{3,}", "\n\n", bare).strip()
    if len(bare) <= QUOTED:
        return bare
    return bare[:QUOTED].rsplit(maxsplit=1)[0].rstrip() + " […]"


OPEN = ("cc-by", "mit", "apache", "bsd", "odbl", "odc-by", "gpl", "lgpl", "afl", "ms-pl", "isc")
FREE = ("cc0", "pddl", "unlicense", "publicdomain", "public-domain", "wtfpl")


def licence_kind(words: str) -> str | None:
    """The kind of licence for the Survey, where a licence's short name or address shows it."""
    name = re.sub(r"[\s_]+", "-", words.strip().lower())
    name = re.sub(r"^https?://(www\.)?creativecommons\.org/licenses/", "cc-", name)
    name = re.sub(r"^https?://(www\.)?creativecommons\.org/publicdomain/zero.*", "cc0", name)
    if name == "other":
        return "custom terms"
    if name.startswith("cc-by") and re.search(r"-nc\b", name):
        return "non-commercial"
    if name.startswith(FREE):
        return "public domain"
    return "open" if name.startswith(OPEN) else None
