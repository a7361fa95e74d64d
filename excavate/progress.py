"""How long work reports itself. Light: the command line imports it before anything else."""

from __future__ import annotations

from collections.abc import Callable

# stage ("catalogue", "embed", …), how many are done, of how many (None: not known)
Progress = Callable[[str, int, "int | None"], None]


def silent(stage: str, done: int, total: int | None) -> None:
    """A Progress that says nothing."""
