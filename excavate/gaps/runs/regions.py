"""The regions of a dataset, with what is said of its items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.errors import NotFoundError
from excavate.gaps.gathering import items_of, of_part, part_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.region_rows import Asked
from excavate.gaps.regions import MEASURE, Drawn, regions
from excavate.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from excavate.gaps.gathering import Part
    from excavate.site import Site

PERSON = "person"
PARAMETERS = {
    "grid": Parameter(3, int, N_("cells a side of the grid of places"), least=2, most=50),
    "least": Parameter(5, int, N_("items that a label must stand in to be judged"), least=1),
    "subject": Parameter(PERSON, str, N_("the label of what the attributes are said of")),
    "visible": Parameter(
        1000.0, float, N_("pixels under which it shows nothing of itself"), least=0
    ),
    "alpha": Parameter(
        0.05, float, N_("the share of chance findings to put up with"), least=0, most=1
    ),
    "attributes": Parameter(
        None, str, N_("attributes to look at; all but metadata if not given"), several=True
    ),
}


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """The regions as they are; a dataset without any says so."""
    return [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for the dataset or attributes, ExcavateError for the parameters."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    parameters["attributes"] = _chosen(site, part, parameters["attributes"])
    asked = Asked(**{name: parameters[name] for name in Asked.__dataclass_fields__})
    return Prepared(
        replace(question, parameters=parameters), parameters, {},
        lambda progress: regions(_drawn(site, part, parameters["attributes"], asked), asked),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """A finer grid, other bounds of what can be seen, fewer and more items for a label."""
    said = question.parameters
    changes: list[dict[str, Any]] = [{"grid": said["grid"] + 2}]
    changes += [{"visible": said["visible"] * by} for by in (0.5, 2)]
    changes += [{"least": max(1, said["least"] // 2)}, {"least": said["least"] * 2}]
    return [replace(question, parameters={**said, **change}) for change in changes]


def _chosen(site: Site, part: Part, asked: Sequence[str] | None) -> list[str]:
    said = site.attributes(part.dataset)
    there = said if asked is not None else said[said["said_by"] != "metadata"]
    names = [str(name) for name in there["name"].unique()]
    if asked is None:
        return names
    missing = [name for name in asked if name not in names]
    if missing:
        todo = f"There are: {', '.join(names) or 'none'}"
        raise NotFoundError("no such attribute", ", ".join(missing), todo)
    return list(asked)


def _drawn(site: Site, part: Part, attributes: Sequence[str], asked: Asked) -> Drawn:
    items = items_of(site, part)
    found = of_part(site.regions(part.dataset), items)
    place = {ordinal: n for n, ordinal in enumerate(items["ordinal"].tolist())}
    return Drawn(
        items["item_id"].tolist(),
        items[["width", "height"]].to_numpy(float, na_value=np.nan),
        np.array([place[ordinal] for ordinal in found["ordinal"].tolist()], np.int64),
        found["kind"].tolist(),
        _texts(found, "value"),
        found[["x", "y", "width", "height"]].to_numpy(float, na_value=np.nan),
        _texts(found, "geometry"),
        _asserted(site, part, items, place, attributes),
        _of_subject(site, part, found, asked.subject),
    )


def _of_subject(site: Site, part: Part, found: DataFrame, subject: str | None) -> np.ndarray:
    """Regions whose label, or whose category's name, is the subject, in capitals or not."""
    wanted = (subject or "").casefold()
    categories = site.categories(part.dataset)
    named = categories["name"].astype(str).str.casefold() == wanted
    by_name = found["category_id"].isin(categories["category_id"][named])
    by_label = found["value"].astype(str).str.casefold() == wanted
    return np.asarray((by_name | by_label).to_numpy(bool))


def _texts(frame: DataFrame, column: str) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in frame[column].tolist()]


def _asserted(
    site: Site, part: Part, items: DataFrame, place: dict[int, int], names: Sequence[str]
) -> dict[str, np.ndarray]:
    """{attribute: the items of which a value is stated}."""
    said = of_part(site.attributes(part.dataset), items)
    stated = said[said["name"].isin(names) & said["value"].notna()]
    return {
        str(name): np.unique([place[o] for o in rows["ordinal"].tolist()]).astype(np.int64)
        for name, rows in stated.groupby("name", sort=False)
    }
