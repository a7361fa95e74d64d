"""An exhibition of 1,000 plates opened from disk in Chromium, and written.

Opened: from the address given to the browser to the wall's first contentful paint, and to its
load event (pages, style, script, typefaces and the first pictures are there); a fresh window each
time, without a network. Written: against a bare loop that makes the same thumbs, no page.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

PLATES, ROOMS, ROUNDS = 1_000, 8, 5
OPEN_S = 2.0
SIZE = (1200, 900)
PAINTED = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const load = performance.getEntriesByType("navigation")[0].loadEventEnd;
  return paint && load ? [paint.startTime / 1000, load / 1000] : null;
}"""


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is the bare loop's time to ours."""
    with tempfile.TemporaryDirectory() as folder:
        of = many(PLATES)
        written = _seconds(lambda: hung(of, Path(folder)))
        bare = _seconds(lambda: thumbs(of, Path(folder) / "bare"))
        site = Path(folder) / "exhibition"
        seen = {name: opened(site / name) for name in ("index.html", "loop.html")}
        size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    rows = [_row(name, *times) for name, times in seen.items()]
    wanted = f"{size / 1e6:.0f} MB beside the pictures; {written / PLATES * 1000:.1f} ms a plate"
    name = f"Exhibition of {PLATES:,} photographs, written"
    return [*rows, {"name": name, "ours_s": written, "theirs_s": bare, "ratio": bare / written,
                    "note": wanted}]  # fmt: skip


def _row(name: str, painted: list[float], loaded: list[float]) -> dict[str, Any]:
    middle = len(loaded) // 2
    note = f"painted at {sorted(painted)[middle]:.2f} s; the middle of {ROUNDS}, "
    note += f"slowest {max(loaded):.2f} s; load of the machine {os.getloadavg()[0]:.0f}"
    title = f"Exhibition of {PLATES:,}: {name} from disk (wanted: < {OPEN_S:g} s)"
    return {"name": title, "ours_s": sorted(loaded)[middle], "note": note}


def many(count: int) -> Any:
    """Contents of so many photographs in a few rooms, with words in both languages."""
    from excavate.counter.records import WallRoom
    from tests.release.given import UPLOADED, contents, plate

    photographs = [_photograph(seed) for seed in range(12)]
    plates = []
    for number in range(1, count + 1):
        one = replace(UPLOADED, member_id=f"member-{number}", reason="간판 뒤의 물건 " * 6)
        held = plate(number, one, number % ROOMS, title_ko=f"이름 없는 것 {number}",
                     title_en=f"Unnamed {number}", credit="서울시, 공공누리 1유형")  # fmt: skip
        file = f"items/{number:04d}.jpg"
        plates.append(replace(held, file=file, media_type="image/jpeg", width=SIZE[0],
                              height=SIZE[1]))  # fmt: skip
    rooms = tuple(WallRoom(f"{n}의 방", f"Room of {n}", "벽글 " * 40, "Words " * 40)
                  for n in range(ROOMS))  # fmt: skip
    return contents(plates=tuple(plates), rooms=rooms,
                    picture=lambda one: photographs[one.number % len(photographs)])  # fmt: skip


def _photograph(seed: int) -> bytes:
    """Seeded noise that was made smooth: as heavy to decode as a photograph."""
    import numpy as np
    from PIL import Image

    rough = np.random.default_rng(seed).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(rough).resize(SIZE, Image.Resampling.BICUBIC).save(out, "JPEG", quality=88)
    return out.getvalue()


def hung(of: Any, folder: Path) -> None:
    """The pictures as a release has them, and the exhibition."""
    from excavate.release.exhibition import write

    (folder / "items").mkdir()
    for plate in of.plates:
        (folder / plate.file).write_bytes(of.picture(plate))
    write(of, folder)


def thumbs(of: Any, folder: Path) -> None:
    """The bare loop: every picture opened, made small, written."""
    from PIL import Image

    folder.mkdir()
    for plate in of.plates:
        with Image.open(io.BytesIO(of.picture(plate))) as picture:
            picture.thumbnail((640, 640))
            picture.save(folder / f"{plate.number}.webp", quality=82, method=1)


def opened(page: Path) -> tuple[list[float], list[float]]:
    """Seconds to the first paint and to the load event, each time in a fresh browser."""
    from playwright.sync_api import sync_playwright

    from tests.app.browsing_machine import ARGUMENTS, CHROMIUM

    painted, loaded = [], []
    with sync_playwright() as playwright:
        for _ in range(ROUNDS):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            window = browser.new_context(offline=True).new_page()
            window.goto(page.as_uri())
            paint, load = window.wait_for_function(PAINTED).json_value()
            painted.append(paint)
            loaded.append(load)
            browser.close()
    return painted, loaded


def _seconds(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
