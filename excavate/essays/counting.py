"""Labels counted in the catalog, and items drawn evenly from it: the first thing to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from excavate.essays.form import FigureAsked
from excavate.essays.naming import is_contested, unnamed
from excavate.essays.reckoned import FOUND, NOTHING, Ground, Line, Number, Reckoned
from excavate.essays.worded import same, spoken_number, words

if TYPE_CHECKING:
    from pandas import DataFrame


def counts(asked: FigureAsked, ground: Ground, _before: Mapping[str, Reckoned]) -> Reckoned:
    """How many items each label has, in the order of the labels; items of each, drawn evenly.

    numbers: items, labels, least and most items of a label, unlabelled, unsigned (items of which
    no creator is known), splits.
    """
    site = ground.site
    assert site is not None  # noqa: S101 - for the type checker
    items, labels = site.items(asked.dataset), site.labels(asked.dataset)
    said = labels.drop_duplicates(["ordinal", "value"]).groupby("value")["ordinal"].size()
    by = {str(value): int(count) for value, count in said.items()}
    numbers = _numbers(items, labels, list(by.values()))
    told = {name: words_of(one) for name, one in numbers.items()}
    figure = Reckoned(
        asked, FOUND if by else NOTHING, words("counts.said", **told), numbers,
        title=words("counts.title"), left=max(0, len(by) - asked.rows),
        rests=((asked.dataset, site.revisions()[asked.dataset]),),
    )  # fmt: skip
    if is_contested(site, [asked.dataset]):
        return unnamed(figure)
    return replace(figure, lines=_lines(asked, by, items, labels))


def _lines(
    asked: FigureAsked, by: Mapping[str, int], items: DataFrame, labels: DataFrame
) -> tuple[Line, ...]:
    """A row a label, with items of it."""
    each = max(1, asked.parameters.get("pictures", 12))
    return tuple(
        Line(same(value), float(count), items=_drawn(items, labels, value, each))
        for value, count in list(by.items())[: asked.rows]
    )


def words_of(number: Number) -> object:
    """A number as words of both languages, to be filled into a sentence."""
    from excavate.essays.form import Words

    return Words(spoken_number(number, "ko"), spoken_number(number, "en"))


def _numbers(items: DataFrame, labels: DataFrame, by: list[int]) -> dict[str, Number]:
    labelled = labels["ordinal"].nunique()
    unsigned = int(items["creator"].isna().sum()) if "creator" in items else len(items)
    found = {
        "items": len(items), "labels": len(by), "least": min(by, default=0),
        "most": max(by, default=0), "unlabelled": len(items) - int(labelled),
        "unsigned": unsigned, "splits": int(items["split"].nunique()),
    }  # fmt: skip
    return {name: Number(float(value)) for name, value in found.items()}


def _drawn(items: DataFrame, labels: DataFrame, value: str, each: int) -> tuple[str, ...]:
    """Items of a label at even steps through the source's own order: nobody chose them."""
    of = items[items["ordinal"].isin(labels.loc[labels["value"] == value, "ordinal"])]
    step = max(1, len(of) // each)
    return tuple(of["item_id"].iloc[::step][:each])
