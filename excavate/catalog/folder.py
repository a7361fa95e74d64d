"""A site's folder: where its files lie, which generation is current, who holds the lock."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from excavate.errors import SiteError

GENERATION = re.compile(r"catalog-(\d{6})\.duckdb")


class SiteFolder:
    """Paths of one site. Cheap: opens nothing."""

    def __init__(self, path: Path | str) -> None:
        self.given = str(path)  # as a person wrote it, for messages
        self.path = Path(path).resolve()

    def make(self) -> SiteFolder:
        """Create the folder if it is not there."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SiteError(f"cannot be made ({error.strerror})", str(self.path)) from error
        return self

    def current(self) -> Path | None:
        """The catalog file that CURRENT names; None before the first dig."""
        pointer = self.path / "CURRENT"
        if not pointer.exists():
            return None
        name = pointer.read_text(encoding="utf-8").strip()
        file = self.path / name
        if not GENERATION.fullmatch(name) or not file.exists():
            todo = "Write the name of a catalog-NNNNNN.duckdb beside it into it, or dig again"
            raise SiteError(f"CURRENT names no catalog here ({name!r})", str(self.path), todo)
        return file

    def generations(self) -> list[Path]:
        """Published catalogs, oldest first."""
        return sorted(p for p in self.path.glob("catalog-*.duckdb") if GENERATION.fullmatch(p.name))

    def next_generation(self) -> Path:
        """The name the next published catalog gets."""
        numbers = [int(GENERATION.fullmatch(p.name)[1]) for p in self.generations()]  # type: ignore[index]
        return self.path / f"catalog-{max(numbers, default=0) + 1:06d}.duckdb"

    def publish(self, file: Path) -> None:
        """Swap CURRENT to `file` in one step; keep one older generation for those looking."""
        replace_text(self.path / "CURRENT", file.name + "\n")
        for old in [p for p in self.generations() if p != file][:-1]:
            old.unlink()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Admit one dig. The kernel frees the lock when its holder dies, SIGKILL too."""
        try:
            held = open(self.path / ".dig.lock", "a+", encoding="utf-8")  # noqa: SIM115 - below
        except OSError as error:
            todo = "Name another folder, or dig into it: excavate dig digits --site DIR"
            raise SiteError("no such site, or it cannot be written to", self.given, todo) from error
        with held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                todo = "Wait until it ends, or stop it"
                raise SiteError("another dig is under way", str(self.path), todo) from error
            yield


def replace_text(file: Path, text: str) -> None:
    """Write a small file so that a reader sees the old one or the new one, never half."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    with open(aside, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)
