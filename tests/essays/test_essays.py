"""The essays of this project: they render, and their figures compute on the digits."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from excavate.dossiers.reading import read_archive
from excavate.essays import names, read_essay, rendered, whole_page
from excavate.essays.cited import known_facts
from excavate.essays.computing import reckon
from excavate.essays.form import BOTH, COUNTS, OWN, ROBUSTNESS, TONGUES
from excavate.essays.marks import numbers_in
from excavate.essays.reckoned import FOUND, IMPOSSIBLE, NOTHING, UNASKED, UNMEASURED
from excavate.essays.rendering import ground_of
from excavate.gaps.registry import REGISTRY
from excavate.gaps.stored import finding
from excavate.settings import PROJECT, Settings
from excavate.site import Site

ESSAYS = names()
# What a site of the digits alone cannot say; each of them is said to be so in the text.
NOT_HERE = {
    ("thirteen-hands", "thirty"): IMPOSSIBLE,
    ("how-to-look-for-what-is-not-there", "against-nothing"): UNMEASURED,
    ("how-to-look-for-what-is-not-there", "without-words"): UNMEASURED,
    ("what-was-withdrawn", "child"): IMPOSSIBLE,
}
VOID = {"meta", "img", "br", "hr", "link"}


class Tree(HTMLParser):
    """Tells that every element is closed in its order, and gathers ids, links and tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [one for one in [given.get("id")] if one]
        self.links += [one for one in [given.get("href")] if one]
        self.sources += [one for one in [given.get("src")] if one]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def measured(digits: Path) -> Site:
    """The digits with everything measured that the essays ask."""
    site = Site(digits)
    for name in ESSAYS:
        rendered(name, site, measure=True)
    return site


