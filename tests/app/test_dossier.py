"""The Dossier page: every fact with its source, the unknown drawn, the catalog held against it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.dossiers.schema import Count, Dossier
from excavate.dossiers.writing import to_toml
from excavate.i18n import LANGUAGES, _, speak
from excavate.pages.dig_here import needs_no_path
from excavate.settings import Settings
from tests.app.dossiers_made import BARE, HAND, write_dossiers
from tests.app.test_pages import run, text
from tests.made import class_folder


@pytest.fixture
def dug(made_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made site, with the dossiers beside it."""
    monkeypatch.setenv("EXCAVATE_SITE", str(made_site))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(write_dossiers(tmp_path / "archives")))
    return made_site


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fact_stands_with_its_source_and_in_its_own_language(dug, language):
    shown = text(run("dossier.py", lang=language, id="hand-digits"))
    speak(language)
    assert ("1998년의 것" in shown) == (language == "ko")
    assert ('<span lang="ko">모두 1,797장</span>' in shown) == (language == "en")
    assert 'href="https://example.org/paper" rel="noopener noreferrer nofollow"' in shown
    assert _("unverified: recalled, nobody looked it up") in shown
    assert _("unverified: only a link to it was seen") in shown
    assert _("These do not agree; both stand as they were said.") in shown


def test_nothing_in_a_dossier_is_markup_or_script(dug):
    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "javascript:" not in shown


def test_what_nobody_documents_is_an_empty_layer_that_says_how_usual_that_is(dug):
    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    pay = shown.partition("<h3>Pay</h3>")[2].partition("</small>")[0]
    assert "Nothing on record" in pay
    assert "No other dossier has it on record either." in pay
    makers = shown.partition("<h3>Makers</h3>")[2].partition("</small>")[0]
    assert "1 of 2 other dossiers has it on record." in makers
    assert shown.count("exc-unheld") > 20


def test_what_is_read_from_another_fact_is_no_empty_layer(dug):
    shown = text(run("dossier.py", lang="en", id="tiny-heap"))
    year = shown.partition("<h3>Year</h3>")[2].partition("</small>")[0]
    assert "<p>2008</p>" in year
    assert '<a href="#tiny-heap-01">tiny-heap-01</a>' in year
    made_from = shown.partition("<h3>Made from</h3>")[2].partition("</div></div>")[0]
    assert "WordNet" in made_from
    assert "Nothing on record" not in made_from
    assert 'id="tiny-heap-01"' in shown, "the link leads somewhere"


def test_the_score_is_a_square_for_each_question(dug):
    from excavate.dossiers.reading import read_dossier
    from excavate.dossiers.scoring import questions, score

    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    totals = score(read_dossier(Settings.from_environment().archives, "hand-digits")).totals()
    for state, count in (("seen", totals.seen), ("unverified", totals.unverified)):
        assert shown.count(f"exc-is-{state}") == count + 1, "and one in the legend"
    assert shown.count("exc-square") == len(questions()) + 3


def test_counts_are_held_against_the_catalog(dug):
    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    assert "Dug here as digits" in shown
    table = shown.partition("in the catalog")[2].partition("</table>")[0]
    rows = [r.partition("</td>")[0] for r in table.split("<tr><td>")[1:]]
    assert rows == ["items", "categories", "regions", "people"]
    assert "<td>10</td><td>10</td><td>the same</td>" in table
    assert "a part" in table, "120 of 1,797 were dug: no difference is told"
    assert "not counted here" in table
    assert "(--limit 120)" in shown


