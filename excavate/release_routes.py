"""Releases of the site, read-only, for those inside: their pages, their files, all as one zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.workshop.store import Workshop

CHECKSUMS = "checksums.sha256"
# The exhibition's own scripts run, and reach nothing: no request but for its own files, no form,
# no frame, no window of another kind. It has the site's origin, for a shared room's cookie goes
# with no picture that a page without an origin asks for.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-scripts allow-same-origin allow-popups allow-modals allow-downloads",
    )
)
PAGES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".json": "application/json; charset=utf-8",
    ".jsonl": "application/x-ndjson; charset=utf-8", ".svg": "image/svg+xml",
    ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2",
    ".pdf": "application/pdf", ".md": "text/plain; charset=utf-8",
    ".cff": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
    ".sha256": "text/plain; charset=utf-8",
}  # fmt: skip
OTHER = "application/octet-stream"
PIECE = 1 << 20
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the zip of a release is the same whenever it is asked for


def release_file(request: Request) -> Response:
    """One file of a release; never one outside it, never through a link."""
    from starlette.responses import FileResponse

    from excavate.routes import ASK_AGAIN, refusal

    folder = _folder(request)
    file = inside(folder, request.path_params["path"])
    if file is None:
        return refusal(404, "no such file in this release")
    media_type = PAGES.get(file.suffix, OTHER)
    headers = {"Cache-Control": ASK_AGAIN, "X-Content-Type-Options": "nosniff",
               "Cross-Origin-Resource-Policy": "same-origin",
               "Referrer-Policy": "no-referrer"}  # fmt: skip
    if file.suffix != ".pdf":  # a browser shows no PDF that is sandboxed
        headers["Content-Security-Policy"] = POLICY
    return FileResponse(file, media_type=media_type, headers=headers)


def release_zip(request: Request) -> Response:
    """The whole folder as a zip, made while it is sent."""
    from starlette.responses import StreamingResponse

    folder = _folder(request)
    headers = {
        "Content-Disposition": f'attachment; filename="{folder.name}.zip"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(zipped(folder), media_type="application/zip", headers=headers)


def _folder(request: Request) -> Path:
    """The folder that is asked for, where this room was told of it and nothing of it was taken
    back since. Raises NotFoundError, NotAllowedError."""
    from excavate.release.released import release_folder
    from excavate.routes import served_site, served_workshop

    folder = release_folder(served_site().folder.path, request.path_params["name"])
    sums, workshop = folder / CHECKSUMS, served_workshop()
    gone = _taken_back(workshop, workshop.version, sums, sums.stat().st_mtime_ns)
    if gone is None:
        raise NotFoundError("no such release", folder.name, "See the page of releases")
    if gone:
        todo = "Make its next version"
        raise NotAllowedError("something in this release was taken back", folder.name, todo)
    return folder


@lru_cache(maxsize=64)
def _taken_back(workshop: Workshop, _version: int, sums: Path, _written: int) -> int | None:
    """Asked once for as long as nothing is written: a page of a release has many pictures."""
    from excavate.release.checksums import digest
    from excavate.release.released import taken_back

    return taken_back(workshop, digest(sums))


def inside(folder: Path, path: str) -> Path | None:
    """A plain file of a folder by its path; None for anything else, links among it."""
    asked = folder
    for part in path.split("/"):
        if part in ("", ".", "..") or "\\" in part or "\0" in part:
            return None
        asked = asked / part
        if asked.is_symlink():
            return None
    return asked if asked.is_file() else None


def zipped(folder: Path) -> Iterator[bytes]:
    """The pieces of a zip of a folder, its files uncompressed: pictures do not shrink."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            if file.is_symlink():
                continue
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            with made.open(entry, "w", force_zip64=True) as to, file.open("rb") as content:
                while piece := content.read(PIECE):
                    to.write(piece)
                    yield sink.taken()
    yield sink.taken()


class _Sink:
    """Where a zip is written to piece by piece: it cannot be gone back in."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, content: bytes) -> int:
        """Hold a piece."""
        self._held += content
        return len(content)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """There is nothing to close."""

    def taken(self) -> bytes:
        """What was written since it was taken last."""
        content = bytes(self._held)
        self._held.clear()
        return content
