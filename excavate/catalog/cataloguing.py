"""Cataloguing: from a source string to a published generation, resumable at every batch."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.catalog.amending import not_written, upgrade_in
from excavate.catalog.building import Building, discard, recover
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import connect
from excavate.catalog.reading import read_batches, runs_of
from excavate.catalog.upgrading import SCHEMA_VERSION
from excavate.catalog.verifying import record_faulty_regions, revision, verify
from excavate.errors import ExcavateError, SiteError, SourceError
from excavate.model import Batch, Description, Progress, Source, SourceOptions, silent
from excavate.settings import MAX_PIXELS, Settings
from excavate.sources import open_source

BATCH = 256  # items read together
DATASET_ID = re.compile(r"[^\W_][\w.-]{0,63}")  # letters of any script, Korean ones too

INSERT_DATASET = """
INSERT INTO dataset VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    (SELECT count(*) FROM item WHERE dataset_id = $1), $13, $14, $15, $16)
"""
UNDO_PUBLISHING = (
    """DELETE FROM fault WHERE dataset_id = ?
    AND reason IN ('region-off-picture', 'mask-missing', 'left-out')""",
    "DELETE FROM dataset WHERE dataset_id = ?",
)
INSERT_LEFT_OUT = "INSERT INTO fault VALUES (?, NULL, 'left-out', ?)"
DUG_BEFORE = """
SELECT source, options, fingerprint, dossier, withdrawn FROM dataset WHERE dataset_id = ?
"""
SAID_BEFORE = "SELECT source, dossier, withdrawn FROM dataset WHERE dataset_id = ?"
COUNTS = """
SELECT (SELECT count(*) FROM item WHERE dataset_id = $1),
       (SELECT count(*) FROM label WHERE dataset_id = $1),
       (SELECT count(*) FROM region WHERE dataset_id = $1)
"""
FAULTS = "SELECT reason, count(*) FROM fault WHERE dataset_id = ? GROUP BY reason ORDER BY reason"


@dataclass(frozen=True, slots=True)
class DigRequest:
    """What to dig and where to."""

    source: str
    site: Path
    dataset: str | None = None
    split: str | None = None
    images: str | None = None
    limit: int | None = None
    again: bool = False  # read it even where the same input is in the catalog already
    given: Mapping[str, str] = field(default_factory=dict)  # the source's own options
    dossier: str | None = None  # the dossier that it was dug by
    withdrawn: str | None = None  # why a local copy of a withdrawn dataset is dug all the same
    suggested: str | None = None  # the dossier's name for it in the site; yields to `dataset`
    drop_attributes: bool = False  # let what was joined go whose items are no longer there


@dataclass(frozen=True, slots=True)
class Dug:
    """What a dig left in the catalog. `unchanged`: it was there already, nothing was read."""

    dataset_id: str
    items: int
    labels: int
    regions: int
    faults: dict[str, int]
    generation: str
    unchanged: bool
    dropped_attributes: int = 0
    dropped_labels: int = 0


def catalogue(request: DigRequest, settings: Settings, progress: Progress = silent) -> Dug:
    """Read a source into a new catalog generation and publish it.

    Resumes a dig of the same input that was cut off; does nothing where the same input is in
    the catalog already. Raises SourceError with every fault of the input; what stood stays.
    Time O(items); memory flat but for what the source says of itself.
    """
    folder = SiteFolder(request.site).make()
    with folder.lock():
        return catalogue_in(folder, request, settings, progress)


def catalogue_in(
    folder: SiteFolder, request: DigRequest, settings: Settings, progress: Progress
) -> Dug:
    """As `catalogue`, by someone who holds the site's lock already."""
    import duckdb

    recover(folder)
    if folder.current() is not None:
        upgrade_in(folder)
    options = SourceOptions(request.split, request.images, request.given)
    source = open_source(request.source, options)
    description = source.describe()
    dataset_id = checked_id(request.dataset or request.suggested or description.dataset_id)
    request = _with_words_said_before(folder, request, dataset_id)
    asked = _options(request, settings)
    before = _dug_before(folder, request, dataset_id, description, asked)
    if before is not None:
        return before
    try:
        building = Building(folder, dataset_id, _identity(request, description, asked))
        try:
            _fill(building, source, description, request, settings, progress)
            return _publish(building, description, request, asked)
        finally:
            building.close()
    except (duckdb.Error, OSError) as error:  # a full disk, a folder that is read-only
        kept = "a dig goes on where it stopped"
        raise SiteError(*not_written(error, Path(folder.given), kept)) from error


def _with_words_said_before(folder: SiteFolder, request: DigRequest, dataset_id: str) -> DigRequest:
    """The request with the dossier and the reason of the dig before, where it names none.

    A withdrawn copy stays one under its name here, however its source is spelled and whatever
    dossier is named: raises SiteError where that would let the reason go.
    """
    file = folder.current()
    if file is None or request.withdrawn is not None:
        return request
    connection = connect(file, read_only=True)
    try:
        found = connection.execute(SAID_BEFORE, [dataset_id]).fetchone()
    finally:
        connection.close()
    source, dossier, withdrawn = found or (None, None, None)
    if withdrawn is None:
        kept = request.dossier is None and source == request.source
        return replace(request, dossier=dossier) if kept else request
    if request.dossier not in (None, dossier):
        what = f"a copy of {dossier}, which is not given out, is dug here ({withdrawn})"
        todo = f"Give --dataset another name, or say --withdrawn again beside {request.dossier}"
        raise SiteError(what, dataset_id, todo)
    return replace(request, dossier=dossier, withdrawn=withdrawn)


