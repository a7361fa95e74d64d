"""The arc with photographs: chosen, brought, kept empty, given rights, released, dug again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.digging import dig
from excavate.model import SourceOptions
from excavate.release.verifying import verify
from excavate.sources import open_source
from tests.app.browsing_machine import Visit, serving, settle
from tests.app.conftest import lay_by_hand
from tests.app.test_arc_browser import choose, go, press
from tests.conftest import PROJECT
from tests.release.presentation3 import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.shared_data]
CLASSES = ("chair", "windsor_chair", "wheelchair", "stop_sign")
BROUGHT = "umbrella/image_0001.jpg"
STATEMENT = "Nobody is shown getting into one by themselves"
EMPTY = "A place for whoever was not asked"
OF = '/say?of=category&on={"name":"wheelchair","dataset":"photographs"}&lang=en'


@pytest.fixture(scope="module")
def photographs(shared: Path) -> Path:
    """The folder of photographs, a class in each folder of it."""
    return shared / "caltech101"


@pytest.fixture(scope="module")
def site(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of its classes, dug and laid out."""
    root = tmp_path_factory.mktemp("photographed")
    for name in CLASSES:
        shutil.copytree(photographs / name, root / "photographs" / name)
    for stage in ("catalogue", "embed", "neighbours"):
        dig(f"folder:{root / 'photographs'}", root / "site", encoder="pixels:8", only=stage)
    lay_by_hand(root / "site", "photographs")
    return root / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where it is served, at one machine."""
    log = site.parent / "log.txt"
    with serving(PROJECT, site, log) as found:
        yield found
    assert "Traceback" not in log.read_text("utf-8")


def sign(page: Any) -> None:
    """The name, and the consent where it was not given yet."""
    settle(page)
    page.locator('[class*="-who"] input').first.fill("Mirae")
    agree = page.locator('[class*="-consent"] [data-testid="stCheckbox"] label')
    if agree.count():
        agree.first.click()


def name_the_absence(visit: Visit) -> None:
    """Of a category, as its own page links it."""
    page = visit.open(OF, ".st-key-say-form textarea")
    visit.settled()
    page.locator(".st-key-say-form textarea").first.fill(STATEMENT)
    sign(page)
    press(visit, "Record as absent")
    page.wait_for_selector(".exc-one-statement")


def plan_an_answer(visit: Visit) -> None:
    """With what contributors agree to; its licence is left for later."""
    page = go(visit, "Answer it with a counter-dataset", ".st-key-plan-form textarea")
    page.get_by_label("Title", exact=True).fill("By themselves")
    page.get_by_label("Statement: what it is, and why", exact=True).fill("Seen from the seat.")
    page.get_by_label("What contributors agree to", exact=True).fill("It may be shown.")
    sign(page)
    press(visit, "Write the plan")
    page.wait_for_selector(".exc-plan-statement")


def choose_neighbours(visit: Visit) -> int:
    """From an item's page, those that lie nearest to it. How many."""
    item = "photographs%2Fall%2Fwheelchair%2Fimage_0001.jpg"
    page = visit.open(f"/item?lang=en&id={item}", ".exc-put-ways a.exc-put")
    visit.settled()
    page.locator(".exc-put-ways a.exc-put").last.click()
    page.wait_for_selector(".exc-pick")
    visit.settled()
    count = int(page.locator(".exc-pick").count())
    page.get_by_label("Why they are in").fill("They lie nearest to an empty one")
    sign(page)
    press(visit, "Put what is ticked in")
    page.wait_for_selector(".exc-consent")
    return count


def bring_a_photograph(visit: Visit, photograph: Path) -> None:
    """A file; what is like it is shown before it goes in."""
    page = go(visit, "Files", '[data-testid="stFileUploader"]')
    page.set_input_files('[data-testid="stFileUploader"] input[type="file"]', photograph)
    page.wait_for_selector(".exc-alike")
    visit.settled()
    page.get_by_label("Why it is in").fill("It stood beside the door")
    sign(page)
    press(visit, "Put what is ticked in")
    page.wait_for_selector("text=1 member is in")


def keep_a_place(visit: Visit) -> None:
    """A place that stays empty."""
    page = go(visit, "An empty place", ".st-key-empty-form")
    page.get_by_label("Its caption: what is not here", exact=False).fill(EMPTY)
    sign(page)
    press(visit, "Keep this place empty")
    page.wait_for_selector(".exc-members .exc-member-empty")


def give_rights(visit: Visit) -> None:
    """To all that are blank, at once; that the creator is unknown is decided by name."""
    page = go(visit, "Rights of many at once", ".st-key-rights-form")
    page.get_by_label("Source: where it comes from").fill("Caltech 101, Fei-Fei et al. 2004")
    choose(page, "Licence", "CC BY 4.0: Attribution")
    page.get_by_text("not needed", exact=True).first.click()
    page.get_by_text("nobody can be seen in it", exact=True).click()
    page.get_by_text("Something cannot be known", exact=False).click()
    page.get_by_label("Creator is unknown, because").fill("the search engine named nobody")
    sign(page)
    press(visit, "Say this of what is ticked")
    page.wait_for_selector(".exc-plan-statement")


def give_a_licence(visit: Visit) -> None:
    """To the whole, by the plan's next version."""
    page = go(visit, "Write its next version", ".st-key-plan-form")
    choose(page, "Licence of the whole", "CC BY 4.0: Attribution")
    sign(page)
    press(visit, "Write the next version")
    page.wait_for_selector(".exc-plan-statement")


def release(visit: Visit) -> None:
    """With boxes and a folder of pictures besides."""
    page = go(visit, "Release", ".exc-release-open")
    for name in ("a folder of pictures (ImageFolder)", "boxes and labels (COCO)"):
        page.get_by_text(name, exact=True).click()
    press(visit, "Make the release")
    page.wait_for_selector(".exc-release-made", timeout=180_000)
    visit.settled()


def dug_again(source: str, images: Path | None = None) -> list[str]:
    """The pictures that our own source finds in a release."""
    found = open_source(source, SourceOptions(images=str(images)) if images else None)
    rows = [row for batch in found.batches(100) for row in batch.items.to_pylist()]
    return [str(row["path"]) for row in rows]


def test_photographs_from_an_absence_to_a_release(
    windows: Any, site: Path, photographs: Path
) -> None:
    import mlcroissant
    from pycocotools.coco import COCO

    visit = windows()
    name_the_absence(visit)
    plan_an_answer(visit)
    chosen = choose_neighbours(visit)
    bring_a_photograph(visit, photographs / BROUGHT)
    keep_a_place(visit)
    page = go(visit, "Release", ".exc-release-stops")
    stops = page.inner_text(".exc-release-stops")
    for blank in ("its own licence is blank", "its licence is blank", "its creator is blank"):
        assert blank in stops
    give_rights(visit)
    give_a_licence(visit)
    release(visit)
    (folder,) = (site / "releases").iterdir()
    assert verify(folder).is_whole
    assert faults(json.loads((folder / "manifest.json").read_text("utf-8"))) == []
    issues = mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).metadata.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert len(COCO(str(folder / "coco.json")).imgs) == chosen + 1
    assert len(dug_again(f"coco:{folder / 'coco.json'}", folder)) == chosen + 1
    assert len(dug_again(f"folder:{folder / 'items'}")) == chosen + 1
