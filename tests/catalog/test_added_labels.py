"""Labels from elsewhere: joined in every form they come in, beside the source's own."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.catalog.added_labels import AddedLabels, add_labels
from excavate.catalog.amending import amended
from excavate.catalog.attributes import add_attributes
from excavate.catalog.browsing import one_item
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.label_tables import LabelPlan
from excavate.errors import ExcavateError, SiteError
from excavate.i18n import speak
from excavate.pages.votes import votes
from excavate.settings import Settings
from excavate.site import Site

FIRST = "INSERT INTO category VALUES ('made', 'first', 'first', -1, NULL)"
BY_POSITION = LabelPlan(item=None, wide="counts", written="numbers")


@pytest.fixture(scope="module")
def dug_once() -> list[Path]:
    return []


@pytest.fixture
def dug(tmp_path: Path, dug_once: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten items of each split; categories first, all, and below it 0 to 3, named "kind 0" …"""
    if not dug_once:
        dug_once.append(tmp_path_factory.mktemp("dug") / "site")
        catalogue(DigRequest("made:20", dug_once[0]), Settings(workers=1))
        with amended(dug_once[0]) as amendment:  # so that numbers are not the ids
            amendment.connection.execute(FIRST)
    return Path(shutil.copytree(dug_once[0], tmp_path / "site"))


