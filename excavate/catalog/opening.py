"""Opening a catalog generation: its own read-only connection, one cursor for each use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from excavate.catalog.folder import SiteFolder
from excavate.catalog.upgrading import SCHEMA_VERSION, VERSION, refuse_newer
from excavate.errors import SiteError


def schema() -> str:
    """The SQL that makes an empty catalog; its comments are the data dictionary."""
    return files("excavate.catalog").joinpath("schema.sql").read_text(encoding="utf-8")


def connect(file: Path, *, read_only: bool) -> Any:
    """A DuckDB connection to one catalog file. Raises SiteError where it cannot be opened."""
    import duckdb

    try:
        connection = duckdb.connect(str(file), read_only=read_only)
    except duckdb.Error as error:
        todo = "Close what else holds it, or dig again into a new site"
        raise SiteError(f"the catalog cannot be opened ({error})", str(file), todo) from error
    return connection


def schema_of(file: Path) -> int:
    """The schema version of a catalog file. Raises SiteError where it is none."""
    import duckdb

    connection = connect(file, read_only=True)
    try:
        return int(connection.execute(VERSION).fetchone()[0])
    except duckdb.Error as error:
        raise SiteError("this is no catalog", str(file), "Dig again into a new site") from error
    finally:
        connection.close()


class Generation:
    """One open catalog generation. Counts who is reading, so it can be closed after the last."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.connection = connect(file, read_only=True)
        found = self.connection.execute(VERSION).fetchone()[0]
        if found != SCHEMA_VERSION:
            self.connection.close()
            refuse_newer(found, file)
            what = f"catalog schema {found}, this version reads {SCHEMA_VERSION}"
            raise SiteError(what, str(file), f"Run: excavate upgrade --site {file.parent}")
        self.readers = 0
        self.retired = False


class CurrentCatalog:
    """Follows CURRENT: each query runs on the newest generation, old ones close when unused."""

    def __init__(self, folder: SiteFolder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: Generation | None = None
        self._before: Generation | None = None

    @property
    def generation(self) -> str:
        """The name of the current generation: it changes when a new catalog is published."""
        file = self._folder.current()
        return file.stem if file else ""

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A cursor on the current generation, for one rerun or request."""
        with self._reading(self._enter()) as cursor:
            yield cursor

    @contextmanager
    def older_cursor(self) -> Iterator[Any | None]:
        """A cursor on the generation before the current one, for a browser that still shows it.

        None where there is none.
        """
        generation = self._enter_before()
        if generation is None:
            yield None
            return
        with self._reading(generation) as cursor:
            yield cursor

    def close(self) -> None:
        """Close when the last reader has left."""
        with self._lock:
            for generation in (self._open, self._before):
                _retire(generation)
            self._open = self._before = None

    @contextmanager
    def _reading(self, generation: Generation) -> Iterator[Any]:
        cursor = generation.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()
            self._leave(generation)

    def _enter(self) -> Generation:
        with self._lock:
            file = self._folder.current()
            if file is None:
                todo = f"Dig a dataset into it: excavate dig digits --site {self._folder.given}"
                raise SiteError("nothing has been dug here yet", self._folder.given, todo)
            if self._open is None or self._open.file != file:
                newer = Generation(file)
                _retire(self._open)
                self._open = newer
            self._open.readers += 1
            return self._open

    def _enter_before(self) -> Generation | None:
        with self._lock:
            current = self._folder.current()
            files = [file for file in self._folder.generations() if file != current]
            if not files:
                return None
            if self._before is None or self._before.file != files[-1]:
                if schema_of(files[-1]) != SCHEMA_VERSION:
                    return None  # what an upgrade left behind holds nothing that the new one lacks
                newer = Generation(files[-1])
                _retire(self._before)
                self._before = newer
            self._before.readers += 1
            return self._before

    def _leave(self, generation: Generation) -> None:
        with self._lock:
            generation.readers -= 1
            if generation.retired and not generation.readers:
                generation.connection.close()


def _retire(generation: Generation | None) -> None:
    """Close a generation now, or when its last reader leaves. Under the catalog's lock."""
    if generation is not None:
        generation.retired = True
        if not generation.readers:
            generation.connection.close()
