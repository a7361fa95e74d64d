"""Reading essays: what is broken is told at once, each fault with its line."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import NotFoundError, SourceError
from excavate.essays import names, read_essay
from excavate.essays.reading import parse
from excavate.gaps.registry import REGISTRY

HEAD = """+++
title.ko = "제목"
title.en = "Title"
lead.ko = "머리"
lead.en = "Lead"
dataset = "digits"

[[source]]
id = "hands"
facts = ["sklearn-digits-05"]
+++
"""
PROSE = """::: ko
열세 명[^hands]
::: en
Thirteen[^hands]
:::
"""
FIGURE = """```figure
id = "sheet"
measure = "counts"
caption.ko = "그림"
caption.en = "Figure"
```
"""


def faults(text: str) -> list[str]:
    with pytest.raises(SourceError) as told:
        parse(text, "x")
    return [str(one) for one in told.value.faults]


def test_a_whole_essay_is_read_in_its_order():
    essay = parse(HEAD + PROSE + FIGURE + PROSE, "x")
    assert (essay.title.ko, essay.lead.en) == ("제목", "Lead")
    assert [type(part).__name__ for part in essay.body] == ["Pair", "FigureAsked", "Pair"]
    assert essay.figures["sheet"].dataset == "digits"  # of the front matter
    assert essay.pairs[0].words.en == "Thirteen[^hands]"
    assert essay.pairs[0].lines == (13, 15)
    assert essay.figures["sheet"].line == 17


def test_every_fault_of_broken_fences_is_told_with_its_line():
    broken = (
        HEAD
        + PROSE  # lines 12 to 16
        + '```figure\nid = "a"\nmeasure = \n```\n'  # 17
        + '```figure\nid = "B b"\nmeasure = "guessing"\nchart = "pie"\nrows = 0\ncolour = 1\n```\n'
        + '```figure\nid = "c"\nmeasure = "robustness"\ncaption.ko = "그림"\n```\n'  # 28
        + "::: en\nno Korean\n"  # 33
    )
    told = faults(broken)
    assert told[0].startswith("x.md:19: not TOML (")
    assert told[1:] == [
        "x.md:21: a figure needs `caption`",
        "x.md:21: `colour` is no key of a figure; there are: id, measure, dataset, reference, "
        "encoder, parameters, of, chart, rows, show, caption, say",
        "x.md:21: `id` is small letters, digits and dashes, not 'B b'",
        "x.md:21: `chart` is one of bars, table, pictures, numbers, not 'pie'",
        "x.md:21: `rows` is from 1 to 200, not 0",
        "x.md:21: there is no measure 'guessing'; there are: intersections, association, columns, "
        "coverage, duplicates, regions, concepts, labels, compare, taxonomy, diversity, counts, "
        "dossiers, record, robustness",
        "x.md:28: `of` names a figure, and is of `robustness` alone",
        "x.md:28: `caption` has no words in `en`",
        "x.md:33: `::: en` stands where `::: ko` is due",
        "x.md:34: this prose has no end: a line `:::`",
    ]


def test_both_languages_name_the_same_numbers_and_sources():
    prose = "::: ko\n{{sheet.items}}개, {{gone.items}}\n::: en\nnone[^who] {{sheet}\n:::\n"
    assert faults(HEAD + prose + FIGURE) == [
        "x.md:13: no figure is called 'gone'",
        "x.md:15: a mark that is begun and is none: {{sheet}",
        "x.md:15: no source is called 'who'",
        "x.md:13: Korean and English differ in their numbers",
        "x.md:13: Korean and English differ in their sources",
        "x.md: source hands: no sentence names this source",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PROSE, "x.md:1: an essay begins with its front matter, between two lines +++"),
        ("+++\ntitle = 1\n", "x.md:1: the front matter has no end: a line +++"),
        (HEAD + PROSE + FIGURE[:-4], "x.md:17: this figure has no end: a line ```"),
        (HEAD + PROSE + "loose", "x.md:17: prose stands between `::: ko` and `:::`"),
        (HEAD + PROSE + FIGURE + FIGURE, "x.md: 2 figures are called 'sheet'"),
        (HEAD.replace('dataset = "digits"', "") + PROSE + FIGURE,
         "x.md:17: names no dataset, and the front matter names none"),
        (HEAD.replace('"digits"', "7") + PROSE, "x.md: dataset: has to be text"),
        (HEAD.replace('title.en = "Title"', "") + PROSE, "x.md: title: has no words in `en`"),
        (HEAD.replace("facts", "guess") + PROSE, "x.md:8: source[1].guess: is no key of a source"),
        (HEAD.replace('facts = ["sklearn-digits-05"]', 'measure = "guessing"') + PROSE,
         f"x.md:8: source[1]: there is no measure 'guessing'; there are: {', '.join(REGISTRY)}"),
        (HEAD.replace("[[source]]", "[source]") + PROSE,
         "x.md: source: has to be [[source]] tables"),
        (HEAD + PROSE.replace("::: en", FIGURE + "::: en"),
         "x.md:14: a figure stands between two stretches of prose, not within one"),
    ],
    ids=["no front", "open front", "open fence", "loose prose", "one id twice", "no dataset",
         "no text", "one title", "unknown key", "unknown measure", "one source", "figure within"],
)  # fmt: skip
def test_what_is_wrong_is_named(text: str, fault: str):
    assert fault in faults(text)


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_with_its_faults(text: str):
    with suppress(SourceError):
        assert parse(HEAD + text, "x").pairs  # else it is refused: an essay has prose
    with suppress(SourceError):
        essay = parse(HEAD + PROSE.replace("열세 명", f"{text}.").replace("Thirteen", text), "x")
        assert essay.figures == {}


def test_a_name_that_is_none_names_those_that_are(tmp_path: Path):
    with pytest.raises(NotFoundError, match="thirteen-hands"):
        read_essay("fourteen-hands")
    assert names(tmp_path) == []
    with pytest.raises(NotFoundError, match="none"):
        read_essay("../secret", tmp_path)
