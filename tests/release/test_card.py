"""README.md: the hub's reader takes it, `datasets` opens the folder, nothing in it is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from markdown_it import MarkdownIt

from excavate.release.card import as_card, header, write
from excavate.release.record import Contents
from tests.release.given import (
    LEFT,
    MARKUP,
    MEASURED,
    PLATES,
    contents,
    drawn_contents,
    folder_of,
    rights,
)


def licensed(*codes: str) -> Contents:
    """A Contents whose plates carry these licences."""
    plates = tuple(
        replace(plate, member=replace(plate.member, rights=rights(code)))
        for plate, code in zip(PLATES, codes, strict=False)
    )
    return contents(plates=plates)


def parts(card: str) -> tuple[dict[str, Any], str]:
    head, text = re.fullmatch(r"---\n(.*?)---\n(.*)", card, re.DOTALL).groups()  # type: ignore[union-attr]
    return yaml.safe_load(head), text


def section(text: str, language: str) -> str:
    """The Korean or the English half of a card."""
    return text.partition("## 한국어")[2].partition("## English")[(language == "en" and 2) or 0]


def test_the_hubs_own_reader_takes_it(tmp_path: Path) -> None:
    from huggingface_hub import DatasetCard

    assert {one.format for one in write(contents(), tmp_path)} == {"card"}
    card = DatasetCard.load(tmp_path / "README.md")
    said = card.data.to_dict()
    assert said["license"] == "other"
    assert said["license_name"] == "each-item-its-own"
    assert said["license_link"] == "RIGHTS.md"
    assert said["language"] == ["ko", "en"]
    assert said["source_datasets"] == ["extended|digits"]
    assert said["size_categories"] == ["n<1K"]


def test_datasets_opens_the_folder_with_its_pictures(tmp_path: Path) -> None:
    from datasets import load_dataset

    folder = folder_of(contents(), tmp_path / "release")
    write(contents(), folder)
    rows = load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))
    assert rows.num_rows == len(PLATES)
    there = [row["image"].size if row["image"] else None for row in rows]
    assert there == [(p.width, p.height) if p.file else None for p in PLATES]
    assert rows["reason"] == [plate.member.reason for plate in PLATES]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("CC-BY-4.0", "CC-BY-4.0"), {"license": "cc-by-4.0"}),
        (("CC-BY-4.0", "CC0-1.0"), {"license": ["cc-by-4.0", "cc0-1.0"]}),
        (("CC-BY-4.0", "KOGL-1"), {"license": "other", "license_name": "each-item-its-own"}),
        (("CC-BY-4.0", ""), {"license": "other", "license_name": "each-item-its-own"}),
    ],
    ids=["one", "two", "kogl", "none-stated"],
)
def test_a_licence_that_the_hub_does_not_know_is_named(
    codes: tuple[str, ...], said: dict[str, Any]
) -> None:
    assert header(licensed(*codes)).items() >= said.items()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_language_says_everything(language: str) -> None:
    text = section(parts(as_card(contents()))[1], language)
    for word in (LEFT.statement, "Hands that shake", "떨리는 손이 쓴 숫자가 올 자리", "Jun",
                 "Its maker asked for it", "0.810 (0.780 – 0.840)", "-0.0100 – 0.0500",
                 "digits", "whose-hand-v1"):  # fmt: skip
        assert word in text, word
    assert ("재지 못함: 이름이" if language == "ko" else "Not measured: fewer than") in text
    heads = re.findall(r"^### .+$", text, re.MULTILINE)
    assert len(heads) == 7  # Gebru et al. 2021: motivation to maintenance


def test_a_number_without_bounds_is_shown_without_and_nothing_measured_is_said() -> None:
    one = MEASURED[0] | {"before": {"count": {"value": 1797, "low": None, "high": None}}}
    text = as_card(contents(measured=(one,)))
    assert "| count | 1,797 | — | — |" in text
    bare = as_card(contents(measured=()))
    assert "That is not zero" in bare
    assert "0이라는 뜻이 아닙니다" in bare


def rendered(text: str) -> list[Any]:
    """Every token of a Markdown text that a reader makes."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


@settings(max_examples=20, deadline=None)
@given(made=drawn_contents())
def test_whatever_was_written_no_word_is_markup_and_the_header_is_whole(made: Contents) -> None:
    head, text = parts(as_card(made))
    assert head["configs"] == [{"config_name": "default", "data_files": "items.parquet"}]
    assert head["pretty_name"]
    kinds = [one for one in rendered(text) if one.type in ("html_block", "html_inline", "image")]
    assert kinds == []
    links = [one.attrGet("href") for one in rendered(text) if one.type == "link_open"]
    assert all(re.match(r"#|[\w-]+\.(html|md|json)$|http", str(link)) for link in links)


def test_words_that_look_like_markup_are_shown_as_they_are() -> None:
    shown = "".join(one.content for one in rendered(as_card(contents())) if one.type == "text")
    assert MARKUP in shown


def test_many_numbers_are_cut_to_those_that_changed_and_the_rest_counted() -> None:
    before = {f"category {n}": {"value": n, "low": None, "high": None} for n in range(20)}
    after = before | {"category 3": {"value": 4, "low": None, "high": None}}
    difference = {name: {"value": after[name]["value"] - one["value"]}
                  for name, one in before.items()}  # fmt: skip
    one = MEASURED[0] | {"measure": "counts", "before": before, "after": after,
                         "difference": difference}  # fmt: skip
    text = as_card(contents(measured=(one,)))
    assert "| category 3 | 3 | 4 | 1 |" in text
    assert "category 4" not in text
    assert "not listed: 19." in text
    assert "적지 않은 수: 19개" in text
