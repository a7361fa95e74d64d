"""Words of a vocabulary against the pictures of a dataset, and against those of a control."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from excavate.embedding.spec import said_name
from excavate.errors import EncoderError, ExcavateError
from excavate.gaps.concepts import MEASURE, Asked, Pictures, concepts
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.gathering import Seen, part_of
from excavate.gaps.nonsense import nonsense
from excavate.gaps.question import Parameter, Prepared, Question, settled
from excavate.gaps.standing_out import Words
from excavate.gaps.text_lenses import (
    Lens,
    control_of,
    controls,
    lens_of,
    seen_through,
    text_lenses,
    usual_lens,
)
from excavate.gaps.vocabulary import LANGUAGES, Vocabulary, read_vocabulary, shipped
from excavate.i18n import N_
from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.site import Site

PARAMETERS = {
    "vocabulary": Parameter("general", str, N_("a shipped vocabulary, or a CSV of prompts")),
    "second": Parameter(None, str, N_("a second encoder, laid beside the first")),
    "thin": Parameter(0.5, float, N_("less than this times the control's share is thin"),
                      least=0.01, most=1),
    "noise": Parameter(0.001, float, N_("the share of pictures that nonsense may lift"),
                       least=1e-6, most=0.2),
    "nonsense": Parameter(50, int, N_("how many nonsense words set the bar"), least=10, most=500),
    "template_ko": Parameter("{} 사진", str, N_("what stands around each Korean prompt")),
    "template_en": Parameter("a photo of {}", str, N_("what stands around each English prompt")),
    "seed": Parameter(0, int, N_("random seed"), least=0, most=2**31),
}  # fmt: skip
ARTICLE = re.compile(r"^(a|an|the) ")
PRODUCTS_A_SECOND = 3e9
PROMPTS_A_SECOND = 25  # through the word tower of a ViT-B-32 on two cores


def questions(site: Site, dataset: str) -> Sequence[Question]:
    """Each shipped vocabulary, where the dataset was seen by an encoder that knows words."""
    if usual_lens(site, part_of(site, dataset).dataset) is None:
        return [Question(MEASURE, dataset)]
    return [Question(MEASURE, dataset, parameters={"vocabulary": name}) for name in shipped()]


def prepare(site: Site, question: Question) -> Prepared:
    """Raises NotFoundError where vocabulary, control or encoder is not there; SourceError."""
    parameters = settled(PARAMETERS, question)
    _check_templates(parameters)
    vocabulary = read_vocabulary(parameters["vocabulary"])
    part = part_of(site, question.dataset)
    lens = lens_of(site, part.dataset, question.encoder)
    if lens is None or not lens.has_text:
        return _not_measured(question, parameters, vocabulary, lens)
    second = _second(site, part.dataset, parameters["second"])
    control = control_of(site, part, question.reference, [lens, *second])
    parameters["second"] = second[0].identity if second else None
    asked = replace(
        question,
        reference=control.name if control else None,
        encoder=lens.identity,
        parameters=parameters,
    )
    parts = [part] if control is None else [part, control]
    sides = [[seen_through(site, one, each) for one in parts] for each in [lens, *second]]
    inputs: dict[str, Any] = {"vocabulary": vocabulary.sha256}
    inputs["vectors"] = [made for row in sides for one in row for made in one.made]
    inputs["datasets"] = [control.name] if control else []
    return Prepared(
        asked, parameters, inputs,
        lambda progress: _answer(site, asked, vocabulary, sides, progress),
        _seconds(vocabulary, parameters, sides),
    )  # fmt: skip


def variants(site: Site, question: Question) -> Sequence[Question]:
    """Other text encoders and controls of the site; bare prompts; other bars and seeds."""
    dataset = part_of(site, question.dataset).dataset
    lenses = text_lenses(site, dataset)
    if question.encoder not in [lens.identity for lens in lenses]:
        return []  # it was not measured, or its vectors are gone
    found = [
        replace(question, encoder=lens.identity)
        for lens in lenses
        if lens.identity != question.encoder and _saw(site, lens, dataset, question.reference)
    ]
    there = controls(site, dataset, question.encoder or "")
    found += [replace(question, reference=n) for n in there if n != question.reference]
    settings: list[dict[str, Any]] = [
        {"template_ko": "{}", "template_en": "{}"}, {"noise": question.parameters["noise"] * 5},
        {"seed": question.parameters["seed"] + 1},
    ]  # fmt: skip
    return found + [replace(question, parameters={**question.parameters, **s}) for s in settings]


def _saw(site: Site, lens: Lens, dataset: str, control: str | None) -> bool:
    """Whether the encoder saw the control too."""
    if control is None:
        return True
    other = part_of(site, control).dataset
    return other == dataset or other in controls(site, dataset, lens.identity)


def _check_templates(parameters: Mapping[str, Any]) -> None:
    wrong = [n for n in ("template_ko", "template_en") if parameters[n].count("{}") != 1]
    wrong += [n for n in wrong if "{" in parameters[n].replace("{}", "")]
    if wrong:
        todo = "Write {} once, where the prompt stands"
        raise ExcavateError("a template without a place for the prompt", ", ".join(wrong), todo)


def _second(site: Site, dataset: str, spec: str | None) -> list[Lens]:
    if spec is None:
        return []
    lens = lens_of(site, dataset, spec)
    if lens is None or not lens.has_text:
        raise EncoderError("this encoder knows no words", spec, "Name another second encoder")
    return [lens]


def _not_measured(
    question: Question, parameters: dict[str, Any], vocabulary: Vocabulary, lens: Lens | None
) -> Prepared:
    """Without an encoder that knows words: the reason."""
    why = N_("this encoder knows no words") if lens else N_("it has no embedding")
    asked = replace(question, encoder=lens.identity if lens else None, parameters=parameters)
    inputs = {"vocabulary": vocabulary.sha256, "vectors": [lens.made] if lens else []}
    return Prepared(
        asked, parameters, inputs, lambda progress: NotMeasured(MEASURE, parameters, why)
    )


def _seconds(
    vocabulary: Vocabulary, parameters: Mapping[str, Any], sides: Sequence[Sequence[Seen]]
) -> float:
    """Words through the tower, and each product of a picture with a word."""
    words: float = 2 * (len(vocabulary.concepts) + parameters["nonsense"])
    products = sum(one.vectors.size for row in sides for one in row) * words
    return len(sides) * words / PROMPTS_A_SECOND + products / PRODUCTS_A_SECOND


def _answer(
    site: Site,
    question: Question,
    vocabulary: Vocabulary,
    sides: Sequence[Sequence[Seen]],
    progress: Progress,
) -> Outcome:
    """The first encoder's outcome; the second's states and scores as columns beside it."""
    outcomes = [
        _through(site, question, vocabulary, row, progress, n, len(sides))
        for n, row in enumerate(sides)
    ]
    progress(MEASURE, len(sides), len(sides))
    first, *more = outcomes
    if not more or not isinstance(first, Measured):
        return first
    return _beside(first, more[0])


def _through(
    site: Site,
    question: Question,
    vocabulary: Vocabulary,
    sides: Sequence[Seen],
    progress: Progress,
    done: int,
    total: int,
) -> Outcome:
    progress(MEASURE, done, total)
    given = question.parameters
    spoken = {
        language: _words(site, vocabulary, language, given, sides[0].encoder)
        for language in LANGUAGES
    }
    here, control = sides[0], sides[1] if len(sides) > 1 else None
    reference = _reference(site, question, vocabulary)
    against = _pictures(control) if control else None
    named = _named(site, question.reference, control, vocabulary)
    asked = Asked(
        _pictures(here), against, reference, given["thin"], given["noise"], given["seed"], named
    )
    told = {**given, "lens": said_name(here.spec)}
    return concepts(vocabulary.concepts, spoken, asked, told)


def _words(
    site: Site, vocabulary: Vocabulary, language: str, given: Mapping[str, Any], encoder: str
) -> Words:
    """Prompts and nonsense in the language's template; zeros where a prompt is lacking."""
    template = given[f"template_{language}"]
    prompts = [concept.prompt(language) for concept in vocabulary.concepts]
    nothing = nonsense(language, given["nonsense"], given["seed"])
    said = site.said([template.format(text) for text in [*prompts, *nothing]], encoder).copy()
    said[[n for n, prompt in enumerate(prompts) if not prompt]] = 0
    return Words(said[: len(prompts)], said[len(prompts) :])


