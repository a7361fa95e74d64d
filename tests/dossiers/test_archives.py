"""The dossiers that come with the project carry every fact that was gathered, and say so truly."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from excavate.dossiers.reading import Archive, read_archive
from excavate.dossiers.schema import Dossier, Fact
from tests.conftest import PROJECT

ARCHIVES = PROJECT / "archives"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HANGUL = re.compile(r"[가-힣]")
MARKS = {"seen": "seen", "recalled, not seen": "recalled"}
GONE = ("withdrawn", "enclosed", "lost")
# What disagrees stays side by side: pairs that name each other.
PAIRS = {
    ("tiny-images-05", "tiny-images-06"), ("tiny-images-02", "tiny-images-06"),
    ("cifar-04", "cifar-05"), ("imagenet-09", "imagenet-17"), ("fairface-05", "fairface-06"),
    ("laion-04", "laion-07"), ("aihub-k-food-01", "aihub-k-food-03"),
}  # fmt: skip
# Counts that no fact states in digits: 6,000 of each of 10 classes; age, gender, ethnicity; words.
DEDUCED = {("cifar", 60_000), ("utkface", 3), ("dif", 1_000_000)}


@pytest.fixture(scope="module")
def archive() -> Archive:
    return read_archive(ARCHIVES)


@pytest.fixture(scope="module")
def facts(archive: Archive) -> dict[str, Fact]:
    return {fact.id: fact for dossier in archive.dossiers.values() for fact in dossier.fact}


@pytest.fixture
def gathered(shared: Path) -> list[dict[str, Any]]:
    """The facts as they were gathered, by dataset."""
    path = shared.parent / "facts" / "dossiers.json"
    if not path.is_file():
        pytest.skip(f"no gathered facts at {path}")
    read: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return read


def test_every_dossier_can_be_read(archive: Archive) -> None:
    assert archive.faults == ()
    assert {f"{dossier_id}.toml" for dossier_id in archive.dossiers} == {
        path.name for path in ARCHIVES.glob("*.toml")
    }


@pytest.mark.shared_data
def test_every_gathered_dataset_has_a_dossier(
    gathered: list[dict[str, Any]], archive: Archive
) -> None:
    assert len(gathered) == 46
    assert {dataset["id"] for dataset in gathered} <= set(archive.dossiers)


@pytest.mark.shared_data
def test_every_fact_is_carried_over_with_its_source_and_mark(
    gathered: list[dict[str, Any]], archive: Archive
) -> None:
    carried = 0
    for dataset in gathered:
        own = {fact.id: fact for fact in archive.dossiers[dataset["id"]].fact}
        assert list(own)[: len(dataset["facts"])] == [fact["id"] for fact in dataset["facts"]]
        for told in dataset["facts"]:
            fact = own[told["id"]]
            assert (fact.url, fact.status) == (told["url"], MARKS[told["status"]]), fact.id
            assert fact.note is not None or not told.get("note"), fact.id
            carried += 1
    assert carried == 268


@pytest.mark.shared_data
def test_every_number_is_in_the_english_text(
    gathered: list[dict[str, Any]], facts: dict[str, Fact]
) -> None:
    for told in (fact for dataset in gathered for fact in dataset["facts"]):
        lost = set(NUMBER.findall(told["value"])) - set(NUMBER.findall(english(facts[told["id"]])))
        assert not lost, f"{told['id']} lost {sorted(lost)}"


@pytest.mark.shared_data
def test_no_text_is_the_gathered_sentence(
    gathered: list[dict[str, Any]], facts: dict[str, Fact]
) -> None:
    for told in (fact for dataset in gathered for fact in dataset["facts"]):
        words = re.findall(r"\w+", english(facts[told["id"]]).lower())
        assert words != re.findall(r"\w+", told["value"].lower()), told["id"]


@pytest.mark.shared_data
def test_korean_names_are_given_only_where_they_were_gathered(
    gathered: list[dict[str, Any]], archive: Archive
) -> None:
    for dataset in gathered:
        name = archive.dossiers[dataset["id"]].name
        given = name.ko if name.ko_is == "given" else None
        assert given == dataset["title_ko"], dataset["id"]


def english(fact: Fact) -> str:
    assert fact.text.en is not None, fact.id
    return fact.text.en


def test_every_fact_is_told_in_both_languages(facts: dict[str, Fact]) -> None:
    assert [fact.id for fact in facts.values() if not HANGUL.search(fact.text.ko or "")] == []
    assert [fact.id for fact in facts.values() if fact.text.en is None] == []
    assert [fact.id for fact in facts.values() if fact.note and fact.note.ko is None] == []


def test_what_was_seen_says_where_and_no_more(facts: dict[str, Fact]) -> None:
    for fact in facts.values():
        assert (fact.seen_in is not None) == (fact.status == "seen"), fact.id
        assert "text match" not in (fact.seen_in or ""), fact.id


@pytest.mark.parametrize(("one", "other"), sorted(PAIRS))
def test_what_disagrees_stays_side_by_side(facts: dict[str, Fact], one: str, other: str) -> None:
    assert other in facts[one].disagrees_with
    assert one in facts[other].disagrees_with


def test_a_disagreement_is_told_by_both_sides(facts: dict[str, Fact]) -> None:
    told = {(fact.id, other) for fact in facts.values() for other in fact.disagrees_with}
    assert told == {(other, one) for one, other in told}


def test_the_conflicts_are_in_words_too(facts: dict[str, Fact]) -> None:
    duke, faces = facts["dukemtmc-04"], facts["megaface-03"]
    for date in ("25 April 2019", "2 June 2019", "September 2019"):
        assert date in english(duke)
    assert "16.1" in english(faces)
    assert "range of ages" in english(faces)
    for count in ("108,501", "97,698"):
        assert count in english(facts["fairface-06"])


def test_what_is_gone_is_not_dug(archive: Archive) -> None:
    gone = {d.id for d in archive.dossiers.values() if d.status and d.status.state in GONE}
    assert {"tiny-images", "ms-celeb-1m", "dukemtmc", "megaface", "jft"} <= gone
    assert [dossier_id for dossier_id in gone if archive.dossiers[dossier_id].dig] == []


def stated(dossier: Dossier, fact_ids: list[str]) -> set[float]:
    """The numbers in the English text of these facts; each also as thousands, millions, …"""
    text = " ".join(english(fact) for fact in dossier.fact if fact.id in fact_ids)
    plain = [float(run.replace(",", "")) for run in NUMBER.findall(text) if run.count(".") < 2]
    return {number * unit for number in plain for unit in (1, 10**3, 10**6, 10**9)}


def test_a_count_stands_in_the_facts_that_it_names(archive: Archive) -> None:
    for dossier in archive.dossiers.values():
        for count in dossier.count:
            near = any(abs(count.number - n) < 0.5 for n in stated(dossier, count.because))
            known = near or (dossier.id, count.number) in DEDUCED
            assert known, f"{dossier.id}: {count.number} is in none of {count.because}"
