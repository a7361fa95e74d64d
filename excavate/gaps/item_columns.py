"""What is said of items as columns, a value an item: of them, by labels and by attributes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.gaps.gathering import fields_of, items_of, said_of

if TYPE_CHECKING:
    import numpy as np

    from excavate.gaps.gathering import Part
    from excavate.site import Site

OWN = ("split", "licence", "creator", "source_url", "width", "height", "format")
# The items, and of each of OWN whether it is a column here: those people should state always are.
OWN_COLUMNS = """
SELECT count(*), count(split) > 0, true, true, count(source_url) > 0, count(*) FILTER (seen) > 0,
       count(*) FILTER (seen) > 0, count(*) FILTER (seen) > 0
FROM (SELECT *, pixels <> 'none' AS seen FROM item
      WHERE dataset_id = $1 AND ($2 IS NULL OR split = $2))
"""
SECONDS_TO_READ = 1e-6  # a stated value
BETWEEN = " · "  # several values of one item
Said = dict[str, pa.DictionaryArray]


def column_names(site: Site, part: Part) -> list[str]:
    """The columns that there are; what pictures say of themselves only where there are some."""
    with site.cursor() as cursor:
        found = cursor.execute(OWN_COLUMNS, [part.dataset, part.split]).fetchone() or ()
    own = [name for name, there in zip(OWN, found[1:], strict=True) if there]
    return [f"item:{name}" for name in own] + list(fields_of(site, part))


def items_in(site: Site, part: Part) -> int:
    """How many items a part has."""
    with site.cursor() as cursor:
        found = cursor.execute(OWN_COLUMNS, [part.dataset, part.split]).fetchone()
    return int(found[0]) if found else 0


def seconds_to_read(site: Site, part: Part) -> float:
    """About how long `gathered` takes."""
    said = sum(count for count, _ in fields_of(site, part).values())
    return (said + 10 * items_in(site, part)) * SECONDS_TO_READ


@lru_cache(maxsize=2)
def gathered(site: Site, generation: str, part: Part) -> tuple[Said, list[str]]:
    """(columns by name, the items' ids): read once for all questions to one generation."""
    items = items_of(site, part)
    found = {f"item:{name}": _encoded(_texts(items[name])) for name in OWN}
    said = said_of(site, part, items["ordinal"].to_numpy())
    found |= {name: _encoded(_joined(*one, len(items))) for name, one in said.items()}
    return found, items["item_id"].tolist()


def _encoded(values: Sequence[str | None]) -> pa.DictionaryArray:
    return pa.array(values, pa.string()).dictionary_encode()


def _joined(at: np.ndarray, values: pa.Array, count: int) -> list[str | None]:
    """A value an item; of an item that says several, these joined, so that none is missed."""
    column: list[str | None] = [None] * count
    several: dict[int, dict[str, None]] = {}
    for item, value in zip(at.tolist(), values.to_pylist(), strict=True):
        if value is None:
            continue
        if column[item] is None:
            column[item] = value
        elif column[item] != value:
            several.setdefault(item, {str(column[item]): None})[value] = None
    for item, said in several.items():
        column[item] = BETWEEN.join(said)
    return column


def _texts(values: Any) -> list[str | None]:
    stated = values.astype(object).where(values.notna(), None)
    return [None if value is None else _text(value) for value in stated]


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
