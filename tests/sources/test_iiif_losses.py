"""iiif: what is not read is said, what cannot be had is a fault, and nothing goes on for ever."""

from __future__ import annotations

import json
import re
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import cutting, open_source
from excavate.sources.iiif import Iiif
from excavate.sources.iiif_shapes import UNKNOWN, of_fragment, of_svg
from excavate.sources.web import Web
from excavate.sources.web_error import WebError
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png
from tests.sources.fixtures_iiif import (
    BASE,
    canvas,
    image,
    manifest,
    page,
    painted,
    said,
    written,
)
from tests.sources.https_server import NAME, QUICK, Answer, Host

FIRST = f"{BASE}/p1"
ELSEWHERE = f"{BASE}/paintings/1"
AGAIN = "not read (--option most=NUMBER reads more)"


@pytest.fixture
def host(host: Host) -> Host:
    host.put("/robots.txt", b"")
    return host


def told(root: Path, document: Any) -> tuple[Whole, tuple[str, ...]]:
    """All rows of a document, and what of it was left out."""
    source = open_source(written(root, document))
    return joined(source.batches(100)), source.describe().left_out


def named(whole: Whole, row: int = 0) -> dict[str, str]:
    """The attributes of an item."""
    return {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == row}


NAMED = "things painted that are only named"
UNKNOWN_BODIES = "things painted that are no picture, text, video or sound"
PAINTED = {"type": "AnnotationPage", "items": [painted({"id": "x", "type": "Model"}, FIRST)]}


@pytest.mark.parametrize(
    ("items", "left_out", "unread", "empty"),
    [
        ([{"id": ELSEWHERE, "type": "AnnotationPage"}], f"{NAMED}: 1, not read", "1", False),
        ([ELSEWHERE], f"{NAMED}: 1, not read", "1", False),
        ([5], f"{NAMED}: 1, not read", "1", False),
        ([{"type": "AnnotationPage", "items": [ELSEWHERE, 7]}], f"{NAMED}: 2, not read", "2",
         False),
        ([PAINTED], f"{UNKNOWN_BODIES}: 1, not read", "1", False),
        ([{"type": "AnnotationPage", "items": [painted("https://x.example/a", FIRST)]}],
         f"{UNKNOWN_BODIES}: 1, not read", "1", False),
        ([{"type": "AnnotationPage", "items": [painted(None, FIRST)]}],
         f"{UNKNOWN_BODIES}: 1, not read", "1", False),
        ([{"type": "AnnotationPage", "items": []}], None, None, True),
        ([], None, None, True),
    ],
)  # fmt: skip
def test_only_what_is_empty_is_called_empty(
    items: Any, left_out: str | None, unread: str | None, empty: bool, tmp_path: Path
) -> None:
    whole, sentences = told(tmp_path, manifest(canvas("p1", items=items)))
    assert sentences == (() if left_out is None else (left_out,))
    assert ("empty" in named(whole), named(whole).get("unread")) == (empty, unread)


def test_an_image_that_is_only_named_in_version_2(tmp_path: Path) -> None:
    one = {"@id": "a", "@type": "sc:Canvas", "width": 4, "height": 3, "images": ["https://x/i"]}
    document = {"@id": "m", "@type": "sc:Manifest",
                "sequences": [{"canvases": [one]}, "https://x/s"]}  # fmt: skip
    whole, sentences = told(tmp_path, document)
    assert named(whole)["unread"] == "1"
    assert sentences == (f"{NAMED}: 1, not read", "sequences that are only named: 1, not read")


@pytest.mark.parametrize("address", ["a.png", "https://x.example/full/max/0/default.jpg?a=1"])
def test_a_body_that_is_the_address_of_a_picture_is_one(address: str, tmp_path: Path) -> None:
    whole, _ = told(tmp_path, manifest(canvas("p1", painted(address, FIRST))))
    assert whole["items"][0]["source_url"] == address
    assert not {"empty", "unread"} & named(whole).keys()


