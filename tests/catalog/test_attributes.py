"""Joining a table to the items dug."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.catalog.attributes import add_attributes
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.errors import ExcavateError, SourceError
from excavate.settings import Settings
from excavate.site import Site


@pytest.fixture
def dug(tmp_path: Path) -> Path:
    catalogue(DigRequest("made:20", tmp_path / "site"), Settings(workers=1))
    return tmp_path / "site"


def table(path: Path, rows: list[list[str]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def add(site: Path, file: Path, **options: object):
    chosen = {"dataset": "made", "key": "id", "said_by": "self", "source": "a letter", **options}
    return add_attributes(site, file, **chosen)  # type: ignore[arg-type]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(TEXT, min_size=3, max_size=3))
def test_values_are_kept_verbatim(dug: Path, tmp_path: Path, values: list[str]) -> None:
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": ["0", "1", "2"], 'said "so"': values}), file)
    joined = add(dug, file)
    assert (joined.rows, joined.items, joined.columns) == (3, 3, ('said "so"',))
    rows = Site(dug).attributes()
    added = rows[rows["added"]]
    assert list(added["value"]) == values
    assert set(added["said_by"]) == {"self"}
    assert len(rows) == 20 + 3  # what the source said stays beside it


def test_keys_may_be_ids_or_split_and_key_or_the_key_alone(dug: Path, tmp_path: Path) -> None:
    rows = [["id", "v"], ["made/test/0", "a"], ["train/1", "b"], ["2", ""]]
    add(dug, table(tmp_path / "t.csv", rows))
    found = Site(dug).attributes().query("added")
    assert list(found["item_id"]) == ["made/test/0", "made/train/1", "made/test/2"]
    assert list(found["value"])[:2] == ["a", "b"]
    assert found["value"].isna().tolist() == [False, False, True]


def test_all_unmatched_and_repeated_keys_are_told_and_nothing_changes(
    dug: Path, tmp_path: Path
) -> None:
    rows = [["id", "v"], *([str(n), "x"] for n in range(15, 45)), ["15", "y"]]
    with pytest.raises(SourceError) as caught:
        add(dug, table(tmp_path / "t.csv", rows))
    assert caught.value.count == 26
    lines = str(caught.value).splitlines()
    assert lines[0].endswith(
        "keys that cannot be joined (26). Mend the keys (an item's id, split/key, or its key"
        " alone); nothing was changed"
    )
    assert lines[1] == "  t.csv row 6: no item has the key '20'"
    assert lines[-1] == "  and 6 more"
    assert Site(dug).generation == "catalog-000001"
    assert not list(dug.glob(".attributes*"))


def test_unmatched_rows_can_be_left_out_on_request(dug: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"], ["99", "b"]])
    joined = add(dug, file, skip_unmatched=True)
    assert (joined.rows, joined.items, joined.unmatched) == (2, 1, 1)
    nothing = table(tmp_path / "n.csv", [["id", "v"], ["98", "a"], ["99", "b"]])
    with pytest.raises(SourceError, match=r"keys that cannot be joined \(2\)"):
        add(dug, nothing, skip_unmatched=True)


def test_the_same_source_replaces_itself_and_survives_another_dig(
    dug: Path, tmp_path: Path
) -> None:
    add(dug, table(tmp_path / "t.csv", [["id", "v"], ["1", "old"]]))
    add(dug, table(tmp_path / "t.csv", [["id", "v"], ["1", "new"], ["15", "late"]]))
    add(dug, table(tmp_path / "u.csv", [["id", "v"], ["1", "other"]]), source="a call")
    assert sorted(Site(dug).attributes().query("added")["value"]) == ["late", "new", "other"]
    catalogue(DigRequest("made:12", dug), Settings(workers=1))
    kept = Site(dug).attributes().query("added")
    assert list(kept["item_id"]) == ["made/train/1"] * 2  # item 15 is no longer there
    assert sorted(kept["value"]) == ["new", "other"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"said_by": "god"}, "god: nobody says so. One of: source, self, perceived"),
        ({"dataset": "gone"}, "gone: no such dataset in this site. See excavate show"),
        ({"key": "name"}, "t.csv: no column 'name'. It has: id, v"),
    ],
)
def test_what_cannot_be_joined(
    dug: Path, tmp_path: Path, options: dict[str, str], said: str
) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"]])
    with pytest.raises(ExcavateError) as caught:
        add(dug, file, **options)
    assert said in str(caught.value)


def test_a_file_that_is_no_table(dug: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        add(dug, tmp_path / "gone.csv")
    (tmp_path / "x.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(SourceError, match="cannot be read"):
        add(dug, tmp_path / "x.parquet")
