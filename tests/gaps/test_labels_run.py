"""Labels in doubt through a real site: labels, vectors and people's votes as they are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from excavate.catalog.added_labels import add_labels
from excavate.catalog.label_tables import LabelPlan
from excavate.digging import dig, embed_again
from excavate.errors import ExcavateError
from excavate.gaps.asking import ask, questions, variants
from excavate.gaps.question import Question
from excavate.gaps.records import speaking
from excavate.gaps.registry import run_of, saying_of
from excavate.gaps.stored import Finding
from excavate.site import Site

KINDS = ("red", "green", "blue")  # bright above, at the left, in a corner
ODD = "blue/odd.png"  # a red picture under blue


def drawn(kind: str, draw: np.random.Generator) -> Image.Image:
    """A grey square, a part of it bright."""
    pixels = draw.integers(0, 90, (8, 8))
    bright = {"red": np.s_[:4], "green": np.s_[:, :4], "blue": np.s_[4:, 4:]}[kind]
    pixels[bright] += 150
    return Image.fromarray(pixels.astype("uint8")).convert("RGB")


def pictures(root: Path) -> Path:
    """Thirty a kind; and one that lies under the wrong name."""
    draw = np.random.default_rng(3)
    for kind in KINDS:
        (root / kind).mkdir(parents=True)
        for n in range(30):
            drawn(kind, draw).save(root / kind / f"{n}.png")
    drawn("red", draw).save(root / ODD)
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("labels")
    dig(f"folder:{pictures(folder / 'blots')}", folder / "site", only="catalogue")
    embed_again(folder / "site", dataset="blots", encoder="pixels:4")
    return Site(folder / "site")


def one(site: Site, **parameters: object) -> Finding:
    return ask(site, Question("labels", "blots", parameters=parameters))


def test_the_wrong_name_is_found_and_the_same_when_asked_again(site: Site) -> None:
    [question] = questions(site, measures=["labels"])
    found = ask(site, question)
    first = found.first_rows(1)[0]
    assert first["item"].endswith(ODD)
    assert (first["kind"], first["given"], first["suggested"]) == ("likely error", "blue", "red")
    assert (found.question.encoder or "").startswith("pixels")
    assert found.made.provenance["inputs"]["vectors"] == [site.embeddings()[0].id]
    assert ask(site, found.question).id == found.id
    others = [ask(site, asked) for asked in variants(site, found)]
    assert len({other.id for other in others} | {found.id}) == 7
    assert all(other.first_rows(1)[0]["item"] == first["item"] for other in others)


def test_it_says_in_words_who_doubts(site: Site) -> None:
    found = one(site)
    words = saying_of("labels")
    row = found.first_rows(1)[0]
    with speaking("en"):
        said = words.sentence(found)
        assert said.startswith("The folder label of 1 of 91 items, 1.1 % (0.")
        assert "is doubted by a probe through pixels:4." in said
        assert words.row(found, row) == "blue, or red? (a probe)"
        assert words.judge(found, row) == "Is the label “blue” wrong for this picture?"
    with speaking("ko"):
        assert "항목 91개 가운데 1개" in words.sentence(found)


@pytest.fixture
def voiced(tmp_path: Path) -> Callable[..., Site]:
    """The site with votes joined: people all say green of one red picture."""
    folder = tmp_path / "site"
    dig(f"folder:{pictures(tmp_path / 'blots')}", folder, only="catalogue")
    embed_again(folder, dataset="blots", encoder="pixels:4")

    def voted(said_by: str, votes: int = 9) -> Site:
        items = Site(folder).items("blots")["item_id"]
        lines = []
        for item in items:
            kind, file = item.split("/")[-2:]
            loud = "green" if (kind, file) == ("red", "4.png") else kind
            lines += [f"{item},{loud},{votes}", f"{item},blue,1"] if loud != "blue" else []
        (tmp_path / "votes.csv").write_text("\n".join(["item,label,count", *lines]) + "\n")
        plan = LabelPlan(count="count")
        add_labels(folder, tmp_path / "votes.csv", plan, dataset="blots", said_by=said_by,
                   source="a vote")  # fmt: skip
        return Site(folder)

    return voted


def test_people_are_heard_and_named(voiced: Callable[..., Site]) -> None:
    site = voiced("perceived")
    found = one(site)
    rows = {str(row["item"]).rpartition("/")[2]: row for row in found.first_rows(9)}
    assert (rows["4.png"]["suggested"], rows["4.png"]["for_given"]) == ("green", 0)
    assert rows["4.png"]["votes"] == 10
    assert found.figures["voted"].value == 60
    assert (found.reference and found.reference.note) == "a vote"
    assert rows["odd.png"]["opinion"] == "probe"  # nobody voted on it
    alone = one(site, voices="none")
    assert alone.id != found.id
    assert "4.png" not in {str(row["item"]).rpartition("/")[2] for row in alone.first_rows(9)}
    assert "none" in {",".join(q.parameters["voices"]) for q in variants(site, found)}
    with pytest.raises(ExcavateError, match="There are: a vote"):
        one(site, voices="somebody")


def test_votes_joined_anew_are_another_finding(voiced: Callable[..., Site]) -> None:
    found = one(voiced("perceived"))
    again = one(voiced("perceived", 8))
    assert again.id != found.id
    assert again.parameters["voices"] == found.parameters["voices"]
    assert again.first_rows(1)[0]["votes"] in (9, None)


def test_a_machine_is_no_voice(voiced: Callable[..., Site]) -> None:
    assert one(voiced("machine")).parameters["voices"] == []


def test_nothing_is_asked_of_who_a_person_is(tmp_path: Path) -> None:
    lines = [f"{n},{('a', 'b')[n % 2]},{n};{n + 1}" for n in range(20)]
    (tmp_path / "faces.csv").write_text("\n".join(["id,race,things", *lines]) + "\n")
    given = {"key": "id", "labels": "race,things", "multiple": "things:;"}
    dig(f"csv:{tmp_path / 'faces.csv'}", tmp_path / "site", only="catalogue", options=given)
    site = Site(tmp_path / "site")
    said = [str(ask(site, q).why_not[0]) for q in questions(site, measures=["labels"])]
    assert len(said) == 1
    refused = ask(site, Question("labels", "faces", parameters={"field": "race"}))
    assert "nothing guesses that from pixels" in refused.why_not[0]
    several = ask(site, Question("labels", "faces", parameters={"field": "things"}))
    assert "several labels" in several.why_not[0]
    assert json.dumps(dict(several.parameters))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Red blots are called woman; the rest as they are."""
    folder = tmp_path_factory.mktemp("mixed")
    root = pictures(folder / "blots")
    (root / "red").rename(root / "woman")
    dig(f"folder:{root}", folder / "site", only="catalogue")
    embed_again(folder / "site", dataset="blots", encoder="pixels:4")
    return Site(folder / "site")


