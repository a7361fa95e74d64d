"""What a row claims: in another setting it holds only where a gap says the same of the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from excavate.catalog.folder import SiteFolder
from excavate.gaps.claims import CLAIMS, claim_of
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.question import Prepared, Question
from excavate.gaps.registry import REGISTRY, run_of
from excavate.gaps.robustness import Gap, gaps_of
from excavate.gaps.stored import keep, place_of


def gaps(folder: Path, measure: str, rows: list[dict[str, Any]]) -> list[Gap]:
    """The gaps of a finding with these rows."""
    outcome = Measured(measure, {}, Reference("itself"), pa.Table.from_pylist(rows))
    prepared = Prepared(Question(measure, "d"), {}, {"rows": repr(rows)}, lambda p: outcome)
    return gaps_of(keep(place_of(SiteFolder(folder), prepared, {"d": "1"}), outcome, 0.0))


def told(folder: Path, measure: str, rows: list[dict[str, Any]]) -> list[Any]:
    return [gap.claimed for gap in gaps(folder, measure, rows)]


def test_a_state_that_flipped_does_not_hold(tmp_path: Path) -> None:
    thin, blind = ({"concept": "sea", "state": state} for state in ("thin", "blind"))
    assert told(tmp_path, "concepts", [blind]) == []
    assert told(tmp_path, "concepts", [thin]) == told(tmp_path, "concepts", [thin, blind])
    empty = {"node_id": "n", "action": "acquire", "count": 0}
    few = {"node_id": "n", "action": "augment", "count": 3}
    assert told(tmp_path, "taxonomy", [empty]) != told(tmp_path, "taxonomy", [few])
    assert told(tmp_path, "taxonomy", [few]) == told(tmp_path, "taxonomy", [few | {"count": 4}])


def test_a_gap_keeps_its_place_and_what_is_more_than_expected_is_none(tmp_path: Path) -> None:
    pair = {"x_field": "label:a", "x": "1", "y_field": "label:b", "y": "2"}
    more, fewer = pair | {"observed": 9, "expected": 3.0}, pair | {"observed": 1, "expected": 3.0}
    [only] = gaps(tmp_path, "association", [more, fewer])
    assert (only.place, only.key) == (1, pair)


@pytest.mark.parametrize("measure", ["association", "columns", "duplicates", "labels", "regions"])
def test_what_is_named_as_unmoved_is_a_parameter(measure: str) -> None:
    """A misspelt name would silently count settings that cannot move a row."""
    known = {*run_of(measure).PARAMETERS, "reference", "encoder"}
    kinds = (
        "exact",
        "hash",
        "place",
        "too small",
        "attribute",
        "likely error",
        "disagreeing label",
    )
    for kind in kinds:
        for check in ("empty", "cliff", "thin"):
            row = {"kind": kind, "check": check, "observed": 0, "count": 0}
            assert claim_of(measure).unmoved(row, {}) <= known
    assert set(CLAIMS) <= set(REGISTRY)


@pytest.mark.parametrize(
    ("measure", "row", "change", "moved"),
    [
        ("columns", {"check": "empty"}, {"alpha": [0.05, 0.1]}, False),
        ("columns", {"check": "empty"}, {"reference": [None, "t.csv"]}, True),
        ("columns", {"check": "empty-in-group"}, {"alpha": [0.05, 0.1]}, True),
        ("columns", {"check": "cliff"}, {"drop": [10, 5]}, True),
        ("columns", {"check": "silent-years"}, {"alpha": [0.05, 0.01]}, True),
        ("taxonomy", {"count": 0}, {"thin": [0.5, 0.8]}, False),
        ("taxonomy", {"count": 2}, {"thin": [0.5, 0.8]}, True),
        ("taxonomy", {"count": 0}, {"reference": ["floor:10", "floor:20"]}, False),
        ("taxonomy", {"count": 0}, {"reference": ["uniform", "other"]}, True),
        ("duplicates", {"kind": "exact"}, {"encoder": ["a", "b"]}, False),
        ("duplicates", {"kind": "hash"}, {"k": [5, 10]}, False),
        ("duplicates", {"kind": "hash"}, {"radius": [6, 4]}, True),
        ("duplicates", {"kind": "embedding"}, {"k": [5, 10]}, True),
        ("regions", {"kind": "place"}, {"visible": [1, 2]}, False),
        ("regions", {"kind": "place"}, {"grid": [3, 5]}, False),
        ("regions", {"kind": "place"}, {"least": [5, 10]}, True),
        ("regions", {"kind": "attribute"}, {"visible": [1, 2]}, True),
        ("labels", {"kind": "disagreeing label"}, {"seed": [0, 1]}, False),
        ("labels", {"kind": "likely error"}, {"seed": [0, 1]}, True),
        ("association", {"observed": 0}, {"bootstrap": [0, 200], "seed": [0, 1]}, False),
        ("coverage", {"name": "x"}, {"k": [5, 10]}, True),
    ],
)
def test_a_setting_that_cannot_move_a_row_is_no_test_of_it(
    measure: str, row: dict[str, Any], change: dict[str, list[Any]], moved: bool
) -> None:
    assert claim_of(measure).is_moved(row, change) is moved
