"""A release of 10,000 items against a bare loop that copies and hashes the same files.

Ours does all that a release is: the gate, pictures, every format there always is, checksums. The
loop reads each file of that release, hashes it and writes it elsewhere. Once both settle every
file on the disk, as a release does, and once neither does. Each in a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from excavate.settings import PROJECT

ITEMS, FEWER = 10_000, 2_000
ROUNDS = 3
WANTED = 0.7
Pair = tuple[dict[str, Any], dict[str, Any]]  # ours, theirs
RUN = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.release import copied, released
who, folder, to, settled = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "yes"
seconds = (released if who == "ours" else copied)(folder, to, settled)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak}))
"""


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is the loop's time to ours."""
    with tempfile.TemporaryDirectory(prefix="excavate-bench-") as place:
        many, few = Path(place, "many"), Path(place, "few")
        made_site(many, ITEMS)
        made_site(few, FEWER)
        runs = [(_both(many, Path(place), True), _both(many, Path(place), False))
                for _ in range(ROUNDS)]  # fmt: skip
        peak = _run("ours", few, Path(place, "out"), True)["peak_mb"]
    return [
        _row(f"{ITEMS:,} items, every file settled (wanted: ratio >= {WANTED})",
             [settled for settled, _loose in runs]),
        _row(f"{ITEMS:,} items, nothing settled", [loose for _settled, loose in runs]),
        _memory(min(settled[0]["peak_mb"] for settled, _loose in runs), peak),
    ]  # fmt: skip


def _row(name: str, runs: list[Pair]) -> dict[str, Any]:
    ratios = sorted(theirs["seconds"] / ours["seconds"] for ours, theirs in runs)
    ours, theirs = (min(run[n]["seconds"] for run in runs) for n in (0, 1))
    said = runs[0][1]
    note = f"copied and hashed; {said['files']:,} files, {said['bytes'] / 1e9:.2f} GB"
    return {"name": name, "ours_s": ours, "theirs_s": theirs, "ratio": ratios[len(ratios) // 2],
            "note": f"{note}; ratios {', '.join(f'{one:.2f}' for one in ratios)}"}  # fmt: skip


def _memory(many: float, few: float) -> dict[str, Any]:
    each = 1000 * (many - few) / (ITEMS - FEWER)
    note = f"{many:.0f} MB and {few:.0f} MB at most; {each:.1f} KB more an item"
    name = f"memory at {ITEMS:,} and {FEWER:,} items (wanted: no picture stays in it)"
    return {"name": name, "ratio": many / few, "note": f"{note}, of pictures of about 180 KB"}


def _both(site: Path, place: Path, settled: bool) -> Pair:
    """Ours, then the loop on what ours wrote; what both wrote is gone afterwards."""
    to = place / "out"
    ours = _run("ours", site, to, settled)
    [made] = to.iterdir()
    files = [file for file in made.rglob("*") if file.is_file()]
    theirs = _run("bare", made, place / "copied", settled)
    theirs |= {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}
    shutil.rmtree(to)
    shutil.rmtree(place / "copied")
    return ours, theirs


def _run(who: str, folder: Path, to: Path, settled: bool) -> dict[str, Any]:
    os.sync()  # what was written before is not paid for by whoever comes next
    asked = [who, str(folder), str(to), "yes" if settled else "no"]
    command = [sys.executable, "-c", RUN, *asked]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def released(site: Path, to: Path, settled: bool) -> float:
    """Seconds of a release of a site's only counter-dataset, everything already imported."""
    import time

    from excavate.counter.plans import plans
    from excavate.release import writing
    from excavate.release.formats import ALWAYS, writer_of
    from excavate.site import Site
    from excavate.workshop.store import Workshop

    for name in ALWAYS:
        writer_of(name)
    import pyarrow.parquet  # noqa: F401

    if not settled:
        for name in ("settle", "settle_all"):
            setattr(writing, name, lambda _path: None)
    workshop = Workshop(site)
    plan_id = plans(workshop)[0].given.plan_id
    start = time.perf_counter()
    writing.release(Site(site), workshop, plan_id, to)
    seconds = time.perf_counter() - start
    workshop.close()
    return seconds


def copied(folder: Path, to: Path, settled: bool) -> float:
    """Seconds of reading, hashing and writing every file of a folder."""
    import time

    start = time.perf_counter()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            target = to / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with file.open("rb") as source, target.open("wb") as out:
                while content := source.read(1 << 20):
                    digest.update(content)
                    out.write(content)
                if settled:
                    out.flush()
                    os.fsync(out.fileno())
            digest.hexdigest()
    return time.perf_counter() - start


def made_site(folder: Path, count: int) -> None:
    """A site without a catalog, and a counter-dataset of `count` photographs in its workshop."""
    from excavate.counter.plans import write_plan
    from excavate.counter.records import GivenPlan
    from excavate.workshop.authors import Author
    from excavate.workshop.ids import new_id
    from excavate.workshop.store import Workshop

    (folder / "media").mkdir(parents=True)
    workshop = Workshop(folder)
    author = Author(new_id(), "Mirae", "en", "agreed")
    plan_id = new_id()
    given = GivenPlan(plan_id, "many", title_en="Many", statement_en="Photographs.",
                      licence="CC-BY-4.0", consent_en="It may go out.")  # fmt: skip
    write_plan(workshop, author, plan_id, given)
    numbered = enumerate(_photographs(count))
    while some := list(islice(numbered, 500)):
        workshop.write([row for one in some for row in _rows(folder, author, plan_id, *one)])
    workshop.close()


def _rows(folder: Path, author: Any, plan_id: str, number: int, content: bytes) -> list[Any]:
    from excavate.workshop.ids import new_id
    from excavate.workshop.store import Row

    sha256, member_id = hashlib.sha256(content).hexdigest(), new_id()
    (folder / "media" / sha256).write_bytes(content)
    empty = {"item_id": None, "item_sha256": None, "item_revision": None, "strokes": None}
    member = {"member_id": member_id, "plan_id": plan_id, "kind": "uploaded", **empty,
              "sha256": sha256, "label": None, "reason": f"Photograph {number}", "language": "en",
              "alt_ko": f"사진 {number}", "alt_en": "", "found_by": '{"way": "file"}',
              "removed": '["GPS"]'}  # fmt: skip
    rights = {"member_id": member_id, "batch_id": member_id, "creator": "Mirae",
              "source": "her own", "licence": "CC-BY-4.0", "ground": "", "ground_reason": "",
              "contributor_consent": "not-needed", "consent_version": "",
              "depicted_consent": "nobody", "depicted_version": "", "unknowns": "{}"}  # fmt: skip
    kept = {"sha256": sha256, "media_type": "image/jpeg", "width": 1200, "height": 900,
            "bytes": len(content)}  # fmt: skip
    return [Row("member", member_id, author.person_id, member),
            Row("member_rights", new_id(), author.person_id, rights),
            Row("media", new_id(), author.person_id, kept)]  # fmt: skip


def _photographs(count: int) -> Any:
    """JPEGs of about 180 KB, each with a comment of its own: no two have the same bytes."""
    import io

    import numpy as np
    from PIL import Image

    seeded = np.random.default_rng(6)
    coarse = Image.fromarray(seeded.integers(0, 256, (150, 200, 3), "uint8"))
    for number in range(count):
        if number % 1000 == 0:
            out = io.BytesIO()
            coarse.rotate(number / 50).resize((1200, 900)).save(out, "JPEG", quality=60)
            plain = out.getvalue()
        said = f"number {number}".encode()
        comment = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said
        yield plain[:2] + comment + plain[2:]
