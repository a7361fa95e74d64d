"""tate: artworks without pictures; what is said of the artist is never the artwork's."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from excavate.errors import FaultList, SourceError
from excavate.sources import open_source
from excavate.sources.tate_records import Place, records
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import put
from tests.sources.fixtures_tate import TREE, artist, artwork, as_published, lines, packed


def read(text: str) -> Whole:
    return joined(open_source(text).batches(64))


def said(whole: Whole, row: int) -> list[tuple[str, str | None]]:
    return [(a["name"], a["value"]) for a in whole["attributes"] if a["row"] == row]


def refused(text: str, root: Path) -> str:
    with pytest.raises(SourceError) as error:
        open_source(text).describe()
    return str(error.value).replace(str(root), "ROOT")


def test_an_artwork_is_an_item_without_pixels(tmp_path: Path) -> None:
    whole = read(packed(tmp_path))
    first = whole["items"][0]
    assert {name for name, value in first.items() if value is not None} == {
        "key", "split", "creator", "source_url",
    }  # fmt: skip
    assert (first["key"], first["creator"]) == ("A00001", "Artist 1")
    assert first["source_url"] == "http://example.org/A00001"
    assert said(whole, 0) == [
        ("id", "5"),
        ("title", "제목 A00001"),
        ("all_artists", "Artist 1"),
        ("medium", None),
        ("dateRange", '{"endYear": 1785, "startYear": 1785, "text": "?c.1785"}'),
        ("acquisitionYear", "1922"),
        ("width", "394"),
        ("units", "mm"),
        ("thumbnailUrl", "http://example.org/a.jpg"),
        ("url", "http://example.org/A00001"),
        ("artist.role", "artist"),
        ("artist.fc", "Artist 1"),
        ("artist.gender", "Female"),
        ("artist.id", "1"),
        ("artist.birthYear", "1930"),
    ]


def test_several_artists_stand_beside_each_other(tmp_path: Path) -> None:
    whole = read(packed(tmp_path))
    found = said(whole, 1)
    assert [v for n, v in found if n == "artist.role"] == ["after", "artist"]
    assert [v for n, v in found if n == "artist.id"] == ["2", "2", "1"]  # two records of artist 2
    assert [v for n, v in found if n == "artist.gender"] == [None, None, "Female"]
    assert ("note", "x") in found
    assert [v for n, v in said(whole, 2) if n.startswith("artist.")] == ["artist", "404"]
    sources = {(a["name"].partition(".")[0], a["source"]) for a in whole["attributes"]}
    assert ("title", "artworks.jsonl.gz") in sources
    assert {a["said_by"] for a in whole["attributes"]} == {"metadata"}


def test_subjects_are_labels_of_a_tree(tmp_path: Path) -> None:
    source = open_source(packed(tmp_path))
    found = [(c.category_id, c.name, list(c.parents)) for c in source.categories()]
    assert found == [
        ("1", "subject", []),
        ("91", "people", ["1"]),
        ("95", "adults, standing", ["91"]),
        ("7", "sea", ["1"]),
    ]
    labels = joined(source.batches(2))["labels"]
    assert [(r["row"], r["field"], r["value"], r["category_id"]) for r in labels] == [
        (0, "subject", "subject", "1"),
        (0, "subject", "people", "91"),
        (0, "subject", "adults, standing", "95"),
        (1, "subject", "sea", "7"),
        (2, "movement", "Vorticism", None),
    ]


def test_what_is_said_of_the_whole(tmp_path: Path) -> None:
    described = open_source(packed(tmp_path)).describe()
    assert (described.licence, described.count, described.root) == ("CC0 1.0 Universal", 3, None)
    assert described.left_out == (
        "artist_data.csv: not read",
        "1 artist without an artwork here: not read",
        "1 artist of 1 artwork without a record: only id and role are known (404)",
    )
    (tmp_path / "LICENCE").write_text("All rights reserved\n")
    assert open_source(f"tate:{tmp_path}").describe().licence is None


def test_artists_of_tates_own_csv(tmp_path: Path) -> None:
    text = packed(tmp_path)
    (tmp_path / "artists.jsonl.gz").unlink()
    put(tmp_path / "artist_data.csv", "\ufeffid,name,gender\n1,One,\n2,Two,Male\n")
    whole = read(text)
    found = [v for n, v in said(whole, 1) if n == "artist.gender"]
    assert found == ["Male", None]
    assert {a["source"] for a in whole["attributes"] if a["name"] == "artist.name"} == {
        "artist_data.csv"
    }


def test_the_files_as_tate_published_them(tmp_path: Path) -> None:
    source = open_source(as_published(tmp_path))
    found = [(c.category_id, c.name, list(c.parents)) for c in source.categories()]
    assert found == [
        ("1", "subject", []),
        ("91", "people", ["1"]),
        ("95", "adults", ["91", "7"]),
        ("7", "sea", ["1"]),
    ]
    whole = joined(source.batches(2))
    assert [item["key"] for item in whole["items"]] == ["A1", "T1", "T2"]
    assert [r["category_id"] for r in whole["labels"]] == ["1", "91", "95", "7", None]
    first, second, third = (said(whole, row) for row in range(3))
    assert ("depth", "") in first
    assert ("artist.birth", '{"place": null}') in first
    assert ("artist.gender", "Male") in second
    assert ("artist.role", "with") in second
    assert not [name for name, _ in third if name.startswith("artist.")]
    movement = '[{"era": {"id": 290, "name": "18th century"}, "id": 344, "name": "Neo-Classicism"}]'
    assert ("movements", movement) in first
    assert source.describe().left_out == ()


def test_every_fault_of_every_record_is_told(tmp_path: Path) -> None:
    works = [
        artwork("A1"),
        artwork("A1"),
        artwork("", title="no number"),
        artwork("A3", subject_ids=[1, 2]),
        artwork("A4", artist_ids=[1]),
        artwork("A5", movements=[{"id": 3}]),
    ]
    text = packed(tmp_path, *works)
    more = b'{"acno": "A6"\n[]\n{"acno": "\\ud800"}\n'
    put(tmp_path / "artworks.jsonl.gz", gzip.compress(lines(works) + more))
    put(tmp_path / "artists.jsonl.gz", gzip.compress(b'{"id": 1}\n{"name": "nobody"}\n'))
    put(tmp_path / "subject_tree.tsv", TREE + "7\tsea\t1\n8\tlost\t80\n9\n")
    place = "artworks.jsonl.gz line"
    assert refused(text, tmp_path) == "\n".join(
        [
            "ROOT: the collection cannot be dug (12). Correct these",
            "  artists.jsonl.gz line 2: no id that is text or a whole number",
            "  subject_tree.tsv line 6: subject 7 again",
            "  subject_tree.tsv line 8: 1 values for 3 columns",
            "  subject_tree.tsv: subject 8 lies below 80, which is not there",
            f"  {place} 2: acno A1 again (first in {place} 1)",
            f"  {place} 3: no acno that is text",
            f"  {place} 5: subjects, artists or movements in no known form",
            f"  {place} 6: subjects, artists or movements in no known form",
            f"  {place} 7: not JSON (Expecting ',' delimiter: line 2 column 1 (char 14))",
            f"  {place} 8: not a JSON object",
            f"  {place} 9: text that is no Unicode (half of a surrogate pair)",
            f"  {place} 4: subject 2 is not in the tree of subjects",
        ]
    )


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    text = packed(tmp_path)
    whole = (tmp_path / "artworks.jsonl.gz").read_bytes()
    put(tmp_path / "artworks.jsonl.gz", whole[:-20])
    assert "artworks.jsonl.gz after line" in refused(text, tmp_path)
    assert "Compressed file ended" in refused(text, tmp_path)


def test_links_out_of_the_folder_are_told(tmp_path: Path) -> None:
    text = as_published(tmp_path / "in")
    put(tmp_path / "out.json", json.dumps(artwork("X")))
    (tmp_path / "in" / "artworks" / "z.json").symlink_to(tmp_path / "out.json")
    assert refused(text, tmp_path).splitlines()[1:] == [
        "  artworks/z.json: a link that leaves the folder"
    ]


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    assert refused(f"tate:{tmp_path}", tmp_path) == (
        "ROOT: no artworks. It holds artworks.jsonl.gz or artworks.jsonl or artworks"
    )
    (tmp_path / "artworks").mkdir()
    assert refused(f"tate:{tmp_path}", tmp_path) == "ROOT/artworks: no artworks in it"


def test_the_fingerprint_follows_every_file(tmp_path: Path) -> None:
    text = packed(tmp_path)
    found = [open_source(text).describe().fingerprint]
    for name in ("artworks.jsonl.gz", "artists.jsonl.gz"):
        whole = gzip.decompress((tmp_path / name).read_bytes())
        put(tmp_path / name, gzip.compress(whole + b"\n\n"))
        found.append(open_source(text).describe().fingerprint)
    assert len(set(found)) == 3
    assert open_source(text).describe().fingerprint == found[-1]


def genders(place: Path) -> Counter[Any]:
    faults = FaultList()
    found = Counter(record["gender"] for _, record in records(Place(place, {}), faults))
    faults.raise_if_any("broken", str(place))
    return found


@pytest.mark.shared_data
def test_tate(shared: Path) -> None:
    source = open_source(f"tate:{shared}/tate")
    described = source.describe()
    assert (described.count, described.licence) == (69_202, "CC0 1.0 Universal")
    categories = source.categories()
    assert len(categories) == 16_633
    assert [c.name for c in categories if not c.parents] == ["subject"]
    labels, shown = 0, Counter[str]()
    for batch in source.batches(256):
        labels += pc.sum(pc.equal(batch.labels["field"], "subject")).as_py() or 0
        for name in ("artist.role", "medium"):
            shown[name] += pc.sum(pc.equal(batch.attributes["name"], name)).as_py()
    assert labels == 898_284
    assert shown == {"artist.role": 69_710, "medium": 69_202}
    assert genders(shared / "tate" / "artist_data.csv") == {"Male": 2895, "Female": 521, None: 116}
    # The lines hold 3,538 records of 3,534 artists, four of them twice.
    assert genders(shared / "tate" / "artists.jsonl.gz") == {"Male": 2896, "Female": 522, None: 120}
    with open(shared / "tate" / "artist_data.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3532


@pytest.mark.shared_data
def test_tates_own_files(shared: Path) -> None:
    source = open_source(f"tate:{shared}/tate/sample_json")
    assert source.describe().count == 300
    known = {c.category_id: c.name for c in source.categories()}
    tree = open_source(f"tate:{shared}/tate").categories()
    assert known.items() <= {(c.category_id, c.name) for c in tree}


def test_an_artist_is_told_once_by_the_file(tmp_path: Path) -> None:
    works = [artwork("A1", artist_ids=[["1", "artist"]]), artwork("A2", artist_ids=[[1, None]])]
    text = packed(tmp_path, *works)
    put(tmp_path / "artists.jsonl.gz", gzip.compress(lines([artist(1)])))
    whole = read(text)
    found = [(a["row"], a["value"]) for a in whole["attributes"] if a["name"] == "artist.fc"]
    assert found == [(0, "Artist 1"), (1, "Artist 1")]
    assert [v for n, v in said(whole, 1) if n == "artist.role"] == [None]


def test_more_artworks_than_memory_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from excavate.sources import tate

    text = packed(tmp_path, *(artwork(f"A{number}") for number in range(1000)))
    whole = read(text)
    for most in (0, 300_000):  # none at hand; some at hand, the others on disk
        monkeypatch.setattr(tate, "IN_MEMORY", most)
        assert read(text) == whole
        later = joined(open_source(text).batches(100, 700))["items"]
        assert [item["key"] for item in later] == [f"A{number}" for number in range(700, 1000)]


def test_an_unknown_subject_alone_is_told(tmp_path: Path) -> None:
    assert refused(packed(tmp_path, artwork("A1", subject_ids=[1, "404"])), tmp_path) == (
        "ROOT: the collection cannot be dug (1). Correct these\n"
        "  artworks.jsonl.gz line 1: subject 404 is not in the tree of subjects"
    )
