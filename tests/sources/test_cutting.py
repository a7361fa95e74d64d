"""Cutting tables by rows and bytes: nothing is lost, nothing is too heavy."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.sources import cutting
from excavate.sources.cutting import cut, lengths

weights = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=6)


@given(weights, st.integers(1, 7), st.integers(1, 30))
def test_rows_stay_in_order_and_under_both_bounds(
    runs: list[list[int]], size: int, most: int
) -> None:
    tables = [pa.table({"n": pa.array(run, pa.int64())}) for run in runs]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "MOST_BYTES", most)
        found = [t["n"].to_pylist() for t in cut(tables, lambda t: t["n"].to_pylist(), size)]
    assert [n for piece in found for n in piece] == [n for run in runs for n in run]
    assert all(piece for piece in found)
    assert all(len(piece) <= size for piece in found)
    assert all(sum(piece) <= most or len(piece) == 1 for piece in found)
    for piece, following in pairwise(found):
        assert len(piece) == size or sum(piece) + following[0] > most  # as large as may be


def test_lengths_of_pictures() -> None:
    plain = pa.array([b"abc", None, b""])
    assert lengths(plain) == [3, 0, 0]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    cells = [{"bytes": b"ab", "path": None}, None, {"bytes": None, "path": "a.png"}]
    assert lengths(pa.array(cells, kind)) == [2, 0, 0]
