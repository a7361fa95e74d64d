"""csv: tables as they are exported, read verbatim; every bad line told, none skipped."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import csv_reading, open_source
from excavate.sources.csv_plan import Form
from tests.sources.contract import Whole, check, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_csv import museum, two_files

FORM = Form(",", "utf-8")


def read(text: str, **given: str) -> Whole:
    return joined(open_source(text, SourceOptions(given=given)).batches(64))


def refused(text: str, root: Path, **given: str) -> str:
    with pytest.raises(SourceError) as error:
        open_source(text, SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def said(whole: Whole, row: int) -> dict[str, str | None]:
    return {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == row}


def test_a_table_is_read_verbatim(tmp_path: Path) -> None:
    whole = read(museum(tmp_path))
    assert [item["key"] for item in whole["items"]] == ["007", "12b", "9"]
    assert [item["licence"] for item in whole["items"]] == ["CC0", None, "CC BY"]
    assert said(whole, 0) == {
        "title": 'Bowl, "blue"',
        "materials": "clay; glaze ",
        "when": "c. 1900",
        "licence": "CC0",
        "page": "https://example.org/7",
    }
    assert said(whole, 1)["title"] == "Two\nlines"
    assert said(whole, 1)["materials"] is None
    assert said(whole, 2)["when"] == "1.10"
    assert {a["source"] for a in whole["attributes"]} == {"museum.csv"}
    assert {a["said_by"] for a in whole["attributes"]} == {"metadata"}


@pytest.mark.parametrize(
    "given",
    [
        {"labels": "materials,when", "multiple": "materials:;"},
        {"multiple": "materials,title:;", "said_by": "self"},
        {"key": "title", "split_column": "title", "labels": "title"},
        {"key": "accession_number", "labels": "accession_number", "picture": "title"},
    ],
)
def test_the_contract_with_options(given: dict[str, str], tmp_path: Path) -> None:
    text = museum(tmp_path)
    check(lambda o: open_source(text, SourceOptions(o.split, o.images, given)))


def test_labels_become_categories_below_their_column(tmp_path: Path) -> None:
    given = {"labels": "materials,when", "multiple": "materials:;", "said_by": "perceived"}
    source = open_source(museum(tmp_path), SourceOptions(given=given))
    ids = [(c.category_id, c.name, tuple(c.parents)) for c in source.categories()]
    assert ids == [
        ("materials:", "materials", ()),
        ("materials:clay", "clay", ("materials:",)),
        ("materials:glaze", "glaze", ("materials:",)),
        ("when:", "when", ()),
        ("when:c. 1900", "c. 1900", ("when:",)),
        ("when:1.10", "1.10", ("when:",)),
    ]
    whole = joined(source.batches(2))
    rows = [(r["row"], r["field"], r["value"], r["category_id"]) for r in whole["labels"]]
    assert rows == [
        (0, "materials", "clay", "materials:clay"),
        (0, "materials", "glaze", "materials:glaze"),
        (0, "when", "c. 1900", "when:c. 1900"),
        (2, "materials", "clay", "materials:clay"),
        (2, "when", "1.10", "when:1.10"),
    ]
    assert {label["said_by"] for label in whole["labels"]} == {"perceived"}
    assert {a["said_by"] for a in whole["attributes"]} == {"metadata"}


def test_who_said_a_column(tmp_path: Path) -> None:
    given = {"labels": "when", "said_by": "when:machine,title:self"}
    whole = read(museum(tmp_path), **given)
    assert {label["said_by"] for label in whole["labels"]} == {"machine"}
    found = {a["name"]: a["said_by"] for a in whole["attributes"]}
    assert found == {
        "title": "self",
        "materials": "metadata",
        "licence": "metadata",
        "page": "metadata",
    }


def test_cells_of_several_values_become_several_attributes(tmp_path: Path) -> None:
    whole = read(museum(tmp_path), multiple="materials:;")
    found = [(a["row"], a["value"]) for a in whole["attributes"] if a["name"] == "materials"]
    assert found == [(0, "clay"), (0, "glaze"), (1, None), (2, "clay")]


def test_each_file_of_a_glob_is_a_split(tmp_path: Path) -> None:
    source = open_source(two_files(tmp_path), SourceOptions(given={"labels": "age"}))
    whole = joined(source.batches(2))
    keys = [(item["split"], item["key"]) for item in whole["items"]]
    assert keys == [("train", "1"), ("train", "2"), ("train", "3"), ("val", "1")]
    assert source.describe().key_rule == (
        "the row's number in its file, from 1 (not unique in every row: 'file')"
    )
    assert [label["value"] for label in whole["labels"]] == ["3-9", "20-29", "3-9"]
    assert [a["value"] for a in whole["attributes"]] == ["a.jpg", "a.jpg", "b.jpg", "a.jpg"]
    assert (source.describe().dataset_id, source.describe().root) == ("faces", None)


def test_files_without_a_word_for_a_split_give_their_names(tmp_path: Path) -> None:
    for name in ("a/x", "b/x", "b/y"):
        put(tmp_path / f"{name}.csv", "id\n1\n")
    whole = read(f"csv:{tmp_path}/**/*.csv")
    assert [item["split"] for item in whole["items"]] == ["a/x", "b/x", "b/y"]


def test_a_column_of_splits(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", "id,part\n1,test\n2,train\n1,train\n3,odd\n")
    whole = read(f"csv:{tmp_path}/x.csv", split_column="part")
    found = [(item["split"], item["key"]) for item in whole["items"]]
    assert found == [("train", "2"), ("train", "1"), ("test", "1"), ("odd", "3")]


def test_a_split_may_lie_in_several_files(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", "id,part\n2,test\n1,train\n")
    put(tmp_path / "b.csv", "part,id\ntrain,2\ntest,1\n")
    text = f"csv:{tmp_path}/*.csv"
    check(lambda o: open_source(text, SourceOptions(o.split, None, {"split_column": "part"})))
    whole = read(text, split_column="part")
    assert [(i["split"], i["key"]) for i in whole["items"]] == [
        ("train", "1"),
        ("train", "2"),
        ("test", "2"),
        ("test", "1"),
    ]
    put(tmp_path / "b.csv", "part,id\ntrain,1\n")
    assert refused(text, tmp_path, split_column="part", key="id").splitlines()[1:] == [
        "  b.csv line 2: the key '1' again (first in a.csv line 3)"
    ]


def test_pictures_are_looked_for_where_a_column_names_them(tmp_path: Path) -> None:
    text = two_files(tmp_path)
    put(tmp_path / "web.csv", "id,file\n1,https://example.org/x.png\n2,./a.jpg\n3,\n4,gone.png\n")
    whole = read(f"csv:{tmp_path}/web.csv", picture="file")
    assert [i["path"] for i in whole["items"]] == [None, "a.jpg", None, "gone.png"]
    urls = [i["source_url"] for i in whole["items"]]
    assert urls == ["https://example.org/x.png", None, None, None]
    options = SourceOptions(given={"picture": "file"})
    described = open_source(f"csv:{tmp_path}/web.csv", options).describe()
    assert described.root == str(tmp_path)
    assert described.left_out == ("1 picture named by a web address: not opened",)
    assert [i["path"] for i in read(text)["items"]] == [None] * 4


def test_pictures_may_lie_in_another_folder(tmp_path: Path) -> None:
    put(tmp_path / "in" / "x.csv", "file\na.png\n")
    options = SourceOptions(given={"picture": "file", "root": str(tmp_path)})
    assert open_source(f"csv:{tmp_path}/in/x.csv", options).describe().root == str(tmp_path)


def test_a_changed_table_or_picture_is_noticed(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", "file\na.png\n")

    def seen() -> str:
        options = SourceOptions(given={"picture": "file"})
        return open_source(f"csv:{tmp_path}/x.csv", options).describe().fingerprint

    found = [seen()]
    put(tmp_path / "a.png", png())
    found.append(seen())
    put(tmp_path / "x.csv", "file\nb.png\n")
    os.utime(tmp_path / "x.csv", ns=(1, 1))
    found.append(seen())
    assert len(set(found)) == 3
    assert seen() == found[-1]


@pytest.mark.parametrize(
    ("content", "given"),
    [
        ("번호,재료\n1,흙\n".encode("cp949"), {"encoding": "cp949"}),
        ("번호,재료\n1,흙\n".encode("utf-16"), {"encoding": "utf-16"}),
        ("\ufeff번호,재료\n1,흙\n".encode(), {}),
        ("번호\t재료\r\n1\t흙\r\n".encode(), {"separator": "tab"}),
        ("번호;재료\n1;흙\n".encode(), {"separator": ";"}),
    ],
)
def test_encodings_and_separators(content: bytes, given: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / "x.csv", content)
    assert said(read(f"csv:{tmp_path}/x.csv", **given), 0) == {"번호": "1", "재료": "흙"}


def test_a_tsv_has_tabs(tmp_path: Path) -> None:
    put(tmp_path / "x.tsv", "id\tname\n1\ta,b\n")
    assert said(read(f"csv:{tmp_path}/x.tsv"), 0) == {"name": "a,b"}


def test_every_bad_line_is_told_at_once(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", 'id,part\n1,"two\nlines"\n2\n,x\n4,x,y\n1,\n')
    put(tmp_path / "b.csv", b'part,id\nx,\xc8\nx,5\n"x"y,6\n')
    given = {"key": "id", "split_column": "part"}
    assert refused(f"csv:{tmp_path}/*.csv", tmp_path, **given) == "\n".join(
        [
            "csv:ROOT/*.csv: the table cannot be dug (6). Correct these",
            "  a.csv line 4: 1 values for 2 columns",
            "  a.csv line 5: no key: 'id' is empty",
            "  a.csv line 6: 3 values for 2 columns",
            "  a.csv line 7: no split: 'part' is empty",
            "  b.csv line 4: not CSV (',' expected after '\"')",
            "  b.csv line 2: not UTF-8: give encoding=cp949, or another",
        ]
    )


def test_keys_that_come_again_are_told(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", "id,n\nb,1\na,2\nb,3\n")
    assert refused(f"csv:{tmp_path}/x.csv", tmp_path, key="id") == (
        "csv:ROOT/x.csv: the table cannot be dug (1). Correct these\n"
        "  x.csv line 4: the key 'b' again (first in x.csv line 2)"
    )


def test_pictures_outside_of_the_folder_are_told(tmp_path: Path) -> None:
    put(tmp_path / "outside.png", png())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "outside.png")
    put(tmp_path / "in" / "x.csv", "file\n../outside.png\n/etc/hosts\nlink.png\na\\..\\b.png\n")
    assert refused(f"csv:{tmp_path}/in/x.csv", tmp_path, picture="file") == (
        "csv:ROOT/in/x.csv: the table cannot be dug (3). Correct these\n"
        "  x.csv line 2: '../outside.png' leaves the folder\n"
        "  x.csv line 3: '/etc/hosts' leaves the folder\n"
        "  x.csv line 4: 'link.png' leaves the folder"
    )


def test_every_wrong_option_is_told_at_once(tmp_path: Path) -> None:
    text = museum(tmp_path)
    given = {
        "key": "no",
        "labels": "when,nor",
        "said_by": "when:me",
        "multiple": "when",
        "picture": "pic",
    }
    columns = "'accession_number', 'title', 'materials', 'when', 'licence', 'page'"
    assert refused(text, tmp_path, **given) == "\n".join(
        [
            "csv:ROOT/museum.csv: options that do not fit the table (5). Correct these",
            f"  key=no: no column 'no'; there are {columns}",
            f"  picture=pic: no column 'pic'; there are {columns}",
            f"  labels=when,nor: no column 'nor'; there are {columns}",
            "  multiple=when: not COLUMN:SEPARATOR",
            "  said_by=when:me: 'me' is none of source, self, perceived, machine, metadata",
        ]
    )
    assert refused(text, tmp_path, separator="--", encoding="klingon") == "\n".join(
        [
            "csv:ROOT/museum.csv: options that cannot be followed (2). Correct these",
            "  separator=--: not one character of ASCII, nor 'tab'",
            "  encoding=klingon: no encoding of this name; utf-8 and cp949 are two",
        ]
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "x.csv: empty"),
        (b"PK\x03\x04", 'x.csv: an Excel file or another archive: save it as "CSV UTF-8"'),
        (
            "id\n1\n".encode("utf-16"),
            'x.csv line 1: UTF-16: save it as "CSV UTF-8", or give encoding=utf-16',
        ),
        (b"\nid\n1\n", "x.csv line 1: no header: the line is empty"),
        (b"id,,id\n1,2,3\n", "x.csv line 1: column 2 has no name"),
        (b"id;name\n1;2\n", "x.csv line 1: separated by semicolons? Give separator=: "
                            "the header is 'id;name'"),
    ],
)  # fmt: skip
def test_what_is_no_table(content: bytes, why: str, tmp_path: Path) -> None:
    put(tmp_path / "x.csv", content)
    lines = refused(f"csv:{tmp_path}/x.csv", tmp_path).splitlines()
    assert lines[0].startswith("csv:ROOT/x.csv: no table (")
    assert lines[1] == f"  {why}"


def test_a_table_without_rows(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", "id,name\n")
    assert refused(f"csv:{tmp_path}/x.csv", tmp_path) == ("csv:ROOT/x.csv: no row under the header")


def test_files_of_different_columns(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", "id,x\n1,2\n")
    put(tmp_path / "b.csv", "id,y\n1,2\n")
    assert refused(f"csv:{tmp_path}/*.csv", tmp_path) == (
        "csv:ROOT/*.csv: tables that cannot be dug together (2). Correct them\n"
        "  b.csv line 1: column 'x' is not in every file\n"
        "  b.csv line 1: column 'y' is not in every file"
    )


def test_where_there_is_no_file(tmp_path: Path) -> None:
    assert refused(f"csv:{tmp_path}", tmp_path) == ("ROOT: this is a folder. Write csv:ROOT/*.csv")
    assert refused(f"csv:{tmp_path}/*.csv", tmp_path) == (
        "ROOT/*.csv: no file matches. Check the path; a glob in quotation marks"
    )


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=30), st.sampled_from([1, 3, 64]))
def test_what_python_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], size: int
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["number", "a", "b"])
    writer.writerows([n, *row] for n, row in enumerate(cells))
    file = put(tmp_path_factory.mktemp("csv") / "x.csv", out.getvalue())
    source = open_source(f"csv:{file}", SourceOptions(given={"key": "number", "labels": "a"}))
    whole = joined(source.batches(size))
    labels = [(n, a) for n, (a, _) in enumerate(cells) if a]
    assert [(r["row"], r["value"]) for r in whole["labels"]] == labels
    assert [a["value"] for a in whole["attributes"]] == [b or None for _, b in cells]


def strict(content: bytes) -> list[list[str]] | None:
    """What Python's own reader says, None where it refuses."""
    try:
        rows = [r for r in csv.reader(io.StringIO(content.decode(), newline=""), strict=True) if r]
    except csv.Error:
        return None
    return rows if all(len(row) == 2 for row in rows) else None


