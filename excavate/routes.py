"""Our own routes beside Streamlit's: thumbnails, pictures, regions, map points, fonts.

What a URL names for good (a dataset revision, a layout and generation, a build) is cached for
good; the rest is asked again with its ETag. Nothing outside the site and its roots is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.components.addresses import (
    COMPONENT,
    COUNTER_STYLE,
    FONTS,
    STYLE,
    WORKSHOP_STYLE,
    build_stamp,
)
from excavate.errors import ExcavateError, NotAllowedError, NotFoundError
from excavate.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from excavate.site import Site
    from excavate.workshop.store import Workshop

FOREVER = "private, max-age=31536000, immutable"  # of a room: no proxy hands it to others
OPEN = "public, max-age=31536000, immutable"  # our own built files alone
COLOURED = 8  # so many values of a field are coloured at once
ASK_AGAIN = "no-cache"
SHOWN_INLINE = {"image/webp", "image/jpeg", "image/png", "image/gif", "image/bmp"}
ASSET_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


@lru_cache(maxsize=4)
def _opened(path: Path) -> Site:
    from excavate.site import Site

    return Site(path)


def served_site() -> Site:
    """The site this process serves (EXCAVATE_SITE), opened once. Raises SiteError."""
    return _opened(Settings.from_environment().site.resolve())


@lru_cache(maxsize=4)
def _opened_workshop(path: Path, shared: bool) -> Workshop:
    from excavate.workshop.store import Workshop

    return Workshop(path, shared=shared)


def served_workshop() -> Workshop:
    """The workshop of the site this process serves, opened once. Raises SiteError."""
    settings = Settings.from_environment()
    return _opened_workshop(settings.site.resolve(), settings.shared)


def opened_workshop() -> Workshop | None:
    """The workshop, where it was opened already: who only keeps it opens none."""
    return served_workshop() if _opened_workshop.cache_info().currsize else None


def forget_workshop() -> None:
    """Let the next that asks open the workshop anew."""
    _opened_workshop.cache_clear()


def answer(
    request: Request, content: bytes, media_type: str, etag: str, cache: str = FOREVER
) -> Response:
    """Content that is inert wherever it is opened, with its ETag; 304 where it is held already."""
    from starlette.responses import Response

    headers = {
        "ETag": f'"{etag}"',
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    asked = request.headers.get("if-none-match", "")
    if asked == "*" or f'"{etag}"' in [e.strip().removeprefix("W/") for e in asked.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def refusal(status: int, text: str) -> Response:
    """A plain line that says what is not there."""
    from starlette.responses import PlainTextResponse

    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(text + "\n", status_code=status, headers=headers)


def in_words(text: str) -> str:
    """What an error says, in the language of this request."""
    from excavate.pages.error_words import worded

    return worded(text)


Endpoint = Callable[["Request"], "Response"]
Waiting = Callable[["Request"], Awaitable["Response"]]


def _in_thread(answers: Endpoint) -> Waiting:
    """A route that runs in a thread of those that answer."""

    async def endpoint(request: Request) -> Response:
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(answers, request)

    return endpoint


def _guarded(answers: Waiting) -> Waiting:
    """A route whose ExcavateError becomes its text and a status."""

    async def endpoint(request: Request) -> Response:
        try:
            return await answers(request)
        except NotFoundError as error:
            return refusal(404, str(error))
        except NotAllowedError as error:
            return refusal(403, str(error))
        except ExcavateError as error:
            return refusal(503, str(error))

    return endpoint


def thumbnail(request: Request) -> Response:
    """One thumbnail, WebP. The revision in the URL makes it immutable."""
    place = request.path_params
    found = served_site().thumbnail(place["dataset"], place["revision"], place["ordinal"])
    if found is None:
        return refusal(404, "no thumbnail")
    return answer(request, found[0], "image/webp", found[1])


def picture(request: Request) -> Response:
    """The best picture of one item. Kinds that a browser could run are never sent as such."""
    found = served_site().original(request.query_params.get("id", ""))
    if found is None:
        return refusal(404, "no picture")
    content, media_type, etag = found
    if media_type not in SHOWN_INLINE:
        return refusal(415, "not a picture that is shown")
    return answer(request, content, media_type, etag, ASK_AGAIN)


def regions(request: Request) -> Response:
    """The regions of one item as an SVG of our own making, to lie over its picture."""
    from excavate.catalog import browsing
    from excavate.components.overlay import overlay_svg

    with served_site().cursor() as cursor:
        item = browsing.one_item(cursor, request.query_params.get("id", ""))
    if item is None:
        return refusal(404, "no such item")
    svg = overlay_svg(item["regions"], item["width"] or 1, item["height"] or 1).encode()
    etag = hashlib.sha256(svg).hexdigest()[:32]
    return answer(request, svg, "image/svg+xml", etag, ASK_AGAIN)


def points(request: Request) -> Response:
    """The binary points of a layout in one colouring."""
    from excavate.components.points import point_file

    site, place = served_site(), request.path_params
    mode = request.query_params.get("colour", "dataset")
    chosen = request.query_params.getlist("has")[:COLOURED]
    content, etag = point_file(site, place["layout"], mode, chosen)
    cache = FOREVER if place["generation"] == site.generation else "no-store"
    return answer(request, content, "application/octet-stream", etag, cache)


def hover(request: Request) -> Response:
    """The card of one point: its thumbnail's URL, its id and what the source says of it."""
    import json

    from excavate.components.faces import look_through
    from excavate.components.gallery import point_card

    site, place = served_site(), request.path_params
    mode = request.query_params.get("colour", "dataset")
    look_through(site, Settings.from_environment().archives)
    card = point_card(site, place["layout"], place["index"], mode)
    content = json.dumps(card, ensure_ascii=False).encode()
    cache = FOREVER if place["generation"] == site.generation else "no-store"
    etag = hashlib.sha256(content).hexdigest()[:32]
    return answer(request, content, "application/json", etag, cache)


