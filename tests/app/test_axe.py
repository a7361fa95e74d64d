"""axe-core finds no serious fault in what we draw; what lies in Streamlit's own DOM stands apart.

The pages are a list: a page that is new is added to it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.counter.curating import curate
from excavate.counter.members import add_member
from excavate.counter.records import GivenMember, Hung, WallRoom
from excavate.i18n import LANGUAGES
from excavate.settings import Settings
from excavate.workshop.about import About
from excavate.workshop.absence_record import GivenAbsence
from excavate.workshop.absences import say
from excavate.workshop.authors import Author
from excavate.workshop.conversation import reply, sort, take_stance
from excavate.workshop.ids import new_id
from excavate.workshop.members import open_room
from excavate.workshop.store import Workshop
from tests.app.browsing_machine import Visit, serving
from tests.app.test_browser import PROJECT
from tests.counter.alike_made import plan_of, scene, uploaded
from tests.made import encoded
from tests.workshop.given import author

pytestmark = pytest.mark.browser
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
# Path, and what shows that the page stands. ID is an absence that many answered,
# PLAN a counter-dataset that hangs.
PAGES = (
    ("/board?lang=ko", ".exc-board .exc-absence"),
    ("/board?lang=en&by=place&replay=1", ".exc-board-map"),
    ("/board?lang=ko&sort=1", ".st-key-board-sorting .exc-absence"),
    ("/board?lang=en&view=presenter&dark=1", ".exc-presenter .exc-absence"),
    ("/say?lang=ko", ".st-key-say-form textarea"),
    ("/absence?lang=en&id=ID", ".exc-one-absence"),
    ("/room?lang=ko", ".exc h1"),
    ("/judge?lang=en", ".exc h1"),
    ("/notebook?lang=ko", ".exc h1"),
    ("/mine?lang=en", ".exc h1"),
    ("/draw?lang=ko&plan=PLAN", ".exc h1"),
    ("/essay?lang=ko&name=thirteen-hands", ".essay"),
    ("/counter?lang=ko", ".exc-plan-card"),
    ("/counter?lang=en&id=PLAN", ".exc-members"),
    ("/collect?lang=ko&plan=PLAN&by=rights", ".exc-pick"),
    ("/hang?lang=en&plan=PLAN", ".st-key-hang-room"),
)
# What axe finds in Streamlit's own elements, by rule. Nothing of it is ours to mend.
STREAMLITS: set[str] = set()
LOOK = """async (ours) => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => {
    const element = document.querySelector(node.target[0]);
    return { rule: rule.id, impact: node.impact ?? rule.impact, html: node.html.slice(0, 160),
             ours: Boolean(element?.closest(ours)) };
  }));
}"""
# What is half faded has no contrast to measure.
CALM = """() => document.getAnimations().every((one) => one.playState !== "running"
  || one.effect?.getComputedTiming().endTime === Infinity)"""
OURS = ".exc, [class*='exc-'], .exc-door, body > main"


@pytest.fixture(scope="module")
def said(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A site in which something was said, answered, sorted and met by a plan; their ids."""
    site = tmp_path_factory.mktemp("axe") / "site"
    shutil.copytree(made_site, site, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    workshop, who, other = Workshop(site), author("Mirae"), author("Jongno", "ko")
    absence_id = new_id()
    about = About("item", {"item_id": "digits/all/8"})
    statement = "Hands that shake. " * 30
    say(workshop, who, GivenAbsence(absence_id, statement, about, stance="undecided"))
    say(workshop, other, GivenAbsence(new_id(), "손으로 쓴 간판"))
    reply(workshop, other, new_id(), absence_id, "contest", "왜 그런가요?")
    take_stance(workshop, other, new_id(), absence_id, "should exist")
    sort(workshop, other, new_id(), absence_id, "never-collected")
    plan_id = hung_plan(workshop, who)
    workshop.close()
    return site, {"ID": absence_id, "PLAN": plan_id}


def hung_plan(workshop: Workshop, who: Author) -> str:
    """A counter-dataset that holds a file and an empty place, both on a wall; its id."""
    plan_id, given = plan_of(workshop, who), []
    given.append(uploaded(plan_id, encoded(scene(4))))
    given.append(GivenMember(new_id(), plan_id, "empty", "Not for you"))
    for one in given:
        add_member(workshop, who, one, Settings(), None)
    hung = tuple(Hung(one.member_id) for one in given)
    curate(workshop, who, new_id(), plan_id, (WallRoom(title_en="First", hung=hung),))
    return plan_id


@pytest.fixture(scope="module")
def address(said: tuple[Path, dict[str, str]]) -> Iterator[str]:
    with serving(PROJECT, said[0], said[0].parent / "log.txt") as found:
        yield found


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.fail("axe-core is not installed: cd frontend && npm ci")
    return AXE.read_text("utf-8")


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:
    opened = Visit(chromium, address)
    yield opened
    opened.close()


def faults(page: Any, axe: str) -> list[dict[str, Any]]:
    """What axe finds on a page as it stands, of a weight that shuts people out."""
    page.wait_for_function(CALM)
    page.evaluate(f"{axe}; undefined")
    return [one for one in page.evaluate(LOOK, OURS) if one["impact"] in GRAVE]


@pytest.mark.parametrize(("path", "until"), PAGES, ids=[path for path, _until in PAGES])
def test_nothing_that_we_draw_shuts_anybody_out(visit, axe, said, path, until) -> None:
    for name, one in said[1].items():
        path = path.replace(f"={name}", f"={one}")
    page = visit.open(path, until)
    visit.settled()
    found = faults(page, axe)
    assert [one for one in found if one["ours"]] == []
    assert {one["rule"] for one in found if not one["ours"]} <= STREAMLITS


def test_the_door_shuts_nobody_out(chromium, axe, made_site, tmp_path) -> None:
    site = tmp_path / "site"
    shutil.copytree(made_site, site, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    workshop = Workshop(site, shared=True)
    open_room(workshop, "A room")
    workshop.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXCAVATE_SHARED_ROOM", "1")
        patch.setenv("EXCAVATE_SECRETS", str(tmp_path / "secrets"))
        with serving(PROJECT, site, tmp_path / "log.txt") as address:
            opened = Visit(chromium, address)
            for language in LANGUAGES:
                page = opened.open(f"/join?lang={language}", "form")
                assert faults(page, axe) == []
            opened.close()
