"""A dig that the app started: a process of its own, which tells how far it is in a small file.

python -m excavate.commands.dig_job SOURCE SITE STATE
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from excavate.catalog.folder import replace_text
from excavate.commands.ending import end
from excavate.errors import ExcavateError
from excavate.progress import Progress

EVERY_S = 0.5


def run(source: str, site: Path, state: Path) -> int:
    """Dig, and write where it stands to `state`; 0 when it is done, 1 where it failed."""
    from excavate.digging import dig

    tell(state, stage="catalogue", done=0, total=None)
    try:
        dig(source, site, progress=_teller(state))
    except ExcavateError as error:
        faults = [(fault.place, fault.what) for fault in getattr(error, "faults", ())]
        tell(state, ended=True, what=error.what, where=error.where, todo=error.todo, faults=faults)
        return 1
    except Exception as error:
        tell(state, ended=True, what=f"it broke off ({type(error).__name__})", where="", todo="")
        raise
    tell(state, ended=True)
    return 0


def tell(state: Path, **said: Any) -> None:
    """Write where the dig stands, in one step."""
    replace_text(state, json.dumps({"pid": os.getpid(), **said}, ensure_ascii=False))


def _teller(state: Path) -> Progress:
    last: dict[str, Any] = {"stage": "", "at": 0.0}

    def progress(stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage != last["stage"] or now - last["at"] > EVERY_S:
            last.update(stage=stage, at=now)
            tell(state, stage=stage, done=done, total=total)

    return progress


if __name__ == "__main__":
    end(run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
