"""The members of a tar, read as it lies: nothing is ever unpacked to the disk.

Offsets count in the tar itself, unpacked where it is packed (gzip, Zstandard). Unlike tarfile,
which ends in silence at a damaged header, this walk says where and why it had to end; and it goes
on to the end of the file, where a packed one has its checksum, and where more may follow.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from excavate.sources.file_stores import MOST_BYTES

BLOCK = 512
MOST_HEADER = 2**20  # of a long name or an extended header
STEP = 2**20
KINDS = {b"1": "link", b"2": "link", b"3": "device", b"4": "device", b"6": "pipe"}
KINDS |= {b"5": "folder", b"7": "file", b"0": "file", b"\0": "file"}
ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.zst")
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}


class TarError(Exception):
    """A tar cannot be read on; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as it stands there, what it is, and where its bytes lie."""

    name: str
    kind: str  # file, folder, link, device, pipe or other
    offset: int
    size: int


class TarFile:
    """A tar opened for reading at any place; one that is packed goes back by beginning again."""

    def __init__(self, file: Path) -> None:
        self._file, self._packing = file, packing_of(file)
        self._stream = _opened(file, self._packing)
        self._at, self._failed = 0, False
        self._size = None if self._packing else file.stat().st_size

    @property
    def packed(self) -> bool:
        """Whether its bytes have to be unpacked from the beginning on."""
        return self._packing is not None

    def members(self) -> Iterator[Member]:
        """All members in order.

        Raises TarError where the tar is damaged, ends early, or is followed by more than zeros.
        """
        place = 0
        said: dict[str, str] = {}  # of the next member, by a header of its own
        while True:
            header = self.read(place, BLOCK)
            if not any(header):
                if len(header) < BLOCK:
                    raise TarError(f"ends early, at byte {place + len(header):,}")
                self._refuse_more(place + BLOCK)
                return
            member, flag = _member(header, place, said)
            if flag in b"xXgLK":
                if member.size > MOST_HEADER:
                    raise TarError(f"a header of {member.size:,} bytes at byte {place:,}")
                said |= _extended(flag, self._whole(member.offset, member.size))
            else:
                self._refuse_cut(member)
                yield member
                said = {}
            place = member.offset + -(-member.size // BLOCK) * BLOCK

    def _refuse_more(self, place: int) -> None:
        """Go on to the end; what is packed is read to the last byte, for its checksum."""
        more: int | None = None
        while (self.packed or more is None) and (content := self.read(place, STEP)):
            if more is None and (rest := content.lstrip(b"\0")):
                more = place + len(content) - len(rest)
            place += len(content)
        if more is not None:
            raise TarError(f"something follows its end, at byte {more:,}: not read")

    def vouched(self) -> bool:
        """Whether the rest can be unpacked too: nothing else says that what was read is right."""
        try:
            while not self._failed and self.read(self._at, STEP):
                pass
        except TarError:
            return False
        return not self._failed

    def content(self, offset: int, size: int) -> bytes:
        """The bytes of a member. Raises TarError where they are too many or not there."""
        if size > MOST_BYTES:
            raise TarError(f"{size:,} bytes, more than the {MOST_BYTES:,} allowed")
        return self._whole(offset, size)

    def _whole(self, offset: int, size: int) -> bytes:
        content = self.read(offset, size)
        if len(content) < size:
            raise TarError(f"ends early, at byte {offset + len(content):,}")
        return content

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset` on. Raises TarError where it cannot be unpacked."""
        try:
            self._go(offset)
            pieces, left = [], size
            while left and (piece := self._stream.read(min(left, STEP))):
                pieces.append(bytes(piece))
                left -= len(piece)
        except (OSError, EOFError, ValueError, zlib.error) as error:  # Zstandard's are OSErrors
            self._failed = True
            raise TarError(f"cannot be unpacked ({error})") from error
        self._at += size - left
        return b"".join(pieces)

    def _go(self, offset: int) -> None:
        if self._stream.seekable():
            self._at = self._stream.seek(offset)
            return
        if offset < self._at:
            self._stream.close()
            self._stream, self._at = _opened(self._file, self._packing), 0
        while self._at < offset and (piece := self._stream.read(min(offset - self._at, STEP))):
            self._at += len(piece)

    def _refuse_cut(self, member: Member) -> None:
        end = member.offset + member.size
        if self._size is None:
            self.read(end, 0)
        held = self._at if self._size is None else self._size
        if held < end:
            raise TarError(f"ends early, at byte {held:,}")

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


def is_tar(name: str) -> bool:
    """Whether a file of this name is a tar that is read."""
    return name.lower().endswith(ENDINGS)


def packing_of(file: Path) -> str | None:
    """gzip, zstd or None: by the ending, or by the first bytes where the name says nothing."""
    name = file.name.lower()
    if name.endswith((".gz", ".tgz")):
        return "gzip"
    if name.endswith((".zst", ".tar")):
        return "zstd" if name.endswith(".zst") else None
    with file.open("rb") as content:
        return MAGIC.get(content.read(2))


def _opened(file: Path, packing: str | None) -> IO[bytes] | Any:
    if packing == "gzip":
        return gzip.open(file)
    if packing == "zstd":
        import pyarrow as pa

        return pa.CompressedInputStream(pa.OSFile(str(file)), "zstd")
    return file.open("rb")


def _member(header: bytes, place: int, said: dict[str, str]) -> tuple[Member, bytes]:
    try:
        found = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        size = int(said.get("size", found.size))
    except (tarfile.HeaderError, ValueError) as error:
        raise TarError(f"no tar header at byte {place:,} ({error})") from error
    if size < 0:
        raise TarError(f"a size below nothing at byte {place:,}")
    flag = found.type
    kind = KINDS.get(flag, "other") if "GNU.sparse.major" not in said else "other"
    holds = flag in b"xXgLK" or kind in ("file", "other")
    return Member(said.get("path", found.name), kind, place + BLOCK, size if holds else 0), flag


def _extended(flag: bytes, content: bytes) -> dict[str, str]:
    """What a header of its own says of the next member; one for all members says nothing here."""
    if flag == b"L":
        return {"path": content.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    said: dict[str, str] = {}
    while flag in b"xX" and content:
        length, _, rest = content.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(content):
            break
        name, _, value = rest[: int(length) - len(length) - 2].partition(b"=")
        said[name.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        content = content[int(length) :]
    return said
