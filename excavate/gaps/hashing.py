"""A perceptual hash that turns with its picture: 63 signs of a cosine transform.

The grey picture at 32 x 32, its discrete cosine transform, the signs of the 8 x 8 lowest
frequencies but the mean (after Zauner 2010; the sign in place of the median, so that turning or
mirroring a picture turns its bits exactly: a mirror image inverts the odd frequencies, a
transposed picture transposes them). The hashes of all eight positions of a picture therefore
come from one. The coefficients themselves are kept beside it: a hash proposes, they settle, as
small things on plain ground often agree in their signs and not in their shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

NAME = "dct-sign-63 v2"
SIDE, KEPT = 32, 8
BITS = KEPT * KEPT - 1
FLOOR = 1.0  # of 255: a coefficient below it is rounding, and its sign is chance
# Position t of a picture: transposed if t & 4, then upside down if t & 2, then mirrored if t & 1.
TURNS = ("as it is", "mirrored", "upside down, mirrored", "half turn", "transposed",
         "quarter turn", "quarter turn back", "transposed, half turn")  # fmt: skip
_ODD_COLUMNS = np.uint64(0xAAAAAAAAAAAAAAAA)  # bit 8u + v of every odd v
_ODD_ROWS = np.uint64(0xFF00FF00FF00FF00)  # of every odd u
_SWAPS = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))


def small_grey(picture: Image) -> np.ndarray:
    """Float32 (32, 32) of 0..255: what the hash looks at. What is transparent is white."""
    from PIL import Image as Pillow

    if picture.mode == "RGBA":
        white = Pillow.new("RGBA", picture.size, "white")
        picture = Pillow.alpha_composite(white, picture)
    grey = picture.convert("L")
    if grey.size != (SIDE, SIDE):
        grey = grey.resize((SIDE, SIDE), Pillow.Resampling.BILINEAR)
    return np.asarray(grey, np.float32)


def waves_of(grey: np.ndarray) -> np.ndarray:
    """Float64 (n, 64): the 8 x 8 lowest coefficients of (n, 32, 32), the mean's as 0."""
    basis = _basis()
    found: np.ndarray = np.round(basis @ grey.astype(np.float64) @ basis.T, 3).reshape(
        -1, KEPT * KEPT
    )
    found[:, 0] = 0  # the mean says how bright it is
    return found


def hashes_of(waves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(uint64 (n,) hashes, uint8 (n,) how many of their 63 bits are certain) of (n, 64) waves.

    Bit 8u + v is the sign of the coefficient of vertical frequency u and horizontal v; bit 0 is
    0. A picture of one colour has no certain bit: its hash is chance and must not be compared.
    """
    places = np.left_shift(np.uint64(1), np.arange(KEPT * KEPT, dtype=np.uint64))
    hashes = ((waves > 0) * places).sum(axis=1, dtype=np.uint64)
    return hashes, (np.abs(waves) >= FLOOR).sum(axis=1).astype(np.uint8)


def scaled(waves: np.ndarray) -> np.ndarray:
    """Float16 (n, 64) of length 1, as they are kept; zero for pictures of one colour."""
    length = np.linalg.norm(waves, axis=1, keepdims=True)
    return (waves / np.where(length > 0, length, 1)).astype(np.float16)


def likeness(one: np.ndarray, other: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Float32 (m,): correlation of scaled waves (m, 64), the other's turned by `turn` (m,)."""
    found = np.empty(len(one), np.float32)
    for number in np.unique(turn).tolist():
        at = np.flatnonzero(turn == number)
        for part in np.array_split(at, len(at) // 100_000 + 1):
            shown = _turned_waves(other[part].astype(np.float32), number)
            found[part] = (one[part].astype(np.float32) * shown).sum(axis=1)
    return found


def _turned_waves(waves: np.ndarray, turn: int) -> np.ndarray:
    found = waves.reshape(-1, KEPT, KEPT)
    found = (found.transpose(0, 2, 1) if turn & 4 else found).copy()
    if turn & 2:
        found[:, 1::2] *= -1
    if turn & 1:
        found[:, :, 1::2] *= -1
    return found.reshape(-1, KEPT * KEPT)


def turned(hashes: np.ndarray, turn: int) -> np.ndarray:
    """The hashes (n,) of the same pictures in position `turn` of TURNS."""
    found = transposed(hashes) if turn & 4 else hashes
    if turn & 2:
        found = found ^ _ODD_ROWS
    return found ^ (_ODD_COLUMNS) if turn & 1 else found


def transposed(hashes: np.ndarray) -> np.ndarray:
    """Each hash with its 8 x 8 bits transposed (three swaps of blocks; Warren 2002, 7-3)."""
    found = hashes
    for shift, mask in _SWAPS:
        swapped = (found ^ (found >> np.uint64(shift))) & np.uint64(mask)
        found = found ^ swapped ^ (swapped << np.uint64(shift))
    return found


def _basis() -> np.ndarray:
    """The first 8 rows of the orthonormal DCT-II of 32 values."""
    place = (2 * np.arange(SIDE) + 1) * np.pi / (2 * SIDE)
    basis: np.ndarray = np.cos(np.outer(np.arange(KEPT), place)) * np.sqrt(2 / SIDE)
    basis[0] /= np.sqrt(2)
    return basis
