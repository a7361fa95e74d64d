"""A small real site for the app's tests: dug, embedded, with a plain layout laid by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.computed import all_computed, computed
from excavate.catalog.folder import SiteFolder
from excavate.embedding.neighbours import origin_of
from excavate.settings import Settings
from tests.app.entering import SharedRoom, shared
from tests.made import picture

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """AppTest leaves a page as the main module: processes that are spawned later would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def write_shapes(root: Path) -> Path:
    """Twelve pictures in three class folders, one broken, one with markup for a name."""
    for number, name in enumerate(["circle", "square", MARKUP]):
        (root / name).mkdir(parents=True)
        for k in range(4):
            side = picture(10 * number + k, 48 + 8 * k, 32)
            side.save(root / name / f"{k}.png")
    (root / "circle" / "broken.png").write_bytes(b"\x89PNG no more")
    rows = [("file_name", "year", "maker")]
    rows += [(f"square/{k}.png", str(1990 + k), "" if k else "Kim") for k in range(4)]
    (root / "metadata.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return root


def write_street(root: Path) -> Path:
    """Two pictures with a box, a polygon and a mask, as COCO has them."""
    root.mkdir()
    for k in (1, 2):
        picture(k, 40, 30).save(root / f"{k}.png")
    images = [{"id": k, "file_name": f"{k}.png", "width": 40, "height": 30} for k in (1, 2)]
    runs = [30 * 10 + 5, 10, 20, 10, 30 * 30 - 5 - 40]
    shapes = (
        {"id": 1, "bbox": [2, 3, 10, 12], "segmentation": [], "iscrowd": 0},
        {"id": 2, "bbox": [5, 5, 20, 10], "segmentation": [[5, 5, 25, 5, 15, 15]], "iscrowd": 0},
        {"id": 3, "bbox": [10, 5, 2, 10],
         "segmentation": {"size": [30, 40], "counts": runs}, "iscrowd": 1},
    )  # fmt: skip
    said = [{**shape, "image_id": 1, "category_id": 7, "area": 9} for shape in shapes]
    kinds = [{"id": 7, "name": "cart", "supercategory": "vehicle"}]
    index = {"images": images, "annotations": said, "categories": kinds}
    (root / "instances.json").write_text(json.dumps(index), encoding="utf-8")
    return root


def lay_by_hand(site: Path, dataset: str, seed: int = 7) -> str:
    """A layout whose places are known: x is the ordinal, y its remainder by 10. Returns its id."""
    from excavate.site import Site

    opened = Site(site)
    items = opened.items(dataset)
    opened.close()
    n = len(items)
    folder = SiteFolder(site)
    vectors = [c for c in all_computed(folder, "vectors") if c.provenance["dataset"] == dataset]
    provenance = {**origin_of(vectors), "parameters": {"method": "by hand", "seed": seed}}
    target = computed(folder, "layouts", provenance)
    target.file("parquet").parent.mkdir(exist_ok=True)
    columns = {
        "dataset_id": items["dataset_id"], "ordinal": items["ordinal"],
        "item_id": items["item_id"], "x": np.arange(n, dtype="f4"),
        "y": (np.arange(n) % 10).astype("f4"), "placed": np.arange(n) >= n - 3,
        "sha256": items["sha256"],
    }  # fmt: skip
    pq.write_table(pa.table(columns), target.file("parquet"))
    result = {"rows": n, "placed": 3, "trustworthiness": 0.9, "trustworthiness_k": 15}
    return target.finish({**result, "spec": "pixels:8", "trained_on": "not trained"}).id


@pytest.fixture(scope="session")
def made_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digits' first 120 with vectors, neighbours and a layout; shapes; a street."""
    from excavate.digging import dig

    root = tmp_path_factory.mktemp("app")
    site = root / "site"
    shapes = f"folder:{write_shapes(root / 'shapes')}"
    street = write_street(root / "street")
    source = f"coco:{street / 'instances.json'}"
    catalogue(DigRequest(source, site, dataset="street", images=str(street)), Settings())
    for stage in ("catalogue", "embed", "neighbours"):
        dig(shapes, site, encoder="pixels:8", only=stage)
        dig("digits", site, limit=120, only=stage)
    lay_by_hand(site, "shapes")
    lay_by_hand(site, "digits")
    return site


@pytest.fixture
def served(made_site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made site, as the app of this process serves it."""
    monkeypatch.setenv("EXCAVATE_SITE", str(made_site))
    return made_site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium for the browser tests of a module."""
    from playwright.sync_api import sync_playwright

    from tests.app.browsing_machine import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def shared_room(
    made_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SharedRoom]:
    """A shared room of a test's own: see tests/app/entering.py."""
    room = shared(made_site, tmp_path, monkeypatch)
    yield room
    room.workshop.close()


@pytest.fixture
def windows(chromium: Any, address: str) -> Iterator[Any]:
    """Opens windows of people of their own on a module's `address`; nothing outside is asked."""
    from tests.app.browsing_machine import Visit

    opened: list[Visit] = []

    def window(**options: Any) -> Visit:
        opened.append(Visit(chromium, address, **options))
        return opened[-1]

    yield window
    outside = [url for one in opened for url in one.outside()]
    broken = [fault for one in opened for fault in one.broken]
    for one in opened:
        one.close()
    assert outside == []
    assert broken == []
