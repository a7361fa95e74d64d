"""What has to hold of an essay as a whole: both languages speak of the same figures and sources."""

from __future__ import annotations

from collections import Counter

from excavate.errors import FaultList
from excavate.essays.form import OWN, ROBUSTNESS, Essay, FigureAsked, Pair
from excavate.essays.marks import broken_marks, notes_in, numbers_in


def check(essay: Essay, file: str, faults: FaultList) -> None:
    """Add every fault that is not of one block alone."""
    _check_figures(essay, file, faults)
    for pair in essay.pairs:
        _check_pair(essay, pair, file, faults)
    cited = {note for pair in essay.pairs for note in notes_in(pair.words.ko + pair.words.en)}
    for unused in (one for one in essay.sources if one not in cited):
        faults.add(f"{file}: source {unused}", "no sentence names this source")
    if not essay.pairs:
        faults.add(file, "there is no prose in it")


def _check_figures(essay: Essay, file: str, faults: FaultList) -> None:
    asked = [part for part in essay.body if isinstance(part, FigureAsked)]
    for name, count in Counter(one.id for one in asked).items():
        if count > 1:
            faults.add(file, f"{count} figures are called {name!r}")
    measured = {one.id for one in asked if one.measure not in OWN}
    for one in asked:
        if one.measure == ROBUSTNESS and one.of not in measured:
            faults.add(f"{file}:{one.line}", f"`of`: no measured figure is called {one.of!r}")
        if one.measure not in OWN[1:] and not one.dataset:
            faults.add(f"{file}:{one.line}", "names no dataset, and the front matter names none")


def _check_pair(essay: Essay, pair: Pair, file: str, faults: FaultList) -> None:
    _check_text(essay, "ko", pair.words.ko, pair.lines[0], file, faults)
    _check_text(essay, "en", pair.words.en, pair.lines[1], file, faults)
    if sorted(numbers_in(pair.words.ko)) != sorted(numbers_in(pair.words.en)):
        faults.add(f"{file}:{pair.lines[0]}", "Korean and English differ in their numbers")
    if sorted(notes_in(pair.words.ko)) != sorted(notes_in(pair.words.en)):
        faults.add(f"{file}:{pair.lines[0]}", "Korean and English differ in their sources")


def _check_text(
    essay: Essay, language: str, text: str, line: int, file: str, faults: FaultList
) -> None:
    place = f"{file}:{line}"
    if not text.strip():
        faults.add(place, f"nothing is said in `{language}`")
    for at, found in broken_marks(text):
        faults.add(f"{file}:{line + at}", f"a mark that is begun and is none: {found}")
    for figure in (one for one, _name in numbers_in(text) if one not in essay.figures):
        faults.add(place, f"no figure is called {figure!r}")
    for note in (one for one in notes_in(text) if one not in essay.sources):
        faults.add(place, f"no source is called {note!r}")
