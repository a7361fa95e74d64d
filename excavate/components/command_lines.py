"""The command that asks a question of a site, to be copied into a shell as it stands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from excavate.gaps.registry import REGISTRY, run_of

if TYPE_CHECKING:
    from excavate.gaps.question import Question


def gaps_command(site: str, question: Question) -> str:
    """`excavate gaps …`: what is not asked for is left out, as are parameters at their default."""
    options = (
        ("--site", site), ("--dataset", question.dataset), ("--measure", question.measure),
        ("--reference", question.reference), ("--encoder", question.encoder),
    )  # fmt: skip
    words = [word for name, value in options if value for word in (name, value)]
    if question.measure in REGISTRY:
        words += [word for given in _settings(question) for word in ("--set", given)]
    return shlex.join(["excavate", "gaps", *words])


def _settings(question: Question) -> Iterator[str]:
    """NAME=VALUE of each parameter that is not at its default; what the measure resolves stays."""
    for name, known in run_of(question.measure).PARAMETERS.items():
        value = question.parameters.get(name)
        if value not in (None, [], (), known.default):
            yield f"{name}={_typed(value)}"


def _typed(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(_typed, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
