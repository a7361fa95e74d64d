"""What holds for every measure, over good sites and poor ones: it answers, or says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import ExcavateError
from excavate.gaps.asking import ask, ask_each, questions
from excavate.gaps.question import Question
from excavate.gaps.records import csv_text, parquet_bytes, record, sentence, speaking
from excavate.gaps.registry import REGISTRY, run_of, saying_of
from excavate.gaps.reproducing import reproduce
from excavate.gaps.stored import Finding
from excavate.i18n import LANGUAGES
from excavate.site import Site
from tests.gaps.sites import SITES

KEPT: dict[str, Site] = {}
MISSING = ("nothing", "no such")


@pytest.fixture(scope="module")
def site_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Site]:
    """Each site, dug when it is first asked for."""

    def made(name: str) -> Site:
        if name not in KEPT:
            KEPT[name] = SITES[name](tmp_path_factory.mktemp(name))
        return KEPT[name]

    return made


@pytest.fixture(params=sorted(SITES))
def site(request: Any, site_of: Callable[[str], Site]) -> Site:
    return site_of(request.param)


def answered(site: Site, measure: str) -> list[Finding]:
    """A finding for each of the measure's own questions; nothing breaks."""
    found = []
    for answer in ask_each(site, questions(site, None, [measure])):
        assert not answer.broke, answer.broke
        assert answer.finding, answer.error
        found.append(answer.finding)
    return found


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_it_answers_or_says_why_not(measure: str, site: Site) -> None:
    found = answered(site, measure)
    assert found
    for one in found:
        for language in LANGUAGES:
            with speaking(language):
                assert sentence(one).strip()
                assert "{" not in sentence(one)
        if one.is_measured:
            assert one.reference is not None
        else:
            assert one.why_not[0]
            assert one.rows.num_rows == 0


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_the_same_question_is_the_same_finding(measure: str, site: Site) -> None:
    for one in answered(site, measure):
        assert ask(site, one.question).id == one.id
        verdict = reproduce(site, one.made.file("json"))
        assert verdict.verdict == "same", verdict


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_it_leaves_as_json_csv_and_parquet(measure: str, site: Site, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    for one in answered(site, measure):
        told = json.loads(json.dumps(record(one), ensure_ascii=False, allow_nan=False))
        assert told["id"] == one.id
        assert set(told["said"]) == set(LANGUAGES)
        assert csv_text([one]).count(one.id) >= 1
        (tmp_path / "rows.parquet").write_bytes(parquet_bytes(one))
        assert pq.read_table(tmp_path / "rows.parquet").num_rows == one.rows.num_rows


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_its_rows_have_their_key_their_words_and_real_items(measure: str, site: Site) -> None:
    there = {i for d in site.revisions() for i in site.items(d)["item_id"]}
    words = saying_of(measure)
    for one in answered(site, measure):
        if not one.rows.num_rows:
            continue
        assert set(REGISTRY[measure].key) <= set(one.rows.column_names)
        for name in one.rows.column_names:
            assert words.column(name).strip()
        for row in one.first_rows(5):
            assert words.row(one, row).strip()
            asked = words.judge(one, row)
            assert asked is None or asked.strip()
            assert set(row.get("items") or []) <= there


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_wrong_parameters_are_all_told(measure: str, site_of: Callable[[str], Site]) -> None:
    asked = Question(measure, "all", parameters={"bogus": "1", "more": "2"})
    with pytest.raises(ExcavateError, match=r"unknown: bogus; unknown: more"):
        run_of(measure).prepare(site_of("whole"), asked)


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_a_dataset_that_is_not_there_is_told(measure: str, site_of: Callable[[str], Site]) -> None:
    with pytest.raises(ExcavateError, match="no such dataset"):
        ask(site_of("whole"), Question(measure, "nowhere"))


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_other_settings_can_be_asked(measure: str, site_of: Callable[[str], Site]) -> None:
    site = site_of("whole")
    for one in answered(site, measure):
        for other in run_of(measure).variants(site, one.question):
            assert other != one.question
            assert ask(site, other).measure == measure


@pytest.mark.parametrize("measure", sorted(REGISTRY))
def test_its_words_are_in_both_languages(measure: str) -> None:
    for said in (saying_of(measure).title, saying_of(measure).meaning):
        told = []
        for language in LANGUAGES:
            with speaking(language):
                told.append(said())
        assert all(told)
        assert told[0] != told[1]
