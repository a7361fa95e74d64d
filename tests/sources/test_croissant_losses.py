"""croissant: what is not read is said, joins are right or refused, and expressions end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.sources import croissant_transforms, open_source
from excavate.sources.croissant_transforms import by_path, records_of, transformed
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_croissant import (
    described,
    from_file,
    from_set,
    held,
    matching,
    one_field,
    record_set,
    refers,
    written,
)

PICTURE = one_field("r/image", "sc:ImageObject", **from_set("png", "content"))
NAME = one_field("r/name", "sc:Text", **from_set("png", "filename"))
LINK = refers("r/name")
ELSEWHERE = "https://x.example/kinds.csv"


def source_string(root: Path, *sets: Any, files: Any = (), names: Any = ("a.png", "b.png")) -> str:
    """Pictures with their names, and other record sets of a table t.csv or t.json."""
    for name in names:
        put(root / name, png())
    tables = [
        held(root, name, name, form)
        for name, form in (("t.csv", "text/csv"), ("t.json", "application/json"))
        if (root / name).is_file()
    ]
    every = [record_set("r", PICTURE, NAME), *sets]
    if any(one["@id"] == "r" for one in sets):
        every = [*sets]
    return written(root, described([matching("png", "*.png"), *tables, *files], every))


def told(root: Path, *sets: Any, **more: Any) -> tuple[Whole, tuple[str, ...]]:
    """All rows, and what was left out."""
    source = open_source(source_string(root, *sets, **more))
    return joined(source.batches(9)), source.describe().left_out


def faults(root: Path, *sets: Any, **more: Any) -> list[str]:
    """The faults that a source tells."""
    with pytest.raises(SourceError) as error:
        open_source(source_string(root, *sets, **more)).describe()
    return str(error.value).splitlines()[1:]


def captions(said: str = "$.a[*].cap", of: str = "$.a[*].file") -> dict[str, Any]:
    """A record set of t.json: pictures by name, and captions."""
    return record_set(
        "t",
        one_field("t/file", "sc:Text", **LINK, **from_file("t.json", jsonPath=of)),
        one_field("t/cap", "sc:Text", **from_file("t.json", jsonPath=said)),
    )


def labels(whole: Whole) -> list[tuple[int, str, str, str | None]]:
    return [(a["row"], a["field"], a["value"], a["category_id"]) for a in whole["labels"]]


def test_a_path_at_which_nothing_lies_is_told(tmp_path: Path) -> None:
    put(tmp_path / "t.json", json.dumps({"a": [{"file": "a.png", "cap": "hi"}]}))
    whole, left_out = told(tmp_path, captions("$.nope[*].cap"))
    assert (labels(whole), left_out) == ([], ("t/cap: nothing at $.nope[*].cap, not read",))
    whole, left_out = told(tmp_path, captions(of="$.nope[*].file"))
    assert left_out == (
        "records of t that name no picture: 1, not read",
        "t/file: nothing at $.nope[*].file, not read",
    )


def test_a_list_in_the_file_that_nothing_refers_to_is_told(tmp_path: Path) -> None:
    words = record_set("t", one_field("t/x", "sc:Text"), data=[{"t/x": "lost words"}])
    _, left_out = told(tmp_path, words)
    assert left_out == ("record set t does not refer to r: not read",)


def first_letters(*kinds: Any) -> list[Any]:
    """Pictures whose first letter is of an enumeration e."""
    first = from_set("png", "filename", transform={"regex": "^(.)"})
    letter = one_field("r/letter", "sc:Text", **refers("e/name"), **first)
    return [record_set("r", PICTURE, letter), *kinds]


def kinds(**more: Any) -> dict[str, Any]:
    place = from_file("kinds", column="name") if "data" not in more else {}
    name = one_field("e/name", "sc:Text", **place)
    return record_set("e", name, dataType="sc:Enumeration", key={"@id": "e/name"}, **more)


def test_labels_stay_labels_where_their_list_lies_elsewhere(tmp_path: Path) -> None:
    file = held(tmp_path, "kinds", ELSEWHERE, "text/csv")
    whole, left_out = told(tmp_path, *first_letters(kinds()), files=[file])
    assert labels(whole) == [(0, "letter", "a", None), (1, "letter", "b", None)]
    assert left_out == (
        f"enumeration e lies elsewhere, at {ELSEWHERE}: not read",
        "values of r/letter that are not in e: 2, without a category",
    )


def test_a_value_that_is_in_no_list_is_a_label_too_and_counted(tmp_path: Path) -> None:
    whole, left_out = told(tmp_path, *first_letters(kinds(data=[{"e/name": "a"}])))
    assert labels(whole) == [(0, "letter", "a", "e/a"), (1, "letter", "b", None)]
    assert left_out == ("values of r/letter that are not in e: 1, without a category",)


def test_a_name_that_two_pictures_have_joins_both(tmp_path: Path) -> None:
    put(tmp_path / "t.json", json.dumps({"a": [{"file": "a.png", "cap": "둘 다"}]}))
    whole, left_out = told(tmp_path, captions(), names=("1/a.png", "2/a.png", "2/b.png"))
    assert labels(whole) == [(0, "cap", "둘 다", None), (1, "cap", "둘 다", None)]
    assert left_out == ()


@pytest.mark.parametrize(
    ("of", "said", "fault"),
    [
        ("$..file", "$..cap", "$..cap does not step through the same records as $..file"),
        ("$.a[*].file", "$..cap",
         "$..cap does not step through the same records as $.a[*].file"),
        ("$.a[*].file", "$.b[*].cap",
         "$.b[*].cap does not step through the same records as $.a[*].file"),
        ("$.a[*].file", "$.a[*].caps[*]",
         "$.a[*].caps[*] does not step through the same records as $.a[*].file"),
    ],
)  # fmt: skip
def test_values_of_other_records_are_not_put_side_by_side(
    of: str, said: str, fault: str, tmp_path: Path
) -> None:
    """Two values each, of which only one belongs together."""
    rows = [{"file": "a.png", "caps": ["x", "y"]}, {"file": "b.png", "cap": "of b"}]
    document = {"a": rows, "b": [{"cap": "p"}, {"cap": "q"}], "cap": "top"}
    put(tmp_path / "t.json", json.dumps(document))
    assert f"  t/cap: {fault}" in faults(tmp_path, captions(said, of))


def test_rows_of_a_joined_table_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    put(tmp_path / "t.csv", "file,cap\na.png,one\na.png,two\nb.png,x\nb.png,x\n")
    name = NAME | {"references": {"fileObject": {"@id": "t.csv"}, "extract": {"column": "file"}}}
    caption = one_field("r/cap", "sc:Text", **from_file("t.csv", column="cap"))
    whole, left_out = told(tmp_path, record_set("r", PICTURE, name, caption))
    found = [a["value"] for a in whole["attributes"] if a["name"] == "cap"]
    assert found == ["one", "x"]
    assert left_out == ("r/cap: rows of t.csv that contradict an earlier one: 1, not read",)


def test_a_column_that_is_there_twice_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "t.csv", "file,cap,cap\na.png,hello,x\n")
    one = record_set(
        "t",
        one_field("t/file", "sc:Text", **LINK, **from_file("t.csv", column="file")),
        one_field("t/cap", "sc:Text", **from_file("t.csv", column="cap")),
    )
    assert faults(tmp_path, one) == ["  t/cap: t.csv has 2 columns 'cap'"]


def with_expression(expression: str) -> dict[str, Any]:
    place = from_set("png", "filename", transform={"regex": expression})
    return record_set("r", PICTURE, one_field("r/name", "sc:Text", **place))


def test_an_expression_that_is_none_is_a_fault(tmp_path: Path) -> None:
    said = faults(tmp_path, with_expression("(["))
    assert said[0].startswith("  r/name: '([' is no regular expression (")


def test_an_expression_that_never_ends_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(croissant_transforms, "SECONDS", 0.1)
    expression = r"^(?:(\w|\w\w|\w)+)+-(\d+)$"
    said = faults(tmp_path, with_expression(expression), names=["a" * 60 + "-b.png"])
    assert said == [f"  r/name: the regular expression {expression!r} takes too long"]


def test_an_empty_separator_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="empty separator"):
        transformed(["a b"], "separator", "")
    assert transformed(["a b", None], "separator", " ") == [["a", "b"], None]


@given(st.text(alphabet="ab/_0.둘 ", max_size=9))
def test_expressions_match_as_pythons_own_do(text: str) -> None:
    import re

    for expression in (r"(.*)/(.*)", r"^(\w+)_\d", r"a|(b)", r"[^/]*$", r"둘(?=0)", r"(?i)A"):
        match = re.match(expression, text)
        groups = [one for one in match.groups() if one is not None] if match else []
        wanted = groups[0] if groups else text if match else None
        assert transformed([text], "regex", expression) == [wanted]
    assert regex.DEFAULT_VERSION == regex.VERSION0  # the one that is like Python's own


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$.a[*].b", ("a", "[*]")),
        ("$['a'][*]['b c']", ("a", "[*]")),
        ("$.a[*].b[*]", ("a", "[*]", "b", "[*]")),
        ("$.a[0].b", ()),
        ("$..b", None),
        ("$.a[0:2].b", None),
    ],
)
def test_records_of_a_path(path: str, steps: Any) -> None:
    assert records_of(path) == steps


def test_paths_of_one_kind_have_values_side_by_side() -> None:
    document = {"a": [{"f": 1}, {"c": 2}, 3]}
    assert by_path(document, "$.a[*].f") == [1, None, None]
    assert by_path(document, "$['a'][*].c") == [None, 2, None]
