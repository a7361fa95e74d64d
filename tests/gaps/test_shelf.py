"""The shelf: read once, and again as soon as something is added."""

from __future__ import annotations

import pytest

from excavate.catalog.folder import SiteFolder
from excavate.errors import NotFoundError
from excavate.gaps.asked import asked_of
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.question import Prepared, Question
from excavate.gaps.shelf import shelf
from excavate.gaps.stored import keep, place_of
from tests.app.findings_made import rows


def lay(folder: SiteFolder, tau: int, tested: int) -> str:
    question = Question("intersections", "d", parameters={"tau": tau})
    found = rows(1)
    outcome: Measured | NotMeasured = (
        Measured("intersections", {"tau": tau}, Reference("floor", number=tau), found, {}, tested)
        if tested
        else NotMeasured("intersections", {}, "there are no items")
    )
    prepared = Prepared(question, {"tau": tau}, {}, lambda progress: outcome)
    return keep(place_of(folder, prepared, {"d": "r"}), outcome, 0.1).id


def test_it_is_read_once_until_a_finding_is_added(tmp_path):
    folder = SiteFolder(tmp_path)
    assert not shelf(folder).by_id
    first = lay(folder, 1, 5)
    held = shelf(folder)
    assert list(held.by_id) == [first]
    assert shelf(folder) is held
    second = lay(folder, 2, 7)
    assert list(shelf(folder).by_id) == [first, second]


def test_it_counts_what_the_site_counts(tmp_path):
    folder = SiteFolder(tmp_path)
    for tau, tested in enumerate((5, 7, 0)):
        lay(folder, tau, tested)
    assert shelf(folder).asked == asked_of(folder)
    assert (shelf(folder).asked.not_measured, shelf(folder).asked.tested) == (1, 12)


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFoundError):
        shelf(SiteFolder(tmp_path)).one("0123456789abcdef")


def test_what_was_not_measured_has_no_rows(tmp_path):
    folder = SiteFolder(tmp_path)
    made = lay(folder, 1, 0)
    finding = shelf(folder).one(made)
    assert finding.first_rows(5) == []
