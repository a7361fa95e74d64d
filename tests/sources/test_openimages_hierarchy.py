"""The hierarchy of Open Images: a DAG, its Part edges apart, every fault of it in one error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import SourceError
from excavate.model import Category
from excavate.sources.openimages_hierarchy import read_hierarchy
from tests.sources.fixtures import put

TREE = {
    "LabelName": "/m/root",
    "Subcategory": [
        {"LabelName": "/m/animal", "Subcategory": [{"LabelName": "/m/cat"}]},
        {
            "LabelName": "/m/pet",
            "Subcategory": [{"LabelName": "/m/cat", "Part": [{"LabelName": "/m/tail"}]}],
        },
        {"LabelName": "/m/tail"},
    ],
}


def read(root: Path, tree: Any, names: str | None = None) -> list[Category]:
    """The hierarchy of a JSON and, where there are any, its names."""
    file = put(root / "tree.json", tree if isinstance(tree, str) else json.dumps(tree))
    return read_hierarchy(file, put(root / "names.csv", names) if names is not None else None)


def refused(root: Path, tree: Any, names: str | None = None) -> str:
    """The error that they give, the folder left out."""
    with pytest.raises(SourceError) as error:
        read(root, tree, names)
    return str(error.value).replace(str(root), "ROOT")


def test_a_label_at_several_places_has_several_parents(tmp_path: Path) -> None:
    said = read(tmp_path, TREE, 'LabelName,DisplayName\n/m/cat,"고양이, cat"\n\n/m/off,Off\n')
    assert said == [
        Category("/m/root", "/m/root"),
        Category("/m/animal", "/m/animal", ("/m/root",)),
        Category("/m/cat", "고양이, cat", ("/m/animal", "/m/pet")),
        Category("/m/pet", "/m/pet", ("/m/root",)),
        Category("/m/tail", "/m/tail", ("/m/root",), {"part_of": ["/m/cat"]}),
    ]


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            {"LabelName": "a", "Part": {}, "Subcategory": [{"Name": "b"}, 3]},
            "ROOT/tree.json: faults in the hierarchy (3). "
            "Give the files as Open Images publishes them\n"
            "  the root: a: Part is not a list\n"
            "  a Subcategory[0]: no LabelName that is text\n"
            "  a Subcategory[1]: no LabelName that is text",
        ),
        (
            {
                "LabelName": "a",
                "Subcategory": [{"LabelName": "b", "Subcategory": [{"LabelName": "a"}]}],
            },
            "ROOT/tree.json: faults in the hierarchy (2). "
            "Give the files as Open Images publishes them\n"
            "  a: is a subcategory of itself, by way of others, or hangs below one that is\n"
            "  b: is a subcategory of itself, by way of others, or hangs below one that is",
        ),
        (
            '{"LabelName": ',
            "ROOT/tree.json: not JSON at line 1, column 15 (Expecting value). "
            "Give the files as Open Images publishes them",
        ),
        (
            '{"LabelName": "a", "Subcategory": [' + "[" * 200_000,
            "ROOT/tree.json: not JSON (maximum recursion depth exceeded while decoding a JSON "
            "array from a unicode string). Give the files as Open Images publishes them",
        ),
    ],
)
def test_every_fault_of_a_hierarchy_in_one_error(tree: Any, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, tree) == message


def test_every_fault_of_the_names_in_one_error(tmp_path: Path) -> None:
    assert refused(tmp_path, TREE, "/m/cat,Cat\n/m/cat,Dog\n/m/dog\n") == (
        "ROOT/names.csv: faults in the class descriptions (2). "
        "Give the files as Open Images publishes them\n"
        "  line 2: /m/cat has another name above\n"
        "  line 3: 1 fields, not LABEL,NAME"
    )


def test_names_as_they_are_and_fields_that_are_too_long(tmp_path: Path) -> None:
    assert read(tmp_path, TREE, '/m/cat,"a\u2028b\x0bc\nd"\n')[2].name == "a\u2028b\x0bc\nd"
    assert refused(tmp_path, TREE, f"/m/cat,Cat\n/m/cat\n/m/dog,{'x' * 140_000}\n") == (
        "ROOT/names.csv: faults in the class descriptions (2). "
        "Give the files as Open Images publishes them\n"
        "  line 2: 1 fields, not LABEL,NAME\n"
        "  line 3: field larger than field limit (131072)"
    )


def test_words_that_are_no_unicode_are_refused(tmp_path: Path) -> None:
    assert "half of a surrogate pair" in refused(tmp_path, '{"LabelName": "\\ud800"}')


@pytest.mark.shared_data
def test_the_published_hierarchy(shared: Path) -> None:
    """602 labels; 83 with several parents of either sort, 45 of them by kind alone.

    The 53 places of the file that are Parts name 38 different edges.
    """
    folder = shared / "taxonomies" / "openimages"
    file = folder / "bbox_labels_600_hierarchy.json"
    said = read_hierarchy(file, folder / "class-descriptions-boxable.csv")
    part_of = {c.category_id: c.extra.get("part_of", []) for c in said}
    assert len(said) == len(part_of) == 602
    either = [c for c in said if len({*c.parents, *part_of[c.category_id]}) > 1]
    assert (len(either), sum(len(c.parents) > 1 for c in said)) == (83, 45)
    assert sum(map(len, part_of.values())) == 38
    assert _part_places(json.loads(file.read_text())) == 53
    assert [c.category_id for c in said if not c.parents] == ["/m/0bl9f"]
    assert [c.name for c in said if c.name == c.category_id] == ["/m/0bl9f"]


def _part_places(node: dict[str, Any]) -> int:
    below = [*node.get("Part", []), *node.get("Subcategory", [])]
    return len(node.get("Part", [])) + sum(map(_part_places, below))
