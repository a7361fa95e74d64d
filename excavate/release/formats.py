"""The formats of a release: an explicit list of who writes what.

A writer gets the contents and the release's folder, where pictures and strokes lie already under
`items/`; it writes its own files beside them and returns what they cannot hold.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from excavate.errors import SourceError
from excavate.release.record import Writer


class Format(NamedTuple):
    """One format: the module whose `write` makes it, and the files it makes."""

    module: str
    files: tuple[str, ...]


ALWAYS: dict[str, Format] = {
    "parquet": Format("excavate.release.items_parquet", ("items.parquet",)),
    "annotations": Format("excavate.release.annotations", ("annotations.jsonl",)),
    "manifest": Format("excavate.release.iiif_manifest", ("manifest.json",)),
    "croissant": Format("excavate.release.croissant", ("croissant.json",)),
    "rights": Format("excavate.release.rights_page", ("RIGHTS.md",)),
    "finding-aid": Format("excavate.release.finding_aid", ("finding-aid.html",)),
    "citation": Format("excavate.release.citation", ("CITATION.cff",)),
    "card": Format("excavate.release.card", ("README.md",)),
}
BY_CHOICE: dict[str, Format] = {
    "csv": Format("excavate.release.items_csv", ("items.csv",)),
    "coco": Format("excavate.release.coco", ("coco.json",)),
    "labelme": Format("excavate.release.labelme", ("labelme",)),
    "imagefolder": Format("excavate.release.imagefolder", ("items/metadata.jsonl",)),
    "catalogue": Format("excavate.release.catalogue", ("catalogue.pdf",)),
    "exhibition": Format("excavate.release.exhibition", ("exhibition",)),
}


def writer_of(name: str) -> Writer:
    """The writer of a format. Raises SourceError where there is none of this name."""
    entry = {**ALWAYS, **BY_CHOICE}.get(name)
    if entry is None:
        raise SourceError("no such format", name, f"One of: {', '.join(BY_CHOICE)}")
    writer: Writer = import_module(entry.module).write
    return writer
