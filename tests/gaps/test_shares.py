"""Wilson's bounds at their ends: nothing seen is bounded by zero itself, everything by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from excavate.gaps.shares import share_bounds


@given(st.integers(1, 10**7))
def test_nothing_and_everything_have_a_bound_that_is_exact(of: int) -> None:
    low, high = share_bounds(0, of)
    assert low == 0
    assert 0 < high < 1
    low, high = share_bounds(of, of)
    assert 0 < low < 1
    assert high == 1
