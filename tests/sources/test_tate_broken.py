"""tate: what is broken, hostile or more than expected is told, never a traceback or a silence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from excavate.sources import open_source
from excavate.sources.tate_lines import MOST
from tests.sources.contract import joined
from tests.sources.fixtures import put
from tests.sources.fixtures_tate import artwork, as_published, lines, packed, published
from tests.sources.test_tate import read, refused, said

REFUSED = "ROOT: the collection cannot be dug (1). Correct these\n  "
NO_FORM = "subjects, artists or movements in no known form"


def left_out(text: str) -> tuple[str, ...]:
    return open_source(text).describe().left_out


def nesting(root: Path, **subjects: Any) -> str:
    """An artwork for each of these subjects, by its accession number."""
    for key, nested in subjects.items():
        put(root / "artworks" / f"{key}.json", json.dumps(published(key, subjects=nested)))
    return f"tate:{root}"


@pytest.mark.parametrize("name", ["artworks.jsonl.gz", "artists.jsonl.gz"])
def test_a_line_without_end_is_not_read(name: str, tmp_path: Path) -> None:
    text = packed(tmp_path)
    with gzip.open(tmp_path / name, "wb", 1) as file:
        file.write(b'{"acno": "A", "id": 1, "x": "')
        for _ in range(2):
            file.write(b"a" * MOST)
        file.write(b'"}\n')
    fault = f"{name} line 1: more than the 67,108,864 bytes allowed in a line"
    assert fault in refused(text, tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    text = as_published(tmp_path)
    with (tmp_path / "artworks" / "z.json").open("wb") as file:
        file.truncate(MOST + 1)
    fault = "artworks/z.json: more than the 67,108,864 bytes allowed in a record"
    assert refused(text, tmp_path) == REFUSED + fault


@pytest.mark.parametrize(
    "said_so",
    [
        {"artist_ids": [[["x"], "artist"]]},
        {"artist_ids": [[{}, "artist"]]},
        {"artist_ids": [[True, "artist"]]},
        {"artist_ids": [["1", 5]]},
        {"artist_ids": [["1", {"a": 1}]]},
        {"artist_ids": ["ab"]},
        {"artist_ids": "12"},
        {"subject_ids": "12"},
        {"subject_ids": {"1": 1}},
        {"movements": {"a": 1}},
        {"movements": "ab"},
    ],
)
def test_ids_and_roles_of_no_known_form(said_so: dict[str, Any], tmp_path: Path) -> None:
    text = packed(tmp_path, artwork("A1"), artwork("A2", **said_so))
    assert refused(text, tmp_path) == f"{REFUSED}artworks.jsonl.gz line 2: {NO_FORM}"


@pytest.mark.parametrize(
    "said_so",
    [
        {"contributors": [{"id": {"a": 1}}]},
        {"contributors": [{"id": 1, "role": {"a": 1}}]},
        {"contributors": [{"id": 1, "role": 7}]},
        {"contributors": {"id": 1}},
        {"subjects": {"id": [1], "name": "sea"}},
        {"subjects": {"id": 1, "name": "sea", "children": {"id": 2, "name": "x"}}},
    ],
)
def test_what_is_nested_in_no_known_form(said_so: dict[str, Any], tmp_path: Path) -> None:
    put(tmp_path / "artworks" / "a.json", json.dumps(published("A1", **said_so)))
    assert refused(f"tate:{tmp_path}", tmp_path) == f"{REFUSED}artworks/a.json: {NO_FORM}"


def test_subjects_nested_deep(tmp_path: Path) -> None:
    depth = 300
    nested: dict[str, Any] = {"id": 0, "name": "a"}
    for number in range(1, depth):
        nested = {"id": number, "name": "a", "children": [nested]}
    text = nesting(tmp_path, A=nested)
    assert len(read(text)["labels"]) == len(open_source(text).categories()) == depth


def test_a_field_nested_too_deep(tmp_path: Path) -> None:
    deep = "[" * 1000 + "]" * 1000
    put(tmp_path / "artworks.jsonl", f'{{"acno": "A1"}}\n{{"acno": "A2", "x": {deep}}}\n')
    put(tmp_path / "artists.jsonl", f'{{"id": 1, "x": {deep}}}\n')
    assert refused(f"tate:{tmp_path}", tmp_path).splitlines()[1:] == [
        "  artists.jsonl line 1: not JSON that can be read: nested too deep",
        "  artworks.jsonl line 2: not JSON that can be read: nested too deep",
    ]


def test_text_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    text = packed(tmp_path)
    (tmp_path / "artists.jsonl.gz").unlink()
    put(tmp_path / "artist_data.csv", "id,name\n1,One\n2,François\n".encode("cp1252"))
    tree = b"id\tname\tparent_id\n1\tFran\xe7ois\t\n"
    put(tmp_path / "subject_tree.tsv", tree)
    assert refused(text, tmp_path).splitlines()[1:3] == [
        "  artist_data.csv line 3: not UTF-8 (byte 0xe7 is number 7)",
        "  subject_tree.tsv line 2: not UTF-8 (byte 0xe7 is number 7)",
    ]


def test_subjects_of_a_listed_tree_in_a_ring(tmp_path: Path) -> None:
    text = packed(tmp_path)
    more = "1\ta\t2\n2\tb\t3\n3\tc\t1\n4\td\t3\n5\te\t5\n6\tf\t\n91\tg\t6\n95\th\t91\n7\ti\t\n"
    put(tmp_path / "subject_tree.tsv", "id\tname\tparent_id\n" + more)
    assert refused(text, tmp_path).splitlines()[1:] == [
        "  subject_tree.tsv: subjects in a ring: 1 below 2 below 3 below 1",
        "  subject_tree.tsv: subjects in a ring: 5 below 5",
    ]


def test_subjects_that_artworks_nest_in_a_ring(tmp_path: Path) -> None:
    text = nesting(
        tmp_path,
        A={"id": 1, "name": "a", "children": [{"id": 2, "name": "b"}]},
        B={"id": 2, "name": "b", "children": [{"id": 1, "name": "a"}]},
    )
    assert refused(text, tmp_path) == f"{REFUSED}artworks: subjects in a ring: 1 below 2 below 1"


def test_a_subject_with_other_names_is_told_and_kept(tmp_path: Path) -> None:
    text = nesting(tmp_path, A={"id": 1, "name": "sea"}, B={"id": 1, "name": "the sea"})
    whole = read(text)
    assert [label["value"] for label in whole["labels"]] == ["sea", "sea"]
    assert "subjects" not in dict(said(whole, 0))
    assert dict(said(whole, 1))["subjects"] == '{"id": 1, "name": "the sea"}'
    assert left_out(text) == (
        "1 subject with other names in other artworks: kept there in the attribute subjects (1)",
    )


def test_what_else_a_nested_subject_says_is_told_and_kept(tmp_path: Path) -> None:
    inner = {"id": 2, "name": "wave", "note": "keep me"}
    text = nesting(tmp_path, A={"id": 1, "name": "sea", "children": [inner]}, B=None)
    whole = read(text)
    assert [label["value"] for label in whole["labels"]] == ["sea", "wave"]
    assert json.loads(dict(said(whole, 0))["subjects"] or "")["children"] == [inner]
    assert left_out(text) == (
        "1 artwork whose subjects say more than id and name: not in the labels, kept in the "
        "attribute subjects",
    )


def test_subjects_by_id_without_their_tree(tmp_path: Path) -> None:
    text = packed(tmp_path, artwork("A1", subject_ids=[1]), artwork("A2", subject_ids=[]))
    (tmp_path / "subject_tree.tsv").unlink()
    fault = "artworks.jsonl.gz line 1: subject 1 is named by no subject_tree.tsv"
    assert refused(text, tmp_path) == REFUSED + fault


@pytest.mark.parametrize("name", ["artworks.jsonl", "artists.jsonl", "subject_tree.tsv", "LICENCE"])
def test_a_file_outside_of_the_folder_is_not_read(name: str, tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    put(outside, lines([artwork("A1", subject_ids=[])]))
    put(inside / "artworks.jsonl", lines([artwork("A2", subject_ids=[])]))
    (inside / name).unlink(missing_ok=True)
    (inside / name).symlink_to(outside)
    text = f"tate:{inside}"
    assert refused(text, inside) == f"{REFUSED}{name}: a link that leaves the folder"


def test_every_file_that_is_not_read_is_told(tmp_path: Path) -> None:
    put(tmp_path / "artworks" / "a.json", json.dumps(published("A1")))
    put(tmp_path / "artworks" / "b.JSON", json.dumps(published("B1")))
    put(tmp_path / "artworks" / "c.txt", "x")
    put(tmp_path / "artworks" / "sub" / "d.json.gz", gzip.compress(b"{}"))
    put(tmp_path / "subject_tree.tsv", "bogus")
    put(tmp_path / "README.md", "")
    source = open_source(f"tate:{tmp_path}")
    assert [item["key"] for item in joined(source.batches(8))["items"]] == ["A1", "B1"]
    assert source.describe().left_out == (
        "subject_tree.tsv: not read",
        "2 files of other kinds (.gz 1, .txt 1): not read",
    )


def test_the_fingerprint_does_not_depend_on_the_place(tmp_path: Path) -> None:
    text = as_published(tmp_path / "here")
    before = open_source(text).describe().fingerprint
    (tmp_path / "here").rename(tmp_path / "there")
    assert open_source(f"tate:{tmp_path}/there").describe().fingerprint == before
