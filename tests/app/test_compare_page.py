"""Compare: shares by hand and against statsmodels, figures side by side, the page's states."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.components.side_by_side import only_list, paired_bars, sides_of
from excavate.digging import dig
from excavate.gaps.finding import Figure, Measured, NotMeasured, Reference
from excavate.gaps.numbers import percent
from excavate.gaps.question import Prepared, Question
from excavate.gaps.sides import beside, lines
from excavate.gaps.stored import Finding, keep, place_of
from excavate.i18n import LANGUAGES, _, speak
from excavate.site import Site
from tests.app.conftest import MARKUP
from tests.app.test_pages import run, text
from tests.app.tree_site import make_tree_site
from tests.made import class_folder

NOTHING = pa.table({"node_id": pa.array([], pa.string())})


@pytest.fixture(scope="module")
def two_sided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """shapes and plain, with a finding of the taxonomy for shapes and none for plain."""
    return make_tree_site(tmp_path_factory.mktemp("two"))


@pytest.fixture
def on_two(two_sided: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXCAVATE_SITE", str(two_sided))
    return two_sided


def page(**query: str) -> str:
    return text(run("compare.py", **query))


def found(site: Path, dataset: str, outcome: Measured | NotMeasured, **given: float) -> Finding:
    """A finding as a measure would keep it."""
    opened = Site(site)
    asked = Question(outcome.measure, dataset, parameters=given)
    prepared = Prepared(asked, given, {}, lambda progress: outcome)
    place = place_of(opened.folder, prepared, {dataset: opened.revisions()[dataset]})
    opened.close()
    return keep(place, outcome, 0.0)


def measured(figures: dict[str, Figure], **given: float) -> Measured:
    return Measured("taxonomy", given, Reference("uniform"), NOTHING, figures)


def test_shares_by_hand():
    """30 of 100 against 10 of 100: Wilson gives 21.9 to 39.6 % and 5.5 to 17.4 %; apart."""
    sides = sides_of({"x": 30, "y": 1}, {"x": 10, "z": 5}, (100, 100))
    [pair] = sides.both
    assert pair.shares == (0.3, 0.1)
    assert [round(100 * bound, 1) for bound in pair.bounds[0]] == [21.9, 39.6]
    assert [round(100 * bound, 1) for bound in pair.bounds[1]] == [5.5, 17.4]
    assert pair.apart
    assert sides.only == ({"y": 1}, {"z": 5})


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 500))
def test_intervals_are_those_of_statsmodels(count, more):
    from statsmodels.stats.proportion import proportion_confint

    total = count + more
    [pair] = sides_of({"x": count}, {"x": count}, (total, total)).both
    low, high = proportion_confint(count, total, method="wilson")
    assert pair.bounds[0] == pytest.approx((low, high), abs=1e-9)
    assert not pair.apart


@settings(deadline=None)
@given(*[st.dictionaries(st.text(max_size=3), st.integers(1, 50), max_size=12)] * 2)
def test_every_value_is_on_one_side_or_on_both(a, b):
    sides = sides_of(a, b, (600, 700))
    assert {pair.value for pair in sides.both} == set(a) & set(b)
    assert set(sides.only[0]) == set(a) - set(b)
    assert set(sides.only[1]) == set(b) - set(a)
    away = [abs(pair.shares[0] - pair.shares[1]) for pair in sides.both]
    assert away == sorted(away, reverse=True)


def test_a_small_share_is_not_written_as_nothing():
    assert percent(0.0) == "0.0 %"
    assert percent(1 / 97_698) == "0.001 %"
    assert percent(0.25) == "25.0 %"


def test_figures_are_apart_only_where_both_have_intervals():
    a = {"x": Figure(1, 0.5, 1.5), "y": Figure(3), "z": Figure(2, 1, 3), "only": Figure(0)}
    b = {"x": Figure(4, 3.5, 4.5), "y": Figure(1), "z": Figure(3, 2, 4)}
    told = {line.name: line for line in lines(a, b)}
    assert (told["x"].difference, told["x"].apart) == (-3, True)
    assert (told["y"].difference, told["y"].apart) == (2, None)
    assert told["z"].apart is False
    assert (told["only"].b, told["only"].difference) == (None, None)


def test_only_what_was_asked_alike_is_compared(two_sided, tmp_path):
    one = found(two_sided, "shapes", measured({"nodes": Figure(3)}, thin=0.5), thin=0.5)
    other = found(two_sided, "plain", measured({"nodes": Figure(9)}, thin=0.9), thin=0.9)
    [unlike] = beside([one], [other], ("shapes", "plain"))
    assert not unlike.alike
    assert (unlike.a, unlike.b) == (one, other)
    again = found(two_sided, "plain", measured({"nodes": Figure(7)}, thin=0.5), thin=0.5)
    [alike] = beside([one], [other, again], ("shapes", "plain"))
    assert alike.alike
    assert alike.b == again
    for finding in (one, other, again):
        for file in (two_sided / "findings").glob(f"{finding.id}*"):
            file.unlink()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_side_of_which_nothing_is_said_is_hatched_and_never_a_number(on_two, language):
    shown = page(lang=language, a="shapes", b="plain")
    speak(language)
    title = _("Not measured: nothing is said of the items of {names}")
    assert title.format(names="plain") in shown
    assert shown.count("exc-unmeasured") >= 3
    assert "exc-pairs" not in shown
    assert "--dataset plain --measure coverage --reference shapes" in shown


def test_what_was_not_measured_is_beside_the_number_and_no_number(on_two):
    one = found(on_two, "shapes", measured({"nodes": Figure(3)}))
    other = found(on_two, "plain", NotMeasured("taxonomy", {}, "there is no taxonomy"))
    shown = page(lang="en", a="shapes", b="plain", measure="taxonomy")
    row = shown.split("exc-figures-beside")[1]
    assert "there is no taxonomy" in row
    assert "exc-cell-unmeasured" in row
    assert "<b>0</b>" not in row
    for finding in (one, other):
        for file in (on_two / "findings").glob(f"{finding.id}*"):
            file.unlink()


def test_the_same_on_both_sides_is_told(on_two):
    assert "This is the same on both sides" in page(lang="en", a="shapes", b="shapes")


def test_two_datasets_by_their_labels(served):
    shown = page(lang="en", a="digits", b="shapes")
    assert "10 values only in digits" in shown
    assert "They share no value, letter for letter." in shown
    assert MARKUP not in shown
    assert "&lt;img src=x" in shown
    assert shown.count("attribute=year") == 0
    by_year = page(lang="en", a="digits", b="shapes", in_b="attribute:year")
    assert "attribute=year&amp;attribute_value=1990" in by_year


def test_two_findings_are_laid_side_by_side(on_two):
    one = found(on_two, "shapes", measured({"nodes": Figure(3)}, thin=0.5), thin=0.5)
    other = found(on_two, "shapes", measured({"nodes": Figure(5)}, thin=0.9), thin=0.9)
    shown = page(lang="en", a=one.id, b=other.id)
    assert "Asked in different settings" in shown
    assert "<b>3</b>" in shown
    assert "<b>5</b>" in shown
    assert "Neither a dataset nor a finding" in page(lang="en", a="gone", b=one.id)
    for finding in (one, other):
        for file in (on_two / "findings").glob(f"{finding.id}*"):
            file.unlink()


def test_markup_is_never_markup():
    sides = sides_of({MARKUP: 1}, {MARKUP: 2}, (4, 4))
    assert MARKUP not in paired_bars(sides.both, (MARKUP, "b"))
    assert MARKUP not in only_list({MARKUP: 1}, lambda value: None)


def test_one_dataset_alone_has_nothing_to_be_held_beside(tmp_path, monkeypatch):
    from excavate.catalog.cataloguing import DigRequest, catalogue
    from excavate.settings import Settings

    catalogue(DigRequest("digits", tmp_path / "site", limit=5), Settings())
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "site"))
    assert "There is nothing to compare it with" in page(lang="en")


def test_what_was_measured_later_stands_before_what_could_not_be(two_sided):
    """Both asked twice: at first it could not be measured, then it was; only the number is told."""
    void = NotMeasured("taxonomy", {}, "there is no taxonomy")
    number = measured({"nodes": Figure(3)}, thin=0.5)
    early = [found(two_sided, name, void) for name in ("shapes", "plain")]
    late = [found(two_sided, name, number, thin=0.5) for name in ("shapes", "plain")]
    sides = ([early[0], late[0]], [early[1], late[1]])
    [told] = beside(*sides, ("shapes", "plain"))
    assert (told.a, told.b) == (late[0], late[1])
    [untold] = beside([early[0]], [early[1]], ("shapes", "plain"))
    assert not untold.is_measured
    for finding in (*early, *late):
        for file in (two_sided / "findings").glob(f"{finding.id}*"):
            file.unlink()


def test_an_older_revision_is_offered_beside_what_stands(on_two):
    opened = Site(on_two)
    asked = Question("taxonomy", "shapes", parameters={"thin": 0.5})
    prepared = Prepared(asked, {"thin": 0.5}, {}, lambda progress: measured({}))
    old = keep(
        place_of(opened.folder, prepared, {"shapes": "gone"}), measured({"nodes": Figure(1)}), 0.0
    )
    opened.close()
    new = found(on_two, "shapes", measured({"nodes": Figure(2)}), thin=0.5)
    shown = page(lang="en", a="shapes", b="plain")
    assert f"a={old.id}&amp;b={new.id}" in shown
    assert "Measured on an older revision, and again" in shown
    for finding in (old, new):
        for file in (on_two / "findings").glob(f"{finding.id}*"):
            file.unlink()


def test_numbers_are_never_laid_beside_numbers_without_a_word_and_their_fields(
    made_site, tmp_path, monkeypatch
):
    copytree(made_site, tmp_path / "site")
    source = class_folder(tmp_path / "numbers", ("4", "7"), 2)
    dig(f"folder:{source}", tmp_path / "site", dataset="numbers", only="catalogue")
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "site"))
    shown = page(lang="en", a="digits", b="numbers")
    assert "the same numerals may stand for different things" in shown
    assert "<small>source label · target</small>" in shown
    assert "<small>source label · folder</small>" in shown
    assert "the same numerals" not in page(lang="en", a="digits", b="shapes")