def test_sources_in_a_list_and_models_in_a_choice(tmp_path: Path) -> None:
    body = {"type": "SpecificResource", "source": ["a.png"]}
    model = {"id": "x.glb", "type": "Model"}
    choice = {"type": "Choice", "items": [image("b.png"), model]}
    whole, sentences = told(tmp_path, manifest(canvas("p1", body), canvas("p2", choice)))
    assert [item["path"] for item in whole["items"]] == ["a.png", "b.png"]
    assert sentences == (f"{UNKNOWN_BODIES}: 1, not read",)


def test_what_is_said_among_the_paintings_is_not_painted(tmp_path: Path) -> None:
    heard = said(FIRST + "#xywh=1,1,2,1", id="a", motivation="supplementing")
    whole, sentences = told(
        tmp_path, manifest(canvas("p1", image("a.png"), heard), canvas("p2", image("b.png")))
    )
    assert whole["items"][0]["path"] == "a.png"
    assert [(r["row"], r["value"], r["width"]) for r in whole["regions"]] == [(0, "고양이", 2)]
    assert sentences == ()


def test_what_is_painted_among_the_comments_is_told(tmp_path: Path) -> None:
    for motivation in ("painting", ["sc:painting"]):
        annotations = page(said(FIRST, motivation=motivation))
        _, sentences = told(tmp_path, manifest(canvas("p1", annotations=annotations)))
        assert sentences == (
            "annotations that paint, beside what their canvas is painted with: 1, not read",
        )


def test_a_second_canvas_of_one_id_is_told(tmp_path: Path) -> None:
    one, other = canvas("p1"), canvas("p1", label={"en": ["second"]})
    whole, sentences = told(tmp_path, manifest(one, one, other))
    assert len(whole["items"]) == 1
    assert sentences == ("canvases whose id an earlier one has: 1, not read",)


def test_every_tag_is_a_label(tmp_path: Path) -> None:
    bodies = [
        {"type": "TextualBody", "value": "one"},
        {"type": "TextualBody", "value": "둘", "purpose": "tagging"},
        {"type": "TextualBody", "value": "a remark", "purpose": "commenting"},
    ]
    annotations = page(said(FIRST, bodies, motivation="tagging"))
    whole, _ = told(tmp_path, manifest(canvas("p1", annotations=annotations)))
    assert [(one["field"], one["value"]) for one in whole["labels"]] == [
        ("tag", "one"), ("tag", "둘"),
    ]  # fmt: skip


def test_what_ranges_hold_and_is_not_read(tmp_path: Path) -> None:
    structures = [
        5,
        {"type": "Range", "label": {"en": ["no id"]}, "items": [{"id": FIRST, "type": "Canvas"}]},
        {
            "id": "r",
            "type": "Range",
            "items": [
                {"id": f"{FIRST}#t=1,2", "type": "Canvas"},
                {"id": f"{BASE}/unknown", "type": "Canvas"},
                {"type": "Range", "items": []},
                5,
                ["x"],
            ],
            "ranges": [1, "elsewhere"],
        },
    ]
    _, sentences = told(tmp_path, manifest(canvas("p1"), structures=structures))
    assert sentences == (
        "ranges without an id, and what they hold: 4, not read",
        "members of ranges that are a moment of video or sound: 1, not read",
        "members of ranges that are no canvas here: 3, not read",
        "ranges that are only named: 1, not read",
    )


def test_pages_of_annotations_that_are_nothing(tmp_path: Path) -> None:
    _, sentences = told(tmp_path, manifest(canvas("p1", annotations=[5, {"type": "x"}])))
    assert sentences == ("pages of annotations without an id or items: 2, not read",)


def test_what_is_oddly_written_is_no_crash(tmp_path: Path) -> None:
    selector = {"type": "PointSelector", "x": 10**400, "y": 1}
    annotations = page(
        said({"source": ["x"]}), said({"source": [FIRST, FIRST]}), said({"source": [FIRST]}),
        said({"source": FIRST, "selector": selector}),
    )  # fmt: skip
    one = canvas("p1", image("a" * 5000 + ".png"), annotations=annotations, width=True)
    whole, sentences = told(tmp_path, manifest(one, homepage=[5, {"id": "h"}], related=[["x"]]))
    assert sentences == ("annotations of something that is no canvas here: 2, not read",)
    assert [r["x"] for r in whole["regions"]] == [None, None]
    assert open_source(f"iiif:{tmp_path}/manifest.json").describe().homepage == "h"


