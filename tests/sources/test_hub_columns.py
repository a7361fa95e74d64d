"""Columns of a Hub-shaped dataset: which role each gets, and what becomes of its values."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.sources import hub_columns
from excavate.sources.hub_features import Classes, Objects, roles_of, to_peek
from tests.sources.fixtures import NAMES, hub_features, png

CLASSES = Classes(("cat", "dog"))


def features(**columns: Any) -> Any:
    """Features by the kind of each column."""
    from datasets import Features

    return Features(columns)


def labels(table: pa.Table) -> list[tuple[int, str, str | None]]:
    """(row, value, category) of a label table."""
    return [(r["row"], r["value"], r["category_id"]) for r in table.to_pylist()]


def test_roles() -> None:
    roles = roles_of(hub_features(), {})
    assert roles.picture == "image"
    assert roles.classes == {
        "label": Classes(tuple(NAMES), "label:"),
        "also": Classes(("x", "y"), "also:"),
    }
    assert roles.words == ("captions",)
    assert roles.objects == {
        "objects": Objects("bbox", "category", Classes(tuple(NAMES), "objects:"))
    }
    assert roles.attributes == ("size", "license", "nested")


def test_one_class_column_needs_no_prefix() -> None:
    from datasets import ClassLabel

    roles = roles_of(features(fine=ClassLabel(names=["a", "b"])), {})
    assert [(c.category_id, c.name) for c in roles.categories()] == [("0", "a"), ("1", "b")]


def test_several_class_columns_do_not_collide() -> None:
    from datasets import ClassLabel

    both = features(fine=ClassLabel(names=["a"]), coarse=ClassLabel(names=["a"]))
    ids = [c.category_id for c in roles_of(both, {}).categories()]
    assert ids == ["fine:0", "coarse:0"]


def test_the_first_of_several_pictures_is_the_picture() -> None:
    from datasets import Image

    roles = roles_of(features(mask=Image(), image=Image()), {})
    assert (roles.picture, roles.attributes) == ("mask", ("image",))


def test_plain_bytes_are_a_picture_if_they_begin_as_one() -> None:
    from datasets import Value

    plain = features(img=Value("binary"), photo=Value("binary"), sound=Value("binary"))
    assert to_peek(plain) == ["img", "photo"]
    assert roles_of(plain, {"img": b"no", "photo": png()}).picture == "photo"
    assert roles_of(plain, {"img": b"no"}).picture is None


def test_one_box_of_numbers_is_no_list_of_objects() -> None:
    from datasets import List, Value

    face = features(face={"bbox": List(Value("float32")), "name": Value("string")})
    assert roles_of(face, {}).attributes == ("face",)


def test_class_numbers_become_names() -> None:
    column = pa.array([1, None, -1, 0, 7, -3], pa.int64())
    assert labels(hub_columns.class_labels("label", column, CLASSES)) == [
        (0, "dog", "1"),
        (3, "cat", "0"),
        (4, "7", None),
        (5, "-3", None),
    ]


numbers = st.none() | st.lists(st.none() | st.sampled_from([-1, 0, 1, 2]), max_size=3)
kinds = st.sampled_from([pa.list_(pa.int64()), pa.large_list(pa.int8()), pa.list_(pa.int32(), 2)])


@settings(deadline=None)
@given(st.lists(numbers, max_size=6), kinds, st.integers(0, 6))
def test_lists_of_classes_keep_their_rows(
    cells: list[list[int | None] | None], kind: pa.DataType, cut: int
) -> None:
    if pa.types.is_fixed_size_list(kind):
        cells = [(cell * 2)[:2] if cell else None for cell in cells]
    column = pa.array(cells, kind).slice(cut)
    names = {0: ("cat", "0"), 1: ("dog", "1"), 2: ("2", None)}
    assert labels(hub_columns.class_labels("label", column, CLASSES)) == [
        (row, *names[number])
        for row, cell in enumerate(cells[cut:])
        for number in cell or ()
        if number not in (None, -1)
    ]


def test_words_in_lists_and_alone() -> None:
    listed = pa.array([["a", None, ""], None, [], ["둘"]])
    assert labels(hub_columns.word_labels("captions", listed)) == [
        (0, "a", None),
        (0, "", None),
        (3, "둘", None),
    ]
    assert labels(hub_columns.word_labels("label", pa.array([3, None]))) == [(0, "3", None)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pa.array([0.1, 1.0, None], pa.float32()), ["0.1", "1.0", None]),
        (pa.array([0.1, 1e300], pa.float64()), ["0.1", "1e+300"]),
        (pa.array([2**62, None]), [str(2**62), None]),
        (pa.array([True, None]), ["true", None]),
        (pa.array(["x"], pa.large_string()), ["x"]),
        (pa.array(["x"]).dictionary_encode(), ["x"]),
        (pa.array([b"abc"]), ['{"bytes": 3}']),
        (pa.array([{"bytes": b"abc", "path": "a.png"}]), ['{"bytes": 3, "path": "a.png"}']),
        (pa.array([[1, None], None]), ["[1, null]", None]),
        (pa.array([86_400], pa.timestamp("s")), ["1970-01-02 00:00:00"]),
        (pa.nulls(1), [None]),
    ],
)
def test_attributes_as_text(values: pa.Array, said: list[str | None]) -> None:
    assert hub_columns.texts(values).to_pylist() == said


def test_objects_as_a_record_of_lists_and_as_a_list_of_records() -> None:
    boxes, named = [[0.0, 1.0, 2.0, 3.0], [1.0, 1.0, 1.0]], [1, -1]
    lists = pa.array([{"bbox": boxes, "category": named}, None, {"bbox": [], "category": []}])
    records = pa.array(
        [[{"bbox": b, "category": c} for b, c in zip(boxes, named, strict=True)], None, []]
    )
    read_as = Objects("bbox", "category", CLASSES)
    for column in (lists, records):
        batch = hub_columns.objects(column, read_as, "objects")
        assert labels(batch.labels) == [(0, "dog", "1")]
        first, second = batch.regions.to_pylist()
        assert [first[name] for name in ("row", "x", "y", "width", "height")] == [0, 0, 1, 2, 3]
        assert (first["kind"], first["value"], first["category_id"]) == ("box", "dog", "1")
        assert (second["x"], second["value"]) == (None, None)
        assert second["extra"] == '{"bbox": [1.0, 1.0, 1.0]}'


def test_a_box_that_is_no_place_is_kept_aside_as_json() -> None:
    cells = [[{"bbox": [0.0, float("nan"), float("inf"), 1.0], "category": 0}]]
    batch = hub_columns.objects(pa.array(cells), Objects("bbox", "category", CLASSES), "objects")
    region = batch.regions.to_pylist()[0]
    assert region["x"] is None
    assert region["extra"] == '{"bbox": [0.0, "NaN", "Infinity", 1.0]}'
