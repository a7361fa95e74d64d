"""The measures, each with its modules and what it can speak of. One line adds a measure.

A measure NAME is three files: `gaps/NAME.py` the pure function; `gaps/runs/NAME.py` what it takes
from a site (PARAMETERS, questions, prepare, variants); `gaps/saying/NAME.py` its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from excavate.gaps.question import Parameter, Prepared, Question
    from excavate.gaps.stored import Finding, Row
    from excavate.site import Site


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure. `types`: the types of absence it is a proxy of (codes of the vocabulary).

    `key`: the columns that name a row, so that two findings can be laid side by side. `version`
    grows when the measure's results change: old findings stay, new ones get names of their own.
    """

    types: tuple[str, ...]
    key: tuple[str, ...]
    extension: bool = False  # our own, not a measure of the literature
    references: bool = False  # whether a person may name what it is held against
    lens: bool = False  # whether it looks through an encoder
    version: int = 1
    pairs: bool = False  # a row's items are judged beside its first one


class Run(Protocol):
    """What `gaps/runs/NAME.py` holds."""

    PARAMETERS: Mapping[str, Parameter]

    def questions(self, site: Site, dataset: str) -> Sequence[Question]:
        """What is worth asking of this dataset when nobody says what; at least one."""
        ...

    def prepare(self, site: Site, question: Question) -> Prepared:
        """Resolve what the question rests on. Raises ExcavateError (parameters, names)."""
        ...

    def variants(self, site: Site, question: Question) -> Sequence[Question]:
        """The same question in other settings: encoders, k, tau, seeds, references."""
        ...


class Saying(Protocol):
    """What `gaps/saying/NAME.py` holds: plain words in the language of this run."""

    def title(self) -> str:
        """The measure's name, for a heading."""
        ...

    def meaning(self) -> str:
        """What it measures and how, in two or three sentences, with its paper and its limits."""
        ...

    def sentence(self, finding: Finding) -> str:
        """The finding in one sentence that can be read aloud."""
        ...

    def row(self, finding: Finding, row: Row) -> str:
        """One row in a few words."""
        ...

    def column(self, name: str) -> str:
        """A column's or figure's heading."""
        ...

    def judge(self, finding: Finding, row: Row) -> str | None:
        """What two people are asked of one of the row's items; None: nothing to judge by eye.

        Yes confirms the row. A row with `given` is asked about that label, controls about their
        own. It must not tell whether the item is the finding's or a control.
        """
        ...


REGISTRY: dict[str, Entry] = {
    "intersections": Entry(("missing-intersection",), ("pattern",), version=2),
    "association": Entry(
        ("missing-intersection", "under-represented"),
        ("x_field", "x", "y_field", "y"),
        version=2,
    ),
    "columns": Entry(
        ("stripped", "merged-label", "under-represented", "filtered"),
        ("check", "column", "value", "group_column", "group"),
        references=True,
        version=2,
    ),
    "coverage": Entry(
        ("never-collected", "under-represented"), ("name",), references=True, lens=True, version=2
    ),
    "duplicates": Entry(
        ("drowned",), ("group",), pairs=True, references=True, lens=True, version=2
    ),
    "regions": Entry(("under-represented", "proxy-only"), ("kind", "label", "cell"), version=2),
    "concepts": Entry(
        ("never-collected", "unlabelled"),
        ("concept",),
        extension=True,
        references=True,
        lens=True,
        version=2,
    ),
    "labels": Entry(
        ("outvoted", "merged-label", "unlabelled"),
        ("kind", "item", "given"),
        lens=True,
        version=2,
    ),
    "compare": Entry(
        ("under-represented", "empty-label"),
        ("kind", "part", "key", "column"),
        references=True,
        lens=True,
        version=2,
    ),
    "taxonomy": Entry(
        ("empty-label", "under-represented"), ("node_id",), version=3, references=True
    ),
    "diversity": Entry(
        ("drowned", "never-collected"), ("field", "label"), extension=True, lens=True
    ),
}


def entry(name: str) -> Entry:
    """The measure of a name. Raises NotFoundError."""
    if name not in REGISTRY:
        raise NotFoundError("no such measure", name, f"There are: {', '.join(REGISTRY)}")
    return REGISTRY[name]


def run_of(name: str) -> Run:
    """How a measure takes from a site what it needs."""
    entry(name)
    return cast("Run", import_module(f"excavate.gaps.runs.{name}"))


def saying_of(name: str) -> Saying:
    """The words of a measure."""
    entry(name)
    return cast("Saying", import_module(f"excavate.gaps.saying.{name}"))
