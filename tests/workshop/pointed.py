"""A site that absences point at: pictures dark on one side or another, laid out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from excavate.catalog.computed import all_computed, computed
from excavate.catalog.folder import SiteFolder
from excavate.digging import dig, embed_again
from excavate.embedding.neighbours import compute_neighbours, origin_of
from excavate.site import Site

PLACES = {"left": (0.0, 0.0), "right": (10.0, 0.0), "top": (5.0, 9.0)}
DARK = {"left": np.s_[:, :4], "right": np.s_[:, 4:], "top": np.s_[:4, :]}


def pointed_site(folder: Path) -> Site:
    """`all` (90 pictures dark at the left, the right, the top; of three places), and `part`."""
    random = np.random.default_rng(7)
    for name, kinds in (("all", ("left", "right", "top")), ("part", ("left", "right"))):
        rows = ["file_name,place"]
        for kind in kinds:
            (folder / name / kind).mkdir(parents=True)
            for n in range(30):
                pixels = random.integers(190, 256, (8, 8))
                pixels[DARK[kind]] -= 180
                picture = Image.fromarray(pixels.astype("uint8"))
                picture.save(folder / name / kind / f"{n}.png")
                rows.append(f"{kind}/{n}.png,{('Seoul', 'Busan', '')[n % 3]}")
        (folder / name / "metadata.csv").write_text("\n".join(rows), encoding="utf-8")
        dig(f"folder:{folder / name}", folder / "site", dataset=name, only="catalogue")
        embed_again(folder / "site", dataset=name, encoder="pixels:4")
    site = Site(folder / "site")
    made = [c for c in all_computed(site.folder, "vectors") if c.provenance["dataset"] == "all"]
    compute_neighbours(site.folder, made, 20)
    items = site.items("all")
    at = {id_: _place(id_, n) for n, id_ in enumerate(items["item_id"])}
    lay(site, "by side", np.array([at[one] for one in items["item_id"]]))
    lay(site, "at random", np.random.default_rng(0).uniform(0, 10, (len(items), 2)))
    return site


def _place(item_id: str, number: int) -> tuple[float, float]:
    side = next(name for name in PLACES if f"/{name}/" in item_id)
    turn = np.random.default_rng(number).normal(0, 0.6, 2)
    return PLACES[side][0] + turn[0], PLACES[side][1] + turn[1]


def lay(site: Site, method: str, places: np.ndarray) -> str:
    """A layout of `all` at these places; its id."""
    items = site.items("all")
    made = [c for c in all_computed(site.folder, "vectors") if c.provenance["dataset"] == "all"]
    parameters = {"method": method, "seed": 0}
    target = computed(
        SiteFolder(site.folder.path), "layouts", {**origin_of(made), "parameters": parameters}
    )
    target.file("parquet").parent.mkdir(exist_ok=True)
    columns = {
        "dataset_id": items["dataset_id"], "ordinal": items["ordinal"],
        "item_id": items["item_id"], "x": places[:, 0].astype("f4"),
        "y": places[:, 1].astype("f4"), "placed": np.zeros(len(items), bool),
        "sha256": items["sha256"],
    }  # fmt: skip
    pq.write_table(pa.table(columns), target.file("parquet"))
    result = {"rows": len(items), "placed": 0, "trustworthiness": 0.9, "trustworthiness_k": 15}
    return target.finish({**result, "spec": "pixels:4", "trained_on": "not trained"}).id


def layout_called(site: Site, method: str) -> str:
    """The id of the layout that was laid by this method."""
    found = [one.id for one in site.layouts() if one.provenance["parameters"]["method"] == method]
    return found[0]


def loop(x: float, y: float, radius: float) -> list[list[float]]:
    """A round outline."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return [[float(x + radius * np.cos(a)), float(y + radius * np.sin(a))] for a in angles]