def test_there_are_four():
    assert ESSAYS == [
        "a-licence-only-a-model-can-read", "how-to-look-for-what-is-not-there", "thirteen-hands",
        "what-was-withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize("language", [*TONGUES, BOTH])
@pytest.mark.parametrize("name", ESSAYS)
def test_an_essay_is_one_file_that_asks_for_nothing(name: str, language: str, measured: Site):
    html = whole_page(name, measured, language)
    tree = Tree(html)
    assert tree.open == []
    assert not tree.tags & {"script", "link", "iframe", "object"}
    assert all(source.startswith("data:image/webp;base64,") for source in tree.sources)
    assert len(tree.ids) == len(set(tree.ids))
    assert {one[1:] for one in tree.links if one.startswith("#")} <= set(tree.ids)
    assert all(one.startswith(("#", "https://", "http://")) for one in tree.links)
    assert "@import" not in html
    assert "url(" not in html
    for name_of_other in (one for one in TONGUES if language not in (one, BOTH)):
        assert read_essay(name).title.of(name_of_other) not in html


@pytest.mark.parametrize("name", ESSAYS)
def test_no_placeholder_remains(name: str, measured: Site):
    html = rendered(name, measured)
    assert "{{" not in html
    assert "[^" not in html
    assert not re.search(r"\{[a-z_]+\}", html)
    for said in ("no such number", "이 이름의 숫자가 없습니다"):
        assert said not in html


@pytest.mark.parametrize("name", ESSAYS)
def test_its_figures_compute_on_the_digits(name: str, measured: Site):
    found = reckon(read_essay(name), ground_of(measured))
    for figure, one in found.items():
        expected = NOT_HERE.get((name, figure))
        assert one.state == expected if expected else one.state in (FOUND, NOTHING), figure
        assert one.said.ko
        assert one.said.en
    assert sum(one.is_computed for one in found.values()) >= 2


@pytest.mark.parametrize("name", ESSAYS)
def test_its_numbers_are_those_of_the_findings(name: str, measured: Site):
    """Every number in the prose is a figure of a stored finding, with the same interval."""
    essay = read_essay(name)
    found = reckon(essay, ground_of(measured))
    for pair in essay.pairs:
        for figure, number in numbers_in(pair.words.en):
            shown = found[figure].numbers[number]
            if essay.figures[figure].measure in REGISTRY and number not in ("rows", "tested"):
                kept = finding(measured.folder, found[figure].finding).figures[number]
                assert (shown.value, shown.low, shown.high) == (kept.value, kept.low, kept.high)


@pytest.mark.parametrize("name", ESSAYS)
def test_every_source_exists(name: str):
    known = known_facts(Settings().archives)
    for source in read_essay(name).sources.values():
        assert set(source.facts) <= set(known)
        assert not source.measure or source.measure in REGISTRY
        assert not source.document or (PROJECT / source.document).is_file()


@pytest.mark.parametrize("name", ESSAYS)
def test_what_nobody_looked_up_is_printed_as_unverified(name: str, measured: Site):
    known = known_facts(Settings().archives)
    sources = read_essay(name).sources.values()
    doubted = [s for s in sources if any(not known[fact].verified for fact in s.facts)]
    html = rendered(name, measured, "en")
    body, _, listed = html.partition('<footer class="essay-foot">')
    assert body.count('class="essay-unverified"') == len(doubted)
    assert listed.count('class="essay-unverified"') >= len(doubted)


def test_an_essay_says_where_its_numbers_come_from(measured: Site):
    html = rendered("thirteen-hands", measured, "en")
    said = html[html.index("Where the numbers come from") :]
    assert "site a-site" in said
    assert f"digits at revision {measured.revisions()['digits'][:16]}" in said
    assert "encoder pixels 8x8" in said
    assert "computed with Excavate" in said
    assert str(measured.folder.path) not in html


def test_before_anything_is_measured_it_says_so_and_measures_nothing(unasked: Site):
    essay = read_essay("thirteen-hands")
    found = reckon(essay, ground_of(unasked))
    states = {name: one.state for name, one in found.items()}
    asked = {n: one for n, one in essay.figures.items() if one.measure not in OWN}
    assert states["thirty"] == IMPOSSIBLE  # no question at all: its reference is not here
    del asked["thirty"]
    assert {states[name] for name in asked} == {UNASKED}
    assert states["sheet"] == FOUND  # counted in the catalog
    assert all(found[name].question.measure == one.measure for name, one in asked.items())
    html = rendered("thirteen-hands", unasked, "en")
    assert html.count("Not measured in this site yet") == len(asked)
    assert '<span class="essay-hatched-word">not measured</span>' in html
    assert not (unasked.folder.path / "findings").exists()


def test_without_a_site_it_can_be_read():
    essay = read_essay("how-to-look-for-what-is-not-there")
    found = reckon(essay, ground_of(None))
    assert {one.state for one in found.values()} == {IMPOSSIBLE}
    assert "no site is open" in rendered(essay.name, None, "en")
    held = reckon(read_essay("what-was-withdrawn"), ground_of(None))
    assert held["all"].state == FOUND  # out of the dossiers


def test_every_kind_of_figure_is_in_use():
    used = {one.measure for name in ESSAYS for one in read_essay(name).figures.values()}
    assert set(OWN) <= used
    assert {COUNTS, ROBUSTNESS, "coverage", "duplicates"} <= used


def test_what_is_not_known_of_dossiers_is_counted():
    """Of all dossiers those that tell no state; of the rows those whose state nobody looked up."""
    known = read_archive(Settings().archives).dossiers.values()
    found = reckon(read_essay("what-was-withdrawn"), ground_of(None))
    untold, closed = found["all"].numbers, found["all"].lines
    assert untold["unknown"].value == sum(one.status is None for one in known) > 0
    unseen = [one for one in closed if "unverified" in one.cells[2].en]
    assert untold["unverified"].value == len(unseen) > 0
    seen = sorted(line.value for line in found["record"].lines)
    assert found["record"].numbers["median"].value == seen[len(seen) // 2]
    assert 0 < found["record"].numbers["others"].value < found["record"].numbers["asked"].value


@pytest.mark.parametrize("name", ESSAYS)
def test_its_length_is_that_of_an_essay(name: str):
    essay = read_essay(name)
    english = sum(len(pair.words.en.split()) for pair in essay.pairs)
    korean = sum(len(re.sub(r"\s", "", pair.words.ko)) for pair in essay.pairs)
    assert 700 <= english <= 1200
    assert korean >= 1500  # Korean says in fewer words what English says in more