def _named(
    site: Site, name: str | None, control: Seen | None, vocabulary: Vocabulary
) -> dict[str, np.ndarray]:
    """{concept: which pictures of the control have a label that says the same, in any field}.

    Held against the prompts alone, for an id may say something else; without English articles.
    """
    if control is None or name is None:
        return {}
    labels = site.labels(part_of(site, name).dataset)
    said = labels["value"].astype(str).map(_plain)
    having = {value: set(rows) for value, rows in labels["ordinal"].groupby(said)}
    found = {}
    for concept in vocabulary.concepts:
        names = {_plain(concept.ko), _plain(concept.en)} - {""}
        ordinals = set().union(*(having.get(n, ()) for n in sorted(names)))
        if ordinals:
            found[concept.id] = np.isin(control.ordinals, sorted(ordinals))
    return found


def _plain(text: str) -> str:
    """Small letters, blanks for underscores, no article in front: `A dog` is `dog`."""
    return ARTICLE.sub("", " ".join(text.replace("_", " ").casefold().split()))


def _beside(first: Measured, second: Outcome) -> Outcome:
    """The second encoder's state and score of each concept, and how often they agree."""
    if isinstance(second, NotMeasured):
        return NotMeasured(MEASURE, first.parameters, second.why, second.details)
    theirs = {row["concept"]: row for row in second.rows.to_pylist()}
    named, rows = first.rows["concept"].to_pylist(), first.rows
    for column in ("state", "score"):
        values = [theirs[concept][column] for concept in named]
        kind = rows.schema.field(column).type
        rows = rows.append_column(f"second_{column}", pa.array(values, kind))
    ours = rows["state"].to_pylist()
    same = sum(theirs[c]["state"] == state for c, state in zip(named, ours, strict=True))
    figures = {**first.figures, "encoders_agree": Figure(same)}
    return replace(first, rows=rows, figures=figures, tested=first.tested + second.tested)


def _reference(site: Site, question: Question, vocabulary: Vocabulary) -> Reference:
    if question.reference is None:
        return Reference("vocabulary", vocabulary.name, vocabulary.sha256)
    dataset = part_of(site, question.reference).dataset
    return Reference("dataset", question.reference, site.revisions()[dataset])


def _pictures(side: Seen) -> Pictures:
    return Pictures(side.vectors, side.item_ids)
