"""Browsing: filters, orders and menus, against a catalog made by hand and plain Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.catalog import browsing
from excavate.catalog.browsing import Filter
from excavate.catalog.opening import schema

ITEMS = [
    ("a", 0, "train", "read", ["cat"], {"year": "1990"}, 0),
    ("a", 1, "train", "read", ["cat", "dog"], {}, 1),
    ("a", 2, "test", "none", [], {"year": None}, 0),
    ("a", 3, "test", "fault", ["dog"], {"year": "1991"}, 2),
    ("b", 0, "all", "read", ["cat"], {"maker": "Kim"}, 0),
]


@pytest.fixture(scope="module")
def cursor():
    connection = duckdb.connect()
    connection.execute(schema())
    for name in ("a", "b"):
        connection.execute(
            "INSERT INTO dataset SELECT ?, 'made', '{}', 'Made', 'row', 'f', NULL, 'rev', NULL,"
            " NULL, NULL, NULL, 0, '0', now(), NULL, NULL",
            [name],
        )
    for dataset, ordinal, split, pixels, labels, said, faults in ITEMS:
        connection.execute(
            "INSERT INTO item SELECT ?, ?, ?, ?, ?, NULL, ?, 10, 'PNG', ?, NULL, NULL, NULL, NULL,"
            " NULL",
            [dataset, ordinal, f"{dataset}/{split}/{ordinal}", split, str(ordinal), 10 + ordinal,
             pixels],
        )  # fmt: skip
        for position, value in enumerate(labels):
            connection.execute(
                "INSERT INTO label VALUES (?, ?, ?, 'kind', ?, NULL, 'source')",
                [dataset, ordinal, position, value],
            )
        for key, value in said.items():
            connection.execute(
                "INSERT INTO attribute VALUES (?, ?, ?, ?, 'metadata', 'm.csv', false)",
                [dataset, ordinal, key, value],
            )
        for _ in range(faults):
            connection.execute("INSERT INTO fault VALUES (?, ?, 'odd', 'x')", [dataset, ordinal])
    yield connection
    connection.close()


def plainly(wanted: Filter) -> list[str]:
    """The same question in plain Python."""
    found = []
    for dataset, ordinal, split, pixels, labels, said, faults in ITEMS:
        carries = bool(labels) if wanted.value is None else wanted.value in labels
        if wanted.field == "other":
            carries = False
        stated = wanted.attribute in said and (
            wanted.attribute_value is None or said[wanted.attribute] == wanted.attribute_value
        )
        if (
            wanted.dataset in (None, dataset)
            and wanted.split in (None, split)
            and wanted.pixels in (None, pixels)
            and (wanted.field is None or carries != (wanted.state == "empty"))
            and (wanted.attribute is None or stated)
            and (not wanted.faults or faults)
        ):
            found.append(f"{dataset}/{split}/{ordinal}")
    return found


filters = st.builds(
    Filter,
    dataset=st.sampled_from([None, "a", "b", "c"]),
    split=st.sampled_from([None, "train", "test", "all"]),
    field=st.sampled_from([None, "kind", "other"]),
    value=st.sampled_from([None, "cat", "dog", "'; DROP TABLE item; --"]),
    state=st.sampled_from(["given", "empty"]),
    attribute=st.sampled_from([None, "year", "maker"]),
    attribute_value=st.sampled_from([None, "1990", "Kim"]),
    pixels=st.sampled_from([None, "read", "none", "fault"]),
    faults=st.booleans(),
)


@given(filters)
@settings(max_examples=150, deadline=None, suppress_health_check=[*HealthCheck])
def test_a_filter_finds_what_plain_python_finds(cursor, wanted):
    expected = plainly(wanted)
    assert browsing.count_items(cursor, wanted) == len(expected)
    assert browsing.browse_items(cursor, wanted)["item_id"].tolist() == expected


def test_pages_follow_one_another_without_gap_or_overlap(cursor):
    pages = [browsing.browse_items(cursor, Filter(), limit=2, offset=o) for o in (0, 2, 4)]
    ids = [i for page in pages for i in page["item_id"]]
    assert ids == plainly(Filter())


@pytest.mark.parametrize("order", list(browsing.ORDERS))
def test_every_order_keeps_every_item(cursor, order):
    found = browsing.browse_items(cursor, Filter(), order)
    assert sorted(found["item_id"]) == sorted(plainly(Filter()))


def test_orders_say_what_they_do(cursor):
    assert browsing.browse_items(cursor, Filter(), "largest")["item_id"][0] == "a/test/3"
    assert browsing.browse_items(cursor, Filter(), "labels")["item_id"][0] == "a/train/1"
    with pytest.raises(KeyError):
        browsing.browse_items(cursor, Filter(), "ordinal; DROP TABLE item")


def test_items_come_back_in_the_order_asked_with_their_labels(cursor):
    found = browsing.items_at(cursor, ["b", "a", "a"], [0, 1, 2])
    assert found["item_id"].tolist() == ["b/all/0", "a/train/1", "a/test/2"]
    assert found["labels"].tolist() == [
        [("kind", "cat")], [("kind", "cat"), ("kind", "dog")], [],
    ]  # fmt: skip
    assert browsing.items_at(cursor, [], []).empty


def test_menus_count_items(cursor):
    values = browsing.label_values(cursor, "kind")
    assert dict(zip(values["value"], values["items"], strict=True)) == {"cat": 3, "dog": 2}
    names = browsing.attribute_names(cursor, "a")
    assert names[["name", "stated", "items"]].values.tolist() == [["year", 2, 3]]
    assert browsing.splits(cursor, "a")["split"].tolist() == ["train", "test"]


def test_the_first_value_paints_and_null_says_nothing(cursor):
    labels = browsing.first_values(cursor, "label", "kind", ["a"])
    found = {int(o): (v, int(n)) for _, o, v, n in labels.itertuples(index=False)}
    assert found == {0: ("cat", 1), 1: ("cat", 2), 3: ("dog", 1)}
    years = browsing.first_values(cursor, "attribute", "year", ["a"])
    assert set(years["ordinal"]) == {0, 3}


def test_one_item_has_everything_said_of_it(cursor):
    item = browsing.one_item(cursor, "a/test/3")
    assert item is not None
    assert item["title"] == "Made"
    assert [row["value"] for row in item["labels"]] == ["dog"]
    assert [row["value"] for row in item["attributes"]] == ["1991"]
    assert len(item["faults"]) == 2
    assert browsing.one_item(cursor, "nothing") is None


def test_every_value_is_given_once_in_the_order_of_its_source(cursor):
    labels = browsing.all_values(cursor, "label", "kind", ["a"])
    found = [(int(o), v) for _, o, v in labels.itertuples(index=False)]
    assert found == [(0, "cat"), (1, "cat"), (1, "dog"), (3, "dog")]
    years = browsing.all_values(cursor, "attribute", "year", ["a", "b"])
    assert years["value"].tolist() == ["1990", "1991"]
