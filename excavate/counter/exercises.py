"""Exercises that begin by one press: a plan of drawing, ready to be written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from excavate.counter.records import GivenPlan

FILE = Path(__file__).with_name("exercises.toml")


@lru_cache(maxsize=1)
def exercises() -> tuple[Mapping[str, str], ...]:
    """The exercises that come with the tool."""
    return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["exercise"])


def ready_plan(plan_id: str, dataset: str, language: str) -> GivenPlan:
    """The plan of the first exercise, against a dataset; who decides is said in one language."""
    one = exercises()[0]
    return GivenPlan(
        plan_id, one["name"], one["title_ko"], one["title_en"], (),
        one["statement_ko"], one["statement_en"], (), one["excluded_ko"], one["excluded_en"],
        one["licence"], one["consent_ko"], one["consent_en"], one[f"decides_{language}"], dataset,
    )  # fmt: skip


def is_handwriting(dataset: str) -> bool:
    """Whether a dataset is one of writing by hand: nobody can be seen in a drawing against it."""
    return any(one["for"] == dataset for one in exercises())


def exercise_dataset(datasets: list[str]) -> str | None:
    """The dataset that the first exercise was made for, where a site holds it."""
    wanted = exercises()[0]["for"]
    return next((name for name in datasets if name == wanted), None)
