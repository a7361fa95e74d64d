"""Duplicates through a real site: kept hashes, splits, references, the words that are said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from excavate import dig, open_site
from excavate.digging import embed_again
from excavate.errors import ExcavateError, NotFoundError
from excavate.gaps import hashed as hashed_module
from excavate.gaps.asking import ask, variants
from excavate.gaps.question import Question
from excavate.gaps.registry import REGISTRY, run_of, saying_of
from excavate.i18n import speak
from excavate.site import Site
from tests.made import picture

SIDE = 64


def scene(seed: int) -> Image.Image:
    """Smooth shapes, as in a photograph: noise of 6 x 6 enlarged."""
    small: Image.Image = picture(seed, 6, 6)
    return small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """`mine`: train and test, with planted copies; `theirs`: one picture of mine, resaved."""
    tmp_path = tmp_path_factory.mktemp("copies")
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine / "train" / "a", mine / "test" / "a", theirs / "b"):
        folder.mkdir(parents=True)
    for n in range(20):
        scene(n).save(mine / "train" / "a" / f"{n}.png")
        scene(100 + n).save(mine / "test" / "a" / f"{n}.png")
        scene(200 + n).save(theirs / "b" / f"{n}.png")
    scene(0).save(mine / "test" / "a" / "same.png")
    scene(1).save(mine / "test" / "a" / "jpeg.jpg", quality=60)
    ImageOps.mirror(scene(2)).save(mine / "train" / "a" / "mirrored.png")
    ImageEnhance.Brightness(scene(3).rotate(90)).enhance(0.8).save(mine / "test" / "a" / "turn.png")
    for n in range(3):  # of one colour: alike, but no copies
        Image.new("RGB", (SIDE, SIDE), (n, 40 * n, 90)).save(mine / "train" / "a" / f"flat{n}.png")
    scene(5).resize((50, 50)).save(theirs / "b" / "small.png")
    for name, folder in (("mine", mine), ("theirs", theirs)):
        for only in ("catalogue", "embed"):
            dig(f"folder:{folder}", tmp_path / "site", dataset=name, encoder="pixels:8", only=only)
    return open_site(tmp_path / "site")


def test_planted_copies_come_out_and_nothing_else(site: Site) -> None:
    asked = Question("duplicates", "mine", parameters={"methods": "exact,hash"})
    finding = ask(site, asked)
    rows = {tuple(r["items"]): r for r in finding.rows.to_pylist()}
    names = {tuple(sorted(i.rpartition("/")[2] for i in items)) for items in rows}
    assert names == {
        ("0.png", "same.png"), ("1.png", "jpeg.jpg"), ("2.png", "mirrored.png"),
        ("3.png", "turn.png"),
    }  # fmt: skip
    turns = {r["items"][-1].rpartition("/")[2]: (r["kind"], r["turn"]) for r in rows.values()}
    assert turns["mirrored.png"] == ("hash", "mirrored")
    first = finding.first_rows(1)[0]
    assert (first["kind"], first["crossing"], first["splits"]) == ("exact", True, ["test", "train"])
    assert not finding.first_rows(4)[3]["crossing"]
    figures = finding.figures
    assert figures["flat"].value == 3
    assert figures["leak|hash|test|train"].value == pytest.approx(3 / 23)
    assert figures["distinct"].value == 47 - 4
    assert finding.reference is not None
    assert finding.reference.kind == "itself"


def test_hashes_are_computed_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(site, Question("duplicates", "mine"))
    assert hashed_module.hashes_made(site, "mine").exists()
    monkeypatch.setattr(hashed_module, "_blocks", None)  # would fail if it were called
    wider = ask(site, Question("duplicates", "mine", parameters={"radius": 8}))
    assert wider.id != first.id
    table = hashed_module.hashed(site, "mine")
    assert table.num_rows == 47
    lengths = np.linalg.norm(hashed_module.waves_in(table).astype(float), axis=1)
    assert np.allclose(lengths[table["certain"].to_numpy() > 0], 1, atol=1e-2)


def test_asking_again_is_the_same_finding_and_variants_are_others(site: Site) -> None:
    finding = ask(site, Question("duplicates", "mine"))
    assert finding.question.encoder is not None
    assert ask(site, finding.question).id == finding.id
    ids = {run_of("duplicates").prepare(site, v).parameters["radius"] for v in
           variants(site, finding)}  # fmt: skip
    assert {4, 6, 8} <= ids
    asked = [v.parameters for v in variants(site, finding)]
    assert {p["alike"] for p in asked} >= {0.85, 0.9, 0.95}
    assert False in {p["turns"] for p in asked}
    edge = replace(finding.question, parameters={"k": 250, "chance": 1e6, "alike": 1, "radius": 10})
    edge = run_of("duplicates").prepare(site, edge).question
    for variant in run_of("duplicates").variants(site, edge):
        assert run_of("duplicates").prepare(site, variant).parameters != edge.parameters
    assert finding.made.provenance["inputs"]["vectors"]
    for variant in variants(site, finding):
        assert ask(site, variant).id != finding.id


def test_against_a_reference_only_the_shared_picture_is_told(site: Site) -> None:
    finding = ask(site, Question("duplicates", "mine/train", "theirs"))
    [row] = finding.rows.to_pylist()
    assert [i.rpartition("/")[2] for i in row["items"]] == ["5.png", "small.png"]
    assert row["splits"] == ["mine/train", "theirs"]
    assert set(finding.made.provenance["revisions"]) == {"mine", "theirs"}
    split = ask(site, Question("duplicates", "mine/test", "mine/train"))
    assert {r["kind"] for r in split.rows.to_pylist()} >= {"exact", "hash"}
    leaks = {n.split("|", 2)[2] for n in finding.figures if n.startswith("leak|")}
    assert leaks == {"mine/train|theirs", "theirs|mine/train"}
    assert {v.reference for v in variants(site, split)} == {"mine/train"}  # there is no third
    with pytest.raises(ExcavateError, match="own items"):
        ask(site, Question("duplicates", "mine/test", "mine"))
    with pytest.raises(NotFoundError):
        ask(site, Question("duplicates", "mine", "nobody"))


def test_by_bytes_and_hash_alone_nothing_is_seen_through_an_encoder(site: Site) -> None:
    asked = Question("duplicates", "mine", None, "pixels:8", {"methods": "exact,hash"})
    found = ask(site, asked)
    assert found.question.encoder is None
    assert found.id == ask(site, replace(asked, encoder=None)).id
    ids = [ask(site, one).id for one in variants(site, found)]
    assert found.id not in ids
    assert len(set(ids)) == len(ids)


def test_an_encoder_that_is_not_there_is_told(site: Site) -> None:
    with pytest.raises(NotFoundError):
        ask(site, Question("duplicates", "mine", encoder="pixels:9"))


def test_the_newest_encoder_that_both_sides_share_is_used(tmp_path: Path) -> None:
    for name, encoders in (("one", ("pixels:8", "pixels:4")), ("two", ("pixels:8",)), ("dark", ())):
        folder = tmp_path / name / "a"
        folder.mkdir(parents=True)
        for n in range(24):
            scene(n if n < 3 else n + 100 * len(encoders)).save(folder / f"{n}.png")
        dig(f"folder:{folder.parent}", tmp_path / "site", dataset=name, only="catalogue")
        for encoder in encoders:
            embed_again(tmp_path / "site", dataset=name, encoder=encoder)
    site = open_site(tmp_path / "site")
    found = ask(site, Question("duplicates", "one", "two"))
    assert (found.question.encoder or "").startswith("pixels 8")
    assert found.figures["matched by embedding"].value >= 3
    assert {v.reference for v in variants(site, found)} == {"two", "dark"}
    blind = ask(site, Question("duplicates", "one", "dark"))
    assert blind.parameters["not_measured"] == {"embedding": "no encoder has seen both sides"}


def test_it_is_said_in_both_languages(site: Site) -> None:
    saying, finding = saying_of("duplicates"), ask(site, Question("duplicates", "mine"))
    alone = ask(site, Question("duplicates", "theirs", parameters={"methods": "exact"}))
    against = ask(site, Question("duplicates", "mine", "theirs"))
    for language, words in (("en", "different pictures"), ("ko", "서로 다른 그림")):
        speak(language)
        said = saying.sentence(finding)
        assert words in said
        assert "{" not in said + saying.sentence(alone) + saying.sentence(against)
        assert all("{" not in saying.row(finding, r) for r in finding.first_rows(9))
        headings = [*finding.figures, *finding.rows.column_names]
        assert not [name for name in headings if set("|_") & set(saying.column(name))]
    speak("en")
    assert saying.sentence(alone) == "None of the 21 items was found to be a copy of another."
    assert "also in" in saying.sentence(finding)
    assert saying.column("leak|hash|*|*") == "all splits also in another split, by hash"
    assert saying.judge(finding, finding.first_rows(1)[0])
    assert REGISTRY["duplicates"].pairs


def test_without_embedding_the_rest_is_measured_and_this_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "pictures" / "a"
    folder.mkdir(parents=True)
    for n in range(5):
        scene(n).save(folder / f"{n}.png")
    dig(f"folder:{folder.parent}", tmp_path / "site", dataset="few", only="catalogue")
    finding = ask(open_site(tmp_path / "site"), Question("duplicates", "few"))
    assert finding.is_measured
    assert finding.parameters["not_measured"] == {"embedding": "there are no embeddings"}
    assert "matched by embedding" not in finding.figures
    speak("en")
    said = saying_of("duplicates").sentence(finding)
    assert said.endswith("Not measured by embedding: there are no embeddings.")