def version(request: Request) -> Response:
    """The workshop's version number: it grows with everything that is written."""
    from starlette.responses import PlainTextResponse

    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(str(served_workshop().version), headers=headers)


def brought(request: Request) -> Response:
    """A picture that somebody brought, by its hash."""
    from excavate.workshop.finds import picture_of

    found = picture_of(served_workshop(), request.path_params["sha256"])
    if found is None:
        return refusal(404, "no such picture")
    return answer(request, *found, request.path_params["sha256"][:32], ASK_AGAIN)


def asset(request: Request) -> Response:
    """A built file: the map's script, a style sheet, a piece of a font."""
    name, stamp = request.path_params["name"], request.path_params["stamp"]
    styles = {"paper.css": STYLE, "workshop.css": WORKSHOP_STYLE, "counter.css": COUNTER_STYLE}
    ours = {"map.js": COMPONENT, **styles}
    file = ours.get(name) or (FONTS.parent / name).resolve()
    allowed = name in ours or file.is_relative_to(FONTS.resolve())
    if stamp != build_stamp() or not allowed or not file.is_file():
        return refusal(404, "no such built file")
    media_type = ASSET_TYPES.get(file.suffix)
    if media_type is None:
        return refusal(404, "no such built file")
    return answer(request, file.read_bytes(), media_type, f"{stamp}-{file.name}", OPEN)


def routes() -> list[Route]:
    """All of our routes, for `st.App(routes=…)`."""
    from starlette.routing import Route

    from excavate.absence_route import absence_part
    from excavate.board_route import board
    from excavate.drawing_routes import draw, made_picture, places
    from excavate.finding_routes import finding_file
    from excavate.judging_routes import judged_picture, judging_progress
    from excavate.keeping_route import export_file
    from excavate.now_route import here_fragment, now, room_fragment
    from excavate.own_routes import labour, presentation, presentations
    from excavate.release_routes import release_file, release_zip

    answered: dict[str, Endpoint] = {
        "/thumb/{dataset:path}/{revision}/{ordinal:int}.webp": thumbnail,
        "/picture": picture,
        "/regions.svg": regions,
        "/points/{layout}/{generation}.bin": points,
        "/points/{layout}/{generation}/{index:int}": hover,
        "/workshop/version": version,
        "/workshop/export.{ending}": export_file,
        "/workshop/now": now,
        "/workshop/room": room_fragment,
        "/workshop/here": here_fragment,
        "/workshop/presentation": presentation,
        "/workshop/presentations": presentations,
        "/workshop/board": board,
        "/workshop/absence": absence_part,
        "/workshop/judging": judging_progress,
        "/judged/{judging}/{number:int}": judged_picture,
        "/counter/places": places,
        "/counter/picture": made_picture,
        "/release/{name}.zip": release_zip,
        "/release/{name}/{path:path}": release_file,
        "/brought/{sha256}": brought,
        "/assets/{stamp}/{name:path}": asset,
    }
    return [
        *(Route(path, _guarded(_in_thread(answers))) for path, answers in answered.items()),
        Route("/finding/{finding}.{ending}", _guarded(finding_file)),
        Route("/workshop/labour", _guarded(labour), methods=["POST"]),
        Route("/counter/draw", _guarded(draw), methods=["POST"]),
    ]
