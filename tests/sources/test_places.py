"""Places: the names that datasets get."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import REGISTRY, open_source
from excavate.sources.places import dataset_name
from tests.sources.contract import check_name
from tests.sources.fixtures import png, put


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Photos", "photos"),
        ("Big_Name", "big_name"),
        ("사진", "사진"),
        (unicodedata.normalize("NFD", "사진 모음"), "사진-모음"),
        ("ylecun/MNIST", "ylecun-mnist"),
        ("my (best) photos!", "my-best-photos"),
        ("_-.a", "a"),
        ("v1.0", "v1.0"),
        ("x" * 80, "x" * 64),
        ("x" * 63 + "-y", "x" * 63),
        ("?!", "dataset"),
        ("", "dataset"),
    ],
)
def test_the_name_of_a_dataset(text: str, name: str) -> None:
    assert dataset_name(text) == name


@given(st.text(max_size=80))
@example("\u0130stanbul")
@example("\u1100!\u1161")
def test_any_text_gives_a_name_that_a_dig_accepts(text: str) -> None:
    check_name(dataset_name(text))
    assert dataset_name(dataset_name(text)) == dataset_name(text)


def test_a_folder_gives_its_name(tmp_path: Path) -> None:
    put(tmp_path / "내 Photos" / "a.png", png())
    said = open_source(f"folder:{tmp_path}/내 Photos").describe()
    assert (said.dataset_id, said.title) == ("내-photos", "내 Photos")


@pytest.mark.parametrize("name", sorted(set(REGISTRY) - {"coco"}))
def test_images_are_refused_where_no_source_looks_at_them(name: str) -> None:
    text = f"{name}:x" if REGISTRY[name].follows else name
    with pytest.raises(SourceError) as refused:
        open_source(text, SourceOptions(images="pictures"))
    assert str(refused.value) == (
        f"{text}: --images is of no use to this source. Leave --images out; it is for coco"
    )
