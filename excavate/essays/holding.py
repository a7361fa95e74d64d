"""In how many other settings another figure of the essay holds."""

from __future__ import annotations

from collections.abc import Mapping

from excavate.essays.form import TONGUES, FigureAsked, Words
from excavate.essays.naming import finding_is_contested, unnamed
from excavate.essays.reckoned import (
    FOUND,
    IMPOSSIBLE,
    NOTHING,
    UNASKED,
    Ground,
    Line,
    Number,
    Reckoned,
)  # fmt: skip
from excavate.essays.worded import words
from excavate.gaps.robustness import Robustness, robustness, robustness_of
from excavate.gaps.robustness_record import record
from excavate.gaps.stored import finding


def robust(asked: FigureAsked, ground: Ground, before: Mapping[str, Reckoned]) -> Reckoned:
    """The account of the figure's finding, each of its first rows with the settings it holds in.

    numbers: holds and tried (of the first row), settings, not_measured.
    """
    site, of = ground.site, before.get(asked.of)
    assert site is not None  # noqa: S101 - for the type checker
    if of is None or not of.is_computed:
        why = words("state.waits_for")
        return Reckoned(asked, IMPOSSIBLE, words("state.impossible", why=why))
    found = robustness_of(site.folder, of.finding)
    if found is None and not ground.measure:
        return Reckoned(asked, UNASKED, words("state.unasked"))
    if found is None:
        found = robustness(site, finding(site.folder, of.finding), ground.progress)
    told = _told(asked, of, found, record(site.folder, found))
    named = finding_is_contested(site, finding(site.folder, of.finding))
    return unnamed(told) if named else told


def _told(
    asked: FigureAsked, of: Reckoned, found: Robustness, told: Mapping[str, object]
) -> Reckoned:
    said = told["said"]
    rows = told["rows"]
    assert isinstance(said, dict)  # noqa: S101 - for the type checker
    assert isinstance(rows, list)  # noqa: S101 - for the type checker
    numbers = {
        "holds": Number(found.first_holds), "tried": Number(found.first_tried),
        "settings": Number(len(found.settings)),
        "not_measured": Number(len(found.settings) - len(found.measured)),
    }  # fmt: skip
    lines = tuple(
        Line(Words(row["said"]["ko"], row["said"]["en"]), float(row["held"]),
             expected=float(row["of"]) if row["of"] else None)
        for row in rows[: asked.rows]
    )  # fmt: skip
    return Reckoned(
        asked, FOUND if lines else NOTHING, Words(*(str(said[one]) for one in TONGUES)), numbers,
        lines, title=words("robustness.title"), expected_title=words("robustness.tried"),
        finding=of.finding, rests=of.rests, encoder=of.encoder, made_at=found.made.made_at,
        left=len(rows) - len(lines),
    )  # fmt: skip
