"""What absences point at: there when it is said, checked through the neighbours, held later."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from excavate.digging import dig
from excavate.dossiers.reading import read_archive
from excavate.errors import NotFoundError, RefusedError
from excavate.gaps.asking import measure
from excavate.i18n import speak
from excavate.site import Site
from excavate.workshop.about import MOST_ITEMS, About
from excavate.workshop.absences import (
    GivenAbsence,
    GivenEvidence,
    add_evidence,
    correct,
    one_absence,
    say,
)
from excavate.workshop.holding import CHANGED, GONE, HOLDS, UNCHECKED, held, holding
from excavate.workshop.ids import new_id
from excavate.workshop.lassoed import (
    NOT_MEASURED,
    ONLY_LAYOUT,
    SUPPORTED,
    check_lasso,
    told_of,
    within,
)
from excavate.workshop.pinning import pinned
from tests.workshop.given import author
from tests.workshop.pointed import PLACES, layout_called, loop, pointed_site

DOSSIER = """
id = "ours"
kind = "image"
name = {{ en = "Ours" }}
[[fact]]
id = "ours-01"
topic = "year"
text = {{ en = "{text}" }}
source = "its page"
status = "seen"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return pointed_site(tmp_path_factory.mktemp("pointed"))


@pytest.fixture(scope="module")
def finding(site):
    return measure(site, "intersections", "all", columns=["label:folder", "attribute:place"])


def item(site: Site, colour: str = "left") -> str:
    return next(one for one in site.items("all")["item_id"] if f"/{colour}/" in one)


def lasso(site: Site, method: str = "by side", at=PLACES["left"], radius: float = 3.0) -> About:
    return About("lasso", {"layout_id": layout_called(site, method), "polygon": loop(*at, radius)})


def faults(site: Site, kind: str, **value) -> list[str]:
    return [fault.what for fault in pinned(site, About(kind, value))[1]]


def test_what_is_there_is_pinned_as_it_is(site, finding):
    revision = site.revisions()["all"]
    one = item(site)
    sha256 = site.items("all").set_index("item_id").loc[one, "sha256"]
    for kind, value, at in (
        ("dataset", {"dataset": "all"}, {"dataset": "all", "revision": revision}),
        ("item", {"item_id": one}, {"dataset": "all", "sha256": sha256, "revision": revision}),
        ("category", {"dataset": "all", "name": "left"}, {"dataset": "all", "revision": revision}),
        ("cell", {"dataset": "all", "values": {"attribute:place": "Seoul", "folder": "left"}},
         {"dataset": "all", "revision": revision, "count": 10}),
        ("cell", {"dataset": "all", "values": {"place": "Jeju"}},
         {"dataset": "all", "revision": revision, "count": 0}),
        ("finding", {"finding_id": finding.id, "row": 0},
         {"dataset": "all", "measure": "intersections", "revisions": {"all": revision}}),
        ("search", {"words": "갓"}, {"revisions": site.revisions()}),
    ):  # fmt: skip
        about, told = pinned(site, About(kind, value))
        assert told == []
        assert (dict(about.value), dict(about.at)) == (value, at), kind


def test_what_is_not_there_is_told_all_at_once(site, finding):
    assert faults(site, "dataset", dataset="none") == ["no such dataset"]
    assert faults(site, "item", item_id="all/all/none") == ["no such item"]
    assert faults(site, "part", item_id="none", xywh="percent:0,0,5,5") == ["no such item"]
    assert faults(site, "category", dataset="part", name="top") == ["no such category"]
    assert faults(site, "category", taxonomy="none", name="top") == ["no such category"]
    assert faults(site, "finding", finding_id="none") == ["no such finding"]
    assert faults(site, "finding", finding_id=finding.id, row=9999) == [
        "the finding has no such row"
    ]
    assert faults(site, "cell", dataset="all", values={"hat": "1", "place": "x", "age": "2"}) == [
        "nothing is stated of hat", "nothing is stated of age",
    ]  # fmt: skip
    assert faults(site, "search", words="x", dataset="none") == ["no such dataset"]
    assert faults(site, "search", words="x", encoder="clip:none") == [
        "nothing was seen through this encoder"
    ]
    assert faults(site, "lasso", layout_id="none", polygon=loop(0, 0, 1)) == ["no such layout"]
    assert faults(site, "dossier", dossier_id="none") == ["no such dossier"]
    assert faults(site, "dossier", dossier_id="mnist", fact_id="mnist-9999") == [
        "the dossier has no such fact"
    ]


def test_an_absence_of_what_is_not_there_is_not_written(site, workshop):
    given = GivenAbsence(
        new_id(), "none", About("item", {"item_id": "all/all/none"}),
        evidence=(GivenEvidence(new_id(), "finding", {"finding_id": "none"}),
                  GivenEvidence(new_id(), "item", {"item_id": "none"})),
    )  # fmt: skip
    before = workshop.version
    with pytest.raises(RefusedError) as told:
        say(workshop, author(), given, site=site)
    assert {str(fault) for fault in told.value.faults} == {
        "What it is said of: no such item", "Evidence 1: no such finding",
        "Evidence 2: no such item",
    }  # fmt: skip
    assert workshop.version == before


