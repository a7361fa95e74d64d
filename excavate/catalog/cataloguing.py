"""Cataloguing: from a source string to a published generation, resumable at every batch."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.catalog.building import Building, adopt_orphan, discard
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import SCHEMA_VERSION, connect
from excavate.catalog.reading import read_batches, runs_of
from excavate.catalog.verifying import record_regions_off_picture, revision, verify
from excavate.errors import ExcavateError, SourceError
from excavate.model import Batch, Description, Progress, Source, SourceOptions, silent
from excavate.settings import Settings
from excavate.sources import open_source

BATCH = 256  # items read together
DATASET_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

INSERT_DATASET = """
INSERT INTO dataset VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    (SELECT count(*) FROM item WHERE dataset_id = $1), $13, $14)
"""
UNDO_PUBLISHING = (
    "DELETE FROM fault WHERE dataset_id = ? AND reason = 'region-off-picture'",
    "DELETE FROM attribute WHERE dataset_id = ? AND added",
    "DELETE FROM dataset WHERE dataset_id = ?",
)
DUG_BEFORE = "SELECT source, options, fingerprint FROM dataset WHERE dataset_id = ?"
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


def catalogue(request: DigRequest, settings: Settings, progress: Progress = silent) -> Dug:
    """Read a source into a new catalog generation and publish it.

    Resumes a dig of the same input that was cut off; does nothing where the same input is in
    the catalog already. Raises SourceError with every fault of the input; what stood stays.
    Time O(items); memory flat but for what the source says of itself.
    """
    folder = SiteFolder(request.site).make()
    with folder.lock():
        adopt_orphan(folder)
        source = open_source(request.source, SourceOptions(request.split, request.images))
        description = source.describe()
        dataset_id = checked_id(request.dataset or description.dataset_id)
        before = _dug_before(folder, request, dataset_id, description)
        if before is not None:
            return before
        identity = {**_identity(request, description), "dataset_id": dataset_id}
        building = Building(folder, dataset_id, identity)
        try:
            _fill(building, source, description, request, settings, progress)
            return _publish(building, description, request)
        finally:
            building.close()


def checked_id(dataset_id: str) -> str:
    """The id itself, if it can be a folder, a link and a word in a command."""
    if not DATASET_ID.fullmatch(dataset_id):
        todo = "Give --dataset a name of a-z, 0-9, dot, dash and underscore, at most 64 long"
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


def _publish(building: Building, description: Description, request: DigRequest) -> Dug:
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
    record_regions_off_picture(connection, dataset_id)
    building.carry_added_attributes()
    connection.execute(INSERT_DATASET, _dataset_row(building, description, request))
    dug = _counted(connection, dataset_id, unchanged=False)
    file = building.publish()
    return Dug(**{**asdict(dug), "generation": file.stem})


def _dataset_row(building: Building, description: Description, request: DigRequest) -> list[Any]:
    root = description.root and os.path.relpath(description.root, building.folder.path)
    return [
        building.dataset_id,
        request.source,
        _options(request),
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
    ]


def _options(request: DigRequest) -> str:
    given = {"split": request.split, "images": request.images, "limit": request.limit}
    return json.dumps({k: v for k, v in given.items() if v is not None}, sort_keys=True)


def _identity(request: DigRequest, description: Description) -> dict[str, Any]:
    return {
        "source": request.source,
        "options": _options(request),
        "fingerprint": description.fingerprint,
        "schema": SCHEMA_VERSION,
        "code": __version__,
    }


def _dug_before(
    folder: SiteFolder, request: DigRequest, dataset_id: str, description: Description
) -> Dug | None:
    file = folder.current()
    if file is None:
        return None
    connection = connect(file, read_only=True)
    try:
        found = connection.execute(DUG_BEFORE, [dataset_id]).fetchone()
        if found != (request.source, _options(request), description.fingerprint):
            return None
        return _counted(connection, dataset_id, unchanged=True, generation=file.stem)
    finally:
        connection.close()


def _counted(connection: Any, dataset_id: str, *, unchanged: bool, generation: str = "") -> Dug:
    items, labels, regions = connection.execute(COUNTS, [dataset_id]).fetchone()
    faults = dict(connection.execute(FAULTS, [dataset_id]).fetchall())
    return Dug(dataset_id, items, labels, regions, faults, generation, unchanged)