def test_a_member_that_is_no_address_is_not_beside_the_file(tmp_path: Path) -> None:
    shelf = {"id": "s", "type": "Collection",
             "items": [{"id": "https://[x/y", "type": "Manifest"}, 5]}  # fmt: skip
    with pytest.raises(SourceError) as error:
        open_source(written(tmp_path, shelf)).describe()
    assert error.value.what == (
        "nothing visual in it; Manifests of a Collection that are not beside the file: 1, not "
        "read (--option fetch=yes asks the web for them); "
        "members of Collections that are no objects: 1, not read"
    )


@pytest.mark.parametrize(
    "drawn",
    [
        "<path d='M1e999 2 L 3 4 L 5 6 Z'/>",
        "<path d='m1e999 2 l -1e999 4 l 5 6 Z'/>",
        "<polygon points='1,2 3,4 1e400,6'/>",
        "<rect x='nan' y='1' width='inf' height='2'/>",
        "<circle cx='5' cy='1' r='nan'/>",
        "<ellipse cx='inf' cy='1' rx='1' ry='2'/>",
        "<line x1='nan' y1='1' x2='2' y2='2'/>",
    ],
)
def test_a_shape_of_no_numbers_is_unknown(drawn: str) -> None:
    assert of_svg(f"<svg>{drawn}</svg>") == UNKNOWN


def test_nor_is_a_box_infinite(tmp_path: Path) -> None:
    assert of_fragment("xywh=percent:1e308,0,1,1", (1e6, 10)) == UNKNOWN
    (tmp_path / "a.png").write_bytes(png(40, 30))
    annotations = page(said(f"{FIRST}#xywh=1e308,1,1,1"))
    one = canvas("p1", image(), annotations=annotations, width=0.1, height=0.1)
    whole, _ = told(tmp_path, manifest(one))
    assert whole["regions"][0]["x"] is None or isfinite(whole["regions"][0]["x"])


def test_collections_may_nest_deeply(tmp_path: Path) -> None:
    deep = 1200
    for number in range(deep):
        following = {"id": f"{number + 1}.json", "type": "Collection"}
        written(tmp_path, {"type": "Collection", "items": [following]}, f"{number}.json")
    written(tmp_path, manifest(canvas("p1"), id="last"), f"{deep}.json")
    assert open_source(f"iiif:{tmp_path}/0.json").describe().count == 1


def endless(host: Host, kind: str) -> None:
    """/0 names /1, which names /2, and so on."""

    class Answers(dict[str, Answer]):
        def __contains__(self, path: object) -> bool:
            return path != "/robots.txt"

        def __getitem__(self, path: str) -> Answer:
            number = int(re.sub(r"\D", "", path))
            following = f"{host.base}/{number + 1}"
            node = {"id": host.base + path, "type": kind, "next": following}
            node["items"] = [{"id": following, "type": kind}] if kind == "Collection" else []
            content = json.dumps(node).encode()

            def answer(request: Any) -> None:
                request.send_response(200)
                request.send_header("Content-Length", str(len(content)))
                request.end_headers()
                request.wfile.write(content)

            return answer

    host.answers = Answers()


def test_collections_without_end_are_followed_to_a_limit(host: Host) -> None:
    endless(host, "Collection")
    try:
        source = Iiif(f"{host.base}/0", SourceOptions(given={"most": "2"}), host.web())
        with pytest.raises(SourceError) as error:
            source.describe()
    finally:
        host.answers = {}
    assert error.value.what == (
        f"nothing visual in it; other documents beyond the limit: 1, {AGAIN}"
    )
    assert len(host.paths) == 1 + 1 + 20


def test_so_are_pages_of_annotations(host: Host, tmp_path: Path) -> None:
    endless(host, "AnnotationPage")
    document = manifest(canvas("p1", annotations=[{"id": f"{host.base}/0"}]))
    file = written(tmp_path, document).partition(":")[2]
    try:
        given = {"most": "3", "fetch": "yes"}
        about = Iiif(file, SourceOptions(given=given), host.web()).describe()
    finally:
        host.answers = {}
    assert about.left_out == (f"other documents beyond the limit: 1, {AGAIN}",)
    assert len(host.paths) == 1 + 30


DEAD = f"https://{NAME}:1"