def test_a_group_of_real_neighbours_is_supported_and_a_random_one_is_not(site):
    speak("en")
    found = check_lasso(site, lasso(site))
    assert (found.verdict, found.record["items"]) == (SUPPORTED, 30)
    assert found.record["datasets"] == [["all", site.revisions()["all"]]]
    assert found.record["encoder"]
    assert found.sentence.startswith("Of the 15 nearest neighbours of these 30 items, ")
    assert found.sentence.endswith("The group holds in embedding space, too. Encoder: pixels:4.")
    only = check_lasso(site, lasso(site, "at random", (5, 5), 3.0))
    assert only.verdict == ONLY_LAYOUT
    assert "only the layout shows them as a group." in only.sentence
    few = check_lasso(site, lasso(site, at=PLACES["left"], radius=0.3))
    assert few.verdict == NOT_MEASURED
    assert few.sentence.startswith("Not measured: ")
    speak("ko")
    assert "임베딩에서도" in found.sentence
    json.dumps(found.as_record())


def test_an_empty_place_is_held_against_what_rings_it(site):
    between = check_lasso(site, lasso(site, at=(5, 3), radius=2.0))
    assert (between.record["kind"], between.verdict) == ("apart", SUPPORTED)
    outside = check_lasso(site, lasso(site, at=(90, 90), radius=2.0))
    assert (outside.record["kind"], outside.verdict) == ("apart", NOT_MEASURED)


def test_a_lasso_keeps_the_items_it_means_and_the_verdict_with_it(site, workshop):
    who, about = author(), lasso(site)
    given = GivenAbsence(new_id(), "no other lefts", about)
    say(workshop, who, given, site=site)
    stands = one_absence(workshop, given.absence_id, None)
    assert len(stands.about.value["items"]) == stands.about.at["count"] == 30
    assert all("/left/" in one for one in stands.about.value["items"])
    (evidence,) = stands.evidence
    assert (evidence.about, evidence.verdict) == (stands.about, SUPPORTED)
    assert told_of(evidence.verdict, evidence.measured) == check_lasso(site, about)
    mended = replace(given, statement="no lefts", about=stands.about)
    correct(workshop, who, new_id(), mended, site=site)
    assert len(one_absence(workshop, given.absence_id, None).evidence) == 1, "checked once"
    other = GivenEvidence(new_id(), "lasso", lasso(site, "at random", (5, 5), 3.0).value)
    add_evidence(workshop, who, given.absence_id, other, site=site)
    verdicts = [one.verdict for one in one_absence(workshop, given.absence_id, None).evidence]
    assert verdicts == [SUPPORTED, ONLY_LAYOUT]


def test_points_that_were_picked_one_by_one_are_a_lasso_too(site):
    picked = [one for one in site.items("all")["item_id"] if "/top/" in one]
    about = About("lasso", {"layout_id": layout_called(site, "by side"), "items": picked})
    assert check_lasso(site, about).verdict == SUPPORTED
    assert within(site, about) == (picked, 30)
    everything = lasso(site, at=(5, 4), radius=50)
    assert len(within(site, everything)[0]) == 90 <= MOST_ITEMS
    assert check_lasso(site, everything).verdict == NOT_MEASURED


def test_an_unknown_layout_is_told(site):
    with pytest.raises(NotFoundError):
        check_lasso(site, About("lasso", {"layout_id": "none", "polygon": loop(0, 0, 1)}))


def archive_of(folder: Path, text: str):
    folder.mkdir(exist_ok=True)
    (folder / "ours.toml").write_text(DOSSIER.format(text=text), encoding="utf-8")
    return read_archive(folder)


