"""Where a made picture lands: embedded as its dataset's items are, placed by its neighbours."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.counter.forms import PLAIN, Form, as_dataset, form_of
from excavate.counter.members import all_members, picture_of
from excavate.counter.plans import one_plan
from excavate.counter.records import Member, Place
from excavate.counter.strokes import drawn
from excavate.errors import ExcavateError, NotFoundError
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop

if TYPE_CHECKING:
    import pyarrow as pa
    from PIL.Image import Image

    from excavate.catalog.computed import Computed
    from excavate.embedding.lens import Embedding
    from excavate.site import Site

NEAREST = 12
MADE = ("drawn", "uploaded")
STANDING = """
SELECT encoder, x, y, nearest FROM member_places WHERE member_id = $1 AND layout_id = $2
"""


def land(site: Site, workshop: Workshop, member: Member) -> Place:
    """Embed a made member, place it on a layout (`layout_for`), and keep where it landed.

    Landing again on the same layout writes only what has changed. Raises NotFoundError where
    the site has no layout or the member no picture, EncoderError where it cannot be embedded.
    """
    place = place_of(site, workshop, member)
    _keep(workshop, member.member_id, member.person_id, place)
    return place


def land_all(site: Site, workshop: Workshop) -> int:
    """Land what was made before the layout that stands now; how many found a place there."""
    found = 0
    for member in all_members(workshop):
        with suppress(ExcavateError):  # one that cannot be embedded keeps the others from nothing
            if member.kind in MADE and member.sha256 and _is_elsewhere(site, workshop, member):
                place = place_of(site, workshop, member)
                _keep(workshop, member.member_id, None, place)  # who made it may have left
                found += 1
    return found


def land_again(site: Site, workshop: Workshop) -> None:
    """As `land_all`, in a thread beside, once for each set of layouts."""
    _landing_again(site, workshop, tuple(made.id for made in site.layouts()))


@lru_cache(maxsize=8)
def _landing_again(site: Site, workshop: Workshop, _layouts: tuple[str, ...]) -> None:
    _beside(lambda: land_all(site, workshop))


def _is_elsewhere(site: Site, workshop: Workshop, member: Member) -> bool:
    against = one_plan(workshop, member.plan_id).given.against
    return member.place is None or member.place.layout_id != layout_for(site, against).id


def make_ready(site: Site, against: str) -> None:
    """Open what a landing needs in a thread beside: the first drawing need not wait for it."""
    if site.generation:
        _begun(site, site.generation, against)


@lru_cache(maxsize=8)
def _begun(site: Site, _generation: str, against: str) -> None:
    _beside(lambda: _open(site, against))


def _open(site: Site, against: str) -> None:
    from PIL import Image

    made = layout_for(site, against)
    lens, form = site.lens_of_layout(made.id), seen_form(site, dataset_of(made, against))
    sheet = Image.new("L", (64, 64), 255)
    sheet.paste(0, (28, 8, 36, 56))
    vector = site.seen([as_dataset(sheet, form)], lens.identity)[0]
    _between(lens, vector, lens.nearest(vector, _asked(made)), made)


def _beside(work: Callable[[], object]) -> None:
    """Do it in a thread; what goes wrong is told to whoever draws, and to the log."""

    def done() -> None:
        try:
            work()
        except ExcavateError:
            return
        except Exception:  # the site or the workshop may be closed meanwhile
            logging.getLogger("excavate").warning("landing was not made ready", exc_info=True)

    threading.Thread(target=done, daemon=True).start()


def place_of(site: Site, workshop: Workshop, member: Member) -> Place:
    """Where a member lands on the layout of its plan; nothing is kept."""
    against = one_plan(workshop, member.plan_id).given.against
    made = layout_for(site, against)
    lens = site.lens_of_layout(made.id)
    vector = _vector(site, workshop, member, lens, dataset_of(made, against))
    near = lens.nearest(vector, _asked(made))
    x, y = _between(lens, vector, near, made)
    told = near.head(NEAREST)[["item_id", "similarity"]].itertuples(index=False)
    nearest = tuple((str(item), round(float(similar), 6)) for item, similar in told)
    return Place(made.id, lens.identity, x, y, nearest)


def embed_member(
    site: Site, workshop: Workshop, member: Member, encoder: str | None = None,
    against: str = "",
) -> np.ndarray:  # fmt: skip
    """The vector (d,) of a member, L2-normalised, by one encoder (the newest if none is named).

    A chosen one has that of its item; a drawn one is first brought to the form of the items of
    `against` (else of the first dataset that the encoder saw). Raises NotFoundError where it has
    no picture.
    """
    lens = site.embedding(encoder, against or None)
    lens = site.embedding(lens.identity)
    return _vector(site, workshop, member, lens, against or lens.parts[0].dataset_id)


def seen_form(site: Site, dataset: str) -> Form:
    """The form that drawings are brought to before they are held against a dataset."""
    return form_of(site, dataset) if dataset in site.revisions() else PLAIN


def opened_picture(workshop: Workshop, member: Member) -> Image:
    """The picture of a drawn or uploaded member. Raises NotFoundError where there is none."""
    from PIL import Image

    if member.kind == "drawn" and member.strokes:
        return drawn(member.strokes)
    content = picture_of(workshop, member)
    if content is None:
        raise NotFoundError("this has no picture", member.member_id, "It may be an empty place")
    return Image.open(io.BytesIO(content))


def points_of(site: Site, layout_id: str, item_ids: list[str]) -> list[list[float]]:
    """Where some items lie on a layout: [x, y] of each, in their order."""
    found: list[list[float]] = _points(site.layout_made(layout_id), item_ids).tolist()
    return found


def _vector(
    site: Site, workshop: Workshop, member: Member, lens: Embedding, dataset: str
) -> np.ndarray:
    if member.kind == "chosen":
        return lens.vector_of(member.item_id)
    picture = opened_picture(workshop, member)
    if member.kind == "drawn":
        picture = as_dataset(picture, seen_form(site, dataset))
    vector: np.ndarray = site.seen([picture], lens.identity)[0]
    return vector


def layout_for(site: Site, against: str) -> Computed:
    """The newest layout that holds a dataset; where none does, the newest. Raises NotFoundError."""
    holding = [made for made in site.layouts() if dataset_of(made, against) == against]
    return holding[-1] if holding else site.layout_made()


def dataset_of(made: Computed, against: str) -> str:
    """The dataset whose form a drawing takes on a layout: the one it answers, else the first."""
    names = [str(name) for name, _revision in made.provenance["datasets"]]
    return against if against in names else names[0]


def _asked(made: Computed) -> int:
    """As many neighbours as the layout itself was made by, and at least those that are told."""
    return max(NEAREST, int(made.provenance["parameters"].get("n_neighbors", NEAREST)))


def _between(lens: Embedding, vector: np.ndarray, near: Any, made: Computed) -> tuple[float, float]:
    """The mean place of the nearest items, weighted by their similarity: embedding/placing.py."""
    from excavate.embedding.placing import placed

    points = _points(made, list(near["item_id"]))
    vectors = np.stack([lens.vector_of(item) for item in near["item_id"]] + [vector])
    known = np.arange(len(vectors)) < len(near)
    there = np.vstack([points, np.zeros((1, 2), np.float32)])
    x, y = placed(vectors, known, there, len(near), device="cpu")[-1]
    return float(x), float(y)


def _points(made: Computed, item_ids: list[str]) -> np.ndarray:
    """Where some items lie on a layout: float32 (n, 2), in their order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = _laid(made.file("parquet"))
    rows = np.flatnonzero(pc.is_in(table["item_id"], pa.array(item_ids)).to_numpy())
    found = table.take(rows)
    at = {item: n for n, item in enumerate(found["item_id"].to_pylist())}
    places = np.stack([found["x"].to_numpy(), found["y"].to_numpy()], axis=1)
    chosen: np.ndarray = places[[at[item] for item in item_ids]]
    return chosen


@lru_cache(maxsize=4)
def _laid(file: Path) -> pa.Table:
    """A layout's file, named by what it was made from: it never changes."""
    import pyarrow.parquet as pq

    return pq.read_table(file, columns=["item_id", "x", "y"])


def _standing(workshop: Workshop, member_id: str, layout_id: str) -> Place | None:
    with workshop.cursor() as cursor:
        found = cursor.execute(STANDING, [member_id, layout_id]).fetchone()
    if found is None:
        return None
    nearest = tuple((item, similar) for item, similar in json.loads(found[3]))
    return Place(layout_id, found[0], found[1], found[2], nearest)


def _keep(workshop: Workshop, member_id: str, person_id: str | None, place: Place) -> None:
    if _standing(workshop, member_id, place.layout_id) == place:
        return
    columns = {
        "member_id": member_id, "layout_id": place.layout_id, "encoder": place.encoder,
        "x": place.x, "y": place.y, "nearest": json.dumps(place.nearest, ensure_ascii=False),
    }  # fmt: skip
    workshop.write([Row("member_place", new_id(), person_id, columns)])
