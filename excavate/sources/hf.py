"""`hf:NAME[@REVISION][#CONFIG]`: a dataset of the Hugging Face hub, streamed, nothing kept.

The revision's commit is asked for first and pinned, so that a later reading reads the same. The
key is the row number within its split, in the stored order. Columns are read as hub_features
says; a picture that is a file of its own on the hub is fetched with its batch. An item has no
original on this machine: to be able to open it again, download the files and use `parquet:`.

Needs the network, and says so at once where there is none. Starting late (`start`) reads the
rows before it again, as the hub's own counts cannot be relied on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from excavate.errors import SourceError
from excavate.model import Batch, Category, Description, SourceOptions
from excavate.sources.hub_reading import (
    StreamedSplit,
    StreamedSplits,
    streamed_hub,
    streaming,
)
from excavate.sources.places import dataset_name, fingerprint_of
from excavate.sources.splits import chosen, in_order

PATTERN = re.compile(r"(?P<name>[\w.-]+(/[\w.-]+)?)(@(?P<revision>[^#]+))?(#(?P<config>.+))?")
SECONDS = 10.0  # until the hub counts as unreachable
WRITTEN = "Write hf:NAME[@REVISION][#CONFIG], such as hf:ylecun/mnist"
INSTEAD = "Check the line, or download its Parquet files and use parquet:GLOB"
SCRIPTS = "Try the hub's own Parquet: hf:NAME@refs/convert/parquet"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source string asks of the hub."""

    name: str
    revision: str | None = None
    config: str | None = None

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read NAME[@REVISION][#CONFIG]. Raises SourceError where it is written otherwise."""
        match = PATTERN.fullmatch(text)
        if not match:
            raise SourceError("no name of a hub dataset", f"hf:{text}", WRITTEN)
        return cls(match["name"], match["revision"], match["config"])

    def __str__(self) -> str:
        revision = f"@{self.revision}" if self.revision else ""
        return f"hf:{self.name}{revision}" + (f"#{self.config}" if self.config else "")


class Hub:
    """One dataset of the hub at one commit. Asks the hub at the first question."""

    def __init__(self, text: str, options: SourceOptions) -> None:
        self.wanted, self._options = Wanted.parse(text), options

    def describe(self) -> Description:
        """The commit, licence and page. Raises SourceError where the hub cannot be reached."""
        wanted, card = self.wanted, self._said.card_data or {}
        config = f"-{wanted.config}" if wanted.config else ""
        return Description(
            dataset_id=dataset_name(wanted.name + config),
            title=str(card.get("pretty_name") or wanted.name),
            key_rule="row number within the split, in the stored order",
            fingerprint=fingerprint_of([self._said.sha, wanted.config or "", *self._read]),
            source_revision=self._said.sha,
            licence=_licence(card.get("license")),
            homepage=f"https://huggingface.co/datasets/{wanted.name}",
            count=self._count(),
        )

    def categories(self) -> Sequence[Category]:
        """The classes that the dataset's features declare."""
        return self._streamed.categories()

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Rows in order, with their pictures' bytes. Raises SourceError if the line breaks."""
        try:
            yield from self._streamed.batches(size, start)
        except (OSError, pa.ArrowException) as error:
            raise _refusal(error, self.wanted) from error

    @cached_property
    def _said(self) -> Any:
        streaming()
        from huggingface_hub import HfApi

        if Path(self.wanted.name).exists():
            todo = "Dig it with parquet: or folder:, or work in another folder"
            raise SourceError("a folder here has the dataset's name", str(self.wanted), todo)
        name, revision = self.wanted.name, self.wanted.revision
        try:
            return HfApi().dataset_info(name, revision=revision, timeout=SECONDS)
        except Exception as error:  # the hub's client lets the errors of its transport through
            raise _refusal(error, self.wanted) from error

    @cached_property
    def _streams(self) -> Any:
        try:
            return streamed_hub(self.wanted.name, self.wanted.config, self._said.sha)
        except Exception as error:  # as above
            raise _refusal(error, self.wanted) from error

    @cached_property
    def _read(self) -> list[str]:
        return chosen(in_order(self._streams), self._options.split, str(self.wanted))

    @cached_property
    def _streamed(self) -> StreamedSplits:
        splits = [StreamedSplit(n, self._streams[n], fetch=_fetch) for n in self._read]
        return StreamedSplits(splits, self.wanted.name)

    def _count(self) -> int | None:
        said = next(iter(self._streams.values())).info.splits or {}
        counts = [said[name].num_examples for name in self._read if name in said]
        return sum(counts) if counts and len(counts) == len(self._read) else None


def _fetch(pictures: pa.Array) -> pa.Array:
    """Fill in the bytes of pictures that are files of the hub; no other address is opened."""
    if not pictures.field("bytes").null_count:
        return pictures
    import datasets

    return pa.array([_fetched(cell, datasets.Image()) for cell in pictures], pictures.type)


def _fetched(cell: Any, image: Any) -> Any:
    said = cell.as_py()
    source = ((said or {}).get("path") or "").split("::")[-1]
    if not said or said["bytes"] is not None or not source.startswith("hf://datasets/"):
        return said
    alone = pa.array([said], cell.type)
    try:
        return image.embed_storage(alone, local_files=False)[0].as_py()
    except FileNotFoundError:  # the hub lists it and has it not: an unreadable picture
        return {**said, "bytes": b""}


def _licence(said: Any) -> str | None:
    return ", ".join(map(str, said)) if isinstance(said, list) else said


def _refusal(error: Exception, wanted: Wanted) -> SourceError:
    """The error that says what to do, for one of the hub's."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    line = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    if isinstance(error, SourceError):
        return error
    if "GatedRepoError" in kinds:
        todo = "Accept its terms on the hub and log in (hf auth login)"
        return SourceError("its makers ask for your consent first", str(wanted), todo)
    if kinds & {"RepositoryNotFoundError", "DatasetNotFoundError", "HFValidationError"}:
        return SourceError("the hub has no such dataset, or a private one", str(wanted), WRITTEN)
    if "RevisionNotFoundError" in kinds:
        return SourceError("the dataset has no such revision", str(wanted), WRITTEN)
    if "scripts" in line:
        return SourceError("it is read by a script, which is not run", str(wanted), SCRIPTS)
    if isinstance(error, OSError) or "TransportError" in kinds:
        return SourceError(f"the hub cannot be reached ({line})", str(wanted), INSTEAD)
    return SourceError(f"the hub's dataset cannot be read ({line})", str(wanted), INSTEAD)


def open_source(rest: str, options: SourceOptions) -> Hub:
    """The dataset of the hub that `rest` names; nothing is asked of the hub yet."""
    return Hub(rest, options)
