"""iiif: what is kept of Manifests and Collections, every fault in one error, and every recipe."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.iiif import Iiif
from excavate.sources.iiif_annotations import Annotations
from excavate.sources.iiif_pictures import Painting, sized_address
from excavate.sources.web_error import WebError
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_iiif import (
    BASE,
    canvas,
    collection,
    image,
    manifest,
    page,
    painted,
    said,
    version_2,
    version_3,
    written,
)
from tests.sources.https_server import Host

LATER = "(--option fetch=yes asks the web for them)"


def read(text: str, **given: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(given=given)).batches(100))


def refused(text: str, root: Path, **given: str) -> str:
    """The error that a source gives, the folder left out."""
    with pytest.raises(SourceError) as error:
        open_source(text, SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def named(whole: Whole, row: int) -> dict[str, str]:
    """The attributes of an item."""
    return {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == row}


def regions_of(tmp_path: Path, *annotations: Any, **more: Any) -> list[dict[str, Any]]:
    """The regions of a canvas with these annotations."""
    text = written(tmp_path, manifest(canvas("p1", annotations=page(*annotations), **more)))
    return read(text)["regions"]


def test_canvases_are_items(tmp_path: Path) -> None:
    source = open_source(version_3(tmp_path))
    about = source.describe()
    assert (about.dataset_id, about.title, about.count) == (tmp_path.name.lower(), "책", 4)
    assert about.licence is None  # they differ
    assert about.left_out == (
        "canvases of video or sound without a picture: 1, not read",
        f"pictures that lie on the web: 1, not fetched {LATER}",
    )
    items = joined(source.batches(9))["items"]
    assert [item["key"] for item in items] == [f"{BASE}/p{n}" for n in (1, 2, 3, 4)]
    assert [item["path"] for item in items] == ["a.png", "half.png", None, None]
    assert [(item["width"], item["height"]) for item in items] == [
        (40, 30), (20, 15), (40, 30), (40, 30),
    ]  # fmt: skip
    assert [item["licence"] for item in items] == [
        *["http://x.example/cc0"] * 3,
        "http://x.example/by",
    ]
    assert {item["creator"] for item in items} == {"Kim"}


def test_an_empty_canvas_says_that_it_is_empty(tmp_path: Path) -> None:
    whole = read(version_3(tmp_path))
    empty = [n for n in range(4) if "empty" in named(whole, n)]
    assert empty == [2]
    assert named(whole, 2)["label@en"] == "missing"
    assert whole["items"][2]["source_url"] is None


def test_every_language_is_kept(tmp_path: Path) -> None:
    said_of = named(read(version_3(tmp_path)), 0)
    assert {name: value for name, value in said_of.items() if "metadata" in name} == {
        "manifest.metadata.Creator@en": "Kim",
        "manifest.metadata.작가@ko": "김",
    }
    assert (said_of["manifest.label@ko"], said_of["manifest.label@en"]) == ("책", "Book")


@pytest.mark.parametrize(
    ("pair", "kept"),
    [
        ({"label": "Date", "value": "1900"}, {"metadata.Date": "1900"}),
        ({"label": {"none": ["D"]}, "value": {"none": ["x", "y"]}}, {"metadata.D": '["x", "y"]'}),
        (
            {"label": {"en": ["D"], "ko": ["날"]}, "value": {"none": ["x"]}},
            {"metadata.D": "x", "metadata.D.label@ko": "날"},
        ),
        (
            {"label": "D", "value": [{"@value": "x", "@language": "fr"}, "y"]},
            {"metadata.D@fr": "x", "metadata.D": "y"},
        ),
        ({"label": {"en": ["D"]}, "value": {}}, {"metadata.D": None}),
        (
            {"label": "D", "value": "x", "note": 1},
            {"metadata.D": "x", "metadata.D.more": '{"note": 1}'},
        ),
    ],
)
def test_pairs_of_metadata(pair: Any, kept: dict[str, str], tmp_path: Path) -> None:
    found = named(read(written(tmp_path, manifest(canvas("p1", metadata=[pair])))), 0)
    assert {name: value for name, value in found.items() if name.startswith("metadata")} == kept


def test_regions_of_every_shape(tmp_path: Path) -> None:
    regions = [r for r in read(version_3(tmp_path))["regions"] if r["row"] == 0]
    assert [r["kind"] for r in regions] == ["box", "point", "polygon", "box"]
    boxes = [tuple(r[n] for n in ("x", "y", "width", "height")) for r in regions]
    assert boxes == [(1, 1, 2, 1), (3, 4, 0, 0), (1, 1, 8, 8), (0, 0, 40, 30)]
    assert json.loads(regions[1]["geometry"]) == [3, 4]
    assert json.loads(regions[2]["geometry"]) == [[1, 1, 9, 1, 9, 9]]
    assert {r["value"] for r in regions} == {"고양이"}
    assert json.loads(regions[0]["extra"]) == {
        "motivation": "commenting",
        "id": "a1",
        "body": {"type": "TextualBody", "language": "ko"},
    }
    assert json.loads(regions[1]["extra"])["target"]["selector"]["type"] == "PointSelector"


def test_a_tag_of_the_whole_is_a_label_too(tmp_path: Path) -> None:
    labels = [(a["row"], a["field"], a["value"]) for a in read(version_3(tmp_path))["labels"]]
    assert labels == [(0, "range", "One"), (0, "tag", "고양이")]


def test_regions_are_in_the_pixels_of_the_picture(tmp_path: Path) -> None:
    regions = [r for r in read(version_3(tmp_path))["regions"] if r["row"] == 1]
    assert [(r["x"], r["y"], r["width"], r["height"]) for r in regions] == [
        (0.5, 0.5, 1, 0.5),  # of the range
        (5, 5, 2, 1),
    ]
    assert json.loads(regions[1]["extra"])["on_canvas"] == [10, 10, 4, 2]


def test_ranges_are_a_taxonomy(tmp_path: Path) -> None:
    found = open_source(version_3(tmp_path)).categories()
    assert [(c.category_id, c.name, c.parents) for c in found] == [
        (f"{BASE}/r", "Contents", ()),
        (f"{BASE}/r1", "One", (f"{BASE}/r",)),
        (f"{BASE}/r2", "Two", (f"{BASE}/r",)),
    ]


def test_ranges_in_a_ring_are_no_taxonomy(tmp_path: Path) -> None:
    ring = [{"@id": "a", "@type": "sc:Range", "ranges": ["b"]},
            {"@id": "b", "@type": "sc:Range", "ranges": ["a"]}]  # fmt: skip
    found = open_source(written(tmp_path, manifest(canvas(), structures=ring))).categories()
    assert [(c.category_id, c.parents) for c in found] == [("a", ("b",)), ("b", ())]


def test_version_2(tmp_path: Path) -> None:
    source = open_source(version_2(tmp_path))
    whole, about = joined(source.batches(9)), source.describe()
    assert (about.title, about.licence, about.left_out) == ("책", "http://x.example/by", ())
    assert [item["path"] for item in whole["items"]] == ["a.png", None]
    assert [(r["value"], r["x"], r["width"]) for r in whole["regions"]] == [("첫 쪽", 1, 2)]
    assert [(a["value"], a["category_id"]) for a in whole["labels"]] == [("One", "r1")]
    assert [(c.name, c.parents) for c in source.categories()] == [("Top", ()), ("One", ("top",))]
    assert named(whole, 0)["manifest.metadata.Artist"] == '["Kim", "Lee"]'
    assert named(whole, 1)["empty"] == "true"


def test_a_collection_is_followed_beside_it(tmp_path: Path) -> None:
    source = open_source(collection(tmp_path))
    whole, about = joined(source.batches(9)), source.describe()
    assert [item["key"] for item in whole["items"]] == [f"{BASE}/p1", f"two.json#{BASE}/p1"]
    assert about.left_out == (
        f"Manifests of a Collection that are not beside the file: 1, not read {LATER}",
    )
    assert [c.category_id for c in source.categories()] == ["r", "two.json#r"]
    assert [a["category_id"] for a in whole["labels"]] == ["r", "two.json#r"]
    assert named(whole, 1)["collection.label@en"] == "Shelf"


def test_a_file_that_says_another_id_is_not_the_one_that_is_named(tmp_path: Path) -> None:
    shelf = {"type": "Collection", "id": "x", "items": [
        {"id": "https://other.example/one.json", "type": "Manifest"},
        {"id": "https://museum.example/deep/two.json", "type": "Manifest"},
    ]}  # fmt: skip
    for name in ("one", "two"):
        said_id = "{{ id.url }}" if name == "two" else f"{BASE}/one.json"
        written(tmp_path, manifest(canvas(name), id=said_id), f"{name}.json")
    assert [i["key"] for i in read(written(tmp_path, shelf, "c.json"))["items"]] == [f"{BASE}/two"]


def test_no_more_manifests_than_wanted(tmp_path: Path) -> None:
    source = open_source(collection(tmp_path), SourceOptions(given={"most": "1"}))
    assert source.describe().count == 1
    assert "Manifests beyond the limit: 1, not read (--option most=NUMBER reads more)" in (
        source.describe().left_out
    )


def test_a_collection_that_names_itself_ends(tmp_path: Path) -> None:
    text = collection(tmp_path)
    document = json.loads((tmp_path / "collection.json").read_text())
    document["items"].append({"id": f"{BASE}/collection.json", "type": "Collection"})
    written(tmp_path, document, "collection.json")
    assert len(read(text)["items"]) == 2


def test_a_glob(tmp_path: Path) -> None:
    collection(tmp_path / "a")
    version_2(tmp_path / "b")
    source = open_source(f"iiif:{tmp_path}/**/*.json")
    keys = [item["key"] for item in joined(source.batches(9))["items"]]
    assert keys == [
        f"{BASE}/p1",
        f"a/two.json#{BASE}/p1",
        f"b/manifest.json#{BASE}/p1",
        f"{BASE}/p2",
    ]
    assert "files that are no Manifest or Collection: 1, not read" in source.describe().left_out
    assert source.describe().dataset_id == tmp_path.name.lower()


def test_of_a_choice_the_first_is_the_picture(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png(40, 30))
    choice = {"type": "Choice", "items": [image(), image("b.png", label={"en": ["X-Ray"]})]}
    whole = read(written(tmp_path, manifest(canvas("p1", choice))))
    assert whole["items"][0]["path"] == "a.png"
    assert json.loads(named(whole, 0)["choice"])[0]["label"] == {"en": ["X-Ray"]}


def test_a_picture_on_a_picture_is_a_region(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png(40, 30))
    over = painted(image("b.png", label={"en": ["detail"]}), f"{BASE}/p1#xywh=5,6,7,8")
    text = painted({"type": "TextualBody", "value": "글"}, f"{BASE}/p1")
    whole = read(written(tmp_path, manifest(canvas("p1", image(), over, text))))
    assert whole["items"][0]["path"] == "a.png"
    assert [(r["value"], r["x"], r["width"]) for r in whole["regions"]] == [
        ("detail", 5, 7),
        ("글", 0, 40),
    ]


def test_a_canvas_of_pieces_has_no_picture(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    pieces = [painted(image(), f"{BASE}/p1#xywh={x},0,20,30") for x in (0, 20)]
    source = open_source(written(tmp_path, manifest(canvas("p1", *pieces))))
    assert joined(source.batches(1))["items"][0]["path"] is None
    assert source.describe().left_out == (
        "wholes of canvases composed of pictures (each is a region): 1, not read",
    )


def test_a_single_picture_on_a_part(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png(10, 10))
    part = painted(image(), f"{BASE}/p1#xywh=20,10,20,20")
    text = written(
        tmp_path, manifest(canvas("p1", part, annotations=page(said(f"{BASE}/p1#xywh=30,20,2,4"))))
    )
    whole = read(text)
    assert whole["items"][0]["path"] == "a.png"
    region = whole["regions"][0]
    assert [region[n] for n in ("x", "y", "width", "height")] == [5, 5, 1, 2]


def test_a_picture_that_is_meant_cut_is_not_shown_whole(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png(80, 60))
    body = {"type": "SpecificResource", "source": image(width=80, height=60),
            "selector": {"type": "ImageApiSelector", "region": "0,0,40,30"}}  # fmt: skip
    source = open_source(written(tmp_path, manifest(canvas("p1", body))))
    item = joined(source.batches(1))["items"][0]
    assert (item["path"], item["width"]) == (None, 40)
    assert source.describe().left_out == (
        "pictures beside the file that are meant cut or turned: 1, not read",
    )


SVGS = [
    ("<path d='M1 1H9V9Z'/>", "polygon", [[1, 1, 9, 1, 9, 9]]),
    ("<path d='m1,1 8,0 l0,8z m2-1h3v4z'/>", "polygon", [[1, 1, 9, 1, 9, 9], [3, 0, 6, 0, 6, 4]]),
    ("<path d='M1,1L9,9'/>", "line", [[1, 1, 9, 9]]),
    ("<path d='M1,1L9,1L9,9L1,1'/>", "polygon", [[1, 1, 9, 1, 9, 9, 1, 1]]),
    ("<polygon points='1,1 9,1 9,9'/>", "polygon", [[1, 1, 9, 1, 9, 9]]),
    ("<polyline points='1,1 9,1'/>", "line", [[1, 1, 9, 1]]),
    ("<line x1='1' y1='2' x2='3' y2='4'/>", "line", [[1, 2, 3, 4]]),
    ("<circle cx='5' cy='6' r='2'/>", "circle", {"centre": [5, 6], "radius": 2}),
    ("<rect x='1' y='2' width='3' height='4'/>", "box", (1, 2, 3, 4)),
    ("<ellipse cx='5' cy='6' rx='2' ry='1'/>", "box", (3, 5, 4, 2)),
    ("<path d='M1,1C2,2 3,3 4,4Z'/>", "box", None),
    ("<path d='M1'/>", "box", None),
    ("<path d='L1,1 2,2'/>", "box", None),
    ("<path d='M1,1'/>", "box", None),
    ("<g transform='scale(2)'><rect width='1' height='1'/></g>", "box", None),
    ("<rect width='1' height='1'/><circle r='2'/>", "box", None),
    ("<text>x</text>", "box", None),
    ("<path d='M1,1", "box", None),
]


@pytest.mark.parametrize(("drawn", "kind", "shape"), SVGS)
def test_svg(drawn: str, kind: str, shape: Any, tmp_path: Path) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{drawn}</svg>"
    selector = {"type": "SvgSelector", "value": svg}
    region = regions_of(tmp_path, said({"source": f"{BASE}/p1", "selector": selector}))[0]
    assert region["kind"] == kind
    if kind == "box":
        assert region["geometry"] is None
        sides = tuple(region[n] for n in ("x", "y", "width", "height"))
        assert sides == (shape or (None,) * 4)
    else:
        assert json.loads(region["geometry"]) == shape
    assert json.loads(region["extra"])["target"]["selector"] == selector


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "1,1 9,1 9,9">]><svg><polygon points="&a;"/></svg>'
    selector = {"type": "SvgSelector", "value": bomb}
    region = regions_of(tmp_path, said({"source": f"{BASE}/p1", "selector": selector}))[0]
    assert (region["kind"], region["x"]) == ("box", None)


@pytest.mark.parametrize(
    ("fragment", "box"),
    [
        ("xywh=1,2,3,4", (1, 2, 3, 4)),
        ("xywh=pixel:1.5,2,3,4", (1.5, 2, 3, 4)),
        ("xywh=percent:50,50,25,10", (20, 15, 10, 3)),
        ("t=1,2&xywh=1,2,3,4", (1, 2, 3, 4)),
        ("xywh=-1,2,3,4", (-1, 2, 3, 4)),
        ("xywh=1,2,3", None),
        ("xywh=a,b,c,d", None),
        ("xywh=nan,1,1,1", None),
        ("xywh=feet:1,2,3,4", None),
        ("somewhere", None),
    ],
)
def test_fragments(fragment: str, box: Any, tmp_path: Path) -> None:
    target = f"{BASE}/p1#{fragment}"
    region = regions_of(tmp_path, said(target))[0]
    assert tuple(region[n] for n in ("x", "y", "width", "height")) == (box or (None,) * 4)
    assert ("target" in json.loads(region["extra"])) is (box is None)


def test_the_most_exact_selector_is_taken(tmp_path: Path) -> None:
    svg = {"type": "SvgSelector", "value": "<svg><circle cx='5' cy='6' r='2'/></svg>"}
    box = {"type": "FragmentSelector", "value": "xywh=1,2,3,4"}
    old = {"@type": "oa:Choice", "default": box, "item": svg}
    curve = {"type": "SvgSelector", "value": "<svg><path d='M1,1C1,1 1,1 1,1'/></svg>"}
    targets = [{"source": f"{BASE}/p1", "selector": s} for s in ([box, svg], old, [curve, box])]
    found = regions_of(tmp_path, said(targets))
    assert [r["kind"] for r in found] == ["circle", "circle", "box"]
    assert found[2]["x"] == 1


def test_bodies(tmp_path: Path) -> None:
    target = f"{BASE}/p1"
    choice = {"type": "Choice", "items": [{"value": "en"}, {"value": "ko"}]}
    bodies = [
        {"value": "a"},
        [{"id": "x.jpg", "type": "Image"}, {"value": "b"}],
        choice,
        "urn:x",
        {},
    ]
    found = regions_of(tmp_path, *(said(target, body) for body in bodies))
    assert [r["value"] for r in found] == ["a", "b", "en", "urn:x", None]
    assert json.loads(found[2]["extra"])["body"] == choice
    plain = {"type": "Annotation", "motivation": ["tagging"], "bodyValue": "t", "target": target}
    assert regions_of(tmp_path, plain)[0]["value"] == "t"


def test_what_is_said_of_nothing_here_is_counted(tmp_path: Path) -> None:
    annotations = page(said("urn:else"), said(f"{BASE}/p1#t=1,2"), "text", said(None))
    source = open_source(written(tmp_path, manifest(canvas("p1", annotations=annotations))))
    assert source.describe().left_out == (
        "annotations of something that is no canvas here: 2, not read",
        "annotations of a moment of video or sound: 1, not read",
        "annotations that are no objects: 1, not read",
    )


SIDES = st.lists(st.integers(-5, 99) | st.floats(0, 9), min_size=4, max_size=4)
TEXT = st.text(st.characters(codec="utf-8"), max_size=9)


@given(
    value=TEXT,
    key=TEXT,
    motivation=TEXT | st.just(["tagging"]) | st.booleans() | st.integers(0, 1),
    more=st.dictionaries(st.sampled_from(["language", "format", "creator"]),
                         TEXT | st.booleans() | st.integers(0, 1) | st.just([{}]), max_size=2),
    sides=SIDES,
)  # fmt: skip
def test_the_quick_way_says_the_same(
    value: str, key: str, motivation: Any, more: dict[str, Any], sides: list[float]
) -> None:
    target = f"c#xywh={','.join(map(str, sides))}"
    annotation = {
        "id": key,
        "type": "Annotation",
        "motivation": motivation,
        "body": {"type": "TextualBody", **more, "value": value},
        "target": target,
    }
    slow, quick = Annotations({"c": (9, 9)}), Annotations({"c": (9, 9)})
    slow._read(json.loads(json.dumps(annotation)), target)
    for _ in range(2):
        quick.add([json.loads(json.dumps(annotation))])
    *plain, extra = slow.rows["c"][0]
    assert len(quick.rows["c"]) == 2
    for row in quick.rows["c"]:
        assert list(row[:-1]) == plain
        found, wanted = json.loads(row[-1]), json.loads(extra)
        assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


WANTED = "Give the Manifest that names it"
FAULTS = [
    (
        "{",
        "not JSON at line 1, column 2 (Expecting property name enclosed in double quotes). "
        "Correct the file",
    ),
    ("[]", "no IIIF: not a JSON object. Correct the file"),
    (
        '{"type": "Manifest", "label": "\\ud800"}',
        "text that is no Unicode (half of a surrogate pair). Correct the file",
    ),
    ({"a": 1}, f"no Manifest or Collection of IIIF, but without a type. {WANTED}"),
    (
        {"type": "AnnotationPage"},
        f"no Manifest or Collection of IIIF, but AnnotationPage. {WANTED}",
    ),
    (manifest(), "no canvases in it"),
    (
        manifest(canvas("p", {"id": "x.mp4", "type": "Video"})),
        "nothing visual in it; canvases of video or sound without a picture: 1, not read",
    ),
    (
        manifest(7, {"type": "Canvas"}, {"id": "x", "type": "Range"}, canvas("p1", image("../x"))),
        "faults in the manifests (4). Correct these\n"
        "  manifest.json: items[0]: not an object\n"
        "  manifest.json: items[1]: a canvas without an id\n"
        "  manifest.json: items[2]: Range where a canvas is expected\n"
        f"  manifest.json: canvas {BASE}/p1: picture '../x' leaves the folder",
    ),
    (
        manifest(items={}),
        "faults in the manifests (1). Correct these\n  manifest.json: items: not a list",
    ),
]


@pytest.mark.parametrize(("content", "why"), FAULTS)
def test_faults(content: Any, why: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path, content), tmp_path) == f"ROOT/manifest.json: {why}"


def test_all_files_of_a_glob_that_cannot_be_read(tmp_path: Path) -> None:
    put(tmp_path / "a.json", "{")
    put(tmp_path / "b.json", "[]")
    assert refused(f"iiif:{tmp_path}/*.json", tmp_path) == (
        "ROOT/*.json: files that cannot be read (2). Correct them, or narrow the glob\n"
        "  a.json: not JSON at line 1, column 2 "
        "(Expecting property name enclosed in double quotes)\n"
        "  b.json: no IIIF: not a JSON object"
    )
    assert refused(f"iiif:{tmp_path}/*.jsn", tmp_path) == (
        "ROOT/*.jsn: no Manifest or Collection in it. Check the glob"
    )
    todo = "Give a file, an address, or a glob: iiif:ROOT/*.json"
    assert refused(f"iiif:{tmp_path}", tmp_path) == f"ROOT: this is a folder. {todo}"


def test_options_that_cannot_be_followed(tmp_path: Path) -> None:
    assert refused("iiif:x.json", tmp_path, fetch="maybe", most="0", size="1e3") == (
        "iiif:x.json: options that cannot be followed (3). Correct these\n"
        "  --option fetch=maybe: yes or no\n"
        "  --option most=0: a whole number from 1 to 100,000\n"
        "  --option size=1e3: a whole number from 1 to 20,000"
    )


@pytest.mark.parametrize("address", ["/etc/passwd", "..%2Fx.png", "sub/../../x.png"])
def test_no_picture_outside_of_the_folder(address: str, tmp_path: Path) -> None:
    put(tmp_path / "x.png", png())
    text = written(tmp_path / "in", manifest(canvas("p1", image(address))))
    assert f"picture {address!r} leaves the folder" in refused(text, tmp_path)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "x.png", png())
    text = written(tmp_path / "in", manifest(canvas("p1", image("in.png"))))
    (tmp_path / "in" / "in.png").symlink_to(tmp_path / "x.png")
    source = open_source(text)
    item = joined(source.batches(1))["items"][0]
    assert (item["path"], item["width"]) == ("in.png", 40)  # the catalog refuses it, as a fault


def test_the_fingerprint_sees_documents_and_pictures(tmp_path: Path) -> None:
    text = version_2(tmp_path)
    seen = [open_source(text).describe().fingerprint]
    put(tmp_path / "a.png", png(41, 30))
    seen.append(open_source(text).describe().fingerprint)
    page_ = tmp_path / "list" / "l1.json"
    page_.write_text(page_.read_text().replace("첫", "둘").replace("\\uccab", "\\ub458"))
    seen.append(open_source(text).describe().fingerprint)
    assert len(set(seen)) == 3


SERVICE = "https://i.example/x"
V2 = "http://iiif.io/api/image/2"
SIZES = [{"width": w, "height": w * 3 // 4} for w in (100, 400, 4000)]
SERVICES = [
    ({"type": "ImageService3", "profile": "level2"}, (4000, 3000), "full/!512,512/0/default.jpg"),
    ({"type": "ImageService3", "profile": "level1"}, (4000, 3000), "full/512,/0/default.jpg"),
    ({"type": "ImageService3", "profile": "level1"}, (300, 4000), "full/,512/0/default.jpg"),
    ({"type": "ImageService3", "profile": "level2"}, (500, 400), "full/max/0/default.jpg"),
    ({"@context": f"{V2}/context.json", "profile": f"{V2}/level2.json"}, (4000, 3000),
     "full/!512,512/0/default.jpg"),
    ({"@context": f"{V2}/context.json", "profile": [f"{V2}/level1.json"]}, (500, 400),
     "full/full/0/default.jpg"),
    ({"@context": "http://library.stanford.edu/iiif/image-api/1.1/context.json",
      "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2"},
     (4000, 3000), "full/!512,512/0/native.jpg"),
    ({"type": "ImageService3", "profile": "level0", "sizes": SIZES}, (4000, 3000),
     "full/400,300/0/default.jpg"),
    ({"type": "ImageService2", "profile": "level0", "sizes": [{"width": 900, "height": 700}]},
     (4000, 3000), "full/900,/0/default.jpg"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "size", "asked"), SERVICES)
def test_pictures_are_asked_for_in_a_limited_size(service: Any, size: Any, asked: str) -> None:
    body = image("own.jpg", width=size[0], height=size[1], service=[{"id": SERVICE} | service])
    assert sized_address(Painting(body), 512) == f"{SERVICE}/{asked}"


@pytest.mark.parametrize(
    "service", [{}, {"type": "ImageService3", "profile": "level0"}, {"profile": "x"}]
)
def test_without_a_service_the_picture_has_its_own_address(service: Any) -> None:
    body = image("own.jpg", width=9000, height=9000, service={"id": SERVICE} | service)
    assert sized_address(Painting(body), 512) == "own.jpg"


def on_web(host: Host, document: Any, path: str = "/book/manifest.json") -> str:
    return host.put(path, json.dumps(document).encode(), "application/ld+json")


def fetched(host: Host, rest: str, **given: str) -> tuple[Iiif, Whole]:
    source = Iiif(rest, SourceOptions(given=given), host.web())
    return source, joined(source.batches(2))


def test_a_url_is_read_with_its_pictures(host: Host) -> None:
    service = {"id": f"{host.base}/i", "type": "ImageService3", "profile": "level2"}
    body = image(f"{host.base}/own.jpg", width=4000, height=3000, service=[service])
    host.put("/i/full/!64,64/0/default.jpg", png(64, 48), "image/jpeg")
    gone = canvas("p2", image(f"{host.base}/gone.jpg"))
    first = canvas("p1", body, annotations=page(said(f"{BASE}/p1#xywh=10,10,4,2")))
    source, whole = fetched(host, on_web(host, manifest(first, gone)), size="64")
    about = source.describe()
    assert (about.dataset_id, about.root, about.left_out) == ("book", None, ())
    assert [item["content"] for item in whole["items"]] == [png(64, 48), b""]
    assert (whole["items"][0]["width"], whole["items"][0]["height"]) == (64, 48)
    assert [whole["regions"][0][n] for n in ("x", "y", "width", "height")] == [16, 16, 6.4, 3.2]
    assert named(whole, 1)["not_fetched"] == (
        f"{host.base}/gone.jpg: the host answers 404: nothing is there"
    )
    assert whole["items"][0]["source_url"] == f"{host.base}/own.jpg"


def test_later_items_are_reached_without_fetching_the_first(host: Host) -> None:
    bodies = [image(host.put(f"/{n}.png", png(4, 3), "image/png")) for n in range(3)]
    canvases = [canvas(f"p{n}", body) for n, body in enumerate(bodies)]
    source = Iiif(on_web(host, manifest(*canvases)), SourceOptions(), host.web())
    assert len(joined(source.batches(2, 2))["items"]) == 1
    assert host.paths == ["/robots.txt", "/book/manifest.json", "/2.png"]


def test_a_collection_on_the_web_is_followed_to_its_limit(host: Host) -> None:
    members = []
    for n in range(3):
        document = manifest(canvas(f"c{n}"))
        members.append({"id": on_web(host, document, f"/m{n}"), "type": "Manifest"})
    shelf = {
        "id": "x",
        "type": "Collection",
        "items": [*members, {"id": f"{host.base}/no", "type": "Manifest"}],
    }
    address = on_web(host, shelf, "/shelf")
    source, whole = fetched(host, address, most="2")
    assert [item["key"] for item in whole["items"]] == [f"{BASE}/c0", f"{BASE}/c1"]
    assert source.describe().left_out == (
        "Manifests beyond the limit: 2, not read (--option most=NUMBER reads more)",
    )
    source, whole = fetched(host, address)
    assert len(whole["items"]) == 3
    assert source.describe().left_out == (
        f"{host.base}/no: the host answers 404: nothing is there: not read",
    )


def test_a_file_fetches_nothing_unless_it_is_asked_to(host: Host, tmp_path: Path) -> None:
    address = host.put("/a.png", png(4, 3), "image/png")
    file = written(tmp_path, manifest(canvas("p1", image(address)))).partition(":")[2]
    source, whole = fetched(host, file)
    assert (host.asked, whole["items"][0]["content"]) == ([], None)
    assert source.describe().left_out == (f"pictures that lie on the web: 1, not fetched {LATER}",)
    source, whole = fetched(host, file, fetch="yes")
    assert whole["items"][0]["content"] == png(4, 3)
    assert source.describe().left_out == ()
    assert fetched(host, file, fetch="yes", pictures="no")[1]["items"][0]["content"] is None


def test_no_network_is_no_empty_dataset(host: Host) -> None:
    def unknown(name: str, port: int) -> list[str]:
        raise OSError("no name")

    source = Iiif("https://museum.example/m", SourceOptions(), host.web(resolve=unknown))
    with pytest.raises(WebError, match=r"no network here, or no host museum\.example"):
        source.describe()


def test_a_page_of_html_is_no_manifest(host: Host) -> None:
    address = host.put("/book", b"<html>", "text/html")
    with pytest.raises(WebError, match="it is text/html, not application/"):
        fetched(host, address)


def recipes(shared: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((shared / "iiif-cookbook" / "recipe").rglob("*.json")):
        node = json.loads(file.read_text("utf-8"))
        kind = str(node.get("type", node.get("@type"))).removeprefix("sc:")
        if kind in ("Manifest", "Collection"):
            yield kind, str(file)


@pytest.mark.shared_data
def test_every_recipe_of_the_cookbook_is_read_or_said_to_be_not_visual(shared: Path) -> None:
    counted: Counter[str] = Counter()
    for kind, file in recipes(shared):
        try:
            batches = list(open_source(f"iiif:{file}").batches(100))
        except SourceError as error:
            counted[f"{kind}: {error.what.partition(';')[0]}"] += 1
            continue
        counted[kind] += 1
        for batch in batches:
            counted["items"] += batch.items.num_rows
            counted["regions"] += batch.regions.num_rows
    assert counted == {
        "Manifest": 69, "Manifest: nothing visual in it": 15, "Manifest: no canvases in it": 1,
        "Collection": 5, "items": 165, "regions": 2365,
    }  # fmt: skip


@pytest.mark.shared_data
def test_a_newspaper_with_its_pages_of_annotations(shared: Path) -> None:
    folder = shared / "iiif-cookbook" / "recipe" / "0068-newspaper"
    pages = [json.loads(p.read_text("utf-8")) for p in folder.glob("*anno_p*.json")]
    whole = read(f"iiif:{folder}/newspaper_title-collection.json")
    assert len(whole["items"]) == 4
    assert len(whole["regions"]) == sum(len(p["items"]) for p in pages) == 1165
    texts = {a["body"]["value"] for p in pages for a in p["items"]}
    assert {r["value"] for r in whole["regions"]} == texts
