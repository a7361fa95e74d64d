"""Which split is which, and names and paths that a source string holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.places import below, dataset_name, existing, fingerprint_of, is_address
from excavate.sources.rights import rights_of
from excavate.sources.splits import chosen, in_order


def test_train_validation_test_come_first_in_this_order() -> None:
    assert in_order({"zoo", "test", "Val", "train", "a"}) == ["train", "Val", "test", "a", "zoo"]


def test_an_unknown_split_names_those_there_are() -> None:
    with pytest.raises(SourceError) as refused:
        chosen(["train", "test"], "valid", "folder:x")
    assert str(refused.value) == (
        "folder:x: no split 'valid'; there are: train, test. Name one of them, or leave --split out"
    )


def test_digits_have_one_split() -> None:
    assert open_source("digits", SourceOptions(split="all")).describe().count == 1797
    with pytest.raises(SourceError) as refused:
        open_source("digits", SourceOptions(split="train"))
    said = "digits: no split 'train'; it has no splits. Leave --split out"
    assert str(refused.value) == said


def test_all_is_every_split_unless_one_is_called_so() -> None:
    assert chosen(["train", "test"], "all", "") == ["train", "test"]
    assert chosen(["all", "test"], "all", "") == ["all"]


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/passwd", "", ".", "..", "C:\\x", "a\0"]
)
def test_paths_that_leave_the_root(path: str) -> None:
    assert below(Path("/r"), path) is None


@given(st.lists(st.sampled_from(["a", "..", ".", "", "b c", "가"]), max_size=6).map("/".join))
def test_below_agrees_with_the_file_system(path: str) -> None:
    root = Path("/some/root")
    target = Path(root, path)
    parts: list[str] = []
    for part in target.parts:
        parts = parts[:-1] if part == ".." and len(parts) > 1 else [*parts, part]
    resolved = Path(*parts)
    inside = resolved != root and resolved.is_relative_to(root)
    found = below(root, path)
    assert (found is not None) == inside
    assert found is None or root / found == resolved


def test_names_keep_their_script() -> None:
    assert dataset_name("ylecun/mnist") == "ylecun-mnist"
    assert dataset_name("우리 사진 #1") == "우리-사진-1"
    assert dataset_name("///") == "dataset"


def test_a_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pictures").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert existing("~/pictures", "folder") == (tmp_path / "pictures").resolve()
    with pytest.raises(SourceError, match=r"^~/music: no such folder\. Check the path$"):
        existing("~/music", "folder")


def test_fingerprints_do_not_run_together() -> None:
    assert fingerprint_of(["ab", "c"]) != fingerprint_of(["a", "bc"])
    assert fingerprint_of(["ab"]) == fingerprint_of([b"ab"])


def test_addresses() -> None:
    assert is_address("https://example.org/a.jpg")
    assert not is_address("a/b.jpg")
    assert not is_address("C:/b.jpg")


def test_rights_are_taken_from_the_usual_names() -> None:
    said = {"author": "Kim", "license": None, "url": "u", "artist": "Lee"}
    assert rights_of(said) == {"licence": None, "creator": "Kim", "source_url": "u"}
