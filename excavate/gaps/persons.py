"""What says what a person is: gender, race, age and the like. Nobody and nothing here is asked to
tell that from pixels.

Told from names alone, so it errs: a field is held to be of persons where anything in its name or
its labels says so. What a person may then vouch for, and what nobody may, see `Persons`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from excavate.catalog.contested import contested_in
from excavate.catalog.tree import Tree
from excavate.gaps import person_words as words
from excavate.gaps.ancestors import upwards

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_POSSESSIVE = re.compile(r"\w+['’](?:s\b)?")  # women's shoes are shoes
_IRREGULAR = ("ies", "y"), ("es", ""), ("s", "")


@dataclass(frozen=True, slots=True)
class Persons:
    """What a field's name and labels say of persons.

    plain: it is of persons and nobody can say otherwise: its name is of gender or race, or every
    label is of persons. labels: those that say what a person is. unsure: its name, or labels
    like ranges of age, may say so: a person who knows the field may vouch that they do not.
    """

    plain: bool
    labels: frozenset[str]
    unsure: bool

    def __bool__(self) -> bool:
        return self.plain or bool(self.labels) or self.unsure


def of_persons(field: str, values: Iterable[str] = ()) -> bool:
    """Whether anything in a field's name or its labels says what a person is."""
    return bool(persons_in(field, values))


def persons_in(field: str, values: Iterable[str] = ()) -> Persons:
    """What a field's name and labels say of persons. O(labels)."""
    said = {str(value) for value in values}
    telling = _telling(said)
    named = _forms(words_in(field))
    whole = bool(telling) and all(v in telling or _beside(v) for v in said)
    plain = whole or _says(field) or not words.PLAIN_FIELDS.isdisjoint(named)
    plain = plain or any(map(words.PLAIN_WITHIN.search, named))
    unsure = not words.FIELDS.isdisjoint(named) or any(map(words.WITHIN.search, named))
    return Persons(plain, frozenset(telling), unsure or _ages(said))


def words_in(text: str) -> list[str]:
    """The words of a name, in lower case: apart at whatever is no letter, and in camelCase."""
    return [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


def names_persons(name: str) -> bool:
    """Whether a category's name says what a person is, by one of its words."""
    split = words_in(name)
    return bool(_forms(split) & words.NODES) or any(map(words.ENDINGS.search, split))


def nodes_of_persons(
    ids: Sequence[str], names: Sequence[str], tree: Tree, asked: Sequence[int]
) -> list[bool]:
    """Whether each node asked says what a person is: by its name, by what it lies below (a node of
    persons, or one whose names are contested). O(nodes + edges); names are read only from the
    asked upwards."""
    needed = np.zeros(len(names), bool)
    needed[list(asked)] = True
    needed = upwards(tree, needed)
    tops, found = contested_in(ids), [False] * len(names)
    for node in tree.order:
        if needed[node]:
            below = any(found[p] or p in tops for p in tree.parents[node])
            found[node] = below or names_persons(names[node])
    return [found[node] for node in asked]


def _telling(said: Collection[str]) -> set[str]:
    """The labels that say what a person is; some only do in the company of others."""
    found = {value for value in said if _says(value)}
    known = {value for value in said if not _unknown(value)}
    split = {value: set(words_in(value)) for value in known}
    if known and all(len(w) == 1 and w <= words.LETTERS for w in split.values()):
        return found | known
    races = {v for v, w in split.items() if w & (words.COLOURS | words.PEOPLES)}
    peoples = {v for v in races if split[v] & words.PEOPLES}
    company = bool(found) or (0 < len(peoples) < len(races))
    if company and all(v in found or v in races or _beside(v) for v in known):
        found |= races
    return found


def _says(value: str) -> bool:
    split = words_in(_POSSESSIVE.sub(" ", value))
    forms = [_forms([word]) for word in split]
    if any(f & words.GENDERED for f in forms) or any(map(words.ENDINGS.search, split)):
        return True
    if _in_years(value):
        return True
    telling = words.SAID | words.COLOURS if words.PERSONS & set(split) else words.SAID
    everything = telling | words.ABOUT | words.COLOURS | words.PERSONS
    return any(f & telling for f in forms) and all(f & everything for f in forms)


def _beside(value: str) -> bool:
    """Whether a label says nothing of its own beside those that do: other, unknown, White."""
    return _unknown(value) or set(words_in(value)) <= words.ABOUT | words.COLOURS | words.PEOPLES


def _unknown(value: str) -> bool:
    return " ".join(words_in(value)) in words.UNKNOWN


def _ages(said: Collection[str]) -> bool:
    """Whether the labels are ranges of years that people live."""
    known = [_spaced(value) for value in said if not _bare(value)]
    ranges = [v for v in known if words.A_RANGE.fullmatch(v)]
    ends = [v for v in known if words.AN_END.fullmatch(v)]
    numbers = [int(n) for v in known for n in re.findall(r"\d+", v)]
    return bool(ranges) and len(ranges) + len(ends) == len(known) and max(numbers) <= 120


def _in_years(value: str) -> bool:
    return bool(words.IN_YEARS.fullmatch(_spaced(value)))


def _bare(value: str) -> bool:
    return not re.search(r"\d", value) and _unknown(value)


def _spaced(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _forms(split: Iterable[str]) -> set[str]:
    """The words, and what they may be the plural of."""
    found = set(split)
    for word in list(found):
        found |= {word.removesuffix(end) + new for end, new in _IRREGULAR if word.endswith(end)}
    return found
