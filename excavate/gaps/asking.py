"""Ask a site: run measures over it and keep what they say as findings.

site = excavate.open_site("sites/mine")
finding = excavate.measure(site, "coverage", "mine", reference="theirs", k=5)
finding.figures, finding.rows.to_pandas()
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, SiteError
from excavate.gaps.asked import note_answer, note_failure
from excavate.gaps.gathering import part_of
from excavate.gaps.question import Prepared, Question
from excavate.gaps.registry import REGISTRY, entry, run_of
from excavate.gaps.stored import Finding, keep, place_of, writing
from excavate.progress import Progress, silent

if TYPE_CHECKING:
    from excavate.catalog.computed import Computed
    from excavate.site import Site

TAKES = {"reference": "references", "encoder": "lens"}  # of a question: what an Entry must say
LONG = 10.0  # seconds; what takes longer says so before it starts
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one question: a finding, or why it failed (`broke`: by a fault of ours)."""

    question: Question
    finding: Finding | None = None
    error: ExcavateError | None = None
    broke: str = ""


def measure(
    site: Site,
    name: str,
    dataset: str,
    *,
    reference: str | None = None,
    encoder: str | None = None,
    **parameters: Any,
) -> Finding:
    """Measure what a dataset lacks, and keep it: `name` is a key of the registry.

    Raises ExcavateError. What cannot be measured is a finding too: see `Finding.is_measured`.
    """
    return ask(site, Question(name, dataset, reference, encoder, parameters))


def ask(
    site: Site, question: Question, progress: Progress = silent, note: Note | None = None
) -> Finding:
    """The finding of a question; computed if it is not yet. Raises ExcavateError."""
    generation = site.generation
    prepared, place = prepared_place(site, question)
    if place.exists():
        return Finding(place)
    with writing(place):  # what cannot be kept is not computed
        pass
    if note and (prepared.seconds or 0) > LONG:
        note(f"{question.measure} of {question.dataset}: {_about(prepared.seconds or 0)}")
    started = time.monotonic()
    outcome = prepared.answer(progress)
    seconds = time.monotonic() - started
    if site.generation != generation and prepared_place(site, question)[1].id != place.id:
        what, todo = "the catalog changed while it was measured", "Ask again"
        raise SiteError(what, f"{question.measure} of {question.dataset}", todo)
    finding = keep(place, outcome, seconds)
    note_answer(site.folder, finding)
    return finding


def prepared_place(site: Site, question: Question) -> tuple[Prepared, Computed]:
    """A question resolved, and where its finding stands or will stand. Raises ExcavateError."""
    _check_takes(question)
    prepared = run_of(question.measure).prepare(site, question)
    return prepared, place_of(site.folder, prepared, _revisions(site, prepared))


def _check_takes(question: Question) -> None:
    """What a measure has no use for would stand in its provenance like a thing it rests on."""
    takes = entry(question.measure)
    unused = {"reference": question.reference, "encoder": question.encoder}
    unused = {n: v for n, v in unused.items() if v and not getattr(takes, TAKES[n])}
    if unused:
        said = ", ".join(f"{name} {value}" for name, value in unused.items())
        raise ExcavateError(f"it has no use for the {said}", question.measure, "Leave it out")


def questions(
    site: Site,
    dataset: str | None = None,
    measures: Sequence[str] = (),
    reference: str | None = None,
    encoder: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> list[Question]:
    """What to ask: what each measure thinks worth asking, or just what is given.

    Without a dataset, of all; without measures, all of them.
    """
    asked = []
    for name in measures or _fitting(reference, encoder):
        run = run_of(name)
        for one in [dataset] if dataset else site.revisions():
            part_of(site, one)  # a name that is wrong is told before anything runs
            if reference or encoder or parameters:
                asked.append(Question(name, one, reference, encoder, parameters or {}))
            else:
                asked += run.questions(site, one)
    return asked


def _fitting(reference: str | None, encoder: str | None) -> list[str]:
    """The measures that can make use of what was given."""
    given = {"reference": reference, "encoder": encoder}
    wanted = [TAKES[name] for name, value in given.items() if value]
    return [name for name, one in REGISTRY.items() if all(getattr(one, w) for w in wanted)]


def ask_each(
    site: Site, asked: Sequence[Question], progress: Progress = silent, note: Note | None = None
) -> Iterator[Answer]:
    """Ask one after another; where one fails, the others go on and the failure is told."""
    for question in asked:
        try:
            yield Answer(question, ask(site, question, progress, note))
        except ExcavateError as error:
            note_failure(site.folder, question)
            yield Answer(question, error=error)
        except Exception as error:
            note_failure(site.folder, question)
            yield Answer(question, broke="".join(traceback.format_exception(error)))


def variants(site: Site, finding: Finding) -> list[Question]:
    """The finding's question in other settings, each once and without its own."""
    asked = finding.question
    found = run_of(asked.measure).variants(site, asked)
    return [replace(one, measure=asked.measure) for one in found]


def _revisions(site: Site, prepared: Prepared) -> dict[str, str]:
    """{dataset: revision} of everything of the site that the answer is made of."""
    names = [prepared.question.dataset, *prepared.inputs.get("datasets", ())]
    there = site.revisions()
    return {name: there[name] for name in dict.fromkeys(part_of(site, n).dataset for n in names)}


def _about(seconds: float) -> str:
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"
