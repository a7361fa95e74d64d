"""In the rows of a finding our own codes are said in words, a source's words as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from excavate.components.finding_rows import worded
from excavate.gaps.column_rows import CHECKS
from excavate.gaps.duplicates import METHODS
from excavate.gaps.hashing import TURNS
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.taxonomy_rows import ACQUIRE, AUGMENT
from excavate.i18n import speak

WRITTEN = {  # what the measures write into these columns
    ("taxonomy", "action"): (ACQUIRE, AUGMENT),
    ("columns", "check"): CHECKS,
    ("duplicates", "kind"): METHODS,
    ("duplicates", "turn"): TURNS[1:],
}


@pytest.fixture(autouse=True)
def _korean() -> Iterator[None]:
    speak("ko")
    yield
    speak("en")


@pytest.mark.parametrize(("measure", "column"), list(WRITTEN), ids="-".join)
def test_every_code_that_is_written_has_words(measure: str, column: str) -> None:
    for code in WRITTEN[measure, column]:
        assert re.search("[가-힣]", worded(measure, column, code)), code


@pytest.mark.parametrize("measure", REGISTRY)
def test_codes_stand_in_columns_that_are_headed(measure: str) -> None:
    saying = saying_of(measure)
    for column, codes in getattr(saying, "CODES", {}).items():
        assert re.search("[가-힣]", saying.column(column))
        assert all(re.search("[가-힣]", worded(measure, column, code)) for code in codes)


def test_what_a_source_said_stays_as_it_is() -> None:
    assert worded("columns", "value", "empty") == "empty"
    assert worded("columns", "column", "residual") == "residual"
    assert worded("taxonomy", "count", 3) == 3