def test_a_withdrawn_dataset_has_no_button_but_a_reason(dug):
    app = run("dossier.py", lang="en", id="tiny-heap")
    shown = text(app)
    assert [button.label for button in app.button] == []
    assert "It is not dug" in shown
    assert "withdrawn · 2020-06-29" in shown
    assert "Slurs stood among its labels" in shown.partition("exc-refused")[2]
    assert "hf:somebody/tiny-heap" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_copy_was_dug_all_the_same_stands_on_both_pages(dug, tmp_path, monkeypatch, language):
    copy = tmp_path / "copy"
    class_folder(tmp_path / "heap", each=1)
    request = DigRequest(f"folder:{tmp_path / 'heap'}", copy, dossier="tiny-heap",
                         withdrawn="to see <it>")  # fmt: skip
    catalogue(request, Settings(workers=1))
    monkeypatch.setenv("EXCAVATE_SITE", str(copy))
    speak(language)
    words = _("It is not given out any more; this copy was dug because: {reason}")
    for shown in (text(run(lang=language)), text(run("dossier.py", lang=language, id="tiny-heap"))):
        assert words.format(reason="to see &lt;it&gt;") in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_in_korean_alone_stands_everywhere(dug, tmp_path, language):
    bare = tmp_path / "archives" / "bare.toml"
    written = bare.read_text("utf-8")
    bare.write_text(re.sub(r"(?m)^name\.en = .*$", 'name.ko = "빈 데이터셋"', written), "utf-8")
    shown = text(run("dossier.py", lang=language, id="bare"))
    assert re.search('<h1 lang="ko"><span[^>]*>빈 데이터셋</span></h1>', shown)
    assert "None" not in shown
    assert "빈 데이터셋" in text(run("survey.py", lang=language))


def test_no_known_source_is_said(dug):
    assert "No source is on record to dig it from." in text(run("dossier.py", lang="en", id="bare"))


def test_where_the_host_cannot_be_known_the_command_stands(tmp_path, monkeypatch):
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(write_dossiers(tmp_path / "archives")))
    app = run("dossier.py", lang="en", id="hand-digits")
    assert [button.label for button in app.button] == []
    assert "excavate dig hand-digits --site site" in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_dossier_is_told_in_words(dug, language):
    speak(language)
    assert "exc-notice" in text(run("dossier.py", lang=language))
    shown = text(run("dossier.py", lang=language, id="hand-digit"))
    speak(language)
    assert _("no such dossier") in shown
    assert "hand-digits" in shown, "the near one"


def test_the_entrance_leads_to_the_dossier_of_what_was_dug(dug):
    shown = text(run(lang="en"))
    assert 'href="/dossier?id=hand-digits&amp;lang=en"' in shown
    assert "no dossier yet" in shown


@pytest.mark.parametrize(
    ("source", "free"),
    [("digits", True), ("hf:uoft-cs/cifar10", True), ("iiif:https://example.org/m.json", True),
     ("folder:PATH", False), ("parquet:a/*.parquet", False), ("nonsense:https://x", False)],
)  # fmt: skip
def test_a_button_is_only_for_sources_that_need_no_path(source, free):
    assert needs_no_path(source) == free


ROW = {
    "dataset_id": "cifar10", "title": "uoft-cs/cifar10", "source": "hf:uoft-cs/cifar10",
    "options": json.dumps({"limit": None, "split": None}), "items": 60_000, "categories": 10,
    "regions": 0, "labels": 60_000, "attributes": 0, "splits": {"train": 50_000, "test": 10_000},
}  # fmt: skip


def count(of: str, number: int, **more) -> Count:
    return Count.model_validate({"of": of, "number": number, "because": ["x-01"], **more})


@pytest.mark.parametrize(
    ("published", "verdict", "counted"),
    [
        (count("items", 60_000), "equal", 60_000),
        (count("items", 59_999), "differs", 60_000),
        (count("items", 58_000, about=True), "near", 60_000),
        (count("items", 57_000, about=True), "differs", 60_000),
        (count("items", 10_000, split="Test"), "equal", 10_000),
        (count("items", 10_000, split="validation"), "not counted", None),
        (count("categories", 10, split="test"), "not counted", None),
        (count("people", 3), "not counted", None),
        (count("regions", 0), "equal", 0),
    ],
)
def test_published_numbers_are_held_against_the_catalog(published, verdict, counted):
    from excavate.components.held_against import held_against

    (held,) = held_against(having([published]), ROW).held
    assert (held.verdict, held.counted) == (verdict, counted)


