"""References that could stand for another: the same labels, none of one's own items."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.digging import dig
from excavate.gaps.alternatives import other_references
from excavate.gaps.gathering import Part
from excavate.site import Site
from tests.made import class_folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """`pets` of two splits, `more` of the same kinds, `far` of others."""
    root = tmp_path_factory.mktemp("alternatives")
    for split in ("train", "test"):
        class_folder(root / "pets" / split, ("cat", "dog"), 3)
    class_folder(root / "more", ("cat", "fox"), 3)
    class_folder(root / "far", ("hill", "sea"), 3)
    for name in ("pets", "more", "far"):
        dig(f"folder:{root / name}", root / "site", dataset=name, only="catalogue")
    return Site(root / "site")


def test_splits_of_the_reference_and_what_names_half_of_it(site: Site) -> None:
    assert other_references(site, Part("far"), Part("pets")) == ["pets/train", "pets/test", "more"]
    assert other_references(site, Part("far"), Part("pets", "test")) == ["pets/train", "more"]
    assert other_references(site, Part("far"), Part("pets"), most=1) == ["pets/train"]


def test_never_its_own_items_nor_what_speaks_of_something_else(site: Site) -> None:
    own = other_references(site, Part("pets", "test"), Part("pets", "train"))
    assert own == ["more"]  # the whole of pets would hold its items; far names other things
    assert other_references(site, Part("more"), Part("far")) == []


def test_through_an_encoder_only_what_it_saw(site: Site) -> None:
    assert other_references(site, Part("far"), Part("pets"), "pixels 4") == []


def test_nothing_is_asked_of_the_whole_where_the_split_is_the_part(tmp_path: Path) -> None:
    class_folder(tmp_path / "one", ("cat",), 2)
    dig(f"folder:{tmp_path / 'one'}", tmp_path / "site", dataset="one", only="catalogue")
    assert other_references(Site(tmp_path / "site"), Part("one"), Part("one")) == []