def test_where_some_labels_are_of_persons_only_the_others_are_asked_about(mixed: Site) -> None:
    [question] = questions(mixed, measures=["labels"])
    refused = ask(mixed, question)
    assert not refused.is_measured
    with speaking("en"):
        assert "labels of folder say what a person is (woman)" in refused.why_not[0].format(
            **refused.why_not[1]
        )
    vouched = one(mixed, of_persons="no")
    assert (vouched.parameters["of_persons"], vouched.parameters["not_asked_of"]) == (
        "no", ["woman"],
    )  # fmt: skip
    assert vouched.figures["of_persons"].value == 30
    assert not {"woman"} & {r[c] for r in vouched.rows.to_pylist() for c in ("given", "suggested")}
    assert ask(mixed, vouched.question).id == vouched.id
    with speaking("en"):
        assert "30 items stayed out" in saying_of("labels").sentence(vouched)


def test_nobody_can_vouch_for_a_field_that_is_plainly_of_persons(tmp_path: Path) -> None:
    lines = [f"{n},{('male', 'female')[n % 2]}" for n in range(20)]
    (tmp_path / "faces.csv").write_text("\n".join(["id,what", *lines]) + "\n")
    dig(f"csv:{tmp_path / 'faces.csv'}", tmp_path / "site", only="catalogue",
        options={"key": "id", "labels": "what"})  # fmt: skip
    asked = Question("labels", "faces", parameters={"field": "what", "of_persons": "no"})
    found = ask(Site(tmp_path / "site"), asked)
    assert "nothing guesses that from pixels" in found.why_not[0]


def test_variants_stay_within_what_may_be_asked(site: Site) -> None:
    edge = one(site, k=1000, strength=1e6, seed=2**32 - 1)
    for asked in variants(site, edge):
        assert run_of("labels").prepare(site, asked).parameters != edge.question.parameters


def test_names_that_are_wrong_are_told(site: Site) -> None:
    with pytest.raises(ExcavateError, match="no such field"):
        one(site, field="colour")
    with pytest.raises(ExcavateError, match="no embedding"):
        ask(site, Question("labels", "blots", encoder="other"))
    with pytest.raises(ExcavateError, match=r"eave .*out"):
        ask(site, Question("labels", "blots", reference="blots"))
