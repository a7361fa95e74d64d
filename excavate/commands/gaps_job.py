"""Measuring that the app started: a process of its own, which tells how far it is in a file.

python -m excavate.commands.gaps_job SITE STATE QUESTION [PARENT]     (QUESTION: JSON)

What will take long waits, once it has told how long, for a line on its standard input. PARENT is
the process that started it: where that has ended, nobody waits for the answer, and this ends too.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.catalog.folder import replace_text
from excavate.commands.ending import end
from excavate.errors import ExcavateError
from excavate.progress import Progress

if TYPE_CHECKING:
    from excavate.gaps.question import Question
    from excavate.site import Site

EVERY_S = 0.5
LEAVE_S = 10.0  # what does not end by itself when it is told to is ended then


def run(site: Path, state: Path, asked: Mapping[str, Any], go: Callable[[], bool]) -> int:
    """Ask what `asked` says, and write where it stands to `state`.

    asked: dataset, measure, reference; or `questions`, each with all that a Question holds.

    go: waits until a person says whether something long shall start. 0 when every question was
    answered or none was wanted, 1 where one failed: the others are kept all the same.
    """
    from excavate.gaps.asking import LONG, questions
    from excavate.gaps.question import Question
    from excavate.site import Site

    begun = {"began": datetime.now(UTC).isoformat(timespec="milliseconds")}
    since = {"estimating": True, "since": time.time()}
    tell(state, **since)
    try:
        opened = Site(site)
        measures = [asked["measure"]] if asked.get("measure") else []
        wanted = [Question(**one) for one in asked.get("questions", ())] or questions(
            opened, asked.get("dataset"), measures, asked.get("reference")
        )
        seconds = _estimate(opened, state, wanted, since)
        if seconds > LONG:
            tell(state, waiting=True, seconds=seconds)
            if not go():
                tell(state, ended=True, found=[], failed=[])
                return 0
        found, failed = _answers(opened, state, wanted)
    except ExcavateError as error:
        found, failed = [], [_failure(asked.get("measure") or "", error, "")]
    tell(state, ended=True, found=found, failed=failed, **begun)
    return 1 if failed else 0


def _estimate(
    site: Site, state: Path, wanted: Sequence[Question], since: Mapping[str, Any]
) -> float:
    """About how many seconds all of it takes; what cannot be prepared fails later, and is told."""
    from excavate.gaps.registry import run_of

    total = 0.0
    for number, question in enumerate(wanted, 1):
        tell(state, **since, measure=question.measure, number=number, of=len(wanted))
        try:
            total += run_of(question.measure).prepare(site, question).seconds or 0.0
        except Exception:  # noqa: S112 - asking it says what is wrong, with its reason
            continue
    return total


def _answers(
    site: Site, state: Path, wanted: Sequence[Question]
) -> tuple[list[str], list[dict[str, str]]]:
    """(ids of findings, failures); a failure leaves the others as they are."""
    from excavate.gaps.asking import ask_each

    found: list[str] = []
    failed: list[dict[str, str]] = []
    for number, question in enumerate(wanted, 1):
        lead = {"number": number, "of": len(wanted), "measure": question.measure}
        tell(state, **lead, stage="", done=0, total=None)
        (answer,) = ask_each(site, [question], teller(state, lead))
        if answer.finding:
            found.append(answer.finding.id)
        else:
            sys.stderr.write(answer.broke)  # the log keeps the whole of it
            failed.append(_failure(question.measure, answer.error, answer.broke))
    return found, failed


def _failure(measure: str, error: ExcavateError | None, broke: str) -> dict[str, str]:
    if error is not None:
        return {"measure": measure, "what": error.what, "where": error.where, "todo": error.todo}
    kind = broke.strip().splitlines()[-1].partition(":")[0].rpartition(".")[2]
    return {"measure": measure, "what": f"it broke off ({kind})", "where": "", "todo": ""}


def tell(state: Path, **said: Any) -> None:
    """Write where the measuring stands, in one step."""
    replace_text(state, json.dumps({"pid": os.getpid(), **said}, ensure_ascii=False))


def teller(state: Path, lead: Mapping[str, Any]) -> Progress:
    """A progress that writes where the work stands, no more often than every EVERY_S seconds."""
    last: dict[str, Any] = {"stage": "", "at": 0.0}

    def progress(stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if stage != last["stage"] or now - last["at"] > EVERY_S:
            last.update(stage=stage, at=now)
            tell(state, **lead, stage=stage, done=done, total=total)

    return progress


def leave(_number: int, _frame: Any) -> None:
    """Stopped by a person: what was begun is not kept, what was finished is."""
    sys.exit(130)


def watch(parent: int) -> None:
    """End this process where its parent has ended: nobody else could stop it."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(EVERY_S)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LEAVE_S)
        os._exit(130)  # it is within a computation that does not listen

    threading.Thread(target=look, daemon=True).start()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    if len(sys.argv) > 4:
        watch(int(sys.argv[4]))
    given = (Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
    end(run(*given, lambda: bool(sys.stdin.readline().strip())))
