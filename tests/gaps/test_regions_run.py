"""Regions through real sites: a folder of YOLO labels made here, and public data."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate import dig, open_site
from excavate.catalog.attributes import add_attributes
from excavate.errors import NotFoundError
from excavate.gaps.asking import ask, variants
from excavate.gaps.question import Question
from excavate.gaps.registry import run_of, saying_of
from excavate.gaps.stored import Finding
from excavate.i18n import speak
from excavate.site import Site
from tests.made import picture

KEYS = "file,smiling\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """12 pictures of 200 x 100: one person each, 10 x 10 in the upper left; a dog beside two."""
    root = tmp_path_factory.mktemp("drawn")
    for folder in ("images", "labels"):
        (root / "set" / folder).mkdir(parents=True)
    (root / "set" / "data.yaml").write_text("names: [person, dog]\ntrain: images\n")
    rows = [KEYS]
    for n in range(14):
        picture(n, 200, 100).save(root / "set" / "images" / f"{n:02}.png")
        lines = ["0 0.1 0.2 0.05 0.1"] * (n < 12) + ["1 0.8 0.5 0.3 0.8"] * (n < 2)
        (root / "set" / "labels" / f"{n:02}.txt").write_text("\n".join(lines))
    dig(f"yolo:{root / 'set'}", root / "site", dataset="drawn", only="catalogue")
    opened = open_site(root / "site")
    rows += [f"{item},yes\n" for item in opened.items("drawn")["key"][:5]]
    opened.close()
    (root / "said.csv").write_text("".join(rows))
    add_attributes(
        root / "site",
        root / "said.csv",
        dataset="drawn",
        key="file",
        said_by="perceived",
        source="a study",
    )
    return open_site(root / "site")


def rows(finding: Finding, kind: str) -> dict[str, dict[str, object]]:
    found = [r for r in finding.rows.to_pylist() if r["kind"] == kind]
    return {f"{r['label']} {r['cell'] or ''}".strip(): r for r in found}


def test_what_is_drawn_comes_out(site: Site) -> None:
    finding = ask(site, Question("regions", "drawn"))
    assert finding.is_measured
    [unseen] = rows(finding, "attribute").values()
    assert (unseen["label"], unseen["count"], unseen["of"]) == ("smiling", 5, 5)
    assert rows(finding, "too small")["person"]["count"] == 12
    assert finding.parameters["attributes"] == ["smiling"]
    assert finding.parameters["not_measured"] == {}
    [empty] = rows(finding, "no region").values()
    assert empty["count"] == 2
    assert finding.figures["median_area"].value == pytest.approx(10 * 10 / 200 / 100)
    assert ask(site, finding.question).id == finding.id
    others = [ask(site, variant).id for variant in variants(site, finding)]
    assert len({finding.id, *others}) == 6


def test_thin_cells_of_a_finer_grid(site: Site) -> None:
    given = {"grid": "2", "least": "1"}
    assert rows(ask(site, Question("regions", "drawn", parameters=given)), "place") == {}
    asked = Question("regions", "drawn", parameters={**given, "alpha": "0.2"})
    thin = rows(ask(site, asked), "place")  # 12 pictures: 0.75 ** 12 for each of many cells
    assert {"person 1/2 of 2", "person 2/1 of 2", "person 2/2 of 2"} <= set(thin)
    assert "person 1/1 of 2" not in thin


def test_an_attribute_that_is_not_there_is_told(site: Site) -> None:
    asked = Question("regions", "drawn", parameters={"attributes": "smiling,bogus,odd"})
    with pytest.raises(NotFoundError, match=r"bogus, odd(.|\n)*There are: .*smiling"):
        ask(site, asked)


def test_a_subject_is_a_label_or_the_name_of_a_category(tmp_path: Path) -> None:
    """COCO's regions say a category's name; here a name in capitals, then one that is nowhere."""
    (tmp_path / "set" / "images").mkdir(parents=True)
    (tmp_path / "set" / "labels").mkdir()
    for n in range(3):
        picture(n, 100, 100).save(tmp_path / "set" / "images" / f"{n}.png")
        (tmp_path / "set" / "labels" / f"{n}.txt").write_text("0 0.5 0.5 0.1 0.1\n")
    dig(f"yolo:{tmp_path / 'set'}", tmp_path / "site", dataset="ids", only="catalogue")
    opened, saying = open_site(tmp_path / "site"), saying_of("regions")
    speak("en")
    nowhere = ask(opened, Question("regions", "ids"))  # a class 0, of which nothing tells a name
    assert list(nowhere.parameters["not_measured"]) == ["attribute", "subject"]
    assert "no region has “person” as its label" in saying.sentence(nowhere)
    there = ask(opened, Question("regions", "ids", parameters={"subject": "0"}))
    assert list(there.parameters["not_measured"]) == ["attribute"]
    (tmp_path / "set" / "data.yaml").write_text("names: [Person]\ntrain: images\n")
    dig(f"yolo:{tmp_path / 'set'}", tmp_path / "site", dataset="named", only="catalogue")
    named = ask(open_site(tmp_path / "site"), Question("regions", "named"))
    assert list(named.parameters["not_measured"]) == ["attribute"]


def test_it_is_said_in_both_languages(site: Site) -> None:
    saying, finding = saying_of("regions"), ask(site, Question("regions", "drawn"))
    for language, words in (("en", "14 regions in 12 items."), ("ko", "영역 14개")):
        speak(language)
        said = saying.sentence(finding)
        assert words in said
        told = [said, *(saying.row(finding, r) for r in finding.first_rows(100))]
        assert not [text for text in told if "{" in text]
        headings = [*finding.figures, *finding.rows.column_names]
        assert not [name for name in headings if "_" in saying.column(name)]
    speak("en")
    assert "“smiling” is said of 5 items with person; in 5 of them none is as large as 1000" in (
        saying.sentence(finding)
    )
    assert saying.judge(finding, finding.first_rows(1)[0])


def test_a_dataset_without_regions_says_so(tmp_path: Path) -> None:
    dig("digits", tmp_path, limit=5, only="catalogue")
    opened = open_site(tmp_path)
    [question] = run_of("regions").questions(opened, "digits")
    finding = ask(opened, question)
    assert not finding.is_measured
    assert finding.why_not[0] == "no item has a region: nobody drew, or none was kept"


@pytest.mark.shared_data
def test_coco128_is_what_its_label_files_say(shared: Path, tmp_path: Path) -> None:
    """The shares of sizes counted again from the text files and the pictures' sizes."""
    from PIL import Image

    folder = shared / "coco128"
    dig(f"yolo:{folder}/images", tmp_path, dataset="coco", only="catalogue",
        options={"labels": "../object_detection/labels"})  # fmt: skip
    finding = ask(open_site(tmp_path), Question("regions", "coco"))
    areas = []
    for file in sorted((folder / "object_detection" / "labels").rglob("*.txt")):
        [image] = folder.glob(f"images/*/{file.stem}.jpg")
        with Image.open(image) as opened:
            width, height = opened.size
        for line in file.read_text().splitlines():
            w, h = (float(part) for part in line.split()[3:5])
            areas.append(w * width * h * height)
    figures = finding.figures
    assert figures["regions"].value == len(areas) == 898
    assert figures["small"].value == pytest.approx(sum(a < 32**2 for a in areas) / 898)
    assert figures["large"].value == pytest.approx(sum(a >= 96**2 for a in areas) / 898)


@pytest.mark.shared_data
def test_raccoons_stand_in_the_middle_and_labelme_reaches_off(shared: Path, tmp_path: Path) -> None:
    dig(f"voc:{shared}/raccoon-voc", tmp_path, dataset="raccoon", only="catalogue")
    dig(f"labelme:{shared}/labelme", tmp_path, dataset="labelme", only="catalogue")
    opened = open_site(tmp_path)
    corners = rows(ask(opened, Question("regions", "raccoon")), "place")
    assert {"1/1 of 3", "1/3 of 3", "3/1 of 3", "3/3 of 3"} <= set(corners)
    labelme = ask(opened, Question("regions", "labelme"))
    off = rows(labelme, "fault")["off the picture"]
    told = opened.faults("labelme").query("reason == 'region-off-picture'")
    assert off["count"] == len(told) == 2
    assert off["items"] == told["item_id"].tolist()
