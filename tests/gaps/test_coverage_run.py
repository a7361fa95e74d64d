"""Coverage through a real site: asked, repeated, varied, told; and a class out of real pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from excavate.digging import dig, embed_again
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.records import sentence, speaking
from excavate.gaps.registry import saying_of
from excavate.gaps.runs import coverage as run
from excavate.gaps.stored import Finding
from excavate.site import Site
from tests.conftest import SHARED

SHAPES = {  # of light and dark: the encoder sees no colours
    "bars": np.tile([[30, 30, 220, 220]], (4, 1)).repeat(2, 0).repeat(2, 1),
    "steps": np.tile([[30], [30], [220], [220]], (1, 4)).repeat(2, 0).repeat(2, 1),
    "rings": np.pad(np.full((4, 4), 220), 2, constant_values=30),
}
KINDS = {
    "whole/train": ("bars", "steps", "rings"),
    "whole/test": ("bars", "steps", "rings"),
    "part/all": ("bars", "steps"),
}


def pictures(root: Path, kinds: tuple[str, ...], seed: int, each: int = 40) -> None:
    draw = np.random.default_rng(seed)
    for kind in kinds:
        (root / kind).mkdir(parents=True)
        for n in range(each):
            noise = draw.integers(-60, 61, (8, 8))
            pixels = np.clip(SHAPES[kind] + noise, 0, 255).astype("uint8")
            Image.fromarray(pixels).save(root / kind / f"{n}.png")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """`whole` has train and test; `part` has no rings and was seen through one encoder less."""
    base = tmp_path_factory.mktemp("coverage")
    for seed, (name, kinds) in enumerate(KINDS.items()):
        dataset, split = name.split("/")
        pictures(base / dataset / (split if dataset == "whole" else ""), kinds, seed)
    for dataset, encoders in (("whole", ("pixels:4", "pixels:2")), ("part", ("pixels:4",))):
        dig(f"folder:{base / dataset}", base / "site", dataset=dataset, only="catalogue")
        for encoder in encoders:
            embed_again(base / "site", dataset=dataset, encoder=encoder)
    return Site(base / "site")


def asked(site: Site, dataset: str, reference: str | None = None, **given: object) -> Finding:
    return ask(site, Question("coverage", dataset, reference, None, given))


def test_the_missing_shape_is_found_named_and_told(site: Site) -> None:
    finding = asked(site, "part", "whole")
    [row] = finding.first_rows(9)
    assert (row["name"], row["size"]) == ("rings", 80)
    assert all("/rings/" in item for item in row["items"][:12])
    assert all(item.startswith("part/") for item in row["nearest"])
    assert finding.reference.name == "whole"
    assert finding.figures["auc"].low > 0.5
    for language, words in (("en", "thin in it against the reference"), ("ko", "항목이 드문 영역")):
        with speaking(language):
            assert words in sentence(finding)
            assert "rings" in sentence(finding)
            assert saying_of("coverage").judge(finding, row) is None


def test_the_other_way_round_nothing_is_thin(site: Site) -> None:
    back = asked(site, "whole", "part")
    assert back.rows.num_rows == 0
    assert back.figures["coverage"].value > 0.8
    with speaking("en"):
        assert "no region clearly belongs to the reference alone" in sentence(back)


def test_splits_are_held_against_each_other_and_a_part_against_its_whole(site: Site) -> None:
    found = asked(site, "whole/test", "whole/train")
    assert found.figures["items"].value == 120
    assert found.rows.num_rows == 0
    with speaking("en"):
        assert "does not tell the two apart as wholes" in sentence(found)
        assert "would be usual for sets of these sizes" in sentence(found)
    nested = asked(site, "whole/test", "whole")
    assert nested.figures["in_both"].value == 120
    assert nested.rows.num_rows == 0  # the rest of the whole is like it
    assert asked(site, "whole", "whole/test").figures["coverage"].value == 1


def test_asking_what_a_finding_asked_gives_the_finding(site: Site) -> None:
    finding = asked(site, "part", "whole")
    assert ask(site, finding.question).id == finding.id
    said = finding.made.provenance
    assert said["inputs"]["datasets"] == ["whole"]
    assert set(said["revisions"]) == {"part", "whole"}
    assert len(said["inputs"]["vectors"]) == 2
    assert said["parameters"]["permutations"] == 39
    assert said["encoder"]
    assert asked(site, "part", "whole", k="5").id == finding.id
    assert asked(site, "part", "whole", seed=1).id != finding.id


def test_other_settings(site: Site) -> None:
    apart = variants(site, asked(site, "part", "whole", permutations=0))
    assert [q.parameters["k"] for q in apart] == [2, 10, 5, 5, 5, 5, 5, 5]
    assert [q.parameters["seed"] for q in apart] == [0, 0, 1, 0, 0, 0, 0, 0]
    assert [q.parameters["folds"] for q in apart] == [5, 5, 5, 10, 5, 5, 5, 5]
    assert [q.parameters["rate"] for q in apart] == [0.1, 0.1, 0.1, 0.1, 0.05, 0.2, 0.1, 0.1]
    assert [q.reference for q in apart[5:]] == ["whole", "whole/train", "whole/test"]
    edge = variants(site, asked(site, "part", "whole", k=1, rate=0.5, folds=10, permutations=0))
    assert [q.parameters["k"] for q in edge] == [2, 1, 1, 1, 1, 1]  # what would not differ is out
    assert [q.parameters["rate"] for q in edge] == [0.5, 0.5, 0.5, 0.25, 0.5, 0.5]
    assert edge[2].parameters["folds"] == 5
    splits = variants(site, asked(site, "whole/test", "whole/train", permutations=0))
    assert len({q.encoder for q in splits}) == 2  # both were seen through two
    assert {q.reference for q in splits} == {"whole/train", "part"}  # `whole` holds the items
    for other in apart:
        assert ask(site, other).first_rows(1)[0]["name"] == "rings"


def test_what_is_worth_asking(site: Site) -> None:
    of_whole = [(q.dataset, q.reference) for q in questions(site, "whole", ["coverage"])]
    assert of_whole == [
        ("whole/test", "whole/train"), ("whole/train", "whole/test"), ("whole", "part"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dataset", "reference", "given", "why"),
    [
        ("part", None, {}, "nothing to hold it against: name a reference"),
        ("part", "part", {}, "the reference is the dataset itself"),
        ("part", "whole", {"k": 200}, "too few items to compare: {name} has {items}"),
    ],
)
def test_what_cannot_be_measured_says_why(
    site: Site, dataset: str, reference: str | None, given: dict[str, object], why: str
) -> None:
    finding = asked(site, dataset, reference, **given)
    assert not finding.is_measured
    assert finding.why_not[0].startswith(why)
    assert ask(site, finding.question).id == finding.id


def test_an_encoder_that_saw_one_of_them(site: Site) -> None:
    finding = ask(site, Question("coverage", "part", "whole", "pixels:2"))
    assert finding.why_not[0] == "no encoder has seen both {dataset} and {reference}"


def test_a_smaller_set_drawn_alike_is_no_gap(site: Site) -> None:
    """It reaches less because it is smaller, and the sentence says so."""
    finding = asked(site, "part", "whole")
    usual = finding.figures["coverage_by_chance"].value
    assert usual == pytest.approx(1 - np.prod([(240 - i) / (320 - i) for i in range(1, 6)]))
    with speaking("en"):
        assert f"less than the {usual:.1%} that is usual" in sentence(finding)
        found = asked(site, "whole/test", "whole/train", k=1)
        assert found.figures["coverage"].value < 0.7
        assert "less than" not in sentence(found)


def test_wrong_names_and_fields_are_told(site: Site) -> None:
    for reference in ("whole", None):
        with pytest.raises(NotFoundError, match="no embedding by pixls:4"):
            ask(site, Question("coverage", "part", reference, "pixls:4"))
    with pytest.raises(ExcavateError, match="no such dataset"):
        asked(site, "part", "whole/nowhere")
    with pytest.raises(ExcavateError, match="no such label field"):
        asked(site, "part", "whole", field="nothing")
    with pytest.raises(ExcavateError, match=r"k: 0 is below 1; rate: 2.0 is above"):
        asked(site, "part", "whole", k=0, rate="2")


def test_more_items_than_wanted_are_drawn_with_the_seed(site: Site) -> None:
    finding = asked(site, "part", "whole", most=100, permutations=0)
    assert finding.figures["reference_items"].value == 100
    assert finding.figures["items"].value == 80


def test_the_estimate_grows_with_what_there_is_to_do() -> None:
    given = {"folds": 5, "permutations": 0}
    assert run.seconds(100, 100, 64, given) < 1
    assert 10 < run.seconds(60_000, 60_000, 64, given) < 60
    assert run.seconds(100, 100, 64, {**given, "permutations": 39}) > 0.5


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_class_out_of_cifar_is_found(shared: Path) -> None:
    """benchmarks/planted/coverage.py, every class once: 0.87 is wanted."""
    assert shared == SHARED
    from benchmarks.planted.coverage import cifar, halved, planted

    runs = list(planted(*halved(cifar(), 0), 0))
    assert np.mean([run.ours for run in runs]) >= 0.87
    assert np.mean([run.margin for run in runs]) < 0.75
    assert all(run.first for run in runs)