def checked_id(dataset_id: str) -> str:
    """The id itself, if it can be a folder, a link and a word in a command."""
    plain = unicodedata.normalize("NFC", dataset_id).lower() == dataset_id
    if not plain or not DATASET_ID.fullmatch(dataset_id):
        todo = "Give --dataset small letters, digits, dot, dash and underscore, at most 64"
        raise ExcavateError("cannot name a dataset", repr(dataset_id), todo)
    return dataset_id


def _fill(
    building: Building,
    source: Source,
    description: Description,
    request: DigRequest,
    settings: Settings,
    progress: Progress,
) -> None:
    counts = [n for n in (description.count, request.limit) if n is not None]
    total = min(counts, default=None)
    batches = _limited(source.batches(BATCH, building.items_done), request.limit, building)
    progress("catalogue", building.items_done, total)
    for run in runs_of(read_batches(batches, description.root, settings, total)):
        building.add(run)
        progress("catalogue", building.items_done, total)
    building.add_categories(source.categories())


def _limited(batches: Iterator[Batch], limit: int | None, building: Building) -> Iterator[Batch]:
    left = None if limit is None else limit - building.items_done
    for batch in batches:
        if left is not None:
            batch = batch.head(left)
            left -= len(batch)
        if len(batch):
            yield batch
        if left == 0:
            return


def _publish(
    building: Building, description: Description, request: DigRequest, options: str
) -> Dug:
    connection, dataset_id = building.connection, building.dataset_id
    try:
        verify(connection, dataset_id, request.source)
    except SourceError:
        building.close()
        discard(building.file)
        raise
    # A dig killed from here on runs these steps again: they begin by undoing themselves.
    for sql in UNDO_PUBLISHING:
        connection.execute(sql, [dataset_id])
    record_faulty_regions(connection, dataset_id)
    for detail in description.left_out:
        connection.execute(INSERT_LEFT_OUT, [dataset_id, detail])
    attributes, labels = _carried(building, request)
    connection.execute(INSERT_DATASET, _dataset_row(building, description, request, options))
    dug = _counted(connection, dataset_id, unchanged=False)
    file = building.publish()
    return replace(dug, generation=file.stem, dropped_attributes=attributes, dropped_labels=labels)


def _carried(building: Building, request: DigRequest) -> tuple[int, int]:
    """Carry over what stands beside this dataset; refuse to lose what people joined to it."""
    dropped = building.carry()
    if any(dropped) and not request.drop_attributes:
        counted = zip(dropped, ("attributes", "labels"), strict=True)
        joined = " and ".join(f"{count:,} {name}" for count, name in counted if count)
        what = f"{joined} joined earlier belong to items that this dig leaves out"
        todo = "Dig it under another --dataset, or let them go with --drop-attributes"
        raise SiteError(what, building.dataset_id, todo)
    return dropped


def _dataset_row(
    building: Building, description: Description, request: DigRequest, options: str
) -> list[Any]:
    root = description.root and os.path.relpath(description.root, building.folder.path)
    return [
        building.dataset_id,
        request.source,
        options,
        description.title,
        description.key_rule,
        description.fingerprint,
        description.source_revision,
        revision(building.connection, building.dataset_id),
        root,
        description.licence,
        description.homepage,
        description.citation,
        __version__,
        datetime.now(UTC).replace(tzinfo=None),
        request.dossier,
        request.withdrawn,
    ]


def _options(request: DigRequest, settings: Settings) -> str:
    """What was asked that changes what is read, as JSON."""
    given: dict[str, Any] = {"split": request.split, "images": request.images}
    given |= {"limit": request.limit, "given": dict(request.given) or None}
    if settings.max_pixels != MAX_PIXELS:
        given["max_pixels"] = settings.max_pixels
    return json.dumps({k: v for k, v in given.items() if v is not None}, sort_keys=True)


def _identity(request: DigRequest, description: Description, options: str) -> dict[str, Any]:
    return {
        "source": request.source,
        "options": options,
        "fingerprint": description.fingerprint,
        "schema": SCHEMA_VERSION,
        "code": __version__,
    }


def _dug_before(
    folder: SiteFolder,
    request: DigRequest,
    dataset_id: str,
    description: Description,
    options: str,
) -> Dug | None:
    """What is there already of this input. Refuses to replace another dataset by its name."""
    file = folder.current()
    if file is None:
        return None
    connection = connect(file, read_only=True)
    try:
        found = connection.execute(DUG_BEFORE, [dataset_id]).fetchone()
        if found and found[0] != request.source and request.dataset is None:
            todo = f"Give --dataset another name, or --dataset {dataset_id} to replace it"
            raise SiteError(f"another dataset has this name ({found[0]})", dataset_id, todo)
        asked = (request.source, options, description.fingerprint)
        if request.again or found != (*asked, request.dossier, request.withdrawn):
            return None
        return _counted(connection, dataset_id, unchanged=True, generation=file.stem)
    finally:
        connection.close()


def _counted(connection: Any, dataset_id: str, *, unchanged: bool, generation: str = "") -> Dug:
    items, labels, regions = connection.execute(COUNTS, [dataset_id]).fetchone()
    faults = dict(connection.execute(FAULTS, [dataset_id]).fetchall())
    return Dug(dataset_id, items, labels, regions, faults, generation, unchanged)
