"""Concepts through a real site, with an encoder whose picture and word sides are planted."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from excavate.digging import dig, embed_again
from excavate.embedding import encoders
from excavate.errors import EncoderError, ExcavateError, NotFoundError, SourceError
from excavate.gaps.asking import Question, ask, questions, variants
from excavate.gaps.records import sentence, speaking
from excavate.gaps.registry import saying_of
from excavate.gaps.reproducing import reproduce
from excavate.gaps.robustness import robustness
from excavate.gaps.runs import concepts as run
from excavate.gaps.stored import Finding
from excavate.gaps.vocabulary import read_vocabulary
from excavate.settings import Settings
from excavate.site import Site
from tests.embedding.test_clip import TINY
from tests.gaps.planted_encoder import PROMPTS, picture
from tests.made import class_folder

EACH = 24
SHOWN = {"ours": ("sea", "gut"), "theirs": ("sea", "market", "jesa", "gut")}


def folder_of(root: Path, concepts: tuple[str, ...], seed: int) -> Path:
    """`root/CONCEPT/i.png`, and many pictures of nothing."""
    draw = np.random.default_rng(seed)
    for concept, count in [*((c, EACH) for c in concepts), ("nothing", 400)]:
        (root / concept).mkdir(parents=True)
        for i in range(count):
            shown = picture(None if concept == "nothing" else concept, draw)
            shown.save(root / concept / f"{i}.png")
    return root


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory):
    """(a site with two datasets, a vocabulary file)."""
    base = tmp_path_factory.mktemp("concepts")
    with pytest.MonkeyPatch.context() as patch:
        registered = ("tests.gaps.planted_encoder", "NUMBER")
        patch.setitem(encoders.REGISTRY, "planted", registered)
        for seed, (name, concepts) in enumerate(SHOWN.items()):
            made = folder_of(base / name, concepts, seed)
            source = f"folder:{made}"
            dig(source, base / "site", dataset=name, encoder="planted:1", only="catalogue")
            embed_again(base / "site", dataset=name, encoder="planted:1")
        file = base / "words.csv"
        with open(file, "w", encoding="utf-8", newline="") as out:
            rows = [(c, "planted", ko, en, "") for c, (ko, en) in PROMPTS.items()]
            csv.writer(out).writerows([("id", "group", "ko", "en", "note"), *rows])
        yield Site(base / "site"), file


def asked(planted: tuple[Site, Path], dataset: str = "ours", **given: object) -> Finding:
    site, file = planted
    reference, encoder = given.pop("reference", None), given.pop("encoder", None)
    parameters = {"vocabulary": str(file), **given}
    return ask(site, Question("concepts", dataset, reference, encoder, parameters))


def states(finding: Finding) -> dict[str, str]:
    return {row["concept"]: row["state"] for row in finding.first_rows(99)}


def test_absent_present_and_blind_are_told_apart(planted: tuple[Site, Path]) -> None:
    finding = asked(planted)
    assert states(finding) == {
        "market": "thin", "jesa": "thin", "sea": "present", "gut": "blind", "tidal flat": "blind",
    }  # fmt: skip
    rows = {row["concept"]: row for row in finding.first_rows(99)}
    assert (rows["jesa"]["heard_in"], rows["jesa"]["en_state"]) == ("ko", "blind")
    assert finding.figures["disagree"].value == 1
    assert finding.reference.kind == "dataset"
    assert finding.reference.name == "theirs"
    assert all(item.startswith("ours/all/sea/") for item in rows["sea"]["items"])
    assert rows["sea"]["low"] <= rows["sea"]["score"] <= rows["sea"]["high"]
    assert rows["sea"]["en_auc"] > 0.99  # the control labels it so; `the sea` is `sea`
    assert rows["market"]["en_auc"] is None  # its id is a label, what it asks for is not


def test_the_other_way_round_nothing_is_thin(planted: tuple[Site, Path]) -> None:
    back = asked(planted, "theirs")
    assert set(states(back).values()) == {"present", "blind"}
    assert states(back)["market"] == "present"


def test_asking_what_a_finding_asked_gives_the_finding(planted: tuple[Site, Path]) -> None:
    finding = asked(planted)
    assert ask(planted[0], finding.question).id == finding.id
    assert finding.made.provenance["inputs"]["datasets"] == ["theirs"]
    assert set(finding.made.provenance["revisions"]) == {"ours", "theirs"}
    others = variants(planted[0], finding)
    assert len({ask(planted[0], other).id for other in others} | {finding.id}) == 1 + len(others)


def test_only_what_is_thin_there_too_holds(
    planted: tuple[Site, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every setting has a row of every concept: that a row is there says nothing."""
    known = run.variants

    def hard(site: Site, question: Question) -> list[Question]:
        strict = {**question.parameters, "thin": 0.01}
        return [*known(site, question), replace(question, parameters=strict)]

    monkeypatch.setattr(run, "variants", hard)
    site, finding = planted[0], asked(planted)
    robust = robustness(site, finding)
    assert [key["concept"] for key in robust.keys] == ["jesa", "market"]
    flipped = ask(
        site, replace(finding.question, parameters={**finding.question.parameters, "thin": 0.01})
    )
    assert states(flipped)["market"] == "undecided"
    [strict] = [one for one in robust.settings if "thin" in one.changes]
    assert (strict.rows, list(strict.ranks)) == (0, [None, None])
    assert robust.first_holds == robust.first_tried - 1
    back = robustness(site, asked(planted, "theirs"))
    assert (back.keys, back.first_holds) == ([], back.first_tried)


