"""The desk where one judges alone: pictures, choices, keys; answers wait in the tab if need be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from excavate.components.addresses import judged_url
from excavate.i18n import _, spoken
from excavate.workshop.judging import CANNOT, REFUSE, Judgement, Judging

SCRIPT = Path(__file__).with_name("judging_desk.js")
LATE = Path(__file__).with_name("judging_late.js")
KEY = "judging-desk"
LATE_KEY = "judging-late"


@lru_cache(maxsize=1)
def _desk() -> Any:
    js = SCRIPT.read_text("utf-8")
    return st.components.v2.component("excavate_judging", js=js, isolate_styles=False)


@lru_cache(maxsize=1)
def _late() -> Any:
    js = LATE.read_text("utf-8")
    return st.components.v2.component("excavate_judging_late", js=js, isolate_styles=False)


def show_late(round_id: str, taken: Collection[str], on_given: Callable[[], None]) -> None:
    """Send what this tab still holds of a round that is closed; tell what was not taken."""
    words = _("{m} of your answers came after the close and are not counted. They are kept in this "
              "tab until the round is opened again.")  # fmt: skip
    sent = {"round": round_id, "taken": list(taken), "words": words,
            "one": _("1 of your answers came after the close and is not counted. It is kept in "
                     "this tab until the round is opened again.")}  # fmt: skip
    _late()(key=f"{LATE_KEY}-{round_id}", data=sent, on_given_change=on_given)


def show_desk(
    judging: Judging,
    round_id: str,
    answers: Mapping[int, Judgement],
    taken: Collection[str],
    on_given: Callable[[], None],
    marks: Sequence[str],
) -> None:
    """Mount the desk. Its trigger `given` is a list of {id, number, choice, reason}.

    taken: ids of answers that stand; the desk keeps the others and sends them again.
    marks: of each picture what stands behind its address: whether it is blurred at first.
    """
    sent = {
        "round": round_id, "question": question_of(judging),
        "question_language": question_language(judging),
        "pictures": [judged_url(judging.judging_id, n) + mark for n, mark in enumerate(marks)],
        "choices": choices_of(judging), "apart": apart(), "taken": list(taken),
        "answers": {n: {"choice": one.choice, "reason": one.reason or ""}
                    for n, one in answers.items()},
        "words": words(len(judging.choices)),
    }  # fmt: skip
    _desk()(key=f"{KEY}-{round_id}", data=sent, on_given_change=on_given)


def question_language(judging: Judging) -> str:
    """The language that the question is shown in: the page's, where it was written in it."""
    written = {"ko": judging.question_ko, "en": judging.question_en}
    if written[spoken()]:
        return spoken()
    return next((code for code, text in written.items() if text), spoken())


def question_of(judging: Judging) -> str:
    """The question in the language of this run, or that it was taken back."""
    return judging.question(spoken()) or _("taken back")


def choices_of(judging: Judging) -> list[dict[str, str]]:
    """The choices with their keys, in the language of this run where they were written in it."""
    return [
        {"code": one.code, "key": str(n), "words": one.words(spoken()),
         "language": spoken() if getattr(one, spoken()) else "en" if one.en else "ko"}
        for n, one in enumerate(judging.choices, 1)
    ]  # fmt: skip


def apart() -> list[dict[str, str]]:
    """What stands beside every set of choices and is none of them."""
    said = ((CANNOT, "0", _("I cannot say")), (REFUSE, "R", _("I refuse")))
    return [
        {"code": code, "key": key, "words": text, "language": spoken()} for code, key, text in said
    ]


def words(choices: int) -> dict[str, str]:
    """What the desk says, in the language of this run; `choices`: how many there are."""
    return {
        "place": _("Picture {n} of {all}"),
        "picture": _("Picture {n}, to be judged"),
        "kept": _("{n} of {all} kept"),
        "going": _("{m} on the way"),
        "waiting": _("{m} wait in this tab until the line is back"),
        "reason": _("Your reason, if you wish"),
        "back": _("Back"),
        "next": _("Next"),
        "skip": _("Leave it open, next"),
        "open": _("To those left open"),
        "done": _("You have answered everything. You can still go back and mend."),
        "keys": _("Keys: 1 to {n} choose, 0 cannot say, R refuse, Enter or → next, ← back.").format(
            n=choices
        ),
    }
