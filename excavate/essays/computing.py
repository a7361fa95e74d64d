"""Figures computed from a site when an essay is read: out of findings that stand, or measured.

Findings are the same rows that the Gaps page shows; nothing is measured here that is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from excavate.charts_findings import bars_of
from excavate.errors import ExcavateError
from excavate.essays.form import (
    COUNTS,
    DOSSIERS,
    EN,
    OWN,
    RECORD,
    ROBUSTNESS,
    TONGUES,
    Essay,
    FigureAsked,
    Words,
)  # fmt: skip
from excavate.essays.naming import finding_is_contested, unnamed
from excavate.essays.reckoned import (
    FOUND,
    IMPOSSIBLE,
    NOTHING,
    UNASKED,
    UNMEASURED,
    Ground,
    Line,
    Number,
    Reckoned,
)  # fmt: skip
from excavate.essays.worded import words
from excavate.gaps.gathering import part_of
from excavate.gaps.numbers import is_share
from excavate.gaps.records import held_against, sentence, speaking, why_not
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.stored import Finding
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.site import Site

Own = Callable[[FigureAsked, Ground, Mapping[str, Reckoned]], Reckoned]


def reckon(essay: Essay, ground: Ground) -> dict[str, Reckoned]:
    """Every figure of an essay by its id. Nothing raises: what cannot be computed says why."""
    found: dict[str, Reckoned] = {}
    for name, asked in essay.figures.items():
        try:
            found[name] = _one(asked, ground, found)
        except ExcavateError as error:
            found[name] = impossible(asked, words("state.impossible", why=_told(error)))
        except Exception as error:
            broke = words("state.broke", what=type(error).__name__)
            found[name] = impossible(asked, words("state.impossible", why=broke))
    return found


def _told(error: ExcavateError) -> Words:
    """What is wrong, where, and what to do; in Korean where the catalogue has it."""
    by = []
    for language in TONGUES:
        with speaking(language):
            todo = _(error.todo) if error.todo else ""
        if language != EN and todo == error.todo:
            todo = ""  # half a sentence in another language helps nobody
        with speaking(language):
            by.append(str(ExcavateError(_(error.what), error.where, todo)))
    return Words(by[0], by[1])


def impossible(asked: FigureAsked, why: Words) -> Reckoned:
    """A figure that cannot be computed here, with the reason in its place."""
    return Reckoned(asked, IMPOSSIBLE, why)


def _one(asked: FigureAsked, ground: Ground, before: Mapping[str, Reckoned]) -> Reckoned:
    needs_site = asked.measure not in (DOSSIERS, RECORD)
    if needs_site and ground.site is None:
        return impossible(asked, words("state.impossible", why=words("state.no_site")))
    if needs_site and ground.site and asked.dataset and not _holds(ground.site, asked.dataset):
        missing = words("state.no_dataset", dataset=asked.dataset)
        return impossible(asked, words("state.impossible", why=missing))
    if asked.measure in OWN:
        return _own(asked.measure)(asked, ground, before)
    assert ground.site is not None  # noqa: S101 - for the type checker
    return _measured(asked, ground, ground.site)


def _holds(site: Site, dataset: str) -> bool:
    """Whether the site has a dataset; a split of it that is not there is told by its measure."""
    there = site.revisions()
    return dataset in there or any(dataset.startswith(f"{name}/") for name in there)


def _own(measure: str) -> Own:
    from excavate.essays.counting import counts
    from excavate.essays.from_dossiers import dossiers, record
    from excavate.essays.holding import robust

    return {COUNTS: counts, DOSSIERS: dossiers, RECORD: record, ROBUSTNESS: robust}[measure]


def _measured(asked: FigureAsked, ground: Ground, site: Site) -> Reckoned:
    """A measure of the registry: the finding that stands, or one that is measured now."""
    from excavate.gaps.asking import ask_each, prepared_place

    part_of(site, asked.dataset)  # a split that is not there is told before anything else
    _prepared, place = prepared_place(site, asked.question)
    if place.exists():
        return of_finding(asked, Finding(place), site)
    if not ground.measure:
        return Reckoned(asked, UNASKED, words("state.unasked"), question=asked.question)
    (answer,) = ask_each(site, [asked.question], ground.progress)
    if answer.finding:
        return of_finding(asked, answer.finding, site)
    if answer.error:
        raise answer.error
    what = answer.broke.strip().splitlines()[-1].partition(":")[0].rpartition(".")[2]
    return impossible(asked, words("state.impossible", why=words("state.broke", what=what)))


def of_finding(asked: FigureAsked, finding: Finding, site: Site) -> Reckoned:
    """A finding as an essay's figure: the same rows and numbers, nothing rounded away."""
    common = _common(asked, finding)
    if not finding.is_measured:
        why = _in_both(lambda: why_not(finding))
        return replace(common, state=UNMEASURED, said=words("state.unmeasured", why=why))
    if finding.made.provenance["version"] != REGISTRY[finding.measure].version:
        return replace(common, state=UNMEASURED, said=words("state.older"))
    whole = replace(
        common, state=FOUND if finding.rows.num_rows else NOTHING, numbers=_numbers(finding),
        named={name: _heading(finding.measure, name) for name in finding.figures},
        against=_in_both(lambda: held_against(finding)),
    )  # fmt: skip
    if whole.state == NOTHING:
        return whole
    return unnamed(whole) if finding_is_contested(site, finding) else _with_lines(whole, finding)