def test_a_split_of_itself_and_what_is_not_there(planted: tuple[Site, Path]) -> None:
    with pytest.raises(ExcavateError, match="its own items"):
        asked(planted, reference="ours/all")
    with pytest.raises(NotFoundError, match="no such dataset"):
        asked(planted, reference="nowhere")
    with pytest.raises(NotFoundError, match="by this encoder"):
        asked(planted, encoder="planted:7")
    with pytest.raises(ExcavateError, match="template_en"):
        asked(planted, template_en="a photo")
    with pytest.raises(NotFoundError, match="no such vocabulary"):
        asked(planted, vocabulary="nowhere.csv")


def test_a_broken_vocabulary_says_all_that_is_wrong(
    planted: tuple[Site, Path], tmp_path: Path
) -> None:
    (tmp_path / "broken.csv").write_text("id,group,ko,en\n,x,바다,sea\na,x,,\na,x,바다\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        asked(planted, vocabulary=str(tmp_path / "broken.csv"))
    assert caught.value.count == 3


def test_both_languages_have_a_sentence(planted: tuple[Site, Path]) -> None:
    finding = asked(planted)
    with speaking("en"):
        said = sentence(finding)
        assert said.startswith("2 of 5 concepts are thin in ours against the dataset theirs")
        assert "a traditional market" in said
        words = saying_of("concepts")
        assert words.column("ko_score") == "times the control's share, by the Korean words"
    with speaking("ko"):
        assert "재래시장" in sentence(finding)


def test_a_second_encoder_stands_beside_the_first(
    planted: tuple[Site, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, _ = planted
    for name in SHOWN:
        embed_again(site.folder.path, dataset=name, encoder="planted:2")
    both = asked(planted, encoder="planted:1", second="planted:2")
    row = both.first_rows(1)[0]
    assert row["second_state"] == row["state"] == "thin"
    assert both.figures["encoders_agree"].value == 5
    assert both.question.parameters["second"] == "planted 2"


@pytest.mark.torch
def test_a_real_clip_goes_through_end_to_end(tmp_path: Path) -> None:
    """A tiny architecture with seeded weights: it knows nothing, and little may be called thin."""
    import open_clip
    import torch

    (tmp_path / "Tiny-Concepts.json").write_text(json.dumps(TINY), "utf-8")
    open_clip.add_model_config(tmp_path / "Tiny-Concepts.json")
    torch.manual_seed(0)
    weights = open_clip.create_model("Tiny-Concepts", load_weights=False).state_dict()
    torch.save(weights, tmp_path / "tiny.pt")
    spec, settings = f"clip:Tiny-Concepts/{tmp_path}/tiny.pt", Settings(device="cpu")
    for seed, name in enumerate(("a", "b")):
        source = f"folder:{class_folder(tmp_path / name, (f'x{seed}', 'y'), 30)}"
        dig(source, tmp_path / "site", dataset=name, only="catalogue")
        embed_again(tmp_path / "site", dataset=name, encoder=spec)
    site = Site(tmp_path / "site", settings)
    assert len(questions(site, "a", ["concepts"])) == 3
    finding = ask(site, Question("concepts", "a", parameters={"vocabulary": "places"}))
    assert finding.rows.num_rows == len(read_vocabulary("places").concepts)
    counted = Counter(row["state"] for row in finding.first_rows(999))
    assert counted["thin"] <= 0.05 * finding.rows.num_rows, counted
    assert finding.question.encoder.startswith("clip Tiny-Concepts sha256:")
    assert finding.parameters["lens"] == spec
    assert reproduce(site, finding.made.file("json")).verdict == "same"
    again = site.said(["바다", "바다", "sea"])
    assert again.shape == (3, 16)
    assert np.allclose(np.linalg.norm(again, axis=1), 1, atol=1e-6)
    assert np.array_equal(again[0], again[1])


def test_without_words_or_control_it_says_so(tmp_path: Path, planted: tuple[Site, Path]) -> None:
    dig(f"folder:{planted[1].parent / 'ours'}", tmp_path / "s", dataset="a", only="catalogue")
    site = Site(tmp_path / "s", Settings())
    [none] = questions(site, "a", ["concepts"])
    assert ask(site, none).why_not[0] == "it has no embedding"
    embed_again(site.folder.path, dataset="a", encoder="pixels:8")
    [only] = questions(site, "a", ["concepts"])
    finding = ask(site, only)
    assert (finding.is_measured, finding.why_not[0]) == (False, "this encoder knows no words")
    embed_again(site.folder.path, dataset="a", encoder="planted:1")
    assert len(questions(site, "a", ["concepts"])) == 3
    alone = ask(site, Question("concepts", "a", parameters={"vocabulary": str(planted[1])}))
    assert alone.reference.kind == "vocabulary"
    assert states(alone) == {
        "sea": "present", "market": "blind", "jesa": "blind", "gut": "blind", "tidal flat": "blind",
    }  # fmt: skip
    assert {row["score"] for row in alone.first_rows(9)} == {None}
    with speaking("en"):
        assert sentence(alone).startswith("Without a control: 1 of 5 concepts find pictures in a")
    parameters = {"second": "pixels:8"}
    with pytest.raises(EncoderError, match="knows no words"):
        ask(site, Question("concepts", "a", encoder="planted:1", parameters=parameters))
