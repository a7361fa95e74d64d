"""The blinded sample and what two people's answers come to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

from excavate.gaps.handcheck import ANSWERS, Case, draw, judged, kappa, share

ROWS = [{"items": ["d/all/a", "d/all/b"]}, {"items": ["d/all/c"]}, {"items": []}]
OTHERS = [f"d/all/{n}" for n in "abcdefgh"]


def test_a_sample_holds_the_findings_items_and_as_many_controls() -> None:
    cases = draw(ROWS, OTHERS, size=20, seed=3)
    ours = {case.item for case in cases if not case.control}
    controls = {case.item for case in cases if case.control}
    assert ours == {"d/all/a", "d/all/b", "d/all/c"}
    assert len(controls) == 3
    assert not controls & ours
    assert sorted(c.row for c in cases if c.control) == sorted(
        c.row for c in cases if not c.control
    )
    assert draw(ROWS, OTHERS, seed=3) == cases != draw(ROWS, OTHERS, seed=4)


def test_the_order_does_not_tell_which_is_which() -> None:
    orders = {tuple(c.control for c in draw(ROWS, OTHERS, seed=n)) for n in range(60)}
    assert len(orders) > 10


def test_pairs_stand_beside_the_first_of_their_row() -> None:
    cases = draw([{"items": ["a", "b", "c"]}, {"items": ["x"]}], ["a", "z", "y"], pairs=True)
    assert {(c.item, c.beside) for c in cases if not c.control} == {("b", "a"), ("c", "a")}
    assert {(c.item, c.beside) for c in cases if c.control} == {("z", "a"), ("y", "a")}


def test_a_control_is_asked_about_its_own_label() -> None:
    rows = [{"items": ["a"], "given": "cat"}]
    cases = draw(rows, ["a", "b"], said={"b": "dog"})
    assert [c.given for c in cases if c.control] == ["dog"]
    assert [c.given for c in cases if not c.control] == [None]


def test_precision_is_what_both_confirm() -> None:
    cases = [Case(0, str(n), control=n >= 4) for n in range(8)]
    first = dict(enumerate(["yes", "yes", "yes", "no", "no", "no", "yes", "no"]))
    second = dict(enumerate(["yes", "yes", "no", "no", "no", "no", "yes", "cannot say"]))
    found = judged(cases, {"p": first, "q": second})
    assert (found.n, found.n_controls) == (4, 3)
    assert found.precision is not None
    assert found.precision.value == 0.5
    assert found.controls is not None
    assert round(found.controls.value, 3) == 0.333
    assert found.agreement is not None
    assert found.agreement.value == 6 / 8


def test_one_person_alone_measures_nothing() -> None:
    found = judged([Case(0, "a", control=False)], {"p": {0: "yes"}})
    assert (found.precision, found.kappa, found.agreement) == (None, None, None)
    assert judged([], {}).people == ()


def test_both_always_alike_have_no_kappa() -> None:
    assert kappa(["yes"] * 5, ["yes"] * 5) is None
    assert kappa([], []) is None


ANSWER = st.lists(
    st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=2, max_size=40
)


@given(ANSWER)
def test_kappa_is_scikit_learns(answers: list[tuple[str, str]]) -> None:
    first, second = (list(side) for side in zip(*answers, strict=True))
    ours = kappa(first, second)
    if ours is None:
        assert first == second
    else:
        assert abs(ours - cohen_kappa_score(first, second)) < 1e-9


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_interval_is_wilsons(hits: list[bool]) -> None:
    found = share(hits)
    low, high = proportion_confint(sum(hits), len(hits), method="wilson")
    assert found is not None
    assert abs((found.low or 0) - low) < 1e-6
    assert abs((found.high or 0) - high) < 1e-6
