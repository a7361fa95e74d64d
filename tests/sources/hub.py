"""A dataset hub on this machine, as far as reading one dataset asks for: real HTTP, no network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMIT = "c0ffee" + "0" * 34
NAME = "makers/tiny"
PROJECT = Path(__file__).resolve().parents[2]


class _Hub(BaseHTTPRequestHandler):
    """Serves the files of one folder as the dataset NAME at one commit."""

    def __init__(self, folder: Path, *rest: Any) -> None:
        self.folder = folder
        super().__init__(*rest)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:
        """The dataset's facts, its list of files, or one file, whole or in part."""
        path = self.path.partition("?")[0]
        asked = path.removeprefix(f"/api/datasets/{NAME}")
        if asked != path and "/tree/" in asked:
            self._send(json.dumps(self._files()).encode())
        elif asked in ("", f"/revision/{COMMIT}", "/revision/main"):
            self._send(json.dumps(self._facts()).encode())
        elif asked.startswith("/revision/"):
            self._send(b"", 404, X_Error_Code="RevisionNotFound")
        elif "/resolve/" in path:
            self._file(self.folder / path.partition("/resolve/")[2].partition("/")[2])
        else:
            self._send(b"", 404, X_Error_Code="RepoNotFound")

    def _facts(self) -> dict[str, Any]:
        files = [{"rfilename": file["path"]} for file in self._files()]
        card = {"license": "cc0-1.0", "pretty_name": "Tiny"}
        return {"id": NAME, "sha": COMMIT, "cardData": card, "siblings": files, "tags": []}

    def _files(self) -> list[dict[str, Any]]:
        return [
            {
                "type": "directory" if file.is_dir() else "file",
                "path": file.relative_to(self.folder).as_posix(),
                "size": file.stat().st_size,
                "oid": hashlib.sha1(str(file).encode(), usedforsecurity=False).hexdigest(),
            }
            for file in sorted(self.folder.rglob("*"))
        ]

    def _file(self, file: Path) -> None:
        if not file.is_file():
            self._send(b"", 404, X_Error_Code="EntryNotFound")
            return
        content = file.read_bytes()
        known = {"ETag": '"1"', "X_Repo_Commit": COMMIT, "Accept_Ranges": "bytes"}
        wanted = self.headers.get("Range")
        if not wanted:
            self._send(content, **known)
            return
        first, _, last = wanted.partition("=")[2].partition("-")
        part = content[int(first) : int(last or len(content)) + 1]
        span = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        self._send(part, 206, Content_Range=span, **known)

    def _send(self, body: bytes, code: int = 200, **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def hub(folder: Path) -> Iterator[str]:
    """The address of a hub that serves the folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Hub, folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def asking(address: str, home: Path, code: str, *arguments: str, **environment: str) -> str:
    """Run Python in a process of its own (the hub's address is read once); what it printed."""
    known = {"HF_ENDPOINT": address, "HF_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    leaving = "\nimport os, sys\nsys.stdout.flush()\nos._exit(0)\n"  # as the command does
    ran = subprocess.run(
        [sys.executable, "-c", code + leaving, *arguments],
        env=os.environ | known | environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
