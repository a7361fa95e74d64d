"""Diversity of a site's vectors, and of what its labels name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.errors import NotFoundError
from excavate.gaps.diversity import FEWEST, MEASURE, Drawing, repetition, undrawn
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome
from excavate.gaps.gathering import Part, items_of, of_part, part_of, seen
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.gaps.gathering import Seen
    from excavate.site import Site

REPETITION, UNDRAWN = "repetition", "undrawn"
MOST_VALUES = 0.5  # a field with more values than this share of its labels is no list of categories
SIZES = (10, 20)  # other samples, where half the smallest label's was taken
PARAMETERS = {
    "of": Parameter(
        REPETITION, str, N_("repetition: of the vectors; undrawn: categories of the labels"),
        choices=(REPETITION, UNDRAWN),
    ),
    "fields": Parameter(None, str, N_("labels of these fields only"), several=True),
    "size": Parameter(
        0, int, N_("items of a sample; 0: half the smallest label's"), least=0, most=10_000
    ),
    "draws": Parameter(50, int, N_("samples of each label"), least=10, most=10_000),
    "seed": Parameter(0, int, N_("of the samples"), least=0),
    "every": Parameter(False, bool, N_("tell every label, not only the less diverse ones")),
}  # fmt: skip


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Both: what repeats, and what may not have been drawn."""
    asked = [Question(MEASURE, dataset, parameters={"of": of}) for of in (REPETITION, UNDRAWN)]
    return asked


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where a field or an encoder that is asked for is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    items = items_of(site, part)
    labels = of_part(site.labels(part.dataset), items)
    parameters["fields"] = _fields(labels, parameters["fields"], part.name)
    labels = labels[labels["field"].isin(parameters["fields"])]
    asked = replace(question, reference=None, encoder=None, parameters=parameters)
    if parameters["of"] == UNDRAWN:
        return Prepared(asked, parameters, {}, lambda progress: _undrawn(labels, items, parameters))
    lens = seen(site, part, question.encoder)
    if lens is None:
        return Prepared(asked, parameters, {}, _blind(site, part, question.encoder, parameters))
    inputs = {"vectors": list(lens.made)}
    return Prepared(
        replace(asked, encoder=lens.encoder), parameters, inputs,
        lambda progress: _repetition(lens, labels, parameters, progress),
        lens.vectors.size * min(lens.vectors.shape) / 5e9 + len(labels) * 2e-5,
    )  # fmt: skip


def _blind(site: Site, part: Part, encoder: str | None, parameters: Mapping[str, Any]) -> Any:
    if encoder is not None:
        todo = f"Run: excavate embed --site {site.folder.given}"
        raise NotFoundError(f"no embedding by {encoder}", part.name, todo)
    why = N_("no encoder has seen {dataset}")
    refused = NotMeasured(MEASURE, parameters, why, {"dataset": part.name})
    return lambda progress: refused


def _fields(labels: DataFrame, asked: Sequence[str] | None, dataset: str) -> list[str]:
    """The fields asked for; else those that name categories; else those whose values recur."""
    there = list(dict.fromkeys(labels["field"]))
    if asked is not None:
        missing = [field for field in asked if field not in there]
        if missing:
            todo = f"There are: {', '.join(there) or 'none'}"
            raise NotFoundError(f"no labels under {', '.join(missing)}", dataset, todo)
        return list(asked)
    naming = set(labels.loc[labels["category_id"].notna(), "field"])
    found = labels.groupby("field")["value"].agg(["nunique", "size"])
    again = set(found.index[found["nunique"] <= MOST_VALUES * found["size"]])
    return [field for field in there if field in (naming or again)]


def _repetition(
    lens: Seen, labels: DataFrame, parameters: Mapping[str, Any], progress: Progress
) -> Outcome:
    place = {ordinal: n for n, ordinal in enumerate(lens.ordinals.tolist())}
    there = labels[labels["ordinal"].isin(place)].drop_duplicates(["field", "value", "ordinal"])
    at = there["ordinal"].map(place).to_numpy(np.int64)
    there = there.assign(at=at, many=there.groupby(["field", "value"])["ordinal"].transform("size"))
    left_out = len(there.loc[there["many"] < FEWEST, ["field", "value"]].drop_duplicates())
    named = there[there["many"] >= FEWEST].groupby(["field", "value"], sort=True)["at"]
    groups = {(str(f), str(v)): rows.to_numpy() for (f, v), rows in named}
    drawing = Drawing(*(parameters[name] for name in Drawing.__slots__))
    ids = lens.item_ids.tolist()
    outcome = repetition(np.asarray(lens.vectors), ids, groups, drawing, progress)
    if isinstance(outcome, Measured):
        few = Figure(outcome.figures["labels_left_out"].value + left_out)
        outcome = replace(outcome, figures={**outcome.figures, "labels_left_out": few})
    return replace(outcome, parameters={**parameters, "size_drawn": outcome.parameters["size"]})


def _undrawn(labels: DataFrame, items: DataFrame, parameters: Mapping[str, Any]) -> Outcome:
    numbers = items["ordinal"].to_numpy()
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    # Categories of one name are told apart by their id; what names none, by its words.
    named = labels.assign(category=labels["category_id"].fillna(labels["value"]))
    for field, rows in named.drop_duplicates(["field", "category", "ordinal"]).groupby("field"):
        codes = rows["category"].factorize()[0].astype(np.int64)
        found[str(field)] = (np.searchsorted(numbers, rows["ordinal"].to_numpy()), codes)
    outcome = undrawn(found, items["item_id"].tolist())
    return replace(outcome, parameters=parameters)


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Of repetition: another seed, half and twice the sample, the other encoders. Of what was not
    drawn none, for each field is counted by itself; nor where every label is told anyway."""
    given = dict(question.parameters)
    if given["of"] == UNDRAWN or given["every"]:
        return []
    changed: list[dict[str, Any]] = [{"seed": given["seed"] + 1}, {"draws": 2 * given["draws"]}]
    size = given["size"]
    sizes = (max(2, size // 2), min(10_000, 2 * size)) if size else SIZES
    changed += [{"size": one} for one in sizes]
    found = [replace(question, parameters={**given, **change}) for change in changed]
    dataset = part_of(site, question.dataset).dataset
    encoders = {
        str(made.provenance["encoder"])
        for made in site.embeddings()
        if made.provenance["dataset"] == dataset
    }
    others = sorted(encoders - {question.encoder})
    return [*found, *(replace(question, encoder=one) for one in others)]
