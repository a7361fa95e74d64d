"""Words that descriptions share: both languages of each, and Korean for whatever is not held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from excavate.counter.records import CONTRIBUTOR, DEPICTED, GROUNDS, KINDS
from excavate.release.describing import language_map, lost_words, plain, word
from excavate.workshop.absence_record import REPLY_KINDS
from excavate.workshop.absence_types import Words
from tests.conftest import PROJECT

RELEASE = PROJECT / "excavate" / "release"
LOST = re.compile(
    r'Lost\(\s*\S+,\s*"([^"]+)"|^ +what = "([^"]+)"$|^ +"([^"]+)": \(.*"[\w-]+\.\w+"\),$',
    re.MULTILINE,
)


def lost_in(file: Path) -> set[str]:
    """What a writer says it cannot hold, as it stands in its source."""
    text = file.read_text("utf-8")
    found = LOST.findall(text) if "Lost" in text else []
    return {next(filter(None, one)) for one in found}


def test_whatever_a_format_cannot_hold_has_its_korean() -> None:
    found = {what for file in RELEASE.rglob("*.py") for what in lost_in(file)}
    assert len(found) >= 12
    bare = {what for what in found if lost_words(what).ko == what}
    assert bare == set()


@pytest.mark.parametrize(
    "code",
    [
        *(f"kind-{one}" for one in KINDS),
        *(f"ground-{one}" for one in GROUNDS),
        *(f"consent-{one}" for one in CONTRIBUTOR),
        *(f"depicted-{one}" for one in DEPICTED),
        *(f"reply-{one}" for one in REPLY_KINDS),
    ],
)
def test_every_code_that_can_be_given_has_a_word(code: str) -> None:
    assert word(code).ko.strip()
    assert word(code).en.strip()
    assert word(code).ko != word(code).en


def test_a_language_map_leaves_out_what_was_not_said_and_keeps_apart_what_was() -> None:
    assert language_map(Words("", "손")) == {"ko": ["손"]}
    assert language_map(Words("hand", "손")) == {"ko": ["손"], "en": ["hand"]}
    assert language_map(Words("Mirae", "Mirae")) == {"none": ["Mirae"]}


@pytest.mark.parametrize("text", ["<b>x</b>", "<", "<>", "a<b>", "plain"])
def test_no_text_reads_as_html(text: str) -> None:
    shown = plain(text)
    assert shown.strip() == text
    assert not (shown.startswith("<") and shown.endswith(">"))