def fetching(root: Path, *addresses: str, web: Web) -> Iiif:
    """A file whose canvases have their pictures on the web."""
    canvases = [canvas(f"p{n}", image(one)) for n, one in enumerate(addresses)]
    file = written(root, manifest(*canvases)).partition(":")[2]
    return Iiif(file, SourceOptions(given={"fetch": "yes"}), web)


@pytest.mark.parametrize("first", ["dead", "alive"])
def test_a_host_that_is_down_is_a_fault_of_its_pictures(
    first: str, host: Host, tmp_path: Path
) -> None:
    alive = [host.put(f"/{n}.png", png(4, 3), "image/png") for n in range(2)]
    dead = [f"{DEAD}/{n}.png" for n in range(30)]
    addresses = [*dead, *alive] if first == "dead" else [alive[0], *dead, alive[1]]
    whole = joined(fetching(tmp_path, *addresses, web=host.web()).batches(50))
    faults = {address: named(whole, n).get("not_fetched") for n, address in enumerate(addresses)}
    assert [faults[one] for one in alive] == [None, None]
    for one in dead:
        why = f"{NAME} cannot be reached ("
        assert (faults[one] or "").partition(": ")[2].startswith(why)
    assert [i["content"] for i in whole["items"] if i["content"]] == [png(4, 3)] * 2


def test_nothing_that_can_be_reached_is_an_error_and_no_dataset(host: Host, tmp_path: Path) -> None:
    def unknown(name: str, port: int) -> list[str]:
        raise OSError("no name")

    web = host.web(resolve=unknown)
    addresses = [f"https://{name}.example/a.png" for name in "abc"]
    with pytest.raises(WebError, match=r"no network here, or no host a\.example"):
        next(fetching(tmp_path, *addresses, web=web).batches(9))


def test_nor_is_a_network_that_goes_away(host: Host, tmp_path: Path) -> None:
    host.put("/0.png", png(4, 3), "image/png")
    asked: list[str] = []

    def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        if len(asked) > 2:  # robots.txt and one picture
            raise OSError("no name")
        return ["127.0.0.1"]

    addresses = [f"{host.base}/{n}.png" for n in range(3)]
    batches = fetching(tmp_path, *addresses, web=host.web(resolve=resolve)).batches(1)
    with pytest.raises(WebError, match="no network here"):
        list(batches)


def test_one_picture_that_breaks_off_is_a_fault(host: Host, tmp_path: Path) -> None:
    good = [host.put(f"/{n}.png", png(4, 3), "image/png") for n in (0, 2)]

    def broken(request: Any) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxx")

    host.answers["/1.png"] = broken
    addresses = [good[0], f"{host.base}/1.png", good[1]]
    whole = joined(fetching(tmp_path, *addresses, web=host.web(QUICK)).batches(9))
    assert [bool(item["content"]) for item in whole["items"]] == [True, False, True]
    assert "the answer broke off (" in named(whole, 1)["not_fetched"]
    assert host.paths.count("/1.png") == 2


def test_a_batch_ends_at_a_number_of_bytes(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("excavate.sources.iiif.MOST_BYTES", 2500)
    assert cutting.MOST_BYTES == 16 * 2**20
    sizes = [1000, 1000, 1000, 3000, 1000, 100]
    addresses = [host.put(f"/{n}", b"x" * size, "image/x") for n, size in enumerate(sizes)]
    source = fetching(tmp_path, *addresses, web=host.web())
    found = list(source.batches(9))
    assert [len(batch) for batch in found] == [2, 1, 1, 2]
    assert joined(iter(found)) == joined(source.batches(1))
    assert [len(batch) for batch in source.batches(2, 4)] == [2]


def test_what_fetch_cannot_ask_for_is_not_promised(tmp_path: Path) -> None:
    document = manifest(canvas("p1", image("http://x.example/a.png")))
    _, sentences = told(tmp_path, document)
    assert sentences == ("pictures whose address is no https one, and is not asked: 1, not read",)


def test_a_host_that_states_no_type_is_read(host: Host) -> None:
    content = json.dumps(manifest(canvas("p1"))).encode()
    address = host.put("/m", content, "")
    assert Iiif(address, SourceOptions(), host.web()).describe().count == 1
