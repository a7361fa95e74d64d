"""How long the Taxonomy page takes over WordNet's 82,115 nodes with ImageNet's 1,000 labels.

50,000 items without pixels, each labelled with one of the thousand names, verbatim. Cold is the
first visit to a server that has just started; warm are later ones, a new browser context each,
beside visits to a page of the same app that shows only a notice.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.real import PROJECT, SHARED

WORDNET = SHARED / "taxonomies" / "wordnet-imagenet" / "imagenet_class_hierarchy" / "wordnet"
ITEMS, ROUNDS = 50_000, 5
COLD_S, WARM_S = 4.0, 1.5
HELD = "/taxonomy?lang=en&dataset=thousand&tree=wordnet"
CELLS = ".exc-icicle a"
BARE = ("/item?lang=en", ".exc-notice")  # no item is named: a notice


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, note}]: the first paint cold and warm, and one step down the tree."""
    from playwright.sync_api import sync_playwright

    from tests.app.browsing_machine import ARGUMENTS, CHROMIUM, serving

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = make_site(Path(folder))
        with serving(PROJECT, site, Path(folder) / "log.txt") as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            cold = _seconds(browser, address)
            warm = [_seconds(browser, address) for _ in range(ROUNDS)]
            bare = [_seconds(browser, address, *BARE) for _ in range(ROUNDS)]
            steps = [_step(browser, address) for _ in range(ROUNDS)]
            browser.close()
    name = "Taxonomy, WordNet x ImageNet's 1,000 labels"
    return [
        _row(f"{name}, first visit to a new server", [cold], COLD_S),
        _row(f"{name}, later visits", warm, WARM_S, statistics.median(bare)),
        _row(f"{name}, a step down", steps, WARM_S),
    ]


def make_site(folder: Path) -> Path:
    """The thousand on WordNet's own names, in a site with WordNet."""
    from excavate.catalog.cataloguing import DigRequest, catalogue
    from excavate.catalog.taxonomies import add_taxonomy
    from excavate.settings import Settings

    known = dict(
        line.split("\t", 1) for line in (WORDNET / "node_names.txt").read_text("utf-8").splitlines()
    )
    listed = json.loads((WORDNET / "dataset_class_info.json").read_text("utf-8"))
    names = [known[node].strip() for _number, node, _name in listed]
    lines = [f'{n},"{names[n % len(names)]}"' for n in range(ITEMS)]
    (folder / "thousand.csv").write_text("\n".join(["id,label", *lines]), "utf-8")
    site = folder / "site"
    source = f"csv:{folder / 'thousand.csv'}"
    catalogue(DigRequest(source, site, dataset="thousand", given={"labels": "label"}), Settings())
    add_taxonomy(site, f"wordnet:{WORDNET}", "wordnet")
    return site


def _row(name: str, taken: list[float], goal: float, bare: float | None = None) -> dict[str, Any]:
    note = f"{len(taken)} visits, {min(taken):.2f} to {max(taken):.2f} s; goal under {goal:g} s"
    middle = statistics.median(taken)
    row: dict[str, Any] = {"name": name, "ours_s": round(middle, 3), "note": note}
    if bare is not None:
        row |= {"theirs_s": round(bare, 3), "ratio": round(middle / bare, 2)}
    return row


def _seconds(browser: Any, address: str, path: str = HELD, until: str = CELLS) -> float:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    started = time.perf_counter()
    page.goto(address + path)
    page.wait_for_selector(until, timeout=60_000)
    taken = time.perf_counter() - started
    page.context.close()
    return taken


def _step(browser: Any, address: str) -> float:
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(address + HELD)
    below = page.locator(CELLS, has_text="physical entity").first
    below.wait_for(timeout=60_000)
    started = time.perf_counter()
    below.click()
    page.wait_for_selector(".exc-trail b:has-text('physical entity')")
    taken = time.perf_counter() - started
    page.context.close()
    return taken


if __name__ == "__main__":
    for row in measure():
        print(f"{row['ours_s']:7.2f} s  {row['name']} ({row['note']})")
