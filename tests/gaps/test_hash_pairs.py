"""Hashes turn with their pictures, and no near pair is missed: equal to brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.gaps import hash_pairs
from excavate.gaps.hash_pairs import TooManyError, near_pairs
from excavate.gaps.hashing import TURNS, likeness, scaled, small_grey, transposed, turned, waves_of
from excavate.gaps.hashing import hashes_of as signs_of
from tests.made import picture

Pair = tuple[int, int]


def hashes_of(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return signs_of(waves_of(grey))


def turned_picture(grey: np.ndarray, turn: int) -> np.ndarray:
    grey = grey.T if turn & 4 else grey
    grey = grey[::-1] if turn & 2 else grey
    return np.ascontiguousarray(grey[:, ::-1] if turn & 1 else grey)


def brute_force(hashes: np.ndarray, radius: int, turns: bool) -> dict[Pair, tuple[int, int]]:
    """{pair: (least distance, lowest turn that gives it)} by comparing all with all."""
    found: dict[Pair, tuple[int, int]] = {}
    for turn in range(8) if turns else [0]:
        far = np.bitwise_count(hashes[:, None] ^ turned(hashes, turn)[None])
        for a, b in zip(*np.nonzero(far <= radius), strict=True):
            if a < b:
                said = (int(far[a, b]), turn)
                found[int(a), int(b)] = min(said, found.get((int(a), int(b)), said))
    return found


@st.composite
def kin(draw: st.DrawFn) -> np.ndarray:
    """Distinct hashes, many of them a few bits and a turn away from each other."""
    founders = draw(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=4))
    found = [2 * f for f in founders]
    for _ in range(draw(st.integers(1, 30))):
        near = draw(st.sampled_from(found))
        for bit in draw(st.lists(st.integers(1, 63), max_size=9)):
            near ^= 1 << bit
        found.append(int(turned(np.array([near], np.uint64), draw(st.integers(0, 7)))[0]))
    return np.array(list(dict.fromkeys(found)), np.uint64)


@settings(deadline=None, max_examples=150)
@given(kin(), st.integers(0, 10), st.booleans())
def test_it_is_what_brute_force_says(hashes: np.ndarray, radius: int, turns: bool) -> None:
    pairs = near_pairs(hashes, radius, turns)
    rows = zip(pairs.first, pairs.second, pairs.distance, pairs.turn, strict=True)
    found = {(int(a), int(b)): (int(d), int(t)) for a, b, d, t in rows}
    assert len(found) == len(pairs.first)
    assert found == brute_force(hashes, radius, turns)


@pytest.mark.parametrize("count", [3_000, 40_000])
def test_other_sizes_are_planned_otherwise_and_find_the_same(count: int) -> None:
    draw = np.random.default_rng(count)
    hashes = draw.integers(0, 2**63, count, dtype=np.uint64) * np.uint64(2)
    hashes[-500:] = hashes[:500] ^ np.uint64(0b1011010)
    hashes[-1000:-500] = turned(hashes[500:1000], 5)
    pairs = near_pairs(hashes, 4)
    expected = {(i, count - 500 + i): (4, 0) for i in range(500)}
    found = {
        (int(a), int(b)): (int(d), int(t))
        for a, b, d, t in zip(pairs.first, pairs.second, pairs.distance, pairs.turn, strict=True)
    }
    assert expected.items() <= found.items()
    assert sum(d == 0 and t == 6 for d, t in found.values()) == 500


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32), st.integers(0, 7))
def test_a_turned_picture_has_the_turned_hash(seed: int, turn: int) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (32, 32)).astype(np.float32)
    [before], [after] = hashes_of(grey[None])[0], hashes_of(turned_picture(grey, turn)[None])[0]
    assert turned(np.array([before]), turn)[0] == after
    assert len(TURNS) == 8
    waves = scaled(waves_of(np.stack([turned_picture(grey, turn), grey])))
    assert likeness(waves[:1], waves[1:], np.array([turn]))[0] == pytest.approx(1, abs=2e-3)


@given(st.integers(0, 2**64 - 1))
def test_transposing_moves_bit_8u_v_to_8v_u(number: int) -> None:
    expected = sum((number >> (8 * u + v) & 1) << (8 * v + u) for u in range(8) for v in range(8))
    assert int(transposed(np.array([number], np.uint64))[0]) == expected


def test_one_colour_has_no_certain_bit_and_light_does_not_matter() -> None:
    flat, dark = np.full((32, 32), 200.0), np.zeros((32, 32))
    noise = np.random.default_rng(0).integers(40, 160, (32, 32)).astype(float)
    hashes, certain = hashes_of(np.stack([flat, dark, noise, noise + 50]).astype(np.float32))
    assert certain[:2].tolist() == [0, 0]
    assert hashes[0] == hashes[1]  # alike: which is why they are not compared
    assert certain[2] > 50
    assert hashes[2] == hashes[3]


def test_the_signs_are_those_of_scipys_transform() -> None:
    from scipy.fft import dctn

    grey = np.asarray(picture(3, 32, 32, "L"), np.float32)
    [number] = hashes_of(grey[None])[0]
    signs = dctn(grey.astype(float), norm="ortho")[:8, :8] > 0
    signs[0, 0] = False
    assert [(int(number) >> bit) & 1 for bit in range(64)] == signs.ravel().astype(int).tolist()


def test_it_agrees_with_imagehash_on_what_is_alike() -> None:
    """Another implementation, of the median: near for resaved pictures, far for others."""
    imagehash = pytest.importorskip("imagehash")
    smooth = [picture(n, 6, 6, "L").resize((96, 96), Image.Resampling.BICUBIC) for n in range(20)]
    small = [p.resize((60, 60)) for p in smooth]
    ours = hashes_of(np.stack([small_grey(p) for p in smooth + small]))[0]
    theirs = [imagehash.phash(p) for p in smooth + small]
    far = np.bitwise_count(ours[:, None] ^ ours[None])
    for a in range(40):
        for b in range(a):
            same = b + 20 == a
            assert (far[a, b] <= 8) == same
            assert (theirs[a] - theirs[b] <= 12) == same


def test_too_many_pairs_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_pairs, "MOST_PAIRS", 1000)
    crowd = np.arange(0, 256, 2, dtype=np.uint64)  # all within 7 bits of each other
    with pytest.raises(TooManyError):
        near_pairs(crowd, 7, turns=False)
    monkeypatch.setattr(hash_pairs, "MOST_COMPARED", 10)
    with pytest.raises(TooManyError):
        near_pairs(crowd, 0)
    assert len(near_pairs(crowd[:1], 5).first) == 0


def test_a_crowd_stops_before_it_fills_the_memory() -> None:
    """39,711 hashes, all within 6 bits of each other: 788 million pairs."""
    bits = np.left_shift(np.uint64(1), np.arange(1, 64, dtype=np.uint64))
    crowd = [a | b | c for a, b, c in combinations(bits, 3)]
    with pytest.raises(TooManyError):
        near_pairs(np.array(crowd, np.uint64), 6, turns=False)


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert (small_grey(clear) == 255).all()
    assert small_grey(picture(1, 300, 20)).shape == (32, 32)