def having(counts: list[Count], *digs: dict[str, str]) -> Dossier:
    """A dossier with these published numbers and ways to dig it."""
    return Dossier.model_validate(
        BARE | {"dig": list(digs), "count": [one.model_dump(exclude_none=True) for one in counts]}
    )


def test_of_several_versions_only_the_one_that_was_dug_is_held():
    from excavate.components.held_against import held_against, partly_dug

    dossier = having([count("categories", 10, version="CIFAR-10"),
                      count("categories", 100, version="CIFAR-100")])  # fmt: skip

    def numbers(row):
        found = held_against(dossier, row)
        return ([one.published.number for one in found.held], [one.number for one in found.others])

    assert numbers(ROW) == ([10], [100])
    hundred = ROW | {"dataset_id": "cifar100", "source": "hf:uoft-cs/cifar100", "title": "x"}
    assert numbers(hundred) == ([100], [10])
    nameless = ROW | {"dataset_id": "c", "title": "c", "source": "folder:c"}
    assert numbers(nameless) == ([], [10, 100])
    assert partly_dug(ROW) == []
    assert partly_dug(ROW | {"options": '{"limit": 5, "split": "test"}'}) == [
        "--limit 5",
        "--split test",
    ]


def test_a_dig_says_whose_counts_it_is_held_against():
    from excavate.components.held_against import held_against

    counts = [count("items", 9, version="V4"), count("categories", 600, version="V4, boxes"),
              count("items", 7, version="V41"), count("people", 3)]  # fmt: skip
    dossier = having(counts, {"source": "hf:uoft-cs/cifar10", "version": "V4", "part": "val"})
    found = held_against(dossier, ROW)
    assert [one.published.number for one in found.held] == [9, 600, 3]
    assert [one.number for one in found.others] == [7]
    assert found.partly == ("val",)
    own_copy = ROW | {"source": "coco:/home/me/val.json", "dataset_id": "val", "title": "val"}
    assert held_against(dossier, own_copy).partly == ("val",), "its name says which part it is"
    other = ROW | {"source": "folder:x", "dataset_id": "x", "title": "x"}
    assert held_against(dossier, other).partly == ()


def test_split_names_are_alike_by_common_habit():
    from excavate.components.held_against import held_against

    dossier = having([count("items", 5, split="validation")])
    (held,) = held_against(dossier, ROW | {"splits": {"train": 3, "val": 5}}).held
    assert (held.verdict, held.counted) == ("equal", 5)
    (unclear,) = held_against(dossier, ROW | {"splits": {"val": 3, "valid": 5}}).held
    assert unclear.verdict == "not counted"


@pytest.mark.parametrize(
    ("dossier", "held", "others"),
    [("imagenet", 4, 2), ("open-images", 5, 0), ("coco", 3, 1), ("aihub-k-food", 3, 2),
     ("places365", 2, 1), ("pascal-voc", 3, 0), ("tiny-images", 1, 2), ("cifar", 2, 2)],
)  # fmt: skip
def test_no_published_number_of_the_archives_is_passed_over(dossier, held, others):
    from excavate.components.held_against import held_against
    from excavate.dossiers.reading import read_dossier
    from excavate.settings import PROJECT

    record = read_dossier(PROJECT / "archives", dossier)
    source = record.dig[0].source if record.dig else "folder:a-copy"
    row = ROW | {"dataset_id": "a", "title": "a", "source": source}
    found = held_against(record, row)
    assert (len(found.held), len(found.others)) == (held, others)