def table(path: Path, rows: list[list[object]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def add(site: Path, file: Path, plan: LabelPlan | None = None, **options: object) -> AddedLabels:
    chosen = {"dataset": "made", "said_by": "perceived", "source": "a crowd", **options}
    return add_labels(site, file, plan or LabelPlan(), **chosen)  # type: ignore[arg-type]


def said(site: Path) -> list[tuple[object, ...]]:
    rows = Site(site).added_labels()
    kept = rows[["item_id", "annotator", "value", "category_id", "count"]].astype(object)
    return list(map(tuple, kept.where(kept.notna(), None).values.tolist()))


def refused(site: Path, file: Path, plan: LabelPlan | None = None, **options: object) -> str:
    """The message without the folder; the site must be as it was."""
    before = (Site(site).generation, said(site))
    with pytest.raises(ExcavateError) as caught:
        add(site, file, plan, **options)
    assert (Site(site).generation, said(site)) == before
    assert not list(site.glob(".amending*"))
    return str(caught.value).replace(f"{file.parent}/", "")


def test_a_row_a_judgement(dug: Path, tmp_path: Path) -> None:
    rows = [["image", "who", "says"], ["train/1", "w1", "kind 1"], ["1", "w2", " kind 1"]]
    rows += [["made/test/0", "w1", "모름"], ["1", "w3", "kind 1"]]
    plan = LabelPlan(item="image", annotator="who", label="says")
    added = add(dug, table(tmp_path / "t.csv", rows), plan)
    assert said(dug) == [
        ("made/test/0", "w1", "모름", None, 1),
        ("made/train/1", "w1", "kind 1", "1", 1),
        ("made/train/1", "w2", " kind 1", None, 1),
        ("made/train/1", "w3", "kind 1", "1", 1),
    ]
    assert (added.rows, added.items, added.labels, added.judgements) == (4, 2, 4, 4)
    assert (added.annotators, added.unknown_values, added.unknown_labels) == (3, 2, 2)
    assert added.unknown == {" kind 1": 1, "모름": 1}


def test_counts_of_labels_and_votes_without_a_name(dug: Path, tmp_path: Path) -> None:
    rows = [
        ["item", "label", "count", "note"],
        ["3", "kind 0", "0", "x"],
        ["3", "kind 3", "12", ""],
    ]
    file = table(tmp_path / "t.csv", rows)
    added = add(dug, file, LabelPlan(count="count"))
    assert said(dug) == [
        ("made/train/3", None, "kind 0", "0", 0),
        ("made/train/3", None, "kind 3", "3", 12),
    ]
    assert (added.judgements, added.unused) == (12, ("note",))
    votes_alone = table(tmp_path / "v.csv", [["item", "label"], *[["3", "kind 0"]] * 3])
    assert add(dug, votes_alone).judgements == 3  # three who said the same, unnamed
    assert len(said(dug)) == 3


def test_a_column_an_annotator(dug: Path, tmp_path: Path) -> None:
    rows = [["item", "ann", "ben"], ["3", "kind 0", ""], ["4", "kind 1", "kind 2"]]
    added = add(dug, table(tmp_path / "t.csv", rows), LabelPlan(wide="annotators"))
    assert said(dug) == [
        ("made/train/3", "ann", "kind 0", "0", 1),
        ("made/test/4", "ann", "kind 1", "1", 1),
        ("made/test/4", "ben", "kind 2", "2", 1),
    ]
    assert (added.rows, added.labels, added.empty, added.annotators) == (2, 3, 1, 2)
    one = LabelPlan(wide="annotators", columns=("ben",))
    assert add(dug, tmp_path / "t.csv", one).unused == ("ann",)
    assert [row[1] for row in said(dug)] == ["ben"]


def test_a_column_a_label(dug: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.parquet"
    columns = {"item": ["3", "4"], "kind 0": [2, 0], "other": pa.array([1.0, None])}
    pq.write_table(pa.table(columns), file)
    added = add(dug, file, LabelPlan(wide="counts"))
    assert said(dug) == [
        ("made/train/3", None, "kind 0", "0", 2),
        ("made/train/3", None, "other", None, 1),
        ("made/test/4", None, "kind 0", "0", 0),
    ]
    assert (added.empty, added.judgements, added.unknown) == (1, 3, {"other": 1})


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("names", ["kind 1", "1", "2"]),
        ("ids", ["kind 1", "1", "2"]),
        ("numbers", ["kind 1", "1", "2"]),
    ],
)
def test_how_labels_are_written(dug: Path, tmp_path: Path, written: str, labels: list[str]) -> None:
    rows = [["item", "label"], *([str(n), label] for n, label in enumerate(labels))]
    add(dug, table(tmp_path / "t.csv", rows), LabelPlan(written=written))
    meant = {"names": ["1", None, None], "ids": [None, "1", "2"], "numbers": [None, "0", "1"]}
    assert [row[3] for row in said(dug)] == meant[written]
    assert [row[2] for row in said(dug)] == labels


def test_numbers_of_which_categories(dug: Path, tmp_path: Path) -> None:
    with amended(dug) as amendment:
        more = "INSERT INTO label VALUES ('made', 0, 9, 'colour', 'kind 1', '1', 'source')"
        amendment.connection.execute(more)
    file = table(tmp_path / "t.csv", [["item", "label"], ["1", "0"]])
    assert refused(dug, file, LabelPlan(written="numbers")).splitlines()[1:] == [
        "  t.csv: numbers of which categories? Those of colour, kind: give names or ids"
    ]


def test_a_name_of_two_categories_is_of_neither(dug: Path, tmp_path: Path) -> None:
    with amended(dug) as amendment:
        amendment.connection.execute("INSERT INTO category VALUES ('made', '9', 'kind 1', 9, NULL)")
    rows = [["item", "label"], ["1", "kind 1"], ["2", "kind 2"]]
    added = add(dug, table(tmp_path / "t.csv", rows))
    assert [row[2:] for row in said(dug)] == [("kind 1", None, 1), ("kind 2", "2", 1)]
    assert (added.labels, added.unknown) == (2, {"kind 1": 1})


@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    counts=st.lists(
        st.lists(st.integers(0, 2**40), min_size=5, max_size=5), min_size=10, max_size=10
    ),
    kind=st.sampled_from(["int64", ">i8", "float64", "uint64"]),
)
def test_an_array_of_counts_by_position(
    dug: Path, tmp_path: Path, counts: list[list[int]], kind: str
) -> None:
    np.save(tmp_path / "c.npy", np.array(counts, kind))
    added = add(dug, tmp_path / "c.npy", BY_POSITION, split="train")
    own = ["first", "0", "1", "2", "3"]
    expected = [
        (f"made/train/{2 * n + 1}", None, str(column), own[column], count)
        for n, row in enumerate(counts)
        for column, count in enumerate(row)
    ]
    assert said(dug) == expected
    assert added.judgements == sum(map(sum, counts))


