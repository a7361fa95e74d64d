"""What one fetch may take: its time over all requests, and the bytes of an answer."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import httpx

from excavate.sources.web_error import WebError

LATER = "Try again later, or download it and give the file"
HEADS = 4096  # bytes that packing may add to what hardly packs, beside a 64th of it


class Clock:
    """The time of one fetch, seconds: over robots.txt, redirects and tries, not while waiting."""

    def __init__(self, seconds: float, sleep: Callable[[float], None]) -> None:
        self.seconds, self._sleep = seconds, sleep
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until the end, 0 from there on."""
        return max(0.0, self._ends - time.monotonic())

    def wait(self, seconds: float) -> None:
        """Sleep, which does not count."""
        begun = time.monotonic()
        self._sleep(seconds)
        self._ends += time.monotonic() - begun

    def slow(self, where: str) -> WebError:
        """The error of an answer for which there was no time."""
        what = f"not there after {self.seconds:g} seconds"
        return WebError(what, where, LATER, temporary=True)


@dataclass(frozen=True, slots=True)
class Errand:
    """One fetch: the address that a person gave, the bytes that will do, its time.

    `whole`: an answer of more bytes is refused; else its beginning will do. `robots`: whether
    robots.txt is asked first.
    """

    where: str
    most: int
    clock: Clock
    whole: bool = True
    robots: bool = True


def read_answer(response: httpx.Response, where: str, errand: Errand) -> bytes:
    """The answer's bytes, unpacked piece by piece so that no bomb goes off. Raises WebError."""
    held = bytearray()
    for piece in _unpacked(response, where, errand.most):
        held += piece
        if len(held) > errand.most:
            if errand.whole:
                raise _too_many(where, errand.most)
            return bytes(held[: errand.most])
        if not errand.clock.left:
            break
    if not errand.clock.left:  # hung up by the alarm, an answer without a length looks whole
        raise errand.clock.slow(where)
    return bytes(held)


def _unpacked(response: httpx.Response, where: str, most: int) -> Iterator[bytes]:
    coding = response.headers.get("content-encoding", "identity").lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise WebError(f"packed in a way that was not asked for ({coding})", where)
    stream = cast(httpx.SyncByteStream, response.stream)
    if "gzip" not in coding:
        yield from stream
    else:
        yield from _of_gzip(stream, where, most)


def _of_gzip(stream: httpx.SyncByteStream, where: str, most: int) -> Iterator[bytes]:
    """Every member of a gzip. Raises zlib.error where something else follows them."""
    unpacker, came = zlib.decompressobj(wbits=31), 0
    for piece in stream:
        came += len(piece)
        if came > most + most // 64 + HEADS:
            raise _too_many(where, most)
        while piece:
            if unpacker.eof:
                unpacker = zlib.decompressobj(wbits=31)
            yield unpacker.decompress(piece, most + 1)
            piece = unpacker.unconsumed_tail or unpacker.unused_data
    if came and not unpacker.eof:
        raise zlib.error("the packed answer is cut off")


def _too_many(where: str, most: int) -> WebError:
    return WebError(f"more than the {most:,} bytes allowed", where, "Download it and give the file")
