"""What an essay shows of what it cannot know: escaped, hatched, veiled, never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.dossiers.reading import read_archive
from excavate.errors import ExcavateError
from excavate.essays.computing import reckon
from excavate.essays.pictured import may_show, pictures_of
from excavate.essays.reading import parse
from excavate.essays.reckoned import FOUND, IMPOSSIBLE, UNASKED, Ground
from excavate.essays.rendering import article, ground_of
from excavate.gaps.coverage import MEASURE as COVERAGE
from excavate.gaps.registry import run_of
from excavate.settings import Settings
from excavate.site import Site
from tests.essays.test_reading import HEAD

EVIL = "<img src=x onerror=alert(1)>"


def essay_with(figure: str = "", prose: str = "열셋[^hands]", **front: str):
    head = HEAD.replace('"Title"', f'"{front.get("title", "Title")}"')
    fence = f'```figure\nid = "f"\ncaption.ko = "가"\ncaption.en = "A"\n{figure}\n```\n'
    return parse(f"{head}::: ko\n{prose}\n::: en\n{prose}\n:::\n{fence if figure else ''}", "x")


def shown(essay, site: Site | None, language: str = "en") -> str:
    ground = ground_of(site)
    return article(essay, reckon(essay, ground), ground, language)


def test_html_in_an_essay_is_text():
    essay = essay_with(
        f"measure = 'counts'\nsay.ko = '{EVIL}'\nsay.en = '{EVIL}'",
        f"{EVIL} ![a](http://x/y.png) [z](javascript:alert(1))[^hands]",
        title=EVIL.replace('"', ""),
    )
    html = shown(essay, None, "both")
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert 'href="javascript' not in html
    assert "src=" not in html.replace("src=x onerror", "")  # a picture is no more than a link


def test_a_link_tells_nobody_from_where():
    html = shown(essay_with(prose="[a](https://example.org/a)[^hands]"), None)
    link = html[html.index('<a href="https://example.org/a"') :]
    assert 'rel="noopener noreferrer"' in link[: link.index(">")]


def test_a_dataset_that_is_not_here_is_said_to_be_so(digits: Path):
    for name in ("gone", "gone/test", "digitsy"):
        essay = essay_with(f'measure = "coverage"\ndataset = "{name}"', "{{f.coverage}}[^hands]")
        found = reckon(essay, ground_of(Site(digits)))["f"]
        assert found.state == IMPOSSIBLE
        assert found.said.en == f"It cannot be computed here: this site holds no dataset {name}."
        html = shown(essay, Site(digits))
        assert '<span class="essay-hatched-word">not measured</span>' in html
        assert "essay-hatched" in html
        assert ">0<" not in html


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        ('measure = "taxonomy"\nencoder = "x"', "it has no use for the encoder x"),
        ('measure = "diversity"\nparameters = { draws = "many" }', "draws: 'many' is no int"),
        ('measure = "coverage"\ndataset = "digits/train"', "train"),
        ('measure = "dossiers"\nparameters = { colour = "red" }', "no way to choose dossiers"),
        ('measure = "record"\nparameters = { ids = ["nobody"] }', "no such dossier"),
    ],
    ids=["no use", "no number", "no split", "no choice", "no dossier"],
)
def test_a_question_that_cannot_be_asked_says_why_in_its_place(
    figure: str, why: str, unasked: Site
):
    found = reckon(essay_with(figure), ground_of(unasked))["f"]
    assert found.state == IMPOSSIBLE
    assert why in found.said.en


def test_a_crash_is_told_as_one(unasked: Site, monkeypatch: pytest.MonkeyPatch):
    def broken(*_given: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(run_of(COVERAGE), "prepare", broken)
    found = reckon(essay_with('measure = "coverage"'), ground_of(unasked))["f"]
    assert found.state == IMPOSSIBLE
    assert "measuring broke off (ZeroDivisionError). That is no absence." in found.said.en


def test_a_figure_said_of_another_waits_for_it(unasked: Site):
    essay = parse(
        HEAD
        + "::: ko\n가[^hands]\n::: en\nA[^hands]\n:::\n"
        + '```figure\nid = "a"\nmeasure = "diversity"\ncaption.ko = "가"\ncaption.en = "A"\n```\n'
        + '```figure\nid = "b"\nmeasure = "robustness"\nof = "a"\ncaption.ko = "가"\n'
        'caption.en = "A"\n```\n',
        "x",
    )
    found = reckon(essay, ground_of(unasked))
    assert (found["a"].state, found["b"].state) == (UNASKED, IMPOSSIBLE)
    assert "not computed yet" in found["b"].said.en


def test_pictures_leave_only_where_a_dossier_says_they_were_drawn(digits: Path, tmp_path: Path):
    site, known = Site(digits), Settings().archives
    essay = essay_with('measure = "counts"\nchart = "pictures"\nparameters = { pictures = 3 }')
    found = reckon(essay, Ground(site, known))
    assert found["f"].state == FOUND
    assert len(pictures_of(found.values(), Ground(site, known))) == 30
    said = read_archive(known).dossiers["sklearn-digits"]
    assert said.terrain.images_from == ["handwritten or drawn"]
    (tmp_path / "archives").mkdir()  # nobody says what is in the pictures
    silent = Ground(site, tmp_path / "archives")
    assert not may_show(site, "digits", silent)
    html = article(essay, found, silent, "en")
    assert "data:image" not in html
    assert "a person may be known in them" in html


def test_a_photograph_does_not_leave(tmp_path: Path):
    text = (Settings().archives / "sklearn-digits.toml").read_text("utf-8")
    changed = text.replace('["handwritten or drawn"]', '["handwritten or drawn", "web search"]')
    (tmp_path / "sklearn-digits.toml").write_text(changed, encoding="utf-8")

    class Dug:
        def datasets(self):
            import pandas

            return pandas.DataFrame([{"dataset_id": "d", "dossier": None, "source": "digits"}])

    assert may_show(Dug(), "d", Ground(None, Settings().archives))
    assert not may_show(Dug(), "d", Ground(None, tmp_path))
    assert not may_show(Dug(), "other", Ground(None, Settings().archives))


def test_a_language_that_no_essay_has_is_refused():
    with pytest.raises(ExcavateError, match="fr: no language of an essay"):
        shown(essay_with(), None, "fr")


def test_a_sentence_with_an_unknown_name_says_so(digits: Path):
    essay = essay_with("measure = 'counts'\nsay.ko = '{none}개'\nsay.en = '{none} items'")
    assert "[no such number: &#x27;none&#x27;]" in shown(essay, Site(digits))


def test_rows_of_contested_names_are_not_shown(digits: Path, monkeypatch: pytest.MonkeyPatch):
    from excavate.essays import naming

    fences = (
        'id = "f"\nmeasure = "diversity"',
        'id = "c"\nmeasure = "counts"\nsay.ko = "{items}장"\nsay.en = "{items} pictures"',
        'id = "r"\nmeasure = "robustness"\nof = "f"',
    )
    caption = 'chart = "bars"\ncaption.ko = "가"\ncaption.en = "A"'
    essay = parse(
        f"{HEAD}::: ko\n{{{{f.vendi}}}}[^hands]\n::: en\n{{{{f.vendi}}}}[^hands]\n:::\n"
        + "".join(f"```figure\n{one}\n{caption}\n```\n" for one in fences), "x",
    )  # fmt: skip
    ground = Ground(Site(digits), Settings().archives, measure=True)
    assert all(one.lines for one in reckon(essay, ground).values())
    monkeypatch.setattr(naming, "contested", lambda: {"0": {}})
    found = reckon(essay, ground)
    for one in found.values():
        assert one.state == FOUND
        assert one.lines == ()
        assert "names of its categories are contested" in one.said.en
    assert found["f"].numbers["vendi"].value > 1  # the numbers name nobody
    assert found["c"].numbers["items"].value == 1797
    html = article(essay, found, ground, "en")
    assert "essay-bars" not in html
    assert html.count("names of its categories are contested") == len(found)


def test_what_cannot_be_asked_is_told_in_one_language_at_a_time(unasked: Site):
    found = reckon(
        essay_with('measure = "coverage"\nreference = "digits/train"'), ground_of(unasked)
    )
    assert "There are" in found["f"].said.en
    assert "그런 데이터셋이 없습니다" in found["f"].said.ko
    assert "There are" not in found["f"].said.ko
