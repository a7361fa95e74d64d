"""Amending a catalog: a copy of the current generation is changed and becomes the next one.

Whatever fails, the site is as it was. A copy of an older schema is brought up on the way.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from excavate.catalog.building import discard, publish, recover, tune
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import connect, schema_of
from excavate.catalog.upgrading import SCHEMA_VERSION, bring_up
from excavate.errors import NotFoundError, SiteError

DIG_FIRST = "Dig a dataset into it first: what is added is kept beside what was dug"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: the schema found, the steps taken, the generation in use now."""

    before: int
    now: int
    steps: tuple[str, ...]
    generation: str


class Amendment:
    """A catalog that may be written on; `generation` names it once it is published."""

    def __init__(self, connection: Any, generation: str) -> None:
        self.connection, self.generation = connection, generation
        self.wanted = True  # set to False where there is nothing to publish after all


@contextmanager
def amended(site: Path) -> Iterator[Amendment]:
    """A copy of the site's current catalog, published at the end of the block.

    Takes the site's lock. Raises NotFoundError where nothing has been dug, SiteError where the
    site cannot be written; then, and where the block raises, nothing is changed.
    """
    folder = SiteFolder(site)
    with folder.lock():
        recover(folder)
        current = folder.current()
        if current is None:
            raise NotFoundError("nothing has been dug here yet", str(site), DIG_FIRST)
        with _copied(folder, current) as (connection, aside):
            bring_up(connection, current)
            amendment = Amendment(connection, current.stem)
            yield amendment
            if amendment.wanted:
                amendment.generation = publish(folder, connection, aside).stem


def upgrade_site(site: Path) -> Upgraded:
    """Publish the catalog with the schema of this version; nothing where it has it already.

    Raises NotFoundError where nothing has been dug, SiteError where it cannot be done.
    """
    folder = SiteFolder(site)
    with folder.lock():
        recover(folder)
        if folder.current() is None:
            raise NotFoundError("nothing has been dug here yet", str(site), "Dig first")
        return upgrade_in(folder)


def upgrade_in(folder: SiteFolder) -> Upgraded:
    """As `upgrade_site`, by someone who holds the lock of a site with a catalog."""
    current = folder.current()
    assert current is not None  # noqa: S101 - the callers have looked
    before = schema_of(current)
    if before == SCHEMA_VERSION:
        return Upgraded(before, before, (), current.stem)
    with _copied(folder, current) as (connection, aside):
        steps = bring_up(connection, current)
        published = publish(folder, connection, aside)
    return Upgraded(before, SCHEMA_VERSION, tuple(steps), published.stem)


@contextmanager
def _copied(folder: SiteFolder, current: Path) -> Iterator[tuple[Any, Path]]:
    """A copy of the catalog to write on and publish; whatever fails, nothing of it stays."""
    import duckdb

    aside = folder.path / ".amending.duckdb"
    connection = None
    try:
        discard(aside)
        shutil.copyfile(current, aside)
        connection = connect(aside, read_only=False)
        tune(connection)
        yield connection, aside
    except (duckdb.Error, OSError) as error:
        _withdraw(folder, current)
        raise SiteError(*not_written(error, folder.path, "nothing was changed")) from error
    finally:
        if connection is not None:
            connection.close()
        discard(aside)


def not_written(error: Exception, where: Path, kept: str) -> tuple[str, str, str]:
    """What, where, what to do, of a catalog that could not be written; `kept`: what stays."""
    import duckdb

    why = str(error).partition("\n")[0]
    # A full disk met at a commit is a TransactionException, and Fatal from then on.
    disk = (OSError, duckdb.IOException, duckdb.TransactionException, duckdb.FatalException)
    if isinstance(error, disk):
        todo = f"Make room on the disk, see that it can be written to, and try again; {kept}"
        return f"cannot be written ({why})", str(where), todo
    todo = f"This ought not to happen: report it, with what was asked; {kept}"
    return f"the catalog refuses what was to be written ({why})", str(where), todo


def _withdraw(folder: SiteFolder, current: Path) -> None:
    """Remove a generation that got its name while CURRENT could not be swapped to it."""
    if folder.current() == current:
        for file in folder.generations():
            if file.name > current.name:
                file.unlink(missing_ok=True)
