"""A small catalog of photographs-like pictures, and a plan to put things into."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from excavate.counter.plans import write_plan
from excavate.counter.records import GivenMember, GivenPlan
from excavate.digging import dig
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.made import picture


def scene(seed: int, side: int = 96) -> Image.Image:
    """Soft shapes, as photographs have them: a few seeded pixels made large."""
    return picture(seed, 6, 6).resize((side, side), Image.Resampling.BICUBIC)


def dug(root: Path, count: int = 8) -> Path:
    """A site of `count` scenes and one tiny picture, embedded by their pixels."""
    folder, site = root / "scenes" / "kitchen", root / "site"
    folder.mkdir(parents=True)
    for seed in range(count):
        scene(seed).save(folder / f"{seed}.png")
    scene(40, 8).save(folder / "tiny.png", compress_level=1)  # bytes that we would not write
    for stage in ("catalogue", "embed", "neighbours"):
        dig(f"folder:{folder.parent}", site, encoder="pixels:8", only=stage)
    return site


def plan_of(workshop: Workshop, author: Author, name: str = "kitchens") -> str:
    """A plan that stands; its id."""
    plan_id = new_id()
    given = GivenPlan(plan_id, name, title_en="Kitchens", statement_en="Whose kitchens are here?",
                      consent_en="It may be shown and copied.", licence="CC-BY-4.0")  # fmt: skip
    write_plan(workshop, author, plan_id, given)
    return plan_id


def uploaded(plan_id: str, content: bytes) -> GivenMember:
    return GivenMember(new_id(), plan_id, "uploaded", "It is our kitchen", picture=content)


def chosen(plan_id: str, item_id: str) -> GivenMember:
    return GivenMember(new_id(), plan_id, "chosen", "It looks like ours", item_id=item_id)
