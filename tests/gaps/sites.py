"""Sites that measures meet: whole ones, poor ones, strange ones. Made of generated pictures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from excavate.digging import dig, embed_again
from excavate.site import Site
from tests.made import picture

STRANGE = "'; DROP TABLE item; --"


def _save(root: Path, name: str, image: Image.Image) -> str:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    image.save(root / name)
    return name


def _metadata(root: Path, rows: list[dict[str, str]]) -> None:
    with open(root / "metadata.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _dug(root: Path, site: Path, name: str, encoder: str | None = "pixels:4") -> None:
    dig(f"folder:{root}", site, dataset=name, only="catalogue")
    if encoder:
        embed_again(site, dataset=name, encoder=encoder)


def whole(folder: Path, each: int = 30) -> Site:
    """Two datasets of three kinds of blots; of one the `blue` are missing. With attributes."""
    random = np.random.default_rng(7)
    colours = {"red": (200, 40, 40), "green": (40, 180, 60), "blue": (40, 60, 200)}
    for name, kinds in (("all", ("red", "green", "blue")), ("part", ("red", "green"))):
        rows = []
        for kind in kinds:
            for n in range(each):
                noise = random.integers(-30, 31, (8, 8, 3))
                pixels = np.clip(np.array(colours[kind]) + noise, 0, 255).astype("uint8")
                file = _save(folder / name, f"{kind}/{n}.png", Image.fromarray(pixels))
                place = ("Seoul", "Busan", "")[n % 3]
                rows.append({"file_name": file, "place": place, "year": str(1990 + n % 7),
                             "maker": STRANGE if n % 5 == 0 else "Kim"})  # fmt: skip
        _metadata(folder / name, rows)
        _dug(folder / name, folder / "site", name)
    return Site(folder / "site")


def bare(folder: Path) -> Site:
    """Pictures without a label, an attribute or a vector."""
    for n in range(6):
        _save(folder / "bare", f"{n}.png", picture(n))
    _dug(folder / "bare", folder / "site", "bare", None)
    return Site(folder / "site")


def alike(folder: Path) -> Site:
    """One class, and every picture the same."""
    for n in range(12):
        _save(folder / "alike", f"one/{n}.png", Image.new("RGB", (16, 16), (90, 120, 30)))
    _dug(folder / "alike", folder / "site", "alike")
    return Site(folder / "site")


def black(folder: Path) -> Site:
    """Pictures whose vectors have no direction: all black; each its own class."""
    for n in range(8):
        _save(folder / "black", f"kind {n}/0.png", Image.new("RGB", (16, 16)))
    _dug(folder / "black", folder / "site", "black")
    return Site(folder / "site")


def few(folder: Path) -> Site:
    """Three pictures."""
    for n, kind in enumerate(("a", "b", "b")):
        _save(folder / "few", f"{kind}/{n}.png", picture(n))
    _dug(folder / "few", folder / "site", "few")
    return Site(folder / "site")


def words(folder: Path) -> Site:
    """Items without pixels, from a table; every value of one column is its own."""
    rows = [{"id": str(n), "kind": ("vase", "bowl")[n % 2], "note": f"n{n}"} for n in range(60)]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "words.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    options = {"key": "id", "labels": "kind"}
    dig(f"csv:{file}", folder / "site", dataset="words", only="catalogue", options=options)
    return Site(folder / "site")


SITES = {"whole": whole, "bare": bare, "alike": alike, "black": black, "few": few, "words": words}
