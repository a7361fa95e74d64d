"""csv: cells of any length, packed files, encodings and options that cannot be followed."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.csv_plan import LARGE
from tests.sources.fixtures import put
from tests.sources.test_csv import read, refused, said

OPTIONS = "options that cannot be followed (1). Correct these"
NO_FIT = "options that do not fit the table (1). Correct these"
TABLE = "id,t\n1,x\n"


def table(root: Path, content: str | bytes = TABLE) -> str:
    return f"csv:{put(root / 'a.csv', content)}"


@pytest.mark.parametrize("length", [200_000, 5_000_000])
@pytest.mark.parametrize("key", [{}, {"labels": "t"}])
def test_long_cells(length: int, key: dict[str, str], tmp_path: Path) -> None:
    text = table(tmp_path, f'id,t,u\n1,{"x" * length},a\n2,5" disk,b\n')
    whole = read(text, **key)
    assert [item["key"] for item in whole["items"]] == ["1", "2"]
    values = whole["labels"] if key else [a for a in whole["attributes"] if a["name"] == "t"]
    assert [len(v["value"]) for v in values] == [length, len('5" disk')]
    assert said(whole, 1)["u"] == "b"


def test_a_row_that_is_too_long_is_told(tmp_path: Path) -> None:
    text = table(tmp_path, f"id,t,u\n1,{'x' * LARGE},{'x' * 2 * LARGE}\n2,a,b\n")
    assert refused(text, tmp_path) == (
        "csv:ROOT/a.csv: cannot be read (a row of more than 16,777,216 bytes). "
        "Save it again as CSV UTF-8"
    )


@pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
)
def test_packed_files_are_told(pack: Callable[[bytes], bytes], name: str, tmp_path: Path) -> None:
    assert refused(table(tmp_path, pack(TABLE.encode())), tmp_path).splitlines() == [
        "csv:ROOT/a.csv: no table (1). Correct it",
        f"  a.csv: packed by {name}: unpack it",
    ]


@pytest.mark.parametrize("name", ["idna", "punycode", "utf-7", "unicode_escape", "cp037"])
def test_encodings_that_no_table_has(name: str, tmp_path: Path) -> None:
    assert refused(table(tmp_path), tmp_path, encoding=name).splitlines() == [
        f"csv:ROOT/a.csv: {OPTIONS}",
        f"  encoding={name}: no encoding that tables are written in",
    ]


@pytest.mark.parametrize("name", ["cp949", "euc_kr", "johab", "shift_jis", "latin-1", "utf-16"])
def test_encodings_that_tables_have(name: str, tmp_path: Path) -> None:
    text = table(tmp_path, 'id,t\n1,"a+b~|;"\n'.encode(name))
    assert said(read(text, encoding=name), 0)["t"] == "a+b~|;"


@pytest.mark.parametrize("name", ["a\0b", "rot13", "base64", "x" * 300])
def test_encodings_that_there_are_not(name: str, tmp_path: Path) -> None:
    shown = name.replace("\0", "\ufffd")
    assert refused(table(tmp_path), tmp_path, encoding=name).splitlines() == [
        f"csv:ROOT/a.csv: {OPTIONS}",
        f"  encoding={shown}: no encoding of this name; utf-8 and cp949 are two",
    ]


@pytest.mark.parametrize("option", ["separator", "encoding", "title", "key"])
def test_options_that_are_no_text(option: str, tmp_path: Path) -> None:
    assert refused(table(tmp_path), tmp_path, **{option: "\udc80"}).splitlines() == [
        f"csv:ROOT/a.csv: {OPTIONS}",
        f"  {option}='\\udc80': text that is no Unicode",
    ]


@pytest.mark.parametrize("separator", ["é", "\0", "", '"', "ab"])
def test_separators_that_cannot_be(separator: str, tmp_path: Path) -> None:
    assert refused(table(tmp_path), tmp_path, separator=separator).splitlines()[1:] == [
        f"  separator={separator}: not one character of ASCII, nor 'tab'"
    ]


def test_options_without_effect_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        open_source(table(tmp_path), SourceOptions(given={"root": "/nowhere"})).describe()
    assert str(error.value).splitlines()[1:] == ["  root=/nowhere: of no use without picture="]
    assert refused(table(tmp_path), tmp_path, key="id", multiple="id:;").splitlines() == [
        f"csv:ROOT/a.csv: {NO_FIT}",
        "  multiple=id:;: the key 'id' is not cut",
    ]


def test_a_column_of_several_values_is_not_chosen_as_the_key(tmp_path: Path) -> None:
    whole = read(table(tmp_path, "id,file\na;b,x\n"), multiple="id:;")
    assert whole["items"][0]["key"] == "x"
    assert [a["value"] for a in whole["attributes"] if a["name"] == "id"] == ["a", "b"]


def test_addresses_that_are_none_of_the_web(tmp_path: Path) -> None:
    cells = ("file:///etc/passwd", "s3://bucket/a.jpg", "HTTPS://example.org/a.jpg")
    text = table(tmp_path, "id,p\n" + "".join(f"{n},{c}\n" for n, c in enumerate(cells)))
    whole = read(text, picture="p")
    assert [i["source_url"] for i in whole["items"]] == [None, None, cells[2]]
    assert [i["path"] for i in whole["items"]] == [None, None, None]
    assert [a["value"] for a in whole["attributes"]] == list(cells)
    assert open_source(text, SourceOptions(given={"picture": "p"})).describe().left_out == (
        "1 picture named by a web address: not opened",
        "2 pictures named by an address not of the web: not opened",
    )
