"""Releasing and measuring again that the app started: a process of its own, on a snapshot.

python -m excavate.commands.made_job SITE STATE ASKED PARENT     (ASKED: JSON)

The app has the workshop: this reads the newest backup, which the app made just before, and tells
how far it is in a file. What the app has to record of it stands in what is told at the end.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.commands.ending import end
from excavate.commands.gaps_job import leave, tell, teller, watch
from excavate.errors import ExcavateError

if TYPE_CHECKING:
    from excavate.progress import Progress
    from excavate.site import Site
    from excavate.workshop.store import Workshop

KINDS = ("measure", "release")


def run(site: Path, state: Path, asked: Mapping[str, Any]) -> int:
    """Do what `asked` says (kind, plan_id, …) and write where it stands to `state`."""
    from excavate.site import Site
    from excavate.workshop.keeping import backups
    from excavate.workshop.snapshots import opened_backup

    lead = {"kind": asked["kind"], "plan_id": asked["plan_id"]}
    tell(state, **lead, stage="", done=0, total=None)
    try:
        newest = [one for one in backups(site) if not one.older][-1]
        with opened_backup(site, newest) as workshop:
            done = DO[asked["kind"]](Site(site), workshop, asked, teller(state, lead))
    except ExcavateError as error:
        faults = [(fault.place, fault.what) for fault in getattr(error, "faults", ())]
        failed = {"what": error.what, "where": error.where, "todo": error.todo, "faults": faults}
        tell(state, **lead, ended=True, **failed)
        return 1
    except Exception as error:
        what = f"it broke off ({type(error).__name__})"
        tell(state, **lead, ended=True, what=what, where="", todo="")
        raise
    tell(state, **lead, ended=True, **done)
    return 0


def _measure(
    site: Site, workshop: Workshop, asked: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    from excavate.counter.measured_again import measure_again

    found = measure_again(site, workshop, asked["plan_id"], progress=progress)
    for one in found:
        if one.get("failed"):  # what could be measured is kept; why the rest was not is told
            raise ExcavateError(**one["failed"])
    return {"measured": [one["id"] for one in found]}


def _release(
    site: Site, workshop: Workshop, asked: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    from excavate.release.released import told_last
    from excavate.release.writing import release
    from excavate.workshop.release_folders import FOLDER

    with tempfile.TemporaryDirectory(prefix="excavate-") as aside:
        done = release(
            site, workshop, asked["plan_id"], site.folder.path / FOLDER,
            formats=asked["formats"], base=asked["base"],
            essays=_essays(site, asked["essays"], Path(aside)), progress=progress,
        )  # fmt: skip
    told = told_last(workshop, asked["plan_id"])
    assert told is not None  # noqa: S101 - it was just written into this snapshot
    return {"release": done.name, "told": asdict(told)}


def _essays(site: Site, names: list[str], aside: Path) -> list[tuple[str, Path]]:
    """The essays by name, rendered with this site's numbers."""
    from excavate.essays import whole_page

    pages = []
    for name in dict.fromkeys(names):
        page = aside / f"{name}.html"
        page.write_text(whole_page(name, site), encoding="utf-8")
        pages.append((name, page))
    return pages


DO = {"measure": _measure, "release": _release}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    watch(int(sys.argv[4]))
    end(run(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])))
