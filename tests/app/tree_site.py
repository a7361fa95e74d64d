"""A small site with a tree that is a DAG, a forest and contested at once, and datasets on it."""

from __future__ import annotations

from pathlib import Path

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.taxonomies import add_taxonomy
from excavate.settings import Settings
from tests.app.conftest import write_shapes
from tests.made import picture

SLUR = "a word that hurts"
ROWS = (
    ("thing", "thing", ""), ("flat", "flat thing", "thing"), ("round", "round thing", "thing"),
    ("c1", "circle", "flat"), ("c1", "", "round"), ("s1", "square", "flat"),
    ("solid", "solid", "thing"), ("cube", "cube", "solid"), ("ball", "ball", "solid"),
    ("n00007846", "person", "thing"), ("p1", SLUR, "n00007846"), ("p2", "neighbour", "n00007846"),
    ("x1", "twice", "solid"), ("x2", "twice", "solid"),
    *((f"lone{n}", f"lone {n}", "") for n in range(4)),
)  # fmt: skip


def write_tree(file: Path) -> Path:
    lines = ["id,name,parent", *(",".join(row) for row in ROWS)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def make_tree_site(root: Path) -> Path:
    """shapes (labels circle, square and markup), plain (none), crowd (labels of persons); the tree
    `kinds`."""
    site, plain = root / "site", root / "plain"
    catalogue(DigRequest(f"folder:{write_shapes(root / 'shapes')}", site), Settings())
    plain.mkdir()
    for k in range(3):
        picture(k, 40, 30).save(plain / f"{k}.png")
    catalogue(DigRequest(f"folder:{plain}", site, dataset="plain"), Settings())
    crowd = root / "crowd"
    for place, name in enumerate((SLUR, "neighbour", "square")):
        (crowd / name).mkdir(parents=True)
        picture(50 + place, 40, 30).save(crowd / name / "0.png")
    catalogue(DigRequest(f"folder:{crowd}", site, dataset="crowd"), Settings())
    add_taxonomy(site, str(write_tree(root / "kinds.csv")), "kinds")
    return site