@settings(max_examples=300, deadline=None)
@given(st.text('ab",\n', max_size=14))
def test_quotation_marks_are_never_misread(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    content = f"x,y\n{text}\n".encode()
    file = put(tmp_path_factory.mktemp("csv") / "x.csv", content)
    wanted = strict(content)
    try:
        whole = read(f"csv:{file}")
    except SourceError:
        assert not wanted or len(wanted) == 1
        return
    assert wanted is not None
    found = [[said(whole, n)[c] or "" for c in "xy"] for n in range(len(whole["items"]))]
    assert found == wanted[1:]


def test_quotes_across_the_bytes_looked_at_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ['a,b\n"x","y"\n', 'a,b\n"x""y","z"\n', 'a\n"b\n\n"\n', 'a\nb"c\n', '"a"b\n', 'a\n"b']
    for chunk in range(1, 9):
        monkeypatch.setattr(csv_reading, "CHUNK", chunk)
        odd = [csv_reading.oddly_quoted(put(tmp_path / "x", text), FORM) for text in texts]
        assert odd == [False, False, False, True, True, True], chunk


def test_a_mark_inside_of_a_field_is_text(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", 'id,size\n1,5" wide\n')
    assert said(read(f"csv:{tmp_path}/x.csv"), 0) == {"size": '5" wide'}


def big(root: Path, rows: int) -> str:
    lines = (f"{(n * 7919) % rows},{n % 5},{'x' * 40}{n}\n" for n in range(rows))
    return f"csv:{put(root / 'big.csv', 'id,kind,note' + chr(10) + ''.join(lines))}"


def test_a_file_too_large_to_keep_is_read_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from excavate.sources import csv_table

    text = big(tmp_path, 60_000)  # several blocks; keys that do not rise
    kept = read(text, labels="kind")
    monkeypatch.setattr(csv_table, "KEPT", 0)
    assert read(text, labels="kind") == kept
    assert [int(item["key"]) for item in kept["items"]] == [
        n * 7919 % 60_000 for n in range(60_000)
    ]
    source = open_source(text, SourceOptions(given={"labels": "kind"}))
    later: list[dict[str, Any]] = joined(source.batches(7, 30_011))["items"]
    assert later == kept["items"][30_011:]


@pytest.mark.shared_data
def test_fairface(shared: Path) -> None:
    text = f"csv:{shared}/fairface-labels/fairface_label_*.csv"
    given = {"labels": "age,gender,race", "said_by": "perceived"}
    source = open_source(text, SourceOptions(given=given))
    items: Counter[str] = Counter()
    cells: dict[str, Counter[tuple[str, ...]]] = {"train": Counter(), "val": Counter()}
    for batch in source.batches(1024):
        splits = batch.items["split"].to_pylist()
        items.update(splits)
        values = batch.labels["value"].to_pylist()
        for row, split in enumerate(splits):
            cells[split][tuple(values[3 * row : 3 * row + 3])] += 1
        assert set(batch.labels["said_by"].to_pylist()) == {"perceived"}
        assert batch.items["path"].null_count == len(batch)
    assert dict(items) == {"train": 86_744, "val": 10_954}
    assert [(len(c), min(c.values())) for c in cells.values()] == [(126, 22), (126, 1)]
