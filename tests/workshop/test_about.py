"""What an absence is said of: links carry it whole, and nothing malformed gets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import RefusedError
from excavate.workshop.about import (
    KINDS,
    MOST_CORNERS,
    MOST_ITEMS,
    About,
    about_faults,
    about_of,
    about_query,
    from_json,
    part_of_item,
    to_json,
)

POLYGON = [[0.0, 0.0], [1.5, 0.0], [1.5, 2.0]]
WHOLE = {
    "dataset": {"dataset": "digits"},
    "item": {"item_id": "digits/all/가나.png"},
    "part": {"item_id": "digits/all/1", "xywh": "percent:10,12.5,30,40"},
    "category": {"dataset": "digits", "taxonomy": "own", "node_id": "n1", "name": "갓"},
    "cell": {"dataset": "faces", "values": {"attribute:나이": "70+", "label:place": "Jeju"}},
    "finding": {"finding_id": "1ca0c66c14b4553d", "row": 0},
    "dossier": {"dossier_id": "mnist", "fact_id": "mnist-03"},
    "search": {"dataset": "digits", "encoder": "pixels:8", "words": "제사상 & <b>"},
    "lasso": {"layout_id": "a9941fc873dcffc4", "polygon": POLYGON},
    "nothing": {},
}
names = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20
)


def faults(about: About) -> list[str]:
    return [fault.what for fault in about_faults(about)]


def test_every_kind_has_a_whole_example():
    assert set(WHOLE) == set(KINDS)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_link_carries_it_whole(kind):
    about = About(kind, WHOLE[kind])
    query = about_query(about)
    assert set(query) == {"of", "on"}
    assert all(isinstance(value, str) for value in query.values())
    assert about_of(query) == about
    pinned = About(kind, WHOLE[kind], {"revision": "r"})
    assert from_json(kind, to_json(pinned)) == pinned


@settings(max_examples=60, deadline=None)
@given(names, names, st.dictionaries(names, names, min_size=1, max_size=5))
def test_names_in_any_script_come_back(dataset, word, values):
    for about in (
        About("cell", {"dataset": dataset, "values": values}),
        About("search", {"words": word}),
        About("category", {"dataset": dataset, "name": word}),
    ):
        assert about_of(about_query(about)) == about
        assert from_json(about.kind, to_json(about)) == about


def test_a_link_without_anything_is_of_nothing_and_a_lasso_goes_by_its_outline():
    assert about_of({}) == about_of({"lang": "ko"}) == About("nothing")
    lasso = About("lasso", WHOLE["lasso"] | {"items": ["a", "b"]})
    assert about_of(about_query(lasso)) == About("lasso", WHOLE["lasso"])
    picked = About("lasso", {"layout_id": "l", "items": ["a", "b"]})
    assert about_of(about_query(picked)) == picked, "points that were picked have no outline"


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("item", {}, ["it does not say: item_id"]),
        ("part", {"item_id": 3}, ["it does not say: xywh", "this is no item id"]),
        ("cell", {"dataset": "d", "values": {}}, ["it does not say: values"]),
        ("cell", {"dataset": "d", "values": {"a": 1}}, ["this is no values"]),
        ("finding", {"finding_id": "f", "row": -1}, ["this is no row"]),
        ("finding", {"finding_id": "f", "row": True}, ["this is no row"]),
        ("search", {"words": "x" * 1001}, ["this is no words"]),
        ("dataset", {"dataset": "d", "x": 1}, ["it says more than is known of: x"]),
        ("lasso", {"layout_id": "l"}, ["it does not say: polygon"]),
        ("lasso", {"layout_id": "l", "polygon": [[0, 0], [1, 1]]}, ["this is no polygon"]),
        ("lasso", {"layout_id": "l", "polygon": [[0, 0], [1, 1], [2, float("nan")]]},
         ["this is no polygon"]),
        ("lasso", {"layout_id": "l", "polygon": [[0, 0]] * (MOST_CORNERS + 1)},
         ["this is no polygon"]),
        ("lasso", {"layout_id": "l", "items": ["i"] * (MOST_ITEMS + 1)}, ["this is no items"]),
        ("dataset", {"dataset": "a\0b"}, ["this is no dataset"]),
        ("dataset", {"dataset": "\ud800"}, ["this is no dataset"]),
    ],
)  # fmt: skip
def test_what_is_malformed_is_told(kind, value, told):
    assert faults(About(kind, value)) == told


def test_an_unknown_kind_is_told():
    assert faults(About("weather")) == [f"one of: {', '.join(KINDS)}"]


@pytest.mark.parametrize(
    "xywh",
    ["percent:0,0,0,10", "percent:90,0,20,10", "percent:-1,0,5,5", "pixel:1,2,3,4", "1,2,3,4",
     "percent:1,2,3", "percent:nan,0,1,1", "percent:1,2,3,4;x"],
)  # fmt: skip
def test_a_part_off_its_picture_is_none(xywh):
    about = About("part", {"item_id": "i", "xywh": xywh})
    assert part_of_item(about) is None
    assert faults(about) == ["this is no xywh"]


def test_a_part_is_told_in_percent():
    assert part_of_item(About("part", WHOLE["part"])) == (10, 12.5, 30, 40)


@pytest.mark.parametrize("on", ["{", "[1]", "[" * 100_000, '{"dataset": NaN}', "\x00", '"x"'])
def test_a_damaged_link_is_refused_in_words(on):
    with pytest.raises(RefusedError):
        about_of({"of": "dataset", "on": on})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*KINDS, "weather"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=12,
    ),
)
def test_no_link_brings_it_down(kind, value):
    """Whatever a link holds, it is either taken whole or refused."""
    try:
        about = about_of({"of": kind, "on": json.dumps(value)})
    except RefusedError as error:
        told = error.faults
    else:
        told = ("taken",) if about.value == value and not faults(about) else ()
    assert told


def test_what_erasure_left_points_at_nothing():
    assert from_json("item", "") == About("item")
    assert from_json("item", "[erased]") == About("item")
    assert from_json("item", "[]") == About("item")


def test_the_dataset_it_lies_in_is_told_where_there_is_one():
    assert About("item", WHOLE["item"]).dataset == "digits"
    assert About("lasso", WHOLE["lasso"], {"dataset": "digits"}).dataset == "digits"
    assert About("nothing").dataset is None