def test_it_holds_until_the_dataset_is_dug_again_with_other_pictures(tmp_path, site):
    """One picture is changed, one is taken out, and all is dug again."""
    there = site.folder.path.parent
    folder = Path(shutil.copytree(there, tmp_path / "copy"))
    dug = Site(folder / "site")
    changed, same, gone = (f"all/all/left/{n}.png" for n in (0, 1, 2))
    finding = measure(dug, "intersections", "all", columns=["label:folder", "attribute:place"])
    pointed = {
        "dataset": About("dataset", {"dataset": "all"}),
        "changed": About("item", {"item_id": changed}),
        "part": About("part", {"item_id": changed, "xywh": "percent:0,0,50,50"}),
        "same": About("item", {"item_id": same}),
        "gone": About("item", {"item_id": gone}),
        "category": About("category", {"dataset": "part", "name": "left"}),
        "cell": About("cell", {"dataset": "all", "values": {"folder": "left"}}),
        "finding": About("finding", {"finding_id": finding.id}),
        "lasso": lasso(dug),
        "search": About("search", {"words": "x", "dataset": "part"}),
    }
    pins = {name: pinned(dug, about)[0] for name, about in pointed.items()}
    assert {held(dug, None, about).state for about in pins.values()} == {HOLDS}
    left = folder / "all" / "left"
    Image.fromarray(np.zeros((8, 8), "uint8")).save(left / "0.png")
    (left / "2.png").unlink()
    table = folder / "all" / "metadata.csv"
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join(one for one in lines if "left/2.png" not in one), encoding="utf-8")
    dig(f"folder:{folder / 'all'}", folder / "site", dataset="all", only="catalogue")
    now = {name: held(dug, None, about) for name, about in pins.items()}
    assert {name: (one.state, one.what) for name, one in now.items()} == {
        "dataset": (CHANGED, "revision"),
        "changed": (CHANGED, "picture"),
        "part": (CHANGED, "picture"),
        "same": (HOLDS, "same picture"),
        "gone": (GONE, "gone"),
        "category": (HOLDS, "same"),
        "cell": (CHANGED, "count"),
        "finding": (CHANGED, "measured on"),
        "lasso": (CHANGED, "layout"),
        "search": (HOLDS, "same"),
    }
    speak("en")
    assert now["cell"].words == "Then 30 items were in it, now 29."
    speak("ko")
    assert "29개" in now["cell"].words
    dug.close()


def test_a_fact_that_was_rewritten_is_told(tmp_path, site):
    archive = archive_of(tmp_path / "archives", "2019")
    about = About("dossier", {"dossier_id": "ours", "fact_id": "ours-01"})
    at = {"sha256": held_now(site, archive, about)}
    about = replace(about, at=at)
    assert held(site, archive, about).state == HOLDS
    archive = archive_of(tmp_path / "archives", "It was 2021, not 2019")
    assert (held(site, archive, about).state, held(site, archive, about).what) == (CHANGED, "fact")
    missing = replace(about, value={"dossier_id": "ours", "fact_id": "ours-02"})
    assert held(site, archive, missing).state == GONE


def held_now(site, archive, about) -> str:
    from excavate.workshop.pinning import state_of

    return state_of(site, archive, about, lambda what: None)["sha256"]


def test_everything_an_absence_points_at_is_held_once(site, workshop):
    given = GivenAbsence(
        new_id(), "of the left", lasso(site),
        evidence=(GivenEvidence(new_id(), "link", {"link": "https://example.org"}),
                  GivenEvidence(new_id(), "item", {"item_id": item(site)})),
    )  # fmt: skip
    say(workshop, author(), given, site=site)
    told = holding(site, None, one_absence(workshop, given.absence_id, None))
    assert [(one.about.kind, one.state) for one in told] == [
        ("lasso", HOLDS), ("link", UNCHECKED), ("item", HOLDS),
    ]  # fmt: skip
    plain = GivenAbsence(new_id(), "of nothing")
    say(workshop, author(), plain, site=site)
    assert holding(site, None, one_absence(workshop, plain.absence_id, None)) == []
    assert holding(None, None, one_absence(workshop, given.absence_id, None))[0].state == UNCHECKED


def test_said_without_a_site_it_stands_and_says_that_it_was_not_pinned(site, workshop):
    given = GivenAbsence(new_id(), "of all", About("dataset", {"dataset": "all"}))
    say(workshop, author(), given)
    (told,) = holding(site, None, one_absence(workshop, given.absence_id, None))
    assert (told.state, told.what) == (UNCHECKED, "unpinned")


def test_a_correction_keeps_the_pin_of_when_it_was_said(site, workshop):
    """Also where what was pointed at is gone by now; what is pointed at anew is looked up."""
    who = author()
    gone = GivenAbsence(new_id(), "on", About("item", {"item_id": "all/all/gone"}))
    say(workshop, who, gone)  # as if it had been there then
    correct(workshop, who, new_id(), replace(gone, statement="one"), site=site)
    stands = one_absence(workshop, gone.absence_id, None)
    assert (stands.statement, stands.about) == ("one", gone.about)
    with pytest.raises(RefusedError):
        correct(
            workshop, who, new_id(), site=site,
            given=replace(gone, about=About("item", {"item_id": "all/all/none"})),
        )  # fmt: skip
    correct(workshop, who, new_id(), replace(gone, about=lasso(site)), site=site)
    stands = one_absence(workshop, gone.absence_id, None)
    assert (stands.about.at["count"], [one.verdict for one in stands.evidence]) == (30, [SUPPORTED])


def test_what_could_not_be_measured_is_measured_once_it_can_be(site):
    about = lasso(site, radius=2.5)
    kept = site.folder.path / "neighbours"
    away = kept.rename(kept.with_name("neighbours away"))
    try:
        assert check_lasso(site, about).verdict == NOT_MEASURED
    finally:
        away.rename(kept)
    assert check_lasso(site, about).verdict == SUPPORTED