def test_the_page_tells_a_part_and_other_versions_as_such(dug, tmp_path):
    more = [count("items", 999, version="full", about=True)]
    record = HAND | {
        "dig": [{"source": "digits", "part": "some hands", "version": "UCI"}],
        "count": [*HAND["count"], *[one.model_dump(exclude_none=True) for one in more]],
    }
    file = tmp_path / "archives" / "hand-digits.toml"
    file.write_text(to_toml(Dossier.model_validate(record)), encoding="utf-8")
    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    assert "Of another version, or counted otherwise:" in shown
    assert "<li>items · full: about 999 <span" in shown, "and it rests on no fact that is there"
    assert "(some hands, --limit 120)" in shown
    assert "This is a part of it: some hands" in shown
    assert "No published number is on record" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_no_layer_that_nobody_documents(dug, language):
    shown = text(run("dossier.py", lang=language, id="bare"))
    speak(language)
    empty = [part.partition("</h3>")[0] for part in shown.split("exc-unheld")[1:]]
    assert len(empty) > 20
    assert not [head for head in empty if _("Names") in head]


def test_values_that_nobody_looked_up_are_unverified(dug, tmp_path):
    file = tmp_path / "archives" / "hand-digits.toml"
    said = file.read_text("utf-8")
    assert 'status = "recalled"' in said, "its labour was from the start"
    mark = '<span class="exc-mark-unverified">unverified</span>'
    before = text(run("dossier.py", lang="en", id="hand-digits"))
    assert before.count(mark) == 1, "beside its labour, in short"
    file.write_text(said.replace('status = "seen"', 'status = "recalled"'), encoding="utf-8")
    shown = text(run("dossier.py", lang="en", id="hand-digits"))
    assert f'<p class="exc-state"><b>active</b> {mark}</p>' in shown
    assert f"<dd>1998 {mark}</dd>" in shown
    assert f"<dd>1,797 {mark}</dd>" in shown
    assert f"<td>10 {mark}</td><td>10</td>" in shown, "the published one, not the catalog's"


def test_what_is_read_from_a_recalled_fact_and_why_it_is_not_dug_are_unverified(dug, tmp_path):
    file = tmp_path / "archives" / "tiny-heap.toml"
    file.write_text(file.read_text("utf-8").replace('"seen"', '"recalled"'), encoding="utf-8")
    shown = text(run("dossier.py", lang="en", id="tiny-heap"))
    mark = '<span class="exc-mark-unverified">unverified</span>'
    assert f'<div class="exc-fact exc-unverified"><p>2008 {mark}</p>' in shown
    assert f"<b>withdrawn · 2020-06-29</b> {mark}" in shown.partition("exc-refused")[2]
    assert 'class="exc-struck exc-unsure"' in shown


def test_a_dig_that_failed_is_told_in_the_language_of_the_run(dug, tmp_path, monkeypatch):
    """By a dig that really failed, of a dataset name that the hub cannot have."""
    from excavate.commands.dig_job import run as job
    from excavate.pages.dig_here import error_told
    from excavate.pages.error_words import worded

    state = tmp_path / "state.json"
    assert job("hf:a/b/c/d", tmp_path / "new", state) == 1
    error = error_told(json.loads(state.read_text("utf-8")))
    assert error.what == "no name of a hub dataset"
    assert error.where == "hf:a/b/c/d"
    speak("ko")
    assert worded(error.what) == "허브에 있는 데이터셋의 이름이 아닙니다"
    assert worded(error.todo).startswith("hf:NAME[@REVISION][#CONFIG] 꼴로")


def test_the_faults_of_a_failed_dig_are_kept(tmp_path):
    from excavate.commands.dig_job import run as job
    from excavate.pages.dig_here import error_told

    broken = tmp_path / "instances.json"
    broken.write_text('{"images": [{"id": 1}, {"id": 1}], "annotations": []}', encoding="utf-8")
    state = tmp_path / "state.json"
    assert job(f"coco:{broken}", tmp_path / "new", state) == 1
    assert error_told(json.loads(state.read_text("utf-8"))).faults
