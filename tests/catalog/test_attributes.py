"""Joining a table to the items dug."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from excavate.catalog.attributes import add_attributes
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.errors import ExcavateError, NotFoundError, SiteError
from excavate.settings import Settings
from excavate.site import Site


@pytest.fixture
def dug(tmp_path: Path, dug_once: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not dug_once:
        dug_once.append(tmp_path_factory.mktemp("dug") / "site")
        catalogue(DigRequest("made:20", dug_once[0]), Settings(workers=1))
    return Path(shutil.copytree(dug_once[0], tmp_path / "site"))


@pytest.fixture(scope="module")
def dug_once() -> list[Path]:
    """Where the site that each test gets a copy of lies, once the first has dug it."""
    return []


def table(path: Path, rows: list[list[str]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def written(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def add(site: Path, file: Path, **options: object):
    chosen = {"dataset": "made", "key": "id", "said_by": "self", "source": "a letter", **options}
    return add_attributes(site, file, **chosen)  # type: ignore[arg-type]


def added(site: Path) -> list[tuple[str, ...]]:
    rows = Site(site).attributes().query("added")
    said = rows[["item_id", "name", "value", "said_by", "source"]].astype(object)
    return sorted(map(tuple, said.where(said.notna(), None).values.tolist()), key=str)


def values(site: Path) -> list[str | None]:
    """What was added, in the order of the items."""
    found = Site(site).attributes().query("added").sort_values("ordinal")["value"]
    return [None if value != value else value for value in found]


def refused(site: Path, file: Path, **options: object) -> str:
    """The message without the folder; the site must be as it was."""
    before = (Site(site).generation, added(site))
    with pytest.raises(ExcavateError) as caught:
        add(site, file, **options)
    assert (Site(site).generation, added(site)) == before
    assert not list(site.glob(".amending*"))
    return str(caught.value).replace(f"{file.parent}/", "")


HEAD = "t.csv: no table to join ({}). Correct it; nothing was changed"
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
HARD = st.sampled_from([" a ", '"', "'a'", "a,b", "a\nb", "a\r\nb", "\r", "여성", "NULL", "007"])
CELLS = st.lists(TEXT | HARD, min_size=3, max_size=3)
few = settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])


@few
@given(cells=CELLS, name=TEXT.filter(str.strip) | st.just(' said "so", 나이\n'))
@example(cells=["'a'", ' "so", he said\r\n', "\ufeff\0"], name="Id")
def test_a_csv_is_kept_verbatim(dug: Path, tmp_path: Path, cells: list[str], name: str) -> None:
    if name == "id":
        return
    file = table(tmp_path / "t.csv", [["id", name], *([str(n), c] for n, c in enumerate(cells))])
    joined = add(dug, file, source="it")
    assert (joined.rows, joined.items, joined.columns) == (3, 3, (name,))
    said = {(row[0], row[2]) for row in added(dug) if row[1] == name}
    keys = ("made/test/0", "made/train/1", "made/test/2")
    assert said == {(key, cell or None) for key, cell in zip(keys, cells, strict=True)}


@few
@given(cells=CELLS)
def test_a_parquet_file_is_kept_verbatim(dug: Path, tmp_path: Path, cells: list[str]) -> None:
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"id": [0, 1, 2], 'said "so"': cells}), file)
    joined = add(dug, file)
    assert (joined.rows, joined.items, joined.columns) == (3, 3, ('said "so"',))
    assert values(dug) == cells
    assert len(Site(dug).attributes()) == 20 + 3  # what the source said stays beside it


def test_parquet_values_as_text(dug: Path, tmp_path: Path) -> None:
    columns = {
        "id": pa.array([7, 8], pa.int32()),
        "number": pa.array([0.1, None], pa.float32()),
        "nested": [{"a": [1, None], "나": "x"}, None],
        "list": [["a", "b"], []],
        "day": [date(2019, 5, 4), None],
        "money": [Decimal("1.10"), None],
        "kind": pa.array(["x", "y"]).dictionary_encode(),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    add(dug, tmp_path / "t.parquet")
    said = {name: value for item, name, value, *_ in added(dug) if item == "made/train/7"}
    assert json.loads(said.pop("nested")) == {"a": [1, None], "나": "x"}
    assert json.loads(said.pop("list")) == ["a", "b"]
    assert said == {
        "number": "0.1", "day": "2019-05-04", "money": "1.10", "kind": "x",
    }  # fmt: skip
    assert {n: v for item, n, v, *_ in added(dug) if item == "made/test/8" and v} == {
        "list": "[]",
        "kind": "y",
    }


def test_names_that_differ_only_in_case_are_two(dug: Path, tmp_path: Path) -> None:
    rows = [["ID", "id", "Age", "age", "place", "value"], ["x", "1", "a", "b", "c", "d"]]
    add(dug, table(tmp_path / "t.csv", rows))
    said = [(name, value) for _, name, value, *_ in added(dug)]
    assert said == [("Age", "a"), ("ID", "x"), ("age", "b"), ("place", "c"), ("value", "d")]


def test_only_the_file_that_was_named_is_read(dug: Path, tmp_path: Path) -> None:
    for name in ("ages1.csv", "ages2.csv"):
        table(tmp_path / name, [["id", "v"], ["1", name]])
    for name in ("ages[1].csv", "ages*.csv", "ages?.csv"):
        add(dug, table(tmp_path / name, [["id", "v"], ["1", name]]))
        assert values(dug) == [name]
    table(tmp_path / "ages*.csv", []).unlink()
    assert refused(dug, tmp_path / "ages*.csv") == "ages*.csv: no such file. Check the path"
    for name in ("a1.parquet", "a[1].parquet"):
        pq.write_table(pa.table({"id": ["1"], "v": [name]}), tmp_path / name)
    add(dug, tmp_path / "a[1].parquet")
    assert values(dug) == ["a[1].parquet"]


def test_a_byte_order_mark_is_no_part_of_the_header(dug: Path, tmp_path: Path) -> None:
    add(dug, written(tmp_path / "t.csv", "id,나이\r\n1,서른\r\n\r\n", "utf-8-sig"))
    assert added(dug) == [("made/train/1", "나이", "서른", "self", "a letter")]


def test_long_tables_are_read_in_chunks(dug: Path, tmp_path: Path) -> None:
    rows = [["id", "v"], *([str(n), f"말 {n}"] for n in range(25_000))]
    joined = add(dug, table(tmp_path / "t.csv", rows), skip_unmatched=True)
    assert (joined.rows, joined.items, joined.unmatched) == (25_000, 20, 24_980)
    assert values(dug) == [f"말 {n}" for n in range(20)]


def test_keys_may_be_ids_or_split_and_key_or_the_key_alone(dug: Path, tmp_path: Path) -> None:
    rows = [["id", "v"], ["made/test/0", "a"], ["train/1", "b"], ["2", ""]]
    add(dug, table(tmp_path / "t.csv", rows))
    found = Site(dug).attributes().query("added")
    assert list(found["item_id"]) == ["made/test/0", "made/train/1", "made/test/2"]
    assert values(dug) == ["a", "b", None]


def test_all_faults_of_the_keys_are_told_and_nothing_changes(dug: Path, tmp_path: Path) -> None:
    keys = [["15", "two\nlines"], ["", "x"], *([str(n), "x"] for n in range(20, 43))]
    said = refused(dug, table(tmp_path / "t.csv", [["id", "v"], *keys, ["train/15", "y"]]))
    lines = said.splitlines()
    assert lines[0] == (
        "t.csv: keys that cannot be joined (25). Mend the keys (an item's id, split/key, or its"
        " key alone); nothing was changed"
    )
    assert lines[1:3] == [
        "  t.csv line 4: the key is empty",
        "  t.csv line 5: no item has the key '20'",
    ]
    assert lines[-1] == "  and 5 more"
    assert Site(dug).generation == "catalog-000001"


def test_keys_that_stand_twice(dug: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1", "train/1", "99"], "v": [1, 2, 3]}), tmp_path / "t.parquet")
    assert refused(dug, tmp_path / "t.parquet").splitlines()[1:] == [
        "  t.parquet row 3: no item has the key '99'",
        "  t.parquet row 1: the key '1': 2 rows name its item",
    ]


def test_unmatched_rows_can_be_left_out_on_request(dug: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"], ["99", "b"]])
    joined = add(dug, file, skip_unmatched=True)
    assert (joined.rows, joined.items, joined.unmatched) == (2, 1, 1)
    nothing = table(tmp_path / "n.csv", [["id", "v"], ["98", "a"], ["99", "b"]])
    assert "keys that cannot be joined (2)" in refused(dug, nothing, skip_unmatched=True)


def test_only_what_is_said_again_is_replaced(dug: Path, tmp_path: Path) -> None:
    ages = table(tmp_path / "ages.csv", [["id", "age"], ["1", "30"], ["2", "40"]])
    genders = table(tmp_path / "genders.csv", [["id", "gender"], ["1", "w"]])
    assert add(dug, ages, source="survey").replaced == 0
    assert add(dug, genders, said_by="perceived", source="survey").replaced == 0
    assert add(dug, ages, said_by="perceived", source="survey").replaced == 0
    assert add(dug, ages, source="a call").replaced == 0
    newer = table(tmp_path / "newer.csv", [["id", "age", "town"], ["1", "31", "서울"]])
    assert add(dug, newer, source="survey").replaced == 2
    assert added(dug) == [
        ("made/test/2", "age", "40", "perceived", "survey"),
        ("made/test/2", "age", "40", "self", "a call"),
        ("made/train/1", "age", "30", "perceived", "survey"),
        ("made/train/1", "age", "30", "self", "a call"),
        ("made/train/1", "age", "31", "self", "survey"),
        ("made/train/1", "gender", "w", "perceived", "survey"),
        ("made/train/1", "town", "서울", "self", "survey"),
    ]


def test_what_the_source_said_is_never_replaced(dug: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", [["id", "n"], ["1", "one"]])
    assert add(dug, file, said_by="metadata", source="made").replaced == 0
    assert len(Site(dug).attributes()) == 20 + 1


def test_another_dataset_is_left_alone(dug: Path, tmp_path: Path) -> None:
    catalogue(DigRequest("made:5", dug, dataset="other"), Settings(workers=1))
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"]])
    add(dug, file)
    add(dug, file, dataset="other")
    assert [row[0] for row in added(dug)] == ["made/train/1", "other/train/1"]


def test_what_was_added_survives_another_dig(dug: Path, tmp_path: Path) -> None:
    add(dug, table(tmp_path / "t.csv", [["id", "v"], ["1", "new"], ["15", "late"]]))
    add(dug, table(tmp_path / "u.csv", [["id", "v"], ["1", "other"]]), source="a call")
    catalogue(DigRequest("made:25", dug, dataset="made"), Settings(workers=1))
    assert added(dug) == [
        ("made/train/1", "v", "new", "self", "a letter"),
        ("made/train/1", "v", "other", "self", "a call"),
        ("made/train/15", "v", "late", "self", "a letter"),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"said_by": "god"},
            "said by 'god': nobody says so. One of: self, perceived, machine, metadata",
        ),
        (
            {"said_by": "source"},
            "said by 'source': kept for what the dataset's own source said."
            " One of: self, perceived, machine, metadata",
        ),
        ({"source": " \t"}, "no source is named. Say where: a work, a link, a person"),
        ({"dataset": "gone"}, "gone: no such dataset in this site. See excavate show"),
        (
            {"key": "name"},
            HEAD.format(1) + "\n  t.csv line 1: no column 'name'; there are 'id', 'v'",
        ),
    ],
)
def test_what_cannot_be_joined(
    dug: Path, tmp_path: Path, options: dict[str, str], said: str
) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"]])
    assert refused(dug, file, **options) == said


UTF8 = 'save it as "CSV UTF-8" (Excel in Korean writes cp949 otherwise)'


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", ["t.csv: empty"]),
        (b"id,v\n", ["t.csv: no row under the header"]),
        (b"\nid,v\n1,a\n", ["t.csv line 1: no header: the line is empty"]),
        (b"id\n1\n2\n", ["t.csv line 1: nothing to join: 'id' is the only column"]),
        (b"name\n1,2\n", [
            "t.csv line 1: no column 'id'; there are 'name'",
            "t.csv line 2: 2 values for 1 columns",
        ]),
        (b"A survey\nid,v\n1,a\n", [
            "t.csv line 1: no column 'id'; there are 'A survey'",
            "t.csv line 2: 2 values for 1 columns",
            "t.csv line 3: 2 values for 1 columns",
        ]),
        (b"id,age,age, ,\n1,a,b,c,d\n2,a\n", [
            "t.csv line 1: column 4 has no name",
            "t.csv line 1: column 5 has no name",
            "t.csv line 1: 2 columns are named 'age'",
            "t.csv line 3: 2 values for 5 columns",
        ]),
        (b'id,v\n1,"a\nb"\n2,a,b\n\n3\n4,"open\n5,e\n', [
            "t.csv line 4: 3 values for 2 columns",
            "t.csv line 6: 1 values for 2 columns",
            "t.csv line 7: not CSV (unexpected end of data)",
        ]),
        (b'id,v\n1,"a"b\n', ["t.csv line 2: not CSV (',' expected after '\"')"]),
        ("id,나이\n1,서른\n2\n3,ok\n".encode("cp949"), [
            "t.csv line 3: 1 values for 2 columns",
            f"t.csv line 1: not UTF-8, nor are 1 later lines: {UTF8}",
        ]),
        ("id,v\n1,서른\n".encode("cp949"), [f"t.csv line 2: not UTF-8: {UTF8}"]),
        ("id,v\n1,a\n".encode("utf-16"), [
            't.csv line 1: UTF-16, not UTF-8: save it as "CSV UTF-8"',
        ]),
        (b"PK\x03\x04 a sheet", [
            't.csv: an Excel file or another archive: save it as "CSV UTF-8"',
        ]),
        (b"id\tv\n1\ta,b\n", [
            "t.csv line 1: separated by tabs, not commas: the header is 'id\\tv';"
            " save it with commas",
        ]),
        (b"id;v;w\n1;a;b\n", [
            "t.csv line 1: separated by semicolons, not commas: the header is 'id;v;w';"
            " save it with commas",
        ]),
    ],
)  # fmt: skip
def test_all_faults_of_a_csv_are_told(
    dug: Path, tmp_path: Path, content: bytes, faults: list[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    said = refused(dug, tmp_path / "t.csv", skip_unmatched=True)
    assert said.splitlines() == [HEAD.format(len(faults)), *(f"  {fault}" for fault in faults)]


def test_parquet_columns_that_cannot_be_joined(dug: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    columns = {
        "id": ["1"],
        "hash": [b"\xff\xfe"],
        "deep": pa.array([[{"bytes": b"a"}]]),
        "four": pa.array([b"abcd"], pa.binary(4)),
        "kinds": pa.array([b"a"]).dictionary_encode(),
    }
    again = pa.table(columns).append_column("id", pa.array(["2"]))
    pq.write_table(again, file)
    told = "holds bytes: write it as text, or leave it out"
    assert refused(dug, file).splitlines()[1:] == [
        "  t.parquet: 2 columns are named 'id'",
        *(f"  t.parquet: column {name!r} {told}" for name in ("hash", "deep", "four", "kinds")),
    ]
    pq.write_table(
        pa.table({"id": pa.array([], pa.string()), "v": pa.array([], pa.string())}), file
    )
    assert refused(dug, file).splitlines()[1:] == ["  t.parquet: no row"]


def test_a_file_that_is_no_table(dug: Path, tmp_path: Path) -> None:
    assert refused(dug, tmp_path / "gone.csv") == "gone.csv: no such file. Check the path"
    (tmp_path / "x.parquet").write_bytes(b"PAR1 nonsense")
    assert refused(dug, tmp_path / "x.parquet").startswith("x.parquet: cannot be read (")
    (tmp_path / "y.parquet").write_bytes(b"id,v\n1,a\n")
    assert refused(dug, tmp_path / "y.parquet").endswith("\n  y.parquet: not Parquet")
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())
    pq.write_table(pa.table({"id": ["1"], "v": broken}), tmp_path / "z.parquet")
    assert refused(dug, tmp_path / "z.parquet").startswith("z.parquet: cannot be read (")


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """A full disk, as far as one process can be shown one: no file may grow beyond."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [-4096, 4096])
def test_a_full_disk_changes_nothing(dug: Path, tmp_path: Path, room: int) -> None:
    add(dug, table(tmp_path / "t.csv", [["id", "v"], ["1", "before"]]))
    long = [random.Random(n).randbytes(500_000).hex() for n in range(5)]
    pq.write_table(pa.table({"id": range(5), "v": long}), tmp_path / "long.parquet")
    current = dug / "catalog-000002.duckdb"
    files = sorted(p.name for p in dug.iterdir())
    with files_at_most(current.stat().st_size + room), pytest.raises(SiteError) as caught:
        add(dug, tmp_path / "long.parquet")
    assert str(caught.value).startswith(f"{dug}: cannot be written (")
    todo = "Make room on the disk, see that it can be written to, and try again"
    assert str(caught.value).endswith(f"). {todo}; nothing was changed")
    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in dug.iterdir()) == files
    assert values(dug) == ["before"]
    add(dug, tmp_path / "long.parquet")
    assert values(dug) == long


def test_a_swap_that_fails_leaves_nothing_to_adopt(dug: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"]])
    aside = dug / f".CURRENT.{os.getpid()}"
    aside.mkdir()  # where the new pointer would be written
    with pytest.raises(SiteError, match="nothing was changed"):
        add(dug, file)
    aside.rmdir()
    assert not (dug / "catalog-000002.duckdb").exists()
    catalogue(DigRequest("made:20", dug), Settings(workers=1))
    assert added(dug) == []


def test_there_must_be_a_site(tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", [["id", "v"], ["1", "a"]])
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match="nothing has been dug here yet"):
        add(tmp_path / "empty", file)
