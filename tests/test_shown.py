"""Every folder of the real data that is a dataset, dug by the command that a person would give.

The counts are those that the data's own README states.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]
WORDNET = "taxonomies/wordnet-imagenet/imagenet_class_hierarchy/wordnet"
# source string below the data folder, further words of the command, items, regions
DUG: dict[str, tuple[str, list[str], int, int | None]] = {
    "cifar10": ("parquet:{}/cifar10/*.parquet", [], 60_000, 0),
    "caltech101": ("folder:{}/caltech101", [], 2_060, 0),
    "omniglot": ("folder:{}/omniglot/images_background_small1.zip", [], 136 * 20, 0),
    "faces": ("folder:{}/faces", [], 8, 0),
    "coco128-panoptic": (
        "coco:{}/coco128/panoptic_segmentation/annotations/panoptic_val2017.json",
        ["--images", "{}/coco128/images/val2017"], 100, None,
    ),
    "panoptic": (
        "coco:{}/panopticapi/sample_data/panoptic_examples.json",
        ["--images", "{}/panopticapi/sample_data/input_images"], 2, None,
    ),
    "raccoon": ("voc:{}/raccoon-voc", [], 60, None),
    "coco128-boxes": (
        "yolo:{}/coco128/images/val2017",
        ["-o", "labels={}/coco128/object_detection/labels/val2017"], 128, 898,
    ),
    "labelme": ("labelme:{}/labelme/examples", [], 18, None),
    "fairface": (
        "csv:{}/fairface-labels/fairface_label_*.csv",
        ["-o", "labels=age,gender,race", "-o", "said_by=perceived"], 86_744 + 10_954, 0,
    ),
    "tate": ("tate:{}/tate", [], 69_202, 0),
    "coco2014-mini": (
        "croissant:{}/croissant/datasets/1.0/coco2014-mini/metadata.json", [], 2, None,
    ),
    "iiif": ("iiif:{}/iiif-cookbook/recipe/0001-mvm-image/manifest.json", [], 1, 0),
    "bluebirds": (
        "csv:{}/crowd-truth/bluebirds-duck/truth.csv",
        ["-o", "key=question", "-o", "labels=truth"], 108, 0,
    ),
    "dogs": (
        "csv:{}/crowd-truth/dog/truth.csv",
        ["-o", "key=question", "-o", "labels=truth"], 807, 0,
    ),
}  # fmt: skip


def excavate(*words: str) -> dict[str, Any]:
    """Run the command with --json in a process of its own, as a person does."""
    done = subprocess.run(
        [sys.executable, "-m", "excavate", *words, "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("name", DUG)
def test_dug_with_the_counts_of_its_readme(name: str, shared: Path, tmp_path: Path) -> None:
    source, words, items, regions = DUG[name]
    words = [word.format(shared) for word in words]
    dug = excavate(
        "dig", source.format(shared), "--site", str(tmp_path), "--dataset", name,
        "--only", "catalogue", *words,
    )["catalog"]  # fmt: skip
    assert dug["items"] == items
    if regions is not None:
        assert dug["regions"] == regions


def dig_cifar(shared: Path, site: Path) -> None:
    excavate(
        "dig", f"parquet:{shared}/cifar10/*.parquet", "--site", str(site),
        "--dataset", "cifar10", "--only", "catalogue",
    )  # fmt: skip


def test_votes_stand_beside_the_labels_of_cifar10(shared: Path, tmp_path: Path) -> None:
    dig_cifar(shared, tmp_path)
    common = ["--site", str(tmp_path), "--dataset", "cifar10", "--by-position"]
    counts = shared / "cifar10" / "cifar10h" / "data" / "cifar10h-counts.npy"
    ten = excavate(
        "labels", "add", str(counts), *common, "--split", "test", "--wide", "counts",
        "--said-by", "perceived", "--source", "CIFAR-10H",
    )  # fmt: skip
    assert (ten["items"], ten["labels"], ten["judgements"]) == (10_000, 100_000, 511_000)
    three = excavate(
        "labels", "add", str(shared / "cifar10" / "cifar10n" / "cifar10n_labels.npz"), *common,
        "--split", "train", "--wide", "annotators", "--column", "random_label1",
        "--column", "random_label2", "--column", "random_label3",
        "--said-by", "perceived", "--source", "CIFAR-10N",
    )  # fmt: skip
    assert (three["items"], three["judgements"], three["annotators"]) == (50_000, 150_000, 3)


def test_judgements_of_birds_and_dogs_are_joined(shared: Path, tmp_path: Path) -> None:
    for name, folder, answers in (
        ("bluebirds", "bluebirds-duck", 108 * 39),
        ("dogs", "dog", 807 * 10),
    ):
        source, words, *_ = DUG[name]
        excavate(
            "dig", source.format(shared), "--site", str(tmp_path), "--dataset", name,
            "--only", "catalogue", *words,
        )  # fmt: skip
        said = excavate(
            "labels", "add", str(shared / "crowd-truth" / folder / "answer.csv"),
            "--site", str(tmp_path), "--dataset", name, "--item", "question",
            "--annotator", "worker", "--label", "answer", "--said-by", "perceived",
            "--source", "crowd", "--labels", "names",
        )  # fmt: skip
        assert said["judgements"] == answers


def test_taxonomies_are_added_and_ilsvrc_is_held_against_wordnet(
    shared: Path, tmp_path: Path
) -> None:
    site = ["--site", str(tmp_path)]
    excavate("dig", "digits", *site, "--only", "catalogue")
    tree = excavate("taxonomy", "add", f"wordnet:{shared / WORDNET}", *site)
    assert (tree["nodes"], tree["edges"]) == (82_115, 75_850)
    ilsvrc = str(shared / WORDNET / "dataset_class_info.json")
    held = excavate(
        "taxonomy", "hold", "wordnet", *site, "--against", ilsvrc, "--below", "n00007846"
    )
    assert (held["nodes"], held["kept"]) == (6_979, 3)
    assert excavate(
        "taxonomy", "add", f"openimages:{shared / 'taxonomies' / 'openimages'}", *site
    )["nodes"] == 602  # fmt: skip
    whole = excavate("taxonomy", "show", "openimages", *site, "--with-parts")
    assert (whole["several_parents"], whole["depth"]) == (83, 5)
