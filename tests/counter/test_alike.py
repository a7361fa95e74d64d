"""Alike: the same bytes, nearly the same picture, the nearest; what was not looked at is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import ImageOps

from excavate.counter.alike import alike, items_alike
from excavate.counter.alike_shapes import TOO_PLAIN
from excavate.counter.members import add_member
from excavate.counter.taking_pictures import Taken, taken
from excavate.settings import MAX_PIXELS, Settings
from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.counter.alike_made import chosen, dug, plan_of, scene, uploaded
from tests.made import encoded
from tests.workshop.given import author

ITEM = "scenes/all/kitchen/{}.png"
MIRAE = author()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = Site(dug(tmp_path_factory.mktemp("alike")))
    yield opened
    opened.close()


@pytest.fixture
def workshop(site: Site) -> Iterator[Workshop]:
    opened = Workshop(site.folder.path)
    yield opened
    opened.close()
    (site.folder.path / "workshop.duckdb").unlink()


def taken_of(content: bytes) -> Taken:
    return taken(content, MAX_PIXELS)


def test_the_same_file_is_the_same_item(site: Site, workshop: Workshop) -> None:
    found = alike(site, workshop, taken_of(encoded(scene(3))), plan_of(workshop, MIRAE))
    assert [one.item_id for one in found.exact] == [ITEM.format(3)]
    assert found.is_there
    assert not found.not_looked


@pytest.mark.parametrize("turn", ["as it is", "mirrored"])
def test_saved_anew_smaller_or_mirrored_it_is_nearly_the_same(
    site: Site, workshop: Workshop, turn: str
) -> None:
    made = scene(3).resize((60, 60))
    content = encoded(ImageOps.mirror(made) if turn == "mirrored" else made, "JPEG", quality=85)
    found = alike(site, workshop, taken_of(content), plan_of(workshop, MIRAE))
    assert found.exact == ()
    assert [(one.item_id, one.turn) for one in found.near] == [
        (ITEM.format(3), "mirrored" if turn == "mirrored" else "")
    ]


def test_another_picture_is_not_there_but_has_nearest_ones(site: Site, workshop: Workshop) -> None:
    found = alike(site, workshop, taken_of(encoded(scene(77))), plan_of(workshop, MIRAE), k=4)
    assert not found.is_there
    assert len(found.nearest) == 4
    values = [one.likeness for one in found.nearest]
    assert values == sorted(values, reverse=True)


def test_members_are_looked_through_and_other_plans_are_not(site: Site, workshop: Workshop) -> None:
    plan, other = plan_of(workshop, MIRAE), plan_of(workshop, MIRAE, "others")
    content = encoded(scene(50))
    given = uploaded(plan, content)
    add_member(workshop, MIRAE, given, Settings(), site)
    add_member(workshop, MIRAE, uploaded(other, encoded(scene(51))), Settings(), site)
    assert [one.member_id for one in alike(site, workshop, taken_of(content), plan).exact] == [
        given.member_id
    ]
    again = taken_of(encoded(scene(50).resize((70, 70)), "JPEG", quality=90))
    assert [one.member_id for one in alike(site, workshop, again, plan).near] == [given.member_id]
    assert not alike(site, workshop, taken_of(encoded(scene(51))), plan).is_there


def test_an_item_that_was_chosen_is_a_member_already(site: Site, workshop: Workshop) -> None:
    plan, item = plan_of(workshop, MIRAE), ITEM.format(5)
    assert not alike(site, workshop, item, plan, k=0).is_there
    given = chosen(plan, item)
    add_member(workshop, MIRAE, given, Settings(), site)
    found = alike(site, workshop, item, plan, k=0)
    assert [(one.item_id, one.member_id) for one in found.exact] == [(item, given.member_id)]
    assert found.nearest == ()


def test_what_is_too_small_is_said_and_still_known_by_its_vector(
    site: Site, workshop: Workshop
) -> None:
    plan = plan_of(workshop, MIRAE)
    content = encoded(scene(40, 8))  # other bytes, the same pixels
    found = alike(site, workshop, taken_of(content), plan)
    assert (TOO_PLAIN, "") in found.not_looked
    assert found.exact == ()
    assert found.near[0].item_id == ITEM.format("tiny")


def test_without_a_catalog_that_is_said(workshop: Workshop) -> None:
    found = alike(None, workshop, taken_of(encoded(scene(1))), plan_of(workshop, MIRAE))
    assert [what for what, _blank in found.not_looked] == [
        "nothing was dug here to compare it with"
    ]


def test_items_all_at_once_are_told_as_one_by_one(site: Site, workshop: Workshop) -> None:
    plan = plan_of(workshop, MIRAE)
    add_member(workshop, MIRAE, chosen(plan, ITEM.format(5)), Settings(), site)
    smaller = encoded(scene(2).resize((60, 60)), "JPEG", quality=90)
    add_member(workshop, MIRAE, uploaded(plan, smaller), Settings(), site)
    ids = [ITEM.format(n) for n in (2, 5, 7, "tiny")]
    found = items_alike(site, workshop, [*ids, "scenes/all/gone"], plan)
    assert set(found) == set(ids)
    for one in ids:
        alone = alike(site, workshop, one, plan, k=0)
        assert (found[one].exact, found[one].not_looked) == (alone.exact, alone.not_looked)
        near = [(like.item_id, like.member_id) for like in found[one].near]
        assert near == [(like.item_id, like.member_id) for like in alone.near]
    assert [found[one].is_there for one in ids] == [True, True, False, False]
