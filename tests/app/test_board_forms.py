"""Whatever an absence may be said of stands on every board; what cannot be drawn says so."""

from __future__ import annotations

from typing import Any

import pytest

from excavate.components.board_about import ground_of, said_of
from excavate.components.board_asked import WAYS, Asked, asked_of
from excavate.components.board_html import AT_ONCE, board_html
from excavate.components.board_map import placed
from excavate.i18n import speak
from excavate.site import Site
from excavate.workshop.about import About, about_faults
from excavate.workshop.absence_record import Absence
from tests.app.board_made import Read, absence, drawn
from tests.workshop.pointed import layout_called, loop, pointed_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return pointed_site(tmp_path_factory.mktemp("forms"))


def forms(site: Site) -> list[About]:
    """One of every allowed form, with and without what may be left out."""
    layout, items = layout_called(site, "by side"), list(site.items("all")["item_id"])
    lasso = {"layout_id": layout}
    return [
        About("dataset", {"dataset": "all"}), About("item", {"item_id": items[0]}),
        About("part", {"item_id": items[1], "xywh": "percent:0,0,50,50"}),
        About("category", {"name": "left"}),
        About("category", {"name": "left", "dataset": "all", "taxonomy": "own", "node_id": "l"}),
        About("cell", {"dataset": "all", "values": {"place": "Seoul"}}),
        About("finding", {"finding_id": "gone"}), About("finding", {"finding_id": "g", "row": 3}),
        About("dossier", {"dossier_id": "mnist"}),
        About("dossier", {"dossier_id": "mnist", "fact_id": "mnist-0001"}),
        About("search", {"words": "hands"}),
        About("search", {"words": "hands", "dataset": "all", "encoder": "none"}),
        About("lasso", lasso | {"polygon": loop(0, 0, 2)}),
        About("lasso", lasso | {"items": items[:5]}),
        About("lasso", lasso | {"items": ["all/all/gone"]}),
        About("lasso", lasso | {"polygon": loop(0, 0, 2), "items": items[:5]}),
        About("lasso", {"layout_id": "gone", "items": items[:5]}), About("nothing"),
    ]  # fmt: skip


def on_board(site: Site, said: list[Absence], by: str) -> str:
    speak("en")
    ground = ground_of(site, (one.about for one in said))
    return board_html(said, Asked(by=by, language="en"), ground, {})


@pytest.mark.parametrize("by", WAYS)
def test_one_of_every_allowed_form_stands_on_every_board(site: Site, by: str) -> None:
    for about in forms(site):
        assert not list(about_faults(about)), about
    said = [absence(f"Number {n}.", about=about) for n, about in enumerate(forms(site))]
    html = on_board(site, said, by)
    Read(html)
    assert html.count("<article") == len(said)
    assert "could not be drawn" not in html


def test_items_that_were_picked_one_by_one_are_rings_where_they_lie(site: Site) -> None:
    items = list(site.items("all")["item_id"])[:5]
    layout = layout_called(site, "by side")
    picked = absence(about=About("lasso", {"layout_id": layout, "items": [*items, "all/gone"]}))
    found = placed([picked], ground_of(site, [picked.about]))
    assert [len(one.spots) for one in found[layout]] == [5]
    assert on_board(site, [picked], "place").count("<circle") == 5


@pytest.mark.parametrize("by", WAYS)
def test_one_card_that_cannot_be_drawn_leaves_the_others_standing(
    site: Site, by: str, caplog: pytest.LogCaptureFixture
) -> None:
    layout = layout_called(site, "by side")
    broken = [
        absence("Broken", about=About("lasso", {"layout_id": layout, "polygon": [["no"]]})),
        absence("Broken", about=About("item", {}), types={"lost": 1}),
        absence("Broken", about=About("lasso", {"polygon": 3}), types={"lost": "many"}),
    ]
    html = on_board(site, [*broken[:2], absence("Whole")], by)
    Read(html)
    assert "Whole" in html
    assert html.count("<article") == 3
    assert "This absence could not be drawn" in html
    assert broken[1].absence_id in caplog.text


def test_a_lasso_says_how_many_items_it_holds_not_how_many_are_kept_by_name(site: Site) -> None:
    speak("en")
    value = {"layout_id": layout_called(site, "by side"), "items": ["all/a"] * 200}
    ground = ground_of(site, ())
    assert said_of(About("lasso", value, {"count": 1243}), ground).startswith("1243 items circled")
    assert said_of(About("lasso", value), ground).startswith("200 items circled")


@pytest.mark.parametrize("order", ["newest", "oldest", "answered"])
def test_a_wall_says_how_many_of_all_it_shows(order: str) -> None:
    asked: Any = asked_of({"presenter": "1", "lang": "en", "order": order})
    html = drawn([absence() for _n in range(AT_ONCE + 1)], asked)
    assert f"{AT_ONCE + 1} absences" in html
    assert f"{AT_ONCE} " in html.split("</p>")[0].split(f"{AT_ONCE + 1} absences")[1]
    assert "shown here" not in drawn([absence()] * AT_ONCE, asked)


@pytest.mark.parametrize(
    "corner", [[10**400, 0], [1e300, 0], [float("nan"), 0], [float("inf"), 0], [True, 0]]
)
def test_a_corner_that_lies_nowhere_is_refused(corner: list[float]) -> None:
    about = About("lasso", {"layout_id": "x", "polygon": [[0, 0], [1, 1], corner]})
    assert [str(fault) for fault in about_faults(about)] == [
        "What it is said of: this is no polygon"
    ]


def test_a_dataset_that_is_no_name_is_none() -> None:
    assert About("item", {"item_id": "a/b"}, {"dataset": ["a"]}).dataset is None
