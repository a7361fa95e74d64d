"""ReadOnce: whatever the sizes, the rows come out as they went in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.sources import read_once
from excavate.sources.read_once import ReadOnce, Rows, Spool, in_turn
from tests.sources.contract import joined, later


def add(record: tuple[int, int], rows: Rows) -> None:
    """An item for each record but every fifth, with some regions and a label."""
    number, regions = record
    if number % 5 == 4:
        return
    row = rows.item(f"key {number}", "all", "a.png", size=(number + 1, None))
    rows.labels.append((row, "label", f"of {number}", None, "source"))
    for at in range(regions):
        rows.regions.append((row, "box", at, 0, 1, 1, None, f"{number}.{at}", None, None))


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 3), max_size=40),
    st.integers(1, 12),
    st.integers(0, 45),
    st.integers(1, 9),
)
def test_any_size_and_start(regions: list[int], size: int, start: int, chunk: int) -> None:
    before, read_once.CHUNK = read_once.CHUNK, chunk
    try:
        once = ReadOnce(enumerate(regions), add)
    finally:
        read_once.CHUNK = before
    rows = Rows()
    for record in enumerate(regions):
        add(record, rows)
    whole = joined([rows.batch()])
    batches = list(once.batches(size, start))
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert joined(batches) == later(whole, start)
    assert once.count == len(whole["items"])


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=4), st.integers(1, 7), st.integers(0, 20))
def test_several_in_turn(counts: list[int], size: int, start: int) -> None:
    spools, rows = [], Rows()
    for name, count in enumerate(counts):
        spools.append(Spool())
        for record in enumerate([name] * count):
            add(record, spools[-1].rows)
            add(record, rows)
            spools[-1].cut(3)
        spools[-1].cut(1)
    batches = list(in_turn(spools, size, start))
    assert [len(batch) for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert joined(batches) == later(joined([rows.batch()]), start)
