"""Where the app's own routes lie: thumbnails, pictures, points, built files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from excavate.settings import PROJECT, Settings

COMPONENT = PROJECT / "excavate" / "components" / "map" / "build" / "map.js"
STYLE = PROJECT / "excavate" / "components" / "paper.css"
WORKSHOP_STYLE = STYLE.with_name("workshop.css")
COUNTER_STYLE = STYLE.with_name("counter.css")
FONTS = PROJECT / "static" / "fonts"


def under(path: str) -> str:
    """A path of ours as the browser asks for it: below the base path, where one is set."""
    return Settings.from_environment().base_path + path


def regions_url(item_id: str) -> str:
    """Where the drawing of an item's regions lies."""
    return under(f"/regions.svg?id={quote(item_id, safe='')}")


def thumbnail_url(dataset_id: str, revision: str, ordinal: int) -> str:
    """Where the thumbnail of an item lies."""
    place = f"{quote(dataset_id, safe='')}/{quote(revision, safe='')}/{int(ordinal)}"
    return under(f"/thumb/{place}.webp")


def picture_url(item_id: str) -> str:
    """Where the best picture of an item lies."""
    return under(f"/picture?id={quote(item_id, safe='')}")


def judged_url(judging_id: str, number: int) -> str:
    """Where a picture that is judged lies: its address names neither file nor folder of it."""
    return under(f"/judged/{quote(judging_id)}/{int(number)}")


def judging_progress_url(judging_id: str, round_id: str, language: str) -> str:
    """Where how far a round of judging is lies, as a piece of HTML."""
    query = urlencode({"judging": judging_id, "round": round_id, "lang": language})
    return under(f"/workshop/judging?{query}")


def points_url(layout_id: str, generation: str, mode: str, chosen: Sequence[str] = ()) -> str:
    """Where the binary points of a layout in a colouring lie; `chosen` as in colours_of."""
    query = urlencode([("colour", mode), *(("has", name) for name in chosen)])
    return under(f"/points/{quote(layout_id)}/{quote(generation)}.bin?{query}")


def hover_url(layout_id: str, generation: str, mode: str) -> str:
    """Where the cards of single points lie; the point's number takes the place of INDEX."""
    base = under(f"/points/{quote(layout_id)}/{quote(generation)}/INDEX")
    return f"{base}?colour={quote(mode, safe='')}"


def made_on_url(layout_id: str, language: str) -> str:
    """Where it is told what people made and where it lies on a layout."""
    return under(f"/counter/places?{urlencode({'layout': layout_id, 'lang': language})}")


def map_is_built() -> bool:
    """Whether the map component stands; else the app draws with plotly."""
    return COMPONENT.is_file()


@lru_cache(maxsize=1)
def build_stamp() -> str:
    """Names this build of script and fonts; its URLs are cached for good."""
    digest = hashlib.sha256()
    for file in (COMPONENT, STYLE, WORKSHOP_STYLE, COUNTER_STYLE, FONTS / "fonts.css"):
        digest.update(file.read_bytes() if file.is_file() else b"missing")
    return digest.hexdigest()[:12]


def asset_url(name: str) -> str:
    """Where a built file lies: 'map.js', a style sheet or 'fonts/fonts.css'."""
    return under(f"/assets/{build_stamp()}/{name}")
