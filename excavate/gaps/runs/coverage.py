"""Coverage of a dataset, or a split of it, against another dataset or split of the site."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from excavate.errors import NotFoundError
from excavate.gaps.alternatives import other_references
from excavate.gaps.coverage import MEASURE, Settings, Side, coverage
from excavate.gaps.finding import NotMeasured, Outcome, Reference
from excavate.gaps.gathering import (
    Part,
    Seen,
    common_encoder,
    common_encoders,
    items_of,
    lenses_of,
    of_part,
    part_of,
    seen,
)
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from excavate.site import Site

MOST_PAIRS = 4  # of splits, and of other datasets, that are asked of unasked
SHUFFLED_UP_TO = 50_000  # numbers in both sets' vectors; beyond it shuffling takes minutes
PERMUTATIONS = 39  # the fewest that can bound 95 %
PARAMETERS = {
    "k": Parameter(5, int, N_("nearest items that a ball reaches to"), least=1, most=1000),
    "folds": Parameter(5, int, N_("parts that are scored in turn"), least=2, most=50),
    "permutations": Parameter(
        None, int, N_("times to shuffle who belongs where; 39 if not given and quick, or 0"),
        least=0, most=10_000,
    ),
    "rate": Parameter(
        0.1, float, N_("share of the picked items that may be picked by chance"),
        least=0.001, most=0.5,
    ),
    "seed": Parameter(0, int, N_("of the folds, the shuffles and the groups"), least=0, most=2**31),
    "most": Parameter(
        60_000, int, N_("items of a set to look at; of more, so many are drawn"), least=100
    ),
    "field": Parameter(None, str, N_("the label that names regions; all of them if not given")),
}  # fmt: skip


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Each split against each other one, and the dataset against the other datasets."""
    splits = site.datasets().set_index("dataset_id")["splits"][dataset]
    pairs = itertools.permutations(sorted(s for s in splits if s), 2)
    found = [Question(MEASURE, f"{dataset}/{a}", f"{dataset}/{b}") for a, b in pairs][:MOST_PAIRS]
    lenses = lenses_of(site, dataset)
    others = [o for o in site.revisions() if o != dataset and lenses & lenses_of(site, o)]
    found += [Question(MEASURE, dataset, other) for other in sorted(others)[:MOST_PAIRS]]
    return found or [Question(MEASURE, dataset)]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError for a dataset, split, encoder or label field that is not there."""
    parameters = settled(PARAMETERS, question)
    part = part_of(site, question.dataset)
    other = part_of(site, question.reference) if question.reference else None
    parts = [part, other] if other else [part]
    if question.encoder and not any(seen(site, one, question.encoder) for one in parts):
        site.embedding(question.encoder)  # a name that is wrong is told
    encoder = question.encoder or common_encoder(site, parts)
    lenses = [seen(site, one, encoder) for one in parts] if encoder else []
    why, details = _refusal(part, other, lenses)
    if why or other is None:
        refused = NotMeasured(MEASURE, parameters, why, details)
        asked = replace(question, parameters=parameters)
        return Prepared(asked, parameters, _inputs(parts, []), lambda progress: refused)
    found = [lens for lens in lenses if lens]
    sizes = [min(len(lens.vectors), parameters["most"]) for lens in found]
    width = found[0].vectors.shape[1]
    if parameters["permutations"] is None:
        parameters["permutations"] = PERMUTATIONS if sum(sizes) * width <= SHUFFLED_UP_TO else 0
    labels = _labels(site, other, found[1], parameters["field"])
    against = Reference("dataset", other.name, site.revisions()[other.dataset])

    def answer(progress: Progress) -> Outcome:
        return _answer(found, (part.name, other.name), labels, against, parameters, progress)

    return Prepared(
        replace(question, encoder=found[0].encoder, reference=other.name, parameters=parameters),
        parameters, _inputs(parts, found), answer, seconds(sizes[0], sizes[1], width, parameters),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """k half and double, other folds and rates, another seed; each other encoder that both were
    seen through; other references that name the same."""
    said = question.parameters
    k, seed = said["k"], said["seed"]
    changed = [{"k": max(1, k // 2)}, {"k": min(1000, 2 * k)}, {"seed": (seed + 1) % 2**31}]
    changed += [{"folds": 10 if said["folds"] < 10 else 5}]
    changed += [{"rate": max(0.001, said["rate"] / 2)}, {"rate": min(0.5, said["rate"] * 2)}]
    found = [replace(question, parameters={**said, **c}) for c in changed if {**said, **c} != said]
    parts = [part_of(site, n) for n in (question.dataset, question.reference) if n]
    lenses = common_encoders(site, parts)
    again = {**said, "permutations": None}  # whether it is quick depends on dimension and size
    for encoder in sorted(lenses - {question.encoder}) if question.encoder else ():
        found.append(replace(question, encoder=encoder, parameters=again))
    if question.encoder and len(parts) == 2:
        others = other_references(site, parts[0], parts[1], question.encoder)
        found += [replace(question, reference=one, parameters=again) for one in others]
    return found


def seconds(items: int, others: int, width: int, parameters: Mapping[str, Any]) -> float:
    """About how long it takes on two free cores: processor time as measured, searches halved."""
    pairs = items**2 + others**2 + 3 * items * others
    fits = int(parameters["folds"]) * (1 + int(parameters["permutations"] or 0))
    return pairs * (width + 50) / 9e10 + fits * (0.004 + (items + others) * width * 1e-7)


def _answer(
    lenses: Sequence[Seen],
    names: tuple[str, str],
    labels: Sequence[Sequence[str]],
    against: Reference,
    parameters: Mapping[str, Any],
    progress: Progress,
) -> Outcome:
    sides = [
        Side(name, lens.vectors, lens.item_ids, said)
        for name, lens, said in zip(names, lenses, ((), labels), strict=True)
    ]
    drawn = [_drawn(side, parameters["most"], parameters["seed"]) for side in sides]
    settings = Settings(**{n: parameters[n] for n in Settings.__dataclass_fields__})
    outcome = coverage(drawn[0], drawn[1], against, settings, progress)
    return replace(outcome, parameters=parameters)


def _drawn(side: Side, most: int, seed: int) -> Side:
    if len(side) <= most:
        return side
    draw = np.random.default_rng(seed)
    return side.at(np.sort(draw.choice(len(side), most, replace=False)))


def _refusal(
    part: Part, other: Part | None, lenses: Sequence[Seen | None]
) -> tuple[str, dict[str, str]]:
    if other is None:
        return N_("nothing to hold it against: name a reference, DATASET or DATASET/SPLIT"), {}
    if other == part:
        return N_("the reference is the dataset itself"), {}
    if len(lenses) < 2 or not all(lenses):
        why = N_("no encoder has seen both {dataset} and {reference}")
        return why, {"dataset": part.name, "reference": other.name}
    return "", {}


def _inputs(parts: Sequence[Part], lenses: Sequence[Seen]) -> dict[str, Any]:
    made = [one for lens in lenses for one in lens.made]
    return {"vectors": made, "datasets": [part.name for part in parts[1:]]}


def _labels(site: Site, part: Part, lens: Seen, field: str | None) -> list[list[str]]:
    """The labels of each item of the lens, in its order."""
    said = of_part(site.labels(part.dataset), items_of(site, part))
    if field is not None:
        fields = sorted(set(said["field"]))
        if field not in fields:
            todo = f"There are: {', '.join(fields) or 'none'}"
            raise NotFoundError("no such label field", field, todo)
        said = said[said["field"] == field]
    row = {ordinal: n for n, ordinal in enumerate(lens.ordinals.tolist())}
    found: list[list[str]] = [[] for _ in row]
    for ordinal, value in zip(said["ordinal"].tolist(), said["value"].tolist(), strict=True):
        if ordinal in row and isinstance(value, str):
            found[row[ordinal]].append(value)
    return found if any(found) else []
