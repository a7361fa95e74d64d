"""What the host keeps to itself: the cookie key, room codes and links. Never in a site.

One file, secrets.json, in a folder of its own (0700), the file 0600. A site is handed over; what
it holds of a link is only a hash under this file's key.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets as random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.errors import ExcavateError

FILE = "secrets.json"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """The key of this host, and the links of each room: {room_id: {kind: token}}."""

    key: str
    rooms: Mapping[str, Mapping[str, str]]

    def hashed(self, token: str) -> str:
        """What a site may hold of a token: without this key it cannot be tried out."""
        return hmac.new(self.key.encode(), token.encode(), hashlib.sha256).hexdigest()


def host_secrets(folder: Path) -> Secrets:
    """The secrets of this host, made where there are none. Raises ExcavateError."""
    file = folder / FILE
    try:
        if not file.exists():
            _make(file)
        return _read(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise _told(f"cannot be kept ({error.strerror})", file) from error


def keep_links(folder: Path, room_id: str, links: Mapping[str, str]) -> None:
    """Remember a room's links, so that they can be shown again. Raises ExcavateError.

    Two rooms that one host opens at once keep theirs one after the other. The last comes last.
    """
    try:
        with _alone(folder):
            known = host_secrets(folder)
            others = {room: kept for room, kept in known.rooms.items() if room != room_id}
            rooms = {**others, room_id: {**known.rooms.get(room_id, {}), **links}}
            _replace(folder / FILE, {"key": known.key, "rooms": rooms})
    except OSError as error:
        raise _told(f"cannot be kept ({error.strerror})", folder / FILE) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Among the processes of this host, one at a time reads, changes and writes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(folder / f".{FILE}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)  # lets go of the lock


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> Secrets:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return Secrets(str(held["key"]), held["rooms"])
    except (ValueError, KeyError, TypeError) as error:
        raise _told("cannot be read", file) from error


def _make(file: Path) -> None:
    """The first file; where two begin at once, the first one's key holds."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = _written(file, {"key": random.token_urlsafe(KEY_BYTES), "rooms": {}})
    try:
        os.link(mine, file)
    except FileExistsError:
        pass
    finally:
        mine.unlink()


def _replace(file: Path, held: Mapping[str, Any]) -> None:
    _written(file, held).replace(file)


def _written(file: Path, held: Mapping[str, Any]) -> Path:
    """A whole file beside the one that is meant, readable to its owner alone."""
    beside = file.with_name(f".{FILE}.{random.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(beside, flags, 0o600), "w", encoding="utf-8") as out:
        json.dump(held, out)
        out.flush()
        os.fsync(out.fileno())
    return beside


def _told(what: str, file: Path) -> ExcavateError:
    todo = "See that the folder is yours and can be written to, or set EXCAVATE_SECRETS"
    return ExcavateError(f"the host's secrets {what}", str(file), todo)
