"""Sources: one file a format. Each reads a public dataset and yields Arrow batches.

A source string is `NAME` or `NAME:REST`; the registry below says which module reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from excavate.errors import SourceError

if TYPE_CHECKING:  # the command line prints usage() before it needs Arrow
    from excavate.model import Source, SourceOptions

# name -> (module, what follows the colon, "" where nothing does)
REGISTRY: dict[str, tuple[str, str]] = {
    "digits": ("excavate.sources.digits", ""),
    "folder": ("excavate.sources.folder", "PATH"),
    "parquet": ("excavate.sources.parquet", "GLOB"),
    "hf": ("excavate.sources.hf", "NAME[@REVISION][#CONFIG]"),
    "coco": ("excavate.sources.coco", "ANNOTATIONS.json"),
}
TAKES_IMAGES = {"coco"}  # its pictures lie elsewhere than its index


def open_source(text: str, options: SourceOptions | None = None) -> Source:
    """The source that a source string names. Raises SourceError where none does."""
    name, colon, rest = text.partition(":")
    if name not in REGISTRY:
        raise SourceError("no such source", text, f"One of: {usage()}")
    module, follows = REGISTRY[name]
    if bool(rest) != bool(follows):
        wanted = f"{name}:{follows}" if follows else name
        raise SourceError("this source is written otherwise", text, f"Write {wanted}")
    if options is None:
        from excavate.model import SourceOptions as NoOptions

        options = NoOptions()
    if options.images is not None and name not in TAKES_IMAGES:
        todo = f"Leave --images out; it is for {', '.join(sorted(TAKES_IMAGES))}"
        raise SourceError("--images is of no use to this source", text, todo)
    opener: Callable[[str, SourceOptions], Source] = import_module(module).open_source
    return opener(rest, options)


def usage() -> str:
    """The ways to name a source, as `--help` and errors print them."""
    return ", ".join(f"{n}:{rest}" if rest else n for n, (_, rest) in REGISTRY.items())
