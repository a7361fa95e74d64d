"""Reading a folder of dossiers: all of it at once, and a broken file hides no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from excavate.dossiers.reading import LARGEST, parse, read_archive, read_dossier
from excavate.errors import NotFoundError
from tests.dossiers.written import written


def test_dossiers_are_read_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("beta", "alpha", "gamma"):
        written(tmp_path, name)
    (tmp_path / "README.md").write_text("no dossier")
    archive = read_archive(tmp_path)
    assert list(archive.dossiers) == ["alpha", "beta", "gamma"]
    assert archive.faults == ()
    assert archive.files["beta"] == "beta.toml"
    assert archive.dossiers["alpha"].fact[0].text.en == "Seven hundred pictures."
    assert archive.dossiers["alpha"].terrain.year is None


def test_facts_are_found_across_dossiers(tmp_path: Path) -> None:
    for name in ("alpha", "al-pha"):
        written(tmp_path, name)
    archive = read_archive(tmp_path)
    found = archive.facts_named(["al-pha-01", "alpha-01", "alpha-02", "gone-01"])
    assert [fact.id for fact in found] == ["al-pha-01", "alpha-01"]


def test_a_broken_file_is_a_fault_and_hides_no_other(tmp_path: Path) -> None:
    written(tmp_path, "alpha")
    (tmp_path / "cut.toml").write_text('id = "cut"\nkind = \n')
    (tmp_path / "latin.toml").write_bytes('id = "é"'.encode("latin-1"))
    (tmp_path / "huge.toml").write_text("#" * (LARGEST + 1))
    archive = read_archive(tmp_path)
    assert list(archive.dossiers) == ["alpha"]
    assert [str(fault) for fault in archive.faults] == [
        "cut.toml:2:8: this is not TOML (Invalid value)",
        "huge.toml: larger than 1,000,000 bytes; a dossier is a few pages",
        "latin.toml: is not written in UTF-8; save it so",
    ]


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "alpha")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert list(read_archive(tmp_path).dossiers) == ["alpha"]


def test_of_two_files_with_one_id_the_one_named_so_is_kept(tmp_path: Path) -> None:
    kept = written(tmp_path, "beta")
    (tmp_path / "again.toml").write_text(kept.read_text().replace("Seven", "Eight"))
    archive = read_archive(tmp_path)
    assert archive.dossiers["beta"].fact[0].text.en == "Seven hundred pictures."
    assert [str(f) for f in archive.faults] == ["again.toml: id: beta.toml has this id already"]


def test_every_fault_of_the_schema_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(WRONG)
    archive = read_archive(tmp_path)
    assert [str(fault).removeprefix("wrong.toml: ") for fault in archive.faults] == FAULTS
    assert "pydantic" not in str(archive.faults)


WRONG = """\
id = "A b"
kind = "painting"
drafft = true
name = {ko = ""}
dig = {source = "digits"}
status = {state = "gone", date = 2020-06-29, because = []}
[terrain]
year = 1200
items = "12"
countries = ["kr"]
labour = ["slaves"]
because = {year = ["first"], size = ["a-01"]}
[[count]]
of = "items"
number = -1
about = "yes"
because = "a-01"
[[fact]]
id = "a-1"
topic = "weather"
text = {}
status = "seen"
source = 3
zzz = 1
"""
FAULTS = [
    'id: "A b" will not do: write an id with small letters, digits and dashes, at most 64',
    'kind: "painting" is not one of '
    "'image', 'video', 'image and video', 'programme', 'not public'",
    "name.ko: is empty; leave the key out where nothing is known",
    "status.state: \"gone\" is not one of 'active', 'redacted', 'withdrawn', 'lost', 'enclosed'",
    'status.date: "2020-06-29" will not do: write text in "quotes"',
    "status.because: is empty; name at least one fact",
    "terrain.year: 1200 is less than 1900, which cannot be",
    'terrain.items: "12" will not do: write a whole number, without quotes or thousands signs',
    "terrain.labour[1]: \"slaves\" is not one of 'crowd platform', 'employed annotators', "
    "'students', 'makers themselves', 'volunteers', 'players of a game', 'curators', "
    "'those depicted', 'state programme', 'machine'",
    'terrain.countries[1]: "kr" will not do: '
    "write a country as two capital letters of ISO 3166-1, as KR",
    "terrain.because.year[1]: \"first\" will not do: write a fact's id as the dossier's id, "
    "a dash and two digits or more, as cifar-01",
    'terrain.because.size: "size" is not one of '
    "'year', 'items', 'images_from', 'labour', 'licence', 'countries'",
    "dig: \"{'source': 'digits'}\" will not do: "
    "write a list: [ … ], or the table's name in double brackets: [[ … ]]",
    "count[1].number: -1 is less than 0, which cannot be",
    'count[1].about: "yes" will not do: write true or false, without quotes',
    'count[1].because: "a-01" will not do: '
    "write a list: [ … ], or the table's name in double brackets: [[ … ]]",
    "fact[1].id: \"a-1\" will not do: write a fact's id as the dossier's id, "
    "a dash and two digits or more, as cifar-01",
    "fact[1].topic: \"weather\" is not one of 'names', 'year', 'makers', 'funder', 'purpose', "
    "'image_source', 'collection', 'consent', 'people', 'labour', 'labour_who', "
    "'labour_number', 'labour_platform', 'labour_pay', 'labour_hours', 'taxonomy', 'counts', "
    "'metadata', 'licence', 'access', 'contested', 'skews', 'gaps', 'label_errors', "
    "'duplicates', 'status', 'refusal', 'law', 'use', 'critics', 'ancestors', 'descendants'",
    "fact[1].text: write it in en, in ko, or in both",
    'fact[1].source: "3" will not do: write text in "quotes"',
    "fact[1].zzz: no such key; archives/README.md names all",
    "drafft: no such key; did you mean draft?",
]


def test_an_empty_file_names_what_every_dossier_needs() -> None:
    said = [str(fault) for fault in parse("", "bare.toml").faults]
    assert said == [f"bare.toml: {key}: is missing" for key in ("id", "kind", "name", "fact")]


def test_what_was_read_is_kept_until_a_file_changes(tmp_path: Path) -> None:
    path = written(tmp_path, "alpha")
    first = read_archive(tmp_path)
    assert read_archive(tmp_path) is first
    path.write_text(path.read_text().replace("Seven", "Eight!"))
    os.utime(path, ns=(1, 1))
    changed = read_archive(tmp_path)
    assert changed.dossiers["alpha"].fact[0].text.en == "Eight! hundred pictures."
    path.unlink()
    assert read_archive(tmp_path).dossiers == {}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("alpa", "alpa: no such dossier. Near it: alpha"),
        ("Alpha", "Alpha: no such dossier. Near it: alpha"),
        ("zzzzz", "zzzzz: no such dossier. List them: excavate dossiers"),
        ("cut", "cut: this dossier cannot be read (cut.toml:1:6: this is not TOML "
         "(Invalid value)). All its faults: excavate dossier check"),
    ],
)  # fmt: skip
def test_a_dossier_that_is_not_there_is_told_with_its_near_names(
    tmp_path: Path, asked: str, said: str
) -> None:
    written(tmp_path, "alpha")
    (tmp_path / "cut.toml").write_text("id = \n")
    with pytest.raises(NotFoundError) as told:
        read_dossier(tmp_path, asked)
    assert str(told.value) == said


def test_a_folder_that_is_not_there_is_no_empty_archive(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as told:
        read_archive(tmp_path / "no")
    assert str(told.value) == (
        f"{tmp_path / 'no'}: no such folder of dossiers. "
        "Set EXCAVATE_ARCHIVES to the folder of the dossiers"
    )


UNREADABLE = {
    "id = " + "[" * 2000 + "]" * 2000: "deep.toml: is nested too deep to be read",
    "id = " + "1" * 5000: "deep.toml: holds what cannot be read (Exceeds the limit (4300 digits)",
    "id = 0x" + "f" * 5000: 'deep.toml: id: "…" will not do: write text in "quotes"',
    "[terrain]\nyear = 0x"
    + "f" * 5000: "deep.toml: terrain.year: … is more than 2100, which cannot be",
    "id" + ".a" * 2000 + " = 1": "deep.toml: is nested too deep to be read",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=["lists", "digits", "hex", "year", "tables"])
def test_one_file_that_cannot_be_taken_in_breaks_no_other(tmp_path: Path, text: str) -> None:
    (tmp_path / "deep.toml").write_text(text)
    written(tmp_path, "alpha")
    archive = read_archive(tmp_path)
    assert list(archive.dossiers) == ["alpha"]
    said = [str(fault) for fault in archive.faults]
    assert any(one.startswith(UNREADABLE[text]) for one in said), said
    with pytest.raises(NotFoundError, match="deep: this dossier cannot be read"):
        read_dossier(tmp_path, "deep")


def test_a_file_that_is_wrong_as_a_whole_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('id = "é"'.encode("latin-1"))
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    assert [str(fault) for fault in read_archive(tmp_path).faults] == [
        "folder.toml: is no file",
        "gone.toml: cannot be opened (No such file or directory)",
        "latin.toml: is not written in UTF-8; save it so",
        "pipe.toml: is no file",
    ]
    with pytest.raises(NotFoundError) as told:
        read_dossier(tmp_path, "latin")
    assert str(told.value) == (
        "latin: this dossier cannot be read (latin.toml: is not written in UTF-8; save it so). "
        "All its faults: excavate dossier check"
    )
    written(tmp_path, "nowhere").rename(tmp_path / "nowhere")
    assert list(read_archive(tmp_path).dossiers) == ["nowhere"], (
        "read again once it leads somewhere"
    )
