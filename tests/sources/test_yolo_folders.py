"""yolo: what a folder may hold that is not meant, and what a line or data.yaml must not say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from excavate.errors import SourceError
from excavate.sources import open_source
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_yolo import yolo_plain

BOX = "0 0.5 0.5 0.2 0.25\n"
LINES = "which is no line of YOLO (a box has 5, a polygon an odd number from 7 on)"


def one(root: Path, line: str = BOX, config: str = "") -> str:
    """A picture with a label file of one line, and a data.yaml where there is one to write."""
    put(root / "images" / "a.png", png(10, 8))
    put(root / "labels" / "a.txt", line)
    if config:
        put(root / "data.yaml", config)
    return f"yolo:{root}"


def read(text: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text).batches(100))


def left_out(text: str) -> tuple[str, ...]:
    """What a source says it did not read."""
    return open_source(text).describe().left_out


def refused(text: str) -> str:
    """The faults of a folder, without the line above them."""
    with pytest.raises(SourceError) as error:
        open_source(text).describe()
    return "\n".join(str(fault) for fault in error.value.faults)


@pytest.mark.parametrize("file", ["classes.txt", "obj.names"])
def test_an_empty_line_among_the_names_moves_none_of_them(file: str, tmp_path: Path) -> None:
    text = one(tmp_path, "2 0.5 0.5 0.2 0.25\n")
    put(tmp_path / file, "cat\r\n\r\ndog\x0c\r\n")
    categories = [(c.category_id, c.name) for c in open_source(text).categories()]
    assert categories == [("0", "cat"), ("2", "dog\x0c")]
    assert [label["value"] for label in read(text)["labels"]] == ["dog\x0c"]
    put(tmp_path / "labels" / "a.txt", "1 0.5 0.5 0.2 0.25\n")
    assert refused(text) == "labels/a.txt line 1: its class is 1, which is not among the 2 names"


def test_the_fingerprint_follows_numbers_licence_and_page(tmp_path: Path) -> None:
    said = [
        "names: {0: cat, 1: dog}\nroboflow: {license: MIT}",
        "names: {1: cat, 0: dog}\nroboflow: {license: MIT}",
        "names: {0: cat, 1: dog}\nroboflow: {license: GPL}",
        "names: {0: cat, 1: dog}\nroboflow: {url: MIT}",
        "names: {0: cat, 1: dog}\nroboflow: {license: MIT}\nkpt_shape: [4, 2]",
    ]
    text, seen = one(tmp_path), set()
    for config in said:
        put(tmp_path / "data.yaml", config)
        seen.add(open_source(text).describe().fingerprint)
    assert len(seen) == len(said)


@pytest.mark.parametrize("place", [".x/passwd", ".x", ".x/pictures"])
def test_a_hidden_link_leads_nowhere(place: str, tmp_path: Path) -> None:
    put(tmp_path / "outside" / "passwd", "root:x:0:0\n")
    put(tmp_path / "outside" / "pictures" / "b.png", png())
    text = one(tmp_path / "in", config=f"names: [a]\ntrain: [images, {place}]\n")
    (tmp_path / "in" / ".x").symlink_to(tmp_path / "outside")
    assert [item["key"] for item in read(text)["items"]] == ["images/a.png"]
    assert left_out(text) == (f"data.yaml: train is {place}, which is not there",)


def test_a_list_names_no_picture_behind_a_hidden_link(tmp_path: Path) -> None:
    put(tmp_path / "outside" / "s.jpg", png(77, 33))
    text = one(tmp_path / "in", config="names: [a]\ntrain: l.txt\n")
    put(tmp_path / "in" / "l.txt", ".x/s.jpg\n")
    (tmp_path / "in" / ".x").symlink_to(tmp_path / "outside")
    assert refused(text) == "l.txt: .x/s.jpg leaves the folder"
    (tmp_path / "in" / ".x").unlink()
    put(tmp_path / "in" / ".x" / "s.jpg", png())
    assert [item["path"] for item in read(text)["items"]] == [".x/s.jpg"]


def test_a_label_file_beside_a_picture_that_is_gone_has_no_place(tmp_path: Path) -> None:
    text = one(tmp_path, config="names: [a]\ntrain: l.txt\n")
    put(tmp_path / "l.txt", "./gone.png\n")
    put(tmp_path / "gone.txt", BOX)
    assert [region["x"] for region in read(text)["regions"]] == [None]


def test_configuration_behind_a_link_is_not_read(tmp_path: Path) -> None:
    put(tmp_path / "secret.yaml", "names: secret")
    text = one(tmp_path / "in")
    (tmp_path / "in" / "data.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "in" / "classes.txt").symlink_to(tmp_path / "secret.yaml")
    assert refused(text) == (
        "classes.txt: a link that leaves the folder\ndata.yaml: a link that leaves the folder"
    )


@pytest.mark.parametrize("here", [".", "./", "images/.."])
def test_the_folder_itself_is_a_split(here: str, tmp_path: Path) -> None:
    text = one(tmp_path, config=f"names: [a]\ntrain: {here}\n")
    assert [item["key"] for item in read(text)["items"]] == ["images/a.png"]


def test_pipes_are_told_and_never_opened(tmp_path: Path) -> None:
    text = one(tmp_path, config="names: [a]\ntrain: l.txt\n")
    put(tmp_path / "l.txt", "images/a.png\nimages/p.png\n")
    put(tmp_path / "labels" / "p.txt", BOX)
    os.mkfifo(tmp_path / "images" / "p.png")
    assert [region["x"] for region in read(text)["regions"]] == [4, None]
    assert left_out(text) == (
        "1 thing neither file nor folder (images/p.png the first): not read",
        "1 line of pictures that cannot be read: kept without a place",
    )


def test_a_stray_file_that_switches_splits_off_is_named(tmp_path: Path) -> None:
    text = yolo_plain(tmp_path)
    put(tmp_path / "results.png", png())
    assert {item["split"] for item in read(text)["items"]} == {"all"}
    assert left_out(text)[1] == (
        "the folders train and valid are no splits: results.png lies beside"
    )


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("[1, 0]", "[1, 0]"),
        ("[1, 1]", "[1, 1]"),
        ("[0, 2]", "[0, 2]"),
        ("[3]", "[3]"),
        ("[1_0, 2]", "[1_0, 2]"),
        (f"[{'1' * 5000}, 2]", f"[{'1' * 38}…"),
        ("[[1], 2]", "[['1'], 2]"),
    ],
)
def test_what_is_no_shape_of_keypoints(shape: str, said: str, tmp_path: Path) -> None:
    text = one(tmp_path, config=f"names: [a]\nkpt_shape: {shape}\n")
    assert refused(text) == f"data.yaml: kpt_shape is {said}, not [how many, 2 or 3]"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"{'1' * 5000} .5 .5 .2 .2", f"its class is {'1' * 39}…, which is not a whole number"),
        ("1_0 .5 .5 .2 .2", "its class is 1_0, which is not a whole number"),
        ("１ .5 .5 .2 .2", "its class is １, which is not a whole number"),
        ("0 1_0 .5 .2 .2", "'1_0' is not a number"),
        ("0 ٣ .5 .2 .2", "'٣' is not a number"),
        (f"0 {'1' * 5000} .5 .2 .2", f"'{'1' * 39}…' is not a number"),
        ("0 .5 .5 -1e308 .2", "-1e308 is too large for a part of a picture"),
        ("0", f"1 fields, {LINES}"),
    ],
)
def test_what_is_no_number(line: str, why: str, tmp_path: Path) -> None:
    assert refused(one(tmp_path, line)) == f"labels/a.txt line 1: {why}"


@pytest.mark.parametrize(
    ("maker", "said", "told"),
    [
        ("{license: [a], url: {x: 1}}", (None, None), "roboflow.license, roboflow.url"),
        ("{license: MIT, url: [x]}", ("MIT", None), "roboflow.url"),
        ("[a]", (None, None), "roboflow"),
        ("{license: , url: http://x}", (None, "http://x"), None),
    ],
)
def test_licence_and_page_are_text(
    maker: str, said: tuple[str | None, str | None], told: str | None, tmp_path: Path
) -> None:
    found = open_source(one(tmp_path, config=f"names: [a]\nroboflow: {maker}\n")).describe()
    assert (found.licence, found.homepage) == said
    expected = (f"data.yaml: {told}: not read, since it is no text",) if told else ()
    assert found.left_out == expected