def test_arrays_by_name_are_annotators(dug: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", first=np.arange(20) % 5, last=np.full(20, -1), other=np.zeros(3))
    plan = LabelPlan(item=None, wide="annotators", columns=("first", "last"), written="numbers")
    added = add(dug, tmp_path / "a.npz", plan)
    assert (added.items, added.labels, added.annotators) == (20, 40, 2)
    assert added.unknown == {"-1": 20}
    assert said(dug)[2:4] == [
        ("made/train/1", "first", "1", "0", 1),
        ("made/train/1", "last", "-1", None, 1),
    ]
    alone = LabelPlan(item=None, columns=("first",), written="numbers")
    assert (add(dug, tmp_path / "a.npz", alone).annotators, len(said(dug))) == (0, 20)


def test_words_in_an_array_and_a_csv_by_position(dug: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array(["kind 0", "여성"] * 5))
    add(dug, tmp_path / "w.npy", LabelPlan(item=None), split="test")
    assert [row[2:4] for row in said(dug)[:2]] == [("kind 0", "0"), ("여성", None)]
    file = table(tmp_path / "t.csv", [["label"], *[["kind 3"]] * 20])
    assert add(dug, file, LabelPlan(item=None)).items == 20


def test_every_fault_of_the_join_is_told_together(dug: Path, tmp_path: Path) -> None:
    rows = [
        ["item", "who", "label", "n"],
        ["1", "a", "kind 0", "1"],
        ["train/1", "a", "kind 0", "2"],
    ]
    rows += [["99", "a", "x", "1"], ["", "a", "x", "1"], ["2", "a", "", "1"]]
    rows += [["3", "b", "x", "-1"], ["4", "b", "x", "1.5"], ["5", "b", "x", ""]]
    rows += [["6", "b", "x", "9" * 30], ["7", "b", "x", "2.0"]]
    plan = LabelPlan(annotator="who", count="n")
    assert refused(dug, table(tmp_path / "t.csv", rows), plan).splitlines() == [
        "t.csv: labels that cannot be joined (8). Nothing was changed",
        "  t.csv line 4: no item has the key '99'",
        "  t.csv line 5: the key is empty",
        "  t.csv line 6: the label is empty",
        "  t.csv line 7: 'x': the count '-1' is no whole number of 0 or more",
        "  t.csv line 8: 'x': the count '1.5' is no whole number of 0 or more",
        "  t.csv line 9: 'x': the count is empty",
        f"  t.csv line 10: 'x': the count '{'9' * 30}' is no whole number of 0 or more",
        "  t.csv line 2: 'kind 0' is said 2 times of its item by 'a'",
    ]


def test_counts_that_add_up_to_more_than_can_be_kept(dug: Path, tmp_path: Path) -> None:
    largest = 2**63 - 1
    rows = [["item", "label", "count"], ["1", "kind 0", largest], ["2", "kind 0", largest]]
    said_of_it = refused(dug, table(tmp_path / "t.csv", rows), LabelPlan(count="count"))
    assert said_of_it.splitlines() == [
        "t.csv: labels that cannot be joined (1). Nothing was changed",
        "  t.csv: the counts add up to 18,446,744,073,709,551,614; "
        "a set can hold 9,223,372,036,854,775,807",
    ]
    rows[2][2] = 0
    assert add(dug, table(tmp_path / "t.csv", rows), LabelPlan(count="count")).judgements == largest


def test_a_wide_file_names_an_item_once(dug: Path, tmp_path: Path) -> None:
    rows = [["item", "ann"], ["3", "kind 0"], ["train/3", "kind 1"]]
    shown = refused(dug, table(tmp_path / "t.csv", rows), LabelPlan(wide="annotators"))
    assert shown.splitlines()[1:] == ["  t.csv line 2: the key '3': 2 rows name its item"]


@pytest.mark.parametrize(
    ("shape", "split", "faults"),
    [
        ((9, 5), "test", ["c.npy: 9 rows for the 10 items of split test"]),
        ((11, 5), "test", ["c.npy: 11 rows for 10 items: what names the items of the rest?"]),
        ((10, 4), "test", ["c.npy: 4 columns of counts for 5 categories"]),
        ((10, 5), None, ["c.npy: 10 rows for the 20 items of made"]),
    ],
)
def test_arrays_that_do_not_fit(
    dug: Path, tmp_path: Path, shape: tuple[int, int], split: str | None, faults: list[str]
) -> None:
    np.save(tmp_path / "c.npy", np.ones(shape, int))
    shown = refused(dug, tmp_path / "c.npy", BY_POSITION, split=split)
    assert shown.splitlines()[1:] == [f"  {fault}" for fault in faults]


def test_unmatched_rows_can_be_left_out_on_request(dug: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "c.npy", np.ones((12, 5), int))
    added = add(dug, tmp_path / "c.npy", BY_POSITION, split="test", skip_unmatched=True)
    assert (added.rows, added.unmatched, added.items) == (12, 2, 10)
    file = table(tmp_path / "t.csv", [["item", "label"], ["1", "x"], ["99", ""]])
    assert add(dug, file, skip_unmatched=True).unmatched == 1
    nothing = table(tmp_path / "n.csv", [["item", "label"], ["98", "x"]])
    assert "labels that cannot be joined (1)" in refused(dug, nothing, skip_unmatched=True)


class Touchy:
    """What a pickle would run if it were read."""

    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("a pickle was read",))


