"""Faults of regions: what lies off the picture, by kind; what has no place is none."""

from __future__ import annotations

from pathlib import Path

import duckdb

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.settings import Settings
from tests.sources.fixtures import png, put
from tests.sources.fixtures_labelme import labelme_json, shape


def faults(root: Path, site: Path) -> list[tuple[str, str]]:
    """(reason, detail) of the regions' faults, in order."""
    dug = catalogue(DigRequest(f"labelme:{root}", site), Settings(workers=1))
    with duckdb.connect(str(site / f"{dug.generation}.duckdb"), read_only=True) as connection:
        sql = "SELECT reason, detail FROM fault WHERE ordinal IS NOT NULL ORDER BY detail"
        found: list[tuple[str, str]] = connection.execute(sql).fetchall()
        return found


def test_each_kind_is_judged_by_what_it_covers(tmp_path: Path) -> None:
    inside = [
        shape("circle", (3, 2), (4, 2)),
        shape("line", (0, 0), (6, 5)),
        shape("point", (6, 5)),
        shape("circle", (1, 1)),  # without a place
    ]
    outside = [
        shape("circle", (1, 1), (3, 1)),
        shape("linestrip", (0, 0), (7, 5)),
        shape("point", (-1, 2)),
        shape("rectangle", (0, 0), (6, 6)),
    ]
    put(tmp_path / "in" / "a.png", png(6, 5))
    put(tmp_path / "in" / "a.json", labelme_json("a.png", *inside, *outside))
    assert faults(tmp_path / "in", tmp_path / "site") == [
        (
            "region-off-picture",
            "region 4: circle x -1.0 y -1.0 width 4.0 height 4.0 on a picture of 6 x 5",
        ),
        (
            "region-off-picture",
            "region 5: line x 0.0 y 0.0 width 7.0 height 5.0 on a picture of 6 x 5",
        ),
        ("region-off-picture", "region 6: a point at x -1.0 y 2.0 on a picture of 6 x 5"),
        (
            "region-off-picture",
            "region 7: box x 0.0 y 0.0 width 6.0 height 6.0 on a picture of 6 x 5",
        ),
    ]
