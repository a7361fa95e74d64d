"""The dossiers that come with the project carry every fact that was gathered, and say so truly."""

from __future__ import annotations

import json
import re
from math import prod
from pathlib import Path
from typing import Any

import pytest

from excavate.dossiers.reading import Archive, read_archive
from excavate.dossiers.schema import Dossier, Fact
from excavate.dossiers.scoring import score
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
# Sources that are named otherwise here, in words of which less than half are the gathered ones.
NAMED_OTHERWISE = {
    "imagenet-05", "megaface-07", "casual-conversations-05", "vggface2-06", "jft-03", "jft-04",
}  # fmt: skip
ENGLISH = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(?:\s?(thousand|million|billion|k)\b)?")
KOREAN = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([백천만억조]*)")
SCALES = {"": 1, "k": 10**3, "thousand": 10**3, "million": 10**6, "billion": 10**9}
SIGNS = {"백": 10**2, "천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12}
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
def test_every_source_is_the_gathered_one(
    gathered: list[dict[str, Any]], facts: dict[str, Fact]
) -> None:
    otherwise = set()
    for told in (fact for dataset in gathered for fact in dataset["facts"]):
        words, kept = telling(told["source"]), telling(facts[told["id"]].source)
        if len(words & kept) < len(words) / 2:
            otherwise.add(told["id"])
    assert otherwise == NAMED_OTHERWISE


def telling(source: str) -> set[str]:
    """The words of a source that tell it from others."""
    return {word for word in re.findall(r"\w+", source.lower()) if len(word) > 2 or word.isdigit()}


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


def test_every_number_is_in_the_korean_text_too(facts: dict[str, Fact]) -> None:
    for fact in facts.values():
        for said in filter(None, (fact.text, fact.note)):
            lost = in_english(said.en or "", but=said.ko or "") - in_korean(said.ko or "")
            assert not lost, f"{fact.id} lost {sorted(lost)} in Korean"


def in_english(text: str, but: str) -> set[float]:
    """The numbers of an English text; less those that stand in another text as they are."""
    return {
        valued(found[1], SCALES[found[2] or ""])
        for found in ENGLISH.finditer(text)
        if not (found[2] and found[0] in but)
    }


def in_korean(text: str) -> set[float]:
    """The numbers of a Korean text: 1억 7천만 is 170,000,000, and each of its parts a number."""
    found: set[float] = set()
    before, end, scale = 0.0, 0, 0
    for piece in KOREAN.finditer(text):
        unit = prod(SIGNS[sign] for sign in piece[2])
        own = valued(piece[1], unit)
        goes_on = 1 < unit < scale and text[end : piece.start()] in ("", " ")
        before, end, scale = (before if goes_on else 0) + own, piece.end(), unit
        found |= {own, float(f"{before:.8g}")}
    return found


def valued(digits: str, unit: int) -> float:
    return float(f"{float(digits.replace(',', '')) * unit:.8g}")


def test_the_korean_numbers_are_read_as_people_read_them() -> None:
    text = "1억 7천만 건, 32만 8천 장, 1,280만 3명, 5,381억 6천만 원, 2.5만과 7"
    read = {170_000_000, 328_000, 12_800_000, 538_160_000_000, 25_000, 7, 3}
    assert read <= in_korean(text)
    assert 12_800_003 not in in_korean(text)
    assert in_english("22 thousand, 19.8k, 5.85 billion, 1,797, 21k", but="21k") == {
        22_000, 19_800, 5_850_000_000, 1797,
    }  # fmt: skip


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
    for who in ("Duke University", "MegaPixels", "AIAAIC"):
        assert who in duke.source, "each date has its source"
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


def test_the_archives_name_no_number_of_words_as_labels(archive: Archive) -> None:
    nouns = [count for count in archive.dossiers["tiny-images"].count if count.number < 10**6]
    assert [(count.of, count.number) for count in nouns] == [
        ("categories", 75_062), ("categories", 53_464),
    ]  # fmt: skip
    assert all(count.version and "nouns" in count.version for count in nouns)


def test_what_was_made_from_a_dataset_answers_whichever_end_says_so(archive: Archive) -> None:
    made = {d.id for d in archive.dossiers.values() if d.descendant}
    assert {"tiny-images", "coco", "imagenet", "megaface", "yfcc100m"} <= made
    for dossier in archive.dossiers.values():
        state = {a.question.id: a.state for a in score(dossier, archive).answers}
        assert (state["unasked-descendants"] != "none") >= bool(dossier.descendant), dossier.id
        assert (state["unasked-withdrawal"] != "none") >= bool(dossier.status), dossier.id


def test_pay_is_documented_where_a_fact_states_it_and_nowhere_else(archive: Archive) -> None:
    asked = {d.id: {a.question.id: a for a in score(d, archive).answers}
             for d in archive.dossiers.values()}  # fmt: skip
    paid = {name: found["unasked-labour-pay"].state for name, found in asked.items()}
    assert {name: state for name, state in paid.items() if state != "none"} == {
        "aihub-face-ageing": "seen", "aihub-programme": "seen", "casual-conversations": "seen",
        "cifar": "unverified", "quickdraw": "seen", "visual-genome": "unverified",
    }  # fmt: skip
    who = [name for name, found in asked.items() if found["unasked-labour-who"].state != "none"]
    assert len(who) > 2 * sum(state != "none" for state in paid.values())
    assert asked["imagenet"]["collection-labour"].state == "none", "to label is not to collect"


def test_what_a_fact_says_of_the_status_comes_first(archive: Archive) -> None:
    for dossier in archive.dossiers.values():
        if dossier.status is None:
            continue
        about = [f.id for f in dossier.fact if f.topic == "status"]
        if about:
            assert dossier.status.because[0] in about, dossier.id


def test_who_gave_their_faces_and_where_pictures_came_from(archive: Archive) -> None:
    assert "those depicted" in archive.dossiers["aihub-face-ageing"].terrain.labour
    for dossier_id in ("laion", "conceptual-captions", "lfw"):
        assert archive.dossiers[dossier_id].terrain.images_from == ["web crawl"]
    assert archive.dossiers["visual-genome"].terrain.year == 2017
    made = [descent.name for descent in archive.dossiers["megaface"].descendant]
    assert made == ["DiveFace", "TinyFace"]