def _common(asked: FigureAsked, finding: Finding) -> Reckoned:
    """What is said of every finding, measured or not."""
    provenance = finding.made.provenance
    return Reckoned(
        asked, NOTHING, _in_both(lambda: sentence(finding)), finding=finding.id,
        rests=tuple(sorted(provenance["revisions"].items())),
        encoder=str(provenance["encoder"] or ""), made_at=finding.made.made_at,
        question=asked.question,
    )  # fmt: skip


def _numbers(finding: Finding) -> dict[str, Number]:
    found = {
        name: Number(one.value, one.low, one.high, is_share(finding.measure, name))
        for name, one in finding.figures.items()
    }
    found["rows"] = Number(finding.rows.num_rows)
    found["tested"] = Number(float(finding.made.result.get("tested", 0)))
    return found


def _heading(measure: str, name: str) -> Words:
    return _in_both(lambda: saying_of(measure).column(name))


def _with_lines(whole: Reckoned, finding: Finding) -> Reckoned:
    """The strongest rows, their words in both languages, their pictures."""
    said = _rows_said(finding, whole.asked.rows)
    drawn = {}
    for language in TONGUES:
        with speaking(language):
            drawn[language] = bars_of(finding)
    korean, english = drawn["ko"], drawn["en"]
    lines = []
    for at, row in enumerate(finding.first_rows(whole.asked.rows)):
        line = Line(said[at], items=_items_of(row))
        if korean and english and at < len(korean.labels):
            low, high = korean.bounds(at) or (None, None)
            label = Words(korean.labels[at], english.labels[at])
            line = replace(line, label=label, value=korean.values[at], low=low, high=high,
                           expected=korean.expected[at])  # fmt: skip
        lines.append(line)
    left = finding.rows.num_rows - len(lines)
    title = Words(korean.title, english.title) if korean and english else words("counts.title")
    tick = Words(korean.expected_title, english.expected_title) if korean and english else None
    return replace(
        whole, lines=tuple(lines), left=left, title=title,
        expected_title=tick or Words("", ""), share=bool(korean and korean.share),
    )  # fmt: skip


def _rows_said(finding: Finding, count: int) -> list[Words]:
    rows = finding.first_rows(count)
    saying = saying_of(finding.measure)
    by: dict[str, list[str]] = {}
    for language in TONGUES:
        with speaking(language):
            by[language] = [saying.row(finding, row) for row in rows]
    return [Words(korean, english) for korean, english in zip(by["ko"], by["en"], strict=True)]


def _items_of(row: Mapping[str, object]) -> tuple[str, ...]:
    """The items that a row shows: those it is of, or the one it names and what lies nearest."""
    own, listed = row.get("item"), row.get("nearest" if "item" in row else "items")
    first = [own] if isinstance(own, str) else []
    return tuple(map(str, [*first, *(listed if isinstance(listed, list) else ())]))


def _in_both(saying: Callable[[], str]) -> Words:
    found = {}
    for language in TONGUES:
        with speaking(language):
            found[language] = saying()
    return Words(found["ko"], found["en"])
