"""What says what a person is: gender, race, age and the like. Nobody and nothing here is asked to
tell that from pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from excavate.catalog.contested import contested_in
from excavate.catalog.tree import Tree

OF_PERSONS = frozenset(
    (
        *("gender", "sex", "race", "ethnicity", "age", "skin", "skintone", "skin_tone"),
        *("nationality", "religion", "성별", "인종", "나이", "연령", "민족", "국적", "종교"),
        *("male", "female", "man", "woman", "men", "women", "남", "여", "남성", "여성"),
    )
)
# Of nodes, whose names are values: these say an age or a gender, too.
OF_AGES = frozenset(
    (
        *("boy", "girl", "boys", "girls", "child", "children", "baby", "infant", "toddler"),
        *("adult", "adults", "elderly", "teenager", "transgender", "nonbinary"),
        *("남자", "여자", "소년", "소녀", "아이", "어린이", "아기", "노인", "청소년", "어른"),
    )
)
NODES = OF_PERSONS | OF_AGES


def of_persons(field: str, values: Iterable[str] = ()) -> bool:
    """Whether a field says what a person is: by its name, or because each of its labels does."""
    words = {field.casefold(), *field.casefold().replace("_", " ").replace("-", " ").split()}
    said = {str(value).strip().casefold() for value in values}
    return bool(words & OF_PERSONS) or bool(said and said <= OF_PERSONS)


def names_persons(name: str) -> bool:
    """Whether a category's name says what a person is, by one of its words."""
    return not NODES.isdisjoint(re.split(r"[\W_]+", name.casefold()))


def nodes_of_persons(ids: Sequence[str], names: Sequence[str], tree: Tree) -> list[bool]:
    """Which nodes say what a person is: by their names, by what they lie below (a node of persons,
    or one whose names are contested). O(nodes + edges)."""
    found = [names_persons(name) for name in names]
    tops = contested_in(ids)
    for node in tree.order:
        found[node] = found[node] or any(found[p] or p in tops for p in tree.parents[node])
    return found
