"""Computed files: vectors, neighbours, layouts, findings. Immutable, named by their origin.

`KIND/ID.json` is the sidecar and is written last: where it stands, the files beside it
(`ID.npy`, `ID.rows.parquet`, …) are whole. The ID is a hash of the provenance, so a link to a
computed file stays good, and the same question asked twice is computed once.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from excavate import __version__
from excavate.catalog.folder import SiteFolder, replace_text
from excavate.errors import SiteError

LIBRARIES = {
    "vectors": ("numpy", "pillow", "torch", "open-clip-torch", "onnxruntime", "scikit-image"),
    "neighbours": ("numpy", "faiss-cpu", "torch"),
    "layouts": ("numpy", "umap-learn", "numba", "scipy"),
    "hashes": ("numpy", "pillow"),
    "findings": ("numpy", "scipy", "pandas", "scikit-learn", "faiss-cpu", "cleanlab"),
    "measured_again": ("numpy", "scikit-learn"),
}


@dataclass(frozen=True)
class Computed:
    """One computed file set: what it was made from, and what came of it."""

    kind: str
    folder: Path
    provenance: Mapping[str, Any]
    result: Mapping[str, Any] = field(default_factory=dict)
    made_at: str = ""

    @property
    def id(self) -> str:
        """Sixteen hex digits of the provenance's sha256."""
        canonical = json.dumps(self.provenance, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def file(self, ending: str) -> Path:
        """`KIND/ID.ending` in the site."""
        return self.folder / self.kind / f"{self.id}.{ending}"

    def exists(self) -> bool:
        """Whether it is finished."""
        return self.file("json").exists()

    def as_record(self) -> dict[str, Any]:
        """Id, provenance and result, as JSON can hold them."""
        return {
            "id": self.id,
            "provenance": dict(self.provenance),
            "result": dict(self.result),
            "made_at": self.made_at,
        }

    def finish(self, result: Mapping[str, Any]) -> Computed:
        """Record the result in the sidecar: from now on the file set is whole."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        record = {"provenance": self.provenance, "result": result, "made_at": now}
        self.file("json").parent.mkdir(parents=True, exist_ok=True)
        replace_text(self.file("json"), json.dumps(record, ensure_ascii=False, indent=1))
        return Computed(self.kind, self.folder, self.provenance, result, now)


def versions(kind: str) -> dict[str, str]:
    """The versions behind a computed file: ours, Python's, and the libraries it rests on."""
    found = {"excavate": __version__, "python": platform.python_version()}
    for package in LIBRARIES[kind]:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def computed(site: SiteFolder, kind: str, provenance: Mapping[str, Any]) -> Computed:
    """The file set of this provenance: as recorded if finished, else an unfinished one."""
    wanted = Computed(kind, site.path, provenance)
    return recorded(wanted) or wanted


def recorded(wanted: Computed) -> Computed | None:
    """The file set as it stands now; None where it is not finished. Raises SiteError."""
    return _read(wanted.folder, wanted.kind, wanted.file("json")) if wanted.exists() else None


def all_computed(
    site: SiteFolder, kind: str, unreadable: list[Path] | None = None
) -> list[Computed]:
    """Every finished file set of a kind, oldest first.

    A sidecar that cannot be read raises SiteError, or is put into `unreadable` where that is given.
    """
    found = []
    for file in sorted((site.path / kind).glob("[!.]*.json")):
        try:
            found.append(_read(site.path, kind, file))
        except SiteError:
            if unreadable is None:
                raise
            unreadable.append(file)
    return sorted(found, key=lambda c: (c.made_at, c.id))


def _read(folder: Path, kind: str, sidecar: Path) -> Computed:
    try:
        record = json.loads(sidecar.read_text(encoding="utf-8"))
        return Computed(kind, folder, record["provenance"], record["result"], record["made_at"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        todo = "Put it aside: it can be computed again"
        raise SiteError("no record that can be read", str(sidecar), todo) from error
