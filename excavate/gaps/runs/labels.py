"""A field of labels, held against a probe through an encoder, its neighbours and people's votes."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.embedding.spec import said_name
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome
from excavate.gaps.gathering import Seen, items_of, of_part, part_of, seen
from excavate.gaps.label_evidence import Setting, Told, Why, without
from excavate.gaps.labels import MEASURE, labels
from excavate.gaps.persons import Persons, persons_in
from excavate.gaps.probing import seconds_of
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.runs.label_votes import votes_of
from excavate.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from excavate.gaps.voices import Votes
    from excavate.progress import Progress
    from excavate.site import Site

NOBODY = "none"
MOST_FIELDS = 5
VOUCHED = {"setting": "of_persons=no"}
PARAMETERS = {
    "field": Parameter(None, str, N_("which field of labels")),
    "voices": Parameter(
        None, str, N_("whose votes to hear: sources of joined labels, or none"), several=True
    ),
    "k": Parameter(10, int, N_("how many neighbours"), least=1, most=1000),
    "folds": Parameter(
        5, int, N_("parts that the probe is fitted without, in turn"), least=2, most=50
    ),
    "seed": Parameter(0, int, N_("of the folds and the bootstrap"), least=0, most=2**32 - 1),
    "strength": Parameter(
        0.1, float, N_("of the probe: the inverse of its penalty"), least=1e-6, most=1e6
    ),
    "over": Parameter(
        0.5, float, N_("a label disagrees where more of its neighbours have another"), least=0,
        most=1,
    ),
    "least": Parameter(5, int, N_("items that a label or a region has to have"), least=2),
    "of_persons": Parameter(
        None, str, N_("no: you say that the field is not of persons; labels that are stay out"),
        choices=("no",),
    ),
}  # fmt: skip


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Each field that says one thing of each item, and not another of each."""
    part = part_of(site, dataset)
    items = items_of(site, part)
    said = of_part(site.labels(part.dataset), items)
    usable = [
        name
        for name, rows in said.groupby("field", sort=False)
        if not rows["ordinal"].duplicated().any()
        and 1 < rows["value"].nunique() <= len(rows) / 2
        and not persons_in(str(name), rows["value"].unique()).plain
    ]
    asked = [Question(MEASURE, dataset, parameters={"field": str(f)}) for f in usable]
    return asked[:MOST_FIELDS] or [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for a field, a voice or an encoder that is not there."""
    parameters = settled(PARAMETERS, question)
    if question.reference not in (None, "", "itself"):
        what = "labels are held against other opinions of the same items, not a reference"
        raise ExcavateError(what, str(question.reference), "Leave --reference out")
    part = part_of(site, question.dataset)
    items = items_of(site, part)
    said = of_part(site.labels(part.dataset), items)
    parameters["field"] = _field(said, parameters["field"])
    rows = said[said["field"] == parameters["field"]]
    lens = _lens(site, part, question.encoder)
    votes = votes_of(site, part, items, rows, _voices(parameters["voices"]))
    parameters["voices"] = list(votes.sets) if votes else []
    resolved = replace(
        question, reference=None, encoder=lens.encoder if lens else None, parameters=parameters
    )
    inputs = {"vectors": list(lens.made) if lens else [], "voices": _fingerprint(votes)}
    return Prepared(
        resolved, parameters, inputs,
        lambda progress: _answer(parameters, items, rows, lens, votes, progress),
        _seconds(rows, lens, parameters["folds"]),
    )  # fmt: skip


def _field(said: DataFrame, asked: str | None) -> str:
    there = [str(name) for name in said["field"].unique()]
    if asked and asked not in there:
        todo = f"There are: {', '.join(there) or 'none'}"
        raise NotFoundError("no such field of labels", asked, todo)
    single = [f for f in there if not said[said["field"] == f]["ordinal"].duplicated().any()]
    return asked or next(iter(single or there), "")


def _lens(site: Site, part: Any, encoder: str | None) -> Seen | None:
    if encoder is not None:
        site.embedding(encoder, part.dataset)  # a name that is wrong is told
    return seen(site, part, encoder)


def _voices(asked: Sequence[str] | None) -> Sequence[str] | None:
    return [] if asked is not None and list(asked) == [NOBODY] else asked


def _answer(
    parameters: dict[str, Any], items: DataFrame, rows: DataFrame, lens: Seen | None,
    votes: Votes | None, progress: Progress,
) -> Outcome:  # fmt: skip
    field = parameters["field"]
    persons = persons_in(field, rows["value"].unique())
    why, details = _why_not(field, rows, persons, parameters["of_persons"])
    if why:
        return NotMeasured(MEASURE, parameters, why, details)
    told = _told(items, rows, lens, votes)
    asked = without(told, persons.labels)
    setting = Setting(**{f.name: parameters[f.name] for f in fields(Setting)})
    outcome = labels(asked, setting, progress)
    through: dict[str, Any] = {"lens": said_name(lens.spec)} if lens else {}
    if persons.labels:
        through["not_asked_of"] = sorted(persons.labels)
    outcome = replace(outcome, parameters={**parameters, **outcome.parameters, **through})
    if isinstance(outcome, Measured) and persons.labels:
        apart = Figure(len(told.given) - len(asked.given))
        outcome = replace(outcome, figures={**outcome.figures, "of_persons": apart})
    return outcome


def _why_not(field: str, rows: DataFrame, persons: Persons, vouched: str | None) -> Why:
    """Why a field is not probed; by rule 7 what is of persons is not, what may be only if told."""
    if not field:
        return N_("the source gives no labels"), {}
    named = {"field": field}
    if persons.plain:
        return N_("{field} says what a person is: nothing guesses that from pixels"), named
    if rows["ordinal"].duplicated().any():
        return N_("an item can have several labels in {field}; the probe is for one"), named
    if persons.labels and vouched != "no":
        why = N_("labels of {field} say what a person is ({labels}): nothing guesses that from "
                 "pixels; with {setting} the others are measured")  # fmt: skip
        return why, named | VOUCHED | {"labels": _few(sorted(persons.labels))}
    if persons.unsure and vouched != "no":
        return N_("{field} may say what a person is: nothing guesses that from pixels; if it does "
                  "not, say {setting}"), named | VOUCHED  # fmt: skip
    return None, {}


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _told(items: DataFrame, rows: DataFrame, lens: Seen | None, votes: Votes | None) -> Told:
    stated = rows.set_index("ordinal")["value"].reindex(items["ordinal"])
    given = [None if v is None or v != v else str(v) for v in stated]
    return Told(given, items["item_id"].tolist(), _spread(items, lens), votes=votes)


def _spread(items: DataFrame, lens: Seen | None) -> np.ndarray | None:
    """The vectors in the order of the items; NaN where an item has no pixels."""
    if lens is None or not len(lens.vectors):
        return None
    at = np.searchsorted(items["ordinal"].to_numpy(), lens.ordinals)
    if len(at) == len(items) and (at == np.arange(len(at))).all():
        return np.asarray(lens.vectors)
    wide = np.full((len(items), lens.vectors.shape[1]), np.nan, np.float32)
    wide[at] = lens.vectors
    return wide


def _fingerprint(votes: Votes | None) -> str:
    """What decides the votes: they may be joined anew without the dataset changing."""
    if votes is None:
        return ""
    named = "\n".join([*votes.names, "", *votes.sets]).encode()
    return hashlib.sha256(named + votes.counts.tobytes()).hexdigest()


def _seconds(rows: DataFrame, lens: Seen | None, folds: int) -> float | None:
    if lens is None or not len(lens.vectors):
        return None
    items, dimension = lens.vectors.shape
    words = int(rows["value"].nunique())
    return float(seconds_of(items, dimension, words, folds) + items * 3e-4)


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Other seeds, neighbours and penalties, without people's votes, through other encoders."""
    given = question.parameters
    settings: list[dict[str, Any]] = [
        {"seed": (given["seed"] + 1) % 2**32},
        {"seed": (given["seed"] + 2) % 2**32},
        {"k": max(1, given["k"] // 2)},
        {"k": min(1000, 2 * given["k"])},
        {"strength": max(1e-6, given["strength"] / 10)},
        {"strength": min(1e6, given["strength"] * 10)},
    ] + ([{"voices": [NOBODY]}] if given["voices"] else [])
    settings = [other for other in settings if {**given, **other} != given]
    dataset = part_of(site, question.dataset).dataset
    lenses = {str(made.provenance["encoder"]) for made in site.embeddings()
              if made.provenance["dataset"] == dataset} - {question.encoder}  # fmt: skip
    asked = [replace(question, parameters={**given, **other}) for other in settings]
    return asked + [replace(question, encoder=lens) for lens in sorted(lenses)]
