"""JSON parsed fast: the same values as Python's own parser, whatever is written."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import as_json
from excavate.sources.json_text import (
    HalfPairError,
    compact,
    document,
    parsed,
    spelled,
    written,
)

NUMBERS = st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def same(one: object, other: object) -> bool:
    """Equal, types too: 1 is not 1.0."""
    return repr(one) == repr(other)


@given(VALUES, st.sampled_from([None, 1]))
def test_it_is_what_the_standard_parser_says(value: object, indent: int | None) -> None:
    content = json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass")
    assert same(parsed(content), json.loads(content))


@pytest.mark.parametrize("text", ["18446744073709551616", "[1, 123456789012345678901234567890]"])
def test_long_numbers_stay_whole(text: str) -> None:
    assert same(parsed(text.encode()), json.loads(text))


def test_what_the_fast_parser_refuses_is_read_all_the_same() -> None:
    assert math.isnan(parsed(b"[NaN]")[0])
    assert parsed(b"\xef\xbb\xbf[1]") == [1]


def test_half_of_a_pair_is_no_text() -> None:
    with pytest.raises(HalfPairError, match="half of a surrogate pair"):
        parsed(b'["\\ud800"]')
    assert parsed(b'["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_half_of_a_pair_in_bytes_is_no_utf_8() -> None:
    with pytest.raises(UnicodeDecodeError):
        parsed(b'["\xed\xa0\x80"]')


def test_a_file_says_where_and_what_to_do() -> None:
    for content, what in (
        (b'{"a" 1}', "not JSON at line 1, column 6 (Expecting ':' delimiter)"),
        (b'["\\ud800"]', "text that is no Unicode (half of a surrogate pair)"),
        (b'["\xed\xa0\x80"]', "not JSON ('utf-8' codec can't decode byte 0xed in position 2"),
        (b"1" * 5000, "not JSON (Exceeds the limit"),
    ):
        with pytest.raises(SourceError) as wrong:
            document(content, "x.json", "Mend it")
        assert str(wrong.value).startswith(f"x.json: {what}")
        assert str(wrong.value).endswith("Mend it")


def test_what_is_no_json_is_named_by_its_line() -> None:
    with pytest.raises(json.JSONDecodeError) as wrong:
        parsed(b'{"a": 1,\n "b": }')
    assert (wrong.value.lineno, wrong.value.colno) == (2, 7)


@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False))))
def test_what_is_written_says_the_same(value: list[list[float]]) -> None:
    assert json.loads(written(value)) == value


@given(VALUES | st.lists(st.just(math.nan)))
def test_what_was_read_is_spelled_as_everywhere(value: object) -> None:
    assert spelled(value) == as_json(value)
    assert spelled(value) == as_json(value)  # from memory
    assert same(json.loads(compact(value)), json.loads(as_json(value)))


def test_equal_values_of_other_types_are_spelled_apart() -> None:
    assert [spelled([v]) for v in (1, True, 1.0)] == ["[1]", "[true]", "[1.0]"]
