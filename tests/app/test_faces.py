"""Pictures of persons: blurred by what is said of them, unveiled by each person for themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.components.faces import BLURRED, faces_of, shows_persons
from excavate.dossiers.schema import Dossier
from excavate.i18n import _, speak
from excavate.settings import Settings
from excavate.site import Site
from tests.app.test_pages import run, text
from tests.made import picture


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Persons by their folder, by a Korean category, by a box; and what shows none."""
    root = tmp_path_factory.mktemp("crowd")
    for name in ("Faces_easy", "kettle"):
        (root / "folders" / name).mkdir(parents=True)
        for k in range(3):
            picture(k, 40, 30).save(root / "folders" / name / f"{k}.png")
    (root / "boxes").mkdir()
    for k in (1, 2):
        picture(k, 40, 30).save(root / "boxes" / f"{k}.png")
    images = [{"id": k, "file_name": f"{k}.png", "width": 40, "height": 30} for k in (1, 2)]
    box = {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 1, 5, 5], "area": 25,
           "iscrowd": 0, "segmentation": []}  # fmt: skip
    index = {"images": images, "annotations": [box], "categories": [{"id": 7, "name": "보행자"}]}
    file = root / "boxes" / "instances.json"
    file.write_text(json.dumps(index), encoding="utf-8")
    site = root / "site"
    catalogue(DigRequest(f"folder:{root / 'folders'}", site, dataset="folders"), Settings())
    boxes = DigRequest(f"coco:{file}", site, dataset="boxes", images=str(root / "boxes"))
    catalogue(boxes, Settings())
    return site


@pytest.fixture
def served(crowd: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXCAVATE_SITE", str(crowd))
    return crowd


def test_what_is_said_decides_never_the_pixels(crowd: Path, tmp_path: Path) -> None:
    site = Site(crowd)
    faces = faces_of(site, tmp_path)
    items = site.items()
    shown = {i["item_id"] for i in items.to_dict("records")
             if faces.shows(i["dataset_id"], i["ordinal"])}  # fmt: skip
    site.close()
    assert len(shown) == 4
    assert {name.split("/")[0] for name in shown} == {"folders", "boxes"}
    assert all("Faces_easy" in name or name == "boxes/all/1" for name in shown)


def test_a_dossier_that_says_faces_veils_its_dataset() -> None:
    def dossier(topic: str, words: str) -> Dossier:
        fact = {"id": "x-01", "topic": topic, "text": {"en": words}, "source": "s",
                "status": "recalled"}  # fmt: skip
        return Dossier.model_validate(
            {"id": "xy", "kind": "image", "name": {"en": "XY"}, "fact": [fact]}
        )

    assert shows_persons(dossier("purpose", "To recognise faces."))
    assert not shows_persons(dossier("purpose", "To read digits."))
    assert not shows_persons(dossier("critics", "It says nothing of faces."))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_faces_are_blurred_until_a_person_unveils_them(served: Path, language: str) -> None:
    app = run("items.py", lang=language, dataset="folders")
    speak(language)
    shown = text(app)
    assert shown.count(BLURRED) == 3
    assert _("Faces are blurred") in [box.label for box in app.expander]
    app.toggle(key="unveiling-faces").set_value(True).run()
    assert _("Faces are shown to you alone") in [box.label for box in app.expander]
    assert "faces" not in app.query_params
    again = run("items.py", lang=language, dataset="folders")  # another session, the same link
    assert _("Faces are blurred") in [box.label for box in again.expander]


def test_where_nobody_is_shown_nothing_is_said_of_faces(served: Path) -> None:
    app = run("items.py", lang="en", dataset="folders", field="folder", value="kettle")
    assert BLURRED not in text(app)
    assert "Faces are blurred" not in [box.label for box in app.expander]


def test_an_item_is_blurred_on_its_page(served: Path) -> None:
    shown = text(run("item.py", lang="en", id="boxes/all/1"))
    assert f"exc-whole exc-tiny {BLURRED}" in shown
    assert BLURRED not in text(run("item.py", lang="en", id="boxes/all/2"))
