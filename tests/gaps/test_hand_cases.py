"""Cases of a hand-check from a real site: what is no control, and what a control is asked about."""

from __future__ import annotations

import csv
from typing import Any

import pyarrow as pa
import pytest

from excavate.digging import dig
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.hand_cases import ROWS, asked_of, cases_of, named_by
from excavate.gaps.question import Prepared, Question
from excavate.gaps.records import speaking
from excavate.gaps.stored import Finding, keep, place_of
from excavate.site import Site
from tests.made import encoded, picture

ALL = 140  # pictures; each has a mood, every third a kind, which stands first


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("judged")
    rows = []
    for n in range(ALL):
        (root / f"{n}.png").write_bytes(encoded(picture(n)))
        rows.append((n, f"{n}.png", ("cat", "", "")[n % 3], ("calm", "wild")[n % 2]))
    with open(root / "pets.csv", "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "file", "kind", "mood"), *rows])
    options = {"key": "id", "picture": "file", "labels": "kind,mood"}
    dig(f"csv:{root / 'pets.csv'}", root / "site", only="catalogue", options=options)
    return Site(root / "site")


def found(site: Site, measure: str, rows: list[dict[str, Any]], **given: Any) -> Finding:
    outcome = Measured(measure, given, Reference("itself"), pa.Table.from_pylist(rows))
    asked = Prepared(Question(measure, "pets"), given, {"rows": repr(rows)}, lambda p: outcome)
    return keep(place_of(site.folder, asked, site.revisions()), outcome, 0.0)


def item(n: int) -> str:
    return f"pets/all/{n}"


def test_what_any_row_names_is_no_control(site: Site) -> None:
    """Rows behind the first fifty, rows that nobody can judge, members that are not shown."""
    rows = [{"field": "kind", "label": str(n), "items": [item(n)], "members": [item(n)]}
            for n in range(ROWS + 40)]  # fmt: skip
    rows[-1]["members"] = [item(n) for n in range(100, 120)]
    finding = found(site, "diversity", rows)
    assert named_by(finding) == {item(n) for n in [*range(90), *range(100, 120)]}
    drawn = [cases_of(site, finding, seed) for seed in range(5)]
    controls = {case.item for cases in drawn for case in cases if case.control}
    assert controls == {item(n) for n in [*range(90, 100), *range(120, ALL)]}
    ours = {case.item for cases in drawn for case in cases if not case.control}
    assert ours <= {item(n) for n in range(ROWS)}


def test_a_control_is_asked_about_its_label_of_that_field(site: Site) -> None:
    rows = [{"kind": "likely error", "item": item(0), "given": "calm", "items": [item(0)]}]
    finding = found(site, "labels", rows, field="mood")
    for seed in range(8):
        [control] = [case for case in cases_of(site, finding, seed) if case.control]
        assert control.given == ("calm", "wild")[int(control.item.rpartition("/")[2]) % 2]
        with speaking("en"):
            assert f"“{control.given}”" in asked_of(finding, control)


def test_what_has_no_label_of_that_field_is_no_control(site: Site) -> None:
    rows = [
        {"kind": "likely error", "item": item(n), "given": "cat", "items": [item(n)]}
        for n in range(0, 30, 3)
    ]
    cases = cases_of(site, found(site, "labels", rows, field="kind"), 1)
    controls = [case for case in cases if case.control]
    assert len(controls) == 10
    assert {case.given for case in controls} == {"cat"}
    assert {int(case.item.rpartition("/")[2]) % 3 for case in controls} == {0}