def test_arrays_that_cannot_be_read(dug: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.npy"
    todo = "c.npy: no table to join (1). Correct it; nothing was changed\n  c.npy"
    never = "holds Python objects (pickle), which are never read: write its values as a CSV"
    np.save(file, np.array([Touchy()], object), allow_pickle=True)
    assert refused(dug, file, BY_POSITION) == f"{todo}: {never}"
    file.write_bytes(b"no array")
    assert refused(dug, file, BY_POSITION).startswith(f"{todo}: ")
    np.save(file, np.ones((2, 2, 2)))
    assert refused(dug, file, BY_POSITION) == (
        f"{todo} label: a list or a table is wanted, this is 2 x 2 x 2"
    )
    np.save(file, np.array(["2020-01-01"], "M8[D]"))
    assert refused(dug, file, BY_POSITION) == (
        f"{todo} label: neither numbers nor text (datetime64[D])"
    )
    np.savez(tmp_path / "c.npz", a=np.ones(3), b=np.ones((3, 2)), c=np.ones(4))
    chosen = LabelPlan(item=None, wide="annotators", columns=("a", "b", "c", "d"))
    assert refused(dug, tmp_path / "c.npz", chosen).splitlines()[1:] == [
        "  c.npz: no array 'd'; there are 'a', 'b', 'c'",
        "  c.npz b: a table beside others: choose it with --column",
        "  c.npz: arrays of several lengths (a 3, c 4): choose with --column",
    ]
    assert (
        refused(dug, tmp_path / "gone.npz", BY_POSITION) == "gone.npz: no such file. Check the path"
    )


@pytest.mark.parametrize(
    ("plan", "options", "shown"),
    [
        (LabelPlan(), {"said_by": "source"}, "said by 'source': kept for what the dataset's own"),
        (LabelPlan(), {"source": " "}, "no source is named."),
        (LabelPlan(), {"split": "test"}, "test: --split is for rows in the order of items."),
        (LabelPlan(), {"dataset": "gone"}, "gone: no such dataset in this site."),
        (LabelPlan(item=None), {"split": "val"}, "made/val: no such split. There are: test, train"),
        (
            LabelPlan(item="x", label="y", wide=None, annotator="z"),
            {},
            "t.csv: no table to join (3). Correct it; nothing was changed\n"
            "  t.csv line 1: no column 'x'; there are 'item', 'label'\n"
            "  t.csv line 1: no column 'y'; there are 'item', 'label'\n"
            "  t.csv line 1: no column 'z'; there are 'item', 'label'",
        ),
        (
            LabelPlan(wide="tall", annotator="a", written="signs"),
            {},
            "this cannot be asked together (3). Mend the options\n"
            "  --wide: one of annotators, counts, not 'tall'\n"
            "  --labels: one of names, ids, numbers, not 'signs'\n"
            "  --wide: each column is read alike: leave --annotator and --count out",
        ),
        (
            LabelPlan(columns=("a",), annotator="item"),
            {},
            "this cannot be asked together (2). Mend the options\n"
            "  --column: chooses among the columns of a wide file: give --wide too\n"
            "  --item, --annotator, --label, --count: name a column each, not one twice",
        ),
    ],
)
def test_what_cannot_be_asked(
    dug: Path, tmp_path: Path, plan: LabelPlan, options: dict[str, str], shown: str
) -> None:
    file = table(tmp_path / "t.csv", [["item", "label"], ["1", "kind 0"]])
    assert refused(dug, file, plan, **options).startswith(shown)


def test_only_the_same_set_is_replaced_and_nothing_else_is_touched(
    dug: Path, tmp_path: Path
) -> None:
    catalogue(DigRequest("made:5", dug, dataset="other"), Settings(workers=1))
    own = Site(dug).labels()
    first = table(tmp_path / "a.csv", [["item", "label"], ["1", "kind 0"], ["2", "kind 1"]])
    second = table(tmp_path / "b.csv", [["item", "label"], ["3", "kind 2"]])
    for options in ({}, {"source": "a call"}, {"said_by": "machine"}, {"dataset": "other"}):
        assert add(dug, first, **options).replaced == 0
    assert add(dug, second).replaced == 2
    sets = Site(dug).added_sets()[["dataset_id", "source", "said_by", "labels"]]
    assert sets.values.tolist() == [
        ["made", "a call", "perceived", 2],
        ["made", "a crowd", "machine", 2],
        ["made", "a crowd", "perceived", 1],
        ["other", "a crowd", "perceived", 2],
    ]
    assert Site(dug).labels().equals(own)
    assert Site(dug).datasets()["labels"].tolist() == [20, 5]


def test_labels_survive_another_dig_and_are_never_lost_silently(dug: Path, tmp_path: Path) -> None:
    rows = [["item", "label"], ["1", "kind 0"], ["15", "kind 1"], ["15", "odd"]]
    add(dug, table(tmp_path / "t.csv", rows))
    revision = Site(dug).revisions()["made"]
    before = said(dug)
    catalogue(DigRequest("made:20", dug, again=True), Settings(workers=1))
    assert said(dug) == before
    assert Site(dug).revisions()["made"] == revision  # what others say is not the dataset
    add_attributes(
        dug, table(tmp_path / "a.csv", [["id", "v"], ["15", "x"]]),
        dataset="made", key="id", said_by="self", source="s",
    )  # fmt: skip
    fewer = DigRequest("made:20", dug, limit=10)
    with pytest.raises(SiteError) as caught:
        catalogue(fewer, Settings(workers=1))
    assert str(caught.value) == (
        "made: 1 attributes and 2 labels joined earlier belong to items that this dig leaves out."
        " Dig it under another --dataset, or let them go with --drop-attributes"
    )
    assert said(dug) == before
    let_go = DigRequest("made:20", dug, limit=10, drop_attributes=True)
    dug_again = catalogue(let_go, Settings(workers=1))
    assert (dug_again.dropped_attributes, dug_again.dropped_labels) == (1, 2)
    assert said(dug) == before[:1]


def test_the_item_page_shows_every_voice(dug: Path, tmp_path: Path) -> None:
    rows = [["item", "who", "label", "n"], ["1", "ann", "<b>", "1"], ["1", "ben", "kind 1", "2"]]
    rows += [["1", "eve", "kind 1", "1"], ["1", "eve", "kind 2", "0"]]
    add(dug, table(tmp_path / "t.csv", rows), LabelPlan(annotator="who", count="n"))
    np.save(tmp_path / "w.npy", np.full(20, 2))
    add(dug, tmp_path / "w.npy", LabelPlan(item=None, written="numbers"), source="numbers")
    speak("en")
    with Site(dug).cursor() as cursor:
        item = one_item(cursor, "made/train/1")
        unsaid = one_item(cursor, "made/test/2")
    assert item is not None
    assert unsaid is not None
    shown = votes(item["added_labels"], str.upper)
    assert "a crowd<br><small>PERCEIVED · 4 judgements" in shown
    assert "<tr><td>kind 1</td><td>ben, eve</td><td>3</td></tr>" in shown
    assert "<td>&lt;b&gt;</td><td>ann</td><td>1</td>" in shown
    assert shown.index("kind 1") < shown.index("&lt;b&gt;")
    assert "Chosen by nobody: kind 2" in shown
    assert "<td>kind 2</td>" not in shown
    assert "<tr><td>kind 1 <small>2</small></td><td>1</td></tr>" in shown
    assert votes([row for row in unsaid["added_labels"] if row["source"] == "a crowd"], str) == ""


@pytest.mark.shared_data
@pytest.mark.slow
def test_cifar_10_with_its_voices(shared: Path, tmp_path: Path) -> None:
    """The human accuracy and the noise rates that the makers of the two works state."""
    folder = shared / "cifar10"
    site = tmp_path / "site"
    catalogue(DigRequest(f"parquet:{folder}/*.parquet", site, dataset="made"), Settings(workers=2))
    counts = folder / "cifar10h" / "data" / "cifar10h-counts.npy"
    humans = add(site, counts, BY_POSITION, split="test", source="CIFAR-10H")
    assert (humans.items, humans.labels, humans.judgements) == (10_000, 100_000, 511_000)
    random = tuple(f"random_label{n}" for n in (1, 2, 3))
    plan = LabelPlan(item=None, wide="annotators", columns=random, written="numbers")
    noisy = add(site, folder / "cifar10n" / "cifar10n_labels.npz", plan, split="train", source="N")
    assert (noisy.items, noisy.labels, noisy.annotators, noisy.unknown) == (50_000, 150_000, 3, {})
    given = Site(site).labels().set_index("item_id")["category_id"]
    all_of_them = Site(site).added_labels()
    agrees = all_of_them["category_id"].to_numpy() == given.loc[all_of_them["item_id"]].to_numpy()
    h = all_of_them["source"] == "CIFAR-10H"
    right = all_of_them[h & agrees].groupby("item_id")["count"].sum()
    total = all_of_them[h].groupby("item_id")["count"].sum()
    assert (total.min(), total.max()) == (47, 63)
    assert (right / total).mean() == pytest.approx(0.9523, abs=5e-5)
    wrong = Counter(all_of_them[~h & ~agrees]["annotator"])
    assert [round(100 * wrong[name] / 50_000, 2) for name in random] == [17.23, 18.12, 17.64]
